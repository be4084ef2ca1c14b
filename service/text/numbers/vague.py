# ruff: noqa: E501, C901, PLR0911 - patterns stay whole, rules read top to bottom
"""Rules for vague numbers, multiples and discounts, and for the bounds of numbers."""

from __future__ import annotations

from fractions import Fraction

import regex as re

from service.text.numbers.counts import money_or_plain
from service.text.numbers.lexicon import (
    DIGITS_HAN,
    LARGE_SCALES_HAN,
    MULTIPLES_EN,
    SCALES_EN,
    SMALL_SCALES_HAN,
    UNITS_EN,
)
from service.text.numbers.model import Bound, Fact
from service.text.numbers.numerals import parse_han
from service.text.numbers.patterns import (
    DIGITS,
    HAN,
    VAGUE_UNIT,
    Found,
    item_at,
)

_SCALES_HAN = SMALL_SCALES_HAN | LARGE_SCALES_HAN
_SCALE_VALUES = SCALES_EN | {"dozen": 10, "ten": 10, "tens": 10, "score": 10, "decade": 10}

# ------------------------------------------------------------------ English

_VAGUE_EN = re.compile(
    rf"(?:((?:tens|hundreds|dozens|scores) of|(?:several|a few|few|many|some|a couple(?: of)?) (?:dozen|hundred|ten)?) ?)?({VAGUE_UNIT}|decades)\b"
    r"(?! of (?:thousands|millions|billions|trillions))",
    re.IGNORECASE,
)
_SCORES = re.compile(
    r"(?<!\b(?:the|and|with|test|high|low|average|exam|credit|final|its|their|his|her) )"
    r"scores(?= (?:of (?!\d|(?-i:[A-Z])|the )|more\b|(?:were|are) (?:hurt|injured|wounded|killed|arrested|missing|dead|displaced|trapped|evacuated|rescued)\b|(?:died|fled)\b))",
    re.IGNORECASE,
)
_COUPLE = re.compile(r"couple of(?= (?!\d)[a-z]+s\b)", re.IGNORECASE)
_COUNTED_DOZENS = re.compile(
    rf"({'|'.join(word for word, value in UNITS_EN.items() if 1 < value < 13)}|\d{{1,2}})[ -]dozen\b",
    re.IGNORECASE,
)
_DOZEN = re.compile(r"(?:a |an? half-)?dozen\b(?!s)", re.IGNORECASE)
_A_SCALE = re.compile(
    rf"an? (?:({'|'.join(SCALES_EN)})(?: ({'|'.join(SCALES_EN)}))?)\b( and a half\b)?",
    re.IGNORECASE,
)
_MULTI = re.compile(r"multi-?(million|billion|trillion)\b(?!aire)", re.IGNORECASE)
_YEAR_AND_A_HALF = re.compile(r"a (?:year|month|week|day|hour|mile)( and a half)\b", re.IGNORECASE)


def read_english_vague(norm: str, at: int) -> Found | None:
    if match := _A_SCALE.match(norm, at):
        scale = SCALES_EN[match[1].lower()] * SCALES_EN.get((match[2] or "").lower(), 1)
        value = Fraction(scale * 3, 2) if match[3] else Fraction(scale)
        return money_or_plain(norm, match.start(), match.end(), value, True)
    if match := _YEAR_AND_A_HALF.match(norm, at):
        months: tuple[Fact, ...] = (("number", Fraction(18)),) if "year" in match[0] else ()
        return item_at(match, "cardinal", Fraction(3, 2), also=months)
    if match := _COUNTED_DOZENS.match(norm, at):
        count = UNITS_EN.get(match[1].lower()) or int(match[1])
        return item_at(match, "cardinal", 12 * count, also=(("vague", Fraction(10)),))
    if match := _DOZEN.match(norm, at):
        return item_at(
            match, "cardinal", 12, also=(("vague", Fraction(10)), ("number", Fraction(10)))
        )
    if match := _SCORES.match(norm, at):
        return item_at(match, "vague", 10)
    if match := _COUPLE.match(norm, at):
        return item_at(match, "cardinal", 2, also=(("number", Fraction(3)),))
    if match := _MULTI.match(norm, at):
        return item_at(match, "vague", SCALES_EN[match[1].lower()])
    match = _VAGUE_EN.match(norm, at)
    if not match:
        return None
    unit, head = match[2].lower(), (match[1] or "").lower()
    if not head and not unit.endswith("s"):
        return None
    magnitude = _SCALE_VALUES[unit.removesuffix("s")]
    for word in head.replace("of", "").split():
        magnitude *= _SCALE_VALUES.get(word.removesuffix("s"), 1)
    also: tuple[Fact, ...] = (("number", Fraction(2 * magnitude)),) if "couple" in head else ()
    return item_at(match, "vague", magnitude, also=also)


