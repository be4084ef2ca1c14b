"""The candidate translations of a sentence, with the findings of each."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from service.names.model import ListedName
from service.translation.labels import Label
from service.translation.model import TranslationFinding
from service.translation.review import penalty
from service.translation.segments import MarkedSentence


class Candidate(msgspec.Struct, frozen=True):
    """A translation of a sentence, marks included, and the findings of its review."""

    text: str
    findings: tuple[TranslationFinding, ...] = ()


class TranslatedSentence(msgspec.Struct, frozen=True):
    """A translated ``source``. There is at least one candidate; the best comes first. ``repaired``
    means that the first draft was flawed and another was chosen. ``names`` are the source's names
    that the best candidate contains. ``latin`` pairs the Chinese name of a known person with the
    Latin form that is added once per text (:mod:`service.translation.latin_forms`).
    """

    source: MarkedSentence
    candidates: tuple[Candidate, ...]
    repaired: bool = False
    names: tuple[ListedName, ...] = ()
    latin: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The best translation, with the source's marks in it."""
        return self.candidates[0].text

    @property
    def findings(self) -> tuple[TranslationFinding, ...]:
        """The findings of the best translation, worst first."""
        return self.candidates[0].findings


def with_label(
    rest: TranslatedSentence, source: MarkedSentence, label: Label
) -> TranslatedSentence:
    """Put the translated ``label`` before the translation of the text that follows it."""
    size = len(label.translation)
    candidates = tuple(
        Candidate(
            label.translation + one.text,
            tuple(found.moved(size, label.end) for found in one.findings),
        )
        for one in rest.candidates
    )
    return msgspec.structs.replace(rest, source=source, candidates=candidates)


def lacks_terms(draft: Candidate) -> bool:
    """Whether a placeholder or one of the caller's terms is missing."""
    return any(finding.flag == "term" and not finding.soft for finding in draft.findings)


def least_flawed_first(drafts: Iterable[Candidate]) -> list[Candidate]:
    """Sort the drafts by penalty; drafts with the same penalty keep their order."""
    return sorted(drafts, key=lambda draft: penalty(draft.findings))
