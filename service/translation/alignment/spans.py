"""Where the inline tags of a sentence go in its translation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

import msgspec

from service.translation.alignment.links import Aligned

Kind = Literal["around", "point", "kept", "onward", "so far"]
_LEAST: Final = 0.1
"""The least link between an element's words and the place that it gets."""
_UNLINKED: Final = -0.03
"""What a word that nothing is linked to costs inside of an element."""
_FEW: Final = 0.08


class Element(msgspec.Struct, frozen=True):
    """What is to be placed: something ``around`` the source's characters from ``start`` up to
    ``end``, or a ``point`` at ``start``. A ``kept`` one has a text of its own, which stands there,
    and in the translation as well. An element that began in an earlier sentence holds what there is
    ``so far``, up to ``end``; one that ends in a later one holds all ``onward`` from ``start``.
    ``tags`` are the numbers of its tags in the unit.
    """

    start: int
    end: int
    kind: Kind = "around"
    tags: tuple[int, ...] = ()
    within: tuple[Element, ...] = ()


class Place(msgspec.Struct, frozen=True):
    """Where an element goes: characters of the translation. ``sure`` if a word of it was found
    there. ``within`` are the places of what it holds, in the element's order.
    """

    start: int
    end: int
    sure: bool
    within: tuple[Place, ...] = ()


class CrossingError(Exception):
    """A text that stands in the translation as in the source cannot be where its element is."""


class _Range(msgspec.Struct, frozen=True):
    """Words of the translation, from ``first`` up to ``last``."""

    first: int
    last: int

    def holds(self, at: int) -> bool:
        return self.first <= at < self.last


