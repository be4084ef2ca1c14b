"""The service over the scripted engine, as a process of its own, and what tests ask of it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import httpx
import psutil

from tests.support import leaks
from tests.support.forks import Forked, fork

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Start:
    """How a service is started: with which soft limit of ``open_files``, where its standard error
    goes (where None, to ours, once it is known to tell of nothing that was left open), and from
    which ``tree``, this version's or another's.
    """

    open_files: int | None = None
    log: BinaryIO | None = None
    tree: Path = ROOT


class Process(Protocol):
    """What a service runs in: a process that was started, or one that was forked."""

    @property
    def pid(self) -> int: ...

    def send_signal(self, signal: int) -> None: ...

    async def wait(self) -> int: ...


class Service:
    """A running service and its printed lines."""

    def __init__(self, process: Process, lines: asyncio.StreamReader) -> None:
        self.process = process
        self.address = ""
        self.said: list[str] = []
        self._lines = lines

    async def announced(self, last: str = "Open in a browser:") -> None:
        """Wait until it says that it is ready, in the line that is its ``last``."""
        while last not in "".join(self.said):
            line = (await self._lines.readline()).decode()
            assert line, "it ended without having been ready"
            self.said.append(line)
        found = re.search(r"Documentation: (\S+)/schema", "".join(self.said))
        assert found
        self.address = found[1]

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.address, timeout=30)

    def engine(self) -> psutil.Process:
        """Its inference process."""
        (child,) = psutil.Process(self.process.pid).children()
        return child

    async def ended(self) -> int:
        return await asyncio.wait_for(self.process.wait(), 60)


@asynccontextmanager
async def running(
    script: dict[str, str] | None = None,
    start: Start | None = None,
    /,
    **environ: str,
) -> AsyncIterator[Service]:
    """The service with the settings ``environ``, under this process's own limits unless ``start``
    says else.
    """
    start = start or Start()
    settings = {
        **os.environ,
        "JIANBAO_PORT": "0",
        "JIANBAO_LOG_LEVEL": "ERROR",
        "JIANBAO_JOBS_URL": "memory:",
        **environ,
    }
    afresh = start.open_files or start.tree != ROOT
    with nullcontext(start.log) if start.log else leaks.watched() as log:
        async with (_started if afresh else _forked)(script or {}, settings, start, log) as service:
            try:
                yield service
            finally:
                with suppress(ProcessLookupError):
                    service.process.send_signal(signal.SIGKILL)
                await service.process.wait()


@asynccontextmanager
async def _started(
    script: dict[str, str], settings: dict[str, str], start: Start, log: BinaryIO
) -> AsyncIterator[Service]:
    """A service in a Python that is started for it."""
    limit = f'ulimit -S -n {start.open_files} && exec "$@"'
    limited = ["sh", "-c", limit, "sh"] if start.open_files else []
    process = await asyncio.create_subprocess_exec(
        *limited,
        sys.executable,
        "-m",
        "tests.support.scripted_service",
        json.dumps(script),
        cwd=start.tree,
        env={**settings, **leaks.ENVIRON},
        stdout=asyncio.subprocess.PIPE,
        stderr=log,
    )
    assert process.stdout
    yield Service(process, process.stdout)


@asynccontextmanager
async def _forked(
    script: dict[str, str], settings: dict[str, str], start: Start, log: BinaryIO
) -> AsyncIterator[Service]:
    """A service that is forked, which is the same and takes half the time."""
    process, said = await asyncio.to_thread(fork, script, settings, log.fileno())
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    reading, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), said)
    try:
        yield Service(_Awaited(process), lines)
    finally:
        reading.close()


class _Awaited:
    """A forked process that is waited for on the event loop."""

    def __init__(self, process: Forked) -> None:
        self.pid = process.pid
        self.send_signal = process.send_signal
        self._process = process

    async def wait(self) -> int:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        while (status := self._process.poll()) is None:
            descriptor = self._process.fileno()
            loop.add_reader(descriptor, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(descriptor)
        return status


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def until_ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(60):
        while True:
            if (await client.get("/readyz")).status_code == 200:
                return
            await asyncio.sleep(0.05)


async def until_running(client: httpx.AsyncClient) -> None:
    """Wait until the engine has a request."""
    async with asyncio.timeout(60):
        while True:
            if "jianbao_running_requests 0.0" not in (await client.get("/metrics")).text:
                return
            await asyncio.sleep(0.02)


async def metric(client: httpx.AsyncClient, name: str) -> float:
    """The metric ``name`` of the service, without its prefix."""
    for line in (await client.get("/metrics")).text.splitlines():
        if line.startswith(f"jianbao_{name} "):
            return float(line.split()[-1])
    raise AssertionError(f"no metric {name}")


async def until_metric(client: httpx.AsyncClient, name: str, value: float) -> None:
    """Wait until the metric has that value."""
    async with asyncio.timeout(60):
        while await metric(client, name) != value:  # noqa: ASYNC110 - another process's
            await asyncio.sleep(0.02)


async def until_at_least(client: httpx.AsyncClient, name: str, value: float) -> None:
    """Wait until the metric has that value or a higher one."""
    async with asyncio.timeout(60):
        while await metric(client, name) < value:  # noqa: ASYNC110 - another process's
            await asyncio.sleep(0.02)
