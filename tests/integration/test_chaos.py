"""Whatever dies underneath: every accepted article is answered, or fails clearly, in its time."""

from __future__ import annotations

import asyncio
import resource
import signal
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.support.running import Service, metric, running, until_metric, until_ready

pytestmark = pytest.mark.chaos

DEADLINE = 15
WORDS = "one two three four five six seven eight nine ten"
TIMELY = {"JIANBAO_DEADLINE_SECONDS": str(DEADLINE)}
SLOW = {"delay": "0.05"}
"""A step, and with it a word of every running request, takes this many seconds."""
BRISK = {"delay": "0.03"}
"""For where each of eight requests is tried again alone."""


def body(number: int, words: str = WORDS) -> dict[str, Any]:
    return {"text": f"{words} {number}", "languages": ["en", "zh"]}


async def posted(client: httpx.AsyncClient, one: dict[str, Any]) -> httpx.Response:
    """The answer, which must come within the deadline (and a little for the way)."""
    async with asyncio.timeout(DEADLINE + 2):
        return await client.post("/summarize", json=one, timeout=None)


def posting(
    client: httpx.AsyncClient, bodies: Iterable[dict[str, Any]]
) -> list[asyncio.Task[httpx.Response]]:
    return [asyncio.create_task(posted(client, one)) for one in bodies]


def check_answered(answers: Iterable[httpx.Response], bodies: Iterable[dict[str, Any]]) -> None:
    for answer, one in zip(answers, bodies, strict=True):
        assert answer.status_code == 200, answer.text
        assert [brief["text"] for brief in answer.json()["summaries"].values()] == [one["text"]] * 2


async def until_not_ready(client: httpx.AsyncClient) -> httpx.Response:
    async with asyncio.timeout(10):
        while (answer := await client.get("/readyz")).status_code == 200:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    return answer


# ------------------------------------------------------------------ the engine process


async def check_survived(service: Service, client: httpx.AsyncClient, sent: signal.Signals) -> None:
    """Under load, ``sent`` to the engine costs no answer, and readiness tells of it."""
    bodies = [body(number) for number in range(6)]
    asked = posting(client, bodies)
    await until_metric(client, "running_requests", 6)
    engine = service.engine()
    engine.send_signal(sent)
    refusal = await until_not_ready(client)
    assert refusal.status_code == 503
    assert "restarting" in refusal.json()["detail"]
    late = await posted(client, body(99))
    assert late.status_code == 503
    assert int(late.headers["Retry-After"]) >= 1
    assert (await client.get("/livez")).status_code == 200
    check_answered(await asyncio.gather(*asked), bodies)
    await until_ready(client)
    assert service.engine().pid != engine.pid
    assert not engine.is_running()
    check_answered([await posted(client, body(100))], [body(100)])
    assert await metric(client, "engine_restarts_total") == 1


async def test_an_engine_that_is_killed_comes_back_and_its_work_is_done() -> None:
    async with running(SLOW, **TIMELY) as service:
        await service.announced()
        async with service.client() as client:
            await check_survived(service, client, signal.SIGKILL)


async def test_an_engine_that_hangs_is_replaced_and_its_work_is_done() -> None:
    async with running(SLOW, **TIMELY, JIANBAO_STEP_TIMEOUT_SECONDS="1") as service:
        await service.announced()
        async with service.client() as client:
            await check_survived(service, client, signal.SIGSTOP)


async def test_an_engine_killed_again_and_again_fails_its_work_clearly() -> None:
    async with running(SLOW, **TIMELY) as service:
        await service.announced()
        async with service.client() as client:
            asked = posting(client, [body(number) for number in range(4)])
            for _ in range(3):
                await until_ready(client)
                await asyncio.sleep(0.1)
                with suppress(psutil.NoSuchProcess, ValueError):
                    service.engine().kill()
                await until_not_ready(client)
            answers = await asyncio.gather(*asked)
            assert {answer.status_code for answer in answers} <= {200, 500, 503}
            for answer in answers:
                if answer.status_code != 200:
                    assert answer.headers["Content-Type"] == "application/problem+json"
            await until_ready(client)
            check_answered([await posted(client, body(100))], [body(100)])


