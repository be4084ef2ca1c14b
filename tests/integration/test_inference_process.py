"""The real inference process with the scripted engine: what happens, whatever dies."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    Overloaded,
    PromptTooLong,
    SourcesUnreachable,
    Unavailable,
    UnsupportedTask,
)
from service.inference.admission import Limits
from service.inference.backoff import Backoff
from service.inference.client import InferenceClient
from service.inference.config import EngineConfig, EngineResources
from service.inference.engines.scripted import LIKELY, UNLIKELY
from service.inference.meters import RateByLoad
from service.inference.observer import NullObserver
from service.inference.protocol import (
    Generation,
    GenerationRequest,
    Message,
    Plan,
    Sampling,
    TokenScore,
)
from service.inference.scheduling import SCORES
from service.inference.supervisor import Timeouts
from service.tasks import Task
from tests.support.generating import generate

QUICK = Backoff(first=0.01, cap=0.05, attempts=3)
PATIENT = Timeouts(deadline=10.0, step=5.0, load=10.0, stop=2.0)
AMPLE = Limits(requests=100, tokens=100_000)


def scripted(*tasks: Task, model: str = "echo", sequences: int = 8, **script: str) -> EngineConfig:
    return EngineConfig(
        engine="scripted",
        model=model,
        tasks=tasks or ("summarize:en",),
        context=1_000,
        resources=EngineResources(batch_sequences=sequences),
        extra=script,
    )


def request(
    text: str, *, task: Task = "summarize:en", family: str = "", candidates: int = 1
) -> GenerationRequest:
    return GenerationRequest(
        id="r",
        task=task,
        source="en",
        target="en",
        messages=(Message("system", "Echo."), Message("user", text)),
        max_new_tokens=500,
        sampling=Sampling(candidates=candidates),
        family=family,
    )


def prepared(*configs: EngineConfig) -> Callable[[], Awaitable[Sequence[EngineConfig]]]:
    async def prepare() -> Sequence[EngineConfig]:
        return configs

    return prepare


class Counter(NullObserver):
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.answers: list[Generation] = []
        self.failures: list[str] = []
        self.refusals: list[str] = []
        self.restarts: list[str] = []

    def dispatched(self, model: str, batch: int) -> None:
        self.batches.append(batch)

    def finished(self, request: GenerationRequest, generation: Generation) -> None:
        self.answers.append(generation)

    def failed(self, request: GenerationRequest, error: Exception) -> None:
        self.failures.append(type(error).__name__)

    def refused(self, reason: str) -> None:
        self.refusals.append(reason)

    def restarted(self, reason: str) -> None:
        self.restarts.append(reason)


@asynccontextmanager
async def serving(
    *configs: EngineConfig,
    timeouts: Timeouts = PATIENT,
    limits: Limits = AMPLE,
    observer: Counter | None = None,
    rates: RateByLoad | None = None,
) -> AsyncIterator[InferenceClient]:
    client = InferenceClient(
        prepared(*configs),
        limits=limits,
        timeouts=timeouts,
        backoff=QUICK,
        rates=rates,
        observer=observer,
    )
    async with client:
        await client.wait_ready()
        yield client


async def text_of(client: InferenceClient, text: str) -> str:
    return (await generate(client, request(text))).outputs[0].text


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - processes give no event to wait for
            await asyncio.sleep(0.005)


def gone(pid: int) -> bool:
    """Whether a process has ended, reaped or not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] in {"Z", "X"}


# ---------------------------------------------------------------------- the plain path


async def test_a_request_is_answered_under_its_own_id_with_model_usage_and_timings() -> None:
    async with serving(scripted(words="2", delay="0.01")) as client:
        answer = await generate(client, request("rain fell today", candidates=2))
    assert answer.id == "r"
    assert [output.text for output in answer.outputs] == ["rain fell", "rain fell"]
    assert answer.model == "echo"
    assert (answer.usage.prompt, answer.usage.generated) == (3, 4)
    assert answer.timings.queue >= 0
    assert answer.timings.decode > 0


async def test_text_is_streamed_as_it_comes() -> None:
    deltas: list[str] = []
    async with serving(scripted()) as client:
        await generate(client, request("rain fell today"), on_text=deltas.append)
    assert deltas == ["rain", " fell", " today"]


