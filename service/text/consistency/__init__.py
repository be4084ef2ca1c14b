"""Does a translation state what its source states? Numbers, units, relations, times, negation.

Pure functions over one sentence and its translation, English and Chinese. They compare what both
say and know nothing of models; a finding is a reason to draw again, or a warning.
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
    """All that ``translation``, in ``target``, states otherwise than ``source``."""
    plain, told = normalise(source), normalise(translation)  # offsets stay
    return (
        *check_numbers(source, translation, target),
        *check_comparison(plain, told, target),
        *check_times(plain, told, target),
        *check_negation(plain, told, target),
        *check_directions(plain, told, target),
    )
