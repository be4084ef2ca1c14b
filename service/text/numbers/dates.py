# ruff: noqa: E501 - patterns stay whole, rules read top to bottom
"""Rules for dates, decades and times of day."""

from __future__ import annotations

from fractions import Fraction

import regex as re

from service.text.numbers.lexicon import MONTHS_EN, UNITS_EN
from service.text.numbers.model import Date, Fact, Quantity
from service.text.numbers.patterns import (
    HALF_OF_DAY,
    HALVES,
    HAN,
    HAN_DAY,
    HAN_MONTH,
    HAN_YEAR,
    MONTH,
    Found,
    Match,
    item_at,
    read_month,
    whole,
)

_ISO = re.compile(r"([12]\d{3})([-/.])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/([12]\d{3}|\d{2})(?!\d)")


def read_iso_date(norm: str, at: int) -> Found | None:
    if match := _ISO.match(norm, at):
        return item_at(match, "date", date=Date(int(match[1]), int(match[3]), int(match[4])))
    if match := _SLASHED.match(norm, at):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        year += 2000 if year < 100 else 0
        if first > 12:
            first, second = second, first
        other: tuple[Fact, ...] = (("date", year, second, first),) if second <= 12 else ()
        return item_at(match, "date", date=Date(year, first, second), also=other)
    return None


_MONTH_FIRST = re.compile(
    rf"(?:{MONTH})(?![a-z])\s?(?:(?:the )?(3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[,.]\d{{2}}|:\d))?"
    r"(?:,?\s?(?:of )?([12]\d{3})(?![\d%]|,\d{3}|-\d\d-))?"
)
_DAY_FIRST = re.compile(
    rf"(3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?: of)? ?(?:{MONTH})(?![a-z])(?:,? ([12]\d{{3}})(?![\d%]|,\d{{3}}))?"
)
_BEFORE_MAY = re.compile(
    r"(?:in|since|until|till|by|of|last|next|this|early|late|mid|from|to|through|during|before|after|"
    r"and|or|between|every|ended|on|for)[ -]$",
    re.IGNORECASE,
)


def _month_of(text: str) -> int:
    name = next(name for name in re.findall(r"[A-Z][a-z]+", text) if name[:3] in MONTH)
    return read_month(name)


def read_english_date(norm: str, at: int) -> Found | None:
    if norm[at].isdigit():
        match = _DAY_FIRST.match(norm, at)
        if not match:
            return None
        year = int(match[2]) if match[2] else None
        return item_at(match, "date", date=Date(year, _month_of(match[0]), int(match[1])))
    match = _MONTH_FIRST.match(norm, at)
    if not match:
        return None
    name = re.match("[A-Za-z]+", match[0])
    bare = match[1] is None and match[2] is None
    if bare and name and name[0] not in MONTHS_EN and not match[0].rstrip().endswith("."):
        return None
    if bare and name and name[0] == "May" and not _BEFORE_MAY.search(norm, max(0, at - 10), at):
        return None
    day = int(match[1]) if match[1] else None
    year = int(match[2]) if match[2] else None
    surface = match[0].rstrip()
    return Quantity(
        text=surface,
        start=at,
        end=at + len(surface),
        kind="date",
        date=Date(year, read_month(surface), day),
    )


_HAN_DATE = re.compile(
    rf"(?:({HAN_YEAR})\s?年(?!代|[级来间])\s?(?:底|末)?)?(?:({HAN_MONTH})\s?月(?!球|亮|饼)\s?(?:份|底|末)?)?(?:({HAN_DAY})\s?[日号](?!线|楼|院|令|馆|店|台风|[一-龥]?机))?"
)
_HAN_BARE_DAY = re.compile(
    rf"()({HAN_MONTH})\s?月({HAN_DAY})(?![\d个多余日号])(?=[，,。；、）) ]|凌晨|上午|下午|晚)"
)
_DURATION_DAYS = re.compile(r"\s?(?:以?内|之?间|游|以[上下])")


def read_han_date(norm: str, at: int) -> Found | None:
    match = _HAN_BARE_DAY.match(norm, at) or _HAN_DATE.match(norm, at)
    if not match or not match[0]:
        return None
    year, month, day = (whole(part) if part else None for part in match.groups())
    also: tuple[Fact, ...] = ()
    if year is None and month is None and day is not None:
        number = Fraction(day)
        if match[0].endswith("号"):
            also = (("number", number), ("ordinal", number))
        elif _DURATION_DAYS.match(norm, match.end()):
            return item_at(match, "cardinal", day)
    return item_at(match, "date", date=Date(year, month, day), also=also)


_DECADE_EN = re.compile(r"'?(\d{2,4})'?s(?![A-Za-z])")
_DECADE_HAN = re.compile(
    rf"(?:(上个?世纪|本世纪|((?:\d{{1,2}}|[{HAN}]{{1,3}}))\s?世纪)\s?)?"
    rf"(?:([1-9])0?(?:年代)?[、至到和-]|([二三四五六七八九])十?(?:年代)?[、至到和]?(?=[二三四五六七八九]十))?"
    rf"\s?([1-9]0|[一二三四五六七八九]十|[12]\d{{2}}0)\s?年代"
)


def _of_decade(value: Fraction) -> tuple[Fact, ...]:
    """Other readings: "in her 20s" is an age, "the 1800s" is the 19th century."""
    if value < 100:
        return (("number", value),)
    return (("ordinal", value / 100 + 1),) if value % 100 == 0 else ()


