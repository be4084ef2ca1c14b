"""Work on texts in threads: in order, one piece of a request at a time, in its caller's context."""

from __future__ import annotations

import asyncio
import sys
import threading
import time

import pytest

from service.context import Work, current, working_on
from service.workers import Workers


async def test_a_lane_does_its_pieces_one_at_a_time_in_the_order_they_were_asked_for() -> None:
    lane = Workers().lane()
    at_work = 0
    done: list[int] = []

    def piece(number: int) -> None:
        nonlocal at_work
        at_work += 1
        assert at_work == 1
        time.sleep(0.001)
        done.append(number)
        at_work -= 1

    await asyncio.gather(*(lane.run(piece, number) for number in range(20)))
    assert done == list(range(20))


async def test_a_request_does_not_wait_for_the_many_pieces_of_another() -> None:
    workers = Workers(threads=1)
    long, short = workers.lane(), workers.lane()
    done: list[str] = []
    pieces = [asyncio.create_task(long.run(done.append, f"long {n}")) for n in range(20)]
    await asyncio.sleep(0)
    await short.run(done.append, "short")
    await asyncio.gather(*pieces)
    assert done.index("short") <= 2


async def test_the_event_loop_goes_on_while_a_thread_computes() -> None:
    enough = threading.Event()

    def compute() -> int:
        turns = 0
        while not enough.is_set():  # holds the interpreter whenever it has it
            turns += 1
        return turns

    working = asyncio.create_task(Workers().lane().run(compute))
    for _ in range(10):
        await asyncio.sleep(0.001)
    assert not working.done()
    enough.set()
    assert await working > 0


async def test_a_piece_is_done_in_the_context_of_its_caller() -> None:
    lane = Workers().lane()
    with working_on(Work(request="r1")):
        assert (await lane.run(current)).request == "r1"


async def test_what_a_piece_raises_reaches_the_caller_and_the_next_piece_is_done() -> None:
    lane = Workers().lane()
    with pytest.raises(ZeroDivisionError):
        await lane.run(divmod, 1, 0)
    assert await lane.run(divmod, 7, 2) == (3, 1)


async def test_a_caller_who_leaves_takes_the_pieces_along_that_have_not_begun() -> None:
    lane = Workers().lane()
    begun, go = threading.Event(), threading.Event()
    done: list[str] = []

    def first() -> None:
        begun.set()
        go.wait(30)
        done.append("first")

    running = asyncio.create_task(lane.run(first))
    waiting = asyncio.create_task(lane.run(done.append, "second"))
    await asyncio.to_thread(begun.wait, 30)
    waiting.cancel()
    await asyncio.wait([waiting])
    go.set()
    await running
    assert await lane.run(list, done) == ["first"]


def test_threads_take_short_turns() -> None:
    Workers()
    assert sys.getswitchinterval() <= 0.001
