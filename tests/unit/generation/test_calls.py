"""One article's calls, over a generator that answers by rule."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
import pytest

from service.errors import Overloaded, Unavailable, UnsupportedTask
from service.generation.calls import Calls
from service.inference.fake import INSTRUCT, FakeGenerator
from service.inference.protocol import Capabilities, Generation, Message, Sampling

CHANT = "the same again and " * 5


async def ask(
    answer: str, *, grounding: bool = True, sampling: Sampling | None = None
) -> tuple[Generation, str]:
    """What came of one call, and what was heard meanwhile."""
    heard: list[str] = []
    calls = Calls(FakeGenerator(lambda _: answer), grounding=grounding)
    generation = await calls.ask(
        "summarize:en",
        text="article",
        messages=(Message("user", "article"),),
        target="en",
        most=400,
        grammar="",
        sampling=sampling or Sampling(),
        on_text=heard.append,
    )
    assert calls.usage.generated
    return generation, "".join(heard)


@pytest.mark.parametrize(
    ("loop", "kept"),
    [
        ("It rained. " + "on and " * 500, "It rained."),
        ("It rained. " + "ha ha " * 500, "It rained."),
        ("雨。" + "四十、" * 50, "雨。"),
    ],
)
async def test_a_text_that_goes_round_in_circles_is_stopped(loop: str, kept: str) -> None:
    generation, heard = await ask(loop)
    assert (generation.outputs[0].text.strip(), generation.outputs[0].finish) == (kept, "length")
    assert len(heard) < 100 or " " not in loop


@pytest.mark.parametrize(
    "text",
    [
        CHANT,
        "Sales were 1,000,000,000 yuan. No, no, no, no, no, he said.",
        "The score was 3-3, 3-3 and 3-3 ......",
    ],
)
async def test_what_repeats_itself_a_little_is_not_stopped(text: str) -> None:
    generation, heard = await ask(text)
    assert (generation.outputs[0].text, generation.outputs[0].finish) == (text, "stop")
    assert heard == text


@pytest.mark.parametrize(
    ("grounding", "sampling"),
    [(False, Sampling()), (True, Sampling(temperature=0.5, candidates=2))],
)
async def test_no_loop_is_stopped_without_grounding_or_unheard(
    grounding: bool, sampling: Sampling
) -> None:
    loop = "It rained. " + "on and " * 50
    generation, _ = await ask(loop, grounding=grounding, sampling=sampling)
    assert generation.outputs[0].text == loop


class Leaving(FakeGenerator):
    """Its capabilities can be read until it was asked once, as if the engine had died then."""

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        if self.requests:
            raise Unavailable("the inference engine is restarting")
        return super().capabilities


async def translated(calls: Calls) -> Generation:
    return await calls.generate(
        "translate:en-zh",
        text="It rained.",
        messages=(Message("user", "It rained."),),
        target="zh",
        most=50,
        grammar=None,
        sampling=Sampling(),
    )


async def test_an_engine_that_leaves_takes_no_accepted_article_along() -> None:
    generator = Leaving(lambda _: "下雨了。")
    calls = Calls(generator, grounding=True)
    await translated(calls)
    assert calls.serves("summarize:en")
    assert calls.chats("translate:en-zh")
    assert not calls.searches("translate:en-zh")
    assert calls.room("summarize:en") > 1_000
    await translated(calls)
    assert [one.follow_up for one in generator.requests] == [False, True]
    with pytest.raises(Unavailable):
        Calls(generator, grounding=True).serves("summarize:en")


async def test_an_article_is_accepted_with_its_first_request_not_with_the_answer() -> None:
    generator = FakeGenerator(lambda _: "下雨了。", turns=lambda _: 10)
    calls = Calls(generator, grounding=True)
    first = asyncio.create_task(translated(calls))
    async with asyncio.timeout(5):
        await calls.until_accepted(first)
    assert not first.done()
    await asyncio.gather(first, translated(calls))
    await translated(calls)
    assert [one.follow_up for one in generator.requests] == [False, True, True]
    assert [one.begun for one in generator.requests] == [False, False, True]


async def test_who_waits_until_an_article_is_accepted_is_told_of_a_refusal() -> None:
    generator = FakeGenerator(lambda _: Overloaded("full", retry_after=3))
    calls = Calls(generator, grounding=True)
    first = asyncio.create_task(translated(calls))
    async with asyncio.timeout(5):
        await calls.until_accepted(first)
    assert isinstance(first.exception(), Overloaded)


SCORING = msgspec.structs.replace(INSTRUCT, scores=True)


async def test_a_score_goes_after_what_is_to_be_written_and_is_never_refused() -> None:
    fake = FakeGenerator(lambda _: "", capabilities=(SCORING,), score=lambda _, word: -len(word))
    calls = Calls(fake, grounding=True)
    scores = await calls.score(
        "translate:zh-en",
        messages=(Message("user", "The mayor spoke."),),
        scored="mayor Ruiz",
        target="en",
    )
    assert [(one.start, one.end, one.logprob) for one in scores] == [(0, 5, -5.0), (6, 10, -4.0)]
    (request,) = fake.requests
    assert (request.priority, request.follow_up, request.to_come) == ("low", True, 0)
    assert calls.usage.prompt > 0


async def test_an_engine_that_does_not_score_is_not_asked() -> None:
    fake = FakeGenerator(lambda _: "")
    calls = Calls(fake, grounding=True)
    assert not calls.scores("translate:zh-en")
    with pytest.raises(UnsupportedTask):
        await calls.score("translate:zh-en", messages=(), scored="mayor", target="en")
    assert not fake.requests
