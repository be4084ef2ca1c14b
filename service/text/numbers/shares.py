# ruff: noqa: E501, PLR0911 - patterns stay whole, rules read top to bottom
"""Rules for parts of a whole: fractions, halves, so many in ten, parts of a percentage point."""

from __future__ import annotations

from fractions import Fraction

import regex as re

from service.text.numbers.counts import plain_item
from service.text.numbers.lexicon import ORDINALS_EN, SCALES_EN, VULGAR
from service.text.numbers.model import Fact
from service.text.numbers.numerals import arabic, parse_english, parse_han, parse_han_pair
from service.text.numbers.patterns import (
    CARDINAL,
    DIGITS,
    HAN,
    HAN_RUN,
    ORDINAL,
    Found,
    Match,
    item_at,
)

_WHOLE = re.compile("百分之?百(?![一二三四五六七八九])")
_FRACTION_HAN = re.compile(rf"(负)?(百|千|万|{HAN_RUN})分之\s?({HAN_RUN})")
_SLASH = re.compile(r"(\d{1,4})/(\d{1,4})(?![\d/])")
_FRACTION_EN = re.compile(
    rf"(?:(an?|one|two|three|four|five|seven|nine|\d{{1,2}})[ -])"
    rf"(?:(halves|half|quarters?)|((?:{ORDINAL})s|(?:{ORDINAL})(?= of\b)|(?<=\bby an? )(?:{ORDINAL})(?= (?:in|to|from|over|since|last|this|that|on|at|after|during|and|compared|against|year|month|under|because|as|between|within|across|for)\b)|(?:{ORDINAL})(?![ -]?[A-Za-z])))\b"
    r"(?! (?:of \d{4}|century|finals?\b))",
    re.IGNORECASE,
)
_COUNT = rf"(?:{DIGITS}|(?:{CARDINAL})\b)"
_SO_MANY_IN = re.compile(
    rf"({_COUNT}) (in|out of)(?: every)? ({_COUNT})(?!,?\d|%| (?:January|\d)|[ -](?:years?|months?|weeks?|days?|hours?|minutes?|matches|games|starts|attempts|seasons|people|men|women)\b)",
    re.IGNORECASE,
)
_SO_MANY_OF_HAN = re.compile(
    rf"每?\s?(\d{{1,4}}|[{HAN}]{{1,3}})\s?[个名位]?[人家户]?[\u4e00-\u9fff]{{0,4}}?(?:中|里|当中)(?:就|便|约)?有\s?(\d{{1,4}}|[{HAN}]{{1,3}})\s?[个名位人家户]"
)
_HALF_NUMBER = re.compile(rf"half (?:a|an) ({'|'.join(SCALES_EN)}|dozen)\b", re.IGNORECASE)
_HALF_UNIT = re.compile(
    r"half(?: an?|-)? ?(hour|year|century|month|dozen)\b|半\s?(年|个?小时|个?世纪|个月)(?!度)",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"hal(?:f|ved|ving)(?![A-Za-z])|[一过超近]半(?![岛导])|半数|半(?=天|价|个)|[减折]半(?=[，。；、）,.;)]|$)|腰斩",
    re.IGNORECASE,
)
HALF_COUNTS: dict[str, tuple[int, str]] = {
    "hour": (30, "小时"),
    "小时": (30, "小时"),
    "个小时": (30, "小时"),
    "year": (6, "年"),
    "年": (6, "年"),
    "century": (50, "个世纪"),
    "世纪": (50, "个世纪"),
    "个世纪": (50, "个世纪"),
    "month": (15, "个月"),
    "个月": (15, "个月"),
    "dozen": (6, "打"),
}
"""Half of a unit in the next smaller unit, and the Chinese word after 半."""
HALVES_OF_A_WHOLE = re.compile(
    r"(?:first|second|other|latter|better|1st|2nd)[ -]half\b|half-?time", re.IGNORECASE
)
_POINT = re.compile(
    r"(?:(half|three[ -]quarters of|(?:a |one-)?quarter(?: of)?)(?: an?|-)? ?(?:percentage )?[ -]?point\b(?!s))"
    rf"|({DIGITS})\s?(?:basis points?\b|个基点)|(半)个百分点",
    re.IGNORECASE,
)
_PERCENT_OF_HALF = re.compile(
    r"half(?: of)? (?:a|one) per ?cent\b|half[ -]per ?cent\b", re.IGNORECASE
)


def read_part_of_point(norm: str, at: int) -> Found | None:
    """Half a point, a quarter point, 25 basis points: in percentage points."""
    if match := _PERCENT_OF_HALF.match(norm, at):
        return item_at(match, "percent", Fraction(1, 2))
    match = _POINT.match(norm, at)
    if not match:
        return None
    if match[2]:
        count = arabic(match[2])
        return item_at(match, "points", count / 100, also=(("number", count),))
    if match[3]:
        return item_at(match, "points", Fraction(1, 2))
    word = match[1].lower()
    value = Fraction(3, 4) if "three" in word else Fraction(1, 4) if "quarter" in word else Fraction(1, 2)  # fmt: skip
    return item_at(
        match, "points", value, also=(("share", value), ("share", value / 100), ("number", value))
    )


