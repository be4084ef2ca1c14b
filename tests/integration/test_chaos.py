"""Whatever dies underneath: every accepted article is answered, or fails clearly, in its time.

The real domain and the real inference process, with the scripted engine; once with a real engine
and a tiny model. The statuses are those that docs/api.md promises, and no others.
"""

from __future__ import annotations

import asyncio
import re
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

from tests.support import tiny_models
from tests.support.numbered import SCRIPT, article, body, check_briefs, number_of
from tests.support.running import (
    Service,
    metric,
    running,
    until_at_least,
    until_metric,
    until_ready,
)

pytestmark = pytest.mark.chaos

DEADLINE = 60
TIMELY = {"JIANBAO_DEADLINE_SECONDS": str(DEADLINE)}
QUICK = SCRIPT
SLOW = {**SCRIPT, "delay": "0.06"}
"""A step, and with it a word of every running request, takes this many seconds: a request 1.4, an
article five."""
BRISK = {**SCRIPT, "delay": "0.03"}
SLOWEST = {**SCRIPT, "delay": "0.2"}
"""For what must be seen from outside while it lasts."""
NARROW = {"JIANBAO_BATCH_SEQUENCES": "8", "JIANBAO_QUEUE_REQUESTS": "20"}
"""20 articles fill the queue; the first requests of 8 run."""
PROBLEM = "application/problem+json"


async def posted(client: httpx.AsyncClient, one: dict[str, Any]) -> httpx.Response:
    """The answer, which must come within the deadline (and a little for the way)."""
    async with asyncio.timeout(DEADLINE + 2):
        return await client.post("/summarize", json=one, timeout=None)


def posting(
    client: httpx.AsyncClient, bodies: Iterable[dict[str, Any]]
) -> list[asyncio.Task[httpx.Response]]:
    return [asyncio.create_task(posted(client, one)) for one in bodies]


def translating(
    client: httpx.AsyncClient, path: str, one: dict[str, Any]
) -> asyncio.Task[httpx.Response]:
    return asyncio.create_task(client.post(path, json=one, timeout=DEADLINE))


def check_answered(answers: Iterable[httpx.Response], bodies: Iterable[dict[str, Any]]) -> None:
    for answer, one in zip(answers, bodies, strict=True):
        check_briefs(answer, one)


async def until_accepted(client: httpx.AsyncClient, articles: int) -> None:
    """Wait until the engine works on so many articles. Some may have two requests with it before
    the last of them has its first: that one is given a little more time.
    """
    await until_at_least(client, "running_requests", articles)
    await asyncio.sleep(1)


async def until_not_ready(client: httpx.AsyncClient) -> httpx.Response:
    async with asyncio.timeout(60):
        while True:
            # an idle connection is closed at SIGTERM, perhaps just when it is to be used
            with suppress(httpx.TransportError):
                answer = await client.get("/readyz")
                if answer.status_code != 200:
                    return answer
            await asyncio.sleep(0.005)


# ------------------------------------------------------------------ the engine process


async def check_survived(service: Service, client: httpx.AsyncClient, sent: signal.Signals) -> None:
    """Under load, ``sent`` to the engine costs no answer, and readiness tells of it."""
    warm = body(50, method="extractive")
    check_answered([await posted(client, warm)], [warm])
    bodies = [body(number) for number in range(4)]
    bodies += [body(number, method="extractive") for number in range(4, 6)]
    asked = posting(client, bodies)
    await until_accepted(client, 6)
    engine = service.engine()
    engine.send_signal(sent)
    refusal = await until_not_ready(client)
    assert refusal.status_code == 503
    assert "restarting" in refusal.json()["detail"]
    late = await posted(client, body(99))
    assert late.status_code == 503
    assert late.json()["type"] == "urn:problem-type:jianbao:unavailable"
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
    async with running(SLOW, **TIMELY, JIANBAO_STEP_TIMEOUT_SECONDS="2") as service:
        await service.announced()
        async with service.client() as client:
            await check_survived(service, client, signal.SIGSTOP)


