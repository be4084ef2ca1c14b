# ruff: noqa: C901, PLR0912 - one flat match over the kinds
"""The types of numbers in a text: their form, place and meaning."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

import msgspec

Language = Literal["en", "zh"]
Kind = Literal[
    "cardinal",
    "ordinal",
    "percent",
    "points",
    "fraction",
    "multiple",
    "money",
    "vague",
    "date",
    "decade",
    "time",
    "range",
    "ratio",
    "discount",
    "code",
]
Bound = Literal["", "over", "under"]
"""Whether the text says *more than* or *nearly* the number."""
Fact = tuple[object, ...]
"""An exact meaning that can be compared across languages: ``("number", Fraction(13))``,
``("share", Fraction(13, 100))``, ``("date", 2023, 3, 5)``, ``("time", 15, 30)`` …"""


class Date(NamedTuple):
    """A calendar date; any part may be missing."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """A number with its scale and unit: ``text == source[start:end]``.

    ``values`` are exact. Most kinds have one. A time has hour (of 24 if ``states_half``) and
    minute; a decade its first year (``90`` if the century is not given); a vague number its
    magnitude; a discount the share that is taken off; a multiple the factor (3 for 增长了两倍); a
    percentage the value as written (13 for 13%); a fraction its quotient. Kinds that are fully
    described by ``date``, ``parts`` or the text have none. ``currencies`` are the ISO codes that
    the text may mean, the most likely first. ``parts`` are the ends of a range or the sides of a
    ratio or score. ``also`` has further readings of an ambiguous form.
    """

    text: str
    start: int
    end: int
    kind: Kind
    values: tuple[Fraction, ...] = ()
    date: Date | None = None
    currencies: tuple[str, ...] = ()
    parts: tuple[Quantity, ...] = ()
    states_half: bool = False
    """For a time: whether the text distinguishes morning from afternoon."""
    also: tuple[Fact, ...] = ()
    bound: Bound = ""

    @property
    def value(self) -> Fraction:
        """The first value. Only for kinds that have one."""
        return self.values[0]


class AlphanumericTerm(msgspec.Struct, frozen=True):
    """A name with digits in it (COVID-19, F-16, 5G): ``text == source[start:end]``."""

    text: str
    start: int
    end: int


def dates_within(date: Date) -> list[Date]:
    """The date and its meaningful parts, the fullest first.

    A year and a day without a month are not a date.
    """
    year, month, day = date
    candidates = [date, Date(None, month, day), Date(year, month), Date(year)]
    candidates += [Date(None, month), Date(None, None, day)]
    return [candidate for candidate in dict.fromkeys(candidates) if any(candidate)]


def _plain(value: Fraction) -> set[Fact]:
    facts: set[Fact] = {("number", value)}
    if value < 0:  # "-5%" is also written as "fell by 5%"
        facts.add(("number", -value))
    return facts


def readings(quantity: Quantity) -> frozenset[Fact]:
    """The possible meanings of a quantity. In a brief, it is supported if the source licenses
    any.
    """
    facts: set[Fact] = set(quantity.also)
    match quantity.kind:
        case "cardinal":
            facts.add(("number", quantity.value))
        case "ordinal":
            facts.add(("ordinal", quantity.value))
        case "percent":
            facts.add(("share", quantity.value / 100))
        case "points":
            facts.add(("points", quantity.value))
        case "fraction":
            facts.add(("share", quantity.value))
        case "multiple":
            facts.add(("times", quantity.value))
        case "money":
            facts |= {("money", quantity.value, code) for code in quantity.currencies}
            facts.add(("bare", quantity.value))
        case "vague":
            facts.add(("vague", quantity.value))
        case "discount":
            facts.add(("off", quantity.value))
        case "date":
            facts.add(("date", *(quantity.date or ())))
        case "decade":
            facts.add(("decade", quantity.value))
        case "time":
            half = "time" if quantity.states_half else "clock"
            facts.add((half, *quantity.values))
        case "code":
            facts.add(("code", code_key(quantity.text)))
        case "range" | "ratio":
            pass  # the parts have the meanings
    return frozenset(facts)


def code_key(text: str) -> str:
    """A phone number or address in lower case, without separators."""
    return "".join(char for char in text.lower() if char.isalnum())


def licenses(quantity: Quantity) -> frozenset[Fact]:
    """Everything that a quantity in a source allows a brief to state."""
    facts: set[Fact] = set(readings(quantity))
    match quantity.kind:
        case "cardinal":
            facts |= _plain(quantity.value)
            facts.add(("bare", quantity.value))
        case "percent":
            facts.add(("share", abs(quantity.value) / 100))
            facts.add(("off", abs(quantity.value) / 100))
        case "money":
            facts.discard(("bare", quantity.value))
            facts |= _plain(quantity.value)
        case "fraction":
            facts.add(("off", quantity.value))
            for part in quantity.parts:
                facts |= licenses(part)
        case "discount":
            facts |= {("share", quantity.value), ("share", 1 - quantity.value)}
        case "multiple":
            facts |= {("number", quantity.value), ("number", quantity.value - 1)}
            facts |= {("growth", quantity.value - 1), ("share", quantity.value - 1)}
        case "date":
            facts |= {("date", *part) for part in dates_within(quantity.date or Date())}
        case "decade":
            facts.add(("decade", quantity.value % 100))
        case "time":
            hour, minute = quantity.values
            facts.add(("clock", hour, minute))
            facts.add(("clock", hour % 12 or Fraction(12), minute))
            if hour > 12:
                facts.add(("time", hour, minute))
        case "range" | "ratio":
            for part in quantity.parts:
                facts |= licenses(part)
        case _:
            pass
    return frozenset(facts)
