"""The model servers that the remote engine knows, and which of them is asked next. No I/O here."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

from service.inference.backoff import Backoff
from service.inference.engines.remote_request import Dialect, Server

log = logging.getLogger(__name__)

_HOME_ADVANTAGE = 2
"""Requests that a server may have more than the idlest and still get those of an article whose
prompt it has computed."""


class Breaker:
    """Keeps requests from a server that fails. It opens after so many ``failures`` in a row, and
    closes when a trial succeeds. Then the server is on probation: until a request is answered, one
    failure opens it again. Trials come after pauses that grow. It begins open.
    """

    def __init__(self, failures: int, backoff: Backoff) -> None:
        self._failures = failures
        self._backoff = backoff
        self._row = failures
        self._setbacks = 0

    @property
    def open(self) -> bool:
        """Whether the server is given no requests."""
        return self._row >= self._failures

    @property
    def pause(self) -> float:
        """Seconds from its opening, or from a failed trial, to the next one."""
        return self._backoff.delay(max(1, self._setbacks))

    def succeed(self) -> None:
        """A request was answered."""
        if not self.open:
            self._row = self._setbacks = 0

    def fail(self) -> None:
        """A request failed through the server's fault."""
        if not self.open:
            self._row += 1
            self._setbacks += self.open

    def tried(self, *, well: bool) -> None:
        """A trial came to its end."""
        if well:
            self._row = self._failures - 1
        else:
            self._setbacks += 1


class Upstream:
    """One model server. ``server``, ``dialect``, ``model`` and ``context`` are as a trial found
    them; ``unavailable_reason`` is why it is not used, for an operator.
    """

    def __init__(self, url: str, breaker: Breaker) -> None:
        self.url = base_url(url)
        self.breaker = breaker
        self.server: Server = "other"
        self.dialect: Dialect = "none"
        self.model = ""
        self.context = 0
        self.unavailable_reason = "was not reached yet"
        self.outstanding = 0
        self.rests_until = 0.0
        self.warned_of_grammar = False

    @property
    def name(self) -> str:
        """Host and port: an address may hold a password, and this is logged."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    def note(self, reason: str) -> None:
        """Keep ``reason`` as why it is not used, and log it if it is a new one."""
        if reason != self.unavailable_reason:
            log.warning("%s: %s", self.name, reason)
        self.unavailable_reason = reason

    @contextmanager
    def busier(self) -> Iterator[None]:
        """Count one request more while the block runs."""
        self.outstanding += 1
        try:
            yield
        finally:
            self.outstanding -= 1


def base_url(url: str) -> str:
    """The address under which ``/chat/completions`` is: ``/v1`` is added where it is missing."""
    trimmed = url.strip().rstrip("/")
    return trimmed if trimmed.endswith("/v1") else f"{trimmed}/v1"


def choose_upstream(
    upstreams: Sequence[Upstream],
    *,
    now: float,
    home: Upstream | None = None,
    avoid: Upstream | None = None,
) -> Upstream | None:
    """The one with the fewest requests, of those that take any; ``home``, whose prefix cache knows
    the article, if it has hardly more. ``avoid`` just failed, and is taken only if it is the last.
    """
    able = [one for one in upstreams if not one.breaker.open and one.rests_until <= now]
    able = [one for one in able if one is not avoid] or able
    if not able:
        return None
    least = min(able, key=lambda one: one.outstanding)
    at_home = home in able and home.outstanding <= least.outstanding + _HOME_ADVANTAGE
    return home if home and at_home else least
