"""Stand-ins: while a sentence is translated into Chinese, a common name replaces that of a person
who is in no table. Afterwards the original name is put back. A small model misspells a rare name or
replaces it by a known one, but writes a common one as usual.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
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

Place = tuple[int, int]
"""The offsets of a name, in characters: start and end."""
FindPersons = Callable[[str], Sequence[Place]]
"""Finds persons in a Chinese sentence who are in no table, as whole words."""


class StandIn(msgspec.Struct, frozen=True):
    """``name`` is what the person is called, ``latin`` what the model reads in its place and
    ``form`` what it writes for that. ``short`` is the surname, if the sentence has it alone too;
    the sentence has both together so many ``times``.
    """

    name: str
    latin: str
    form: str
    short: str = ""
    times: int = 1


def choose(text: str, names: Iterable[Name], *, attempt: int = 0) -> dict[str, StandIn]:
    """Return a stand-in for each person of ``names`` that keeps its Latin letters, by the person's
    name. A full name and its surname share one. No stand-in is in ``text`` already or is the name
    of another; each ``attempt`` takes others.
    """
    names = list(names)
    known = {form for name in names for form in name.targets}
    free = [
        (latin, form)
        for latin, form in _COMMON
        if latin not in text and not any(form in one for one in known)
    ]
    persons = [one for one in names if one.kind == "person" and one.origin == "verbatim"]
    # full names first, wherever they stand: a surname has the stand-in of its full name
    full: dict[str, str] = {}
    for name in sorted(persons, key=lambda one: -len(one.source.split())):
        longer = next((form for form in name.targets if form in full), name.source)
        full.setdefault(name.source, longer)
    times = Counter(full[one.source] for one in persons)
    short = {longer: source for source, longer in full.items() if source != longer}
    standins = {
        name: StandIn(
            name, *free[(at + 3 * attempt) % len(free)], short.get(name, ""), times=times[name]
        )
        for at, name in enumerate([*times][: len(free)])
    }
    return {source: standins[longer] for source, longer in full.items() if longer in standins}


def restore(
    translation: str, standins: Sequence[StandIn], find_persons: FindPersons
) -> tuple[str, tuple[str, ...]]:
    """Put the names back into ``translation``, and return it with the names that were not found. A
    misspelled stand-in is searched among the persons that ``find_persons`` finds.
    """
    lost: list[str] = []
    for one in standins:
        written = next((form for form in (one.form, one.latin) if form in translation), "")
        if written:
            translation = translation.replace(written, one.name, 1)
            translation = translation.replace(written, one.short or one.name)
        elif places := _respelled(translation, one, standins, find_persons):
            for at, (start, end) in reversed([*enumerate(places)]):
                name = one.short if at and one.short else one.name
                translation = translation[:start] + name + translation[end:]
        else:
            lost.append(one.name)
    return translation, tuple(lost)


def _respelled(
    translation: str, wanted: StandIn, standins: Sequence[StandIn], find_persons: FindPersons
) -> list[Place]:
    """Where a respelling of the ``wanted`` stand-in stands: a person's name of as many characters
    or one fewer or more, at most one of which is neither the same nor read alike. None if it stands
    there more often than the stand-in was put: then it is somebody else.
    """
    form, others = wanted.form, {one.form for one in standins}
    places: dict[str, list[Place]] = {}
    for start, end in find_persons(translation):
        written = translation[start:end]
        if written not in others and _is_chinese(written):
            places.setdefault(written, []).append((start, end))
    distances = {written: _distance(form, written) for written in places}
    best = min(distances, key=lambda written: distances[written], default="")
    if not best or distances[best] > 1 or len(form) - distances[best] < _FEWEST_ALIKE:
        return []
    return places[best] if len(places[best]) <= wanted.times else []


def _is_chinese(text: str) -> bool:
    return all("\u3400" <= char <= "\u9fff" for char in text)


def _distance(one: str, other: str) -> int:
    """Return the edit distance of two names, in which characters that sound alike are equal."""
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
    """Return whether two syllables sound nearly the same: shi and si, lin and ling."""
    return _plain(one) == _plain(other)


def _plain(syllable: str) -> str:
    retroflex = syllable[:2] in {"sh", "zh", "ch"}
    return (syllable[0] + syllable[2:] if retroflex else syllable).removesuffix("g")
