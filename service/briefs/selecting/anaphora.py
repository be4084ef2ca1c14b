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

_ASKED = re.compile(
    r"^(?:(?!(?:of|in|on|at|for|with|behind|who|which|that|whose) )[\w'’-]+ ){1,5}"
    r"(?:should|must|ought to|needs? to|had better)"
    r"(?: (?!(?:the|an?|every|all|each|their|its|our|his|her|that|if|whether|what|how|make|find)\b)"
    r"[\w'’-]+){1,4}? (?:(?:it|them)\b|(?:this|that)(?=[.,;]| (?:to|by|with|from|before|now)\b))"
)
"""*MPs should amend it*: no noun stands between who should act and the pronoun."""
_WHAT_FOLLOWS = re.compile(r"\bwhat (?:follows|followed)\b", re.IGNORECASE)
_OUR_PLACE = re.compile(
    r"\bour (?:\w+ )?(?:county|town|city|village|borough|district|parish|region|state|council)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:[Ii]n|of|[Aa]t|[Ff]rom|[Aa]cross|for|near|to) (?:[a-z]+ )?[A-Z][a-z]{2,}|"
    r"\b[A-Z][a-z]+['’]s\b|\b[A-Z][a-z]+ (?:County|Council|Town|City|Borough)\b"
)


def needs_context(sentence: str) -> bool:
    """Return whether a demand is about an *it* or *them* that only the sentence before names, or a
    sentence is about *what follows*.
    """
    return bool(_ASKED.match(sentence) or _WHAT_FOLLOWS.search(sentence))


def lacks_place(sentence: str, known: str) -> bool:
    """Return whether a sentence says *our county*, *our town* or the like, and neither it nor the
    text ``known`` names a place.
    """
    return bool(_OUR_PLACE.search(sentence)) and not _PLACE.search(f"{known} {sentence}")


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
