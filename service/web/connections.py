"""Connections: how many may be open, and how long each may take to send a request.

uvicorn reads requests and writes answers, but it waits for a request forever and accepts any number
of connections. :class:`Connection` is its protocol for HTTP/1.1 with these limits;
:func:`service.web.middleware.timed` limits the time of a body.
"""

from __future__ import annotations

import asyncio
import logging
import resource
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

import h11
import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from uvicorn.protocols.http.h11_impl import H11Protocol

from service.errors import ServiceError, Unavailable
from service.web import problems
from service.web.bodies import RequestTooSlow
from service.web.health import is_probe

log = logging.getLogger(__name__)

Reason = Literal["displaced", "full", "slow", "stalled"]
"""Why a connection was closed: to make room for another one, for want of room, because its request
did not come, because it did not take its answer.
"""
Phase = Literal["head", "idle", "busy", "rest", "closing"]
"""What a connection is waiting for: the head of a request that has begun (or is its first), the
next request, an answer, the rest of a request that is already answered (read and thrown away: to
close at once would take the answer from the client), its end.
"""

SPARE = 64
"""Connections beyond the limit: for probes, and for telling others that there is no room."""
ACCEPTED_AT_ONCE = 16
"""Connections that are accepted before those that have something to say are read again. A request
that comes right behind its connection is read before a flood of others can displace it.
"""
_OTHER_FILES = 128
"""Files that the process needs besides its connections: jobs, keys, the engine, model servers."""
_MACOS_FILES = 10_240
"""The most that macOS grants where its hard limit says that there is none."""


@dataclass(frozen=True)
class ConnectionLimits:
    """At most ``most`` requests at once; and the seconds that a request's ``head`` may take, that a
    connection may be ``idle``, and that it may be ``stalled`` (the client takes none of the bytes
    that it is sent).
    """

    most: int
    head: float
    idle: float
    stalled: float = 60.0


