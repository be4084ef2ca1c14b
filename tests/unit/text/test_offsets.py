"""Offsets point into the text as it was sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.cleaning import clean
from service.text.offsets import align


@pytest.mark.parametrize(
    ("original", "part", "there"),
    [
        ("Two  spaces\there.", "spaces here.", "spaces\there."),
        ("  \r\n\r\nBlank lines first.", "lines first.", "lines first."),
        ("a\u200bb and soft\u00adly", "softly", "soft\u00adly"),
        ("Cafe\u0301 Zo\u0308e closed", "Zöe closed", "Zo\u0308e closed"),
        ("한글 \u1112\u1161\u11ab end", "한 end", "\u1112\u1161\u11ab end"),
        ("大橋\u3000關閉。", "關閉", "關閉"),
        ("one\r\n\r\n\r\n\r\ntwo", "one\n\ntwo", "one\r\n\r\n\r\n\r\ntwo"),
    ],
)
def test_a_part_of_the_cleaned_text_is_found_in_what_was_sent(
    original: str, part: str, there: str
) -> None:
    cleaned = clean(original)
    at = cleaned.index(part)
    start, end = align(original, cleaned).span(at, at + len(part))
    assert original[start:end] == there


@given(st.text(max_size=80))
def test_every_visible_character_is_found_where_it_came_from(original: str) -> None:
    cleaned = clean(original)
    alignment = align(original, cleaned)
    assert len(alignment.starts) == len(cleaned)
    assert list(alignment.starts) == sorted(alignment.starts)
    for at, character in enumerate(cleaned):
        if not character.isspace():
            start, end = alignment.span(at, at + 1)
            assert character in clean(original[start:end])


def test_a_text_that_was_not_changed_is_its_own_original() -> None:
    assert align("As it is.", "As it is.").span(3, 8) == (3, 8)
