# ruff: noqa: E501 - tables of phrases, and CJK is counted double
"""Chinese times, ranks and expressions with their translations: data for
:mod:`service.translation.phrases`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Becomes = str | Callable[[re.Match[str]], str]
"""Returns the translation of a match; empty if it is not such a phrase."""

MONTHS = (
    "January February March April May June July August September October November December".split()
)
_HAN_DIGITS = {han: at for at, han in enumerate("零一二三四五六七八九")}
_WHICH_YEAR = {
    "前年": "the year before last",
    "去年": "last year",
    "今年": "this year",
    "明年": "next year",
    "后年": "the year after next",
}
_WHICH_MONTH = {
    "上月": "last month",
    "上个月": "last month",
    "本月": "this month",
    "下月": "next month",
    "下个月": "next month",
}
_NUMBER = r"\d{1,2}|十[一二三四五六七八九]?|[一二三]十[一二三四五六七八九]?|[一二三四五六七八九]"


def _value(han: str) -> int:
    """A number up to 99 in digits or Chinese numerals."""
    if han.isdigit():
        return int(han)
    tens, ten, units = han.rpartition("十")
    return (10 * _HAN_DIGITS.get(tens, 1) if ten else 0) + _HAN_DIGITS.get(units, 0)


def _nth(day: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{'th' if day in {11, 12, 13} else ending}"


def _month_of_year(found: re.Match[str]) -> str:
    month = _value(found["month"])
    if not 1 <= month <= len(MONTHS):
        return ""
    day = _value(found["day"]) if found["day"] else 0
    named = MONTHS[month - 1] + (f" {day}" if day else "")
    if found["year"] in ("前年", "后年"):
        return f"{named} of {_WHICH_YEAR[found['year']]}"
    return f"{named} {_WHICH_YEAR[found['year']]}"


_RANKS = {
    "前": "former",
    "原": "former",
    "代": "acting",
    "代理": "acting",
    "副": "deputy",
    "前副": "former deputy",
    "原副": "former deputy",
    "常务副": "executive deputy",
    "候任": "incoming",
    "名誉": "honorary",
}
_TITLES = {
    "省长": "governor",
    "市长": "mayor",
    "县长": "county head",
    "区长": "district head",
    "镇长": "town head",
    "局长": "bureau director",
    "厅长": "department director",
    "处长": "division head",
    "部长": "minister",
    "校长": "principal",
    "院长": "president",
    "馆长": "curator",
    "书记": "secretary",
    "主任": "director",
    "董事长": "chairman",
    "总经理": "general manager",
    "行长": "president",
    "主编": "editor-in-chief",
    "队长": "captain",
    "教练": "coach",
}


_STATES = {
    "开放": "open",
    "营业": "open",
    "关闭": "closed",
    "封闭": "closed",
    "停业": "closed",
    "闭馆": "closed",
    "休馆": "closed",
    "停课": "classes suspended",
    "停运": "suspended",
}
_WEEKDAYS = {
    f"{week}{han}": day
    for week in ("周", "星期")
    for han, day in zip(
        "一二三四五六日天",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Sunday".split(),
        strict=True,
    )
}


def _lasting(found: re.Match[str]) -> str:
    return f"{_STATES[found['state']]} until {_WEEKDAYS[found['day']]}"


def _ranked(found: re.Match[str]) -> str:
    title = _TITLES[found["title"]]
    if found["title"] == "行长" and _CENTRAL_BANK.search(found.string):
        title = "governor"
    if title in ("president", "chairman"):
        return f"{_RANKS[found['rank']].replace('deputy', 'vice')} {title}"
    return f"{_RANKS[found['rank']]} {title}"


_CENTRAL_BANK = re.compile("央行|人民银行|中央银行|储备银行|联储")


def _two_months(found: re.Match[str]) -> str:
    """四五月份: two months, not a quantity."""
    one, other = _HAN_DIGITS[found["one"]], _value(found["other"])
    return f"{MONTHS[one - 1]} and {MONTHS[other - 1]}" if other == one + 1 else ""


def _from_below(found: re.Match[str]) -> str:
    """倒数第三 and 倒数十位, in which 数十 is not a quantity."""
    number = _value(found["number"])
    if not found["ordinal"]:
        return f"bottom {number}"
    return f"{_nth(number)} from bottom" if number > 1 else "last"


_UNITS = {"年": "year", "个月": "month", "周": "week", "天": "day"}


def _ago(found: re.Match[str]) -> str:
    text = found["number"]
    number = int(text) if text.isdigit() else 2 if text == "两" else _value(text)
    if found["unit"] == "年" and number > _LONGEST_AGO:
        return ""  # 2016年前: before 2016
    return f"{number} {_UNITS[found['unit']]}{'s' if number > 1 else ''} ago"


_LONGEST_AGO = 1000


def _periodic(found: re.Match[str]) -> str:
    """环比: with the period before, which is as long as the one that the sentence speaks of."""
    text = found.string
    if re.search("季度|季", text):
        return "quarter on quarter"
    if re.search("[0-9一二三四五六七八九十当本]月", text):
        return "month on month"
    return "week on week" if re.search("[上本]周|一周|当周", text) else "from the previous period"


FROM_CHINESE: Final[tuple[tuple[str, Becomes], ...]] = (
    (rf"(?P<year>前年|去年|今年|明年|后年)(?P<month>{_NUMBER})月(?:份|(?P<day>{_NUMBER})[日号])?", _month_of_year),
    ("(?P<year>前年|后年)", lambda found: _WHICH_YEAR[found["year"]]),
    (rf"(?P<month>上个?月|本月|下个?月)(?P<day>{_NUMBER})[日号]", lambda found: f"the {_nth(_value(found['day']))} of {_WHICH_MONTH[found['month']]}"),
    (rf"(?P<state>{'|'.join(_STATES)})(?:直?到|直?至)(?P<day>{'|'.join(_WEEKDAYS)})", _lasting),
    (r"(?<![一二三四五六七八九十])(?P<one>[一二三四五六七八九])、?(?P<other>[二三四五六七八九十])月份?", _two_months),
    (rf"倒数(?P<ordinal>第?)(?P<number>{_NUMBER})(?:[名位](?!次))?", _from_below),
    ("三、?四名(?:决赛|争夺战|之争)", "third-place play-off"),
    ("环比", _periodic),
    (r"(?P<rings>\d{1,4}(?:\.\d)?)环", lambda found: f"{found['rings']} points"),
    (rf"近(?P<number>\d{{1,3}}|{_NUMBER}|两)(?P<unit>年|个月|天|周)(?:以)?[来内间]", lambda found: f"the past {_ago(found).removesuffix(' ago')}"),
    (rf"(?<![\d.第前近一二三四五六七八九十百千万])(?P<number>\d+|{_NUMBER}|两)(?P<unit>年|个月|天|周)(?:之|以)?前(?![后期])", _ago),
    ("去年同期", "the same period last year"),
    ("上年同期", "the same period a year earlier"),
    ("上月同期", "the same period last month"),
    ("(?:没有(?:一个)?人|没谁|无人)不(?:知道?|晓得?|清楚)", "everyone knows"),
    ("(?:没有(?:一个)?人|没谁|无人)不", "everyone"),
    ("不得不", "have to"),
    ("不无", "not without"),
    ("并非没有", "not without"),
    ("并非不", "not that … not"),
    ("未必", "not necessarily"),
    ("尚未|尚无|仍未", "not yet"),
    ("每亩", "per mu"),
    ("亩产", "yield per mu"),
    ("(?<![一-鿿])亩|(?<=[0-9万千百])亩", "mu"),
    (rf"(?<![部院目当此之以先眼日年月周天中草高平太])(?P<rank>{'|'.join(sorted(_RANKS, key=len, reverse=True))})(?P<title>{'|'.join(_TITLES)})(?![长会])", _ranked),
    ("原定", "originally scheduled"),
    ("(?<![模虚草])拟(?=于|将|在)", "plans to"),
)  # fmt: skip
