"""What the fake generator promises to the tests that stand on it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from service.errors import GenerationFailed, Overloaded, ServiceError
from service.inference.fake import INSTRUCT, Answer, FakeGenerator
from service.inference.protocol import (
    Generation,
    GenerationRequest,
    Generator,
    Message,
    Output,
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
    generator: Generator = FakeGenerator(lambda _: "It rained.")
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
    generator = FakeGenerator(lambda _: Overloaded("full", retry_after=3))
    with pytest.raises(Overloaded, match="full"):
        await generator.generate(REQUEST)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("It rained.", ["accepted", "answered"]),
        (GenerationFailed("it gave up"), ["accepted"]),
        (Overloaded("full", retry_after=3), []),
    ],
    ids=["answered", "failed", "refused"],
)
async def test_a_request_is_accepted_before_it_is_answered_unless_it_is_refused(
    answer: Answer, said: list[str]
) -> None:
    happened: list[str] = []
    with suppress(ServiceError):
        await FakeGenerator(lambda _: answer).generate(
            REQUEST, on_accepted=lambda: happened.append("accepted")
        )
        happened.append("answered")
    assert happened == said


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