async def test_a_hung_engine_is_replaced_though_every_caller_has_given_up_before() -> None:
    times = {"JIANBAO_DEADLINE_SECONDS": "1", "JIANBAO_STEP_TIMEOUT_SECONDS": "2"}
    async with running(None, **times) as service:
        await service.announced()
        async with service.client() as client:
            engine = service.engine()
            engine.send_signal(signal.SIGSTOP)
            for _ in range(2):
                late = await posted(client, body(0))
                assert late.status_code == 504
                assert late.headers["Content-Type"] == "application/problem+json"
            assert "restarting" in (await until_not_ready(client)).json()["detail"]
            await until_ready(client)
            assert service.engine().pid != engine.pid
            check_answered([await posted(client, body(0))], [body(0)])


# ------------------------------------------------------------------ one among eight


async def check_one_fails_alone(service: Service, *, restarts: int) -> None:
    """Of eight articles together the one with the word POISON fails; the others do not, at the
    price of ``restarts`` of the engine.
    """
    bodies = [body(number) for number in range(7)]
    async with service.client() as client:
        asked = posting(client, bodies)
        await until_metric(client, "running_requests", 7)
        poison = await posted(client, body(7, f"POISON {WORDS}"))
        assert poison.status_code == 500
        assert poison.headers["Content-Type"] == "application/problem+json"
        assert poison.json()["type"] == "urn:problem-type:jianbao:generation-failed"
        if not restarts:
            assert (await client.get("/readyz")).status_code == 200
        check_answered(await asyncio.gather(*asked), bodies)
        await until_ready(client)
        check_answered([await posted(client, body(100))], [body(100)])
        assert await metric(client, "engine_restarts_total") == restarts


async def test_a_request_that_makes_the_engine_raise_fails_alone() -> None:
    async with running({**BRISK, "raise_on": "POISON"}, **TIMELY) as service:
        await service.announced()
        await check_one_fails_alone(service, restarts=0)


async def test_a_request_that_kills_the_engine_fails_alone() -> None:
    async with running({**BRISK, "crash_on": "POISON"}, **TIMELY) as service:
        await service.announced()
        await check_one_fails_alone(service, restarts=2)


async def test_a_request_that_takes_all_memory_fails_alone() -> None:
    async with running({**BRISK, "exhaust_on": "POISON"}, **TIMELY) as service:
        await service.announced()
        engine = service.engine()
        most = engine.memory_info().vms + (256 << 20)
        engine.rlimit(resource.RLIMIT_AS, (most, most))
        await check_one_fails_alone(service, restarts=0)
        # else it raised for another reason than that memory ran out
        assert most - (64 << 20) < peak_address_space(engine) <= most


