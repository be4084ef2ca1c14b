# ruff: noqa: PLR0911 - one flat match over the kinds for each language
"""Exact restatements: the forms that a brief may use for a number of its source."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, product

import regex as re

from service.text.numbers.currencies import CURRENCIES, SHARED_NAMES
from service.text.numbers.lexicon import (
    MONTHS_EN,
    ORDINALS_EN,
    SCALES_EN,
    VAGUE_EN,
    VAGUE_HAN,
)
from service.text.numbers.model import Date, Language, Quantity
from service.text.numbers.numerals import decimals, english_words, grouped, han_numeral
from service.text.numbers.share_forms import (
    discount_forms,
    fraction_forms,
    multiple_forms,
    percent_forms,
    points_forms,
)

_HAN = re.compile(r"[\u3400-\u9fff〇％、。，]")
_LATIN_WORD = re.compile(r"[a-z]|[A-Z]{2}")
_RANGE_PARTS = 2
"""How many forms of each end are combined into ranges."""


def restatements(quantity: Quantity, language: Language) -> tuple[str, ...]:
    """All exact forms of ``quantity`` in ``language``, the most natural first.

    Nothing is rounded and no unit is dropped: money keeps its currency, 585万 its scale. A full
    date also yields its parts (the month and day, the year); missing parts are never guessed.
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
            numbers = _not_grouped_year(quantity, english_number(quantity.value))
            return [*numbers, *_bounded_english(quantity), *_halves(quantity, "en")]
        case "ordinal":
            return _english_ordinal(quantity.value)
        case "percent" | "points" | "fraction" | "multiple" | "discount":
            return _of_a_whole(quantity, "en")
        case "money":
            return _english_money(quantity)
        case "vague":
            return _vague(quantity, "en")
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
            years = [f"{year}年" for year in _years(quantity)]
            return [*numbers, *years, *_bounded_han(quantity), *_halves(quantity, "zh")]
        case "ordinal":
            place = int(quantity.value)
            return [f"第{han_numeral(place) or place}", f"第{place}"]
        case "percent" | "points" | "fraction" | "multiple" | "discount":
            return _of_a_whole(quantity, "zh")
        case "money":
            return _chinese_money(quantity)
        case "vague":
            return _vague(quantity, "zh")
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


def _of_a_whole(quantity: Quantity, language: Language) -> list[str]:
    match quantity.kind:
        case "percent":
            return percent_forms(quantity.value, language)
        case "points":
            return points_forms(quantity.value, language)
        case "fraction":
            return fraction_forms(quantity, language)
        case "multiple":
            return multiple_forms(quantity.value, language)
        case _:
            return discount_forms(quantity.value, language)


def _vague(quantity: Quantity, language: Language) -> list[str]:
    """*hundreds*, 数百; also *a hundred* if the text says a hundred or more, 上百."""
    names = VAGUE_EN if language == "en" else VAGUE_HAN
    exact = [value for kind, *(value, *_) in quantity.also if kind == "number"]
    numbers = english_number if language == "en" else chinese_number
    forms = [form for value in exact for form in numbers(Fraction(str(value)))]
    if language == "en" and quantity.bound:
        forms += _bounded_english(quantity)
    return [*names.get(int(quantity.value), ()), *forms]


def _bounded_english(quantity: Quantity) -> list[str]:
    """*a dozen* for 十余, *a hundred* for 近百."""
    scales = {10: ["a dozen"], 100: ["a hundred"], 1000: ["a thousand"], 10**6: ["a million"]}
    return scales.get(int(quantity.value), []) if quantity.bound else []


def _bounded_han(quantity: Quantity) -> list[str]:
    """近百 for *nearly a hundred*, 百余 for *more than a hundred*, 十几 for *a dozen*."""
    whole = int(quantity.value)
    if ("vague", Fraction(10)) in quantity.also and whole == 12:
        return ["十几", "十余", "十多"]
    scale = (han_numeral(whole) or "")[-1:] if whole in {10, 100, 1000, 10**4, 10**8} else ""
    if not scale or not quantity.bound:
        return []
    return (
        [f"近{scale}"] if quantity.bound == "under" else [f"{scale}余", f"{scale}多", f"上{scale}"]
    )


