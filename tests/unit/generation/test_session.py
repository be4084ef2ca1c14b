"""One article's session, over a generator that answers by rule."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
import pytest

from service.context import Work, working_on
from service.errors import Overloaded, Unavailable, UnsupportedTask
from service.generation.session import Session
from service.inference.fake import INSTRUCT, FakeGenerator
from service.inference.protocol import Capabilities, Generation, Message, Plan, Sampling

CHANT = "the same again and " * 5


async def ask(
    answer: str, *, grounding: bool = True, sampling: Sampling | None = None
) -> tuple[Generation, str]:
    """What came of one call, and what was heard meanwhile."""
    heard: list[str] = []
    async with Session(FakeGenerator(lambda _: answer), grounding=grounding) as session:
        await session.admit("summarize:en", 500)
        generation = await session.generate(
            "summarize:en",
            text="article",
            messages=(Message("user", "article"),),
            target="en",
            max_new_tokens=400,
            grammar="",
            sampling=sampling or Sampling(),
            on_text=heard.append,
        )
    assert session.spending.usage.generated
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


async def translated(session: Session) -> Generation:
    return await session.generate(
        "translate:en-zh",
        text="It rained.",
        messages=(Message("user", "It rained."),),
        target="zh",
        max_new_tokens=50,
        grammar=None,
        sampling=Sampling(),
    )


async def test_an_engine_that_leaves_takes_no_admitted_article_along() -> None:
    generator = Leaving(lambda _: "下雨了。")
    async with Session(generator, grounding=True) as session:
        await session.admit("translate:en-zh", 100)
        await translated(session)
        lineup = session.lineup
        assert lineup.serves("summarize:en")
        assert lineup.chats("translate:en-zh")
        assert not lineup.searches("translate:en-zh")
        assert lineup.room("summarize:en") > 1_000
        await translated(session)
    assert len(generator.requests) == 2
    with pytest.raises(Unavailable):
        Session(generator, grounding=True).lineup.serves("summarize:en")


async def test_one_plan_admits_all_requests_of_an_article() -> None:
    generator = FakeGenerator(lambda _: "下雨了。")
    priority = Work(priority="high")
    with working_on(priority):
        session = Session(generator, grounding=True, timeout=7.0)
    async with session:
        await session.admit("translate:en-zh", 100, concurrent_tokens=20, later_tokens=3)
        await asyncio.gather(translated(session), translated(session))
    (plan,) = generator.plans
    assert plan == Plan(
        "translate:en-zh",
        tokens=100,
        concurrent_tokens=20,
        later_tokens=3,
        started=session.deadline.started,
        timeout=7.0,
        priority="high",
    )
    assert len(generator.requests) == 2


async def test_a_refused_article_sends_nothing() -> None:
    generator = FakeGenerator(lambda _: "", refuse=lambda _: Overloaded("full", retry_after=3))
    async with Session(generator, grounding=True) as session:
        with pytest.raises(Overloaded):
            await session.admit("translate:en-zh", 100)
        with pytest.raises(RuntimeError):
            await translated(session)
    assert generator.requests == []


SCORING = msgspec.structs.replace(INSTRUCT, scores=True)


async def test_a_score_is_counted_and_has_nothing_to_follow_it() -> None:
    fake = FakeGenerator(lambda _: "", capabilities=(SCORING,), score=lambda _, word: -len(word))
    async with Session(fake, grounding=True) as session:
        await session.admit("translate:zh-en", 100)
        scores = await session.score(
            "translate:zh-en",
            messages=(Message("user", "The mayor spoke."),),
            scored="mayor Ruiz",
            target="en",
        )
    assert [(one.start, one.end, one.logprob) for one in scores] == [(0, 5, -5.0), (6, 10, -4.0)]
    assert fake.later_tokens == [0]
    assert session.spending.usage.prompt > 0


async def test_an_engine_that_does_not_score_is_not_asked() -> None:
    fake = FakeGenerator(lambda _: "")
    async with Session(fake, grounding=True) as session:
        assert not session.lineup.scores("translate:zh-en")
        with pytest.raises(UnsupportedTask):
            await session.score("translate:zh-en", messages=(), scored="mayor", target="en")
    assert not fake.requests
