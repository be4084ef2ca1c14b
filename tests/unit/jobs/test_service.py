"""Jobs handed in and worked off, in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from service.errors import (
    GenerationFailed,
    InvalidInput,
    Overloaded,
    ServiceError,
    StorageFull,
    Unavailable,
)
from service.jobs.changes import Changes
from service.jobs.fake import MovableClock
from service.jobs.model import (
    ARTICLE_OVERHEAD,
    Bounds,
    Claim,
    Job,
    JobArticle,
    JobCancelled,
    JobNotFound,
    JobRequest,
    OrderTooLarge,
)
from service.jobs.redis_store import RedisJobs
from service.jobs.service import JobLimits, JobService
from service.jobs.sqlite_store import SqliteJobs
from service.jobs.store import JobStore
from service.jobs.worker import NullJobObserver, ReportProgress, Worker
from tests.unit.jobs.conftest import Later


class Hand:
    """Works when it is let: each body becomes itself in capitals, or what ``failing`` says."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.began: list[bytes] = []
        self.cancelled: list[bytes] = []
        self.failing: dict[bytes, list[Exception]] = {}

    async def work(self, body: bytes, report: ReportProgress) -> bytes:
        self.began.append(body)
        report(0.5)
        if errors := self.failing.get(body):
            raise errors.pop(0)
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled.append(body)
            raise
        return body.upper()


def make_jobs(
    hand: Hand,
    store: JobStore,
    *,
    room: Callable[[int, float], int] = lambda running, _: 8 - running,
    most: int = 100,
    most_bytes: int = 1_000_000,
    lease: float = 15.0,
) -> JobService:
    changes = Changes()
    worker = Worker(
        store,
        work=hand.work,
        describe=lambda error: str(error).encode(),
        room=room,
        lease=lease,
        changes=changes,
        observer=NullJobObserver(),
    )
    return JobService(
        store, worker, None, limits=JobLimits(Bounds(most, most_bytes), 3600), changes=changes
    )


@asynccontextmanager
async def working(jobs: JobService) -> AsyncIterator[JobService]:
    async with jobs, asyncio.timeout(60):
        yield jobs


def request(*bodies: bytes, key: str = "", digest: str = "", owner: str = "me") -> JobRequest:
    return JobRequest("batch", tuple(map(JobArticle, bodies)), owner=owner, key=key, digest=digest)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - it sets nothing
            await asyncio.sleep(0.005)


async def until_ended(jobs: JobService, job: str) -> Job:
    async for _ in jobs.follow(job):
        pass
    return await jobs.find(job, "me")


async def test_what_comes_of_a_job_is_told_as_it_comes() -> None:
    hand = Hand()
    hand.failing[b"bad"] = [InvalidInput("no", field="text")]
    async with working(make_jobs(hand, SqliteJobs(None))) as jobs:
        job = await jobs.submit(request(b"a", b"bad"))
        following = jobs.follow(job.id)
        assert (await anext(following)).content == b"no"
        hand.go.set()
        last = await anext(following)
        assert (last.number, last.content, last.failed) == (1, b"A", False)
        with pytest.raises(StopAsyncIteration):
            await anext(following)
        ended = await jobs.find(job.id, "me")
        assert (ended.status, ended.done, ended.failed) == ("done", 1, 1)
        assert ended.ended
        assert jobs.expires(ended) == ended.ended + 3600


async def test_no_more_than_there_is_room_for_is_begun() -> None:
    hand, room = Hand(), 0
    async with working(make_jobs(hand, SqliteJobs(None), room=lambda held, _: room - held)) as jobs:
        job = await jobs.submit(request(b"a", b"b", b"c"))
        await asyncio.sleep(0.3)
        assert hand.began == []
        room = 2
        await until(lambda: len(hand.began) == 2)
        await asyncio.sleep(0.3)
        assert hand.began == [b"a", b"b"]
        hand.go.set()
        await until_ended(jobs, job.id)
        assert hand.began == [b"a", b"b", b"c"]


async def test_articles_that_are_passed_over_are_begun_one_at_a_time() -> None:
    asked: list[float] = []

    def room(_: int, passed_over: float) -> int:
        asked.append(passed_over)
        return 1 if passed_over > 0.4 else 0

    hand = Hand()
    async with working(make_jobs(hand, SqliteJobs(None), room=room)) as jobs:
        await jobs.submit(request(b"a", b"b"))
        await until(lambda: hand.began == [b"a"])
        assert max(asked) > 0.4
        assert asked[-1] < 0.4
        await until(lambda: hand.began == [b"a", b"b"])


async def test_work_at_once_does_not_wait_for_room() -> None:
    hand = Hand()
    hand.go.set()
    async with working(make_jobs(hand, SqliteJobs(None), room=lambda *_: 0)) as jobs:
        job = await jobs.submit(request(b"a"), at_once=True)
        outcome = await jobs.first(job.id, 5)
        assert outcome
        assert outcome.content == b"A"


