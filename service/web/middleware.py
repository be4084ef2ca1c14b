"""What happens around every request, those that no route matches included."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from uuid import uuid4

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import HttpMethod
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from service.inference.client import Stats
from service.web.metrics import Metrics

_SANE_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
LIMITED = frozenset({"/summarize", "/translate", "/v2/translate"})
"""Paths of routes that join the queue."""
_METHODS = frozenset(method.value for method in HttpMethod)


def identified(app: ASGIApp) -> ASGIApp:
    """Give every answer an ``X-Request-Id``: the client's own if it is sane, else a new one."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        request_id = _request_id(scope)

        async def send_identified(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message)["X-Request-Id"] = request_id
            await send(message)

        await app(scope, receive, send_identified)

    return handle


def limited(app: ASGIApp, stats: Callable[[], Stats]) -> ASGIApp:
    """Say with every answer of :data:`LIMITED` how much room the queue has: ``RateLimit-Limit`` and
    ``-Remaining`` in generation requests, ``-Reset`` in seconds until what waits is done.
    """

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = stats()
                unfinished = now.queued_requests + now.running
                headers = MutableScopeHeaders.from_message(message)
                headers["RateLimit-Limit"] = str(now.limit)
                headers["RateLimit-Remaining"] = str(max(now.limit - unfinished, 0))
                headers["RateLimit-Reset"] = str(math.ceil(now.backlog))
            await send(message)

        is_limited = scope.get("path") in LIMITED and stats().limit
        await app(scope, receive, send_limits if is_limited else send)

    return handle


def measured(app: ASGIApp, metrics: Metrics) -> ASGIApp:
    """Count every request by its route's template and its status."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        status = 0

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = time.perf_counter()
        metrics.request_started()
        try:
            await app(scope, receive, send_observed)
        finally:
            method = str(scope.get("method"))
            metrics.request_ended(
                method if method in _METHODS else "other",
                scope.get("path_template") or "unmatched",
                status or 499,
                time.perf_counter() - began,
            )

    return handle


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _SANE_ID.fullmatch(value):
            return value.decode("ascii")
    return uuid4().hex
