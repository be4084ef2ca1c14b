"""Do two numbers of a sentence count what they count in its translation?

What each number counts is looked for in the translation by aligning the words (ADR 30). Two numbers
that stand there before each other's nouns were exchanged; one alone that seems to have moved is
mostly a translator's turn of phrase.
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
"""The link from which on a word surely says the other."""
_BEHIND: Final = 14
_BEFORE: Final = 45
"""Characters between a number and what it counts, in the source and in the translation."""
_BETWEEN: Final = re.compile(r"[.;:!?—–“”\"]\s|, |[，。；：！？、]")


class _Moved(NamedTuple):
    """A number of the source and the one that stands before its ``noun`` in the translation."""

    number: Quantity
    instead: Quantity
    noun: AlignmentWord


def check_counted(source: str, translation: str) -> Iterator[Inconsistency]:
    """Two numbers of ``source`` that stand in each other's places in ``translation``. Takes some
    milliseconds where there are two.
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
    """Those of ``numbers`` that stand once in both texts."""
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
    """Whether another of ``numbers`` stands before what ``number`` counts."""
    noun = _counted(number, aligned)
    instead = noun and _last_before(noun, written, translation)
    if not noun or not instead or instead.values == number.values:
        return None
    if all(instead.values != one.values for one in numbers):
        return None
    return _Moved(number, instead, noun)


def _counted(number: Quantity, aligned: Aligned) -> AlignmentWord | None:
    """The word of the translation that surely says what ``number`` counts in the source."""
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
