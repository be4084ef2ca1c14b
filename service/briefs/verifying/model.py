"""The results of verification for one sentence."""

from __future__ import annotations

from typing import Literal

import msgspec

Code = Literal[
    "number",
    "date",
    "name",
    "role",
    "modality",
    "negation",
    "quantifier",
    "who",
    "direction",
    "attribution",
    "apposition",
    "claim",
    "unsupported",
    "instruction",
]


class EvidenceSpan(msgspec.Struct, frozen=True, order=True):
    """Characters ``start`` to ``end`` of the article's text."""

    start: int
    end: int


class VerificationFinding(msgspec.Struct, frozen=True):
    """One thing that the article does not support.

    ``start`` and ``end`` are the words of the sentence that it is about, in characters of the
    sentence; ``message`` names them, and what the article says instead where that is known.
    """

    code: Code
    start: int
    end: int
    message: str


class Verdict(msgspec.Struct, frozen=True):
    """The evidence in the article for a sentence, and findings on what it does not support."""

    evidence: tuple[EvidenceSpan, ...] = ()
    findings: tuple[VerificationFinding, ...] = ()
