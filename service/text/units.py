"""Units after numbers in both languages: *20 minutes* is 20分钟, never 20小时.

``measured_forms`` returns the forms of a text's numbers with units, number and unit as one item, so
that a brief can neither change the unit nor omit it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from service.text.cached import CachedText
from service.text.numbers import (
    Fact,
    Language,
    Quantity,
    find_quantities,
    licenses,
    readings,
    restatements,
)


class _Unit(msgspec.Struct, frozen=True):
    """A unit: how English and Chinese texts write it, and the forms that a brief may use."""

    english: str
    chinese: str
    print_english: tuple[str, ...]
    print_chinese: tuple[str, ...]


_AGE = _Unit(
    r"years?[ -]olds?|years? of age",
    r"周?岁",
    (" years old", "-year-old", "-year-olds"),
    ("岁",),
)
_UNITS = (
    _AGE,
    _Unit(r"seconds?|secs?\b", r"秒钟?", (" seconds", " second"), ("秒",)),
    _Unit(r"minutes?|mins?", r"分钟", (" minutes", " minute", "-minute"), ("分钟",)),
    _Unit(
        r"hours?|hrs?", r"个?(?:多)?小时|个?钟头", (" hours", " hour", "-hour"), ("小时", "个小时")
    ),
    _Unit(
        r"(?:working|business) days?|workdays?",
        r"个?工作日",
        (" working days", " working day"),
        ("个工作日",),
    ),
    _Unit(r"days?", r"天", (" days", " day", "-day"), ("天",)),
    _Unit(
        r"weeks?", r"周(?!年|岁)|个?星期|个?礼拜", (" weeks", " week", "-week"), ("周", "个星期")
    ),
    _Unit(r"months?", r"个月", (" months", " month", "-month"), ("个月",)),
    _Unit(
        r"years?(?! (?:his|her|their|my|your|older|younger|senior|junior)\b)",
        r"年(?:间|内|来|期)?",
        (" years", " year", "-year"),
        ("年",),
    ),
    _Unit(
        r"(?:square|sq) (?:kilomet(?:re|er)s?|km)|km2|km²",
        r"平方公里|平方千米",
        (" square kilometers", " square kilometres", " square km"),
        ("平方公里",),
    ),
    _Unit(
        r"(?:square|sq) (?:met(?:re|er)s?|m)|m2|m²",
        r"平方米",
        (" square meters", " square metres"),
        ("平方米",),
    ),
    _Unit(r"(?:square|sq) miles?", r"平方英里", (" square miles",), ("平方英里",)),
    _Unit(
        r"(?:square|sq) (?:feet|foot|ft)|sq\.? ft", r"平方英尺", (" square feet",), ("平方英尺",)
    ),
    _Unit(
        r"cubic (?:met(?:re|er)s?)|m3|m³",
        r"立方米",
        (" cubic meters", " cubic metres"),
        ("立方米",),
    ),
    _Unit(
        r"kilomet(?:re|er)s?|km",
        r"公里|千米",
        (" kilometers", " kilometres", " km", "-kilometer", "-kilometre", "-km"),
        ("公里",),
    ),
    _Unit(r"centimet(?:re|er)s?|cm", r"厘米|公分", (" centimeters", " cm"), ("厘米",)),
    _Unit(r"millimet(?:re|er)s?|mm", r"毫米", (" millimeters", " mm"), ("毫米",)),
    _Unit(r"nautical miles?", r"海里", (" nautical miles", " nautical mile"), ("海里",)),
    _Unit(r"met(?:re|er)s?", r"米", (" meters", " metres", "-meter", "-metre"), ("米",)),
    _Unit(r"miles?|mph", r"英里", (" miles", " mile", "-mile"), ("英里",)),
    _Unit(r"yards?|yds?\b", r"码", (" yards", "-yard"), ("码",)),
    _Unit(r"feet|foot|ft", r"英尺", (" feet", " foot", "-foot"), ("英尺",)),
    _Unit(r"inch(?:es)?", r"英寸", (" inches", " inch", "-inch"), ("英寸",)),
    _Unit(r"li\b", r"华?里(?![面边程弄约拉昂])", (" li",), ("里",)),
    _Unit(r"kilograms?|kilos?|kg", r"公斤|千克", (" kilograms", " kg", "-kg"), ("公斤", "千克")),
    _Unit(r"milligrams?|mg", r"毫克", (" milligrams", " mg"), ("毫克",)),
    _Unit(r"grams?|g(?=[\s.,;])", r"克(?![朗隆拉])", (" grams", " gram"), ("克",)),
    _Unit(r"ounces?|oz", r"盎司", (" ounces", "-ounce"), ("盎司",)),
    _Unit(r"pounds?|lbs?", r"磅", (" pounds", "-pound"), ("磅",)),
    _Unit(r"jin\b|catt(?:y|ies)", r"市?斤", (" jin",), ("斤",)),
    _Unit(r"tonnes?|tons?", r"吨", (" tons", " tonnes", " ton", "-ton"), ("吨",)),
    _Unit(r"barrels?", r"桶", (" barrels", "-barrel"), ("桶",)),
    _Unit(r"gallons?", r"加仑", (" gallons", "-gallon"), ("加仑",)),
    _Unit(r"lit(?:re|er)s?", r"公?升", (" liters", " litres", "-liter"), ("升",)),
    _Unit(r"hectares?", r"公顷", (" hectares", " hectare"), ("公顷",)),
    _Unit(r"acres?", r"英亩", (" acres", " acre"), ("英亩",)),
    _Unit(r"mu\b", r"市?亩", (" mu",), ("亩",)),
    _Unit(
        r"kilowatt[ -]hours?|kWh",
        r"千瓦时|度电",
        (" kilowatt-hours", " kWh"),
        ("千瓦时",),
    ),
    _Unit(r"kilowatts?|kW", r"千瓦(?!时)", (" kilowatts", " kW"), ("千瓦",)),
    _Unit(r"megawatts?|MW", r"兆瓦", (" megawatts", " MW"), ("兆瓦",)),
    _Unit(r"gigawatts?|GW", r"吉瓦", (" gigawatts", " GW"), ("吉瓦",)),
    _Unit(
        r"(?:degrees? |°\s?)(?:Celsius|centigrade|C\b)|℃",
        r"℃|°C|摄氏度",
        ("°C", " degrees Celsius"),
        ("℃", "°C", "摄氏度"),
    ),
    _Unit(
        r"(?:degrees? |°\s?)(?:Fahrenheit|F\b)|℉",
        r"℉|°F|华氏度",
        ("°F", " degrees Fahrenheit"),
        ("℉", "°F", "华氏度"),
    ),
)
_ENGLISH_UNITS = "|".join(f"(?P<u{at}>{unit.english})" for at, unit in enumerate(_UNITS))
_AHEAD: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"[\s-]*(?:(?:more|additional|further|full|straight|consecutive|successive) )?(?:"
        + _ENGLISH_UNITS
        + r")(?![A-Za-z])(?!-old)"
    ),
    "zh": re.compile(
        r"\s*(?:多|余)?\s*(?:"
        + "|".join(f"(?P<u{at}>{unit.chinese})" for at, unit in enumerate(_UNITS))
        + ")"
    ),
}
_YEARS = next(unit for unit in _UNITS if unit.print_chinese == ("年",))
_DECADES = re.compile(r"decades?$", re.IGNORECASE)
_FROM = re.compile(rf"\bfrom [\d.,]+[ -](?:{_ENGLISH_UNITS}) to $")
"""Phrases that leave the second unit out: from 38 minutes to 11."""
_AGED = re.compile(r"(?:\bage[ds]? |\bage of |享年|年仅|现年|时年)$", re.IGNORECASE)
_LOOK = 24
_COUNTS = ("cardinal", "range", "vague", "fraction")


def measured_forms(text: str, language: Language) -> tuple[list[str], frozenset[str]]:
    """The forms of the numbers with units of ``text`` for a brief in ``language``, and the forms
    without a unit that the text uses for nothing else, so that a brief does not need them.
    """
    items: dict[str, None] = {}
    bare: set[str] = set()
    free: set[str] = set()
    for quantity in find_quantities(text):
        forms = restatements(quantity, language)
        measure = _measure_of(text, quantity)
        if measure is None or measure.implied:
            free.update(forms)
        if measure is None:
            continue
        bare.update(forms)
        items.update(dict.fromkeys(_with_unit(forms, measure.unit, language)))
    return list(items), frozenset(bare - free)


def misjoined(brief: str, source: str | CachedText) -> list[str]:
    """The numbers of ``brief`` whose unit differs from that in ``source``: 58天 for 58 deaths.
    Numbers that the source lacks are not reported here.
    """
    if isinstance(source, CachedText):
        licensed = source.get(_licensed_by_unit)
    else:
        licensed = _licensed_by_unit(source)
    strange: list[str] = []
    for quantity in find_quantities(brief):
        measure = _measure_of(brief, quantity) if quantity.kind == "cardinal" else None
        if measure and readings(quantity).isdisjoint(licensed.get(measure.unit, ())):
            strange.append(brief[quantity.start : measure.end])
    return strange


@lru_cache(maxsize=32)
def _licensed_by_unit(source: str) -> dict[_Unit, set[Fact]]:
    licensed: dict[_Unit, set[Fact]] = {}
    for quantity in find_quantities(source):
        if measure := _measure_of(source, quantity):
            licensed.setdefault(measure.unit, set()).update(licenses(quantity))
    return licensed


def unit_of(text: str, quantity: Quantity) -> str | None:
    """The name of the unit after ``quantity`` in ``text``, which is the same for both languages;
    None if there is none. An amount of money has a currency and no unit.
    """
    measure = _measure_of(text, quantity)
    return measure.unit.print_chinese[0] if measure and not measure.implied else None


class _Measure(msgspec.Struct, frozen=True):
    """A number's unit, and its end in the text. It is ``implied`` if it is not written."""

    unit: _Unit
    end: int
    implied: bool = False