async def test_twenty_at_once_are_each_given_their_own_answer() -> None:
    async with serving(scripted(delay="0.002")) as client:
        answers = await asyncio.gather(*(text_of(client, f"story {n}") for n in range(20)))
    assert answers == [f"story {n}" for n in range(20)]


async def test_the_engine_is_never_given_more_than_it_runs_at_once() -> None:
    observer = Counter()
    async with serving(scripted(sequences=2, delay="0.05"), observer=observer) as client:
        tasks = [asyncio.create_task(text_of(client, "one")) for _ in range(5)]
        await asyncio.sleep(0.01)
        stats = client.stats()
        await asyncio.gather(*tasks)
    assert (stats.running, stats.queued_requests) == (2, 3)
    assert len(observer.batches) >= 3
    assert max(observer.batches) == 2


async def test_the_process_reports_its_steps_and_memory_while_it_works() -> None:
    timeouts = msgspec.structs.replace(PATIENT, step=0.4)
    async with serving(scripted(delay="0.02"), timeouts=timeouts) as client:
        await text_of(client, "a b c d e f g h i j k l m n o p")
        stats = client.stats()
    assert 1 <= stats.steps <= 16
    assert stats.peak_memory > 1_000_000


async def test_each_task_goes_to_the_engine_that_serves_it() -> None:
    lineup = (
        scripted("summarize:en", model="first"),
        scripted("translate:en-zh", model="second"),
    )
    async with serving(*lineup) as client:
        assert [one.model for one in client.capabilities] == ["first", "second"]
        answers = await asyncio.gather(
            generate(client, request("a", task="translate:en-zh")),
            generate(client, request("b")),
        )
        with pytest.raises(UnsupportedTask, match="translate:zh-en"):
            await generate(client, request("c", task="translate:zh-en"))
    assert [answer.model for answer in answers] == ["second", "first"]


async def test_siblings_wait_for_their_leaders_prompt_and_find_it_cached() -> None:
    async with serving(scripted(delay="0.01")) as client:
        answers = await asyncio.gather(
            *(generate(client, request("a long story", family="article")) for _ in range(4)),
            generate(client, request("another story", family="other")),
        )
    assert [answer.usage.cached for answer in answers] == [0, 3, 3, 3, 0]


async def test_a_sibling_takes_the_lead_when_the_leader_is_cancelled() -> None:
    async with serving(scripted(delay="0.05")) as client:
        leader = asyncio.create_task(generate(client, request("story", family="article")))
        sibling = asyncio.create_task(generate(client, request("story", family="article")))
        await asyncio.sleep(0)
        leader.cancel()
        assert (await sibling).outputs[0].text == "story"


async def test_a_prompt_over_the_context_fails_with_both_counts() -> None:
    async with serving(scripted()) as client:
        with pytest.raises(PromptTooLong) as caught:
            await generate(client, request("word " * 501))
    assert (caught.value.tokens, caught.value.limit) == (501, 1_000)


# ---------------------------------------------------------------------- refusal, deadline, cancel


async def test_a_full_queue_refuses_with_the_time_that_its_work_takes() -> None:
    observer = Counter()
    limits = Limits(requests=100, tokens=2_500)
    async with serving(scripted(delay="0.1"), limits=limits, observer=observer) as client:
        accepted = [
            asyncio.create_task(generate(client, request("one"), tokens=995)) for _ in range(2)
        ]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded) as caught:
            await generate(client, request("one"), tokens=1_000)
        async with client.admit(Plan("summarize:en", 500)):
            pass
        with pytest.raises(Overloaded):
            async with client.admit(Plan("summarize:en", 500, concurrent_tokens=500)):
                pass
        await asyncio.gather(*accepted)
    # 1,990 tokens at the rate that is assumed before any is measured, 100 a second
    assert caught.value.retry_after == 20
    assert observer.refusals == ["overloaded", "overloaded"]
    assert len(observer.answers) == 2


