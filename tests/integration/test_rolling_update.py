"""A rolling update as Kubernetes does one, with two real services behind nginx: no request fails.

The new replica is started beside the old ones; when it is ready, it is let in and an old one is
taken out (there, by the endpoints of a Service; here, by nginx's configuration). The old one still
answers for as long as ``preStop`` sleeps, is sent SIGTERM, and ends when it has answered.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import signal
import subprocess
import tarfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.support.nginx import BINARY, free_port, nginx, write_configuration
from tests.support.numbered import SCRIPT, body, check_briefs, check_summaries
from tests.support.redis import BINARY as REDIS
from tests.support.redis import redis_server
from tests.support.running import ROOT, Service, Start, running

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.skipif(BINARY is None, reason="nginx is absent: apt-get install nginx-light"),
]

SLOW = {**SCRIPT, "delay": "0.05"}
"""A word takes so many seconds: an English brief takes one, both languages take three or four."""
EVERY = 0.1
SETTLED = 2.0
PRE_STOP = 0.5

HTTP = """
    upstream jianbao {{
        {servers}
        keepalive 16;
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://jianbao;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
"""


class Balancer:
    """nginx before services."""

    def __init__(self, room: Path) -> None:
        self._room = room
        self._port = free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self._process: asyncio.subprocess.Process | None = None

    @asynccontextmanager
    async def open(self, services: Sequence[Service]) -> AsyncIterator[None]:
        async with nginx(self._write(services), self._port) as self._process:
            yield

    async def send_to(self, services: Sequence[Service]) -> None:
        """Requests that come from now on go to these; those under way are not touched."""
        self._write(services)
        assert self._process
        before = psutil.Process(self._process.pid).children()
        self._process.send_signal(signal.SIGHUP)
        async with asyncio.timeout(60):
            while True:
                if not any(takes_connections(worker) for worker in before):
                    break
                await asyncio.sleep(0.01)
        await asyncio.sleep(PRE_STOP)

    def _write(self, services: Sequence[Service]) -> Path:
        servers = " ".join(f"server {one.address.removeprefix('http://')};" for one in services)
        return write_configuration(self._room, HTTP.format(port=self._port, servers=servers))


def takes_connections(worker: psutil.Process) -> bool:
    """Whether a worker of nginx is not yet on its way out."""
    try:
        return worker.is_running() and "shutting down" not in " ".join(worker.cmdline())
    except psutil.Error:
        return False


def written(number: int, *languages: str) -> dict[str, Any]:
    """A request whose brief a model writes: the others would not meet the engine."""
    return body(number, *languages) | {"method": "abstractive"}


class Load:
    """A request every 100 ms, whatever becomes of those before, each on its own connection."""

    def __init__(self, address: str) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.AsyncClient(base_url=address, limits=limits, timeout=60)
        self._asked = asyncio.TaskGroup()
        self.came: Counter[str] = Counter()

    @asynccontextmanager
    async def steady(self) -> AsyncIterator[None]:
        """Send while the block runs, then wait for every answer."""
        async with self._client, self._asked:
            sending = self._asked.create_task(self._send())
            yield
            sending.cancel()

    def burst(self, count: int) -> None:
        """Send some at once that take longer."""
        for number in range(count):
            self._asked.create_task(self._ask(written(1000 + number)))

    async def _send(self) -> None:
        with suppress(asyncio.CancelledError):
            for number in itertools.count():
                self._asked.create_task(self._ask(written(number, "en")))
                await asyncio.sleep(EVERY)

    async def _ask(self, one: dict[str, Any]) -> None:
        try:
            answer = await self._client.post("/summarize", json=one)
        except httpx.TransportError as error:
            self.came[repr(error)] += 1
            return
        if answer.status_code == 200:
            check_briefs(answer, one)
        self.came[
            "answered" if answer.status_code == 200 else f"{answer.status_code}: {answer.text}"
        ] += 1


class Jobs:
    """A job every 300 ms, through the same balancer, and what became of each."""

    def __init__(self, address: str) -> None:
        self._client = httpx.AsyncClient(base_url=address, timeout=60)
        self._accepted: dict[str, dict[str, Any]] = {}
        self.refused: Counter[str] = Counter()

    @asynccontextmanager
    async def steady(self) -> AsyncIterator[None]:
        """Hand in while the block runs; then follow every job to its end, and read what it made."""
        async with self._client, asyncio.TaskGroup() as tasks:
            handing = tasks.create_task(self._hand_in())
            yield
            handing.cancel()
            await asyncio.wait([handing])
            async with asyncio.timeout(120):
                for location, one in self._accepted.items():
                    await self._followed(location, one)

    @property
    def done(self) -> int:
        return len(self._accepted)

    async def _hand_in(self) -> None:
        with suppress(asyncio.CancelledError):
            for number in itertools.count(5000):
                one = written(number, "en")
                answer = await self._client.post(
                    "/summarize", json=one, headers={"Prefer": "respond-async"}
                )
                if answer.status_code == 202:
                    self._accepted[answer.headers["Location"]] = one
                else:
                    self.refused[answer.text] += 1
                await asyncio.sleep(3 * EVERY)

    async def _followed(self, location: str, one: dict[str, Any]) -> None:
        while True:
            view = (await self._client.get(location)).json()
            if view["status"] not in {"queued", "running"}:
                break
            await asyncio.sleep(0.1)
        assert view["status"] == "done", view
        check_summaries(view["result"]["summaries"], one)


async def metric(service: Service, name: str) -> float:
    async with service.client() as client:
        lines = (await client.get("/metrics")).text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(f"jianbao_{name}"))


async def test_no_request_fails_while_one_of_two_is_drained_and_replaced(tmp_path: Path) -> None:
    balancer = Balancer(tmp_path)
    load = Load(balancer.address)
    async with running(SLOW) as old, running(SLOW) as other, running(SLOW) as new:
        await old.announced()
        await other.announced()
        async with balancer.open([old, other]), load.steady():
            await asyncio.sleep(SETTLED)
            await new.announced()
            assert await metric(new, "generations_total") == 0

            load.burst(4)
            await asyncio.sleep(EVERY)
            await balancer.send_to([other, new])
            # the asking itself is one
            assert await metric(old, "http_in_flight") > 1, "nothing was under way: no trial"
            old.process.send_signal(signal.SIGTERM)
            assert await old.ended() == 0

            await asyncio.sleep(SETTLED)
            assert await metric(new, "generations_total") > 0
    assert load.came.keys() == {"answered"}
    assert load.came.total() > 40


# ------------------------------------------------------------------ two versions

OLDER = "6d36782"
"""The last commit whose stored jobs had no version."""


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree of an older version."""
    done = subprocess.run(  # noqa: S603
        ["git", "archive", OLDER, "service", "tests"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"the history of this repository does not reach to {OLDER}")
    tree = tmp_path_factory.mktemp("older")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as packed:
        packed.extractall(tree, filter="data")
    return tree


@pytest.mark.skipif(REDIS is None, reason="redis-server is absent: apt-get install redis-server")
async def test_no_request_and_no_job_is_lost_while_one_version_takes_the_place_of_another(
    tmp_path: Path, older: Path
) -> None:
    """Both replicas, one after the other, with the jobs of both versions in one store."""
    balancer = Balancer(tmp_path)
    load, jobs = Load(balancer.address), Jobs(balancer.address)
    async with AsyncExitStack() as stack:
        shared = {"JIANBAO_JOBS_URL": stack.enter_context(redis_server())}
        log = stack.enter_context((tmp_path / "older.log").open("wb"))
        before = Start(tree=older, log=log)
        old = [await stack.enter_async_context(running(SLOW, before, **shared)) for _ in range(2)]
        new = [await stack.enter_async_context(running(SLOW, **shared)) for _ in range(2)]
        for service in old:
            await service.announced(last="Documentation:")
        for service in new:
            await service.announced()
        await stack.enter_async_context(balancer.open(old))
        # the load ends first: a job is begun when no request waits
        async with jobs.steady(), load.steady():
            await asyncio.sleep(SETTLED)
            await balancer.send_to([old[1], new[0]])
            old[0].process.send_signal(signal.SIGTERM)
            assert await old[0].ended() == 0
            await asyncio.sleep(SETTLED)
            await balancer.send_to(new)
            old[1].process.send_signal(signal.SIGTERM)
            assert await old[1].ended() == 0
            await asyncio.sleep(SETTLED)
    assert load.came.keys() == {"answered"}
    assert not jobs.refused
    assert jobs.done > 10
