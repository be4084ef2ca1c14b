"""Detects English sentences that cannot be quoted without the one before them."""

from __future__ import annotations

import re
from collections.abc import Set

from service.briefs.selecting.references import ACTORS
from service.briefs.selecting.scores import stem, stems

_OPENING = 6
"""How many words after *the* show what it refers to."""
_POINTS = re.compile(
    r"^(?:it|they|we|i|its|their|our|my|this|that|these|those|such|another|others?|both|neither|"
    r"so|then|but|and|or|yet|still|instead|here|there|later|earlier|afterwards|elsewhere)\b",
    re.IGNORECASE,
)
_JOINING = frozenset(
    {"with", "from", "into", "that", "than", "over", "under", "after", "were", "have"}
)
"""Words that say nothing about what *the* something is."""
_THE = re.compile(r"^(?:\w+ )?the\b(.*)", re.IGNORECASE)
_NAMED = re.compile(r"^(?: [\w'’-]+){1,5}, [A-Z]| [A-Z][\w'’-]+ (?:[A-Z]|of\b|for\b)")
"""*The mayor, Ana Ruiz*, *the National Weather Service*: a definite phrase with a name."""

_UNTOLD = re.compile(
    r"(?<=[a-z] )the (?P<noun>cost|price|bill|figure|total|fee|charge|plan|scheme|"
    r"proposal|draft|contract|vote|objection|change|idea|grant|deal|project)s?\b"
    r"(?! (?:of|to|for|that|which|in|on|by|from|behind)\b)",
    re.IGNORECASE,
)
"""What an argument has told about before: *officers put the cost at £3m*."""


def lacks_antecedent(sentence: str, known: str) -> bool:
    """Return whether a sentence counts on a cost, plan or the like that the text ``known`` does not
    mention.
    """
    told = stems(known)
    before = ((one["noun"], sentence[: one.start()]) for one in _UNTOLD.finditer(sentence))
    return any(stem(noun.lower()) not in told | stems(text) for noun, text in before)


def refers_back(sentence: str, brief: str, *, actors: Set[str] = ACTORS) -> bool:
    """Return whether an English sentence opens with a word that refers back, or with *the*
    something that the text of the ``brief`` before it does not mention. ``actors`` need
    no mention.
    """
    if _POINTS.match(sentence):
        return True
    if not (definite := _THE.match(sentence)):
        return False
    if _NAMED.match(definite[1]):
        return False
    words = re.findall(r"[A-Za-z’'-]+", definite[1])[:_OPENING]
    telling = {stem(one) for one in words if len(one) > 3 and one.lower() not in _JOINING}
    return not telling & (stems(brief) | actors)
