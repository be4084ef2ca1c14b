"""The caller's own terms: what a brief in the other language calls things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from service.briefs.model import GlossaryTerm
from service.briefs.review import Finding
from service.languages import Language

MOST_HINTS = 8
"""Terms that a prompt names for one sentence: a small model loses the text among more."""


class StoredGlossaries(Protocol):
    """The operator's named glossaries."""

    def pairs(self, name: str, source: Language, target: Language) -> Sequence[tuple[str, str]]:
        """The terms of one, as pairs of source and target. Blocks.

        Raises:
            InvalidInput: there is none of that name for that direction; names ``glossary``.
        """


def terms_in(sentence: str, terms: Iterable[GlossaryTerm]) -> tuple[GlossaryTerm, ...]:
    """The terms whose source stands in ``sentence``, longer ones first; a term inside a longer one
    that was found does not count.
    """
    found: list[GlossaryTerm] = []
    left = sentence
    for term in sorted(terms, key=lambda one: -len(one.source)):
        pattern = re.escape(term.source)
        if term.source[:1].isascii() and term.source[:1].isalnum():
            pattern = rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"
        if re.search(pattern, left, re.IGNORECASE):
            found.append(term)
            left = re.sub(pattern, " ", left, flags=re.IGNORECASE)
    return tuple(found[:MOST_HINTS])


def check_terms(text: str, terms: Iterable[GlossaryTerm]) -> tuple[Finding, ...]:
    """Terms whose target the translation ``text`` lacks."""
    lowered = text.lower()
    return tuple(
        Finding("term", f"the glossary's {term.target!r} for {term.source!r} is missing")
        for term in terms
        if term.target.lower() not in lowered
    )
