"""Work that several wait for: who leaves takes nothing from the others."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import GenerationFailed
from service.shared_work import SharedWork


class Job:
    """Work that gives way ``turns`` times, and how it ended."""

    def __init__(self, turns: int, error: Exception | None = None) -> None:
        self.turns = turns
        self.error = error
        self.end = ""

    async def run(self) -> str:
        self.end = "cancelled"
        for _ in range(self.turns):
            await asyncio.sleep(0)
        self.end = "done"
        if self.error:
            raise self.error
        return "result"


async def give_way(turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


@given(
    turns=st.integers(0, 10),
    waiters=st.lists(
        st.tuples(st.integers(0, 4), st.none() | st.integers(0, 12)), min_size=1, max_size=6
    ),
)
@settings(deadline=None, max_examples=200)
async def test_who_stays_gets_the_result_whoever_leaves(
    turns: int, waiters: list[tuple[int, int | None]]
) -> None:
    """A waiter comes after some turns of the event loop; it may leave after some more."""
    job = Job(turns)
    work = SharedWork(job.run())

    async def wait(after: int) -> str:
        with work.held():  # or the first to leave might be the last that holds it
            await give_way(after)
            return await work.result()

    async def leave(task: asyncio.Task[str], after: int) -> None:
        await give_way(after)
        task.cancel()

    tasks = [asyncio.create_task(wait(after)) for after, _ in waiters]
    await asyncio.sleep(0)
    leaving = [
        asyncio.create_task(leave(task, until))
        for task, (_, until) in zip(tasks, waiters, strict=True)
        if until is not None
    ]
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(*leaving)
    for outcome, (_, until) in zip(outcomes, waiters, strict=True):
        assert outcome == "result" or (
            until is not None and isinstance(outcome, asyncio.CancelledError)
        )
    await work.ended()
    assert work.abandoned == (job.end == "cancelled")


async def test_the_last_one_to_leave_cancels_the_work() -> None:
    job = Job(1000)
    work = SharedWork(job.run())
    tasks = [asyncio.create_task(work.result()) for _ in range(2)]
    await give_way(2)
    tasks[0].cancel()
    await give_way(3)
    assert not work.abandoned
    tasks[1].cancel()
    await asyncio.wait(tasks)
    await work.ended()
    assert work.abandoned
    assert job.end == "cancelled"


async def test_a_result_can_still_be_had_when_all_have_left() -> None:
    work = SharedWork(Job(1).run())
    assert await work.result() == "result"
    assert await work.result() == "result"
    assert not work.abandoned


async def test_abandoned_work_is_refused_and_not_a_cancellation() -> None:
    work = SharedWork(Job(1000).run())
    work.hold()
    work.release()
    with pytest.raises(RuntimeError, match="abandoned"):
        await work.result()


async def test_a_failure_reaches_all_who_wait() -> None:
    work = SharedWork(Job(3, GenerationFailed("no")).run())
    outcomes = await asyncio.gather(work.result(), work.result(), return_exceptions=True)
    assert [str(outcome) for outcome in outcomes] == ["no", "no"]


async def test_a_failure_that_nobody_waits_for_is_no_error_of_the_loop() -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    work = SharedWork(Job(1, GenerationFailed("no")).run())
    work.hold()
    await work.ended()
    del work
    await asyncio.sleep(0)
    assert reported == []
