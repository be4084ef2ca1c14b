"""How similar the contexts of two items are, and which item of the evidence matches another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from service.briefs.verifying.lexicon import COLLECTIVE
from service.briefs.verifying.reading import ContentItem, SentenceContent

_REACH = 4
_WEIGHTS = {"word": 1.0, "name": 0.7, "direction": 0.7, "number": 0.5, "date": 0.5, "small": 0.25}
_OTHER_SIDE = 0.4
_GOVERNOR = 1.2


class ItemMatch(msgspec.Struct, frozen=True):
    """An item of a source sentence, and how similar its context is (0 to 1)."""

    reading: SentenceContent
    at: int
    likeness: float

    @property
    def item(self) -> ContentItem:
        """The item itself."""
        return self.reading.items[self.at]


def places(
    sentence: SentenceContent,
    at: int,
    evidence: Sequence[SentenceContent],
    wanted: Callable[[ContentItem], bool],
) -> list[ItemMatch]:
    """Return the ``wanted`` items of ``evidence``, those in the most similar contexts first."""
    found = [
        ItemMatch(reading, index, likeness(sentence, at, reading, index))
        for reading in evidence
        for index, item in enumerate(reading.items)
        if wanted(item)
    ]
    return sorted(found, key=lambda place: -place.likeness)


def likeness(one: SentenceContent, at: int, other: SentenceContent, index: int) -> float:
    """Return how similar the contexts of item ``at`` of ``one`` and item ``index`` of ``other``
    are, from 0 to 1. Near and informative words count more, and most on the same side of both.
    """
    theirs = {side: dict(_around(other, index, side)) for side in (-1, 1)}
    total = shared = 0.0
    for side in (-1, 1):
        for key, weight in _around(one, at, side):
            total += weight
            same = theirs[side].get(key, 0.0)
            across = theirs[-side].get(key, 0.0) * _OTHER_SIDE
            shared += min(weight, max(same, across))
    governor = one.items[at].governor
    if governor:
        total += _GOVERNOR
        shared += _GOVERNOR * (governor == other.items[index].governor)
    return shared / total if total else 0.0


def _around(reading: SentenceContent, at: int, side: int) -> Iterator[tuple[str, float]]:
    items = reading.items
    for step in range(1, _REACH + 1):
        index = at + side * step
        if not 0 <= index < len(items):
            yield ("<edge>", 0.4 / step)
            return
        item = items[index]
        key = f"<{item.kind}>" if item.kind in {"number", "date"} else item.key
        yield key, _WEIGHTS[item.kind] / step


def in_one_list(reading: SentenceContent, at: int, index: int) -> bool:
    """Return whether two items are in the same list: A, B and C."""
    low, high = sorted((at, index))
    between = reading.items[low + 1 : high]
    start, end = reading.items[low].end, reading.items[high].start
    gap = reading.text[start:end]
    for item in between:
        gap = gap.replace(item.text, "", 1) if item.kind == reading.items[at].kind else gap
    words = gap.replace(",", " ").replace("、", " ").split()
    return all(word in COLLECTIVE for word in words)
