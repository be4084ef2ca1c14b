"""Names, closed claims and content that the article does not hold at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.briefs.verifying.lexicon import (
    CHINESE_CLAIMS,
    CLAIM_VERBS,
    CLAIM_WORDS,
    CLAIMS,
    TITLES,
)
from service.briefs.verifying.model import Finding
from service.briefs.verifying.reading import Item, Reading
from service.briefs.verifying.reference import Reference

_LEAST_SUPPORT = 0.35
"""Share of a sentence's words of content that its evidence must hold."""
_LEAST_WORDS = 4
_STEM = 5
_PLACE_ENDS = re.compile(r"[省市县区国州镇村]$")


def check_names(sentence: Reading, reference: Reference) -> Iterator[Finding]:
    """Names that the article does not hold."""
    for item in sentence.items:
        if item.kind != "name":
            continue
        if reference.language == "zh":
            known = _PLACE_ENDS.sub("", item.text) if len(item.text) > 2 else item.text
            strange = len(item.text) > 1 and known.lower() not in reference.folded
        else:
            words = [str(word) for word in item.values if len(str(word)) > 1]
            strange = any(
                word not in TITLES and not _holds(word, reference.words) for word in words
            )
        if strange:
            yield Finding("name", item.start, item.end, f"{item.text!r} is not in the article")


def _holds(word: str, known: frozenset[str]) -> bool:
    if word in known or word + "s" in known or word.removesuffix("s") in known:
        return True
    stem = word[:_STEM]
    return len(word) >= _STEM and any(one.startswith(stem) for one in known)


def check_claims(
    sentence: Reading, evidence: Sequence[Reading], reference: Reference
) -> Iterator[Finding]:
    """Claims that are true or false as they stand (first, only, largest, won, arrested) and that
    no sentence of the evidence makes.
    """
    if reference.language == "zh":
        text = "".join(reading.text for reading in evidence)
        for claims, supports in CHINESE_CLAIMS:
            for claim in claims:
                start = sentence.text.find(claim)
                if start >= 0 and not any(one in text for one in supports):
                    yield _unstated(claim, start)
                    break
        return
    stated = {item.key for reading in evidence for item in reading.items}
    stated |= {word.lower() for one in evidence for word in re.findall(r"[A-Za-z]+", one.text)}
    for item in sentence.items:
        closed = (item.part == "verb" and item.key in CLAIM_VERBS) or (
            item.text.lower() in CLAIM_WORDS
        )
        if not closed or item.kind != "word":
            continue
        groups = [group for group in CLAIMS if item.key in group or item.text.lower() in group]
        if groups and all(group.isdisjoint(stated) for group in groups):
            yield _unstated(item.text, item.start)


def _unstated(word: str, start: int) -> Finding:
    message = f"the article does not say {word!r} of this"
    return Finding("claim", start, start + len(word), message)


def check_support(sentence: Reading, evidence: Sequence[Reading]) -> Iterator[Finding]:
    """A sentence whose words no sentence of the article holds."""
    content = [item for item in sentence.items if item.kind in {"word", "name", "direction"}]
    if len(content) < _LEAST_WORDS:
        return
    text = " ".join(reading.text.lower() for reading in evidence)
    keys = {item.key for reading in evidence for item in reading.items}
    missing = [item for item in content if not _is_held(item, keys, text)]
    if len(content) - len(missing) < _LEAST_SUPPORT * len(content):
        words = ", ".join(repr(item.text) for item in missing[:4])
        message = f"no sentence of the article holds {words}"
        yield Finding("unsupported", missing[0].start, missing[-1].end, message)


def _is_held(item: Item, keys: set[str], text: str) -> bool:
    if item.key in keys or item.text.lower() in text:
        return True
    stem = item.key[:_STEM]
    if stem.isascii():
        return len(stem) >= 4 and stem in text
    return len(item.key) > 2 and any(
        item.key[at : at + 2] in text for at in range(len(item.key) - 1)
    )