async def test_an_article_that_would_miss_its_timeout_is_refused_until_it_would_not() -> None:
    observer = Counter()
    known = RateByLoad()
    known.add(6_000, 60.0, running=2)
    async with serving(scripted(delay="0.1"), observer=observer, rates=known) as client:
        short = msgspec.structs.replace(request("one"), max_new_tokens=5)
        async with client.admit(Plan("summarize:en", 10, timeout=0.1)) as admitted:
            first = asyncio.create_task(generate(client, short, tokens=1_000))
            await asyncio.sleep(0)
            with pytest.raises(Overloaded, match="5 seconds") as caught:
                await generate(client, short, tokens=10, timeout=5.0)
            willing, later, _ = await asyncio.gather(
                generate(client, short, tokens=10, timeout=60.0),
                admitted.generate(short, tokens=10),
                first,
            )
    # 1,000 tokens and half as many that will follow, and two articles of 15, at 100 a second, less
    # half of 5 seconds
    assert caught.value.retry_after == 13
    assert observer.refusals == ["impatient"]
    assert willing.outputs == later.outputs


async def test_a_later_step_of_an_older_article_goes_before_newer_articles() -> None:
    observer = Counter()

    async with serving(scripted(delay="0.05", sequences=1), observer=observer) as client:
        await asyncio.gather(
            generate(client, request("runs"), started=1.0),
            generate(client, request("newer"), started=3.0),
            generate(client, request("older"), started=2.0),
        )
    assert [one.outputs[0].text.strip() for one in observer.answers] == ["runs", "older", "newer"]


async def test_while_an_article_is_pressed_for_time_only_begun_ones_go_on() -> None:
    observer = Counter()

    def plan(ago: float) -> Plan:
        return Plan("summarize:en", 500, started=time.monotonic() - ago, timeout=20.0)

    async with (
        serving(scripted(delay="0.05"), observer=observer) as client,
        client.admit(plan(1.0)) as begun,
        client.admit(plan(15.0)) as pressed,
    ):
        await begun.generate(request("first"))
        long = asyncio.create_task(pressed.generate(request("word " * 10)))
        await asyncio.sleep(0)
        await asyncio.gather(
            generate(client, request("new"), timeout=20.0),
            begun.generate(request("later step")),
            long,
        )
    texts = [one.outputs[0].text.split()[0] for one in observer.answers]
    assert texts == ["first", "later", "word", "new"]


async def test_a_request_that_is_not_finished_in_time_fails_and_leaves_the_engine() -> None:
    timeouts = msgspec.structs.replace(PATIENT, deadline=0.2)
    async with serving(scripted(delay="0.05"), timeouts=timeouts) as client:
        with pytest.raises(DeadlineExceeded, match=r"0\.2 seconds"):
            await generate(client, request("word " * 400))
        assert client.stats().running == 0
        assert await text_of(client, "short") == "short"


async def test_an_abandoned_waiting_request_never_reaches_the_engine() -> None:
    observer = Counter()
    async with serving(scripted(sequences=1, delay="0.05"), observer=observer) as client:
        first = asyncio.create_task(text_of(client, "one two"))
        second = asyncio.create_task(text_of(client, "three"))
        await asyncio.sleep(0.01)
        second.cancel()
        await first
        assert client.stats().queued_requests == 0
    assert observer.batches == [1]


async def test_an_abandoned_running_request_makes_room_at_once() -> None:
    async with serving(scripted(sequences=1, delay="0.02")) as client:
        endless = asyncio.create_task(text_of(client, "word " * 400))
        await until(lambda: client.stats().running == 1)
        endless.cancel()
        started = time.monotonic()
        assert await text_of(client, "next") == "next"
    assert time.monotonic() - started < 2.0


async def test_a_broken_listener_fails_its_own_request_only() -> None:
    def refuse(_: str) -> None:
        raise ValueError("listener")

    async with serving(scripted(delay="0.01")) as client:
        broken = asyncio.create_task(generate(client, request("one two"), on_text=refuse))
        other = asyncio.create_task(text_of(client, "three four"))
        with pytest.raises(ValueError, match="listener"):
            await broken
        assert await other == "three four"


# ---------------------------------------------------------------------- chaos


