"""Middleware around every request, including those that no route matches."""

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
"""Paths of routes that use the queue."""
_METHODS = frozenset(method.value for method in HttpMethod)
SLOWEST = 16_384
"""Bytes per second: a body that arrives at least this fast may take as long as it needs."""

log = logging.getLogger("service.access")


def normalized(app: ASGIApp) -> ASGIApp:
    """Read several slashes in a row as one, as the router does: clients append their paths to a
    base URL that may end in a slash.
    """

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if "//" in scope.get("path", ""):
            scope["path"] = re.sub("/{2,}", "/", scope["path"])
        await app(scope, receive, send)

    return handle


def identified(app: ASGIApp) -> ASGIApp:
    """Give every answer an ``X-Request-Id``: the client's own if it is well-formed, else a new one.
    All work for the request finds it in :func:`service.context.current`.
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
    """Make every request part of its caller's trace (``traceparent``, in and out), and a span of
    ``traces`` under the route's template, never the path.
    """

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        span = traces.begin(TraceContext.read(_header(scope, b"traceparent")))
        work = current()
        work.trace = str(span.context)
        work.spans = Spans() if traces.kept else None
        answer = _StatusRecorder(send)

        async def send_traced(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message)["traceparent"] = work.trace
            await answer.send(message)

        try:
            await app(scope, receive, send_traced)
        finally:
            method, route = _method(scope), _route(scope)
            attributes: dict[str, str | int | float] = {
                "http.request.method": method,
                "http.route": route,
                "http.response.status_code": answer.status,
                "jianbao.request_id": work.request,
            }
            span.end(f"{method} {route}", attributes, work.spans)

    return handle


def access_logged(app: ASGIApp) -> ASGIApp:
    """Log a line for every request, without any of its text; probes at ``DEBUG``."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        answer = _StatusRecorder(send)
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
    """Report with every answer of :data:`LIMITED` how much room the queue has: ``RateLimit-Limit``
    and ``-Remaining`` in generation requests, ``-Reset`` in seconds until the queue is empty.

    A refusal (429) always reports no room, even if some was freed while it was written.
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
    that have arrived. Only the time that the application waits for the body counts, not a slow
    handler, nor a long answer.

    ``receive`` raises :class:`~service.web.bodies.RequestTooSlow` when the time is up.
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
        answer = _StatusRecorder(send)
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


class _StatusRecorder:
    """Passes an answer on and records its ``status``: 499 as long as there is none."""

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
    """Return a header's value, empty if there is none; several are joined by commas."""
    return ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == wanted)


def _method(scope: Scope) -> str:
    """Return the request's method, from a small, fixed set: it becomes a label of metrics."""
    method = str(scope.get("method"))
    return method if method in _METHODS else "other"


def _route(scope: Scope) -> str:
    """Return the template of the request's route, never its path."""
    return scope.get("path_template") or "unmatched"