def read_decade(norm: str, at: int) -> Found | None:
    if (match := _DECADE_EN.match(norm, at)) and match[1].endswith("0") and len(match[1]) != 3:
        value = Fraction(int(match[1]))
        return item_at(match, "decade", value, also=_of_decade(value))
    if match := _DECADE_HAN.match(norm, at):
        decade, century = whole(match[5]), 0
        if decade < 100 and match[1]:
            named = {"上": 1900, "本": 2000}.get(match[1][0])
            century = named if named is not None else 100 * (whole(match[2]) - 1)
        other = match[3] or match[4]
        also = tuple(
            ("decade", Fraction(value)) for value in {century + 10 * whole(other), 10 * whole(other)}
        ) if other else ()  # fmt: skip
        return item_at(match, "decade", century + decade, also=also)
    return None


_HALVES_EN = {"a": 0, "p": 12}
_MERIDIEM = r"\.?[Mm](?:\.(?!\s[A-Z])|(?![A-Za-z]))"
_CLOCK = re.compile(
    rf"(?:({HALVES})\s?)?(\d{{1,2}}):([0-5]\d)(?!\d|:\d{{3}})(?::[0-5]\d)?(?:\s?([AaPp]){_MERIDIEM})?"
)
_HOUR_EN = re.compile(rf"(\d{{1,2}})(?:[:.]([0-5]\d))?\s?([AaPp]){_MERIDIEM}")
_SPOKEN_HOUR = re.compile(
    rf"(\d{{1,2}}|{'|'.join(word for word, hour in UNITS_EN.items() if 1 <= hour <= 12)})(?:"
    rf"\s(?P<half>[ap]){_MERIDIEM}|"
    r"(?P<clock> o'clock)?(?: in the (?P<part>morning|afternoon|evening)\b| at (?P<night>night)\b)?)",
    re.IGNORECASE,
)
_HOUR_HAN = re.compile(
    rf"(?:({HALVES})\s?)?(\d{{1,2}}|[{HAN}]{{1,3}})\s?(?:时|点钟?)(?!间|代|[{HAN}\d]*[万亿倍%]|[零一二三四五六七八九](?![十\d\s分]))\s?(?:(半)|\s?([0-5]?\d|[{HAN}]{{1,3}})\s?分(?!之[一二三四五六七八九十百千\d]|钟|点)|(一刻|三刻))?"
)


_NOON_HAN = re.compile(r"中午(?!\s?(?:\d|十))")
_A_LITTLE = re.compile("一点")
"""这一点 is a point and 好一点 is *a little*, but 一点钟 is an hour."""


def _time_item(match: Match, hour: int, minute: int, half: int | None,
               also: tuple[Fact, ...] = ()) -> Quantity | None:  # fmt: skip
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    if half == 12 and hour < 12 and not (match[0][0] in "中" and hour == 11):
        hour += 12
    elif hour == 12 and (half == 0 or match[0][0] in "晚深夜"):
        hour = 0
    return item_at(match, "time", hour, minute, half=half is not None or hour > 12, also=also)


_NAMED_TIME = re.compile(r"(noon|midday|midnight)\b|fortnight\b|decade\b", re.IGNORECASE)


def read_named_time(norm: str, at: int) -> Found | None:
    """Words that state a number without a numeral."""
    match = _NAMED_TIME.match(norm, at)
    if not match:
        return None
    if match[0].lower() == "decade":
        return item_at(match, "cardinal", 10, also=(("vague", Fraction(10)),))
    if not match[1]:
        return item_at(match, "cardinal", 2, also=(("number", Fraction(14)),))
    hour = 0 if match[1].lower() == "midnight" else 12
    return item_at(match, "time", hour, 0, half=True)


def read_time(norm: str, at: int) -> Found | None:
    if match := _HOUR_EN.match(norm, at):
        half = _HALVES_EN.get(match[3].lower())
        return _time_item(match, int(match[1]), int(match[2] or 0), half)
    if match := _CLOCK.match(norm, at):
        half = HALF_OF_DAY.get(match[1]) if match[1] else None
        half = _HALVES_EN.get((match[4] or "").lower(), half)
        sides = (Fraction(int(match[2])), Fraction(int(match[3])))
        return _time_item(match, int(match[2]), int(match[3]), half, (("pair", *sides),))
    if match := _NOON_HAN.match(norm, at):
        return item_at(match, "time", 12, 0, half=True)
    match = _HOUR_HAN.match(norm, at)
    if not match or _A_LITTLE.fullmatch(match[0]):
        return None
    minute = 30 if match[3] else whole(match[4]) if match[4] else 0
    minute = {"一刻": 15, "三刻": 45}.get(match[5] or "", minute)
    half = HALF_OF_DAY.get(match[1]) if match[1] else None
    hour = whole(match[2])
    points: tuple[Fact, ...] = ()
    if half is None and minute == 0 and "点" in match[0]:
        points = (("number", Fraction(hour)),)
        if hour > 24:
            return None
    return _time_item(match, hour, minute, half, points)


def read_spoken_time(norm: str, at: int) -> Found | None:
    """An hour such as "seven o'clock", "seven p.m.", "7 in the evening". Without "o'clock" or
    "p.m.", it may also be a number of something.
    """
    match = _SPOKEN_HOUR.match(norm, at)
    if not match or not match.lastgroup:
        return None
    hour = UNITS_EN.get(match[1].lower()) or int(match[1])
    half = _HALVES_EN.get((match["half"] or "").lower())
    if match["part"]:
        half = 0 if match["part"].lower() == "morning" else 12
    elif match["night"]:
        half = 12 if 6 <= hour < 12 else 0
    certain = match["half"] or match["clock"]
    return _time_item(match, hour, 0, half, () if certain else (("number", Fraction(hour)),))
