"""Finds words that an English sentence says twice by mistake, which can be left out safely."""

from __future__ import annotations

import re

_TWICE = re.compile(r"\b(?P<gone>(?P<word>the|an?|of|and|with|from) +)(?P=word)(?= [a-z])")
"""*Of of*. Two of other words, such as *had had* and *that that*, may both be meant."""
_FOLLOWING_AFTER = re.compile(
    r"(?<=[a-z] )(?P<gone>following )after (?:the|an?|his|her|their|its)\b"
)
_SAME_REASON = re.compile(
    r"\bso [a-z]+ that [^.,;:]{8,}?(?P<gone> because of (?:so|too) (?:many|much) [a-z]+)(?=[.,;]|$)"
)
"""*Traffic was so heavy that the site was closed because of too many visitors.*"""


def slips(text: str) -> list[tuple[int, int]]:
    """Return the characters of an English sentence that repeat others by mistake, in order: *of of
    the town*, *following after the win*.
    """
    found = [
        one.span("gone")
        for pattern in (_TWICE, _FOLLOWING_AFTER, _SAME_REASON)
        for one in pattern.finditer(text)
    ]
    return sorted(found)
