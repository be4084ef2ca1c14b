"""Translating a draft while it is written: what is wanted of it arrives, the rest is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.briefs.doubt import Doubts
from service.briefs.drafts import Draft, Drafter
from service.briefs.model import BriefOptions
from service.briefs.sources import SourceText
from service.briefs.translating import BriefTranslator
from service.generation.session import Session
from service.inference.fake import FakeGenerator
from service.inference.protocol import GenerationRequest
from service.languages import Language
from service.text.cached import CachedText
from service.translation.sentence_translator import SentenceTranslator
from service.translation.terms import TermIndex
from service.workers import Workers

PAIRS = (
    ("The old bridge closes to lorries.", "旧桥禁止卡车通行。"),
    ("Residents of the north bank welcome it.", "北岸居民表示欢迎。"),
    ("Shop owners fear for their trade.", "店主担心生意受损。"),
    ("The state pays for the whole work.", "全部工程由国家出资。"),
    ("A ferry carries commuters in the meantime.", "其间由渡船接送通勤者。"),
)
SENTENCES: dict[Language, list[str]] = {
    "en": [english for english, _ in PAIRS],
    "zh": [chinese for _, chinese in PAIRS],
}
OTHER: dict[Language, Language] = {"en": "zh", "zh": "en"}
JOINT: dict[Language, str] = {"en": " ", "zh": ""}
NUMBERS = st.integers(0, len(PAIRS) - 1)
WORKERS = Workers()
TURNS = st.lists(st.integers(0, 12), min_size=1, max_size=10)


def drafts() -> st.SearchStrategy[tuple[list[int], list[int]]]:
    """A draft, and what it is repaired to: it may keep some sentences and change the next."""

    def repairs(heard: list[int]) -> st.SearchStrategy[tuple[list[int], list[int]]]:
        kept = st.integers(0, len(heard)).map(lambda end: heard[:end])
        others = st.lists(NUMBERS, min_size=1, max_size=3)
        return st.builds(lambda begin, end: (heard, begin + end), kept, others)

    return st.lists(NUMBERS, min_size=1, max_size=4).flatmap(repairs)


class Desk:
    """A translator of one article, over a generator that knows :data:`PAIRS`."""

    def __init__(self, language: Language, turns: Sequence[int]) -> None:
        self.language = language
        self.generator = FakeGenerator(
            lambda request: SENTENCES[OTHER[language]][self.number(request)],
            turns=lambda _: turns[len(self.generator.requests) % len(turns)],
        )
        text = JOINT[language].join(SENTENCES[language])
        source = SourceText(
            language=language,
            script="Latn" if language == "en" else "Hans",
            title=None,
            body=text,
            article=CachedText(text),
            sentences=tuple(SENTENCES[language]),
            tokens=100,
            weight=len(PAIRS),
        )
        self.session = Session(self.generator, grounding=True)
        lane = WORKERS.lane()
        drafter = Drafter(source, BriefOptions(), lane, repair=False, may_repair=lambda: False)
        sentences = SentenceTranslator(
            self.session, lane, source=language, terms=TermIndex((), language)
        )
        self.translator = BriefTranslator(
            sentences, lane, drafter, language, doubts=Doubts(language, analyzer=None, truth="low")
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Have the article admitted, and translate until the block ends."""
        async with self.session, aclosing(self.translator):
            await self.session.admit("translate:en-zh", 100)
            yield

    def number(self, request: GenerationRequest) -> int:
        """Which sentence a request asks for: the one that stands in the user's last message."""
        asked = next(one.content for one in reversed(request.messages) if one.role == "user")
        places = [asked.rfind(sentence) for sentence in SENTENCES[self.language]]
        return places.index(max(places))

    def text(self, numbers: Sequence[int], language: Language | None = None) -> str:
        language = language or self.language
        return JOINT[language].join(SENTENCES[language][number] for number in numbers)

    async def hear(self, numbers: Sequence[int], turns: Sequence[int]) -> None:
        """Hand over a draft in pieces, with other tasks running in between."""
        text = self.text(numbers)
        for at in range(0, len(text), 10):
            self.translator.on_text(text[at : at + 10])
            await give_way(turns[at % len(turns)])

    async def translate(
        self, numbers: Sequence[int], on_sentence: Callable[[str], None] | None = None
    ) -> str:
        brief = Draft(self.text(numbers), ())
        return (await self.translator.translate(brief, on_sentence=on_sentence)).text


async def give_way(turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


@pytest.mark.parametrize("language", ["en", "zh"])
@given(drafts=drafts(), turns=TURNS, pauses=TURNS)
@settings(deadline=None, max_examples=100)
async def test_every_wanted_sentence_arrives_and_nothing_unwanted_goes_on(
    language: Language, drafts: tuple[list[int], list[int]], turns: list[int], pauses: list[int]
) -> None:
    heard, wanted = drafts
    desk = Desk(language, turns)
    said: list[str] = []
    async with desk.open():
        await desk.hear(heard, pauses)
        translating = asyncio.create_task(desk.translate(wanted, said.append))
        await give_way(5)
        assert {desk.number(one) for one in desk.generator.running} <= {*wanted}
        async with asyncio.timeout(30):
            assert await translating == desk.text(wanted, OTHER[language])
        assert said == [SENTENCES[OTHER[language]][number] for number in wanted]
        assert desk.generator.running == []


@pytest.mark.parametrize("language", ["en", "zh"])
@given(drafts=drafts(), turns=TURNS, pauses=TURNS, patience=st.integers(0, 40))
@settings(deadline=None, max_examples=50)
async def test_a_caller_who_leaves_at_any_moment_leaves_nothing_running(
    language: Language,
    drafts: tuple[list[int], list[int]],
    turns: list[int],
    pauses: list[int],
    patience: int,
) -> None:
    heard, wanted = drafts
    desk = Desk(language, turns)

    async def brief() -> str:
        async with desk.open():
            await desk.hear(heard, pauses)
            return await desk.translate(wanted)

    task = asyncio.create_task(brief())
    await give_way(patience)
    task.cancel()
    [outcome] = await asyncio.gather(task, return_exceptions=True)
    assert outcome == desk.text(wanted, OTHER[language]) or isinstance(
        outcome, asyncio.CancelledError
    )
    assert desk.generator.running == []
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_repair_that_keeps_the_first_sentence_gets_its_translation() -> None:
    """The draft's second sentence is not wanted any more."""
    desk = Desk("en", turns=[30])
    async with desk.open():
        await desk.hear([0, 1, 2], turns=[1])
        assert await desk.translate([0, 3]) == desk.text([0, 3], "zh")
    assert sorted(map(desk.number, desk.generator.requests)) == [0, 3]
