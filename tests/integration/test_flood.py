"""Connections that ask for nothing, or take for ever to ask, keep nobody else from an answer."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from service.web.connections import SPARE
from tests.support.crowd import has_room
from tests.support.numbered import SCRIPT, body, check_briefs
from tests.support.running import ROOT, Service, Start, metric, running

pytestmark = pytest.mark.chaos

IDLE, SLOW, REAL = 5000, 500, 50
LATEST = 30.0
"""Seconds in which a real request is answered, whatever else goes on; a busy machine needs some."""
MOST_LOG = 200_000
"""Bytes. Without a limit it was 114 MB in 20 seconds."""
MOST = 1000 + SPARE


class Crowd:
    """The crowd of :mod:`tests.support.crowd`, in a process of its own: it is to load the service,
    and not the real clients of this process.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def until(self, word: str) -> None:
        assert self._process.stdout
        async with asyncio.timeout(90):
            assert (await self._process.stdout.readline()).decode().strip() == word


@asynccontextmanager
async def crowd(service: Service) -> AsyncIterator[Crowd]:
    """Send the crowd to the service."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.crowd",
        service.address,
        str(IDLE),
        str(SLOW),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Crowd(process)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def newcomers(service: Service) -> httpx.AsyncClient:
    """A client that asks on a new connection each time, as those do that have just come."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=service.address, limits=limits, timeout=LATEST)


async def ask(client: httpx.AsyncClient, number: int) -> httpx.Response:
    await asyncio.sleep(number * 0.05)
    async with asyncio.timeout(LATEST):
        return await client.post("/summarize", json=body(number))


async def probe(client: httpx.AsyncClient, until: asyncio.Event) -> list[float]:
    """Ask ``/livez`` again and again; the seconds that each answer took."""
    took = []
    while not until.is_set():
        began = time.monotonic()
        async with asyncio.timeout(LATEST):
            assert (await client.get("/livez")).status_code == 200
        took.append(time.monotonic() - began)
        await asyncio.sleep(0.1)
    return took


@pytest.mark.skipif(not has_room(IDLE + SLOW), reason="a process may have too few files here")
async def test_thousands_of_idle_and_slow_connections_keep_no_client_from_its_answer(
    tmp_path: Path,
) -> None:
    settings = {
        "JIANBAO_DEADLINE_SECONDS": "60",
        "JIANBAO_HEAD_SECONDS": "5",
        "JIANBAO_BODY_SECONDS": "5",
        "JIANBAO_LOG_LEVEL": "INFO",
    }
    with (tmp_path / "log").open("wb") as log:
        # 1024 is the soft limit of most systems
        async with running(SCRIPT, Start(open_files=1024, log=log), **settings) as service:
            await service.announced()
            opened = asyncio.Event()
            async with (
                newcomers(service) as client,
                crowd(service) as everyone,
                asyncio.TaskGroup() as group,
            ):
                probing = group.create_task(probe(client, opened))
                real = [group.create_task(ask(client, number)) for number in range(REAL)]
                await everyone.until("opened")
                answers = await asyncio.gather(*real)
                opened.set()
                for number, answer in enumerate(answers):
                    check_briefs(answer, body(number))
                assert max(await probing) < LATEST
                assert await metric(client, "connections") <= MOST
                await everyone.until("gone")
                assert await metric(client, "connections") == 1
    assert (tmp_path / "log").stat().st_size < MOST_LOG
