"""Compares what a sentence and its translation state: numbers, units, relations, times, negation.

Pure functions over one sentence in English or Chinese and its translation, without a model. A
finding is a reason to generate another draft, or becomes a warning.
"""

from __future__ import annotations

from service.text.consistency.model import Inconsistency, Kind
from service.text.consistency.negation import check_directions, check_negation
from service.text.consistency.numbers import check_numbers
from service.text.consistency.relations import check_comparison
from service.text.consistency.times import check_times
from service.text.numbers import Language, normalise

__all__ = ["Inconsistency", "Kind", "inconsistencies"]


def inconsistencies(source: str, translation: str, target: Language) -> tuple[Inconsistency, ...]:
    """All statements of ``translation``, in ``target``, that differ from ``source``."""
    plain, translated = normalise(source), normalise(translation)  # offsets stay the same
    return (
        *check_numbers(source, translation, target),
        *check_comparison(plain, translated, target),
        *check_times(plain, translated, target),
        *check_negation(plain, translated, target),
        *check_directions(plain, translated, target),
    )
