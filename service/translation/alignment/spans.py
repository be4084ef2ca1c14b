"""Finds the places of a sentence's inline elements in its translation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Literal

import msgspec

from service.translation.alignment.links import Aligned

Kind = Literal["around", "point", "kept", "onward", "so far"]
_LEAST: Final = 0.1
"""With a lower score, the place of an element is not certain."""
_UNLINKED: Final = -0.03
"""The gain of an unlinked word inside an element."""
_FEW: Final = 0.08
_NEAR: Final = 12
"""How many words on either side decide the place of a tag without words."""


class Element(msgspec.Struct, frozen=True):
    """An element to place, with the numbers of its ``tags`` in the unit. Its kind is ``around`` if
    it contains the source's characters from ``start`` up to ``end``, ``point`` if it is empty and
    at ``start``, and ``kept`` if it has a text of its own that the translation also contains.
    ``so far`` began in an earlier sentence and ends at ``end``; ``onward`` begins at ``start`` and
    ends in a later sentence.
    """

    start: int
    end: int
    kind: Kind = "around"
    tags: tuple[int, ...] = ()
    within: tuple[Element, ...] = ()


class ElementSpan(msgspec.Struct, frozen=True):
    """The place of an element in the translation, in characters. It is ``sure`` if words of the
    element were found there. ``within`` has the places of its children, in the same order.
    """

    start: int
    end: int
    sure: bool
    within: tuple[ElementSpan, ...] = ()


class CrossingError(Exception):
    """A text that the translation keeps is outside the place of its element."""


class _Range(msgspec.Struct, frozen=True):
    """A range of words of the translation, from ``first`` up to ``last``."""

    first: int
    last: int

    def holds(self, at: int) -> bool:
        return self.first <= at < self.last


def place(
    elements: Sequence[Element],
    aligned: Aligned,
    length: int,
    kept: Mapping[tuple[int, int], tuple[int, int]],
) -> list[ElementSpan]:
    """Find the place of each of ``elements`` in a translation of ``length`` characters. Places are
    nested like the elements. Those of siblings never overlap, but may be in another order. ``kept``
    maps the spans of texts that the translation keeps from the source to the translation.

    Raises:
        CrossingError: the places cannot be nested like the elements, because one of ``kept`` is
            among the words of another element.
    """
    placing = _Placing(aligned, length, kept)
    placing.find_kept(elements)
    return placing.place(elements, _Range(0, len(aligned.target)))


class _Placing:
    def __init__(
        self, aligned: Aligned, length: int, kept: Mapping[tuple[int, int], tuple[int, int]]
    ) -> None:
        self._source, self._target, self._links = aligned.source, aligned.target, aligned.links
        self._length = length
        self._where = {(word.start, word.end): at for at, word in enumerate(self._target)}
        self._texts = kept
        self._gained: dict[tuple[int, int], list[float]] = {}
        self._every = [sum(column) for column in zip(*self._links, strict=True)]
        self._every += [0.0] * (len(self._target) - len(self._every))
        self._kept: dict[int, int] = {}
        """Number of an element's tag to the index of the target word that is its text."""

    def find_kept(self, elements: Iterable[Element]) -> None:
        """Find the target words that are the texts of elements."""
        for one in elements:
            self.find_kept(one.within)
            if one.kind == "kept" and (place := self._texts.get((one.start, one.end))):
                self._kept[one.tags[0]] = self._where[place]

    def place(self, elements: Sequence[Element], room: _Range) -> list[ElementSpan]:
        """The places of ``elements``, which are siblings, within ``room``."""
        ranges: dict[int, tuple[_Range, bool]] = {}
        for at, one in enumerate(elements):
            if one.kind == "so far":
                ranges[at] = _Range(room.first, self._cut(one.end, self._around(one, room))), True
            elif one.kind == "kept" and one.tags[0] in self._kept:
                word = self._kept[one.tags[0]]
                ranges[at] = _Range(word, word + 1), True
        for at, one in enumerate(elements):
            if one.kind == "onward":
                begun = max((found.last for found, _ in ranges.values()), default=room.first)
                limits = self._around(one, room, begun)
                ranges[at] = _Range(self._cut(one.start, limits), room.last), True
        self._place_around(elements, room, ranges)
        borders = {at for found, _ in ranges.values() for at in (found.first, found.last)}
        inner = {
            at for found, _ in ranges.values() for at in range(found.first + 1, found.last)
        } - borders
        for at, one in enumerate(elements):
            if at not in ranges:
                cut = self._cut(one.start, room, inner)
                ranges[at] = _Range(cut, cut), one.kind != "kept"
        return [self._placed(one, *ranges[at]) for at, one in enumerate(elements)]

    def _place_around(
        self,
        elements: Sequence[Element],
        room: _Range,
        ranges: dict[int, tuple[_Range, bool]],
    ) -> None:
        """Add the ranges of the elements that have words, those with the highest score first."""
        free = [room.holds(at) for at in range(len(self._target))]
        for span, _ in ranges.values():
            _take(free, span)
        found = {
            at: self._best(one, room, free)
            for at, one in enumerate(elements)
            if one.kind == "around" and (self._inside(one) or self._held(one))
        }
        while found:
            best = max(found, key=lambda at: found[at][0])
            score, span = found.pop(best)
            ranges[best] = span, score >= _LEAST
            _take(free, span)
            for at, (_, other) in found.items():
                if other.first < span.last and span.first < other.last:
                    found[at] = self._best(elements[at], room, free)

    def _placed(self, one: Element, found: _Range, sure: bool) -> ElementSpan:
        start, end = self._characters(found)
        return ElementSpan(start, end, sure, tuple(self.place(one.within, found)))

    def _characters(self, found: _Range) -> tuple[int, int]:
        target = self._target
        if found.first >= found.last:
            if found.first == 0:
                return 0, 0
            at = target[found.first - 1].end
            return at, at
        return target[found.first].start, target[found.last - 1].end

    def _held(self, one: Element) -> list[int]:
        """The target words that must be inside an element."""
        own = [word for inner in one.within for word in self._held(inner)]
        return own + ([self._kept[one.tags[0]]] if one.tags and one.tags[0] in self._kept else [])

    # -------------------------------------------------------------- elements with words

    def _best(self, one: Element, room: _Range, free: Sequence[bool]) -> tuple[float, _Range]:
        """The score and the range of the ``free`` words with the strongest links to an element."""
        held = self._held(one)
        inside = self._inside(one)
        others = {*self._kept.values()} - {*held}
        if others:
            free = [is_free and at not in others for at, is_free in enumerate(free)]
        found = self._highest(self._gains(inside), free, room, held)
        if found is not None:
            return found
        if held:
            raise CrossingError
        return self._likeliest(inside, free) or (0.0, self._guess(inside, free, room))

    def _highest(
        self, gains: Sequence[float], free: Sequence[bool], room: _Range, held: Sequence[int]
    ) -> tuple[float, _Range] | None:
        """The contiguous free words with the highest total gain, including those in ``held``."""
        if held:
            first, last = min(held), max(held) + 1
            if not all(free[first:last]):
                return None
            before, first = _extended(gains, free, range(first - 1, room.first - 1, -1), first)
            after, end = _extended(gains, free, range(last, room.last), last - 1)
            return before + sum(gains[min(held) : last]) + after, _Range(first, end + 1)
        best: tuple[float, _Range] | None = None
        total, first = 0.0, room.first
        for at in range(room.first, room.last):
            if not free[at] or total + gains[at] <= 0:
                total, first = 0.0, at + 1
                continue
            total += gains[at]
            if best is None or total > best[0] + 1e-9:
                best = total, _Range(first, at + 1)
        return best

    def _inside(self, one: Element) -> list[int]:
        return [
            at
            for at, word in enumerate(self._source)
            if word.start < one.end and one.start < word.end
        ]

    def _gains(self, inside: Sequence[int]) -> list[float]:
        """The gain of each target word in an element: its links with the words inside, minus its
        links with others.
        """
        key = inside[0], inside[-1]
        if key not in self._gained:
            self._gained[key] = self._gain(inside)
        return self._gained[key]

    def _gain(self, inside: Sequence[int]) -> list[float]:
        own = [sum(self._links[i][at] for i in inside) for at in range(len(self._target))]
        return [
            2 * here - all_ if all_ >= _FEW else _UNLINKED
            for here, all_ in zip(own, self._every, strict=True)
        ]

    def _likeliest(
        self, inside: Sequence[int], free: Sequence[bool]
    ) -> tuple[float, _Range] | None:
        """The word with the strongest link, even if it has stronger links elsewhere."""
        links = {
            at: sum(self._links[i][at] for i in inside)
            for at, is_free in enumerate(free)
            if is_free
        }
        best = max(links, key=links.__getitem__, default=None)
        if best is None or links[best] < _FEW:
            return None
        return links[best], _Range(best, best + 1)

    def _guess(self, inside: Sequence[int], free: Sequence[bool], room: _Range) -> _Range:
        """The place of an element whose words were not found: all of ``room`` if it is free, else
        the nearest free word, preferably one without links.
        """
        if all(free[room.first : room.last]):
            return room
        where = (inside[0] + inside[-1] + 1) / 2 / len(self._source) * len(self._target)
        words = [
            at
            for at in range(room.first, room.last)
            if free[at] and not self._target[at].is_particle and not self._target[at].is_sign
        ]
        if not words:
            cut = next((at for at in range(room.first, room.last) if free[at]), room.last)
            return _Range(cut, cut)
        at = min(words, key=lambda at: (self._every[at] >= _FEW, abs(at + 0.5 - where)))
        return _Range(at, at + 1)

    # -------------------------------------------------------------- elements without words, halves

    def _around(self, one: Element, room: _Range, begun: int = 0) -> _Range:
        """The range of positions at which a half of an element may begin or end."""
        held = self._held(one)
        others = {*self._kept.values()} - {*held}
        inside = [at for at in others if room.holds(at)]
        if one.kind == "so far":
            limits = _Range(max([room.first, *(at + 1 for at in held)]), min([room.last, *inside]))
        else:
            limits = _Range(
                max([room.first, begun, *(at + 1 for at in inside)]), min([room.last, *held])
            )
        if limits.first > limits.last:
            raise CrossingError
        return limits

    def _cut(self, place: int, room: _Range, inner: Collection[int] = ()) -> int:
        """The boundary between target words that best corresponds to ``place`` in the source: the
        one with the fewest links from one side to the other. Words near ``place`` count most.
        Boundaries in ``inner`` are inside other elements and not allowed.
        """
        size = sum(word.start < place for word in self._source)
        share = size / max(1, len(self._source)) * len(self._target)
        left = self._near(range(max(0, size - _NEAR), size), size)
        right = self._near(range(size, min(len(self._source), size + _NEAR)), size)
        costs = [sum(left)]
        for one, other in zip(left, right, strict=True):
            costs.append(costs[-1] - one + other)
        choices = [at for at in range(room.first, room.last + 1) if at not in inner]
        return min(choices, key=lambda at: (round(costs[at], 3), abs(at - share)))

    def _near(self, rows: Iterable[int], place: int) -> list[float]:
        """The sum of the links of each target word with the words of ``rows``, weighted by their
        nearness to ``place``.
        """
        sums = [0.0] * len(self._target)
        for row in rows:
            nearness = 1 / (1 + abs(row + 0.5 - place))
            for at, link in enumerate(self._links[row]):
                sums[at] += nearness * link
        return sums


def _take(free: list[bool], span: _Range) -> None:
    for at in range(span.first, span.last):
        free[at] = False


def _extended(
    gains: Sequence[float], free: Sequence[bool], places: Iterable[int], last: int
) -> tuple[float, int]:
    """Add words while that raises the total gain; return the gain and the last word."""
    best = total = 0.0
    for at in places:
        if not free[at]:
            break
        total += gains[at]
        if total > best:
            best, last = total, at
    return best, last