def peak_address_space(process: psutil.Process) -> int:
    """Bytes; psutil does not tell it."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmPeak:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmPeak")


# ------------------------------------------------------------------ clients and signals


async def test_clients_that_leave_cost_nothing_whether_they_waited_or_ran() -> None:
    async with running(SLOW, **TIMELY, JIANBAO_QUEUE_REQUESTS="100") as service:
        await service.announced()
        async with service.client() as client, service.client() as fickle:
            # an engine runs 32 at once; the rest waits
            leaving = posting(fickle, [body(number, "word " * 100) for number in range(60)])
            await until_metric(client, "running_requests", 32)
            await until_metric(client, "queued_requests", 28)
            bodies = [body(100), body(101)]
            staying = posting(client, bodies)
            await until_metric(client, "queued_requests", 30)
            for task in leaving:
                task.cancel()
            # the two that stayed find room at once
            check_answered(await asyncio.gather(*staying), bodies)
            await until_metric(client, "queued_requests", 0)
            await until_metric(client, "running_requests", 0)
            assert await metric(client, "engine_restarts_total") == 0


async def test_sigterm_in_a_full_queue_finishes_all_that_was_accepted() -> None:
    bodies = [body(number) for number in range(40)]
    async with running(SLOW, **TIMELY, JIANBAO_QUEUE_REQUESTS="40") as service:
        await service.announced()
        async with service.client() as client:
            asked = posting(client, bodies)
            await until_metric(client, "running_requests", 32)
            await until_metric(client, "queued_requests", 8)
            service.process.send_signal(signal.SIGTERM)
            check_answered(await asyncio.gather(*asked), bodies)
        assert await service.ended() == 0


async def test_a_second_sigterm_in_a_full_queue_answers_all_at_once() -> None:
    async with running({"delay": "0.5"}, **TIMELY, JIANBAO_QUEUE_REQUESTS="40") as service:
        await service.announced()
        async with service.client() as client:
            asked = posting(client, [body(number) for number in range(40)])
            await until_metric(client, "queued_requests", 8)
            service.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.2)
            service.process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            answers = await asyncio.gather(*asked)
            assert time.monotonic() - began < 5
        assert {answer.status_code for answer in answers} == {503}
        assert {answer.headers["Content-Type"] for answer in answers} == {
            "application/problem+json"
        }
        assert await service.ended() == 0


# ------------------------------------------------------------------ overload and endurance


async def test_at_twice_saturation_refusals_and_probes_are_quick_and_the_accepted_answered() -> (
    None
):
    statuses: Counter[int] = Counter()
    refusals: list[float] = []
    probes: list[float] = []

    async def one(client: httpx.AsyncClient, number: int) -> None:
        began = time.monotonic()
        answer = await posted(client, body(number))
        statuses[answer.status_code] += 1
        if answer.status_code == 429:
            refusals.append(time.monotonic() - began)
            assert int(answer.headers["Retry-After"]) >= 1
            assert answer.headers["RateLimit-Remaining"] == "0"

    async with running(SLOW, **TIMELY, JIANBAO_QUEUE_REQUESTS="8") as service:
        await service.announced()
        # 8 at a time, each of some 22 steps of 50 ms: about 7 a second are served
        async with service.client() as client, asyncio.TaskGroup() as group:
            for number in range(60):
                group.create_task(one(client, number))
                began = time.monotonic()
                assert (await client.get("/livez")).status_code == 200
                probes.append(time.monotonic() - began)
                await asyncio.sleep(1 / 14)
    assert set(statuses) == {200, 429}
    assert statuses[200] >= 8
    assert statuses[429] >= 8
    # the goal is 50 ms; a machine that is busy with other things makes the slowest of them slower,
    # which is no fault of the service
    for times in (refusals, probes):
        assert sorted(times)[len(times) // 2] < 0.05
        assert sorted(times)[len(times) * 95 // 100] < 0.25


async def test_memory_does_not_grow_over_a_thousand_articles() -> None:
    async def ask(client: httpx.AsyncClient, numbers: range) -> None:
        for first in numbers[::20]:
            bodies = [body(number) for number in range(first, first + 20)]
            check_answered(await asyncio.gather(*posting(client, bodies)), bodies)

    def memory(service: Service) -> list[float]:
        web = psutil.Process(service.process.pid)
        return [one.memory_info().rss / 2**20 for one in (web, service.engine())]

    async with running(None, **TIMELY, JIANBAO_CACHE_ANSWERS="100") as service:
        await service.announced()
        async with service.client() as client:
            await ask(client, range(300))
            before = memory(service)
            await ask(client, range(300, 1300))
            after = memory(service)
            assert await metric(client, "queued_requests") == 0
            assert await metric(client, "running_requests") == 0
    grown = [late - early for early, late in zip(before, after, strict=True)]
    assert max(grown) < 8, grown
