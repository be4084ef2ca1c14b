"""Checking that statements keep their qualifiers from the article: not, may, most, former."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.briefs.verifying.comparing import ItemMatch, places
from service.briefs.verifying.model import VerificationFinding
from service.briefs.verifying.reading import (
    WEAKEST_FIRST,
    Certainty,
    ContentItem,
    Qualifiers,
    SentenceContent,
)

_WIDTH = {"": 0, "some": 1, "most": 2, "all": 3}
_ALIKE = 0.25
"""The least similarity of the contexts of a word in the same statement."""
_TIE = 0.1
_LEAST_ATTRIBUTED = 2
_ALIKE_WIDTH = 0.5
"""The same for an "all" that the article does not say."""


def check_qualifiers(
    sentence: SentenceContent, evidence: Sequence[SentenceContent]
) -> Iterator[VerificationFinding]:
    """Find statements that the article negates, hedges or narrows, or makes of another office.

    Each word is compared with the same word of the evidence in the most similar context. If several
    contexts are equally similar, one that agrees is enough.
    """
    reported: set[str] = set()
    for at, item in enumerate(sentence.items):
        if item.kind in {"number", "date"} or (item.kind == "small" and item.key != "be"):
            continue
        near = _nearest(sentence, at, evidence)
        if not near:
            continue
        for finding in _compare(item, near):
            if finding.code not in reported:
                reported.add(finding.code)
                yield finding


def _nearest(
    sentence: SentenceContent, at: int, evidence: Sequence[SentenceContent]
) -> list[ItemMatch]:
    """The same word as item ``at`` in the evidence, in the most similar contexts."""
    key = sentence.items[at].key
    found = places(sentence, at, evidence, lambda one: one.key == key)
    return [one for one in found if one.likeness >= max(_ALIKE, found[0].likeness - _TIE)]


def _compare(item: ContentItem, near: Sequence[ItemMatch]) -> Iterator[VerificationFinding]:
    ours = item.qualifiers
    theirs = [place.item.qualifiers for place in near]
    word = item.text
    dropped = all(one.negated for one in theirs) and not ours.near_negation
    added = ours.negated and not any(one.near_negation for one in theirs)
    if dropped or added:
        message = (
            f"the article does not negate {word!r}" if added else f"the article negates {word!r}"
        )
        yield VerificationFinding("negation", item.start, item.end, message)
    weakest = max((one.certainty for one in theirs), key=WEAKEST_FIRST.index)
    if item.part and _overstates(ours, weakest):
        claim = {"will": "something to come", "plan": "a plan", "may": "a possibility"}[weakest]
        message = f"the article tells {word!r} as {claim}"
        yield VerificationFinding("modality", item.start, item.end, message)
    widest = max(_WIDTH[one.quantifier] for one in theirs)
    bare = not any(one.quantifier for one in theirs)
    least = _ALIKE_WIDTH if bare else _ALIKE
    wider = ours.quantifier == "all" and widest < _WIDTH["all"]
    said = bare and any(
        one.qualifiers.quantifier == "all" for place in near for one in place.reading.items
    )
    if (
        near[0].likeness >= least
        and not said
        and (wider or (not bare and _WIDTH[ours.quantifier] > widest))
    ):
        message = f"the article does not say {ours.quantifier!r} of {word!r}"
        yield VerificationFinding("quantifier", item.start, item.end, message)
    if item.part == "noun" and item.kind != "name":
        yield from _compare_roles(item, near)


def _overstates(ours: Qualifiers, theirs: Certainty) -> bool:
    """Find facts that the article has as a plan, a future or a possibility."""
    if theirs in {"fact", "urged"}:
        return False
    return not ours.hedged or (theirs == "may" and ours.certainty == "will")


def _compare_roles(item: ContentItem, near: Sequence[ItemMatch]) -> Iterator[VerificationFinding]:
    roles = [place.item.qualifiers.roles for place in near]
    ours = item.qualifiers.roles
    if ours in roles:
        return
    missing, added = roles[0] - ours, ours - roles[0]
    if missing:
        message = f"the article says {sorted(missing)[0]!r} of {item.text!r}"
        yield VerificationFinding("role", item.start, item.end, message)
    elif added:
        message = f"the article does not say {sorted(added)[0]!r} of {item.text!r}"
        yield VerificationFinding("role", item.start, item.end, message)


def check_attribution(
    sentence: SentenceContent, evidence: Sequence[SentenceContent]
) -> Iterator[VerificationFinding]:
    """Find a fact that the article only reports as what somebody says."""
    attributed: list[ContentItem] = []
    plain = 0
    for at, item in enumerate(sentence.items):
        if item.kind not in {"word", "direction", "name"}:
            continue
        near = _nearest(sentence, at, evidence)
        if not near:
            continue
        if not item.qualifiers.attributed and all(
            place.item.qualifiers.attributed for place in near
        ):
            attributed.append(item)
        else:
            plain += 1
    if len(attributed) >= _LEAST_ATTRIBUTED and len(attributed) > 2 * plain:
        first, last = attributed[0], attributed[-1]
        message = "the article tells this as somebody's statement, not as a fact"
        yield VerificationFinding("attribution", first.start, last.end, message)
