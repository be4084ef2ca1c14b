"""Finding names, absolute claims and content that the article does not have at all."""

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
from service.briefs.verifying.model import VerificationFinding
from service.briefs.verifying.reading import ContentItem, SentenceContent
from service.briefs.verifying.reference import Reference

_LEAST_SUPPORT = 0.25
_LEAST_SUPPORT_HAN = 0.2
"""The least share of a sentence's content words in its evidence."""
_LEAST_WORDS = 4
_HAN = re.compile("[\u4e00-\u9fff]")
_STEM = 5
_OWNERS = frozenset("the his her its their our an".split())
_PLACE_ENDS = re.compile(r"[省市县区国州镇村队]$")


def check_names(sentence: SentenceContent, reference: Reference) -> Iterator[VerificationFinding]:
    """Find names that the article does not have."""
    for item in sentence.items:
        if item.kind != "name" or not item.values:
            continue
        if reference.language == "zh":
            strange = _is_strange(item, reference.folded)
        else:
            words = [str(word) for word in item.values if len(str(word)) > 1]
            strange = any(
                word not in TITLES
                and not _holds(word, reference.words)
                and word not in reference.initials
                for word in words
            )
        if strange:
            yield VerificationFinding(
                "name", item.start, item.end, f"{item.text!r} is not in the article"
            )


def _is_strange(item: ContentItem, text: str) -> bool:
    """Return whether the article lacks a Chinese name. Some words of a place or body suffice."""
    name = item.key.strip()
    short = _PLACE_ENDS.sub("", name) if len(name) > 2 else name
    if len(name) < 2 or short in text or name.replace(" ", "") in text.replace(" ", ""):
        return False
    pairs = [name[at : at + 2] for at in range(len(name) - 1)]
    known = sum(pair in text for pair in pairs)
    return item.sort == "PER" or 3 * known < len(pairs)


def _holds(word: str, known: frozenset[str]) -> bool:
    if word in known or word + "s" in known or word.removesuffix("s") in known:
        return True
    stem = word[:_STEM]
    if any(len(one) >= _STEM - 1 and word.startswith(one) for one in known):
        return True
    return len(word) >= _STEM and any(one.startswith(stem) for one in known)


def check_claims(
    sentence: SentenceContent, evidence: Sequence[SentenceContent], reference: Reference
) -> Iterator[VerificationFinding]:
    """Find absolute claims (first, only, largest, won, arrested) that no sentence of the evidence
    makes.
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
    for at, item in enumerate(sentence.items):
        before = sentence.items[at - 1].text.lower() if at else ""
        if item.key == "only" and before not in _OWNERS:
            continue  # "only a small space"
        closed = (item.part == "verb" and item.key in CLAIM_VERBS) or (
            item.text.lower() in CLAIM_WORDS
        )
        if not closed or item.kind != "word":
            continue
        groups = [group for group in CLAIMS if item.key in group or item.text.lower() in group]
        if groups and all(group.isdisjoint(stated) for group in groups):
            yield _unstated(item.text, item.start)


def _unstated(word: str, start: int) -> VerificationFinding:
    message = f"the article does not say {word!r} of this"
    return VerificationFinding("claim", start, start + len(word), message)


def check_support(
    sentence: SentenceContent, evidence: Sequence[SentenceContent]
) -> Iterator[VerificationFinding]:
    """Find a sentence whose words are in no sentence of the article."""
    content = [item for item in sentence.items if item.kind in {"word", "name", "direction"}]
    if len(content) < _LEAST_WORDS:
        return
    text = " ".join(reading.text.lower() for reading in evidence)
    keys = {item.key for reading in evidence for item in reading.items}
    missing = [item for item in content if not _is_held(item, keys, text)]
    least = _LEAST_SUPPORT_HAN if _HAN.search(text) else _LEAST_SUPPORT
    if len(content) - len(missing) < least * len(content):
        words = ", ".join(repr(item.text) for item in missing[:4])
        message = f"no sentence of the article holds {words}"
        yield VerificationFinding("unsupported", missing[0].start, missing[-1].end, message)


def _is_held(item: ContentItem, keys: set[str], text: str) -> bool:
    if item.key in keys or item.text.lower() in text:
        return True
    stem = item.key[:_STEM]
    if stem.isascii():
        return len(stem) >= 4 and stem in text
    return len(item.key) > 2 and any(
        item.key[at : at + 2] in text for at in range(len(item.key) - 1)
    )