async def test_requests_survive_a_killed_process_and_the_restart_is_counted() -> None:
    observer = Counter()
    async with serving(scripted(delay="0.02", sequences=4), observer=observer) as client:
        heard: list[str] = []
        tasks = [asyncio.create_task(text_of(client, f"story number {n}")) for n in range(7)]
        tasks.append(
            asyncio.create_task(_streamed(client, "a b c d e f g h i j k l m n o p", heard))
        )
        await until(lambda: client.stats().running == 4)
        first = client.stats().pid
        os.kill(first, signal.SIGKILL)
        await until(lambda: client.state != "ready")
        with pytest.raises(Unavailable):
            await text_of(client, "while it restarts")
        assert await asyncio.gather(*tasks[:7]) == [f"story number {n}" for n in range(7)]
        assert await tasks[7] == "".join(heard)
        assert client.stats().pid != first
        assert client.stats().restarts == 1
    assert observer.restarts == ["the inference process was killed by SIGKILL"]


async def _streamed(client: InferenceClient, text: str, heard: list[str]) -> str:
    answer = await generate(client, request(text), on_text=heard.append)
    return answer.outputs[0].text


async def test_a_stream_that_is_cut_by_a_restart_goes_on_without_repeating_itself() -> None:
    async with serving(scripted(delay="0.02")) as client:
        heard: list[str] = []
        words = "a b c d e f g h i j k l"
        task = asyncio.create_task(_streamed(client, words, heard))
        await until(lambda: len(heard) >= 3)
        os.kill(client.stats().pid, signal.SIGKILL)
        assert await task == words
    assert "".join(heard) == words


async def test_a_stopped_process_is_killed_by_the_watchdog_and_its_work_done_again() -> None:
    observer = Counter()
    timeouts = msgspec.structs.replace(PATIENT, step=0.4)
    async with serving(scripted(delay="0.02"), timeouts=timeouts, observer=observer) as client:
        task = asyncio.create_task(text_of(client, "one two three four five six"))
        await until(lambda: client.stats().running == 1)
        os.kill(client.stats().pid, signal.SIGSTOP)
        assert await task == "one two three four five six"
    assert observer.restarts == ["the engine said nothing for 0.4 seconds"]


async def test_a_stopped_process_is_replaced_though_no_caller_waits_that_long() -> None:
    observer = Counter()
    timeouts = msgspec.structs.replace(PATIENT, deadline=0.2, step=0.5)
    async with serving(scripted(), timeouts=timeouts, observer=observer) as client:
        os.kill(client.stats().pid, signal.SIGSTOP)
        for _ in range(2):
            with pytest.raises(DeadlineExceeded):
                await text_of(client, "one")
        await until(lambda: client.stats().restarts == 1)
        await client.wait_ready()
        assert await text_of(client, "two") == "two"
    assert observer.restarts == ["the engine said nothing for 0.5 seconds"]


async def test_an_idle_engine_is_not_taken_for_a_hung_one() -> None:
    timeouts = msgspec.structs.replace(PATIENT, step=0.2)
    async with serving(scripted(), timeouts=timeouts) as client:
        await text_of(client, "one")
        abandoned = asyncio.create_task(text_of(client, "two"))
        await asyncio.sleep(0)
        abandoned.cancel()
        await asyncio.sleep(0.5)
        assert await text_of(client, "three") == "three"
        assert client.stats().restarts == 0


@pytest.mark.parametrize(
    "trigger", [{"crash_on": "POISON"}, {"hang_on": "POISON"}], ids=["crash", "hang"]
)
async def test_a_request_that_kills_its_process_fails_and_takes_nobody_along(
    trigger: dict[str, str],
) -> None:
    timeouts = msgspec.structs.replace(PATIENT, step=0.4)
    config = msgspec.structs.replace(scripted(), extra=trigger)
    async with serving(config, timeouts=timeouts) as client:
        innocent = [asyncio.create_task(text_of(client, f"story {n}")) for n in range(5)]
        with pytest.raises(GenerationFailed, match="died twice"):
            await text_of(client, "POISON")
        assert await asyncio.gather(*innocent) == [f"story {n}" for n in range(5)]
        await client.wait_ready()
        assert client.stats().restarts == 2


async def test_a_request_that_makes_the_engine_raise_fails_alone_without_a_restart() -> None:
    async with serving(scripted(delay="0.005", raise_on="POISON")) as client:
        innocent = [asyncio.create_task(text_of(client, f"story {n}")) for n in range(5)]
        with pytest.raises(GenerationFailed, match="failed on this request"):
            await text_of(client, "POISON")
        assert await asyncio.gather(*innocent) == [f"story {n}" for n in range(5)]
        assert client.stats().restarts == 0


