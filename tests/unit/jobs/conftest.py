"""The stores that there are, each one new."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from service.jobs.fake import MovableClock
from service.jobs.redis_store import RedisJobs
from service.jobs.sqlite_store import SqliteJobs
from service.jobs.store import JobStore
from tests.support.redis import BINARY, age_jobs, redis_server

Later = Callable[[float], Awaitable[None]]
"""Lets so many seconds pass."""


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    if BINARY is None:
        pytest.skip("no redis-server or valkey-server")
    with redis_server() as url:
        yield url


@pytest.fixture(params=["memory", "file", "redis"])
async def store_and_later(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[JobStore, Later]]:
    made: JobStore
    clock = MovableClock()

    async def later(seconds: float) -> None:
        if isinstance(made, RedisJobs):
            await age_jobs(request.getfixturevalue("redis_url"), prefix, seconds)
        clock.ahead += seconds

    prefix = f"{{{tmp_path.name}}}:"
    if request.param == "redis":
        made = RedisJobs.from_url(request.getfixturevalue("redis_url"), prefix)
    else:
        path = None if request.param == "memory" else tmp_path / "jobs.sqlite3"
        made = SqliteJobs(path, clock=clock)
    yield made, later
    await made.aclose()


@pytest.fixture
def store(store_and_later: tuple[JobStore, Later]) -> JobStore:
    return store_and_later[0]


@pytest.fixture
def later(store_and_later: tuple[JobStore, Later]) -> Later:
    return store_and_later[1]
