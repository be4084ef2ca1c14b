"""The HTTP server: uvicorn, with an orderly shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import math
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from types import FrameType
from typing import cast

import uvicorn
from litestar import Litestar

from service.errors import ServiceError, SettingsError
from service.web.connections import ACCEPTED_AT_ONCE, Connection, Connections
from service.web.shutdown import Shutdown

log = logging.getLogger(__name__)

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# time to write the last errors
_LAST_WORDS_SECONDS = 1.0
# time for connections that neither send nor receive anything
_GRACE_SECONDS = 15
# connections that the kernel queues until they are accepted
_BACKLOG = 2048


class Server(uvicorn.Server):
    """uvicorn, but SIGTERM ends the process with status 0.

    The first signal begins the ``shutdown``: accepted requests have ``drain_seconds`` to finish,
    during which the socket stays open for probes. When all are answered, the socket is closed and
    the process ends. If the time is up before that, or at a second signal, ``abandon`` is called,
    which must make all unfinished work fail with a clear error; the process ends when those answers
    are written.
    """

    def __init__(
        self,
        app: Litestar,
        *,
        connections: Connections,
        shutdown: Shutdown,
        drain_seconds: float,
        abandon: Callable[[], Awaitable[None]],
    ) -> None:
        protocol = partial(Connection, connections=connections)
        super().__init__(
            uvicorn.Config(
                app,
                http=cast("type[asyncio.Protocol]", protocol),
                # asyncio accepts so many in a row
                backlog=ACCEPTED_AT_ONCE,
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                ws="none",
                timeout_keep_alive=math.ceil(connections.limits.idle),
                timeout_graceful_shutdown=round(drain_seconds + _GRACE_SECONDS),
            )
        )
        self._shutdown = shutdown
        self._drain_seconds = drain_seconds
        self._abandon = abandon
        self.listening = asyncio.Event()
        self._hurry = asyncio.Event()
        self._leaving: asyncio.Task[None] | None = None

    @property
    def ending(self) -> bool:
        """Whether the shutdown has begun."""
        return self._shutdown.begun

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle signals without raising them again at the end, which would give status 143."""
        loop = asyncio.get_running_loop()
        for one in _SIGNALS:
            loop.add_signal_handler(one, self.handle_exit, one, None)
        try:
            yield
        finally:
            for one in _SIGNALS:
                loop.remove_signal_handler(one)
            if self._leaving:
                self._leaving.cancel()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the app and the sockets, then set ``listening``."""
        await super().startup(sockets)
        for one in sockets or ():
            one.listen(_BACKLOG)
        self.listening.set()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Begin the shutdown; at a second signal, end now."""
        log.info("%s: %s", signal.Signals(sig).name, "ending now" if self.ending else "ending")
        if self.ending:
            self._hurry.set()
        self.stop()

    def stop(self) -> None:
        """Accept nothing new, and end when the accepted requests are answered."""
        if self._leaving is None:
            self._shutdown.begin()
            # close idle connections now, so that no proxy sends another request on them
            for connection in list(self.server_state.connections):
                connection.shutdown()
            self._leaving = asyncio.create_task(self._leave())

    async def close_app(self) -> None:
        """Wait until the app has closed its resources. uvicorn does not do so when it is stopped in
        a hurry or cancelled.
        """
        if self.started:
            await self.lifespan.shutdown()

    async def _leave(self) -> None:
        finished = asyncio.create_task(self._shutdown.finished())
        hurry = asyncio.create_task(self._hurry.wait())
        try:
            async with asyncio.timeout(self._drain_seconds):
                await asyncio.wait([finished, hurry], return_when=asyncio.FIRST_COMPLETED)
                # closes the socket; the last answers may still be in transit
                self.should_exit = True
                await hurry
        except TimeoutError:
            self.should_exit = True
        finally:
            finished.cancel()
            hurry.cancel()
        await self._abandon()
        await asyncio.sleep(_LAST_WORDS_SECONDS)
        self.force_exit = True


async def serve(
    app: Litestar,
    *,
    listener: socket.socket,
    connections: Connections,
    shutdown: Shutdown,
    drain_seconds: float,
    wait_ready: Callable[[], Awaitable[None]],
    abandon: Callable[[], Awaitable[None]],
    announce: Callable[[str], None],
) -> int:
    """Serve until a signal; return the process's exit status.

    When ``wait_ready`` returns, ``announce`` is called with the service's address. When it raises a
    :class:`~service.errors.ServiceError`, the service will never be ready, and the status is 1.
    """
    server = Server(
        app,
        connections=connections,
        shutdown=shutdown,
        drain_seconds=drain_seconds,
        abandon=abandon,
    )
    readiness = asyncio.create_task(_announce(server, wait_ready, lambda: announce(url(listener))))
    try:
        await server.serve(sockets=[listener])
    finally:
        readiness.cancel()
        [failed] = await asyncio.gather(readiness, return_exceptions=True)
        await server.close_app()
    return 1 if failed is False else 0


async def _announce(
    server: Server, wait_ready: Callable[[], Awaitable[None]], announce: Callable[[], None]
) -> bool:
    """Return whether the service became ready; stop the server if it never will."""
    await server.listening.wait()
    try:
        await wait_ready()
    except ServiceError as error:
        if server.ending:
            return True
        log.critical("%s", error)
        server.stop()
        return False
    announce()
    return True


def listen(host: str, port: int) -> socket.socket:
    """Bind the address.

    Raises:
        SettingsError: it cannot be bound.
    """
    try:
        [family, _, _, _, address], *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        return socket.create_server(address, family=family, backlog=_BACKLOG)
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {host} port {port}: {error.strerror or error}; "
            "set JIANBAO_HOST or JIANBAO_PORT"
        ) from None


def is_loopback(host: str) -> bool:
    """Whether an address is reachable from this machine only."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def url(listener: socket.socket) -> str:
    """Return the address that a client on this machine would use."""
    host, port = listener.getsockname()[:2]
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{local}]:{port}" if ":" in local else f"http://{local}:{port}"
