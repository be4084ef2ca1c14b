"""Stand-ins: while a sentence is translated into Chinese, a person whom no table knows has a common
name in its place, which is put back afterwards. A small model respells a rare name or replaces it
by a known one; a common one it writes as it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from service.names.model import Name
from service.names.pinyin import syllables

_COMMON: Final = (
    ("Johnson", "约翰逊"),
    ("Anderson", "安德森"),
    ("Smith", "史密斯"),
    ("Wilson", "威尔逊"),
    ("Thompson", "汤普森"),
    ("Mitchell", "米切尔"),
    ("Roberts", "罗伯茨"),
    ("Clark", "克拉克"),
    ("Evans", "埃文斯"),
)
_FEWEST_ALIKE: Final = 2
"""Characters, or readings, that a respelled stand-in of three shares with it."""


class StandIn(msgspec.Struct, frozen=True):
    """``name`` is what the person is called, ``latin`` what the model reads in its place and
    ``form`` what it writes for that. ``short`` is the surname, if the sentence has it alone too.
    """

    name: str
    latin: str
    form: str
    short: str = ""


def choose(text: str, names: Iterable[Name], *, turn: int = 0) -> dict[str, StandIn]:
    """A stand-in for each person of ``names`` that keeps its letters, by what the person is called;
    somebody's full name and surname have one. None stands in ``text`` already, or is the name of
    another; another ``turn`` takes others.
    """
    names = list(names)
    known = {form for name in names for form in name.targets}
    free = [
        (latin, form)
        for latin, form in _COMMON
        if latin not in text and not any(form in one for one in known)
    ]
    chosen: dict[str, StandIn] = {}
    for name in names:
        if name.kind != "person" or name.origin != "verbatim" or name.source in chosen:
            continue
        full = next((form for form in name.targets if form in chosen), "")
        if full:  # one person, one stand-in
            one = msgspec.structs.replace(chosen[full], short=name.source)
            chosen[full] = chosen[name.source] = one
            continue
        if len(chosen) < len(free):
            pair = free[(len(chosen) + 3 * turn) % len(free)]
            chosen[name.source] = StandIn(name.source, *pair)
    return chosen


def restore(translation: str, standins: Sequence[StandIn]) -> tuple[str, tuple[str, ...]]:
    """``translation`` with the names in their places again, and those that were not found."""
    lost: list[str] = []
    for one in standins:
        written = next((form for form in (one.form, one.latin) if form in translation), "")
        written = written or _respelled(translation, one.form, standins)
        if written:
            translation = translation.replace(written, one.name, 1)
            translation = translation.replace(written, one.short or one.name)
        else:
            lost.append(one.name)
    return translation, tuple(lost)


def _respelled(translation: str, form: str, standins: Sequence[StandIn]) -> str:
    """What ``form`` was written as: as many characters or one fewer or more, at most one of which
    is neither the same nor read alike.
    """
    others = {one.form for one in standins} - {form}
    best, least = "", 2
    for size in (len(form), len(form) - 1, len(form) + 1):
        for start in range(len(translation) - size + 1):
            piece = translation[start : start + size]
            if not all("\u3400" <= char <= "\u9fff" for char in piece) or piece in others:
                continue
            distance = _distance(form, piece)
            if distance < least and len(form) - distance >= _FEWEST_ALIKE:
                best, least = piece, distance
    return best


def _distance(one: str, other: str) -> int:
    """Edits between two names, of characters that are not read alike."""
    here, there = syllables(one), syllables(other)
    row = list(range(len(there) + 1))
    for at, first in enumerate(here, 1):
        last, row[0] = row[0], at
        for to, second in enumerate(there, 1):
            last, row[to] = (
                row[to],
                min(row[to] + 1, row[to - 1] + 1, last + (not _alike(first, second))),
            )
    return row[-1]


def _alike(one: str, other: str) -> bool:
    """Whether two syllables sound nearly the same: shi and si, lin and ling."""
    return _plain(one) == _plain(other)


def _plain(syllable: str) -> str:
    retroflex = syllable[:2] in {"sh", "zh", "ch"}
    return (syllable[0] + syllable[2:] if retroflex else syllable).removesuffix("g")
