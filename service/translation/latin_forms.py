"""Adds the Latin form of known foreign persons to a Chinese text: 约翰·史密斯（John Smith）."""

from __future__ import annotations

import msgspec

from service.translation.candidates import Candidate, TranslatedSentence
from service.translation.model import TranslationFinding


class LatinForms:
    """Adds each Latin form once per text. Sentences must be passed in order."""

    def __init__(self) -> None:
        self._mentioned: set[str] = set()

    def add(self, sentence: TranslatedSentence) -> TranslatedSentence:
        """Return ``sentence`` with the Latin forms of the persons whom it is the first to
        mention.
        """
        candidates = sentence.candidates
        for known, latin in sentence.latin:
            if known not in self._mentioned:
                candidates = tuple(_with_latin(one, known, latin) for one in candidates)
            if known in sentence.text:
                self._mentioned.add(known)
        return msgspec.structs.replace(sentence, candidates=candidates)


def _with_latin(candidate: Candidate, known: str, latin: str) -> Candidate:
    text, start = candidate.text, candidate.text.find(known)
    if start < 0 or f"{known}（" in text:
        return candidate
    end, added = start + len(known), f"（{latin}）"
    findings = tuple(_moved(found, end, len(added)) for found in candidate.findings)
    return Candidate(text[:end] + added + text[end:], findings)


def _moved(found: TranslationFinding, place: int, size: int) -> TranslationFinding:
    """Return ``found`` with its span moved for ``size`` characters inserted at ``place``."""
    if found.span is None:
        return found
    start, end = found.span
    start += size if start >= place else 0
    end += size if end > place else 0
    return msgspec.structs.replace(found, span=(start, end))
