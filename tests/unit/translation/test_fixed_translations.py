"""Texts with one fixed translation."""

from __future__ import annotations

import pytest

from service.languages import Language
from service.translation.fixed_translations import fixed_translation


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
        ("Kind regards,", "zh", "此致敬礼"),
        ("Best wishes", "zh", "祝好"),
        ("Regards to Anna", "zh", None),
        ("敬礼！", "en", "Yours sincerely,"),
        ("祝好", "en", "Best wishes,"),
        ("of", "zh", "的"),
        ("The", "zh", "该"),
        ("To", "zh", None),
        ("On", "zh", None),
    ],
)
def test_what_stands_alone_is_looked_up(text: str, target: Language, known: str | None) -> None:
    assert fixed_translation(text, target) == known
