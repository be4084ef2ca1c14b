"""The content of a sentence that verification compares: items in order, with their qualifiers."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["word", "small", "name", "number", "date", "direction"]
"""``small`` words (articles, prepositions, auxiliaries) have little content. The values of items of
the last four kinds are compared, as another of their kind could be in the same context."""
Certainty = Literal["fact", "urged", "will", "plan", "may"]
WEAKEST_FIRST: tuple[Certainty, ...] = ("may", "plan", "will", "urged", "fact")
Quantifier = Literal["", "some", "most", "all"]


class Qualifiers(msgspec.Struct, frozen=True):
    """What other words of the sentence say about an item.

    ``negated`` is about the item itself; ``near_negation`` is true for all items of a clause with a
    negation, which a paraphrase may move. Likewise, ``certainty`` is the item's own, and ``hedged``
    is true if anything that the item depends on is uncertain. ``roles`` are the words that change
    an office (former, deputy). ``attributed`` says whether the item is in reported speech.
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
    ``governor`` is the key of the word that it depends on, empty for Chinese, which is not parsed.
    ``part`` is "noun", "verb", "adjective" or "". ``sort`` divides a kind further (person, place;
    year, weekday; share, ordinal): only items of the same sort can be confused. ``clause`` is the
    number of its clause, ``aside`` says whether that is a parenthesis.
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

    Passives have the sides of the active. All are indices of :attr:`SentenceContent.items`.
    """

    verb: int
    agents: tuple[int, ...]
    patients: tuple[int, ...]


class Beside(msgspec.Struct, frozen=True):
    """A name and the description beside it: "Ana Ruiz, the mayor", 市长何平."""

    name: int
    noun: int


class SentenceContent(msgspec.Struct, frozen=True):
    """A sentence: its text, items in order, acts, and names with what stands beside them."""

    text: str
    items: tuple[ContentItem, ...]
    acts: tuple[Act, ...] = ()
    beside: tuple[Beside, ...] = ()
