"""Evidence and findings of one sentence."""

from __future__ import annotations

from collections.abc import Callable

from service.briefs.verifying.acting import agreeing, check_acts, check_beside
from service.briefs.verifying.claims import check_claims, check_names, check_support
from service.briefs.verifying.fillings import check_fillings
from service.briefs.verifying.model import Verdict, VerificationFinding
from service.briefs.verifying.numbers import check_numbers
from service.briefs.verifying.qualifying import check_attribution, check_qualifiers
from service.briefs.verifying.reference import Reference
from service.briefs.verifying.shortening import is_shortened

_INSTRUCTED = 0.2
"""Share of a sentence's words that only instructions hold."""


def verify(
    sentence: str, reference: Reference, *, instructs: Callable[[str], bool] | None = None
) -> Verdict:
    """Hold ``sentence`` against the article of ``reference``; both are in one language.

    A sentence that stands in the article as it is has no finding. ``instructs`` tells whether a
    sentence of the article addresses its reader or a machine; what such ones alone say has the
    finding ``instruction``.
    """
    sources = reference.supporting(sentence)
    evidence = tuple(reference.spans[at] for at in sources)
    commands: list[VerificationFinding] = []
    addressed = [at for at in sources if instructs and instructs(reference.sentences[at])]
    if addressed and reference.share_only_in(sentence, addressed) >= _INSTRUCTED:
        message = "only an instruction in the article says this"
        commands = [VerificationFinding("instruction", 0, len(sentence), message)]
    if reference.holds_whole(sentence) or any(
        is_shortened(sentence, reference.sentences[at]) for at in sources
    ):
        return Verdict(evidence, tuple(commands))
    ours, *theirs = reference.read([sentence, *(reference.sentences[at] for at in sources)])
    findings = [
        *commands,
        *check_numbers(sentence, reference),
        *check_names(ours, reference),
        *check_support(ours, theirs),
        *check_fillings(ours, theirs, agreeing(ours, theirs)),
        *check_qualifiers(ours, theirs),
        *check_attribution(ours, theirs),
        *check_acts(ours, theirs),
        *check_beside(ours, theirs, reference),
        *check_claims(ours, theirs, reference),
    ]
    return Verdict(evidence, tuple(_once(findings)))


def _once(findings: list[VerificationFinding]) -> list[VerificationFinding]:
    """One finding for each place: the first says most."""
    kept: list[VerificationFinding] = []
    for one in findings:
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return kept