# ------------------------------------------------------------------ Chinese

_SCALED_HAN = "(?:十|百|千|万|亿){1,3}"
_VAGUE_HAN = re.compile(
    r"(?:(?:好?([数几])\s?个?(十?百?千?[万亿]{0,2}))|(?:([上成])\s?("
    + _SCALED_HAN
    + r")))(?![分克瓦米圣])(?:多|余)?"
)
_HUNDREDS_AND_THOUSANDS = re.compile("成百上千|成千上万|成千累万|千千万万|成千成万")
_BY_THE = re.compile("数以([十百千万亿]{1,2})计")
_ODD_HAN = re.compile(
    r"((?:百|千|万|亿|百万|千万|百亿|千亿))(?:余|多|来)\s?(?=[个名人位家所座只头匹件条辆艘架户口台部份张次场起例年天吨亩米公元美欧英种项篇册处支棵株幢栋套间层级里斤平英岁名对双队国村镇]|万|亿)([万亿]?)"
)
_TEENS_HAN = re.compile(r"十[几来余多](?![月日])([万亿]?)(?=(年)?)")
_NEAR_HAN = re.compile(rf"近\s?({_SCALED_HAN})(?![分克瓦米])(?=[^{HAN}\d]|$)")
_FEW_HAN = re.compile("三五(?=[天日年个人名次位])")


def read_han_vague(norm: str, at: int) -> Found | None:
    """近百, 百余, 十余, 上万, 数十, 成千上万, 三五天."""
    if match := _HUNDREDS_AND_THOUSANDS.match(norm, at):
        low = 100 if "百" in match[0] else 1000
        return item_at(match, "vague", low, also=(("vague", Fraction(low * 10)),))
    if match := _TEENS_HAN.match(norm, at):
        scale = _SCALES_HAN.get(match[1], 1)
        also: tuple[Fact, ...] = (("number", Fraction(12 * scale)), ("vague", Fraction(10 * scale)))
        return item_at(match, "cardinal", 10 * scale, also=also, bound="over")
    if match := _ODD_HAN.match(norm, at):
        value = (parse_han("一" + match[1]) or Fraction(1)) * _SCALES_HAN.get(match[2], 1)
        return money_or_plain(norm, match.start(), match.end(), value, True, bound="over")
    if match := _NEAR_HAN.match(norm, at):
        value = parse_han("一" + match[1]) or Fraction(1)
        return money_or_plain(norm, match.start(), match.end(), value, True, bound="under")
    if match := _FEW_HAN.match(norm, at):
        ends = tuple(item_at(match, "cardinal", value) for value in (3, 5))
        return item_at(match, "range", parts=ends)
    if match := _BY_THE.match(norm, at):
        return item_at(match, "vague", parse_han("一" + match[1]) or 1)
    match = _VAGUE_HAN.match(norm, at)
    if not match or not (match[2] or match[4]):
        return None
    magnitude = 1
    for char in match[2] or match[4]:
        magnitude *= _SCALES_HAN[char]
    value = Fraction(magnitude)
    if match[3]:  # 上百: a hundred or more
        facts: tuple[Fact, ...] = (("number", value), ("bare", value))
        return item_at(match, "vague", value, also=facts, bound="over")
    return item_at(match, "vague", value)


# ------------------------------------------------------------------ multiples and discounts

_MULTIPLE_EN = re.compile(
    "(?:" + "|".join(sorted(MULTIPLES_EN, key=len, reverse=True)) + r")\b", re.IGNORECASE
)
_FOLD = re.compile(
    rf"({DIGITS}|{'|'.join(UNITS_EN)})[ -]?fold\b|({DIGITS}|{'|'.join(UNITS_EN)}) times(?= as | the (?:size|number|amount|price|rate|level|value|average)| that of| what| its | their | more | higher | larger | bigger | greater )",
    re.IGNORECASE,
)
_MULTIPLE_HAN = re.compile(
    r"翻(?:了|上)?([一两二三四])?番|翻(?:了|上)?(?:一)?倍|增?长?了?一倍(?!半)|成倍"
)
_TIMES_HAN = re.compile(rf"({DIGITS}|[{HAN}]{{1,4}})(?:多|余)?倍")
_GROWS = re.compile(
    r"(?:增长|增加|增|上升|提高|提升|扩大|上涨|涨|高出|多出|多|高|超出)(?:了|近|约|超过?|逾|将近|整整){0,2}$"
)
_TURNS = re.compile(r"翻(?:了|上)?(?:近|约)?$")