async def test_work_without_the_engine_is_begun_without_room_two_at_a_time() -> None:
    hand = Hand()
    async with working(make_jobs(hand, SqliteJobs(None), room=lambda *_: 0)) as jobs:
        quick = [
            await jobs.submit(request(body), needs_engine=False) for body in (b"a", b"b", b"c")
        ]
        slow = await jobs.submit(request(b"d"))
        await until(lambda: len(hand.began) == 2)
        await asyncio.sleep(0.05)
        assert hand.began == [b"a", b"b"]
        hand.go.set()
        for job in quick:
            assert (await until_ended(jobs, job.id)).status == "done"
        assert (await jobs.find(slow.id, "me")).status == "queued"


async def test_of_work_without_the_engine_a_bounded_part_is_held_and_the_rest_waits() -> None:
    hand = Hand()
    asked: list[int] = []

    def room(running: int, _: float) -> int:
        asked.append(running)
        return 0

    async with working(make_jobs(hand, SqliteJobs(None), room=room, most=200)) as jobs:
        made = [await jobs.submit(request(b"a"), needs_engine=False) for _ in range(101)]
        statuses = [(await jobs.find(job.id, "me")).status for job in made]
        assert statuses == ["running"] * 100 + ["queued"]
        await until(lambda: len(asked) > 1)
        assert set(asked) == {0}  # what needs no engine takes no place of what does


async def test_waiting_ends_and_the_work_goes_on() -> None:
    hand = Hand()
    async with working(make_jobs(hand, SqliteJobs(None))) as jobs:
        job = await jobs.submit(request(b"a"), at_once=True)
        assert await jobs.first(job.id, 0.05) is None
        hand.go.set()
        assert (await until_ended(jobs, job.id)).status == "done"
        assert hand.began == [b"a"]


@pytest.mark.parametrize(
    ("error", "begun"),
    [
        (GenerationFailed("died"), 2),
        (Overloaded("full", retry_after=1), 2),
        (Unavailable("loading", retry_after=1), 2),
        (RuntimeError("a mistake of ours"), 1),
    ],
)
async def test_what_may_pass_is_tried_again_and_the_rest_fails(
    error: Exception, begun: int
) -> None:
    hand = Hand()
    hand.go.set()
    hand.failing[b"a"] = [error]
    async with working(make_jobs(hand, SqliteJobs(None))) as jobs:
        job = await jobs.submit(request(b"a"))
        ended = await until_ended(jobs, job.id)
        assert len(hand.began) == begun
        assert ended.status == ("done" if isinstance(error, ServiceError) else "failed")


async def test_a_process_that_ends_lets_go_and_the_next_one_goes_on(store: JobStore) -> None:
    first, second = Hand(), Hand()
    async with working(make_jobs(first, store)) as jobs:
        job = await jobs.submit(request(b"a"))
        await until(lambda: first.began == [b"a"])
    assert first.cancelled == [b"a"]
    second.go.set()
    if isinstance(store, SqliteJobs) and store.path is None:
        return  # the memory is gone
    async with working(make_jobs(second, store)) as jobs:
        assert (await until_ended(jobs, job.id)).status == "done"
        assert second.began == [b"a"]


async def test_an_article_that_another_has_taken_over_is_stopped(
    store: JobStore, later: Later
) -> None:
    hand = Hand()
    jobs = make_jobs(hand, store, lease=1.0, room=lambda *_: 0)
    async with working(jobs):
        job = await jobs.submit(request(b"a"), at_once=True)
        await until(lambda: hand.began == [b"a"])
        # as if this process had been asleep for a day, and were quicker to renew than we to claim
        taken: list[Claim] = []
        while not taken:
            await later(24 * 3600)
            taken = await store.claim(9, 99)
        await until(lambda: hand.cancelled == [b"a"])
        assert await store.finish(taken[0], b"theirs", failed=False)
        assert [one.content for one in await jobs.outcomes(job.id)] == [b"theirs"]


async def test_an_article_that_this_process_takes_over_from_itself_is_done_once(
    store: JobStore, later: Later
) -> None:
    hand = Hand()
    async with working(make_jobs(hand, store)) as jobs:
        job = await jobs.submit(request(b"a"))
        await until(lambda: hand.began == [b"a"])
        while len(hand.began) < 2:
            await later(24 * 3600)  # it was asleep for so long, and claims before it renews
            await asyncio.sleep(0.3)
        await until(lambda: b"a" in hand.cancelled)
        hand.go.set()
        assert (await until_ended(jobs, job.id)).status == "done"


async def test_a_lease_is_renewed_for_as_long_as_the_work_takes(store: JobStore) -> None:
    hand = Hand()
    async with working(make_jobs(hand, store, lease=0.6)) as jobs:
        job = await jobs.submit(request(b"a"))
        await asyncio.sleep(1.5)
        assert (await jobs.find(job.id, "me")).progress == 0.5
        hand.go.set()
        assert (await until_ended(jobs, job.id)).status == "done"
        assert hand.began == [b"a"]