async def test_an_engine_killed_again_and_again_fails_what_it_died_on_twice_and_nothing_else() -> (
    None
):
    bodies = [body(number) for number in range(6)]
    async with running(SLOW, **TIMELY) as service:
        await service.announced()
        async with service.client() as client:
            asked = posting(client, bodies)
            await until_accepted(client, 6)
            for _ in range(3):
                # what ran at the first death is tried again, one after the other
                await until_at_least(client, "running_requests", 1)
                service.engine().kill()
                await until_not_ready(client)
                await until_ready(client)
            answers = await asyncio.gather(*asked)
            failed = [answer for answer in answers if answer.status_code != 200]
            for answer, one in zip(answers, bodies, strict=True):
                if answer not in failed:
                    check_briefs(answer, one)
            assert len(failed) <= 2
            for answer in failed:
                assert answer.status_code == 500
                assert answer.headers["Content-Type"] == PROBLEM
                assert answer.json()["type"] == "urn:problem-type:jianbao:generation-failed"
                assert answer.json()["detail"] == "the inference engine died twice on this request"
            check_answered([await posted(client, body(100))], [body(100)])


async def test_a_hung_engine_is_replaced_though_every_caller_has_given_up_before() -> None:
    times = {"JIANBAO_DEADLINE_SECONDS": "3", "JIANBAO_STEP_TIMEOUT_SECONDS": "4"}
    async with running(QUICK, **times) as service:
        await service.announced()
        async with service.client() as client:
            engine = service.engine()
            engine.send_signal(signal.SIGSTOP)
            for late in await asyncio.gather(*posting(client, [body(0), body(1)])):
                assert late.status_code == 504
                assert late.headers["Content-Type"] == PROBLEM
            assert "restarting" in (await until_not_ready(client)).json()["detail"]
            await until_ready(client)
            assert service.engine().pid != engine.pid
            check_answered([await posted(client, body(0))], [body(0)])


async def test_translations_of_both_protocols_outlive_the_engine_as_briefs_do() -> None:
    async with running(SLOW, **TIMELY) as service:
        await service.announced()
        async with service.client() as client:
            bodies = [body(number) for number in range(2)]
            texts = {number: article(number) for number in range(2, 6)}
            asked = posting(client, bodies)
            libre = [
                translating(client, "/translate", {"q": text, "source": "en", "target": "zh"})
                for text in list(texts.values())[:2]
            ]
            deepl = [
                translating(client, "/v2/translate", {"text": [text], "target_lang": "ZH"})
                for text in list(texts.values())[2:]
            ]
            await until_accepted(client, 6)
            service.engine().kill()
            await until_not_ready(client)
            check_answered(await asyncio.gather(*asked), bodies)
            answers = [await one for one in (*libre, *deepl)]
            assert {answer.status_code for answer in answers} == {200}
            said = [answer.json()["translatedText"] for answer in answers[:2]]
            said += [answer.json()["translations"][0]["text"] for answer in answers[2:]]
            assert [number_of(text) for text in said] == list(texts)
            assert await metric(client, "engine_restarts_total") == 1


async def test_a_real_engine_that_is_killed_costs_no_answer(tmp_path: Path) -> None:
    model = tiny_models.gguf(tiny_models.qwen2(tmp_path / "hf"), tmp_path / "tiny.gguf")
    async with running({"domain": "real", "model": str(model)}, **TIMELY) as service:
        await service.announced()
        async with service.client() as client:
            asked = posting(client, [body(number) for number in range(4)])
            await until_accepted(client, 4)
            engine = service.engine()
            engine.kill()
            assert "restarting" in (await until_not_ready(client)).json()["detail"]
            for answer in await asyncio.gather(*asked):
                assert answer.status_code == 200, answer.text
                briefs = answer.json()["summaries"]
                # random weights write nonsense, under the grammars of the language asked for
                assert re.fullmatch(r"[^\u3400-\u9fff]+", briefs["en"]["text"])
                assert re.search(r"[\u3400-\u9fff]", briefs["zh"]["text"])
            assert service.engine().pid != engine.pid
            assert await metric(client, "engine_restarts_total") == 1


# ------------------------------------------------------------------ one among eight


