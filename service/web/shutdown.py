"""Graceful shutdown: accepted requests are finished, and nothing new is accepted.

From the first SIGTERM until the last accepted request is answered, the listening socket stays open,
so that probes and Prometheus can follow: ``/readyz`` is 503 with the reason ``draining``,
``/livez`` 200. Everything but the probes is refused with 503.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import Unavailable
from service.inference.admission import Refusal
from service.web.health import is_probe

REASON = "the service is shutting down"


class Shutdown:
    """Whether the service is shutting down, and which requests it still has to answer.

    ``refused`` is called for each request that is refused because of it.
    """

    def __init__(self, refused: Callable[[Refusal], None] = lambda _: None) -> None:
        self._refused = refused
        self._begun = False
        self._accepted = 0
        self._finished = asyncio.Event()

    @property
    def begun(self) -> bool:
        """Whether the shutdown has begun."""
        return self._begun

    def begin(self) -> None:
        """Accept nothing new from now on."""
        self._begun = True
        self._settle()

    async def finished(self) -> None:
        """Wait until the shutdown has begun and all requests accepted before are answered."""
        await self._finished.wait()

    async def guard(
        self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        """Refuse requests that come too late. It is a coroutine because Litestar runs other guards
        in a thread.

        Raises:
            Unavailable: the service is shutting down.
        """
        if self._begun and not is_probe(connection.scope["path"]):
            self._refused("draining")
            raise Unavailable(REASON)

    def counted(self, app: ASGIApp) -> ASGIApp:
        """Count the accepted requests. Once the shutdown has begun, close each connection with its
        answer, so that the client's next request goes to another replica.
        """

        async def handle(scope: Scope, receive: Receive, send: Send) -> None:
            async def send_last(message: Message) -> None:
                if self._begun and message["type"] == "http.response.start":
                    MutableScopeHeaders.from_message(message)["Connection"] = "close"
                await send(message)

            if self._begun or is_probe(scope["path"]):
                await app(scope, receive, send_last)
                return
            self._accepted += 1
            try:
                await app(scope, receive, send_last)
            finally:
                self._accepted -= 1
                self._settle()

        return handle

    def _settle(self) -> None:
        if self._begun and not self._accepted:
            self._finished.set()
