"""Months and days that stand alone."""

from __future__ import annotations

import pytest

from service.languages import Language
from service.translation.calendar_words import calendar_word


@pytest.mark.parametrize(
    ("text", "target", "known"),
    [
        ("May", "zh", "五月"),
        ("MARCH", "zh", "三月"),
        ("Sep", "zh", "九月"),
        ("Sunday", "zh", "星期日"),
        ("march", "zh", None),
        ("may", "zh", None),
        ("Sun", "zh", None),
        ("May I?", "zh", None),
        ("五月", "en", "May"),
        ("12月", "en", "December"),
        ("周一", "en", "Monday"),
        ("星期天", "en", "Sunday"),
        ("五月天", "en", None),
    ],
)
def test_a_month_or_day_that_stands_alone_is_looked_up(
    text: str, target: Language, known: str | None
) -> None:
    assert calendar_word(text, target) == known
