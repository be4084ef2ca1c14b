"""Find numbers that were swapped in a translation.

Word alignment (ADR 30) finds the noun that each number counts in the translation. If two numbers
stand before each other's nouns, they were swapped. If only one number seems to have moved, the
translator usually just phrased the sentence differently, so it is not reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from service.text.consistency import Inconsistency
from service.text.numbers import Quantity, find_quantities
from service.translation.alignment.lexicon import builtin
from service.translation.alignment.links import Aligned, align
from service.translation.alignment.words import AlignmentWord

_SURE: Final = 0.5
"""Links of at least this strength count as certain."""
_BEHIND: Final = 14
_BEFORE: Final = 45
"""Most characters between a number and its noun, in the source and in the translation."""
_BETWEEN: Final = re.compile(r"[.;:!?—–“”\"]\s|, |[，。；：！？、]")


class _Moved(NamedTuple):
    """A number of the source, and the number before its ``noun`` in the translation."""

    number: Quantity
    instead: Quantity
    noun: AlignmentWord


def check_counted(source: str, translation: str) -> Iterator[Inconsistency]:
    """Report pairs of numbers of ``source`` that are swapped in ``translation``. Takes a few
    milliseconds if the source has two numbers or more.
    """
    written = [one for one in find_quantities(translation) if one.values]
    numbers = _once_each([one for one in find_quantities(source) if one.values], written)
    if len(numbers) < 2:
        return
    aligned = align(source, translation, builtin())
    moved = [
        found
        for one in numbers
        if (found := _moved(one, numbers, written, aligned, translation)) is not None
    ]
    for one, other in combinations(moved, 2):
        if one.number.values == other.instead.values and other.number.values == one.instead.values:
            message = (
                f"{one.instead.text!r} stands before {one.noun.text!r}, "
                f"{one.number.text!r} in the source"
            )
            place = (one.instead.start, one.instead.end)
            yield Inconsistency("head", message, place, (one.number.start, one.number.end))


def _once_each(numbers: Sequence[Quantity], written: Sequence[Quantity]) -> list[Quantity]:
    """The ``numbers`` that occur exactly once in both texts."""
    here = Counter(one.values for one in numbers)
    there = Counter(one.values for one in written)
    return [one for one in numbers if here[one.values] == there[one.values] == 1]


def _moved(
    number: Quantity,
    numbers: Sequence[Quantity],
    written: Sequence[Quantity],
    aligned: Aligned,
    translation: str,
) -> _Moved | None:
    """The number of ``numbers`` that took the place of ``number``; None if it did not move."""
    noun = _counted(number, aligned)
    instead = noun and _last_before(noun, written, translation)
    if not noun or not instead or instead.values == number.values:
        return None
    if all(instead.values != one.values for one in numbers):
        return None
    return _Moved(number, instead, noun)


def _counted(number: Quantity, aligned: Aligned) -> AlignmentWord | None:
    """The noun of ``number`` in the translation; None if the alignment is not certain."""
    for at, word in enumerate(aligned.source):
        if word.start < number.end:
            continue
        if word.is_sign or word.text[0].isdigit() or word.start - number.end > _BEHIND:
            return None
        if word.is_particle or (word.is_chinese and len(word.text) == 1):
            continue
        row = aligned.links[at]
        best = max(range(len(row)), key=row.__getitem__, default=None)
        if best is None or row[best] < _SURE:
            continue
        other = aligned.target[best]
        once = sum(one.key == word.key for one in aligned.source) == 1
        return other if once and sum(one.key == other.key for one in aligned.target) == 1 else None
    return None


def _last_before(word: AlignmentWord, numbers: Sequence[Quantity], text: str) -> Quantity | None:
    """The last of ``numbers`` before ``word`` in its clause of ``text``."""
    near = [
        one
        for one in numbers
        if one.end <= word.start
        and word.start - one.end < _BEFORE
        and not _BETWEEN.search(text, one.end, word.start)
    ]
    return max(near, key=lambda one: one.end, default=None)
