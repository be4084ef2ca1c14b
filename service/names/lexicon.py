"""The lexicon: names and news terms of one language, with their translations.

One set of tables serves both directions (:mod:`service.names.tables`). Matches in a text are the
leftmost, then the longest, and never overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from service.analysis.model import ChineseWord
from service.names.forms import (
    fold,
    is_inside_word,
    lower,
    plural,
    simplify,
)
from service.names.tables import PARTS, Kind, NameRow, builtin, parse, read
from service.text.numbers.model import Language

_WORD: Final = re.compile(r"[^\W_]+")

# Characters that spell the syllables of foreign names and begin or end few other words.
_SYLLABLES: Final = frozenset(
    "阿埃艾巴贝伯勃布茨戴德狄迪蒂厄恩尔弗哈赫霍吉卡凯考柯科克肯库拉莱赖兰朗劳勒雷蕾里莉琳罗洛玛麦曼蒙"
    "莫姆穆娜纳尼妮诺帕潘佩奇乔琼撒萨桑瑟莎绍史斯丝塔泰坦汤特腾托瓦韦维魏沃乌西希亚娅伊因尤扎詹泽兹佐逊顿"
)
_ENDS: Final = frozenset("尔斯姆蒂娅娜妮茨弗逊顿恩")


class LexiconEntry(msgspec.Struct, frozen=True):
    """A name or term, and its translations ``targets``, the preferred one first."""

    source: str
    targets: tuple[str, ...]
    kind: Kind


class Match(msgspec.Struct, frozen=True):
    """A match of ``entry`` in a text, from ``start`` up to ``end`` in characters."""

    start: int
    end: int
    entry: LexiconEntry


_ACRONYM = re.compile(r"\b(?=[A-Z]*[AEIOU])[A-Z]{4,}\b")
"""An acronym that may be read as a word: British newspapers write *Uefa Cup*."""


def _as_word(acronym: re.Match[str]) -> str:
    return acronym[0].capitalize()


class NameLexicon:
    """An index of names and terms of one language, for lookup in texts. It is thread-safe."""

    def __init__(
        self, source: Language, rows: Iterable[NameRow], parts: Iterable[NameRow] = ()
    ) -> None:
        """Index ``rows`` for texts in ``source``. Of two rows with the same form, the later one
        wins. ``parts`` are given names and surnames, which only :meth:`compose` uses.
        """
        self.source: Final = source
        self._chinese = source == "zh"
        own = 0 if self._chinese else 1
        # Forms with a capital are found as they are spelled, the others in any case.
        self._rows: dict[str, NameRow] = {
            self._folded(form): row for row in rows for form in row[own] if form[0] != "~"
        }
        self._parts: dict[str, NameRow] = {
            form: row for row in parts for form in row[own] if form[0] != "~"
        }
        if not self._chinese:
            for form, row in [*self._rows.items()]:
                if form == lower(form):
                    self._rows.setdefault(plural(form), row)
                elif " " in form:  # a single word may be another one: SAFE, STAR
                    self._rows.setdefault(_ACRONYM.sub(_as_word, form), row)
        self._lengths: dict[str, set[int]] = {}
        for form in self._rows:
            self._lengths.setdefault(self._key(form, 0), set()).add(len(form))
        self._ordered: dict[str, tuple[int, ...]] = {}

    @classmethod
    def load(cls, source: Language, extra: Sequence[Path] = ()) -> NameLexicon:
        """Read the tables of the service and those of the operator, which take precedence.

        Takes a quarter of a second and some MB, so the caller should keep the result.

        Raises:
            SettingsError: one of ``extra`` cannot be read as a table. The message names the file
                and the line.
        """
        tables = [(name, parse(text, name)) for name, text in builtin()]
        tables += [(str(path), parse(read(path), str(path))) for path in extra]
        rows = (row for name, table in tables if name not in PARTS for row in table)
        return cls(source, rows, (row for name, table in tables if name in PARTS for row in table))

    def __len__(self) -> int:
        """Return the number of forms that are looked up."""
        return len(self._rows)

    def get(self, source: str) -> LexiconEntry | None:
        """Return the entry of ``source``, or None if no table has it."""
        found = self._known(self._folded(source))
        return self._entry(*found) if found and self._targets(found[1]) else None

    def compose(self, name: str) -> LexiconEntry | None:
        """Return the rendering of a foreign person's name from those of its parts: 约翰·史密斯,
        John Smith, Jean-Claude Smith. It is None if a part is unknown, or there is only one part.
        The rendering identifies nobody: a person of that name need not be known.
        """
        joint, other = ("·", " ") if self._chinese else (" ", "·")
        words = [word for word in self._folded(name).split(joint) if word]
        parts = [self._rendered(word) for word in words]
        if len(parts) < 2 or not all(parts) or len(words[-1].rstrip(".")) == 1:
            return None
        targets = [other.join(part[0] for part in parts)]
        for at, part in enumerate(parts):
            for another in part[1:]:
                changed = [*parts[:at], (another,), *parts[at + 1 :]]
                targets.append(other.join(one[0] for one in changed))
        return LexiconEntry(name, tuple(dict.fromkeys(targets)), "person")

    def is_part(self, word: str) -> bool:
        """Return whether ``word`` is a given name or surname of foreign persons: 安娜, 马丁."""
        return self._folded(word) in self._parts

    def _rendered(self, word: str) -> tuple[str, ...]:
        """Return the renderings of a part of a name: an initial, a word, or hyphenated words."""
        if len(word.rstrip(".")) == 1 and word[0].isascii():
            return (word[0],) if not self._chinese else (f"{word[0]}.",)
        if row := self._parts.get(word):
            return tuple(form.removeprefix("~") for form in self._targets(row))
        halves = [self._parts.get(half) for half in word.split("-")]
        if len(halves) < 2 or not all(halves):
            return ()
        return ("-".join(self._targets(half)[0].removeprefix("~") for half in halves if half),)

    def entries(self) -> Iterator[LexiconEntry]:
        """Yield every form that is looked up, with its translations."""
        for form, row in self._rows.items():
            if self._targets(row):
                yield self._entry(form, row)

    def find(self, text: str, words: Sequence[ChineseWord] = ()) -> tuple[Match, ...]:
        """Find names and terms in ``text``: the leftmost matches, and of those the longest.

        Latin forms match whole words. A form with a capital matches only as it is spelled; one
        without matches in any case, and in the plural. Chinese matches in either script.

        Args:
            text: in NFC, of any length; a million characters take about a second.
            words: the words of a Chinese text, if they are known: no match crosses a word boundary
                (华为 in 才华为人称道).
        """
        folded = self._folded(text)
        known = _Words(words)
        found: list[Match] = []
        at = 0
        for start in self._starts(folded):
            if start < at or (lengths := self._candidates(folded, start)) is None:
                continue
            for length in lengths:
                hit = self._at(folded, start, length)
                if hit and (not self._chinese or known.allow(folded, start, hit[0], hit[2])):
                    at, form, row = hit
                    if self._targets(row):
                        found.append(Match(start, at, self._entry(form, row)))
                    break
        return tuple(found)

    def _folded(self, text: str) -> str:
        return simplify(fold(text)) if self._chinese else fold(text)

    def _starts(self, text: str) -> Iterable[int]:
        if self._chinese:
            return range(len(text))
        return (match.start() for match in _WORD.finditer(text))

    def _candidates(self, text: str, start: int) -> tuple[int, ...] | None:
        """Return the lengths of forms that may begin at ``start``, longest first."""
        key = self._key(text, start)
        if (ordered := self._ordered.get(key)) is not None:
            return ordered
        lengths = self._lengths.get(key)
        if self._chinese and (single := self._lengths.get(key[:1])):
            lengths = single | (lengths or set())
        if lengths is None:
            return None
        ordered = self._ordered[key] = tuple(sorted(lengths, reverse=True))
        return ordered

    def _key(self, text: str, start: int) -> str:
        """Return the first key of a lookup: two characters of Chinese, or one word of English."""
        if self._chinese:
            return lower(text[start : start + 2])
        word = _WORD.match(text, start)
        return lower(word[0]) if word else ""

    def _at(self, text: str, start: int, length: int) -> tuple[int, str, NameRow] | None:
        """Return the end, form and row of a match of ``length`` characters at ``start``."""
        end = start + length
        if end > len(text) or is_inside_word(text, start):
            return None
        known = self._known(text[start:end])
        if known is None or is_inside_word(text, end):
            return None
        return end, *known

    def _known(self, written: str) -> tuple[str, NameRow] | None:
        for form in (written, lower(written)):
            if (row := self._rows.get(form)) is not None:
                return form, row
        return None

    def _targets(self, row: NameRow) -> tuple[str, ...]:
        return row.en if self._chinese else row.zh

    def _entry(self, form: str, row: NameRow) -> LexiconEntry:
        return LexiconEntry(
            form, tuple(one.removeprefix("~") for one in self._targets(row)), row.kind
        )


class _Words:
    """The words of a Chinese text, if they are known."""

    def __init__(self, words: Sequence[ChineseWord]) -> None:
        self._edges = {edge for word in words for edge in (word.start, word.end)}
        self._around = {
            inside: word for word in words for inside in range(word.start + 1, word.end)
        }

    def allow(self, text: str, start: int, end: int, row: NameRow) -> bool:
        """Return whether ``row`` may match ``text`` from ``start`` to ``end``: it crosses no word
        boundary, and is not a part of a longer name.
        """
        before, after = self._around.get(start), self._around.get(end)
        if (before is not None and before.end < end) or (after is not None and after.start > start):
            return False
        if start in self._edges and end in self._edges:
            return True
        return not _is_part_of_name(text, start, end, row)


def _is_part_of_name(text: str, start: int, end: int, row: NameRow) -> bool:
    """Return whether a foreign name of two or three characters is part of a longer one in ``text``:
    克里 in 克里斯, 里尔 in 维拉里尔.
    """
    if row.kind == "term" or end - start > 3:
        return False
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if end - start == 3:
        return after in _ENDS and after != ""
    return _SYLLABLES.issuperset(text[start:end]) and not {before, after}.isdisjoint(_SYLLABLES)
