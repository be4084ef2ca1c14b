"""What a check of a translation against its source says."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal[
    "changed",
    "invented",
    "lost",
    "unit",
    "relation",
    "bound",
    "head",
    "date",
    "time",
    "negation",
    "direction",
]
"""A number that stands for another one, has no source, or is missing; one with another unit; one
that is by how much where the source says to what; more than where it says less than; a number of
the killed that is told of the injured. Another weekday, year or part of the day. From for until,
before for after. A negation dropped or added. Rose for fell, opened for closed."""


class Inconsistency(msgspec.Struct, frozen=True):
    """One statement of a translation that its source does not make.

    ``span`` is where it stands in the translation, ``source_span`` in the source, in characters;
    None where there is no such place.
    """

    kind: Kind
    message: str
    span: tuple[int, int] | None = None
    source_span: tuple[int, int] | None = None
