"""Who may call: the key that a request shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from service.errors import ServiceError
from service.keys import ApiKey, Keyring

_AUTHORIZATION = re.compile(r"\s*(?:Bearer|DeepL-Auth-Key)\s+(\S+)\s*", re.IGNORECASE)


class KeyRefused(ServiceError):
    """A key is required, and the request shows none (``shown`` is False) or one of nobody."""

    def __init__(self, *, shown: bool) -> None:
        super().__init__("the key is not valid" if shown else "a key is required")
        self.shown = shown


def shown_key(headers: Mapping[str, str]) -> str:
    """Return the key of ``Authorization: Bearer …`` or ``DeepL-Auth-Key …``; empty if there is
    none.
    """
    found = _AUTHORIZATION.fullmatch(headers.get("Authorization", ""))
    return found[1] if found else ""


def admit(keyring: Keyring, key: str) -> ApiKey | None:
    """Return whose ``key`` it is; None where nobody needs one.

    Raises:
        KeyRefused: one is required, and this is none.
    """
    if not keyring.required:
        return None
    caller = keyring.find(key) if key else None
    if caller is None:
        raise KeyRefused(shown=bool(key))
    return caller


def keys_only(keyring: Keyring) -> Guard:
    """Return a guard that admits by the header, for routes that take no other key."""

    def guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        admit(keyring, shown_key(connection.headers))

    return guard
