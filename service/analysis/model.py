"""What an analysis says of a text, whichever library made it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, Protocol

import msgspec

EntityKind = Literal["person", "organisation", "place", "nationality", "date", "number", "other"]


class Word(msgspec.Struct, frozen=True, gc=False):
    """A word or mark of an English sentence.

    ``start`` and ``end`` are offsets in characters of the sentence. ``tag`` is the Penn Treebank's,
    ``relation`` ClearNLP's (``nsubj``, ``relcl``, …), and ``head`` the index of the word that it
    depends on; the root is its own head. ``lemma`` is the word without its inflection ("rise" for
    "rose"), empty where nobody asked for it.
    """

    text: str
    start: int
    end: int
    tag: str
    relation: str
    head: int
    lemma: str = ""


class Entity(msgspec.Struct, frozen=True, gc=False):
    """A name, date or number; offsets in characters of the sentence."""

    text: str
    start: int
    end: int
    kind: EntityKind


class Parse(msgspec.Struct, frozen=True):
    """An English sentence: its words with their tree, and its entities, both in order."""

    words: tuple[Word, ...]
    entities: tuple[Entity, ...]

    def children(self, index: int) -> Iterator[int]:
        """Indices of the words that depend on word ``index``, in order."""
        return (at for at, word in enumerate(self.words) if word.head == index != at)

    def subtree(self, index: int) -> list[int]:
        """Indices of word ``index`` and all that depends on it, in order."""
        below = {index}
        grew = True
        while grew:
            grew = False
            for at, word in enumerate(self.words):
                if at not in below and word.head in below:
                    below.add(at)
                    grew = True
        return sorted(below)

    @property
    def roots(self) -> list[int]:
        """Indices of the words that depend on none; more than one if the text is no sentence."""
        return [at for at, word in enumerate(self.words) if word.head == at]


class ChineseWord(msgspec.Struct, frozen=True, gc=False):
    """A Chinese word; offsets in characters of the text.

    ``tag`` is LAC's: ``PER``, ``LOC``, ``ORG``, ``TIME`` for names, ``n``, ``v``, ``m`` and the
    like for the rest, ``w`` for marks.
    """

    text: str
    start: int
    end: int
    tag: str


class Analyzes(Protocol):
    """Tells the words of texts. Blocks; safe to call from any thread."""

    def parse(self, sentences: Sequence[str]) -> list[Parse]:
        """Parse English sentences, one result for each: about 3 ms a sentence."""

    def tree(self, sentences: Sequence[str]) -> list[Parse]:
        """The same without lemmas and entities, in a third of the time."""

    def entities(self, sentences: Sequence[str]) -> list[tuple[Entity, ...]]:
        """The entities of English sentences alone, in half the time of a parse."""

    def segment(self, texts: Sequence[str]) -> list[tuple[ChineseWord, ...]]:
        """Divide Chinese texts (Simplified characters) into words, one result for each."""
