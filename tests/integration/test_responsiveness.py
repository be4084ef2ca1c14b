"""Nobody waits for somebody else's long text: the event loop never stands still."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Literal, TypeVar

import httpx
import pytest

from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.model import BriefOptions
from service.briefs.summarize import Summarizer
from service.inference.fake import FakeGenerator
from service.inference.protocol import GenerationRequest
from service.names.article import NameTables
from service.tasks import Method
from service.translation.model import Order
from service.translation.translate import Translator
from tests.support.articles import long_article
from tests.support.serving import serving

T = TypeVar("T")

LONGEST_TURN = 0.1
"""Seconds of CPU time that the event loop may take without letting go: five times what we aim
at, as Python may collect garbage in between."""
LONGEST_PROBE = 0.25
"""Seconds that a probe may take on a machine that has time for it."""
TRIES = 3
"""A stall of ours is there each time; one of a busy machine is not."""
SCRIPT = {"delay": "0.005", "words": "30", "characters": "100"}

Language = Literal["en", "zh"]
OTHER: dict[Language, Language] = {"en": "zh", "zh": "en"}


def echo(request: GenerationRequest) -> str:
    """The beginning of what is asked about, as one sentence."""
    asked = next(one.content for one in reversed(request.messages) if one.role == "user")
    text = " ".join(asked.split("\n", 1)[-1].split())
    return text[:100] + ("." if request.target == "en" else "。")


async def longest_turn(work: Awaitable[T]) -> tuple[float, T]:
    """The longest stretch of CPU time, in seconds, that the thread of the event loop spends between
    two moments at which it turns to others, while ``work`` is done. Time that other threads and
    other processes take does not count.
    """
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.001)
            longest = max(longest, time.thread_time() - before)

    watching = asyncio.create_task(watch())
    try:
        done = await work
    finally:
        watching.cancel()
    return longest, done


@pytest.fixture(scope="module")
def analyzers() -> Analyzers:
    """Analyzers that are loaded already, as they are in a service that is ready."""
    loaded = Analyzers()
    loaded.load()
    return loaded


@pytest.mark.parametrize("method", ["extractive", "abstractive"])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_long_article_takes_no_long_turn_of_the_event_loop(
    language: Language, method: Method, analyzers: Analyzers
) -> None:
    summarizer = Summarizer(FakeGenerator(echo), analyzer=analyzers, names=NameTables(analyzers))
    article = from_text(long_article(language, 60_000), limit=100_000)
    longest, summary = await longest_turn(
        summarizer.summarize(article, BriefOptions(method=method))
    )
    assert summary.source.language == language
    assert longest < LONGEST_TURN


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_long_translation_takes_no_long_turn_of_the_event_loop(
    language: Language, analyzers: Analyzers
) -> None:
    order = Order(
        texts=(long_article(language, 20_000),),
        source="auto",
        target=OTHER[language],
        bare_zh="zh-Hans",
    )
    translator = Translator(FakeGenerator(echo), names=NameTables(analyzers))
    longest, translated = await longest_turn(translator.translate(order))
    assert translated.translations[0].text
    assert longest < LONGEST_TURN


class Prober:
    """Asks ``GET /livez`` of a service every 50 ms, and knows how long the slowest answer took."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.longest = 0.0

    async def run(self) -> None:
        while True:
            before = time.perf_counter()
            assert (await self._client.get("/livez")).status_code == 200
            self.longest = max(self.longest, time.perf_counter() - before)
            await asyncio.sleep(0.05)


Post = Callable[[httpx.AsyncClient, int, int], Awaitable[httpx.Response]]
"""Sends a text of so many characters, made from a seed."""


@pytest.fixture(scope="module")
def busy_and_idle() -> Iterator[tuple[str, str]]:
    """The addresses of the service that is given texts, and of one that does nothing."""
    with serving(SCRIPT) as busy, serving() as idle:
        yield busy.address, idle.address


async def check_probes(addresses: tuple[str, str], post: Post, characters: int) -> None:
    """While the text is worked on, no probe takes longer than :data:`LONGEST_PROBE`, and than the
    machine makes the probes of a service wait that does nothing.
    """
    seen: list[tuple[float, float]] = []
    busy_at, idle_at = addresses
    async with (
        httpx.AsyncClient(base_url=busy_at, timeout=300) as client,
        httpx.AsyncClient(base_url=busy_at, timeout=30) as probe,
        httpx.AsyncClient(base_url=idle_at, timeout=30) as other,
    ):
        await post(client, 2_000, 0)  # what is loaded for the first text is there
        for seed in range(1, TRIES + 1):
            probers = Prober(probe), Prober(other)
            probing = [asyncio.create_task(one.run()) for one in probers]
            answer = await post(client, characters, seed)
            for task in probing:
                task.cancel()
            ends = await asyncio.gather(*probing, return_exceptions=True)
            assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends
            assert answer.status_code == 200, answer.text
            busy, idling = (one.longest for one in probers)
            if busy <= LONGEST_PROBE + idling:
                return
            seen.append((busy, idling))
    raise AssertionError(f"the longest probes of the busy and the idle service took {seen}")


@pytest.mark.chaos
@pytest.mark.parametrize("method", ["extractive", "abstractive"])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_while_a_long_article_is_worked_on_every_probe_is_answered_in_time(
    busy_and_idle: tuple[str, str], language: Language, method: Method
) -> None:
    async def post(client: httpx.AsyncClient, characters: int, seed: int) -> httpx.Response:
        body = {"text": long_article(language, characters, seed=seed), "method": method}
        return await client.post("/summarize", json=body)

    await check_probes(busy_and_idle, post, 200_000)


@pytest.mark.chaos
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_while_a_long_text_is_translated_every_probe_is_answered_in_time(
    busy_and_idle: tuple[str, str], language: Language
) -> None:
    async def post(client: httpx.AsyncClient, characters: int, seed: int) -> httpx.Response:
        text = long_article(language, characters, seed=seed)
        body: dict[str, Any] = {"q": text, "source": language, "target": OTHER[language]}
        return await client.post("/translate", json=body)

    await check_probes(busy_and_idle, post, 100_000)