def read_multiple(norm: str, at: int) -> Found | None:
    """Multiples: 增长了两倍, 三倍, 翻两番, tripled, threefold, three times as many."""
    if match := _MULTIPLE_EN.match(norm, at):
        value = Fraction(MULTIPLES_EN[match[0].lower()])
        counts: tuple[Fact, ...] = (
            (("number", value),) if match[0].lower() in {"twice", "thrice"} else ()
        )
        return item_at(match, "multiple", value, also=counts)
    if match := _FOLD.match(norm, at):
        word = (match[1] or match[2]).lower()
        value = Fraction(UNITS_EN[word]) if word in UNITS_EN else Fraction(word.replace(",", ""))
        if value < 2:
            return None
        more: tuple[Fact, ...] = (("times", value + 1),) if match[0][-5:] != "fold" and norm.startswith((" more", " higher", " larger", " bigger", " greater"), match.end()) else ()  # fmt: skip
        return item_at(match, "multiple", value, also=more)
    if match := _MULTIPLE_HAN.match(norm, at):
        turns = DIGITS_HAN.get(match[1] or "一", 1)
        vague: tuple[Fact, ...] = (("times", Fraction(3)),) if match[0] == "成倍" else ()
        return item_at(match, "multiple", 2**turns, also=vague)
    if match := _TIMES_HAN.match(norm, at):
        number = parse_han(match[1])
        if number is None:
            return None
        if _TURNS.search(norm, max(0, at - 4), at):
            both: tuple[Fact, ...] = (
                ("times", number + 1),
                ("times", 2**number if number < 5 else number),
            )
            return item_at(match, "multiple", number, also=both)
        if _GROWS.search(norm, max(0, at - 8), at):
            return item_at(match, "multiple", number + 1, also=(("growth", number),))
        return item_at(match, "multiple", number)
    return None


_DISCOUNT_HAN = re.compile(
    r"(?<![曲骨转波挫周夭百存])(?:([一二三四五六七八九])([一二三四五六七八九])?|([1-9](?:\.\d)?|[1-9]\d))\s?折(?![叠页屏射损磨线])|对折"
)
_DISCOUNT_EN = re.compile(
    rf"({DIGITS})\s?(?:%|per ?cent|percent) (?:off\b|discounts?\b|price cut)|half[ -](?:off|price)\b",
    re.IGNORECASE,
)


_PERCENT = re.compile(rf"({DIGITS})\s?(?:%|per ?cent\b)")
_REDUCED = re.compile(r"\b(?:discounts?|price cuts?) of (?:up to |about |around )?$", re.IGNORECASE)


def read_discount(norm: str, at: int) -> Found | None:
    """七折, 对折, 30% off, half price. The value is the share that is taken off."""
    if match := _DISCOUNT_EN.match(norm, at):
        off = Fraction(match[1].replace(",", "")) / 100 if match[1] else Fraction(1, 2)
        return item_at(match, "discount", off) if 0 < off <= 1 else None
    if (match := _PERCENT.match(norm, at)) and _REDUCED.search(norm, max(0, at - 28), at):
        return item_at(match, "discount", Fraction(match[1].replace(",", "")) / 100)
    match = _DISCOUNT_HAN.match(norm, at)
    if not match:
        return None
    if match[0].endswith("对折"):
        return item_at(match, "discount", Fraction(1, 2))
    if match[1]:
        tenths = Fraction(DIGITS_HAN[match[1]]) + Fraction(DIGITS_HAN[match[2] or "零"], 10)
    else:
        tenths = Fraction(match[3])
        tenths = tenths / 10 if tenths > 10 else tenths
    return item_at(match, "discount", 1 - tenths / 10)


# ------------------------------------------------------------------ bounds

_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        "under",
        re.compile(
            r"(?:\b(?:nearly|almost|just under|just short of|close to|approaching|less than|fewer than|under|below|no more than|not more than|at most) |将?近|接近|不到|不足|(?<!不)少于|(?<!不)低于|未满|不(?:会|得|能)?超过|不高于|不多于|至多)\s?$",
            re.IGNORECASE,
        ),
    ),
    (
        "over",
        re.compile(
            r"(?:(?<!\bno )(?<!\bnot )\b(?:more than|over|at least|above|exceed(?:s|ed|ing)?|upwards of|in excess of|no fewer than|no less than) |(?<!不)(?<!不[会得能])超过?|逾|(?<!不)多于|(?<!不)高于|突破|至少|不少于|不低于)\s?$",
            re.IGNORECASE,
        ),
    ),
)
_AFTER = re.compile(
    r"(?:多|余)?(?:[人名个家元年天]|美元|%)?(?:以上|之多)|-odd\b| or more\b|-plus\b|\+(?!\d)|(?<=\d)(?:多|余)"
)
_LONGEST_BEFORE = 20


def bound_at(norm: str, start: int, end: int) -> Bound:
    """The bound that the text states for the number from ``start`` to ``end``."""
    for bound, pattern in _BEFORE:
        if pattern.search(norm, max(0, start - _LONGEST_BEFORE), start):
            return bound
    return "over" if _AFTER.match(norm, end) or norm[end - 1 : end] in "多余" else ""
