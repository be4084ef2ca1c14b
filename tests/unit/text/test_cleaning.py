"""Cleaning: any string in, visible Unicode out."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.text.cleaning import clean, visible

ANY_STRING = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", ""),
        (" \t\r\n ", ""),
        ("  two   words\t here ", "two words here"),
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
        ("a \n  b", "a\nb"),
        ("a\n\n \n\n\nb", "a\n\nb"),
        ("a\u3000b\u00a0c\u202fd", "a b c d"),
        ("nul\x00bell\x07del\x7f.", "nul bell del ."),
        ("lone\ud800surrogate", "lone surrogate"),
        ("\ufeffzero\u200bwidth\u2060joined\u00ad", "zerowidthjoined"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("tag\U000e0041\U000e0042\U000e007fs", "tags"),
        ("hangul\u3164filler", "hangulfiller"),
        ("cafe\u0301", "caf\u00e9"),
        ("e\u200b\u0301", "\u00e9"),
        ("今天\u3000天气", "今天 天气"),
    ],
)
def test_what_no_reader_sees_is_gone_and_the_rest_stays(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a❤\ufe0fb", "a❤\ufe0fb"),
        ("👩\u200d💻 \u200dx\ufe0f", "👩\u200d💻 x"),
        ("1\ufe0f\u20e3 and 1\ufe0f", "1\ufe0f\u20e3 and 1"),
        ("😀\U000e0068\U000e0069\U000e007f", "😀"),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",) * 2,
    ],
)
def test_emoji_of_several_characters_stay_whole(raw: str, expected: str) -> None:
    assert visible(raw) == expected


@pytest.mark.parametrize("number", ["１２３", "10²", "½", "①", "３．５％", "1,000"])
def test_numbers_stay_as_they_were_written(number: str) -> None:
    assert clean(number) == number


@settings(deadline=None)
@given(ANY_STRING)
def test_any_string_becomes_valid_trimmed_and_stable(raw: str) -> None:
    text = clean(raw)
    text.encode("utf-8")
    assert text == text.strip()
    assert clean(text) == text
    assert unicodedata.is_normalized("NFC", text)
    assert not any(unicodedata.category(c) == "Cc" for c in text if c != "\n")
    assert "  " not in text
    assert "\n\n\n" not in text