async def check_one_fails_alone(service: Service, *, restarts: int) -> None:
    """Of eight articles together the one with the word POISON fails; the others do not, at the
    price of ``restarts`` of the engine.
    """
    bodies = [body(number) for number in range(7)]
    async with service.client() as client:
        asked = posting(client, bodies)
        await until_accepted(client, 7)
        poison = await posted(client, body(7, mark="POISON"))
        assert poison.status_code == 500
        assert poison.headers["Content-Type"] == PROBLEM
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
    async with running(SLOWEST, **TIMELY, JIANBAO_BATCH_SEQUENCES="8") as service:
        await service.announced()
        async with service.client() as client, service.client() as fickle:
            # a brief in one language is one request; the engine runs 8 at once, the rest waits
            leaving = posting(fickle, [body(number, "en") for number in range(15)])
            await until_metric(client, "running_requests", 8)
            await until_metric(client, "queued_requests", 7)
            bodies = [body(100, "en"), body(101, "en")]
            staying = posting(client, bodies)
            await until_metric(client, "queued_requests", 9)
            for task in leaving:
                task.cancel()
            # the two that stayed find room at once
            check_answered(await asyncio.gather(*staying), bodies)
            await until_metric(client, "queued_requests", 0)
            await until_metric(client, "running_requests", 0)
            assert await metric(client, "engine_restarts_total") == 0


async def test_sigterm_in_a_full_queue_finishes_all_that_was_accepted() -> None:
    bodies = [body(number) for number in range(20)]
    async with running(BRISK, **TIMELY, **NARROW) as service:
        await service.announced()
        async with service.client() as client:
            asked = posting(client, bodies)
            await until_at_least(client, "running_requests", 8)
            await until_at_least(client, "queued_requests", 12)
            service.process.send_signal(signal.SIGTERM)
            check_answered(await asyncio.gather(*asked), bodies)
        assert await service.ended() == 0


async def test_a_second_sigterm_in_a_full_queue_answers_all_at_once() -> None:
    async with running(SLOWEST, **TIMELY, **NARROW) as service:
        await service.announced()
        async with service.client() as client:
            asked = posting(client, [body(number) for number in range(20)])
            await until_at_least(client, "queued_requests", 12)
            service.process.send_signal(signal.SIGTERM)
            refusal = await until_not_ready(client)
            assert "draining" in refusal.json()["detail"]
            service.process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            answers = await asyncio.gather(*asked)
            assert time.monotonic() - began < 5
        assert {answer.status_code for answer in answers} == {503}
        assert {answer.headers["Content-Type"] for answer in answers} == {PROBLEM}
        assert await service.ended() == 0


# ------------------------------------------------------------------ overload and endurance


async def test_at_twice_saturation_refusals_and_probes_are_quick_and_the_accepted_answered() -> (
    None
):
    statuses: Counter[int] = Counter()
    refusals: list[float] = []
    probes: list[float] = []
    answers: list[float] = []

    async def one(client: httpx.AsyncClient, number: int) -> None:
        began = time.monotonic()
        answer = await posted(client, body(number))
        statuses[answer.status_code] += 1
        if answer.status_code == 200:
            answers.append(time.monotonic() - began)
            check_briefs(answer, body(number))
        if answer.status_code == 429:
            refusals.append(time.monotonic() - began)
            assert int(answer.headers["Retry-After"]) >= 1
            assert answer.headers["RateLimit-Remaining"] == "0"

    async with running(BRISK, **TIMELY, JIANBAO_QUEUE_REQUESTS="8") as service:
        await service.announced()
        # 8 at a time, each of some 70 steps of 30 ms: about 4 a second are served
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
    # the goal is 50 ms; a machine that is busy with other things makes all of them slower, which is
    # no fault of the service; what waits in the queue takes two seconds and more, and longer too
    answered = sorted(answers)[len(answers) // 2]
    for times in (refusals, probes):
        assert sorted(times)[len(times) // 2] < max(0.3, answered / 4)
        assert sorted(times)[len(times) * 95 // 100] < max(1, answered / 2)


async def test_memory_does_not_grow_over_hundreds_of_articles() -> None:
    async def ask(client: httpx.AsyncClient, numbers: range) -> None:
        for first in numbers[::20]:
            bodies = [body(number) for number in range(first, first + 20)]
            check_answered(await asyncio.gather(*posting(client, bodies)), bodies)

    def memory(service: Service) -> list[float]:
        web = psutil.Process(service.process.pid)
        return [one.memory_info().rss / 2**20 for one in (web, service.engine())]

    async with running(QUICK, **TIMELY, JIANBAO_CACHE_ANSWERS="50") as service:
        await service.announced()
        async with service.client() as client:
            await ask(client, range(140))
            before = memory(service)
            await ask(client, range(140, 440))
            after = memory(service)
            assert await metric(client, "queued_requests") == 0
            assert await metric(client, "running_requests") == 0
    grown = [late - early for early, late in zip(before, after, strict=True)]
    assert max(grown) < 8, grown
