"""English sentences read for comparison, from their parse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.analysis import Parse, Word
from service.briefs.verifying.english_qualifiers import QualifiersOf
from service.briefs.verifying.fillers import Filler, find_fillers
from service.briefs.verifying.lexicon import AUXILIARIES, DOWN, SMALL_TAGS, SPEECH, UP
from service.briefs.verifying.reading import Act, Beside, Item, Kind, Reading
from service.briefs.verifying.tree import Tree, key_of

_NAME_TAGS = ("NNP", "NNPS")


def read_english(text: str, parse: Parse) -> Reading:
    """The reading of one sentence. ``parse`` is that of ``text``."""
    return _Reader(text, parse).read()


class _Reader:
    def __init__(self, text: str, parse: Parse) -> None:
        self.text = text
        self.tree = Tree(parse)
        self.words = parse.words
        self.below = self.tree.below
        self.qualifiers = QualifiersOf(self.tree)

    def read(self) -> Reading:
        items: list[Item] = []
        item_of: dict[int, int] = {}
        for first, last, filler in self._groups():
            item = self._item(first, last, filler)
            if item is not None:
                item_of |= dict.fromkeys(range(first, last + 1), len(items))
                items.append(item)
        return Reading(
            self.text,
            tuple(items),
            tuple(self._acts(item_of)),
            tuple(self._beside(item_of, items)),
            attributed=bool(self.qualifiers.told) or _says(self.words),
        )

    def _groups(self) -> Iterator[tuple[int, int, Filler | None]]:
        """Runs of words that are one item: first, last, and the number or date that they are."""
        fillers = find_fillers(self.text)
        at = 0
        while at < len(self.words):
            word = self.words[at]
            filler = next((f for f in fillers if f.start < word.end and word.start < f.end), None)
            last = at
            if filler:
                while last + 1 < len(self.words) and self.words[last + 1].start < filler.end:
                    last += 1
            elif self._is_name(word):
                while (
                    last + 1 < len(self.words)
                    and self._is_name(self.words[last + 1])
                    and not any(f.start == self.words[last + 1].start for f in fillers)
                ):
                    last += 1
            yield at, last, filler
            at = last + 1

    @staticmethod
    def _is_name(word: Word) -> bool:
        return word.tag in _NAME_TAGS and word.text[:1].isalnum()

    def _item(self, first: int, last: int, filler: Filler | None) -> Item | None:
        start, end = self.words[first].start, self.words[last].end
        text = self.text[start:end]
        head = self._head_of(first, last)
        word = self.words[head]
        governor = "" if word.head == head else key_of(self.words[word.head])
        if filler:
            kind: Kind = "date" if filler.is_date else "number"
            return Item(
                text,
                start,
                end,
                kind,
                f"<{kind}>",
                filler.values,
                filler.permits,
                governor,
                qualifiers=self.qualifiers[head],
            )
        if not any(map(str.isalnum, text)):
            return None
        if self._is_name(word):
            names = frozenset[object](re.findall(r"[^\W_]+", text.lower().replace("'s", "")))
            return Item(
                text,
                start,
                end,
                "name",
                text.lower(),
                names,
                names,
                governor,
                "noun",
                qualifiers=self.qualifiers[head],
            )
        key = key_of(word)
        direction = "up" if key in UP else "down" if key in DOWN else ""
        small = word.tag in SMALL_TAGS or key in AUXILIARIES
        value = frozenset[object]({direction}) if direction else frozenset[object]()
        return Item(
            text,
            start,
            end,
            "direction" if direction else "small" if small else "word",
            key,
            value,
            value,
            governor,
            _part(word),
            qualifiers=self.qualifiers[head],
        )

    def _head_of(self, first: int, last: int) -> int:
        """The word of a run that the others depend on."""
        inside = range(first, last + 1)
        return next((at for at in inside if self.words[at].head not in inside), last)

    def _acts(self, item_of: dict[int, int]) -> Iterator[Act]:
        for at, word in enumerate(self.words):
            if not word.tag.startswith("VB") or key_of(word) in AUXILIARIES or at not in item_of:
                continue
            agents, patients = self._arguments(at)
            if agents or patients:
                yield Act(
                    item_of[at],
                    tuple(item_of[one] for one in agents if one in item_of),
                    tuple(item_of[one] for one in patients if one in item_of),
                )

    def _arguments(self, at: int) -> tuple[list[int], list[int]]:
        agents: list[int] = []
        patients: list[int] = []
        for one in self.below[at]:
            relation = self.words[one].relation
            if relation == "nsubj":
                agents += self._joined(one)
            elif relation in {"nsubjpass", "dobj"}:
                patients += self._joined(one)
            elif relation == "agent":
                agents += [
                    each
                    for below in self.below[one]
                    if self.words[below].relation == "pobj"
                    for each in self._joined(below)
                ]
        word = self.words[at]
        if word.relation == "conj" and word.head != at and not agents:
            passive = any(self.words[one].relation == "auxpass" for one in self.below[at])
            if not passive:
                agents = self._arguments(word.head)[0]
        return agents, patients

    def _joined(self, at: int) -> list[int]:
        """The word and what is coordinated with it."""
        found = [at]
        for one in self.below[at]:
            if self.words[one].relation == "conj":
                found += self._joined(one)
        return found

    def _beside(self, item_of: dict[int, int], items: list[Item]) -> Iterator[Beside]:
        for at, word in enumerate(self.words):
            if word.relation != "appos" or at not in item_of or word.head not in item_of:
                continue
            one, other = item_of[at], item_of[word.head]
            if one == other:
                continue
            if items[other].kind == "name" and items[one].kind == "word":
                yield Beside(other, one)
            elif items[one].kind == "name" and items[other].kind == "word":
                yield Beside(one, other)


def _says(words: tuple[Word, ...]) -> bool:
    return any(word.tag.startswith("VB") and key_of(word) in SPEECH for word in words)


def _part(word: Word) -> str:
    if word.tag.startswith("NN"):
        return "noun"
    if word.tag.startswith("VB"):
        return "verb"
    return "adjective" if word.tag.startswith(("JJ", "RB")) else ""
