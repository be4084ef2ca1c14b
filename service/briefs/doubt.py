"""When a translated sentence is doubtful though no check finds anything wrong with it (ADR 26)."""

from __future__ import annotations

from typing import Final

from service.languages import Language

_NAME: Final = 20.0
"""What a name that nothing verifies adds: with two of them, six in seven translations were
wrong."""
_UNMATCHED: Final = 40.0
"""What words without a counterpart add, times their share. Of English sentences alone: in a Chinese
one's translation they tell nothing."""
DOUBTFUL: Final = 63.0
"""Doubt from which another translation is looked for. Set on translations of the default model that
readers had graded (``bench/doubt.py``), so that a third of the right ones in briefs lie above it.
"""


def doubt(likelihood: float, *, source: Language, names: int, unmatched: float) -> float:
    """How doubtful a translation is, in natural logarithms: the less likely
    (:func:`service.translation.likelihood.likelihood`), the more ``names`` of its source nothing
    verifies, and the larger the share of ``unmatched`` words, the more.
    """
    words = _UNMATCHED * unmatched if source == "en" else 0.0
    return _NAME * names - likelihood + words
