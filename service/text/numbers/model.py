# ruff: noqa: C901, PLR0912 - one flat match over the kinds
"""What a number in a text is: its surface, its place, and what it states."""

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
"""What a text says of a number beside its value: more than it, nearly it."""
Fact = tuple[object, ...]
"""One exact statement, comparable across languages: ``("number", Fraction(13))``,
``("share", Fraction(13, 100))``, ``("date", 2023, 3, 5)``, ``("time", 15, 30)`` …"""


class Date(NamedTuple):
    """A calendar date of which any part may be missing."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """A number as one item, with its scale and unit: ``text == source[start:end]``.

    ``values`` are exact: one for most kinds; hour (24-hour clock where ``states_half``) and minute
    for a time; the first year for a decade (``90`` where the century is not said); the magnitude
    for a vague number; the share taken off for a discount; for a multiple, how many times what it
    was (3 for 增长了两倍); none where ``date``, ``parts`` or the text itself says it all. A
    percentage has the value as written (13 for 13%); a fraction its quotient. ``currencies`` are
    the ISO codes that the text may mean, likeliest first. ``parts`` are the ends of a range or
    the sides of a ratio or score. ``also`` holds further readings of an ambiguous surface.
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
    """Of a time: whether the text tells morning from afternoon."""
    also: tuple[Fact, ...] = ()
    bound: Bound = ""

    @property
    def value(self) -> Fraction:
        """The first value; only for kinds that have one."""
        return self.values[0]


class AlphanumericTerm(msgspec.Struct, frozen=True):
    """A name with digits in it (COVID-19, F-16, 5G): ``text == source[start:end]``."""

    text: str
    start: int
    end: int


def dates_within(date: Date) -> list[Date]:
    """The date and every part of it that still says something, fullest first.

    A year and a day without the month between them are no date.
    """
    year, month, day = date
    candidates = [date, Date(None, month, day), Date(year, month), Date(year)]
    candidates += [Date(None, month), Date(None, None, day)]
    return [candidate for candidate in dict.fromkeys(candidates) if any(candidate)]


def _plain(value: Fraction) -> set[Fact]:
    facts: set[Fact] = {("number", value)}
    if value < 0:  # "-5%" is told as "fell by 5%"
        facts.add(("number", -value))
    return facts


def readings(quantity: Quantity) -> frozenset[Fact]:
    """What the quantity may state: a brief's quantity is supported if the source licenses any."""
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
            pass  # the parts speak
    return frozenset(facts)


def code_key(text: str) -> str:
    """A phone number or address without its case and separators."""
    return "".join(char for char in text.lower() if char.isalnum())


def licenses(quantity: Quantity) -> frozenset[Fact]:
    """Everything that the quantity, standing in a source, allows a brief to state."""
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
