"""The findings of the checks of a translation against its source."""

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
"""What differs:

- ``changed``, ``invented``, ``lost``: a number that replaces another, has no source, or is missing
- ``unit``: a number with another unit or currency
- ``relation``: *by* a number instead of *to* or *from* it, or the other way round
- ``bound``: *more than* instead of *less than*
- ``head``: a number that counts something else: the killed instead of the injured
- ``date``: another weekday, year or part of the day
- ``time``: *from* instead of *until*, *before* instead of *after*
- ``negation``: a negation that was dropped or added
- ``direction``: *rose* instead of *fell*, *opened* instead of *closed*
"""


class Inconsistency(msgspec.Struct, frozen=True):
    """A statement of a translation that differs from its source.

    ``span`` is its place in the translation and ``source_span`` that in the source, in characters;
    None if there is no such place.
    """

    kind: Kind
    message: str
    span: tuple[int, int] | None = None
    source_span: tuple[int, int] | None = None
