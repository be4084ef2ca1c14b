# ruff: noqa: C901, PLR0911, PLR0912 - one flat match over the kinds for each language
"""Exact restatements: the surfaces that a brief may use for a number of its source."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, product

import regex as re

from service.text.numbers.lexicon import (
    CURRENCIES,
    MONTHS_EN,
    ORDINALS_EN,
    SCALES_EN,
    VAGUE_EN,
    VAGUE_HAN,
)
from service.text.numbers.model import Date, Language, Quantity
from service.text.numbers.numerals import decimals, english_words, grouped, han_numeral

_HAN = re.compile(r"[\u3400-\u9fff〇％、。，]")
_LATIN_WORD = re.compile(r"[a-z]|[A-Z]{2}")
_RANGE_PARTS = 2
"""Forms of each end that a range combines."""


def restatements(quantity: Quantity, language: Language) -> tuple[str, ...]:
    """Every exact surface of ``quantity`` in ``language``, most natural first.

    Nothing is rounded and no unit is dropped: money keeps its currency, 585万 its scale. A full
    date also gives its parts (the month and day, the year), never a guess of a missing one.
    """
    forms = _english(quantity) if language == "en" else _chinese(quantity)
    own = [quantity.text] if _fits(quantity.text, language) else []
    return tuple(dict.fromkeys(form for form in [*own, *forms] if form))


def _fits(text: str, language: Language) -> bool:
    if language == "en":
        return not _HAN.search(text)
    return not _LATIN_WORD.search(text)


def _english(quantity: Quantity) -> list[str]:
    match quantity.kind:
        case "cardinal":
            return _not_grouped_year(quantity, english_number(quantity.value))
        case "ordinal":
            return _english_ordinal(quantity.value)
        case "percent":
            return _english_percent(quantity.value)
        case "points":
            number = decimals(quantity.value)
            return [f"{number} percentage points", f"{number} points"] if number else []
        case "fraction":
            return _english_fraction(quantity.value)
        case "multiple":
            return _english_multiple(int(quantity.value))
        case "money":
            return _english_money(quantity)
        case "vague":
            return list(VAGUE_EN.get(int(quantity.value), ()))
        case "date":
            return _english_date(quantity.date or Date())
        case "decade":
            value = int(quantity.value)
            return [f"{value}s", f"{value % 100:02}s"] if value % 100 else [f"{value}s"]
        case "time":
            return _english_time(quantity)
        case "range" | "ratio":
            return _joined(quantity, "en")
        case _:
            return []


def _chinese(quantity: Quantity) -> list[str]:
    match quantity.kind:
        case "cardinal":
            numbers = _not_grouped_year(quantity, chinese_number(quantity.value))
            return [*numbers, *(f"{year}年" for year in _years(quantity))]
        case "ordinal":
            place = int(quantity.value)
            return [f"第{han_numeral(place) or place}", f"第{place}"]
        case "percent":
            return _chinese_percent(quantity.value)
        case "points":
            number = decimals(quantity.value)
            return [f"{number}个百分点"] if number else []
        case "fraction":
            return _chinese_fraction(quantity.value)
        case "multiple":
            value = int(quantity.value)
            return (["翻番", "翻一番", "一倍"] if value == 2 else []) + _times_han(value)
        case "money":
            return _chinese_money(quantity)
        case "vague":
            return list(VAGUE_HAN.get(int(quantity.value), ()))
        case "date":
            return _chinese_date(quantity.date or Date())
        case "decade":
            return _chinese_decade(int(quantity.value))
        case "time":
            return _chinese_time(quantity)
        case "range" | "ratio":
            return _joined(quantity, "zh")
        case _:
            return []


def _years(quantity: Quantity) -> list[int]:
    """The year that a bare number may be; only four digits and ``22年`` read as one."""
    return [int(str(fact[1])) for fact in quantity.also if fact[0] == "date" and fact[1]]


def _not_grouped_year(quantity: Quantity, forms: list[str]) -> list[str]:
    return [form for form in forms if not _years(quantity) or "," not in form]


def _scaled(value: Fraction, scale: int, places: int) -> str | None:
    """``value`` in units of ``scale`` with at most ``places`` decimals, if that is exact."""
    quotient = value / scale
    text = decimals(quotient)
    if text is None or abs(quotient) < 1 or abs(quotient) >= 10**4:
        return None
    return text if len(text.partition(".")[2]) <= places else None


def english_number(value: Fraction) -> list[str]:
    """Plain English forms of a number: "130 million", "130,000,000"; "20,000", "20 thousand"."""
    plain = [text for text in (grouped(value), decimals(value)) if text]
    whole = int(value) if value.denominator == 1 else None
    for name, scale in reversed(list(SCALES_EN.items())):
        if scale >= 10**6 and (short := _scaled(value, scale, 3)):
            words = english_words(int(short)) if short.isdigit() and int(short) <= 20 else None
            return [f"{short} {name}", *([f"{words} {name}"] if words else []), *plain[:1]]
    if whole is None:
        return plain
    forms: list[str] = []
    if word := english_words(whole):
        forms = [word, *plain] if whole <= 10 else [*plain, word]
    else:
        forms = plain
        for name in ("hundred", "thousand"):
            count, rest = divmod(whole, SCALES_EN[name])
            if rest == 0 and 0 < count < 10:
                forms = [*forms, f"{english_words(count)} {name}"]
        if whole % 1000 == 0 and 10_000 <= whole < 10**6:
            forms = [*forms, f"{whole // 1000} thousand"]
    if whole == 12:
        forms = [*forms, "dozen"]
    return forms


def chinese_number(value: Fraction) -> list[str]:
    """Plain Chinese forms of a number: 1.3亿; 2万, 两万, 20000; 两, 二, 2."""
    plain = list(dict.fromkeys(text for text in (decimals(value), grouped(value)) if text))
    whole = int(value) if value.denominator == 1 else None
    han = han_numeral(whole) if whole is not None and whole >= 0 else None
    words = ["两" + han[1:], han] if han and whole and str(whole)[0] == "2" and whole > 100 else []
    words = words or (["两", "二"] if whole == 2 else [han] if han else [])
    for name, scale, places in (("万亿", 10**12, 4), ("亿", 10**8, 4), ("万", 10**4, 4)):
        if short := _scaled(value, scale, places):
            return [short + name, *words, *(plain if abs(value) < 10**6 else [])]
    return [*plain, *words]


def _english_ordinal(value: Fraction) -> list[str]:
    number = int(value)
    suffix = (
        "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    words = [word for word, ordinal in ORDINALS_EN.items() if ordinal == number]
    if 20 < number < 100 and number % 10:
        tens = english_words(number - number % 10)
        words = [
            f"{tens}-{word}" for word, ordinal in ORDINALS_EN.items() if ordinal == number % 10
        ]
    return [*words, f"{number}{suffix}", f"No. {number}"]


def _english_percent(value: Fraction) -> list[str]:
    number = decimals(value)
    if number is None:
        return []
    return [
        f"{number}%",
        f"{number} percent",
        f"{number} per cent",
        *(["half"] if value == 50 else []),
    ]


def _chinese_percent(value: Fraction) -> list[str]:
    number = decimals(value)
    if number is None:
        return []
    han = han_numeral(int(value)) if value.denominator == 1 and 0 < value < 100 else None
    forms = [f"{number}%", *([f"百分之{han}"] if han else [])]
    if value % 10 == 0 and 0 < value < 100:
        forms += [f"{han_numeral(int(value) // 10)}成"]
    return [*forms, *(["一半"] if value == 50 else [])]


_DENOMINATORS = {word: value for word, value in ORDINALS_EN.items() if value >= 3} | {"quarter": 4}


def _english_fraction(value: Fraction) -> list[str]:
    above, below = value.numerator, value.denominator
    forms: list[str] = ["half", "one-half"] if value == Fraction(1, 2) else []
    for name in sorted(word for word, number in _DENOMINATORS.items() if number == below):
        count = english_words(above)
        if above == 1:
            forms += [f"a {name}", f"one-{name}", f"one {name}"]
        elif count:
            forms += [f"{count}-{name}s", f"{count} {name}s"]
    if above == 1 and 2 < below <= 20:
        forms += [f"one in {english_words(below)}"]
    return [*forms, f"{above}/{below}", *_as_percent(value, "en")]


def _chinese_fraction(value: Fraction) -> list[str]:
    above, below = han_numeral(value.numerator), han_numeral(value.denominator)
    forms = ["一半", "半数"] if value == Fraction(1, 2) else []
    if above and below:
        forms += [f"{below}分之{above}"]
    return [*forms, f"{value.numerator}/{value.denominator}", *_as_percent(value, "zh")]


def _as_percent(value: Fraction, language: Language) -> list[str]:
    percent = value * 100
    if percent.denominator != 1 or percent > 100:
        return []
    return _english_percent(percent)[:2] if language == "en" else _chinese_percent(percent)


def _english_multiple(value: int) -> list[str]:
    names = {
        2: ["doubled", "double", "twice", "twofold"],
        3: ["tripled", "triple", "threefold"],
        4: ["quadrupled", "fourfold"],
    }
    return [*names.get(value, []), f"{english_words(value) or value} times", f"{value} times"]


def _times_han(value: int) -> list[str]:
    word = "两" if value == 2 else han_numeral(value)
    return [f"{value}倍", f"{word}倍"]


def _english_money(quantity: Quantity) -> list[str]:
    code = quantity.currencies[0]
    sign, word, _ = CURRENCIES[code]
    numbers = english_number(quantity.value)
    digits = [number for number in numbers if number[0].isdigit()]
    forms = [f"{sign}{number}" for number in digits] if sign else []
    if code == "USD" and "$" in quantity.text and "US" in quantity.text:
        forms += [f"US${number}" for number in digits]
    return [*forms, *(f"{number} {word}" for number in numbers)]


def _chinese_money(quantity: Quantity) -> list[str]:
    numbers = chinese_number(quantity.value)
    _, _, word = CURRENCIES[quantity.currencies[0]]
    return [number + word for number in numbers]


def _english_date(date: Date) -> list[str]:
    year, month, day = date
    forms: list[str] = []
    if month:
        name = MONTHS_EN[month - 1]
        short = name if len(name) <= 4 else ("Sept." if month == 9 else f"{name[:3]}.")
        if day:
            days = [f"{name} {day}", f"{day} {name}", f"{short} {day}", f"{name} {_nth(day)}"]
            if year:
                forms += [f"{name} {day}, {year}", f"{day} {name} {year}"]
            forms += days
        if year:
            forms += [f"{name} {year}"]
        forms += [name]
    elif day:
        forms += [f"the {_nth(day)}", _nth(day)]
    if year:
        forms += [str(year)]
    return forms


def _nth(day: int) -> str:
    return next(form for form in _english_ordinal(Fraction(day)) if form[0].isdigit())


def _chinese_date(date: Date) -> list[str]:
    year, month, day = date
    forms: list[str] = []
    if year and month and day:
        forms += [f"{year}年{month}月{day}日"]
    if month and day:
        forms += [f"{month}月{day}日"]
    if year and month:
        forms += [f"{year}年{month}月"]
    forms += [f"{year}年"] if year else []
    forms += [f"{month}月"] if month else []
    return [*forms, *([f"{day}日"] if day else [])]


def _chinese_decade(value: int) -> list[str]:
    within = f"{value % 100}年代" if value % 100 else ""
    if value < 100:
        return [within]
    century = value // 100 + 1
    long = f"{century}世纪{within}" if within else ""
    return [f"上世纪{within}" if century == 20 and within else long, long, within, f"{value}年代"]


def _english_time(quantity: Quantity) -> list[str]:
    hour, minute = (int(value) for value in quantity.values)
    clock = f"{hour}:{minute:02}"
    if not quantity.states_half:
        return [clock, *([f"{hour} o'clock"] if minute == 0 else [])]
    half = "p.m." if hour % 24 >= 12 else "a.m."
    twelve = hour % 12 or 12
    spoken = [f"{twelve} {half}"] if minute == 0 else []
    return [*spoken, f"{twelve}:{minute:02} {half}", clock]


_PARTS_OF_DAY = ((5, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def _chinese_time(quantity: Quantity) -> list[str]:
    hour, minute = (int(value) for value in quantity.values)
    clock, minutes = f"{hour}:{minute:02}", f"{minute}分" if minute else ""
    if not quantity.states_half:
        return [f"{hour}时{minutes}", f"{hour}点{minutes}", clock]
    part = next((name for until, name in _PARTS_OF_DAY if hour < until), "凌晨")
    twelve = hour % 12 or 12
    forms = [f"{part}{twelve}{mark}{minutes}" for mark in "时点"]
    return [*forms, f"{part}{twelve}:{minute:02}", f"{hour}时{minutes}", clock]


def _joined(quantity: Quantity, language: Language) -> list[str]:
    """A range or ratio from the forms of its ends, then the ends by themselves.

    A range whose ends share a unit says it once as well: ``10-15%``, ``5至10万元``.
    """
    left, right = quantity.parts
    lefts = [form for form in restatements(left, language) if form != quantity.text]
    rights = [form for form in restatements(right, language) if form != quantity.text]
    if quantity.kind == "ratio":
        joints = ["-", ":", "–"] if language == "en" else ["比", "-", ":"]
    else:
        joints = ["-", " to ", "–"] if language == "en" else ["至", "到", "-"]
    pairs = list(zip(_digital(lefts), _digital(rights), strict=False))
    forms = [_factored(a, joint, b) for (a, b), joint in product(pairs, joints)]
    forms += [f"{a}{joint}{b}" for (a, b), joint in product(pairs, joints)]
    return list(chain(dict.fromkeys(form for form in forms if form), lefts, rights))


def _digital(forms: list[str]) -> list[str]:
    return [form for form in forms if any(char.isdigit() for char in form)][:_RANGE_PARTS]


def _factored(left: str, joint: str, right: str) -> str:
    """``10%`` and ``15%`` as ``10-15%``; empty where the units differ or there is none."""
    head, tail = re.match(r"([\d,.]+)(\D*)$", left), re.match(r"([\d,.]+)(\D*)$", right)
    if head and tail and head[2] == tail[2] and head[2].strip():
        return f"{head[1]}{joint}{right}"
    return ""
