"""The end of the service: what was accepted is finished, and nothing new is accepted.

From the first SIGTERM until the last accepted request is answered, the listening socket stays open,
so that probes and Prometheus see what goes on: ``/readyz`` is 503 with the reason ``draining``,
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
    """Whether the service is ending, and what it still has to answer.

    ``refused`` is told of each request that is refused for it.
    """

    def __init__(self, refused: Callable[[Refusal], None] = lambda _: None) -> None:
        self._refused = refused
        self._begun = False
        self._accepted = 0
        self._finished = asyncio.Event()

    @property
    def begun(self) -> bool:
        """Whether nothing new is accepted any more."""
        return self._begun

    def begin(self) -> None:
        """Accept nothing new from now on."""
        self._begun = True
        self._settle()

    async def finished(self) -> None:
        """Wait until it has begun, and all that was accepted before is answered."""
        await self._finished.wait()

    async def guard(
        self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        """Refuse what comes too late. Every request passes here: Litestar would send one that is
        no coroutine through a thread.

        Raises:
            Unavailable: the service is shutting down.
        """
        if self._begun and not is_probe(connection.scope["path"]):
            self._refused("draining")
            raise Unavailable(REASON)

    def counted(self, app: ASGIApp) -> ASGIApp:
        """Know of every request that is accepted; once the end has begun, close each connection
        with its answer, so that a client's next request goes to another replica.
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