def read_share(norm: str, at: int) -> Found | None:
    """Shares that begin with a digit or a Chinese numeral."""
    if match := _WHOLE.match(norm, at):
        return item_at(match, "percent", 100)
    if match := _FRACTION_HAN.match(norm, at):
        below = {"百": 100, "千": 1000, "万": 10**4}.get(match[2]) or parse_han(match[2])
        above = parse_han(match[3])
        pair = parse_han_pair(match[3]) if above is None and match[2] == "百" else None
        if pair:
            return plain_item(norm, match.start(), match.end(), pair, "percent")
        if not below or above is None:
            return None
        above = -above if match[1] else above
        if match[2] == "百":
            return item_at(match, "percent", above)
        return item_at(match, "fraction", above / below)
    if found := read_one_in(norm, at):
        return found
    if (match := _SLASH.match(norm, at)) and match[2].strip("0"):
        return _slashed(match)
    if norm[at] in VULGAR:
        match = re.compile(".").match(norm, at)
        return item_at(match, "fraction", VULGAR[norm[at]]) if match else None
    return None


def _slashed(match: Match) -> Found:
    """2/3, 11/2, 2021/22: a fraction, or a date."""
    first, second = int(match[1]), int(match[2])
    also: tuple[Fact, ...] = (("pair", Fraction(first), Fraction(second)),)
    if first <= 12 and second <= 31:
        also += (("date", None, first, second),)
    if second <= 12 and first <= 31:
        also += (("date", None, second, first),)
    if first > 1900 and (second - first) % 100 == 1:
        also += (("date", first, None, None), ("date", first + 1, None, None))
    return item_at(match, "fraction", Fraction(first, second), also=also)


def read_one_in(norm: str, at: int) -> Found | None:
    """One in five, four in ten, seven out of every ten; 每十人中有四人."""
    if match := _SO_MANY_IN.match(norm, at):
        first, second = (_count(match[part]) for part in (1, 3))
        if first and second and first < second and (second <= 10 or first == 1 or match[2] != "in"):
            return _so_many(match, first, second)
    if match := _SO_MANY_OF_HAN.match(norm, at):
        second_han, first_han = parse_han(match[1]), parse_han(match[2])
        if second_han and first_han and first_han < second_han <= 100:
            return _so_many(match, first_han, second_han)
    return None


def _so_many(match: Match, first: Fraction, second: Fraction) -> Found:
    parts = tuple(item_at(match, "cardinal", value) for value in (first, second))
    also: tuple[Fact, ...] = (("number", second),) if first == 1 else ()
    return item_at(match, "fraction", first / second, also=also, parts=parts)


def _count(text: str) -> Fraction:
    value = parse_english(text.lower(), 0)
    return value[0] if value else arabic(text)


def read_english_share(norm: str, at: int) -> Found | None:
    """Shares that begin with an English word, and halves in both languages."""
    if match := _HALF_NUMBER.match(norm, at):
        return item_at(
            match, "cardinal", Fraction((SCALES_EN | {"dozen": 12})[match[1].lower()], 2)
        )
    if match := _HALF_UNIT.match(norm, at):
        count, _ = HALF_COUNTS[(match[1] or match[2]).lower()]
        return item_at(match, "fraction", Fraction(1, 2), also=(("number", Fraction(count)),))
    if match := _FRACTION_EN.match(norm, at):
        number = 1 if match[1].lower() in {"a", "an"} else parse_english(match[1].lower(), 0)
        above = number[0] if isinstance(number, tuple) else Fraction(number or int(match[1]))
        if match[2]:
            below = 2 if match[2].lower().startswith("hal") else 4
            if below == 4 and not _counts_quarters(norm, match):
                return None
        else:
            word = match[3].lower()
            below = ORDINALS_EN.get(word) or ORDINALS_EN[word.removesuffix("s")]
        if below < 2 or (below == 2 and not match[2]):
            return None
        single = match[1].lower() in {"a", "an"} and not match[0].endswith("s")
        also = (("ordinal", Fraction(below)),) if single and below != 4 else ()
        return item_at(match, "fraction", above / below, also=also)
    if match := _HALF.match(norm, at):
        return item_at(match, "fraction", Fraction(1, 2))
    return None


def _counts_quarters(norm: str, match: Match) -> bool:
    """Whether "quarters" is a fraction, and not three months or a part of a town."""
    return norm.startswith(" of", match.end()) or "-" in match[0]
