"""Expressions of many alternatives find what they would find by themselves."""

from __future__ import annotations

import re

import pytest

from service.briefs.selecting.alternatives import compile_alternatives

PATTERN = (
    r"\bclick (?:here|now)\b|^\W*advertisement\b|[|(]\s*photo|©|\b(?:your|our) newsletters?\b|"
    r"[\]|]end|^by\b|\(c\)|a\|b|[|[]x|[]|]y"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Please CLICK here.", True),
        ("A click hereafter.", False),
        ("doubleclick now", False),
        ("“Advertisement” it says", True),
        ("An advertisement", False),
        ("A bridge (photo: Ruiz)", True),
        ("A bridge | photo", True),
        ("© Ruiz", True),
        ("Our newsletter", True),
        ("in your newsletters", True),
        ("the ]end", True),
        ("the |end", True),
        ("the end", False),
        ("By Ana Ruiz", True),
        ("Written by Ana Ruiz", False),
        ("(c) Ruiz", True),
        ("a|b", True),
        ("ab", False),
        ("[x", True),
        ("]y", True),
        ("x", False),
        ("", False),
    ],
)
def test_a_text_is_found_or_not_as_by_the_pattern_itself(text: str, found: bool) -> None:
    assert bool(re.search(PATTERN, text, re.IGNORECASE)) is found
    assert bool(compile_alternatives(PATTERN).search(text)) is found
    both = compile_alternatives("no such thing", PATTERN)
    assert bool(both.search(text)) is found
