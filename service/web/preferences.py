"""How a client wants to be answered, according to its headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Self

import msgspec

_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,6})\"?\s*(?=$|[,;])", re.IGNORECASE)
_ASYNC = re.compile(r"(?:^|[,;])\s*respond-async\s*(?=$|[,;])", re.IGNORECASE)
_EVENTS = re.compile(r"(?:^|,)\s*text/event-stream\s*(?:;|,|$)", re.IGNORECASE)


class Preferences(msgspec.Struct, frozen=True):
    """``wait``: seconds, of ``Prefer: wait=N`` (RFC 7240), None if there is none. ``fresh`` and
    ``keep``: ``Cache-Control: no-cache`` and the absence of ``no-store`` (RFC 9111). ``known``: the
    opaque tags of ``If-None-Match`` (RFC 9110), ``*`` left out, since there is no stored resource
    that it could match. ``events``: whether ``Accept`` names ``text/event-stream``.
    ``respond_async``: whether ``Prefer`` names ``respond-async`` (RFC 7240).
    """

    wait: int | None = None
    fresh: bool = False
    keep: bool = True
    known: frozenset[str] = frozenset()
    events: bool = False
    respond_async: bool = False

    @classmethod
    def read(cls, headers: Mapping[str, str]) -> Self:
        """Read them; as HTTP asks, values that cannot be understood are ignored."""
        wait = _WAIT.search(headers.get("Prefer", ""))
        control = {one.strip().lower() for one in headers.get("Cache-Control", "").split(",")}
        return cls(
            wait=int(wait[1]) if wait else None,
            fresh="no-cache" in control,
            keep="no-store" not in control,
            known=frozenset(re.findall(r'"([^"]*)"', headers.get("If-None-Match", ""))),
            events=bool(_EVENTS.search(headers.get("Accept", ""))),
            respond_async=bool(_ASYNC.search(headers.get("Prefer", ""))),
        )

    def seconds(self, deadline: float) -> float:
        """Return how many seconds the client waits, given the operator's ``deadline``."""
        return deadline if self.wait is None else min(self.wait, deadline)
