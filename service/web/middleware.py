"""What happens around every request, those that no route matches included."""

from __future__ import annotations

import asyncio
import logging
import math
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import HttpMethod
from litestar.types import (
    ASGIApp,
    HTTPReceiveMessage,
    Message,
    Receive,
    Scope,
    Send,
    WebSocketReceiveMessage,
)

from service.context import Spans, Work, current, working_on
from service.inference.observer import Stats
from service.traces import TraceContext, Traces
from service.web.bodies import RequestTooSlow
from service.web.health import PROBES
from service.web.metrics import Metrics

_SANE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
LIMITED = frozenset({"/summarize", "/translate", "/v2/translate"})
"""Paths of routes that join the queue."""
_METHODS = frozenset(method.value for method in HttpMethod)
SLOWEST = 16_384
"""Bytes a second: a body that keeps this pace may take as long as it needs."""

log = logging.getLogger("service.access")


def normalized(app: ASGIApp) -> ASGIApp:
    """Take slashes in a row for one, as the router does: clients put their paths behind an address
    that may end in one.
    """

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if "//" in scope.get("path", ""):
            scope["path"] = re.sub("/{2,}", "/", scope["path"])
        await app(scope, receive, send)

    return handle


def identified(app: ASGIApp) -> ASGIApp:
    """Give every answer an ``X-Request-Id``: the client's own if it is sane, else a new one. It is
    known to all that is done for the request as :func:`service.context.current`.
    """

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        request_id = _request_id(scope)

        async def send_identified(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message)["X-Request-Id"] = request_id
            await send(message)

        with working_on(Work(request=request_id)):
            await app(scope, receive, send_identified)

    return handle


def traced(app: ASGIApp, traces: Traces) -> ASGIApp:
    """Give every request a place in its caller's trace (``traceparent``, in and out), and tell
    ``traces`` of it: the route's template, never the path.
    """

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        span = traces.begin(TraceContext.read(_header(scope, b"traceparent")))
        work = current()
        work.trace = str(span.context)
        work.spans = Spans() if traces.kept else None
        answer = _Answer(send)

        async def send_traced(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message)["traceparent"] = work.trace
            await answer.send(message)

        try:
            await app(scope, receive, send_traced)
        finally:
            method, route = _method(scope), _route(scope)
            said: dict[str, str | int | float] = {
                "http.request.method": method,
                "http.route": route,
                "http.response.status_code": answer.status,
                "jianbao.request_id": work.request,
            }
            span.end(f"{method} {route}", said, work.spans)

    return handle


def told(app: ASGIApp) -> ASGIApp:
    """Log a line for every request, without any of its text; for a probe at ``DEBUG``."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(send)
        began = time.perf_counter()
        try:
            await app(scope, receive, answer.send)
        finally:
            method, route = _method(scope), _route(scope)
            line = {"method": method, "route": route, "status": answer.status}
            line["seconds"] = round(time.perf_counter() - began, 4)
            line["key"] = current().caller
            level = logging.DEBUG if route in PROBES else logging.INFO
            log.log(level, "%s %s %d", method, route, answer.status, extra=line)

    return handle


def limited(app: ASGIApp, stats: Callable[[], Stats]) -> ASGIApp:
    """Say with every answer of :data:`LIMITED` how much room the queue has: ``RateLimit-Limit`` and
    ``-Remaining`` in generation requests, ``-Reset`` in seconds until what waits is done.

    A refusal (429) had no room, whatever was freed while it was written.
    """

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = stats()
                room = now.limit - now.queued_requests - now.running
                refused = message["status"] == HTTPStatus.TOO_MANY_REQUESTS
                headers = MutableScopeHeaders.from_message(message)
                headers["RateLimit-Limit"] = str(now.limit)
                headers["RateLimit-Remaining"] = "0" if refused else str(max(room, 0))
                headers["RateLimit-Reset"] = str(math.ceil(now.backlog))
            await send(message)

        is_limited = scope.get("path") in LIMITED and stats().limit
        await app(scope, receive, send_limits if is_limited else send)

    return handle


def timed(app: ASGIApp, seconds: float) -> ASGIApp:
    """Give each body ``seconds`` to arrive, and one second more for every :data:`SLOWEST` bytes
    that have. Only the time counts in which the application waits for more of it: a slow handler,
    a long answer and a client that waits for it are none of this.

    ``receive`` raises :class:`~service.web.bodies.RequestTooSlow` when the time is over.
    """

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        left, whole = seconds, False

        async def receive_in_time() -> HTTPReceiveMessage | WebSocketReceiveMessage:
            nonlocal left, whole
            if whole:
                return await receive()
            began = time.monotonic()
            try:
                async with asyncio.timeout(left):
                    message = await receive()
            except TimeoutError:
                raise RequestTooSlow("the body of the request did not arrive in time") from None
            left -= time.monotonic() - began
            if message["type"] == "http.request":
                left += len(message["body"]) / SLOWEST
                whole = not message["more_body"]
            return message

        await app(scope, receive_in_time, send)

    return handle


def measured(app: ASGIApp, metrics: Metrics) -> ASGIApp:
    """Count every request by its route's template and its status."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(send)
        began = time.perf_counter()
        metrics.request_started()
        try:
            await app(scope, receive, answer.send)
        finally:
            metrics.request_ended(
                _method(scope),
                _route(scope),
                answer.status,
                time.perf_counter() - began,
            )

    return handle


class _Answer:
    """Passes an answer on and remembers its ``status``: 499 as long as there is none."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 499

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


def _request_id(scope: Scope) -> str:
    given = _header(scope, b"x-request-id")
    return given if _SANE_ID.fullmatch(given) else uuid4().hex


def _header(scope: Scope, wanted: bytes) -> str:
    """A header's value, empty if there is none; joined by commas if there are several."""
    return ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == wanted)


def _method(scope: Scope) -> str:
    """The request's method, of a small, fixed set."""
    method = str(scope.get("method"))
    return method if method in _METHODS else "other"


def _route(scope: Scope) -> str:
    """The template of the request's route, never its path."""
    return scope.get("path_template") or "unmatched"
