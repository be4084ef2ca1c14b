"""A document that was parsed for translation: its units, and the markup around them.

A translation can only contain text: it is escaped when it is inserted, and cannot add, drop or
change a tag. The inline tags of a unit may be reordered like words, but keep their nesting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["open", "close", "void"]

Filled = Sequence[str | int]
"""A unit's translation: texts, and tags as their index in ``Unit.tags``."""


@dataclass(frozen=True, slots=True)
class InlineTag:
    """An inline tag, or something that is treated as one.

    ``name`` is that of the element (in lower case, except for XML), ``#comment``, ``#text`` for
    words that are not translated, or ``#other``. A ``void`` tag has no closing tag: ``<br>``, a
    comment, a whole ``<code>…</code>``; ``text`` is its visible text. ``stands`` marks an empty
    element of XML that, like a placeholder, represents words.
    """

    name: str
    kind: Kind
    text: str = ""
    stands: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A text that is translated as a whole: ``texts[0] tags[0] texts[1] … tags[k-1] texts[k]``.

    ``texts`` are plain, not escaped, with the white space of the source. Each ``open`` tag has its
    ``close`` tag in the same unit.
    """

    texts: tuple[str, ...]
    tags: tuple[InlineTag, ...] = ()

    @property
    def filled(self) -> Filled:
        """The unit itself in the form of a translation."""
        return self.refilled(self.texts)

    def refilled(self, texts: Sequence[str]) -> Filled:
        """Replace the ``texts`` between the tags, whose order stays the same.

        Raises ValueError if there are not as many as the unit has.
        """
        if isinstance(texts, str) or len(texts) != len(self.texts):
            raise ValueError(f"a unit of {len(self.texts)} texts, {len(texts)} in translation")
        pieces: list[str | int] = [texts[0]]
        for at, text in enumerate(texts[1:]):
            pieces += [at, text]
        return pieces


@dataclass(frozen=True, slots=True)
class Value:
    """The place of a unit that is the value of an attribute: its number, and how it is escaped."""

    unit: int
    escape: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Gap:
    """The place of a unit: its number, the source of its tags, and how text is escaped."""

    unit: int
    tags: tuple[tuple[str | Value, ...], ...]
    escape: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class MarkupDocument:
    """A parsed string. ``units`` are in document order; the attributes of a unit's tags follow it.

    Units do not include text without a letter, tags that only wrap a unit's text
    (``<li><a>…</a></li>``), and empty elements at the ends of a unit (``<br>``).
    """

    units: tuple[Unit, ...]
    _pieces: tuple[str | Value | Gap, ...] = field(repr=False)

    def render(self, translations: Sequence[Filled]) -> str:
        """The document with ``translations`` in place of its units.

        White space at both ends of a unit is that of the source. Raises ValueError if a translation
        does not have each of the unit's tags exactly once, has an end tag before its start tag, or
        nests elements differently.
        """
        if len(translations) != len(self.units):
            raise ValueError(f"{len(self.units)} units, {len(translations)} translations")
        for unit, new in zip(self.units, translations, strict=True):
            _require_same_tags(unit, new)
        return "".join(self._rendered(translations))

    def _rendered(self, translations: Sequence[Filled]) -> Iterator[str]:
        for piece in self._pieces:
            match piece:
                case str():
                    yield piece
                case Value():
                    yield self._value(piece, translations)
                case Gap():
                    for part in _fit(self.units[piece.unit], translations[piece.unit]):
                        if isinstance(part, str):
                            yield piece.escape(part)
                            continue
                        for written in piece.tags[part]:
                            if isinstance(written, Value):
                                yield self._value(written, translations)
                            else:
                                yield written

    def _value(self, value: Value, translations: Sequence[Filled]) -> str:
        fitted = _fit(self.units[value.unit], translations[value.unit])
        return value.escape("".join(map(str, fitted)))


def _fit(unit: Unit, new: Filled) -> list[str | int]:
    """A translation with the white space of its source at both ends."""
    first, last = unit.texts[0], unit.texts[-1]
    before = first[: len(first) - len(first.lstrip())]
    after = last[len(last.rstrip()) :] if len(unit.texts) > 1 or first.strip() else ""
    pieces = list(new)
    while pieces and isinstance(pieces[0], str):
        pieces[0] = pieces[0].lstrip()
        if pieces[0]:
            break
        del pieces[0]
    while pieces and isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].rstrip()
        if pieces[-1]:
            break
        del pieces[-1]
    return [before, *pieces, after]


def _require_same_tags(unit: Unit, new: Filled) -> None:
    numbers = [piece for piece in new if not isinstance(piece, str)]
    if isinstance(new, str) or sorted(numbers) != list(range(len(unit.tags))):
        raise ValueError(f"a unit of {len(unit.tags)} tags, the translation has {numbers}")
    if _parents(unit, range(len(unit.tags))) != _parents(unit, numbers):
        raise ValueError("the elements are not nested as those of the source")


def _parents(unit: Unit, numbers: Sequence[int]) -> dict[int, int]:
    """The element that contains each tag, as the number of its ``open`` tag; -1 if there is none. A
    ``close`` tag is inside the element that it ends.
    """
    parents: dict[int, int] = {}
    opened = [-1]
    for number in numbers:
        parents[number] = opened[-1]
        if unit.tags[number].kind == "open":
            opened.append(number)
        elif unit.tags[number].kind == "close" and len(opened) > 1:
            opened.pop()
    return parents


def partners_of(tags: Sequence[InlineTag]) -> dict[int, int]:
    """Maps the number of each ``open`` tag to that of its ``close`` tag."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    for at, tag in enumerate(tags):
        if tag.kind == "open":
            opened.append(at)
        elif tag.kind == "close":
            partners[opened.pop()] = at
    return partners
