"""A unit of markup as plain text, with the positions of its tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from service.text.markup import InlineTag, Unit
from service.text.markup.units import partners_of
from service.translation.alignment.spans import Element, Kind

_SPACE = re.compile(r"\s")
_LONGEST_SHOWN: Final = 80
"""How many characters of an untranslated element the model reads."""
_LINE: Final = 12
"""A line of Chinese with fewer characters is a sentence of its own."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_ENDS = re.compile(r"[.!?:;…。！？：；][\"'”’」』)）\]]*\s*$")
_BEGINS = re.compile(r"\s*[A-Z0-9“\"'(*•·▪◦–—-]")


class Flat(msgspec.Struct, frozen=True):
    """The ``text`` of a unit, including the text of elements that are not translated. ``places``
    has the start and end of each tag; they are equal for a tag without text. Sentences end at
    ``breaks``. In ``masked``, the text of those elements is replaced by letters, so that nothing in
    it ends a sentence.
    """

    text: str
    masked: str
    places: tuple[tuple[int, int], ...]
    breaks: tuple[int, ...]
    tags: tuple[InlineTag, ...]
    partners: dict[int, int]
    """The number of the ``close`` tag for each ``open`` one, and vice versa."""

    def inside(self, tag: int, start: int, end: int) -> tuple[int, int]:
        """The range of tags, from ``tag`` on, that belong to the sentence from ``start`` to
        ``end``: the first, and one past the last. A tag at either end of the sentence belongs to it
        if its partner is strictly inside.
        """
        places = self.places

        def belongs(one: int) -> bool:
            first, after = places[one]
            if first < after:
                return start <= first and after <= end
            partner = places[self.partners[one]][0] if one in self.partners else start
            return start < first < end or start < partner < end

        near = [one for one in range(tag, len(places)) if start <= places[one][0] <= end]
        own = [one for one in near if belongs(one)]
        if own:
            return own[0], own[-1] + 1
        later = (one for one in range(tag, len(places)) if places[one][0] > start)
        first = next(later, len(places))
        return first, first

    def has_whole(self, start: int, end: int) -> bool:
        """Whether every tag from ``start`` to ``end`` has its partner in that range."""
        there = {one for one, (place, _) in enumerate(self.places) if start <= place <= end}
        return all(self.partners.get(one) in there for one in there)

    def texts(self, own: Iterable[int]) -> list[tuple[int, int]]:
        """Start and end of the texts of the tags ``own``, for those that have a text."""
        return [
            (first, after) for first, after in map(self.places.__getitem__, own) if first < after
        ]

    def elements(self, own: range, start: int, end: int) -> tuple[Element, ...]:
        """The elements in the sentence from ``start`` to ``end``, whose tags have the numbers
        ``own``. An element that crosses the sentence's bounds is included in part.
        """
        levels: list[tuple[int, list[Element]]] = [(-1, [])]
        for one in own:
            first, after = (place - start for place in self.places[one])
            match self.tags[one].kind:
                case "void":
                    void: Kind = "kept" if first < after else "point"
                    levels[-1][1].append(Element(first, after, void, (one,)))
                case "open":
                    levels.append((one, []))
                case "close" if len(levels) > 1:
                    opened, within = levels.pop()
                    begun = self.places[opened][0] - start
                    around = Element(begun, first, "around", (opened, one), tuple(within))
                    levels[-1][1].append(around)
                case "close":
                    so_far = Element(0, first, "so far", (one,), tuple(levels.pop()[1]))
                    levels.append((-1, [so_far]))
        while len(levels) > 1:
            opened, within = levels.pop()
            begun = self.places[opened][0] - start
            levels[-1][1].append(Element(begun, end - start, "onward", (opened,), tuple(within)))
        return tuple(levels[0][1])


def flatten(unit: Unit) -> Flat:
    """Convert ``unit`` to text; each tag is replaced by what the model reads for it."""
    pieces: list[str] = []
    masked: list[str] = []
    places: list[tuple[int, int]] = []
    breaks: list[int] = []
    size = 0
    every = "".join(unit.texts)

    def add(text: str, mask: str | None = None) -> None:
        nonlocal size
        pieces.append(text)
        masked.append(text if mask is None else mask)
        size += len(text)

    for at, text in enumerate(unit.texts):
        add(_SPACE.sub(" ", text))
        if at == len(unit.tags):
            break
        tag = unit.tags[at]
        shown = _shown(tag, at, every) if tag.kind == "void" else ""
        places.append((size, size + len(shown)))
        add(shown, "x" * len(shown))
        if tag.name == "br":
            before, after = "".join(pieces), unit.texts[at + 1]
            if _breaks(before[breaks[-1] if breaks else 0 :], unit, at):
                breaks.append(size)
            elif not (_CHINESE.match(before[-1:]) or _SPACE.search(before[-1:] + after[:1])):
                add(" ")
    forward = partners_of(unit.tags)
    both = {**forward, **{end: start for start, end in forward.items()}}
    return Flat("".join(pieces), "".join(masked), tuple(places), tuple(breaks), unit.tags, both)


def _shown(tag: InlineTag, number: int, every: str) -> str:
    """What the model reads in place of a tag; ``every`` is the text of the whole unit."""
    if tag.stands:
        free = (f"{{{one}}}" for one in range(number, 10_000))
        return next(name for name in free if name not in every)
    shown = " ".join(tag.text.split())
    return shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 1] + "…"


def _breaks(line: str, unit: Unit, at: int) -> bool:
    """Whether a sentence ends with ``line``, at the line break with the number ``at``."""
    after = _next_text(unit.texts[at + 1 :], unit.tags[at + 1 :])
    if after is None or not line.strip() or _ENDS.search(line):
        return True
    if _CHINESE.search(line[-8:]):
        return len(line.strip()) < _LINE and not line.rstrip().endswith(("，", "、", ","))
    return bool(_BEGINS.match(after)) and not line.rstrip().endswith(",")


def _next_text(texts: Sequence[str], tags: Sequence[InlineTag]) -> str | None:
    """The text after a line break; None if another line break comes first."""
    for at, text in enumerate(texts):
        if text.strip():
            return text
        if at < len(tags) and (tags[at].name == "br" or tags[at].text):
            return None if tags[at].name == "br" else tags[at].text
    return None
