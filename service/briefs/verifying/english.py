"""Preparing English sentences for comparison, from their parse."""

from __future__ import annotations

from collections.abc import Iterator

from service.analysis import Parse, Word
from service.briefs.verifying.english_qualifiers import QualifiersOf
from service.briefs.verifying.fillers import Filler, find_fillers
from service.briefs.verifying.lexicon import (
    AUXILIARIES,
    DOWN,
    OFFICES,
    ROLES,
    SMALL_TAGS,
    UP,
)
from service.briefs.verifying.naming import words_of_name
from service.briefs.verifying.reading import Act, Beside, ContentItem, Kind, SentenceContent
from service.briefs.verifying.tree import Tree, key_of

_NAME_TAGS = ("NNP", "NNPS")


def read_english(text: str, parse: Parse, names: frozenset[str] = frozenset()) -> SentenceContent:
    """Return the content of one sentence. ``parse`` is that of ``text``. ``names`` are words that
    are always names, as the tagger is unsure of the first word of a sentence.
    """
    return _Reader(text, parse, names).read()


class _Reader:
    def __init__(self, text: str, parse: Parse, names: frozenset[str]) -> None:
        self.text = text
        self.names = names
        self.tree = Tree(parse)
        self.words = parse.words
        self.entities = parse.entities
        self.below = self.tree.below
        self.qualifiers = QualifiersOf(self.tree)

    def read(self) -> SentenceContent:
        items: list[ContentItem] = []
        item_of: dict[int, int] = {}
        for first, last, filler in self._groups():
            item = self._item(first, last, filler)
            if item is not None:
                item_of |= dict.fromkeys(range(first, last + 1), len(items))
                items.append(item)
        return SentenceContent(
            self.text,
            tuple(items),
            tuple(self._acts(item_of)),
            tuple(self._beside(item_of, items)),
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
                    and self._are_one_name(last)
                    and not any(f.start == self.words[last + 1].start for f in fillers)
                ):
                    last += 1
            yield at, last, filler
            at = last + 1

    def _is_name(self, word: Word) -> bool:
        title = word.text.lower() in OFFICES or word.text.lower() in ROLES
        return (
            (word.tag in _NAME_TAGS or word.text in self.names)
            and (word.text[0].isupper() or word.text[0].isdigit())
            and not title
        )

    def _are_one_name(self, at: int) -> bool:
        """Return whether no recognised name begins or ends between a word and the next."""
        middle = self.words[at].end
        return all(
            (one.start <= self.words[at].start and one.end > middle)
            or one.end <= self.words[at].start
            or one.start > self.words[at + 1].start
            for one in self.entities
        )

    def _item(self, first: int, last: int, filler: Filler | None) -> ContentItem | None:
        start, end = self.words[first].start, self.words[last].end
        text = self.text[start:end]
        head = self._head_of(first, last)
        word = self.words[head]
        governor = self._governor(head)
        if filler:
            kind: Kind = "date" if filler.is_date else "number"
            return ContentItem(
                text,
                start,
                end,
                kind,
                f"<{kind}>",
                filler.values,
                filler.permits,
                governor,
                sort=filler.sort,
                qualifiers=self.qualifiers[head],
                aside=self._is_aside(start),
            )
        if not any(map(str.isalnum, text)):
            return None
        if self._is_name(word):
            named = words_of_name(text)
            names = frozenset[object](named)
            return ContentItem(
                text,
                start,
                end,
                "name",
                " ".join(named),
                names,
                names,
                governor,
                "noun",
                sort=self._sort(start, end),
                qualifiers=self.qualifiers[head],
                aside=self._is_aside(start),
            )
        key = key_of(word)
        direction = "up" if key in UP else "down" if key in DOWN else ""
        small = word.tag in SMALL_TAGS or key in AUXILIARIES
        value = frozenset[object]({direction}) if direction else frozenset[object]()
        return ContentItem(
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
            aside=self._is_aside(start),
        )

    def _governor(self, at: int) -> str:
        """Return the key of the word that a word depends on, past a preposition."""
        word = self.words[at]
        above = word.head
        if word.relation == "pobj":
            above = self.words[above].head
        return "" if above == at else key_of(self.words[above])

    def _sort(self, start: int, end: int) -> str:
        """Return the kind of a name that the parse recognises, or an empty string."""
        entities = self.entities
        return next((one.kind for one in entities if one.start < end and start < one.end), "")

    def _is_aside(self, start: int) -> bool:
        opened = max(self.text.rfind(mark, 0, start) for mark in "(（")
        closed = max(self.text.rfind(mark, 0, start) for mark in ")）")
        return opened > closed

    def _head_of(self, first: int, last: int) -> int:
        """Return the word of a run that the others depend on."""
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
        """Return the word and those coordinated with it."""
        found = [at]
        for one in self.below[at]:
            if self.words[one].relation == "conj":
                found += self._joined(one)
        return found

    def _beside(self, item_of: dict[int, int], items: list[ContentItem]) -> Iterator[Beside]:
        for at, word in enumerate(self.words):
            title = word.relation == "compound" and self.tree.lower(at) in OFFICES
            if not (word.relation == "appos" or title) or not {at, word.head} <= item_of.keys():
                continue
            one, other = item_of[at], item_of[word.head]
            if one == other:
                continue
            if items[other].kind == "name" and items[one].kind == "word":
                yield Beside(other, one)
            elif items[one].kind == "name" and items[other].kind == "word":
                yield Beside(one, other)


def _part(word: Word) -> str:
    if word.tag.startswith("NN"):
        return "noun"
    if word.tag.startswith("VB"):
        return "verb"
    return "adjective" if word.tag.startswith(("JJ", "RB")) else ""
