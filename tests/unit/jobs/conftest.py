"""The stores that there are, each one new."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from service.jobs.redis_store import RedisJobs
from service.jobs.sqlite_store import SqliteJobs
from service.jobs.store import JobStore
from tests.support.redis import BINARY, redis_server


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    if BINARY is None:
        pytest.skip("no redis-server or valkey-server")
    with redis_server() as url:
        yield url


@pytest.fixture(params=["memory", "file", "redis"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[JobStore]:
    made: JobStore
    if request.param == "redis":
        prefix = f"{{{tmp_path.name}}}:"
        made = RedisJobs.from_url(request.getfixturevalue("redis_url"), prefix)
    else:
        made = SqliteJobs(None if request.param == "memory" else tmp_path / "jobs.sqlite3")
    yield made
    await made.aclose()