def _halves(quantity: Quantity, language: Language) -> list[str]:
    """One and a half, 一年半, for 1.5."""
    whole, rest = divmod(quantity.value, 1)
    if rest != Fraction(1, 2) or not 0 < whole <= 20:
        return []
    if language == "zh":
        han = "两" if whole == 2 else han_numeral(int(whole))
        months = ["18个月"] if ("number", Fraction(18)) in quantity.also else []
        return [f"{han}{unit}半" for unit in ("个", "年", "天")] + months
    forms = [f"{english_words(int(whole))} and a half"]
    if quantity.text.endswith("年半") and whole == 1:
        forms += ["a year and a half", "18 months", "eighteen months"]
    return forms


def _years(quantity: Quantity) -> list[int]:
    """The year that a bare number may mean; only four digits and ``22年`` may."""
    return [int(str(fact[1])) for fact in quantity.also if fact[0] == "date" and fact[1]]


def _not_grouped_year(quantity: Quantity, forms: list[str]) -> list[str]:
    return [form for form in forms if not _years(quantity) or "," not in form]


def _scaled(value: Fraction, scale: int, places: int) -> str | None:
    """``value`` in units of ``scale`` with at most ``places`` decimals; None if that is not
    exact.
    """
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
        forms = [*forms, "dozen", "a dozen"]
    elif whole in {24, 36}:
        forms = [*forms, f"{english_words(whole // 12)} dozen"]
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


def _english_money(quantity: Quantity) -> list[str]:
    code = quantity.currencies[0]
    sign, word, _ = CURRENCIES[code]
    word = SHARED_NAMES.get(quantity.currencies, (word, ""))[0]
    numbers = english_number(quantity.value)
    digits = [number for number in numbers if number[0].isdigit()]
    forms = [f"{sign}{number}" for number in digits] if sign else []
    if code == "USD" and "$" in quantity.text and "US" in quantity.text:
        forms += [f"US${number}" for number in digits]
    return [*forms, *(f"{number} {word}" for number in numbers)]


def _chinese_money(quantity: Quantity) -> list[str]:
    numbers = chinese_number(quantity.value)
    _, _, word = CURRENCIES[quantity.currencies[0]]
    word = SHARED_NAMES.get(quantity.currencies, ("", word))[1]
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
    if minute == 0 and twelve == 12:
        spoken += ["noon", "midday"] if hour == 12 else ["midnight"]
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
    if minute == 0 and twelve == 12:
        forms += ["中午"] if hour == 12 else ["午夜"]
    return [*forms, f"{part}{twelve}:{minute:02}", f"{hour}时{minutes}", clock]


def _joined(quantity: Quantity, language: Language) -> list[str]:
    """The forms of a range or ratio, followed by those of its ends.

    If both ends have the same unit, there is also a form that states it once: ``10-15%``,
    ``5至10万元``.
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
    forms += _neighbours(left, right, language)
    return list(chain(dict.fromkeys(form for form in forms if form), lefts, rights))


def _neighbours(left: Quantity, right: Quantity, language: Language) -> list[str]:
    """*two or three hundred*, 两三百."""
    if left.kind != "cardinal" or right.kind != "cardinal" or not left.values or not right.values:
        return []
    low, high = left.value, right.value
    scale = next((s for s in (10**8, 10**4, 1000, 100, 10, 1) if low % s == high % s == 0), 0)
    if not scale or not 0 < low / scale < 9 or high / scale != low / scale + 1:
        return []
    first, second = int(low / scale), int(high / scale)
    if language == "zh":
        tail = (han_numeral(scale) or "")[-1:] if scale > 1 else ""
        return [f"{'两' if first == 2 else han_numeral(first)}{han_numeral(second)}{tail}"]
    either = f"{int(low)} or {int(high)}"
    if scale == 10:
        return [either, f"{english_words(int(low))} or {english_words(int(high))}"]
    names = {1: "", 100: " hundred", 1000: " thousand"}
    if scale not in names:
        return []
    words = [f"{english_words(first)} {joint} {english_words(second)}" for joint in ("or", "to")]
    return [*(f"{pair}{names[scale]}" for pair in words), either]


def _digital(forms: list[str]) -> list[str]:
    return [form for form in forms if any(char.isdigit() for char in form)][:_RANGE_PARTS]


def _factored(left: str, joint: str, right: str) -> str:
    """``10%`` and ``15%`` as ``10-15%``; empty if the units differ or there is none."""
    head, tail = re.match(r"([\d,.]+)(\D*)$", left), re.match(r"([\d,.]+)(\D*)$", right)
    if head and tail and head[2] == tail[2] and head[2].strip():
        return f"{head[1]}{joint}{right}"
    return ""
