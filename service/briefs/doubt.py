"""When a translated sentence is doubtful though no check finds anything wrong with it (ADR 26)."""

from __future__ import annotations

from typing import Final

_NAME: Final = 20.0
"""What a name that nothing verifies adds: with two of them, six in seven translations were
wrong."""
_UNMATCHED: Final = 40.0
"""What words without a counterpart add, times their share. Of English sentences alone: in a Chinese
one's translation they tell nothing."""
DOUBTFUL: Final = 63.0
"""Doubt from which another translation is looked for. It was set at 67 on translations of the
default model that readers had graded (``bench/doubt.py``), and lowered after another reading, in
which a third of the true sentences were above 63."""


def doubt(likelihood: float, *, names: int, unmatched: float) -> float:
    """How doubtful a translation is, in natural logarithms. It is the more so the less likely it is
    (:func:`service.translation.likelihood.likelihood`), the more ``names`` of its source nothing
    verifies, and the larger the share of ``unmatched`` words (0 for a Chinese source).
    """
    return _NAME * names - likelihood + _UNMATCHED * unmatched
