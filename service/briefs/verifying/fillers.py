"""Numbers, dates and days among the words of a sentence in either language."""

from __future__ import annotations

import re

import msgspec

from service.briefs.verifying.lexicon import RELATIVE_DAYS
from service.text.numbers import Quantity, find_quantities, licenses, readings
from service.text.weekdays import WEEKDAYS, weekdays_in

_DAY = re.compile(
    "|".join(
        [
            rf"\b(?:{'|'.join(WEEKDAYS)})\b",
            r"(?:周|星期|礼拜)[一二三四五六日天](?![月年])",
            rf"\b(?:{'|'.join(word for word in RELATIVE_DAYS if word.isascii())})\b",
            "|".join(sorted((w for w in RELATIVE_DAYS if not w.isascii()), key=len, reverse=True)),
            r"\b(?:last|next|this) (?:year|month|week)\b",
        ]
    ),
    re.IGNORECASE,
)
_DATES = ("date", "decade", "time")


class Filler(msgspec.Struct, frozen=True):
    """A number or date: its offsets, what it states, and what a restatement may state."""

    start: int
    end: int
    is_date: bool
    sort: str
    values: frozenset[object]
    permits: frozenset[object]


def find_fillers(text: str) -> list[Filler]:
    """Return all numbers, dates and named or relative days of ``text``, in order."""
    found: list[Filler] = []
    for one in find_quantities(text):
        if one.kind == "code":
            continue
        values: frozenset[object] = readings(one) | _ends(one)
        sort = _sort(one)
        is_date = one.kind in _DATES or sort == "year"
        found.append(Filler(one.start, one.end, is_date, sort, values, licenses(one) | _ends(one)))
    for match in _DAY.finditer(text):
        if any(one.start < match.end() and match.start() < one.end for one in found):
            continue
        days = weekdays_in(match[0])
        relative = RELATIVE_DAYS.get(match[0].lower(), match[0].lower())
        value = frozenset[object](days) or frozenset[object]({relative})
        found.append(
            Filler(match.start(), match.end(), True, "weekday" if days else "day", value, value)
        )
    return sorted(found, key=lambda one: one.start)


def _ends(one: Quantity) -> frozenset[object]:
    """Return what a range or a score states: its two sides, in this order."""
    if len(one.parts) != 2:
        return frozenset()
    first, last = one.parts
    return frozenset(("ends", a, b) for a in readings(first) for b in readings(last))


def _sort(one: Quantity) -> str:
    """Return the sort of values it can be confused with: years with years, shares with shares."""
    if one.kind == "date" and one.date:
        if one.date.year and not one.date.month:
            return "year"
        return "day of a month" if one.date.day else "month"
    if one.kind == "cardinal" and any(fact[0] == "date" for fact in one.also):
        return "year"  # a number that may be one: "in 2015"
    if one.kind in {"percent", "fraction", "points"}:
        return "share"
    return one.kind if one.kind in {"ordinal", "time", "decade"} else "amount"
