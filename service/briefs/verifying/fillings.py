"""Checking that each number, date, name and direction is in the same context as in the article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.briefs.verifying.comparing import ItemMatch, in_one_list, places
from service.briefs.verifying.model import Code, VerificationFinding
from service.briefs.verifying.naming import is_same_name
from service.briefs.verifying.reading import ContentItem, SentenceContent

_CODES: dict[str, Code] = {
    "number": "number",
    "date": "date",
    "name": "who",
    "direction": "direction",
    "word": "who",
}
_ALIKE = {"number": 0.42, "date": 0.42, "name": 0.45, "direction": 0.4, "word": 0.5}
"""The least similarity of the context in which the article has another value."""
_ALIKE_ACROSS = 0.6
"""The same for names of two sorts or in two scripts, as the sort is a guess."""
_SETTLED = 0.3
"""The least similarity of the context in which the article has the same value."""
_SHARE = 0.6
"""The same, as a share of the similarity of the other value's context."""
_PLAIN = 0.55
_FAR_AHEAD = 0.25
"""The similarity, and its lead, if the sentence of the article has both values."""
_AHEAD = 0.12
"""By how much it must exceed the similarity of the best context of the same value."""


def check_fillings(
    sentence: SentenceContent, evidence: Sequence[SentenceContent], settled: frozenset[int]
) -> Iterator[VerificationFinding]:
    """Find items for which the evidence has another value of the same sort in that context: a
    number with another head, a date of something else, another name, rose for fell.

    Paraphrases move words. So a value that the evidence has in another context is a finding only if
    the two values are exchanged. ``settled`` are items that act as they do in the evidence.
    """
    rivals = {
        at: rival
        for at, item in enumerate(sentence.items)
        if _is_filling(item) and at not in settled and (rival := _rival(sentence, at, evidence))
    }
    for at, (same, other) in rivals.items():
        item = sentence.items[at]
        exchanged = any(
            agrees(sentence.items[index], other.item) and agrees(theirs.item, item)
            for index, (_, theirs) in rivals.items()
            if sentence.items[index].kind == item.kind
        )
        replaced = item.kind == "direction" or (
            item.kind != "word" and _is_replaced(item, sentence, same, other)
        )
        if exchanged or replaced:
            message = f"the article has {other.item.text!r} where this says {item.text!r}"
            yield VerificationFinding(_CODES[item.kind], item.start, item.end, message)


def _is_filling(item: ContentItem) -> bool:
    return item.kind in _CODES and (item.kind != "word" or item.part == "noun")


def _is_replaced(
    item: ContentItem, sentence: SentenceContent, same: ItemMatch | None, other: ItemMatch
) -> bool:
    """Return whether the sentence has the item where the evidence has another one, which it lacks:
    neither is elsewhere as often as it should be.
    """
    if _count(other.item, sentence) >= _count(other.item, other.reading):
        return False
    if same is None:
        return True
    if same.reading is other.reading:
        plain = item.kind != "name" and other.likeness >= _PLAIN
        return _count(item, sentence) > _count(item, same.reading) or (
            plain and other.likeness >= same.likeness + _FAR_AHEAD
        )
    return same.likeness < max(_SETTLED, _SHARE * other.likeness)


def _count(item: ContentItem, reading: SentenceContent) -> int:
    return sum(one.kind == item.kind and agrees(one, item) for one in reading.items)


def _rival(
    sentence: SentenceContent, at: int, evidence: Sequence[SentenceContent]
) -> tuple[ItemMatch | None, ItemMatch] | None:
    """Return the best match of the same value, and that of another one if it is clearly better."""
    item = sentence.items[at]
    found = places(sentence, at, evidence, lambda one: _comparable(item, one))
    same = next((place for place in found if agrees(item, place.item)), None)
    other = next(
        (
            place
            for place in found
            if not agrees(item, place.item) and (item.aside or not place.item.aside)
        ),
        None,
    )
    if other is None or other.likeness < _least(item, other.item):
        return None
    if same and (other.likeness < same.likeness + _AHEAD or _listed_together(same, other)):
        return None
    return same, other


def _comparable(one: ContentItem, other: ContentItem) -> bool:
    return one.kind == other.kind and (
        one.kind == "name"
        or (one.sort == other.sort and (one.kind != "word" or other.part == "noun"))
    )


def _least(one: ContentItem, other: ContentItem) -> float:
    """Return how similar the contexts of two items must be."""
    alike = one.key.isascii() == other.key.isascii() and (
        one.sort == other.sort or not (one.sort and other.sort)
    )
    return _ALIKE[one.kind] if one.kind != "name" or alike else _ALIKE_ACROSS


def agrees(item: ContentItem, source: ContentItem) -> bool:
    """Return whether two items may have the same value: equal numbers in any form, or one name."""
    if item.kind == "word":
        return item.key == source.key
    if item.kind == "name":
        return is_same_name(item, source)
    return not item.values.isdisjoint(source.permits)


def _listed_together(same: ItemMatch, other: ItemMatch) -> bool:
    return same.reading is other.reading and in_one_list(same.reading, same.at, other.at)
