"""Verification: does the article bear a sentence out? Pure but for the analysis of words.

``verify`` gives the source sentences that a sentence rests on and what they do not bear out, for
whatever wrote it (ADR 22).
"""

from service.briefs.verifying.model import Code, EvidenceSpan, Verdict, VerificationFinding
from service.briefs.verifying.reference import Reference
from service.briefs.verifying.verify import verify

__all__ = ["Code", "EvidenceSpan", "Reference", "Verdict", "VerificationFinding", "verify"]
