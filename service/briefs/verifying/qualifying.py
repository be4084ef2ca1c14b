"""Whether what qualifies a statement in the article still qualifies it: not, may, most, former."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.briefs.verifying.comparing import Place, places
from service.briefs.verifying.model import Finding
from service.briefs.verifying.reading import WEAKEST_FIRST, Item, Reading

_WIDTH = {"": 0, "some": 1, "most": 2, "all": 3}
_ALIKE = 0.25
"""How alike the place of the same word must be to be the same statement."""
_TIE = 0.1


def check_qualifiers(sentence: Reading, evidence: Sequence[Reading]) -> Iterator[Finding]:
    """Statements that the article negates, hedges, narrows or gives to somebody of another rank.

    Each word is compared with the same word of the evidence in the most similar place; where
    several places are as similar, one that agrees is enough.
    """
    reported: set[str] = set()
    for at, item in enumerate(sentence.items):
        if item.kind in {"number", "date"} or (item.kind == "small" and item.key != "be"):
            continue
        key = item.key
        found = places(sentence, at, evidence, lambda one, key=key: one.key == key)  # type: ignore[misc]
        near = [one for one in found if one.likeness >= max(_ALIKE, found[0].likeness - _TIE)]
        if not near:
            continue
        for finding in _compare(item, near):
            if finding.code not in reported:
                reported.add(finding.code)
                yield finding


def _compare(item: Item, near: Sequence[Place]) -> Iterator[Finding]:
    ours = item.qualifiers
    theirs = [place.item.qualifiers for place in near]
    word = item.text
    if all(one.negated != ours.negated for one in theirs):
        told = (
            f"the article does not negate {word!r}"
            if ours.negated
            else f"the article negates {word!r}"
        )
        yield Finding("negation", item.start, item.end, told)
    weakest = max(WEAKEST_FIRST.index(one.certainty) for one in theirs)
    if _overstates(WEAKEST_FIRST.index(ours.certainty), weakest) and item.part in {
        "verb",
        "noun",
        "adjective",
    }:
        told = {2: "something to come", 1: "a plan", 0: "a possibility"}[weakest]
        message = f"the article tells {word!r} as {told}"
        yield Finding("modality", item.start, item.end, message)
    widest = max(_WIDTH[one.quantifier] for one in theirs)
    if _WIDTH[ours.quantifier] > max(1, widest):
        message = f"the article does not say {ours.quantifier!r} of {word!r}"
        yield Finding("quantifier", item.start, item.end, message)
    if item.part == "noun":
        yield from _compare_roles(item, near)


def _overstates(ours: int, theirs: int) -> bool:
    """A fact for what is to come, planned or possible; certainty for a possibility."""
    return theirs < ours and (ours == 3 or theirs == 0)


def _compare_roles(item: Item, near: Sequence[Place]) -> Iterator[Finding]:
    roles = [place.item.qualifiers.roles for place in near]
    ours = item.qualifiers.roles
    if ours in roles:
        return
    missing, added = roles[0] - ours, ours - roles[0]
    if missing:
        message = f"the article says {sorted(missing)[0]!r} of {item.text!r}"
        yield Finding("role", item.start, item.end, message)
    elif added:
        message = f"the article does not say {sorted(added)[0]!r} of {item.text!r}"
        yield Finding("role", item.start, item.end, message)


def check_attribution(sentence: Reading, evidence: Sequence[Reading]) -> Iterator[Finding]:
    """A statement that the article only reports somebody to make, told as a fact."""
    if sentence.attributed:
        return
    told: list[Item] = []
    plain = 0
    for at, item in enumerate(sentence.items):
        if item.kind not in {"word", "direction", "name"}:
            continue
        key = item.key
        found = places(sentence, at, evidence, lambda one, key=key: one.key == key)  # type: ignore[misc]
        near = [one for one in found if one.likeness >= max(_ALIKE, found[0].likeness - _TIE)]
        if not near:
            continue
        if all(place.item.qualifiers.told for place in near):
            told.append(item)
        else:
            plain += 1
    if len(told) >= 2 and len(told) > 2 * plain:
        first, last = told[0], told[-1]
        message = "the article tells this as somebody's statement, not as a fact"
        yield Finding("attribution", first.start, last.end, message)
