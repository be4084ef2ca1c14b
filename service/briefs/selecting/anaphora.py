"""Detects English sentences that cannot be quoted without the one before them."""

from __future__ import annotations

import re

from service.briefs.selecting.references import ACTORS
from service.briefs.selecting.scores import stem, stems

_OPENING = 6
"""How many words after *the* show what it refers to."""
_POINTS = re.compile(
    r"^(?:it|they|we|i|its|their|our|my|this|that|these|those|such|another|others?|both|neither|"
    r"so|then|but|and|or|yet|still|instead|here|there|later|earlier|afterwards|elsewhere)\b",
    re.IGNORECASE,
)
_THE = re.compile(r"^(?:\w+ )?the\b(.*)", re.IGNORECASE)
_NAMED = re.compile(r"^(?: [\w'’-]+){1,5}, [A-Z]| [A-Z][\w'’-]+ (?:[A-Z]|of\b|for\b)")
"""*The mayor, Ana Ruiz*, *the National Weather Service*: a definite phrase with a name."""


def refers_back(sentence: str, brief: str) -> bool:
    """Return whether an English sentence opens with a word that refers back, or with *the*
    something that the text of the ``brief`` before it does not mention.
    """
    if _POINTS.match(sentence):
        return True
    if not (definite := _THE.match(sentence)):
        return False
    if _NAMED.match(definite[1]):
        return False
    words = re.findall(r"[A-Za-z’'-]+", definite[1])[:_OPENING]
    return not {stem(one) for one in words if len(one) > 3} & (stems(brief) | ACTORS)