def _measure_of(text: str, quantity: Quantity) -> _Measure | None:
    if quantity.kind not in _COUNTS:
        return None
    ahead = text[quantity.end : quantity.end + _LOOK]
    for pattern in _AHEAD.values():
        if match := pattern.match(ahead):
            return _Measure(_unit_in(match), quantity.end + match.end())
    if _DECADES.search(quantity.text):
        return _Measure(_YEARS, quantity.end, implied=True)
    before = text[max(0, quantity.start - _LOOK) : quantity.start]
    aside = before.endswith(", ") and ahead.startswith((",", "."))  # "Ana Ruiz, 52, said"
    if quantity.kind == "cardinal" and (aside or _AGED.search(before)):
        return _Measure(_AGE, quantity.end, implied=True)
    if quantity.kind == "cardinal" and (match := _FROM.search(before)):
        return _Measure(_unit_in(match), quantity.end, implied=True)
    return None


def _unit_in(match: re.Match[str]) -> _Unit:
    found = next(name for name, value in match.groupdict().items() if value)
    return _UNITS[int(found[1:])]


def _with_unit(forms: tuple[str, ...], unit: _Unit, language: Language) -> Iterator[str]:
    units = unit.print_english if language == "en" else unit.print_chinese
    for form in forms:
        if not _DECADES.search(form):
            yield from (form + name for name in units)
