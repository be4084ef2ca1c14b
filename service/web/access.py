"""Access control: the API key of a request, and what it may do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from service.context import current
from service.errors import ServiceError
from service.keys import ApiKey, Keyring, Route
from service.rates import Rates
from service.text.scripts import Variant

_AUTHORIZATION = re.compile(r"\s*(?:Bearer|DeepL-Auth-Key)\s+(\S+)\s*", re.IGNORECASE)


class KeyRefused(ServiceError):
    """A key is required, and the request has none (``shown`` is False) or an unknown one."""

    def __init__(self, *, shown: bool) -> None:
        super().__init__("the key is not valid" if shown else "a key is required")
        self.shown = shown


class RouteRefused(ServiceError):
    """The key is valid, but not for this route."""

    def __init__(self, route: Route) -> None:
        super().__init__(f"the key is not for {route}")


def shown_key(headers: Mapping[str, str]) -> str:
    """Return the key of ``Authorization: Bearer …`` or ``DeepL-Auth-Key …``; empty if there is
    none.
    """
    found = _AUTHORIZATION.fullmatch(headers.get("Authorization", ""))
    return found[1] if found else ""


def admit(keyring: Keyring, key: str) -> ApiKey | None:
    """Return the owner of ``key``, and do the current work in its name; None where no keys are
    required.

    Raises:
        KeyRefused: a key is required, and this is not one.
    """
    if not keyring.required:
        return None
    caller = keyring.find(key) if key else None
    if caller is None:
        raise KeyRefused(shown=bool(key))
    work = current()
    work.caller, work.priority = caller.name, caller.priority
    return caller


def keys_only(keyring: Keyring) -> Guard:
    """Return a guard that checks the key in the header, for routes that no key is limited to."""

    def guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        admit(keyring, shown_key(connection.headers))

    return guard


class Access:
    """What the callers of ``keyring`` may do, with their ``rates``, and what they mean by ``zh``:
    ``bare_zh`` unless their key says otherwise.
    """

    def __init__(
        self, keyring: Keyring, rates: Rates | None = None, *, bare_zh: Variant = "zh-Hans"
    ) -> None:
        self.keyring = keyring
        self._rates = rates or Rates.open()
        self._bare_zh = bare_zh

    def bare_zh(self, caller: ApiKey | None) -> Variant:
        """Return the script that ``caller`` means by ``zh``."""
        return (caller and caller.bare_zh) or self._bare_zh

    async def admit(self, key: str, route: Route) -> ApiKey | None:
        """Admit a request to ``route``; see :func:`admit`.

        Raises:
            KeyRefused: a key is required, and this is not one.
            RouteRefused: the key is not for the route.
            RateExceeded: the key's requests for this minute are used up.
        """
        caller = admit(self.keyring, key)
        if caller is None:
            return None
        if not caller.may(route):
            raise RouteRefused(route)
        await self._rates.take(caller, "requests")
        return caller

    async def charge(self, caller: ApiKey | None, characters: int) -> None:
        """Count the characters of an admitted request.

        Raises:
            RateExceeded: the key's characters for this minute are used up.
        """
        if caller is not None:
            await self._rates.take(caller, "characters", characters)

    def guard(self, route: Route) -> Guard:
        """Return a guard that admits by the header; :func:`caller_of` says whom."""

        async def guard(
            connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
        ) -> None:
            connection.scope["auth"] = await self.admit(shown_key(connection.headers), route)

        return guard


def caller_of(connection: ASGIConnection[Any, Any, Any, Any]) -> ApiKey | None:
    """Return the key that the route's guard has admitted; None where no keys are required."""
    return cast("ApiKey | None", connection.scope.get("auth"))
