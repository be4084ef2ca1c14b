"""How much of an article a brief may hold."""

from __future__ import annotations

import pytest

from service.briefs.model import BriefOptions, LengthName, SentenceCount, Style
from service.briefs.selecting.amounts import Amount, amount_of
from service.languages import Language

LONG_ARTICLE = 2000


@pytest.mark.parametrize(
    ("style", "length", "language", "amount"),
    [
        ("paragraph", "short", "en", (1, 1, 40)),
        ("paragraph", "medium", "en", (2, 3, 70)),
        ("paragraph", "long", "en", (4, 6, 150)),
        ("paragraph", "medium", "zh", (2, 3, 130)),
        ("bullets", "medium", "en", (3, 4, 95)),
        ("bullets", "short", "zh", (2, 2, 105)),
        ("headline", "long", "en", (1, 1, 16)),
        ("headline", "medium", "zh", (1, 1, 32)),
    ],
)
def test_a_long_article_gives_what_was_asked_for(
    style: Style, length: LengthName, language: Language, amount: tuple[int, int, int]
) -> None:
    found = amount_of(
        BriefOptions(style=style, length=length), language, article_units=LONG_ARTICLE
    )
    assert (found.least, found.most, found.high) == amount


def test_a_medium_chinese_brief_has_72_to_130_characters() -> None:
    found = amount_of(BriefOptions(), "zh", article_units=LONG_ARTICLE)
    assert (found.low, found.high) == (72, 130)


@pytest.mark.parametrize(
    ("units", "language", "high"),
    [(200, "en", 50), (240, "en", 60), (100, "en", 45), (400, "zh", 100), (200, "zh", 72)],
)
def test_a_brief_is_at_most_a_quarter_of_its_article_but_for_very_short_ones(
    units: int, language: Language, high: int
) -> None:
    found = amount_of(BriefOptions(), language, article_units=units)
    assert found.high == high
    assert found.least == 1
    assert found.low <= found.high


@pytest.mark.parametrize("units", [30, 300, 3000])
def test_a_number_of_sentences_is_kept_whatever_share_that_is(units: int) -> None:
    options = BriefOptions(length=SentenceCount(5))
    assert amount_of(options, "en", article_units=units) == Amount(5, 5, 0, 225, 30)
    assert amount_of(options, "zh", article_units=units) == Amount(5, 5, 0, 450, 60)
