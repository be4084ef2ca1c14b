"""An editor's click goes before a nightly batch, with the real inference process."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from service.errors import Overloaded
from service.inference.batching import Limits, RateByLoad
from service.inference.client import InferenceClient, Timeouts
from service.inference.config import EngineConfig
from service.inference.protocol import GenerationRequest, Message, Priority

TIMEOUTS = Timeouts(deadline=20.0, step=5.0, load=10.0, stop=2.0)


def _client(limits: Limits, *, rates: RateByLoad | None = None) -> InferenceClient:
    async def prepare() -> list[EngineConfig]:
        return [
            EngineConfig(
                engine="scripted",
                model="echo",
                tasks=("summarize:en",),
                context=1000,
                batch_sequences=1,
                extra={"delay": "0.01"},
            )
        ]

    return InferenceClient(prepare, limits=limits, timeouts=TIMEOUTS, rates=rates)


def _request(priority: Priority, patience: float | None = None) -> GenerationRequest:
    return GenerationRequest(
        id=priority,
        task="summarize:en",
        source="en",
        target="en",
        messages=(Message("user", "one two three four five"),),
        max_new_tokens=100,
        cost=100,
        priority=priority,
        patience=patience,
    )


async def test_a_click_is_answered_before_the_batch_that_waits() -> None:
    done: list[str] = []

    async def ask(client: InferenceClient, priority: Priority) -> None:
        await client.generate(_request(priority))
        done.append(priority)

    async with _client(Limits(100, 100_000)) as client, asyncio.TaskGroup() as tasks:
        await client.wait_ready()
        for priority in ("low", "low", "low", "normal", "high"):
            tasks.create_task(ask(client, priority))
            await asyncio.sleep(0.01)
    # the first ran already when the others came
    assert done == ["low", "high", "normal", "low", "low"]


async def test_a_click_finds_room_where_the_batch_is_refused() -> None:
    async with _client(Limits(10, 100_000)) as client:
        await client.wait_ready()
        batch = [asyncio.create_task(client.generate(_request("low"))) for _ in range(8)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await client.generate(_request("low"))
        assert (await client.generate(_request("high"))).outputs[0].finish == "stop"
        await asyncio.gather(*batch)


async def test_only_what_goes_before_it_makes_a_click_wait_too_long() -> None:
    rates = RateByLoad()
    rates.add(1600, 16.0, 1)  # 100 tokens a second
    hurried = _request("high", patience=7.0)
    async with _client(Limits(100, 100_000), rates=rates) as client:
        await client.wait_ready()
        batch = [asyncio.create_task(client.generate(_request("low"))) for _ in range(20)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded, match="7 seconds"):
            await client.generate(msgspec.structs.replace(hurried, priority="low"))
        await client.generate(hurried)
        for task in batch:
            task.cancel()
        await asyncio.gather(*batch, return_exceptions=True)
