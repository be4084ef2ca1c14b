"""Comparing who does what to whom, and the descriptions of names, with the article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.briefs.verifying.lexicon import CHINESE_OFFICES, OFFICES
from service.briefs.verifying.model import VerificationFinding
from service.briefs.verifying.naming import is_same_name
from service.briefs.verifying.reading import Act, ContentItem, SentenceContent
from service.briefs.verifying.reference import Reference


def check_acts(
    sentence: SentenceContent, evidence: Sequence[SentenceContent]
) -> Iterator[VerificationFinding]:
    """Find acts whose two sides are exchanged, or that somebody else does in the article."""
    for act in sentence.acts:
        verb = sentence.items[act.verb]
        sources = [
            (reading, other)
            for reading in evidence
            for other in reading.acts
            if reading.items[other.verb].key == verb.key
        ]
        if not sources:
            continue
        ours_agents = [sentence.items[at] for at in act.agents]
        ours_patients = [sentence.items[at] for at in act.patients]
        if _exchanged(ours_agents, ours_patients, sources):
            item = (ours_agents or ours_patients)[0]
            message = f"in the article the sides of {verb.text!r} are the other way round"
            yield VerificationFinding("who", item.start, item.end, message)
            continue
        yield from _other_actors(ours_agents, "agents", verb, sources)
        yield from _other_actors(ours_patients, "patients", verb, sources)


def agreeing(sentence: SentenceContent, evidence: Sequence[SentenceContent]) -> frozenset[int]:
    """Return the indices of items that have the same side of an act as in the evidence."""
    return frozenset(
        at
        for act in sentence.acts
        for reading in evidence
        for other in reading.acts
        if reading.items[other.verb].key == sentence.items[act.verb].key
        for ours, theirs in ((act.agents, other.agents), (act.patients, other.patients))
        for at in ours
        if any(_same(sentence.items[at], reading.items[index]) for index in theirs)
    )


def _items(source: tuple[SentenceContent, Act], side: str) -> list[ContentItem]:
    reading, act = source
    return [reading.items[at] for at in getattr(act, side)]


def _exchanged(
    agents: Sequence[ContentItem],
    patients: Sequence[ContentItem],
    sources: Sequence[tuple[SentenceContent, Act]],
) -> bool:
    swapped = straight = False
    for source in sources:
        theirs, suffer = _items(source, "agents"), _items(source, "patients")
        straight |= _share(agents[:1], theirs) or _share(patients[:1], suffer)
        crossed = [_share(agents, suffer), _share(patients, theirs)]
        names = all(one.kind == "name" for one in (*agents, *patients))
        swapped |= all(crossed) if agents and patients else names and any(crossed)
    return swapped and not straight


def _share(ours: Sequence[ContentItem], theirs: Sequence[ContentItem]) -> bool:
    return any(_same(one, other) for one in ours for other in theirs)


def _same(one: ContentItem, other: ContentItem) -> bool:
    if one.kind == "name" and other.kind == "name":
        return is_same_name(one, other)
    return one.key == other.key and one.kind not in {"number", "date"}


def _other_actors(
    ours: Sequence[ContentItem],
    side: str,
    verb: ContentItem,
    sources: Sequence[tuple[SentenceContent, Act]],
) -> Iterator[VerificationFinding]:
    """Find names on one side of an act for which the article has only other names."""
    theirs = [_items(source, side) for source in sources]
    if not all(theirs) or not all(_is_somebody(one) for items in theirs for one in items):
        return
    known = [one for items in theirs for one in items]
    for item in ours:
        if _is_somebody(item) and not any(is_same_name(item, one) for one in known):
            message = f"the article says {verb.text!r} of {known[0].text!r}, not of {item.text!r}"
            yield VerificationFinding("who", item.start, item.end, message)


def _is_somebody(item: ContentItem) -> bool:
    return item.kind == "name" and item.sort in {"person", "organisation", "PER", ""}


def check_beside(
    sentence: SentenceContent, evidence: Sequence[SentenceContent], reference: Reference
) -> Iterator[VerificationFinding]:
    """Find names with a description that the article gives to another name, or never near it."""
    for pair in sentence.beside:
        name, noun = sentence.items[pair.name], sentence.items[pair.noun]
        called = [
            reading.items[other.name]
            for reading in evidence
            for other in reading.beside
            if reading.items[other.noun].key == noun.key
        ]
        if called and not any(is_same_name(name, one) for one in called):
            message = f"the article calls {called[0].text!r} {noun.text!r}, not {name.text!r}"
            yield VerificationFinding("apposition", noun.start, noun.end, message)
            continue
        words = (noun.key, noun.text.lower())
        near = reference.around(name.text.split()[-1])
        near += "".join(reading.text.lower() for reading in evidence)
        if any(word in near for word in words):
            continue
        # another word may say the same ("journalist", "reporter"), unless it is an office or the
        # article calls somebody else that
        office = noun.key in OFFICES or noun.key.endswith(CHINESE_OFFICES)
        if office or noun.key in reference.folded:
            message = f"the article does not call {name.text!r} {noun.text!r}"
            yield VerificationFinding("apposition", noun.start, noun.end, message)
