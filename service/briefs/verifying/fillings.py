"""Whether each number, date, name and direction fills the place that it fills in the article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.briefs.verifying.comparing import Place, in_one_list, places
from service.briefs.verifying.model import Code, Finding
from service.briefs.verifying.reading import Item, Reading

_CODES: dict[str, Code] = {
    "number": "number",
    "date": "date",
    "name": "who",
    "direction": "direction",
}
_ALIKE = {"number": 0.42, "date": 0.42, "name": 0.5, "direction": 0.4}
"""How alike the place of another value must be to say that the article has that one there."""
_AHEAD = 0.12
"""How much more alike than the best place of the same value."""


def check_fillings(sentence: Reading, evidence: Sequence[Reading]) -> Iterator[Finding]:
    """Items whose place the evidence fills with another value of the same kind: a number with
    another head, a date of something else, a name in another's place, rose for fell.
    """
    for at, item in enumerate(sentence.items):
        if item.kind not in _CODES:
            continue
        kind = item.kind
        found = places(sentence, at, evidence, lambda one, kind=kind: one.kind == kind)  # type: ignore[misc]
        same = next((place for place in found if agrees(item, place.item)), None)
        other = next((place for place in found if not agrees(item, place.item)), None)
        if other is None or other.likeness < _ALIKE[kind]:
            continue
        if same and other.likeness < same.likeness + _AHEAD:
            continue
        if same and _listed_together(same, other):
            continue
        message = f"the article has {other.item.text!r} where this says {item.text!r}"
        yield Finding(_CODES[kind], item.start, item.end, message)


def agrees(item: Item, source: Item) -> bool:
    """Whether the values of two items may be the same: equal numbers in any form, a name and a
    part of it.
    """
    if item.kind == "name":
        shared = item.values & source.values
        return bool(shared) or item.key in source.key or source.key in item.key
    return not item.values.isdisjoint(source.permits) or not item.permits.isdisjoint(source.values)


def _listed_together(same: Place, other: Place) -> bool:
    return same.reading is other.reading and in_one_list(same.reading, same.at, other.at)
