"""What every store promises: the same tests for each of them."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from service.errors import SettingsError, StorageFull, Unavailable
from service.jobs.model import (
    ARTICLE_OVERHEAD,
    Added,
    Bounds,
    Claim,
    Delivery,
    JobArticle,
    JobRequest,
    Outcome,
    StoreFull,
)
from service.jobs.redis_store import RedisJobs
from service.jobs.sqlite_store import SqliteJobs
from service.jobs.store import JobStore, open_store, prepare_directory
from tests.support.redis import BINARY, age_jobs, redis_server
from tests.unit.jobs.conftest import Later

PLENTY = Bounds(100, 1_000_000)
SOON = 5.0
"""Seconds that a test may take between two calls."""


def request(*bodies: str, **fields: Any) -> JobRequest:
    articles = tuple(JobArticle(body.encode(), f"name {body[0]}") for body in bodies)
    return JobRequest(kind="batch" if len(bodies) > 1 else "summarize", articles=articles, **fields)


async def added(store: JobStore, *bodies: str, **fields: Any) -> str:
    return (await store.add(request(*bodies, **fields), bounds=PLENTY)).job.id


async def articles_of(store: JobStore) -> tuple[int, int]:
    load = await store.load()
    return load.waiting, load.running


async def bytes_of(store: JobStore) -> tuple[int, int]:
    load = await store.load()
    return load.texts, load.results


async def claimed(store: JobStore, most: int = 10, seconds: float = 15) -> list[Claim]:
    return await store.claim(most, seconds)


async def test_a_job_goes_from_queued_over_running_to_done(store: JobStore, later: Later) -> None:
    job = await added(store, "a", owner="me", callback="https://x.test/", digest="d")
    was = await store.job(job)
    assert was
    assert (was.kind, was.owner, was.status, was.total) == ("summarize", "me", "queued", 1)
    assert (was.ended, was.digest, was.webhook.url) == (None, "d", "https://x.test/")
    assert was.created == pytest.approx(time.time(), abs=SOON)
    [claim] = await claimed(store)
    assert (claim.job, claim.number, claim.body, claim.attempt) == (job, 1, b"a", 1)
    assert await store.renew([(claim, 0.25)], 20) == []
    half = await store.job(job)
    assert half
    assert (half.status, half.progress) == ("running", 0.25)
    await later(30)
    assert await store.finish(claim, b'{"x":1}', failed=False)
    now = await store.job(job)
    assert now
    assert (now.status, now.done, now.progress) == ("done", 1, 1.0)
    assert now.ended
    assert now.ended - now.created == pytest.approx(30, abs=SOON)
    assert await store.outcomes(job) == [Outcome(1, b'{"x":1}', name="name a")]
    assert await articles_of(store) == (0, 0)


async def test_outcomes_come_in_the_order_in_which_articles_end(store: JobStore) -> None:
    job = await added(store, "a", "b", "c")
    first, second, third = await claimed(store)
    for claim in (third, first):
        await store.finish(claim, claim.body, failed=claim is first)
    assert await store.outcomes(job) == [
        Outcome(3, b"c", name="name c"),
        Outcome(1, b"a", failed=True, name="name a"),
    ]
    await store.finish(second, b"b", failed=False)
    assert await store.outcomes(job, 2) == [Outcome(2, b"b", name="name b")]
    now = await store.job(job)
    assert now
    assert (now.status, now.done, now.failed) == ("done", 2, 1)


async def test_a_job_of_which_nothing_came_has_failed(store: JobStore) -> None:
    job = await added(store, "a")
    [claim] = await claimed(store)
    await store.finish(claim, b"no", failed=True)
    now = await store.job(job)
    assert now
    assert now.status == "failed"


async def test_an_article_that_cannot_be_tried_is_an_outcome_from_the_first(
    store: JobStore,
) -> None:
    articles = (JobArticle(name="n", failure=b"bad"), JobArticle(b"good"))
    made = await store.add(JobRequest("batch", articles), bounds=PLENTY)
    assert (made.job.status, made.job.failed, made.job.progress) == ("queued", 1, 0.5)
    assert await store.outcomes(made.job.id) == [Outcome(1, b"bad", failed=True, name="n")]
    [claim] = await claimed(store)
    assert (claim.number, claim.body) == (2, b"good")
    worst = await store.add(JobRequest("batch", articles[:1]), bounds=PLENTY)
    assert (worst.job.status, worst.job.ended) == ("failed", worst.job.created)


async def test_nothing_is_claimed_twice(store: JobStore) -> None:
    await added(store, *"abcdefgh")
    claims = await asyncio.gather(*(claimed(store, 3) for _ in range(5)))
    numbers = [claim.number for some in claims for claim in some]
    assert sorted(numbers) == list(range(1, 9))


async def test_when_a_lease_has_ended_another_takes_over_and_the_first_counts_no_more(
    store: JobStore, later: Later
) -> None:
    job = await added(store, "a", callback="https://x.test/")
    [dead] = await claimed(store, seconds=60)
    await later(50)
    assert await claimed(store) == []
    await later(11)
    [alive] = await claimed(store)
    assert (alive.attempt, alive.deaths, alive.tries) == (2, 1, 0)
    assert not await store.finish(dead, b"dead", failed=False)
    assert not await store.release(dead, delay=0, failed_try=False)
    assert await store.renew([(dead, 0.5), (alive, 0.5)], 40) == [dead]
    assert await store.finish(alive, b"alive", failed=False)
    assert not await store.finish(alive, b"again", failed=False)
    assert await store.outcomes(job) == [Outcome(1, b"alive", name="name a")]
    assert len(await store.claim_deliveries(9, 15)) == 1


async def test_a_lease_that_is_renewed_holds(store: JobStore, later: Later) -> None:
    await added(store, "a")
    [claim] = await claimed(store, seconds=60)
    await later(50)
    assert await store.renew([(claim, 0.1)], 60) == []
    await later(50)
    assert await claimed(store) == []
    await later(11)
    assert len(await claimed(store)) == 1


async def test_what_is_released_waits_until_it_is_due_in_its_old_place(
    store: JobStore, later: Later
) -> None:
    await added(store, "old")
    [claim] = await claimed(store)
    await later(1)
    await added(store, "new")
    assert await store.release(claim, delay=60, failed_try=True)
    await later(50)
    [other] = await claimed(store)
    await store.release(other, delay=0, failed_try=False)
    await later(11)
    again = await claimed(store)
    assert [(one.body, one.tries, one.deaths) for one in again] == [(b"old", 1, 0), (b"new", 0, 0)]


async def test_a_late_small_job_does_not_wait_for_the_whole_of_a_large_one(
    store: JobStore, later: Later
) -> None:
    await added(store, *"abcdef")
    await later(150)
    await added(store, "x")
    claims = await claimed(store)
    assert b"".join(claim.body for claim in claims) == b"abcxdef"


async def test_work_at_once_is_claimed_at_birth(store: JobStore, later: Later) -> None:
    made = await store.add(request("a", "b"), bounds=PLENTY, lease=15)
    assert [claim.body for claim in made.claims] == [b"a", b"b"]
    assert made.job.status == "running"
    assert await claimed(store) == []
    await later(16)
    assert len(await claimed(store)) == 2


async def test_the_same_key_of_the_same_owner_is_the_same_job(store: JobStore) -> None:
    first = await store.add(request("a", key="k", digest="1", owner="x"), bounds=PLENTY)
    again = await store.add(request("b", key="k", digest="2", owner="x"), bounds=PLENTY)
    assert again == Added(first.job, new=False)
    other = await store.add(request("a", key="k", digest="1", owner="y"), bounds=PLENTY)
    assert other.new
    assert await added(store, "a") != await added(store, "a")
    await store.delete(first.job.id)
    assert (await store.add(request("a", key="k", owner="x"), bounds=PLENTY)).new


async def test_no_more_is_accepted_than_may_wait_and_run(store: JobStore) -> None:
    await store.add(request("a", "b"), bounds=Bounds(3, 1_000_000))
    await claimed(store, 1)
    with pytest.raises(StoreFull):
        await store.add(request("c", "d"), bounds=Bounds(3, 1_000_000))
    await store.add(request("c"), bounds=Bounds(3, 1_000_000))
    with pytest.raises(StoreFull):
        await store.add(request("d"), bounds=Bounds(3, 1_000_000))
    assert await articles_of(store) == (2, 1)


async def test_what_is_kept_is_counted_in_bytes(store: JobStore, later: Later) -> None:
    each = ARTICLE_OVERHEAD
    assert await bytes_of(store) == (0, 0)
    articles = (JobArticle(b"a" * 100), JobArticle(b"b" * 200), JobArticle(failure=b"f" * 30))
    job = (await store.add(JobRequest("batch", articles, key="k"), bounds=PLENTY)).job.id
    assert await bytes_of(store) == (300 + 2 * each, 30 + each)
    await store.add(JobRequest("batch", articles, key="k"), bounds=PLENTY)
    first, second = await claimed(store)
    await store.renew([(first, 0.5)], 30)
    await store.release(second, delay=0, failed_try=True)
    assert await bytes_of(store) == (300 + 2 * each, 30 + each)
    await store.finish(first, "é".encode() * 20, failed=False)
    await store.finish(first, b"twice", failed=False)
    assert await bytes_of(store) == (200 + each, 70 + 2 * each)
    await store.cancel(job)
    await store.cancel(job)
    assert await bytes_of(store) == (0, 70 + 3 * each)
    await store.delete(job)
    await store.delete(job)
    assert await bytes_of(store) == (0, 0)
    open_ = await added(store, "a" * 50)
    await added(store, "b" * 60)
    await store.delete(open_)
    assert await bytes_of(store) == (60 + each, 0)
    [claim] = await claimed(store)
    await store.finish(claim, b"x", failed=True)
    await later(60)
    assert await store.expire(50) == 1
    assert await bytes_of(store) == (0, 0)


async def test_no_more_bytes_are_accepted_than_may_be_kept(store: JobStore, later: Later) -> None:
    bounds = Bounds(100, 3 * (ARTICLE_OVERHEAD + 100))
    await store.add(request("a" * 100, "b" * 100), bounds=bounds)
    with pytest.raises(StoreFull) as full:
        await store.add(request("c" * 101), bounds=bounds)
    assert (full.value.shortage, full.value.ended_ago) == ("texts", None)
    made = await store.add(request("c" * 100, key="k"), bounds=bounds)
    claims = {claim.body[:1]: claim for claim in await claimed(store)}
    await store.finish(claims[b"c"], b"C" * 99, failed=False)
    await later(100)
    with pytest.raises(StoreFull) as full:
        await store.add(request("d" * 100), bounds=bounds)
    assert full.value.shortage == "results"
    assert full.value.ended_ago == pytest.approx(100, abs=SOON)
    # who asks for what is there brings nothing new
    again = await store.add(request("c" * 100, key="k"), bounds=bounds)
    assert again.job.id == made.job.id
    # what was accepted is finished, although its results are larger than its texts
    for claim in (claims[b"a"], claims[b"b"]):
        assert await store.finish(claim, b"x" * 5000, failed=False)
    await store.delete(made.job.id)
    with pytest.raises(StoreFull) as full:
        await store.add(request("d"), bounds=bounds)
    assert full.value.ended_ago == pytest.approx(0, abs=SOON)
    await later(100)
    await store.expire(50)
    await store.add(request("d" * 100), bounds=bounds)


async def test_a_file_of_an_older_version_is_counted_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    store = SqliteJobs(path)
    await added(store, "a" * 50)
    await added(store, "b" * 60)
    [claim] = await claimed(store, 1)
    await store.finish(claim, b"x" * 7, failed=False)
    await store.aclose()
    with closing(sqlite3.connect(path)) as old:
        for trigger in ("added", "changed", "removed"):
            old.execute(f"DROP TRIGGER kept_{trigger}")
        old.execute("DROP TABLE kept")
    assert await bytes_of(store) == (60 + ARTICLE_OVERHEAD, 7 + ARTICLE_OVERHEAD)
    await store.aclose()


async def test_a_redis_out_of_memory_takes_no_new_job_and_finishes_what_it_has() -> None:
    if BINARY is None:
        pytest.skip("no redis-server or valkey-server")
    with redis_server() as url:
        store, client = RedisJobs.from_url(url), Redis.from_url(url)
        first = await added(store, "a" * 5000, callback="https://x.test/", key="k")
        await added(store, "b" * 5000)
        await added(store, "c" * 5000)
        await client.config_set("maxmemory-policy", "noeviction")
        await client.config_set("maxmemory", "1kb")
        with pytest.raises(StorageFull, match="out of memory"):
            await added(store, "d")
        again = await store.add(request("a" * 5000, key="k"), bounds=PLENTY)
        assert again.job.id == first
        claims = await claimed(store)
        assert [claim.body[:1] for claim in claims] == [b"a", b"b", b"c"]
        assert await store.renew([(claim, 0.5) for claim in claims], 30) == []
        assert await store.finish(claims[0], b"A" * 9000, failed=False)
        assert await store.release(claims[1], delay=2, failed_try=True)
        await age_jobs(url, "{jianbao}:jobs:", 100)
        assert await store.cancel(claims[2].job)
        assert [one.content for one in await store.outcomes(first)] == [b"A" * 9000]
        [delivery] = await store.claim_deliveries(9, 15)
        await store.settle(delivery, "status 200", delivered=True)
        assert await store.expire(50) == 1
        assert await articles_of(store) == (1, 0)
        await client.config_set("maxmemory", "0")
        await added(store, "d")
        await client.aclose()
        await store.aclose()


async def test_a_cancelled_job_keeps_what_it_has_and_does_no_more(
    store: JobStore, later: Later
) -> None:
    job = await added(store, "a", "b", "c", callback="https://x.test/")
    first, second = await claimed(store, 2)
    await store.finish(first, b"A", failed=False)
    await later(30)
    assert await store.cancel(job)
    await later(30)
    assert not await store.cancel(job)
    assert not await store.finish(second, b"B", failed=False)
    assert await claimed(store) == []
    now = await store.job(job)
    assert now
    assert (now.status, now.done) == ("cancelled", 1)
    assert now.ended
    assert now.ended - now.created == pytest.approx(30, abs=SOON)
    assert [one.content for one in await store.outcomes(job)] == [b"A"]
    assert await store.claim_deliveries(9, 15) == []
    assert not await store.cancel("nobody's")


async def test_the_key_of_a_cancelled_job_begins_another_one(store: JobStore) -> None:
    first = await store.add(request("a", key="k", digest="1", owner="x"), bounds=PLENTY)
    await store.cancel(first.job.id)
    again = await store.add(request("a", key="k", digest="1", owner="x"), bounds=PLENTY)
    assert again.new
    assert again.job.id != first.job.id
    cancelled = await store.job(first.job.id)
    assert cancelled
    assert cancelled.status == "cancelled"
    # the end of the first takes nothing from the second
    await store.delete(first.job.id)
    joined = await store.add(request("a", key="k", digest="1", owner="x"), bounds=PLENTY)
    assert joined == Added(again.job, new=False)


async def test_jobs_are_forgotten_after_their_end_and_not_before(
    store: JobStore, later: Later
) -> None:
    old, new, open_ = [await added(store, "a") for _ in range(3)]
    first, second = await claimed(store, 2)
    await store.finish(first, b"x", failed=False)
    await later(50)
    await store.finish(second, b"x", failed=False)
    assert await store.expire(60) == 0
    await later(20)
    assert await store.expire(60) == 1
    assert await store.job(old) is None
    assert await store.outcomes(old) == []
    assert await store.job(new)
    assert await store.job(open_)


async def test_a_webhook_is_tried_until_it_is_settled(store: JobStore, later: Later) -> None:
    job = await added(store, "a", callback="https://x.test/")
    assert await store.claim_deliveries(9, 60) == []
    [claim] = await claimed(store)
    await store.finish(claim, b"x", failed=False)
    [first] = await store.claim_deliveries(9, 60)
    assert (first.job, first.attempt) == (job, 1)
    await later(50)
    assert await store.claim_deliveries(9, 60) == []
    # its sender died; the next one is refused, then answered
    await later(11)
    [second] = await store.claim_deliveries(9, 60)
    await store.settle(second, 'status "500" 简', delivered=False, delay=60)
    await later(50)
    assert await store.claim_deliveries(9, 60) == []
    await later(11)
    [third] = await store.claim_deliveries(9, 60)
    await store.settle(third, "status 200", delivered=True)
    await later(999)
    assert await store.claim_deliveries(9, 60) == []
    now = await store.job(job)
    assert now
    assert now.webhook.status == "delivered"
    assert [one.outcome for one in now.webhook.attempts] == ['status "500" 简', "status 200"]
    assert now.webhook.attempts[0].at == pytest.approx(second.at, abs=SOON)
    assert now.webhook.attempts[1].at == pytest.approx(third.at, abs=SOON)


async def test_a_late_word_about_a_webhook_undoes_nothing(store: JobStore, later: Later) -> None:
    job = await added(store, "a", callback="https://x.test/")
    [claim] = await claimed(store)
    await store.finish(claim, b"x", failed=False)
    [slow] = await store.claim_deliveries(9, 15)
    await later(16)
    [quick] = await store.claim_deliveries(9, 15)
    await store.settle(slow, "no answer", delivered=False)
    now = await store.job(job)
    assert now
    assert now.webhook.status == "waiting"
    await store.settle(quick, "status 500", delivered=False)
    now = await store.job(job)
    assert now
    assert now.webhook.status == "given_up"
    await store.settle(Delivery("nobody's", 1, time.time()), "x", delivered=True)


def everything_in(directory: Path) -> bytes:
    return b"".join(one.read_bytes() for one in directory.iterdir())


async def test_a_text_is_gone_from_the_file_when_its_job_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    store = SqliteJobs(path)
    await added(store, "a text that nobody may find")
    gone = await added(store, "a text of a cancelled job")
    [claim, _] = await claimed(store)
    await store.finish(claim, b"its brief", failed=False)
    await store.cancel(gone)
    await store.expire(3600)
    kept = everything_in(tmp_path)
    assert b"nobody may find" not in kept
    assert b"a cancelled job" not in kept
    assert b"its brief" in kept
    assert path.stat().st_mode & 0o777 == 0o600
    await store.aclose()


async def test_a_text_is_gone_from_redis_when_its_job_has_ended(redis_url: str) -> None:
    store = RedisJobs.from_url(redis_url, "{texts}:")
    await added(store, "a text that nobody may find")
    [claim] = await claimed(store)
    await store.finish(claim, b"its brief", failed=False)
    async with Redis.from_url(redis_url) as client:
        keys = await client.keys("{texts}:*")
        kept = b"".join([await client.dump(key) or b"" for key in keys])
    assert b"nobody may find" not in kept
    assert b"its brief" in kept
    await store.delete(claim.job)
    async with Redis.from_url(redis_url) as client:
        assert await client.keys("{texts}:*") == [b"{texts}:kept"]
    await store.aclose()


async def test_what_was_accepted_is_there_after_the_file_is_opened_again(tmp_path: Path) -> None:
    store = SqliteJobs(tmp_path / "jobs.sqlite3")
    job = await added(store, "a")
    await store.aclose()
    again = SqliteJobs(tmp_path / "jobs.sqlite3")
    assert await again.job(job)
    assert len(await claimed(again)) == 1
    await again.aclose()


async def test_a_closed_store_leaves_no_thread_behind(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    store = SqliteJobs(tmp_path / "jobs.sqlite3")
    await added(store, "a")
    begun = set(threading.enumerate()) - before
    assert len(begun) == 1
    await store.aclose()
    for thread in begun:
        await asyncio.to_thread(thread.join, 10)
        assert not thread.is_alive()


async def test_two_processes_may_share_a_file(tmp_path: Path) -> None:
    one, other = [SqliteJobs(tmp_path / "jobs.sqlite3") for _ in range(2)]
    await asyncio.gather(*(added(store, "x") for store in (one, other) for _ in range(10)))
    claims = await asyncio.gather(*(claimed(store, 3) for store in (one, other) for _ in range(4)))
    assert len({claim.job for some in claims for claim in some}) == 20
    await one.aclose()
    await other.aclose()


async def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    for number in range(25):
        stores = [SqliteJobs(tmp_path / str(number) / "jobs.sqlite3") for _ in range(4)]
        await asyncio.gather(*(store.load() for store in stores))
        for store in stores:
            await store.aclose()


async def test_a_full_disk_is_named_and_nothing_is_half_kept(tmp_path: Path) -> None:
    store = SqliteJobs(tmp_path / "jobs.sqlite3")
    await added(store, "before")
    pages = await store._run(lambda db: db.execute("PRAGMA max_page_count = 1").fetchone()[0])
    with pytest.raises(StorageFull, match="cannot be kept: database or disk is full"):
        await added(store, "a", "b" * 100_000)
    assert await articles_of(store) == (1, 0)
    await store._run(lambda db: db.execute(f"PRAGMA max_page_count = {pages + 100}"))
    await added(store, "a", "b" * 100_000)
    assert await articles_of(store) == (3, 0)
    await store.aclose()


async def test_a_disk_that_refuses_a_commit_is_named_and_nothing_is_half_kept(
    tmp_path: Path,
) -> None:
    store = SqliteJobs(tmp_path / "jobs.sqlite3")
    await added(store, "before")
    log = (tmp_path / "jobs.sqlite3-wal").stat().st_size
    with files_no_larger_than(log + 10_000):
        with pytest.raises(Unavailable, match="cannot be kept: disk I/O error"):
            await added(store, "a", "b" * 100_000)
        assert await articles_of(store) == (1, 0)
    await added(store, "a", "b" * 100_000)
    assert await articles_of(store) == (3, 0)
    await store.aclose()


async def test_a_commit_that_fails_does_not_block_what_comes_after_it() -> None:
    store = SqliteJobs(None)

    def break_at_the_end(db: sqlite3.Connection) -> None:
        db.execute("PRAGMA defer_foreign_keys = ON")
        db.execute(
            "INSERT INTO articles (job, number, body, state, place) VALUES ('x', 1, '', '', 0)"
        )

    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        await store._run(break_at_the_end)
    await added(store, "a")
    assert await articles_of(store) == (1, 0)
    await store.aclose()


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Have the system refuse to write beyond ``size`` bytes of any file."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


async def test_a_store_that_cannot_be_reached_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    stores: list[JobStore] = [
        SqliteJobs(tmp_path / "file" / "jobs.sqlite3"),
        RedisJobs.from_url("redis://127.0.0.1:1/0"),
    ]
    for store in stores:
        with pytest.raises(Unavailable, match="cannot be kept"):
            await store.job("x")
        await store.aclose()


def test_the_url_says_which_store(tmp_path: Path) -> None:
    assert isinstance(open_store("", tmp_path), SqliteJobs)
    assert isinstance(open_store("memory:", tmp_path), SqliteJobs)
    for url in ("redis://x/0", "rediss://x", "valkey://x:1", "valkeys://x", "unix:///run/x"):
        assert isinstance(open_store(url, tmp_path), RedisJobs)
    with pytest.raises(SettingsError, match="JIANBAO_JOBS_URL"):
        open_store("postgres://x", tmp_path)


def test_a_directory_that_cannot_be_written_ends_the_start(tmp_path: Path) -> None:
    prepare_directory(tmp_path / "new" / "data")
    assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(SettingsError, match="JIANBAO_DATA_DIR"):
        prepare_directory(tmp_path / "file" / "data")
