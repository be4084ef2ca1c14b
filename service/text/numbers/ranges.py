# ruff: noqa: E501, C901, PLR0911, PLR0912 - patterns stay whole, rules read top to bottom
"""Joins the two ends of a range, ratio or score into one item."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import regex as re

from service.text.numbers.lexicon import SCALES_EN, TENS_EN, UNITS_EN
from service.text.numbers.model import Date, Fact, Kind, Quantity
from service.text.numbers.numerals import arabic
from service.text.numbers.patterns import DIGITS, SIGNS, Found, normalise

_JOINT = re.compile(r"\s?(?:-|–|—|~|‑|至|到)\s?|-? (?:to|through|and up to) |:|比")
_AND = re.compile(" and ")
_OR = re.compile(r" or |或|或者")
_WORD = re.compile("[A-Za-z]+")
_LEADING = re.compile(rf"(?:{SIGNS})?\s?({DIGITS})")


def join_ranges(found: list[Found], text: str, norm: str) -> list[Found]:
    joined: list[Found] = []
    for item in found:
        before = joined[-1] if joined else None
        if (
            isinstance(item, Quantity)
            and isinstance(before, Quantity)
            and 0 < item.start - before.end <= 12
            and before.kind not in {"range", "ratio", "code"}
            and item.kind not in {"range", "ratio", "code", "vague"}
            and (joint := _joint(before, item, norm))
            and _alike(before, item)
        ):
            joined[-1] = _range(before, item, text, joint[0].strip())
        else:
            joined.append(item)
    return joined


def _joint(before: Quantity, item: Quantity, norm: str) -> re.Match[str] | None:
    """The text that joins the two numbers. "or" only joins consecutive ones: two or three hundred."""
    if joint := _JOINT.fullmatch(norm, before.end, item.start):
        return joint
    if norm[max(0, before.start - 8) : before.start].lower() == "between ":
        return _AND.fullmatch(norm, before.end, item.start)
    joint = _OR.fullmatch(norm, before.end, item.start)
    alike = before.kind == item.kind == "cardinal" and before.values and item.values
    return joint if joint and alike and item.value == (before.value + 1) * _scale_of(item) else None


def _alike(left: Quantity, right: Quantity) -> bool:
    """Whether the two can be the ends of a range; not in "grew 5.2% to 126 trillion"."""
    if left.kind in {"cardinal", right.kind}:
        return True
    return (left.kind, right.kind) in {("date", "cardinal"), ("money", "cardinal")}


def _range(left: Quantity, right: Quantity, text: str, joint: str) -> Quantity:
    start, end = left.start, right.end
    pair = left.kind == right.kind == "cardinal" and not (left.date or right.date)
    falling = pair and left.value >= right.value
    kind: Kind = "ratio" if joint in {":", "比"} or (falling and joint in "-–") else "range"
    left, right = _share_unit(left, right, joint)
    if pair and any(fact[0] == "ordinal" for fact in right.also):
        left = msgspec.structs.replace(left, also=(*left.also, ("ordinal", left.value)))
    return Quantity(text=text[start:end], start=start, end=end, kind=kind, parts=(left, right))


def _share_unit(left: Quantity, right: Quantity, joint: str) -> tuple[Quantity, Quantity]:
    """Copy the unit of one end of a range to the other: "5-10 million", "3月5日至8日"."""
    replace = msgspec.structs.replace
    if left.kind == right.kind == "date" and left.date and right.date:
        if right.date.month is None and right.date.year is None:
            return left, replace(right, date=Date(left.date.year, left.date.month, right.date.day))
        return left, right
    if left.kind == "date" and left.date and left.date.day and right.kind == "cardinal":
        if right.value.denominator == 1 and 0 < right.value <= 31:
            day = Date(left.date.year, left.date.month, int(right.value))
            return left, replace(right, text="", kind="date", date=day, values=())
        return left, right
    if left.kind != "cardinal":
        factor = _scale_of(right) if right.values else Fraction(1)
        if left.kind == "money" and right.kind in {"money", "cardinal"} and _scale_of(left) == 1:
            left = replace(
                left, text=left.text if factor == 1 else "", values=(left.value * factor,)
            )
            right = replace(
                right,
                text=right.text if right.kind == "money" else "",
                kind="money",
                currencies=right.currencies or left.currencies,
            )
        return left, right
    if right.kind == "date" and right.date and left.value.denominator == 1:
        number = int(left.value)
        if right.date.day and not right.date.month and number <= 31:
            return replace(
                left, text="", kind="date", date=Date(None, None, number), values=()
            ), right
        if right.date.day and right.text[:1].isdigit() and number <= 31:
            return replace(
                left, kind="date", date=Date(right.date.year, right.date.month, number), values=()
            ), right
        if right.date.month and not right.date.day and number <= 12:
            return replace(
                left, text="", kind="date", date=Date(right.date.year, number), values=()
            ), right
        return left, right
    if right.kind == "time":
        return replace(left, also=(*left.also, ("clock", left.value, Fraction(0)))), right
    if right.kind in {"cardinal", "percent", "points", "money"} and _scale_of(left) == 1:
        years = len(left.text) == 4 and len(right.text) == 2 and left.text.isdigit()
        if years and right.text.isdigit() and 1000 <= left.value <= 2100:
            year = int(left.value) // 100 * 100 + int(right.value)
            return left, replace(right, also=(*right.also, ("date", year, None, None)))
        factor = _scale_of(right)
        if right.kind != "cardinal" or factor != 1:
            own: tuple[Fact, ...] = () if joint in set("-–—~‑") else (("number", left.value),)
            return replace(left, text="", kind=right.kind, values=(left.value * factor,), currencies=right.currencies,
                also=own,
            ), right  # fmt: skip
    return left, right


def _scale_of(quantity: Quantity) -> Fraction:
    """The factor by which a scale word multiplies the digits in the text; 1 if there is none."""
    norm = normalise(quantity.text)
    match = _LEADING.match(norm)
    if match is None and quantity.values and (word := _WORD.match(norm)):
        named = UNITS_EN.get(word[0].lower()) or TENS_EN.get(word[0].lower(), 0)
        scale = quantity.value / named if named else Fraction(1)
        return scale if scale in SCALES_EN.values() else Fraction(1)
    if not match or not quantity.values or not arabic(match[1]):
        return Fraction(1)
    return quantity.value / arabic(match[1])
