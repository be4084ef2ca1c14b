"""The translations of a sentence that there are, and what was found in each."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from service.names.model import ListedName
from service.translation.labels import Lead
from service.translation.model import TranslationFinding
from service.translation.review import penalty
from service.translation.segments import MarkedSentence


class Candidate(msgspec.Struct, frozen=True):
    """A translation of a sentence with its marks, and what its review found."""

    text: str
    findings: tuple[TranslationFinding, ...] = ()


class TranslatedSentence(msgspec.Struct, frozen=True):
    """What came of the ``source``: ``candidates``, at least one, the best first. ``repaired`` says
    that the first draft was flawed and another one stands in its place. ``names`` are those of the
    source that the best one has; ``latin`` what known persons are called, and the Latin form that
    is added once a text (:mod:`service.translation.latin_forms`).
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
        """What is wrong with it, worst first."""
        return self.candidates[0].findings


def labelled(rest: TranslatedSentence, source: MarkedSentence, lead: Lead) -> TranslatedSentence:
    """The translation of what follows a label, with the label before it."""
    size = len(lead.printed)
    candidates = tuple(
        Candidate(
            lead.printed + one.text,
            tuple(found.moved(size, lead.end) for found in one.findings),
        )
        for one in rest.candidates
    )
    return msgspec.structs.replace(rest, source=source, candidates=candidates)


def lacks_terms(draft: Candidate) -> bool:
    """Whether a placeholder or a term of the caller's is missing."""
    return any(finding.flag == "term" and not finding.soft for finding in draft.findings)


def least_flawed_first(drafts: Iterable[Candidate]) -> list[Candidate]:
    """The drafts in their order, but for what is wrong with them."""
    return sorted(drafts, key=lambda draft: penalty(draft.findings))
