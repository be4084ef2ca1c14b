"""What was kept by another version of the service, and what was damaged."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from pathlib import Path

import pytest
from redis.asyncio import Redis

from service.briefs.answer_cache import AnswerCache
from service.errors import Unavailable
from service.inference.fake import FakeGenerator
from service.jobs.model import SCHEMA, Bounds, JobArticle, JobRequest, NewerStore
from service.jobs.policy import after_failure
from service.jobs.redis_store import RedisJobs
from service.jobs.sqlite_store import SqliteJobs
from service.web.jobs.articles import article_work
from tests.support.briefs import EchoBriefs
from tests.support.redis import BINARY, redis_server

ORDER = JobRequest("summarize", (JobArticle(b'{"text": "An article."}'),), owner="me")
BOUNDS = Bounds(10, 100_000)


async def kept(path: Path) -> str:
    store = SqliteJobs(path)
    job = (await store.add(ORDER, bounds=BOUNDS)).job.id
    await store.aclose()
    return job


async def test_a_file_of_the_version_before_is_read_and_brought_to_this_one(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    job = await kept(path)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 0")  # which is what it was before there were versions
    db.close()
    store = SqliteJobs(path)
    assert await store.job(job)
    await store.aclose()
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
    db.close()


async def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    job = await kept(path)
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    db.close()
    store = SqliteJobs(path)
    with pytest.raises(NewerStore, match="newer version of Jianbao"):
        await store.load()
    await store.aclose()
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT id FROM jobs").fetchall() == [(job,)]
        db.execute(f"PRAGMA user_version = {SCHEMA}")
    db.close()


@pytest.mark.parametrize("damage", ["another file", "a page", "an index"])
async def test_a_damaged_file_is_moved_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    path = tmp_path / "jobs.sqlite3"
    await kept(path)
    whole = bytearray(path.read_bytes())
    if damage == "another file":
        whole = bytearray(b"this is no database" * 1000)
    elif damage == "a page":
        whole[4096:8192] = b"\xff" * 4096
    else:
        del whole[-4096:]
    path.write_bytes(whole)
    store = SqliteJobs(path)
    with caplog.at_level(logging.ERROR):
        assert (await store.load()).waiting == 0
    await store.add(ORDER, bounds=BOUNDS)
    await store.aclose()
    (aside,) = await asyncio.to_thread(lambda: [*tmp_path.glob("jobs.sqlite3.damaged-*")])
    assert aside.read_bytes() == bytes(whole)
    assert "is damaged" in caplog.text
    assert aside.name in caplog.text
    assert "Traceback" not in caplog.text


async def test_damage_that_is_found_later_is_told_in_words_and_the_file_moved_then(
    tmp_path: Path,
) -> None:
    path = tmp_path / "jobs.sqlite3"
    store = SqliteJobs(path)
    long = JobRequest(
        "summarize", (JobArticle(b'{"text": "' + b"An article. " * 20_000 + b'"}'),), owner="me"
    )
    for _ in range(20):  # more than SQLite keeps in memory
        await store.add(long, bounds=Bounds(100, 10_000_000))
    other = sqlite3.connect(path)
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    whole = await asyncio.to_thread(path.read_bytes)
    await asyncio.to_thread(path.write_bytes, whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(Unavailable, match="cannot be kept"):
        await store.claim(20, 60.0)
    assert (await store.load()).waiting == 0
    assert await asyncio.to_thread(lambda: [*tmp_path.glob("*.damaged-*")])
    await store.aclose()


@pytest.mark.skipif(BINARY is None, reason="redis-server is absent: apt-get install redis-server")
async def test_what_a_newer_version_keeps_in_redis_is_left_alone() -> None:
    with redis_server() as url:
        store = RedisJobs.from_url(url)
        await store.add(ORDER, bounds=BOUNDS)
        assert (await store.load()).waiting == 1
        async with Redis.from_url(url) as client:
            (name,) = await client.keys("*kept")
            assert await client.hget(name, "schema") == b"%d" % SCHEMA
            await client.hset(name, "schema", SCHEMA + 1)
        with pytest.raises(NewerStore):
            await store.load()
        with pytest.raises(NewerStore):
            await store.add(ORDER, bounds=BOUNDS)
        await store.aclose()


@pytest.mark.parametrize(
    "body",
    [
        b'{"text": "An article of the new kind.", "shade": "blue"}',
        b'{"text": "An article of the new kind.", "version": 2}',
    ],
)
async def test_an_article_of_a_newer_version_waits_for_a_service_of_that_version(
    body: bytes,
) -> None:
    make = article_work(AnswerCache(EchoBriefs(FakeGenerator(lambda _: "a brief"))), "zh-Hans")
    with pytest.raises(Unavailable, match="newer version") as failed:
        await make(body, lambda _: None)
    retry = after_failure(failed.value, tries=2)
    assert retry
    assert not retry.counts