def place(
    elements: Sequence[Element],
    aligned: Aligned,
    length: int,
    kept: Mapping[tuple[int, int], tuple[int, int]],
) -> list[Place]:
    """The place of each of ``elements`` in a translation of ``length`` characters. Places are
    nested as the elements are; beside each other they never meet, in whichever order they come.
    ``kept`` says where the texts of the source stand that the translation has as well.

    Raises:
        CrossingError: no places can be nested as the elements are, since one of ``kept`` stands
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
        self._kept: dict[int, int] = {}
        """The word of the target that is an element's text, by the number of the element's tag."""

    def find_kept(self, elements: Iterable[Element]) -> None:
        """Find the words that are an element's text."""
        for one in elements:
            self.find_kept(one.within)
            if one.kind == "kept" and (place := self._texts.get((one.start, one.end))):
                self._kept[one.tags[0]] = self._where[place]

    def place(self, elements: Sequence[Element], room: _Range) -> list[Place]:
        """The places of ``elements``, which stand beside each other, in ``room``."""
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
        wanted = [at for at, one in enumerate(elements) if one.kind == "around"]
        while wanted:
            taken = [found for found, _ in ranges.values()]
            found = [(*self._best(elements[at], room, taken), at) for at in wanted]
            score, span, best = max(found, key=lambda one: one[0])
            ranges[best] = span, score >= _LEAST
            wanted.remove(best)
        for at, one in enumerate(elements):
            if at not in ranges:
                taken = [found for found, _ in ranges.values()]
                cut = self._cut(one.start, room, taken)
                ranges[at] = _Range(cut, cut), one.kind == "point"
        return [self._placed(one, *ranges[at]) for at, one in enumerate(elements)]

    def _placed(self, one: Element, found: _Range, sure: bool) -> Place:
        start, end = self._characters(found)
        return Place(start, end, sure, tuple(self.place(one.within, found)))

    def _characters(self, found: _Range) -> tuple[int, int]:
        target = self._target
        if found.first >= found.last:
            if found.first == 0:
                return 0, 0
            at = target[found.first - 1].end
            return at, at
        return target[found.first].start, target[found.last - 1].end

    def _held(self, one: Element) -> list[int]:
        """The words of the translation that must stand in an element."""
        own = [word for inner in one.within for word in self._held(inner)]
        return own + ([self._kept[one.tags[0]]] if one.tags and one.tags[0] in self._kept else [])

    # -------------------------------------------------------------- elements with words

    def _best(self, one: Element, room: _Range, taken: Sequence[_Range]) -> tuple[float, _Range]:
        """The words that are linked best with those of an element, and how well."""
        held = self._held(one)
        inside = self._inside(one)
        if not inside:
            cut = self._cut(one.start, room, taken)
            return 0.0, _Range(cut, cut)
        others = {*self._kept.values()} - {*held}
        free = [
            room.holds(at) and at not in others and not any(other.holds(at) for other in taken)
            for at in range(len(self._target))
        ]
        found = self._highest(self._gains(inside), free, room, held)
        if found is not None:
            return found
        if held:
            raise CrossingError
        return self._likeliest(inside, free) or (0.0, self._guess(inside, free, room))

    def _highest(
        self, gains: Sequence[float], free: Sequence[bool], room: _Range, held: Sequence[int]
    ) -> tuple[float, _Range] | None:
        """The free words side by side that gain most, those that are ``held`` among them."""
        best: tuple[float, _Range] | None = None
        least = float("-inf") if held else 1e-9
        for first in range(room.first, min([*held, room.last - 1]) + 1):
            total = 0.0
            for last in range(first, room.last):
                if not free[last]:
                    break
                total += gains[last]
                if total > least and all(first <= at <= last for at in held):
                    least, best = total + 1e-9, (total, _Range(first, last + 1))
        return best

    def _inside(self, one: Element) -> list[int]:
        return [
            at
            for at, word in enumerate(self._source)
            if word.start < one.end and one.start < word.end
        ]

    def _gains(self, inside: Sequence[int]) -> list[float]:
        """What each word of the translation is worth in an element: its links with the words there,
        less those with others.
        """
        own = [sum(self._links[i][at] for i in inside) for at in range(len(self._target))]
        every = [sum(row[at] for row in self._links) for at in range(len(self._target))]
        return [
            2 * here - all_ if all_ >= _FEW else _UNLINKED
            for here, all_ in zip(own, every, strict=True)
        ]

    def _likeliest(
        self, inside: Sequence[int], free: Sequence[bool]
    ) -> tuple[float, _Range] | None:
        """The word that is linked best, although it is linked with others as well."""
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
        """Where an element is put whose words were not found: on the nearest word that is free, if
        there is one of those that nothing is linked with, or around all if all is free.
        """
        if all(free[room.first : room.last]):
            return room
        where = (inside[0] + inside[-1] + 1) / 2 / len(self._source) * len(self._target)
        strength = [max(row[at] for row in self._links) for at in range(len(self._target))]
        words = [
            at
            for at in range(room.first, room.last)
            if free[at] and not self._target[at].is_particle and not self._target[at].is_sign
        ]
        if not words:
            cut = next((at for at in range(room.first, room.last) if free[at]), room.last)
            return _Range(cut, cut)
        at = min(words, key=lambda at: (strength[at] >= _FEW, abs(at + 0.5 - where)))
        return _Range(at, at + 1)

    # -------------------------------------------------------------- elements without, and halves

    def _around(self, one: Element, room: _Range, begun: int = 0) -> _Range:
        """Between which words of the translation a half of an element may begin or end."""
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

    def _cut(self, place: int, room: _Range, taken: Iterable[_Range] = ()) -> int:
        """The boundary between words of the translation which the fewest links cross that do not
        cross ``place`` in the source; those of the words beside it count most.
        """
        size = sum(word.start < place for word in self._source)
        nearness = [1 / (1 + abs(at + 0.5 - size)) for at in range(len(self._source))]
        near = [[nearness[at] * link for link in row] for at, row in enumerate(self._links)]
        left, right = near[:size], near[size:]
        share = size / max(1, len(self._source)) * len(self._target)
        choices = [
            at
            for at in range(room.first, room.last + 1)
            if not any(one.first < at < one.last for one in taken)
        ]

        def crossing(at: int) -> tuple[float, float]:
            cost = sum(sum(row[at:]) for row in left) + sum(sum(row[:at]) for row in right)
            return round(cost, 3), abs(at - share)

        return min(choices, key=crossing)