async def test_an_engine_that_raises_whatever_it_runs_is_replaced() -> None:
    async with serving(scripted(break_on="POISON")) as client:
        with pytest.raises(GenerationFailed):
            await text_of(client, "POISON")
        assert await text_of(client, "innocent") == "innocent"
        assert client.stats().restarts == 1


async def test_a_model_that_never_loads_ends_dead_with_its_reason() -> None:
    configs = prepared(scripted(fail_load="no such model"))
    observer = Counter()
    async with InferenceClient(
        configs, limits=AMPLE, timeouts=PATIENT, backoff=QUICK, observer=observer
    ) as client:
        with pytest.raises(Unavailable, match="ScriptedError: no such model"):
            await client.wait_ready()
        assert (client.state, client.reason) == ("dead", "ScriptedError: no such model")
        with pytest.raises(Unavailable):
            await text_of(client, "anyone there")
        assert client.stats().pid == 0
    assert len(observer.restarts) == 2
    assert observer.refusals == ["dead"]


async def test_a_model_that_loads_too_slowly_is_given_up() -> None:
    timeouts = msgspec.structs.replace(PATIENT, load=0.1)
    configs = prepared(scripted(load_delay="30"))
    async with InferenceClient(configs, limits=AMPLE, timeouts=timeouts, backoff=QUICK) as client:
        with pytest.raises(Unavailable, match=r"not loaded within 0\.1 seconds"):
            await client.wait_ready()


async def test_the_start_does_not_block_and_says_what_it_waits_for() -> None:
    fetched = asyncio.Event()

    async def prepare() -> Sequence[EngineConfig]:
        await fetched.wait()
        return [scripted(load_delay="0.2")]

    async with InferenceClient(prepare, limits=AMPLE, timeouts=PATIENT, backoff=QUICK) as client:
        await until(lambda: client.state == "fetching")
        assert client.reason == "the model's weights are being fetched"
        with pytest.raises(Unavailable, match="being fetched"):
            await text_of(client, "early")
        fetched.set()
        await until(lambda: client.state == "loading")
        with pytest.raises(Unavailable, match="is loading"):
            _ = client.capabilities
        await client.wait_ready()
        assert await text_of(client, "at last") == "at last"


async def test_preparing_is_tried_again_after_a_passing_fault() -> None:
    tries = 0

    async def prepare() -> Sequence[EngineConfig]:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise OSError("the volume is not mounted yet")
        return [scripted()]

    async with InferenceClient(prepare, limits=AMPLE, timeouts=PATIENT, backoff=QUICK) as client:
        await client.wait_ready()
        assert await text_of(client, "at last") == "at last"
    assert tries == 2


async def test_weights_that_no_source_has_are_not_asked_for_twice() -> None:
    tries = 0

    async def prepare() -> Sequence[EngineConfig]:
        nonlocal tries
        tries += 1
        raise SourcesUnreachable("set HF_ENDPOINT")

    async with InferenceClient(prepare, limits=AMPLE, timeouts=PATIENT, backoff=QUICK) as client:
        with pytest.raises(Unavailable, match="set HF_ENDPOINT"):
            await client.wait_ready()
        assert client.state == "dead"
    assert tries == 1


# ---------------------------------------------------------------------- the end


async def test_closing_fails_what_is_unfinished_and_ends_the_process() -> None:
    async with serving(scripted(delay="0.05")) as client:
        endless = asyncio.create_task(text_of(client, "word " * 400))
        await until(lambda: client.stats().running == 1)
        pid = client.stats().pid
        await client.aclose()
        with pytest.raises(Unavailable, match="shutting down"):
            await endless
        assert gone(pid)


async def test_every_close_waits_for_the_process_however_many_there_are() -> None:
    # the server closes it at a second SIGTERM, and the application when it shuts down
    async with serving(scripted(delay="0.05")) as client:
        pid = client.stats().pid
        first = asyncio.create_task(client.aclose())
        await asyncio.sleep(0)  # it has begun
        await client.aclose()
        assert gone(pid)
        await first


async def test_signals_for_the_whole_group_leave_the_process_to_its_parent() -> None:
    async with serving(scripted()) as client:
        os.kill(client.stats().pid, signal.SIGTERM)
        os.kill(client.stats().pid, signal.SIGINT)
        assert await text_of(client, "still here") == "still here"
        assert client.stats().restarts == 0


