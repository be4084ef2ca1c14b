"""Connections that ask for nothing, or take for ever to ask, keep nobody else from an answer."""

from __future__ import annotations

import asyncio
import resource
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from service.web.connections import SPARE
from tests.support.numbered import SCRIPT, body, check_briefs
from tests.support.running import Service, Start, metric, running

pytestmark = pytest.mark.chaos

IDLE, SLOW, REAL = 5000, 500, 50
LATEST = 15.0
"""Seconds in which a real request is answered, whatever else goes on; a busy machine needs some."""
MOST_LOG = 200_000
"""Bytes. Without a limit it was 114 MB in 20 seconds."""
MOST = 1000 + SPARE
HEAD = b"POST /summarize HTTP/1.1\r\nHost: jianbao\r\nContent-Type: application/json\r\n"


@contextmanager
def many_files() -> Iterator[None]:
    """Let this process have the thousands of connections of its own side."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < IDLE + SLOW + 1000:
        pytest.skip(f"a process may have {hard} files here, too few for the clients of this test")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Crowd:
    """Raw connections to a service, opened a few hundred at a time."""

    def __init__(self, service: Service) -> None:
        url = httpx.URL(service.address)
        self._address = (url.host, url.port)
        self._gate = asyncio.Semaphore(200)
        self.open: list[socket.socket] = []

    async def connect(self) -> socket.socket:
        """Open one more. The service may close it at any time."""
        one = socket.socket()
        one.setblocking(False)
        self.open.append(one)
        async with self._gate:
            await asyncio.get_running_loop().sock_connect(one, self._address)
        return one

    async def idle(self) -> None:
        """Connect, and never say a word."""
        await self.connect()

    async def drip(self, start: bytes, drop: bytes) -> None:
        """Send ``start``, then ``drop`` four times a second, until the service has enough."""
        one, loop = await self.connect(), asyncio.get_running_loop()
        with suppress(OSError):
            await loop.sock_sendall(one, start)
            while True:
                await asyncio.sleep(0.25)
                await loop.sock_sendall(one, drop)

    def close(self) -> None:
        for one in self.open:
            one.close()


@asynccontextmanager
async def crowd(service: Service) -> AsyncIterator[Crowd]:
    """Give a crowd, and send it away afterwards."""
    everyone = Crowd(service)
    try:
        yield everyone
    finally:
        everyone.close()


async def ask(service: Service, number: int) -> httpx.Response:
    """Ask as a client does that has just come: on a connection of its own."""
    await asyncio.sleep(number * 0.05)
    async with asyncio.timeout(LATEST), service.client() as client:
        return await client.post("/summarize", json=body(number), timeout=None)


async def probe(service: Service, until: asyncio.Event) -> list[float]:
    """Ask ``/livez`` on a new connection again and again; the seconds that each answer took."""
    took = []
    while not until.is_set():
        began = time.monotonic()
        async with asyncio.timeout(LATEST), service.client() as client:
            assert (await client.get("/livez", timeout=None)).status_code == 200
        took.append(time.monotonic() - began)
        await asyncio.sleep(0.1)
    return took


async def test_thousands_of_idle_and_slow_connections_keep_no_client_from_its_answer(
    tmp_path: Path,
) -> None:
    with many_files(), (tmp_path / "log").open("wb") as log:
        settings = {
            "JIANBAO_DEADLINE_SECONDS": "15",
            "JIANBAO_HEAD_SECONDS": "8",
            "JIANBAO_BODY_SECONDS": "8",
            "JIANBAO_LOG_LEVEL": "INFO",
        }
        # the soft limit of most systems
        async with running(SCRIPT, Start(open_files=1024, log=log), **settings) as service:
            await service.announced()
            done = asyncio.Event()
            async with crowd(service) as everyone, asyncio.TaskGroup() as group:
                idle = [group.create_task(everyone.idle()) for _ in range(IDLE)]
                slow = [
                    group.create_task(everyone.drip(HEAD, b"X"))
                    if number % 2
                    else group.create_task(
                        everyone.drip(HEAD + b"Content-Length: 100000\r\n\r\n{", b" ")
                    )
                    for number in range(SLOW)
                ]
                probing = group.create_task(probe(service, done))
                real = [group.create_task(ask(service, number)) for number in range(REAL)]
                answers = await asyncio.gather(*real)
                await asyncio.gather(*idle)
                for number, answer in enumerate(answers):
                    check_briefs(answer, body(number))
                done.set()
                assert max(await probing) < LATEST
                async with service.client() as client:
                    assert await metric(client, "connections") <= MOST
                # none of those who ask for nothing is there for ever
                async with asyncio.timeout(60):
                    await asyncio.gather(*slow)
                async with service.client() as client:
                    assert await metric(client, "connections") == 1
    assert (tmp_path / "log").stat().st_size < MOST_LOG
