"""What the fake generator promises to the tests that stand on it."""

from __future__ import annotations

import asyncio

import pytest

from service.errors import GenerationFailed, Overloaded
from service.inference.fake import INSTRUCT, FakeGenerator
from service.inference.protocol import (
    Generation,
    GenerationRequest,
    Generator,
    Message,
    Output,
    Plan,
    Sampling,
    Usage,
)

REQUEST = GenerationRequest(
    id="r",
    task="summarize:en",
    source="en",
    target="en",
    messages=(Message("user", "A long story."),),
    sampling=Sampling(temperature=0.8, candidates=2),
)


async def test_a_string_becomes_every_candidate() -> None:
    generator = FakeGenerator(lambda _: "It rained.")
    assert await generator.generate(REQUEST) == Generation(
        id="r",
        outputs=(Output("It rained.", "stop"), Output("It rained.", "stop")),
        usage=Usage(prompt=13, generated=20),
        model="fake",
    )


async def test_text_is_streamed_by_words_and_loses_nothing() -> None:
    words: list[str] = []
    await FakeGenerator(lambda _: "It rained,  again.\n").generate(REQUEST, on_text=words.append)
    assert words == ["It", " rained,", "  again.", "\n"]


async def test_an_exception_is_raised() -> None:
    generator = FakeGenerator(lambda _: GenerationFailed("it gave up"))
    with pytest.raises(GenerationFailed, match="it gave up"):
        await generator.generate(REQUEST)


async def test_an_article_is_refused_before_any_request_is_sent() -> None:
    plan = Plan("summarize:en", 700)
    generator = FakeGenerator(
        lambda _: "It rained.", refuse=lambda _: Overloaded("full", retry_after=3)
    )
    with pytest.raises(Overloaded, match="full"):
        async with generator.admit(plan):
            raise AssertionError("it was admitted")
    assert generator.plans == [plan]
    assert generator.requests == []


async def test_requests_are_sent_under_a_ticket() -> None:
    generator: Generator = FakeGenerator(lambda _: "It rained.")
    async with generator.admit(Plan("summarize:en")) as ticket:
        assert (await ticket.generate(REQUEST)).outputs[0].text == "It rained."


async def test_a_generation_is_given_back_under_the_requests_id() -> None:
    canned = Generation(id="canned", outputs=(Output("Rain", "length"),), model="other")
    answered = await FakeGenerator(lambda _: canned).generate(REQUEST)
    assert answered == Generation(id="r", outputs=(Output("Rain", "length"),), model="other")


async def test_requests_are_recorded_in_order() -> None:
    generator = FakeGenerator(lambda request: request.messages[0].content)
    await generator.generate(REQUEST)
    assert generator.requests == [REQUEST]
    assert generator.capabilities == (INSTRUCT,)


async def test_a_request_gives_way_as_often_as_it_is_told_and_is_seen_to_run() -> None:
    generator = FakeGenerator(lambda _: "It rained.", turns=lambda _: 3)
    task = asyncio.create_task(generator.generate(REQUEST))
    for _ in range(3):
        await asyncio.sleep(0)
        assert generator.running == [REQUEST]
        assert not task.done()
    await task
    assert generator.running == []
