"""What may be left of a sentence that is shortened."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.compressing import Compressor
from service.generation.session import Session
from service.inference.fake import FakeGenerator
from service.languages import Language
from service.tasks import translation_task
from service.workers import Workers
from tests.support.grammars import accepts

ENGLISH = (
    "The airline, which was founded in 1987, said on Monday that it would not cut 400 jobs in "
    "Spain because of rising fuel prices."
)
CHINESE = "记者3日从市教育局获悉，为方便群众就医，北京市今年可能新建15家社区医院，其中8家位于郊区。"


@pytest.fixture(scope="module")
def analyzers() -> Analyzers:
    return Analyzers()


async def compressed(
    sentence: str, language: Language, answer: str, analyzers: Analyzers
) -> tuple[str | None, str]:
    """Return what is left of ``sentence`` if the model answers ``answer``, and its grammar."""
    generator = FakeGenerator(lambda _: answer)
    lane = Workers().lane()
    async with Session(generator, grounding=True, timeout=None) as session:
        await session.admit(translation_task(language), 400)
        short = await Compressor(session, lane, analyzers, language).compress(sentence)
    (request,) = generator.requests
    assert request.grammar
    return short, request.grammar


@pytest.mark.parametrize(
    ("language", "sentence", "short"),
    [
        ("en", ENGLISH, "The airline said on Monday that it would not cut 400 jobs in Spain."),
        (
            "en",
            ENGLISH,
            "The airline said it would not cut 400 jobs because of rising fuel prices.",
        ),
        ("zh", CHINESE, "北京市今年可能新建15家社区医院。"),
    ],
)
async def test_words_may_go(
    language: Language, sentence: str, short: str, analyzers: Analyzers
) -> None:
    left, grammar = await compressed(sentence, language, short, analyzers)
    assert accepts(grammar, short)
    assert left == short


@pytest.mark.parametrize(
    ("language", "sentence", "short"),
    [
        ("en", ENGLISH, "The airline said it would cut 400 jobs in Spain."),  # the negation
        ("en", ENGLISH, "The airline said it cut 400 jobs in Spain."),  # how certain it is
        ("en", ENGLISH, "It would not cut 400 jobs in Spain."),  # who says so
        ("en", ENGLISH, "The airline said it would not axe 400 jobs in Spain."),  # a new word
        ("en", ENGLISH, "The airline said it would not cut in Spain 400 jobs."),  # the order
        ("en", ENGLISH, "The airline said it would not cut 400 jobs"),  # no end
        ("en", ENGLISH, "The airline would not cut 400 jobs in Spain because of fuel prices."),
        ("zh", CHINESE, "北京市今年新建15家社区医院。"),
        ("zh", CHINESE, "北京市今年可能新建8家社区医院。"),
        ("zh", CHINESE, "北京市可能今年新建15家社区医院。"),
    ],
)
async def test_nothing_else_may_change(
    language: Language, sentence: str, short: str, analyzers: Analyzers
) -> None:
    _, grammar = await compressed(sentence, language, short, analyzers)
    assert not accepts(grammar, short)


async def test_the_words_that_make_a_subject_definite_stay(analyzers: Analyzers) -> None:
    sentence = (
        "Half of the money put aside by the government is benefiting people in the cities who do "
        "not need it."
    )
    _, grammar = await compressed(sentence, "en", "", analyzers)
    assert not accepts(grammar, "Half of the money is benefiting people who do not need it.")
    assert accepts(
        grammar,
        "Half of the money put aside by the government is benefiting people who do not need it.",
    )


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        (
            "Streets, aka rapper Mike Skinner, have topped a poll to find the year's best album.",
            "Mike Skinner the year's best album.",
        ),
        (
            "Kenya's body has suspended Susan Chepkemei from all competition until the year ends.",
            "Susan Chepkemei from all competition until the year ends.",
        ),
        (
            "Athletics Kenya issued the ban after Chepkemei failed to turn up for a training camp.",
            "Kenya issued the ban after Chepkemei failed to turn up.",
        ),
    ],
)
async def test_an_english_sentence_keeps_its_verb_and_whole_names(
    sentence: str, short: str, analyzers: Analyzers
) -> None:
    _, grammar = await compressed(sentence, "en", short, analyzers)
    assert not accepts(grammar, short)


async def test_an_attribution_at_the_end_stays(analyzers: Analyzers) -> None:
    sentence = "The old bridge over the river may be closed to all lorries, a study has found."
    _, grammar = await compressed(sentence, "en", "", analyzers)
    assert not accepts(grammar, "The old bridge may be closed to all lorries.")
    assert accepts(grammar, sentence)


async def test_little_is_not_enough(analyzers: Analyzers) -> None:
    left, grammar = await compressed(
        ENGLISH, "en", "The airline said it would not cut 400 jobs.", analyzers
    )
    assert accepts(grammar, "The airline said it would not cut 400 jobs.")
    assert left is None


@pytest.mark.parametrize(
    "answer",
    [
        "The airline said it would axe jobs in Spain because of rising fuel prices.",
        "The airline said on Monday that it would cut 400 jobs in Spain.",
        "The line said on Monday that it would not cut 400 jobs in Spain.",
        "The airline said so.",
        ENGLISH,
        "",
    ],
)
async def test_an_engine_without_grammars_may_answer_anything(
    answer: str, analyzers: Analyzers
) -> None:
    assert (await compressed(ENGLISH, "en", answer, analyzers))[0] is None


@pytest.mark.parametrize(
    ("language", "sentence", "short"),
    [
        ("en", "Officials said Israel attacked Iran on Monday.", "Officials said attacked Iran."),
        ("en", "Israel and Hamas agreed to a truce on Monday.", "Israel agreed to a truce."),
        ("en", "He was shot by a masked gunman in the town on Monday.", "He was shot gunman."),
        (
            "en",
            "Police said the man was brutally attacked in the old town on Monday.",
            "Police said the man attacked in the old town.",
        ),
        ("en", "Around 1,000 people marched in the town on Monday.", "1,000 people marched."),
        ("zh", "特朗普的律师科恩12日在纽约认罪。", "特朗普认罪。"),
        ("zh", "中国3日宣布对美国商品加征关税。", "中国宣布商品加征关税。"),
        ("zh", "这名男子3日被警察当场打死。", "这名男子被打死。"),
    ],
)
async def test_who_does_what_to_whom_stays(
    language: Language, sentence: str, short: str, analyzers: Analyzers
) -> None:
    left, grammar = await compressed(sentence, language, short, analyzers)
    assert not accepts(grammar, short)
    assert left is None


async def test_a_question_stays_one(analyzers: Analyzers) -> None:
    generator = FakeGenerator(lambda _: "unused")
    async with Session(generator, grounding=True, timeout=None) as session:
        await session.admit(translation_task("zh"), 400)
        compressor = Compressor(session, Workers().lane(), analyzers, "zh")
        assert await compressor.compress("北京今年3月会在郊区新建15家社区医院吗？") is None
    assert generator.requests == []


async def test_a_sentence_that_the_model_cannot_shorten_is_left_alone(
    analyzers: Analyzers,
) -> None:
    generator = FakeGenerator(lambda _: "unused")
    async with Session(generator, grounding=True, timeout=None) as session:
        await session.admit(translation_task("en"), 400)
        compressor = Compressor(session, Workers().lane(), analyzers, "en")
        assert await compressor.compress(" ".join(["word"] * 200) + ".") is None
    assert generator.requests == []
