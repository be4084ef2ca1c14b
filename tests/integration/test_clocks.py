"""Two hosts share a Redis, and the clock of one is ten minutes wrong."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest

from service.jobs.model import Bounds, JobArticle, JobRequest
from service.jobs.redis_store import RedisJobs
from service.jobs.service import JobService
from service.jobs.worker import ReportProgress
from tests.support.redis import BINARY, redis_server
from tests.support.wrong_clock import LEASE, WRONG_CLOCK, host, make_jobs

pytestmark = pytest.mark.skipif(BINARY is None, reason="no redis-server or valkey-server")
PREFIX = "{clocks}:"
PLENTY = Bounds(9, 9_999)
WRONG = pytest.mark.parametrize("ahead", [600.0, -600.0])


@pytest.fixture
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url


class Hand:
    """Works on what it is given until it is let go."""

    def __init__(self) -> None:
        self.began: list[bytes] = []
        self.go = asyncio.Event()

    async def work(self, body: bytes, _: ReportProgress) -> bytes:
        self.began.append(body)
        await self.go.wait()
        return body.upper()


def request(body: bytes, callback: str = "") -> JobRequest:
    return JobRequest("summarize", (JobArticle(body),), callback=callback)


async def until_ended(jobs: JobService, job: str) -> list[bytes]:
    async with asyncio.timeout(60):
        return [outcome.content async for outcome in jobs.follow(job)]


@WRONG
async def test_neither_takes_what_the_other_holds(redis_url: str, ahead: float) -> None:
    hand = Hand()
    store = RedisJobs.from_url(redis_url, PREFIX)
    await store.add(request(b"slow"), bounds=PLENTY)
    with host(redis_url, PREFIX, ahead) as other:
        assert await other.says() == "began slow"
        async with make_jobs(redis_url, PREFIX, hand.work, lambda _: 200) as jobs:
            ours = await jobs.submit(request(b"ours"), at_once=True)
            await asyncio.sleep(4)  # each has room, and looks every second for what it may claim
            assert other.kill() == []
            assert hand.began == [b"ours"]
            hand.go.set()
            assert await until_ended(jobs, ours.id) == [b"OURS"]
    await store.aclose()


@WRONG
async def test_what_a_dead_host_held_is_taken_up_when_its_lease_has_ended(
    redis_url: str, ahead: float
) -> None:
    hand = Hand()
    hand.go.set()
    store = RedisJobs.from_url(redis_url, PREFIX)
    job = (await store.add(request(b"slow"), bounds=PLENTY)).job.id
    with host(redis_url, PREFIX, ahead) as other:
        assert await other.says() == "began slow"
        other.kill()
        async with make_jobs(redis_url, PREFIX, hand.work, lambda _: 200) as jobs:
            await asyncio.sleep(LEASE / 4)
            assert hand.began == []
            assert await until_ended(jobs, job) == [b"SLOW"]
    await store.aclose()


@WRONG
async def test_nothing_is_forgotten_or_sent_again_before_its_time(
    redis_url: str, ahead: float
) -> None:
    hand = Hand()
    hand.go.set()
    sent: list[int] = []

    def refuse(before: int) -> int:
        sent.append(before)
        return 500

    async with make_jobs(redis_url, PREFIX, hand.work, refuse) as jobs:
        kept = await jobs.submit(request(b"kept", "https://x.test/"), at_once=True)
        await until_ended(jobs, kept.id)
        async with asyncio.timeout(60):
            while not (await jobs.find(kept.id, "")).webhook.attempts:  # noqa: ASYNC110 - Redis tells nobody
                await asyncio.sleep(0.05)
    store = RedisJobs.from_url(redis_url, PREFIX)
    with host(redis_url, PREFIX, ahead) as other:
        await store.add(request(b"next"), bounds=PLENTY)
        assert await other.says() == "began next"
        await asyncio.sleep(3)  # it looks every second for webhooks, and sweeps as it begins
        assert other.kill() == []
    assert sent == [0]
    job = await store.job(kept.id)
    assert job
    assert job.webhook.status == "waiting"
    await store.aclose()


_TAKE_TWICE = f"""{WRONG_CLOCK}
import asyncio
from service.errors import RateExceeded
from service.keys import ApiKey
from service.rates import Rates

async def take_twice():
    rates, key = Rates.open(sys.argv[1]), ApiKey("a", "digest", requests_per_minute=1)
    for _ in range(2):
        try:
            await rates.take(key, "requests")
            print("taken")
        except RateExceeded:
            print("refused")
    await rates.aclose()

asyncio.run(take_twice())
"""


def test_a_rate_has_the_same_minute_on_both_hosts(redis_url: str) -> None:
    said = [
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", _TAKE_TWICE, ahead, redis_url],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
        for ahead in ("0", "600", "-600")
    ]
    assert said == ["taken\nrefused\n", "refused\nrefused\n", "refused\nrefused\n"]
