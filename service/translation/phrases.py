# ruff: noqa: E501 - tables of phrases, and CJK is counted double
"""Quantities, times and expressions that a small model often translates wrongly, with translations.

They are given to the model beside the names, as hints that it need not follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from service.languages import Language
from service.text.numbers import Quantity, find_quantities, restatements
from service.translation.chinese_phrases import FROM_CHINESE, MONTHS, Becomes

Pair = tuple[str, str]
"""A source expression and its translation."""


class Phrase(msgspec.Struct, frozen=True):
    """``source``, from ``start`` up to ``end`` of a sentence, and its translation ``target``."""

    source: str
    start: int
    end: int
    target: str


# ------------------------------------------------------------------ from Chinese

_CHINESE_BOUND: Final[Mapping[str, str]] = {
    "近": "nearly",
    "将近": "nearly",
    "接近": "nearly",
    "逾": "more than",
    "超": "more than",
    "超过": "more than",
    "约": "about",
    "大约": "about",
    "至少": "at least",
    "不到": "less than",
    "不足": "less than",
    "最多": "at most",
}
_HAN_NUMERAL: Final = re.compile("[零一二三四五六七八九十百千万亿两数几余多近上]")
_AND_MORE: Final = re.compile("(?<!^)[余多](?:[万亿]?元?)$|^上|十几[万亿]?$|^过半")
_NO_QUANTITY: Final = re.compile(
    "半|世纪|届|号|路|街|中学|小学|国集团|夜|[月日]|家子|里[铺店河沟]|道沟"
)
"""If one of these follows, the numeral is part of something else; also 两成半, whose half is not
recognised."""
_COUNTED_OFF: Final = re.compile("[一二三四五六七八九]{3,}")
"""A list of grades: three, four and five."""
_GROWS: Final = re.compile("(?:增长|增加|上涨|上升|提高|扩大|提升)了?$")
_SO_MANY_TIMES: Final = re.compile(r"\d+倍")
_PARTS: Final = frozenset({"percent", "fraction", "discount", "multiple", "points"})
_BEFORE_CHINESE: Final = re.compile(f"({'|'.join(sorted(_CHINESE_BOUND, key=len, reverse=True))})$")

# ------------------------------------------------------------------ from English

_DAYS = {
    "monday": "周一",
    "tuesday": "周二",
    "wednesday": "周三",
    "thursday": "周四",
    "friday": "周五",
    "saturday": "周六",
    "sunday": "周日",
    "tomorrow": "明天",
    "midnight": "午夜",
    "noon": "中午",
}
_DAY = "|".join(_DAYS)
_HOURS = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap])\.?m\b\.?"
_EVENING, _NIGHT = 5, 12
_COUNTS = {"one": "一", "two": "两", "three": "三", "four": "四", "five": "五", "six": "六"}
_PARTS_OF_DAY = {"morning": "上午", "afternoon": "下午", "evening": "傍晚", "night": "晚上"}
_MORE = {"higher": "高", "lower": "低", "more": "多", "less": "少", "fewer": "少"}


def _clock(found: re.Match[str]) -> str:
    hour = int(found["hour"])
    if found["half"].lower() == "a":
        part = "上午" if hour > _EVENING else "凌晨"
    else:
        part = "晚上" if _EVENING < hour < _NIGHT else "下午"
    minute = int(found["minute"] or 0)
    return f"{part}{hour}点" + (f"{minute}分" if minute else "")


def _day(found: re.Match[str]) -> str:
    return _DAYS[found["day"].lower()]


def _twelve(found: re.Match[str]) -> str:
    """The twelfth hour, which is 0 in the morning: 12:15 a.m. is 凌晨0时15分."""
    part = "凌晨0" if found["half"].lower() == "a" else "中午12"
    return f"{part}时" + (f"{int(found['minute'])}分" if found["minute"] else "")


def _dated_day(found: re.Match[str]) -> str:
    year = f"{found['year']}年" if found["year"] else ""
    return f"{year}{_date(found)}（{_day(found)}）"


_MONTH = rf"(?P<month>Sept|{'|'.join(f'{one[:3]}(?:{one[3:]})?' for one in MONTHS)})\b\.?"
_DATE = r"(?P<date>\d{1,2})(?:st|nd|rd|th)?"
_PARTS_OF_MONTH = {"end": "底", "beginning": "初", "start": "初", "middle": "中旬"}
_OF_MONTH = _MONTH.removesuffix(r"\.?")
_PART_OF_MONTH = rf"the (?P<part>{'|'.join(_PARTS_OF_MONTH)}) of {_OF_MONTH}"


def _month_of(name: str) -> str:
    return f"{1 + next(at for at, one in enumerate(MONTHS) if one[:3] == name[:3].capitalize())}月"


def _part_of_month(found: re.Match[str]) -> str:
    return _month_of(found["month"]) + _PARTS_OF_MONTH[found["part"].lower()]


def _date(found: re.Match[str]) -> str:
    return f"{_month_of(found['month'])}{int(found['date'])}日"


_WEEKDAY = "|".join(day for day in _DAYS if day.endswith("day"))
_FROM_ENGLISH: Final[tuple[tuple[str, Becomes], ...]] = (
    (rf"(?:(?:remain|stay)(?:s|ed)? )?closed (?:until|till|through) (?P<day>{_DAY})", lambda found: f"关闭至{_day(found)}"),
    (rf"(?:not|[a-z]+n['’]t) (?:be )?(?:[a-z]+ )?(?:[a-z]+ )?until (?P<day>{_DAY})", lambda found: f"要到{_day(found)}才"),
    (rf"(?:until|till) (?P<day>{_DAY})", lambda found: f"直到{_day(found)}"),
    (rf"(?:until|till) {_PART_OF_MONTH}", lambda found: f"直到{_part_of_month(found)}"),
    (rf"(?:until|till) (?:{_MONTH} {_DATE}\b)", lambda found: f"直到{_date(found)}"),
    (rf"(?:until|till) (?:{_DATE} (?:of )?{_OF_MONTH})", lambda found: f"直到{_date(found)}"),
    (rf"(?:remains? |stays? )?open (?:until|till) {_HOURS}", lambda found: f"开放到{_clock(found)}"),
    (rf"(?:remains? |stays? )?closed (?:until|till) {_HOURS}", lambda found: f"关闭到{_clock(found)}"),
    (rf"(?:until|till) {_HOURS}", lambda found: f"到{_clock(found)}为止"),
    (r"(?P<one>\d+) and (?P<other>\d+) years old,? respectively", lambda found: f"分别为{found['one']}岁和{found['other']}岁"),
    (rf"(?:on |late (?:on )?)?(?P<day>{_DAY}) (?P<part>morning|afternoon|evening|night)", lambda found: f"{_day(found)}{_PARTS_OF_DAY[found['part'].lower()]}"),
    (rf"(?P<day>{_WEEKDAY}),? (?:the )?{_DATE} (?:of )?{_MONTH}(?:,? (?P<year>(?:19|20)\d\d))?(?!\d)", _dated_day),
    (rf"(?P<day>{_WEEKDAY}),? {_MONTH} {_DATE}(?:,? (?P<year>(?:19|20)\d\d))?(?!\d)", _dated_day),
    (r"12(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap])(?:\.m\.|m\b)", _twelve),
    ("hello,? world", "你好，世界"),
    ("see you (?:all )?(?:soon|later)", "回头见"),
    (rf"see you (?:all )?(?:on )?(?P<day>tomorrow|{_WEEKDAY})", lambda found: f"{_day(found)}见"),
    ("see you (?:all )?(?:there|then)", "到时候见"),
    ("respectively", "分别"),
    ("(?P<one>[0-9.]+) ?(?:percent|per cent|%) (?P<more>higher|lower|more|less|fewer)", lambda found: f"{_MORE[found['more'].lower()]}{found['one']}%"),
    (rf"all but (?P<many>{'|'.join(_COUNTS)}) of", lambda found: f"除{_COUNTS[found['many'].lower()]}人外全部"),
    ("(?<=[a-z], )squash(?=,| and )|^squash(?=, )|squash (?=player|court|championship|tournament)", "壁球"),
    ("same-store sales", "同店销售额"),
    ("the year before last", "前年"),
    ("year[ -]on[ -]year", "同比"),
)  # fmt: skip
_UP_OR_DOWN: Final = re.compile(r"\b(up|down) from (?:about |nearly |around )?$", re.IGNORECASE)
_NOT_HINTED: Final = frozenset({"date", "time", "code", "ordinal", "decade", "ratio"})
_ONE_CHARACTER = 1


def phrases(text: str, target: Language) -> list[Phrase]:
    """The phrases of ``text``, a sentence (Chinese in Simplified characters), in order and without
    overlaps. Takes less than a millisecond.
    """
    found = [*_matches(text, target), *_quantities(text, target)]
    kept: list[Phrase] = []
    for one in found:
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _matches(text: str, target: Language) -> Iterator[Phrase]:
    table = _COMPILED["en" if target == "zh" else "zh"]
    for pattern, becomes in table:
        for found in pattern.finditer(text):
            form = becomes if isinstance(becomes, str) else becomes(found)
            if form:
                yield Phrase(found[0], *found.span(), form)


def _compiled(
    table: tuple[tuple[str, Becomes], ...], *, words: bool
) -> tuple[tuple[re.Pattern[str], Becomes], ...]:
    edge = r"\b" if words else ""
    return tuple(
        (re.compile(rf"{edge}(?:{source})", re.IGNORECASE), becomes) for source, becomes in table
    )


_COMPILED: Final[dict[Language, tuple[tuple[re.Pattern[str], Becomes], ...]]] = {
    "zh": _compiled(FROM_CHINESE, words=False),
    "en": _compiled(_FROM_ENGLISH, words=True),
}


def _quantities(text: str, target: Language) -> Iterator[Phrase]:
    """Quantities in words, and those with a bound or a comparison. Other quantities in digits are
    left to the grammar.
    """
    for one in find_quantities(text):
        forms = restatements(one, target)
        if forms and one.kind not in _NOT_HINTED:
            yield from (_from_chinese if target == "en" else _from_english)(text, one, forms)


def _from_chinese(text: str, one: Quantity, forms: tuple[str, ...]) -> Iterator[Phrase]:
    form, start, end = _english_form(one, forms), one.start, one.end
    before, after = text[max(0, start - 4) : start], text[end : end + 2]
    if _NO_QUANTITY.match(text, end) or _COUNTED_OFF.fullmatch(one.text):
        return
    if one.kind == "multiple" and one.text[0] != "翻":
        grows = _GROWS.search(before)
        if not grows:
            return
        start -= len(before) - grows.start()
    bound = _BEFORE_CHINESE.search(before)
    if bound:
        form, start = f"{_CHINESE_BOUND[bound[1]]} {form}", start - len(bound[1])
    elif after == "以上":
        form, end = f"more than {form}", end + len(after)
    elif after[:1] == "来":
        form, end = f"about {form}", end + 1
    elif _AND_MORE.search(one.text) and one.kind != "range":
        form = f"more than {form}"
    elif one.text[0] == "近":
        form = f"nearly {form}"
    in_words = len(_HAN_NUMERAL.findall(one.text)) > _ONE_CHARACTER or one.kind in _PARTS
    bounded = (start, end) != (one.start, one.end) or form.startswith(("more than", "nearly"))
    if bounded or (in_words and not one.text[0].isdigit()):
        yield Phrase(text[start:end], start, end, form)


def _english_form(one: Quantity, forms: tuple[str, ...]) -> str:
    if one.kind == "range":
        either = [each for each in forms if " or " in each]
        return [*either, *(each for each in forms if " to " in each), forms[0]][0]
    if one.kind == "vague" and one.bound == "over":
        return next((each for each in forms if each[0].isdigit()), forms[0])
    return forms[0]


def _from_english(text: str, one: Quantity, forms: tuple[str, ...]) -> Iterator[Phrase]:
    compared = _UP_OR_DOWN.search(text, max(0, one.start - 24), one.start)
    if compared and one.kind != "range":
        word = "高于" if compared[1].lower() == "up" else "低于"
        start = compared.start()
        yield Phrase(text[start : one.end], start, one.end, word + forms[0])
    elif one.text[0].isalpha() and (" " in one.text or one.kind == "vague"):
        form = _chinese_form(one, forms)
        if form and not text.startswith(" or so", one.end):
            yield Phrase(one.text, one.start, one.end, form)


def _chinese_form(one: Quantity, forms: tuple[str, ...]) -> str:
    """The form that fits a sentence; empty if that is not certain."""
    if one.text.lower().startswith("couple of"):
        return ""
    if one.text.lower() == "decades":
        return "数十年"
    if one.kind == "multiple":
        return next((each for each in forms if _SO_MANY_TIMES.fullmatch(each)), "")
    if one.kind == "cardinal" and "and a half" in one.text:
        return next((each for each in forms if each[1] == "年" and " year " in one.text), "")
    return forms[0]
