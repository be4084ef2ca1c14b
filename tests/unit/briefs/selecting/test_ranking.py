"""How the sentences of an article are ranked."""

from __future__ import annotations

from service.analysis import Analyzers
from service.briefs.model import BriefOptions
from service.briefs.selecting import select
from service.briefs.selecting.flags import Flag
from service.briefs.selecting.ranking import Ranked, rank_of, rank_sentences
from service.briefs.selecting.sentences import ArticleSentence

ORDINARY: frozenset[Flag] = frozenset()


def sentences(count: int) -> list[ArticleSentence]:
    """Sentences of ten characters each, one after the other."""
    return [ArticleSentence(at, "x" * 10, 10 * at, 10 * at + 10, 0) for at in range(count)]


def ranks(totals: list[float], flags: list[frozenset[Flag]] | None = None) -> list[float]:
    found = rank_sentences(sentences(len(totals)), flags or [ORDINARY] * len(totals), totals)
    return [one.rank for one in found]


def test_the_best_has_one_and_what_counts_against_the_article_zero() -> None:
    assert ranks([1.5, 3.0, -0.4, 0.0]) == [0.5, 1.0, 0.0, 0.0]


def test_what_no_brief_quotes_has_zero_and_raises_nobody() -> None:
    flags = [frozenset({flag}) for flag in (Flag.COMMENT, Flag.INSTRUCTION, Flag.FURNITURE)]
    assert ranks([9.0, 8.0, 7.0, 2.0, 1.0], [*flags, ORDINARY, ORDINARY]) == [0, 0, 0, 1.0, 0.5]


def test_what_does_not_stand_alone_counts_half() -> None:
    assert ranks([2.0, 2.0], [ORDINARY, frozenset({Flag.QUESTION})]) == [1.0, 0.5]


def test_an_article_of_nothing_worth_quoting_has_zeros() -> None:
    assert ranks([-1.0, -2.0]) == [0.0, 0.0]
    assert ranks([]) == []


def test_a_quoted_passage_has_the_rank_of_its_first_stretch() -> None:
    ranked = [Ranked(0, 10, 0.2), Ranked(10, 20, 0.7), Ranked(20, 30, 1.0)]
    assert rank_of([(2, 8), (22, 25)], ranked) == 0.2, "the second names a person in full"
    assert rank_of([(0, 20)], ranked) == 0.7, "a question and its answer"
    assert rank_of([(40, 50)], ranked) == 1.0, "a headline that is no sentence of the text"
    assert rank_of([], ranked) == 1.0, "a headline that was given apart"


def test_captions_and_questions_come_after_the_news(analyzers: Analyzers) -> None:
    blocks = [
        "The council of Orlau approved 40 million euros on Tuesday to repair the old bridge.",
        "Photo: Anna Berg / City of Orlau",
        "Who will pay for it?",
        "The repair of the bridge is paid for by the state, the council of Orlau said on Tuesday.",
    ]
    ranked = select(blocks, None, "en", BriefOptions(("en",)), analyzers).ranked
    by_text = {"\n".join(blocks)[one.start : one.end]: one.rank for one in ranked}
    assert by_text[blocks[0]] == 1.0
    assert by_text[blocks[1]] == 0.0
    assert by_text[blocks[3]] > by_text[blocks[2]] > 0.0
