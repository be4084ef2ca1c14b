"""A sentence as verification compares it: a row of items, each with what qualifies it."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["word", "small", "name", "number", "date", "direction"]
"""``small`` words (articles, prepositions, auxiliaries) carry little of what is said. Items of the
last four kinds fill a place that another of their kind could fill: their values are compared."""
Certainty = Literal["fact", "urged", "will", "plan", "may"]
WEAKEST_FIRST: tuple[Certainty, ...] = ("may", "plan", "will", "urged", "fact")
Quantifier = Literal["", "some", "most", "all"]


class Qualifiers(msgspec.Struct, frozen=True):
    """What is said of an item by the words about it.

    ``negated`` is the item itself, ``near_negation`` also one whose clause has a negation, which
    another wording may well put elsewhere; so with ``certainty``, and ``hedged`` by anything that
    the item hangs on. ``roles`` are the words that change an office (former, deputy).
    ``attributed`` says whether the item is part of what somebody is reported to say.
    """

    negated: bool = False
    near_negation: bool = False
    hedged: bool = False
    certainty: Certainty = "fact"
    quantifier: Quantifier = ""
    roles: frozenset[str] = frozenset()
    attributed: bool = False


PLAIN = Qualifiers()


class ContentItem(msgspec.Struct, frozen=True):
    """A word, or a number, date or name of one or more words.

    ``key`` is the word without inflection, in lower case. ``values`` are what a number, date or
    direction states and ``permits`` what it allows a restatement to state; for a name, its words.
    ``governor`` is the key of the word that it depends on, empty where the language has no parse.
    ``part`` is "noun", "verb", "adjective" or "". ``sort`` divides a kind further (person, place;
    year, weekday; share, ordinal): only items of one sort can stand for each other. ``clause``
    numbers the clause that it stands in, ``aside`` is whether that is a parenthesis.
    """

    text: str
    start: int
    end: int
    kind: Kind
    key: str
    values: frozenset[object] = frozenset()
    permits: frozenset[object] = frozenset()
    governor: str = ""
    part: str = ""
    sort: str = ""
    clause: int = 0
    aside: bool = False
    qualifiers: Qualifiers = PLAIN


class Act(msgspec.Struct, frozen=True):
    """Somebody does something: the item of the verb, and the items of who does it and to whom.

    Passives are turned round. Indices of :attr:`SentenceContent.items`.
    """

    verb: int
    agents: tuple[int, ...]
    patients: tuple[int, ...]


class Beside(msgspec.Struct, frozen=True):
    """A name and what is put beside it: "Ana Ruiz, the mayor", 市长何平."""

    name: int
    noun: int


class SentenceContent(msgspec.Struct, frozen=True):
    """A sentence: its text, items in order, acts, and names with what stands beside them."""

    text: str
    items: tuple[ContentItem, ...]
    acts: tuple[Act, ...] = ()
    beside: tuple[Beside, ...] = ()
