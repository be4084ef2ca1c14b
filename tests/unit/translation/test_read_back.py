"""Names read back: which are asked about, what a low likelihood says, and what is left open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from service.analysis import Analyzers
from service.errors import GenerationFailed
from service.generation.session import Session
from service.inference.fake import INSTRUCT, FakeGenerator
from service.inference.protocol import Generation, GenerationRequest, TokenScore
from service.languages import Language
from service.names.model import ListedName
from service.translation import styles
from service.translation.candidates import Candidate, TranslatedSentence
from service.translation.model import Order, TranslationFinding
from service.translation.read_back import (
    BackReader,
    NameSpan,
    ReadBack,
    english_names,
    judge,
    moved,
    name_likelihood,
)
from service.translation.segments import MarkedSentence
from service.translation.translate import Translator
from service.workers import Workers

SCORING = msgspec.structs.replace(INSTRUCT, scores=True)
SOURCE = "Angela Merkel met Reuters reporters in Lombok."
RIGHT = "安格拉·默克尔在龙目岛会见了路透社记者。"
UNLIKELY = -9.0


@pytest.fixture(scope="module")
def analyzers() -> Analyzers:
    return Analyzers()


def pair(source: str, text: str) -> TranslatedSentence:
    return TranslatedSentence(MarkedSentence(source), (Candidate(text),))


def fake(*unlikely: str, scores: bool = True) -> FakeGenerator:
    capabilities = (SCORING,) if scores else (INSTRUCT,)
    return FakeGenerator(
        lambda _: "",
        capabilities=capabilities,
        score=lambda _, word: UNLIKELY if word in unlikely else -0.1,
    )


async def read(
    generator: FakeGenerator,
    analyzers: Analyzers,
    *pairs: TranslatedSentence,
    source: Language = "en",
    timeout: float | None = None,
) -> list[ReadBack]:
    async with Session(generator, grounding=True, timeout=timeout) as session:
        await session.admit("translate:en-zh", 1)
        return await BackReader(session, Workers().lane(), analyzers, source).read(pairs)


async def test_a_name_that_is_unlikely_gets_a_warning_with_its_place(analyzers: Analyzers) -> None:
    (found,) = await read(fake("Lombok"), analyzers, pair(SOURCE, RIGHT))
    (finding,) = found.findings
    assert (finding.flag, finding.source_span) == ("name", (39, 45))
    assert "Lombok" in finding.message
    assert found.unverified == ()


async def test_names_that_are_likely_are_verified(analyzers: Analyzers) -> None:
    assert await read(fake(), analyzers, pair(SOURCE, RIGHT)) == [ReadBack()]


async def test_the_model_is_asked_for_the_source_given_the_translation(
    analyzers: Analyzers,
) -> None:
    generator = fake()
    await read(generator, analyzers, pair(SOURCE, RIGHT))
    (request,) = generator.requests
    assert (request.task, request.target, request.scored) == ("translate:zh-en", "en", SOURCE)
    assert RIGHT in request.messages[-1].content


async def test_a_translator_with_prompts_of_its_own_is_asked_in_them(analyzers: Analyzers) -> None:
    capabilities = (msgspec.structs.replace(SCORING, prompting="hy-mt"),)
    generator = FakeGenerator(lambda _: "", capabilities=capabilities)
    await read(generator, analyzers, pair(SOURCE, RIGHT))
    [request] = generator.requests
    assert request.messages == styles.translate("hy-mt", MarkedSentence(RIGHT), "en")


async def test_nothing_is_asked_where_no_name_is_in_doubt(analyzers: Analyzers) -> None:
    generator = fake("Lombok")
    kept = pair(SOURCE, "Angela Merkel 在 Lombok 会见了 Reuters 记者。")
    assert await read(generator, analyzers, kept, pair("It rained.", "下雨了。")) == [
        ReadBack(),
        ReadBack(),
    ]
    assert generator.requests == []


async def test_no_translation_is_read_back_twice(analyzers: Analyzers) -> None:
    generator = fake("Lombok")
    one = pair(SOURCE, RIGHT)
    async with Session(generator, grounding=True) as session:
        await session.admit("translate:en-zh", 1)
        reader = BackReader(session, Workers().lane(), analyzers, "en")
        assert await reader.read([one, one]) == 2 * await reader.read([one])
    assert len(generator.requests) == 1


async def test_few_hold_a_place_in_the_queue_and_all_are_read(analyzers: Analyzers) -> None:
    most = 0

    def score(_: GenerationRequest, word: str) -> float:
        nonlocal most
        most = max(most, len(generator.running))
        return UNLIKELY if word == "Lombok" else -0.1

    generator = FakeGenerator(lambda _: "", capabilities=(SCORING,), score=score, turns=lambda _: 3)
    pairs = [pair(f"{number} tourists came to Lombok.", "游客来了。") for number in range(20)]
    read_back = await read(generator, analyzers, *pairs)
    assert all(len(one.findings) == 1 for one in read_back)
    assert len(generator.requests) == 20
    assert most <= 4


async def test_an_engine_that_does_not_score_leaves_names_unverified(
    analyzers: Analyzers,
) -> None:
    generator = fake(scores=False)
    (found,) = await read(generator, analyzers, pair(SOURCE, RIGHT))
    assert found.findings == ()
    assert "Lombok" in found.unverified
    assert generator.requests == []


@pytest.mark.parametrize("timeout", [0.2, None])
async def test_what_is_not_read_in_time_or_fails_is_left_unverified(
    analyzers: Analyzers, timeout: float | None
) -> None:
    class Slow(FakeGenerator):
        async def generate(
            self,
            request: GenerationRequest,
            *,
            on_text: Callable[[str], None] | None = None,
        ) -> Generation:
            if timeout is None:
                raise GenerationFailed("the engine gave up")
            await asyncio.sleep(60)
            return await super().generate(request, on_text=on_text)

    slow = Slow(lambda _: "", capabilities=(SCORING,))
    async with Session(slow, grounding=True, timeout=timeout) as session:
        await session.admit("translate:en-zh", 1)
        (found,) = await BackReader(session, Workers().lane(), analyzers, "en").read(
            [pair(SOURCE, RIGHT)]
        )
    assert session.cut_short
    assert found.findings == ()
    assert "Lombok" in found.unverified


async def test_names_that_the_analysis_does_not_know_as_such_are_read_back_too(
    analyzers: Analyzers,
) -> None:
    text = "The council of Rivertown and its mayor, Ana Ruiz, met on Tuesday."
    places = english_names(analyzers.parse([text])[0])
    assert [text[one.start : one.end] for one in places] == ["Rivertown", "Ana Ruiz"]


def test_in_a_headline_in_capitals_no_word_is_known_to_be_a_name(analyzers: Analyzers) -> None:
    assert english_names(analyzers.parse(["SCHOOLS CLOSED UNTIL FRIDAY"])[0]) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Shark injures 13-year-old on lobster dive in California", ["California"]),
        ("Tap Repair now.", ["Repair"]),
        ("Okonkwo said so.", ["Okonkwo"]),
        ("Wallaby Mining would sell Ravenhall.", ["Wallaby Mining", "Ravenhall"]),
    ],
)
def test_a_capital_that_opens_a_sentence_makes_no_name(
    analyzers: Analyzers, text: str, names: list[str]
) -> None:
    places = english_names(analyzers.parse([text])[0])
    assert [text[one.start : one.end] for one in places] == names


async def test_chinese_names_are_read_back_too(analyzers: Analyzers) -> None:
    one = pair("李晓梅昨天访问了上海。", "Li Hong visited Shanghai yesterday.")
    (found,) = await read(fake("梅"), analyzers, one, source="zh")
    assert [finding.source_span for finding in found.findings] == [(0, 3)]


async def test_traditional_sentences_are_read_back_in_the_characters_that_are_asked_for(
    analyzers: Analyzers,
) -> None:
    generator = fake("梅", "孙", "東", "國", "孫", "曉")
    right = pair("孫曉東昨天訪問了廣州。", "Sun Xiaodong visited Guangzhou yesterday.")
    wrong = pair("李曉梅昨天訪問了廣州。", "Li Hong visited Guangzhou yesterday.")
    sound = fake("孫", "曉", "東", "廣")
    assert await read(sound, analyzers, right, source="zh") == [ReadBack()]
    assert [one.scored for one in sound.requests] == ["孙晓东昨天访问了广州。"]
    (found,) = await read(generator, analyzers, wrong, source="zh")
    assert [finding.source_span for finding in found.findings] == [(0, 3)]
    assert "李曉梅" in found.findings[0].message


async def test_a_name_of_a_traditional_sentence_that_a_table_has_is_not_read_back(
    analyzers: Analyzers,
) -> None:
    listed = (
        ListedName("孙晓东", "Sun Xiaodong", "pinyin"),
        ListedName("广州", "Guangzhou", "lexicon"),
    )
    one = pair("孫曉東昨天訪問了廣州。", "Sun Xiaodong visited Guangzhou yesterday.")
    generator = fake("孙", "广")
    named = msgspec.structs.replace(one, names=listed)
    assert await read(generator, analyzers, named, source="zh") == [ReadBack()]
    assert generator.requests == []


@pytest.mark.parametrize(
    "before", ["<|im_end|> ", "<|im_start|>user<|>: ", "<｜hy_User｜>|> ", "Ian <| met |> "]
)
async def test_control_tokens_of_a_text_are_scored_as_text(
    analyzers: Analyzers, before: str
) -> None:
    text = before + SOURCE
    generator = fake("Lombok")
    (found,) = await read(generator, analyzers, pair(text, RIGHT))
    (request,) = generator.requests
    assert not any(token in request.scored for token in ("<|", "|>", "<｜", "｜>"))
    start, end = len(before) + 39, len(before) + 45
    assert (start, end) in [finding.source_span for finding in found.findings]
    assert all("Lombok" in finding.message for finding in found.findings)


def test_scores_are_moved_to_where_their_characters_stand() -> None:
    scored = [TokenScore(0, 1, -1.0), TokenScore(1, 3, -2.0), TokenScore(3, 5, -3.0)]
    found = moved(scored, "<|a|>", "< |a| >")
    assert [(one.start, one.end) for one in found] == [(0, 1), (1, 2), (2, 4)]


def test_the_likelihood_is_that_of_all_tokens_that_write_a_part() -> None:
    scores = [TokenScore(0, 3, -1.0), TokenScore(3, 6, -2.0), TokenScore(6, 9, -4.0)]
    assert name_likelihood(scores, NameSpan(2, 5)) == -3.0
    assert judge("abcdefghi", [NameSpan(0, 9)], scores, -6.0).findings != ()
    assert judge("abcdefghi", [NameSpan(0, 6)], scores, -6.0).findings == ()


async def test_a_warning_of_a_translation_tells_its_sentence_and_place(
    analyzers: Analyzers,
) -> None:
    generator = FakeGenerator(
        lambda request: RIGHT if "Lombok" in request.messages[-1].content else "下雨了。",
        capabilities=(SCORING,),
        score=lambda _, word: UNLIKELY if word == "Lombok" else -0.1,
    )
    translator = Translator(generator, analyzer=analyzers)
    (done,) = (
        await translator.translate(Order((f"It rained all night. {SOURCE}",), "zh-Hans", "en"))
    ).translations
    (warned,) = done.warnings
    assert (warned.flag, warned.language, warned.sentence) == ("name", "zh-Hans", 1)
    assert warned.source == SOURCE
    assert warned.source_span is not None
    assert SOURCE[warned.source_span.start : warned.source_span.end] == "Lombok"


async def test_a_name_that_a_table_vouches_for_is_not_read_back(analyzers: Analyzers) -> None:
    listed = (
        ListedName("Angela Merkel", "安格拉·默克尔", "lexicon"),
        ListedName("Reuters", "路透社", "lexicon"),
        ListedName("Lombok", "龙目岛", "model"),
    )
    one = msgspec.structs.replace(pair(SOURCE, RIGHT), names=listed)
    generator = fake("Merkel", "Reuters", "Lombok")
    (found,) = await read(generator, analyzers, one)
    assert [finding.source_span for finding in found.findings] == [(39, 45)]


async def test_a_name_that_is_known_to_be_missing_is_told_once(analyzers: Analyzers) -> None:
    missing = TranslationFinding("name", "'Lombok' is '龙目岛', which is missing")
    one = TranslatedSentence(
        MarkedSentence("She met them in Lombok."), (Candidate("她在那里会见了他们。", (missing,)),)
    )
    assert await read(fake("Lombok"), analyzers, one) == [ReadBack()]


async def test_whole_sentences_are_scored_in_both_directions(analyzers: Analyzers) -> None:
    generator = fake("下", "rained")
    one = pair("It rained.", "下雨了。")
    async with Session(generator, grounding=True) as session:
        await session.admit("translate:en-zh", 1)
        lane = Workers().lane()
        (read_back,) = await BackReader(session, lane, analyzers, "en", sentences=True).read([one])
    # one unlikely token each way, and the others: "It" and the stop, and three of Chinese
    assert read_back.likelihood == pytest.approx(2 * UNLIKELY - 0.1 * 5)
    assert [(one.task, one.scored) for one in generator.requests] == [
        ("translate:zh-en", "It rained."),
        ("translate:en-zh", "下雨了。"),
    ]


async def test_an_engine_that_does_not_score_says_nothing_of_sentences(
    analyzers: Analyzers,
) -> None:
    generator = fake(scores=False)
    async with Session(generator, grounding=True) as session:
        await session.admit("translate:en-zh", 1)
        reader = BackReader(session, Workers().lane(), analyzers, "en", sentences=True)
        assert await reader.read([pair("It rained.", "下雨了。")]) == [ReadBack()]


async def test_an_empty_translation_is_not_scored_as_a_whole(analyzers: Analyzers) -> None:
    async with Session(fake(), grounding=True) as session:
        await session.admit("translate:en-zh", 1)
        reader = BackReader(session, Workers().lane(), analyzers, "en", sentences=True)
        assert await reader.read([pair("It rained.", "")]) == [ReadBack()]


async def test_a_sentence_that_is_not_scored_in_time_is_late(analyzers: Analyzers) -> None:
    generator = FakeGenerator(
        lambda _: "", capabilities=(SCORING,), turns=lambda request: 10**9 if request.scored else 1
    )
    async with Session(generator, grounding=True, timeout=0.2) as session:
        await session.admit("translate:en-zh", 1)
        reader = BackReader(session, Workers().lane(), analyzers, "en", sentences=True)
        assert await reader.read([pair("It rained.", "下雨了。")]) == [ReadBack(is_late=True)]
        assert session.cut_short