class Connections:
    """All connections of a server. ``dropped`` is called with the reason for each one that had to
    be closed.

    When there are too many, the one that has been idle for longest is closed in favour of the new
    one. If each has a request in progress, new requests other than probes are refused.
    """

    def __init__(self, limits: ConnectionLimits, *, dropped: Callable[[Reason], None]) -> None:
        self.limits = limits
        self.dropped = dropped
        self._open: set[Connection] = set()
        # the one that has been idle for longest comes first
        self._waiting: dict[Connection, None] = {}

    @property
    def open(self) -> int:
        """How many connections there are."""
        return len(self._open)

    @property
    def busy(self) -> int:
        """How many of them have an unanswered request."""
        return len(self._open) - len(self._waiting)

    def enter(self, one: Connection) -> bool:
        """Add a connection that waits for its first request; False if there is no room."""
        if len(self._open) >= self.limits.most + SPARE:
            if not self._waiting:
                self.dropped("full")
                return False
            log.warning(
                "%d connections are open (JIANBAO_CONNECTIONS=%d): the one that has waited longest "
                "for a request is closed for a new one",
                self.open,
                self.limits.most,
            )
            oldest = next(iter(self._waiting))
            self.leave(oldest)
            self.dropped("displaced")
            oldest.drop()
        self._open.add(one)
        self._waiting[one] = None
        return True

    def leave(self, one: Connection) -> None:
        """Remove a connection."""
        self._open.discard(one)
        self._waiting.pop(one, None)

    def wait(self, one: Connection) -> None:
        """Mark a connection as idle, behind all that are idle already; it keeps its place if it
        was.
        """
        if one in self._open:
            self._waiting.setdefault(one)

    def work(self, one: Connection) -> None:
        """Mark a connection as having a request in progress."""
        self._waiting.pop(one, None)

    async def guard(
        self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        """Refuse a request if there are too many in progress, itself included; never a probe. It is
        a coroutine because Litestar runs other guards in a thread.

        Raises:
            Unavailable: there are too many.
        """
        if self.busy > self.limits.most and not is_probe(connection.scope["path"]):
            raise Unavailable(f"{self.limits.most} requests are in progress; no more are accepted")


class Connection(H11Protocol):
    """uvicorn's protocol, with a limit on connections and on every wait for the client. How long an
    answer takes is up to the application.
    """

    def __init__(self, *args: Any, connections: Connections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._all = connections
        self._phase: Phase | None = None
        self._refused = False
        self._timer: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept the connection, or answer that there is no room."""
        super().connection_made(transport)
        if not self._all.enter(self):
            self.transport.write(_FULL)
            self.transport.close()
        self._follow()

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection."""
        super().connection_lost(exc)
        for timer in (self._timer, self._stall):
            if timer:
                timer.cancel()
        self._all.leave(self)

    def data_received(self, data: bytes) -> None:
        """Read the data."""
        if self._refused:
            return
        super().data_received(data)
        self._follow()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._follow()

    def shutdown(self) -> None:
        """Begin to close."""
        super().shutdown()
        self._follow()

    def pause_writing(self) -> None:
        """Give the client a limited time to take the bytes that it was sent."""
        super().pause_writing()
        self._stall = self.loop.call_later(self._all.limits.stalled, self._give_up)

    def resume_writing(self) -> None:
        """Continue: the client has taken them."""
        super().resume_writing()
        if self._stall:
            self._stall.cancel()

    def drop(self) -> None:
        """Close the connection now."""
        self.transport.abort()

    def _follow(self) -> None:
        """Start the next wait if the last event began a new one."""
        phase = self._present_phase()
        if phase == self._phase:
            return
        self._phase = phase
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if phase == "busy":
            self._all.work(self)
            return
        self._all.wait(self)
        limits = self._all.limits
        seconds = {"idle": limits.idle, "closing": limits.stalled}.get(phase, limits.head)
        self._timer = self.loop.call_later(seconds, self._expire)

    def _present_phase(self) -> Phase:
        if self.transport.is_closing():
            return "closing"
        if self.cycle is not None and not self.cycle.response_complete:
            return "busy"
        if self._refused or self.conn.their_state is not h11.IDLE:
            return "rest"
        return "idle" if self.cycle is not None and not self._has_begun() else "head"

    def _has_begun(self) -> bool:
        """Whether a part of the next head has arrived."""
        return bool(self.conn.trailing_data[0])

    def _expire(self) -> None:
        """Close a connection whose wait has taken too long."""
        if self._phase == "closing":
            self._give_up()
            return
        if self._phase != "idle" and not self._refused:
            self._all.dropped("slow")
        if self._phase == "head" and self._has_begun():
            self._refused = True
            self.transport.write(_TOO_SLOW)
            self.transport.write_eof()
        else:
            self.transport.close()
        self._follow()

    def _give_up(self) -> None:
        self._all.dropped("stalled")
        self.drop()


def most_connections(wanted: int) -> int:
    """Raise this process's limit of open files to the hard limit; return how many connections fit
    under it, at most ``wanted``.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for files in (hard, _MACOS_FILES):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
        except (ValueError, OSError):
            continue
        soft = files
        break
    if soft == resource.RLIM_INFINITY:
        return wanted
    room = max(soft - _OTHER_FILES - SPARE - ACCEPTED_AT_ONCE, 1)
    if room < wanted:
        log.warning(
            "JIANBAO_CONNECTIONS=%d: the limit of open files (%d) leaves room for %d",
            wanted,
            soft,
            room,
        )
    return min(wanted, room)


def _written(error: ServiceError, *headers: str) -> bytes:
    """Return the bytes of the answer to a request that cannot be read."""
    problem = problems.to_problem(error)
    body = msgspec.json.encode(problem)
    head = (
        f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}",
        f"Content-Type: {problems.MEDIA_TYPE}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    )
    return "\r\n".join((*head, "", "")).encode() + body


_TOO_SLOW = _written(RequestTooSlow("the head of the request did not arrive in time"))
_NO_ROOM = Unavailable("there are too many connections")
_FULL = _written(_NO_ROOM, f"Retry-After: {_NO_ROOM.retry_after}")
