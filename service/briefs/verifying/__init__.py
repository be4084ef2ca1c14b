"""Verification: does the article support a sentence? Pure except for the analysis of words.

``verify`` returns the sentences of the article that are the evidence for a sentence, and findings
on what they do not support, whoever wrote the sentence (ADR 22).
"""

from service.briefs.verifying.model import Code, EvidenceSpan, Verdict, VerificationFinding
from service.briefs.verifying.reference import Reference
from service.briefs.verifying.verify import verify

__all__ = ["Code", "EvidenceSpan", "Reference", "Verdict", "VerificationFinding", "verify"]
