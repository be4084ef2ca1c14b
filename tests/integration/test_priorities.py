"""An editor's click goes before a nightly batch, with the real inference process."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from service.errors import Overloaded
from service.inference.admission import Limits
from service.inference.backoff import Backoff
from service.inference.client import InferenceClient
from service.inference.config import EngineConfig, EngineResources
from service.inference.meters import RateByLoad
from service.inference.protocol import Generation, GenerationRequest, Message, Plan
from service.inference.supervisor import Timeouts
from service.tasks import Priority
from tests.support.generating import generate

TIMEOUTS = Timeouts(deadline=20.0, step=5.0, load=10.0, stop=2.0)


def _client(
    limits: Limits, *, rates: RateByLoad | None = None, sequences: int = 1, delay: str = "0.01"
) -> InferenceClient:
    async def prepare() -> list[EngineConfig]:
        return [
            EngineConfig(
                engine="scripted",
                model="echo",
                tasks=("summarize:en",),
                context=1000,
                resources=EngineResources(batch_sequences=sequences),
                extra={"delay": delay},
            )
        ]

    return InferenceClient(
        prepare, limits=limits, timeouts=TIMEOUTS, rates=rates, backoff=Backoff(first=0.01)
    )


REQUEST = GenerationRequest(
    id="r",
    task="summarize:en",
    source="en",
    target="en",
    messages=(Message("user", "one two three four five"),),
    max_new_tokens=100,
)


async def _run(
    client: InferenceClient,
    priority: Priority,
    timeout: float | None = None,
    *,
    ago: float = 0.0,
) -> Generation:
    """Run the request of an article that began so many seconds ``ago``."""
    return await generate(
        client,
        REQUEST,
        tokens=100,
        priority=priority,
        timeout=timeout,
        started=time.monotonic() - ago if ago else 0.0,
    )


async def test_a_click_is_answered_before_the_batch_that_waits() -> None:
    done: list[str] = []

    async def ask(client: InferenceClient, priority: Priority) -> None:
        await _run(client, priority)
        done.append(priority)

    # the first takes half a second, within which the others come on a busy machine too
    slow = _client(Limits(100, 100_000), delay="0.1")
    async with slow as client, asyncio.TaskGroup() as tasks:
        await client.wait_ready()
        for priority in ("low", "low", "low", "normal", "high"):
            tasks.create_task(ask(client, priority))
            await asyncio.sleep(0.01)
    # the first ran already when the others came
    assert done == ["low", "high", "normal", "low", "low"]


async def test_a_click_finds_room_where_the_batch_is_refused() -> None:
    async with _client(Limits(10, 100_000)) as client:
        await client.wait_ready()
        batch = [asyncio.create_task(_run(client, "low")) for _ in range(8)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await _run(client, "low")
        assert (await _run(client, "high")).outputs[0].finish == "stop"
        await asyncio.gather(*batch)


async def test_only_what_goes_before_it_makes_a_click_wait_too_long() -> None:
    rates = RateByLoad()
    rates.add(1600, 16.0, 1)  # 100 tokens a second
    async with _client(Limits(100, 100_000), rates=rates) as client:
        await client.wait_ready()
        batch = [asyncio.create_task(_run(client, "low")) for _ in range(20)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded, match="7 seconds"):
            await _run(client, "low", 7.0)
        await _run(client, "high", 7.0)
        for task in batch:
            task.cancel()
        await asyncio.gather(*batch, return_exceptions=True)


AGED = TIMEOUTS.deadline - 1
"""Seconds: low work that has waited almost as long as it may."""


async def _ask(
    client: InferenceClient, done: list[str], priority: Priority, *, ago: float = 0.0
) -> None:
    await _run(client, priority, ago=ago)
    done.append(priority)


async def test_low_work_that_has_waited_for_long_does_not_go_before_a_click() -> None:
    done: list[str] = []
    async with _client(Limits(100, 100_000)) as client, asyncio.TaskGroup() as tasks:
        await client.wait_ready()
        tasks.create_task(_ask(client, done, "low", ago=AGED))
        await asyncio.sleep(0)
        for priority in ("low", "low", "high"):
            ago = AGED if priority == "low" else 0.0
            tasks.create_task(_ask(client, done, priority, ago=ago))
    assert done == ["low", "high", "low", "low"]


async def test_low_work_that_is_short_of_time_does_not_hold_back_a_click() -> None:
    client = _client(Limits(100, 100_000), sequences=8, delay="0.2")
    async with client:
        await client.wait_ready()
        hurried = asyncio.create_task(_run(client, "low", timeout=AGED, ago=AGED))
        await asyncio.sleep(0)
        click = asyncio.create_task(_run(client, "high"))
        normal = asyncio.create_task(_run(client, "normal"))
        await asyncio.sleep(0)
        assert client.stats().running == 3
        await asyncio.gather(hurried, click, normal)


async def test_clicks_leave_a_part_of_the_engine_to_others() -> None:
    done: list[str] = []
    client = _client(Limits(100, 100_000), sequences=5)
    async with client, asyncio.TaskGroup() as tasks:
        await client.wait_ready()
        for priority in ("high",) * 12 + ("low",):
            tasks.create_task(_ask(client, done, priority))
    # four clicks ran at a time, and the batch beside them
    assert done.index("low") <= 4


async def test_low_work_is_begun_when_it_starves_though_nothing_else_happens() -> None:
    """A request that holds back whatever comes after it runs for 20 s; one of low priority begins
    when a quarter of the deadline, 5 s, is gone.
    """
    client = _client(Limits(100, 100_000), sequences=5, delay="4")
    async with client:
        await client.wait_ready()
        long = asyncio.create_task(_run(client, "high", timeout=10.0, ago=8.0))
        await asyncio.sleep(0)
        waits = asyncio.create_task(_run(client, "low", ago=4.0))
        await asyncio.sleep(0.1)
        assert client.stats().running == 1
        async with asyncio.timeout(8):
            while client.stats().running < 2:  # noqa: ASYNC110 - another process's
                await asyncio.sleep(0.05)
        assert not long.done()
        for task in (long, waits):
            task.cancel()
        await asyncio.gather(long, waits, return_exceptions=True)


async def test_low_work_that_is_done_again_after_a_crash_lets_a_click_go_first() -> None:
    done: list[str] = []
    client = _client(Limits(100, 100_000), sequences=4, delay="0.05")
    async with client:
        await client.wait_ready()
        async with client.admit(Plan("summarize:en", priority="high")) as ticket:
            batch = [asyncio.create_task(_ask(client, done, "low")) for _ in range(4)]
            await asyncio.sleep(0)
            assert client.stats().running == 4
            os.kill(client.stats().pid, signal.SIGKILL)
            while client.state == "ready":  # noqa: ASYNC110 - another process's
                await asyncio.sleep(0.005)

            async def click() -> None:
                await ticket.generate(REQUEST)
                done.append("high")

            await asyncio.gather(*batch, click())
    assert done == ["high", "low", "low", "low", "low"]