PARENT = """
import asyncio
from service.inference.admission import Limits
from service.inference.client import InferenceClient
from service.inference.supervisor import Timeouts
from service.inference.config import EngineConfig
from service.inference.protocol import GenerationRequest, Plan

async def prepare():
    return [
        EngineConfig(engine="scripted", model="echo", tasks=("summarize:en",), context=1000,
                     extra={"hang_on": "HANG"})
    ]

async def main():
    limits = Limits(requests=9, tokens=9000)
    timeouts = Timeouts(deadline=30, step=30)
    async with InferenceClient(prepare, limits=limits, timeouts=timeouts) as client:
        await client.wait_ready()
        async with client.admit(Plan("summarize:en")) as ticket:
            work = asyncio.create_task(ticket.generate(GenerationRequest(
                id="r", task="summarize:en", source="en", target="en", text=TEXT)))
            await asyncio.sleep(0.1)
            print(client.stats().pid, flush=True)
            await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("text", ["fine", "HANG"], ids=["idle", "hung"])
async def test_the_process_dies_with_its_parent(text: str) -> None:
    root = Path(__file__).parents[2]
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PARENT.replace("TEXT", repr(text)),
        stdout=asyncio.subprocess.PIPE,
        cwd=root,
    )
    assert parent.stdout
    pid = int(await parent.stdout.readline())
    assert not gone(pid)
    parent.kill()
    await parent.wait()
    await until(lambda: gone(pid))


async def test_a_score_goes_through_the_process_after_what_is_to_be_written() -> None:
    async with serving(scripted("translate:zh-en", sequences=1, delay="0.02")) as client:
        written = [
            asyncio.create_task(generate(client, request("one two three", task="translate:zh-en")))
            for _ in range(3)
        ]
        await asyncio.sleep(0)
        asked = msgspec.structs.replace(
            request("The mayor spoke", task="translate:zh-en"),
            scored="mayor Ruiz",
            max_new_tokens=1,
        )
        scored = await generate(client, asked)
        assert all(one.done() for one in written)
        assert scored.scores == (TokenScore(0, 5, LIKELY), TokenScore(6, 10, UNLIKELY))
        assert client.capabilities[0].scores
        await asyncio.gather(*written)


def to_score(text: str = "rain", *, task: Task = "translate:zh-en") -> GenerationRequest:
    return msgspec.structs.replace(
        request("rain fell", task=task),
        scored=text,
        max_new_tokens=1,
    )


async def test_scores_hold_no_place_that_anything_to_be_written_could_have() -> None:
    observer = Counter()
    limits = Limits(requests=3, tokens=100_000)
    async with (
        serving(
            scripted("translate:zh-en", sequences=2, delay="0.02"),
            scripted("summarize:en", model="other", delay="0.02"),
            limits=limits,
            observer=observer,
        ) as client,
        client.admit(Plan("translate:zh-en")) as ticket,
    ):
        await ticket.generate(request("first", task="translate:zh-en"))
        observer.batches.clear()
        observer.answers.clear()
        written = [
            asyncio.create_task(generate(client, request("one two", task="translate:zh-en"))),
            asyncio.create_task(generate(client, request("one two"))),
        ]
        await asyncio.sleep(0)
        scored = [asyncio.create_task(ticket.generate(to_score())) for _ in range(SCORES + 2)]
        await asyncio.sleep(0)
        written.append(
            asyncio.create_task(generate(client, request("one two", task="translate:zh-en")))
        )
        await asyncio.gather(*written)
        assert observer.batches[:3] == [1, 1, 2]
        await asyncio.gather(*scored)
        assert observer.batches[3] == SCORES
        assert max(observer.batches) == SCORES
    assert observer.refusals == []
    texts = [one.scores == () for one in observer.answers]
    assert texts == [True] * 3 + [False] * (SCORES + 2)


async def test_what_is_scored_is_not_measured() -> None:
    known = RateByLoad()
    async with serving(scripted("translate:zh-en"), rates=known) as client:
        await generate(client, request("one two", task="translate:zh-en"), tokens=1_000)
        rate = client.stats().rate
        for _ in range(3):
            await generate(client, to_score(), tokens=100_000)
        assert client.stats().rate == rate