async def test_a_cancelled_job_stops_at_once() -> None:
    hand = Hand()
    async with working(make_jobs(hand, SqliteJobs(None))) as jobs:
        job = await jobs.submit(request(b"a", b"b"))
        await until(lambda: len(hand.began) == 2)
        await jobs.cancel(job.id, "me")
        await until(lambda: len(hand.cancelled) == 2)
        assert (await jobs.find(job.id, "me")).status == "cancelled"
        await jobs.cancel(job.id, "me")
        with pytest.raises(JobNotFound):
            await jobs.find(job.id, "me")


async def test_who_waits_for_a_job_that_is_cancelled_is_told_so_at_once() -> None:
    hand = Hand()
    async with working(make_jobs(hand, SqliteJobs(None))) as jobs:
        job = await jobs.submit(request(b"a", key="k"), at_once=True)
        waiting = asyncio.create_task(jobs.first(job.id, 60))
        await until(lambda: hand.began == [b"a"])
        await jobs.cancel(job.id, "me")
        with pytest.raises(JobCancelled):
            await waiting


async def test_who_waits_for_a_job_that_is_forgotten_is_told_so_at_once() -> None:
    hand = Hand()
    async with working(make_jobs(hand, SqliteJobs(None))) as jobs:
        job = await jobs.submit(request(b"a", key="k"), at_once=True)
        waiting = asyncio.create_task(jobs.first(job.id, 60))
        await until(lambda: hand.began == [b"a"])
        jobs.forget(job.id)
        with pytest.raises(JobNotFound):
            await waiting


async def test_a_job_is_nobody_elses() -> None:
    async with working(make_jobs(Hand(), SqliteJobs(None))) as jobs:
        job = await jobs.submit(request(b"a", owner="me"))
        for ask in (jobs.find, jobs.cancel):
            with pytest.raises(JobNotFound):
                await ask(job.id, "you")
        assert (await jobs.find(job.id, "me")).status in {"queued", "running"}


async def test_the_same_key_joins_and_another_body_under_it_is_refused() -> None:
    hand = Hand()
    async with working(make_jobs(hand, SqliteJobs(None))) as jobs:
        job = await jobs.submit(request(b"a", key="k", digest="1"), at_once=True)
        again = await jobs.submit(request(b"a", key="k", digest="1"), at_once=True)
        assert again.id == job.id
        assert hand.began in ([], [b"a"])
        with pytest.raises(InvalidInput) as refused:
            await jobs.submit(request(b"b", key="k", digest="2"))
        assert refused.value.field == "Idempotency-Key"


async def test_too_many_articles_are_refused_with_a_time() -> None:
    async with working(make_jobs(Hand(), SqliteJobs(None), most=2)) as jobs:
        await jobs.submit(request(b"a", b"b"))
        with pytest.raises(Overloaded) as refused:
            await jobs.submit(request(b"c"))
        assert refused.value.retry_after >= 1


async def test_too_many_bytes_are_refused_with_a_time() -> None:
    each = ARTICLE_OVERHEAD + 100
    hand = Hand()
    async with working(make_jobs(hand, SqliteJobs(None), most_bytes=2 * each)) as jobs:
        first = await jobs.submit(request(b"a" * 100))
        second = await jobs.submit(request(b"b" * 100))
        with pytest.raises(Overloaded, match="bytes") as refused:
            await jobs.submit(request(b"c"))
        assert refused.value.retry_after >= 1
        hand.go.set()
        for job in (first, second):
            await until_ended(jobs, job.id)
        # now it is their results, which are kept for an hour, that leave no room
        with pytest.raises(StorageFull, match="results") as full:
            await jobs.submit(request(b"c"))
        assert 3590 <= full.value.retry_after <= 3600
        await jobs.cancel(first.id, "me")  # forgets it
        await jobs.submit(request(b"c"))


@pytest.mark.parametrize("bodies", [(b"a", b"b", b"c"), (b"a" * 3000,)])
async def test_what_would_never_fit_is_refused_for_good(bodies: tuple[bytes, ...]) -> None:
    async with working(make_jobs(Hand(), SqliteJobs(None), most=2, most_bytes=4000)) as jobs:
        with pytest.raises(OrderTooLarge):
            await jobs.submit(request(*bodies))
        await jobs.submit(request(b"a" * 2900))


async def test_an_article_that_kills_what_works_on_it_is_given_up() -> None:
    clock, hand = MovableClock(), Hand()
    store = SqliteJobs(None, clock=clock)
    added = await store.add(request(b"a"), bounds=Bounds(9, 9_999))
    for _ in range(21):
        assert await store.claim(1, 1)
        clock.ahead += 2
    async with working(make_jobs(hand, store)) as jobs:
        outcome = await jobs.first(added.job.id, 5)
        assert outcome
        assert outcome.failed
        assert b"the service crashed 21 times" in outcome.content
    assert hand.began == []


async def test_a_store_that_cannot_be_reached_is_seen() -> None:
    store = RedisJobs.from_url("redis://127.0.0.1:9/0")
    async with working(make_jobs(Hand(), store)) as jobs:
        assert jobs.store_up
        await until(lambda: not jobs.store_up)
    async with working(make_jobs(Hand(), SqliteJobs(None))) as jobs:
        jobs.store_up = False
        await until(lambda: jobs.store_up)
