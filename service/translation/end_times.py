"""Repair Chinese translations that say *opens at 9 p.m.* for *open until 9 p.m.*

A small model writes 晚上9点开放 in every draft, even if the prompt suggests 开放到晚上9点.
"""

from __future__ import annotations

import re
from typing import Final

from service.text.consistency.times import lost_end

_UNTIL: Final = re.compile(
    r"\b(?P<state>open|closed|shut)(?: to [a-z ]{1,30}?)? (?:until|till|through) "
    r"(?:(?P<hour>1?\d)(?:[:.]\d\d)? ?[ap]\.?m|"
    r"(?P<day>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day))\b",
    re.IGNORECASE,
)
_DAYS: Final = dict(zip("mon tue wed thu fri sat sun".split(), "一二三四五六日", strict=True))
_OPEN: Final = "开放|开门|营业"
_CLOSED: Final = "关闭|关门|封闭|停业|闭馆|休馆"
_WEEKDAY: Final = "(?:每?(?:周|星期)[一二三四五六日天]的?)?"
_CLOCK: Final = "(?:凌晨|早上|上午|中午|下午|傍晚|晚上|夜间|晚)?{hour}[点时](?:整|半|[0-9]+分)?"
_HAN_HOURS: Final = "一 二 三 四 五 六 七 八 九 十 十一 十二".split()


def restore_end_time(text: str, source: str) -> str:
    """Move the time behind the verb in the Chinese ``text``, a translation of ``source``:
    从周四晚上9点开放 becomes 周四开放至晚上9点. A text that already states an end is unchanged.
    """
    found = _UNTIL.search(source)
    if not found or not lost_end(source, text):
        return text
    states = _OPEN if found["state"].lower() == "open" else _CLOSED
    before = _WEEKDAY if found["hour"] else ""
    when = _clock(int(found["hour"])) if found["hour"] else _day(found["day"])
    pattern = (
        rf"(?P<will>将?)[从自于在]?(?P<before>{before})(?P<when>{when})(?:起|开始)?"
        rf"(?P<also>将?会?)(?P<state>{states})"
    )
    return re.sub(pattern, r"\g<before>\g<will>\g<also>\g<state>至\g<when>", text, count=1)


def _day(name: str) -> str:
    """Pattern of a day of the week in Chinese."""
    return f"(?:周|星期){_DAYS[name[:3].lower()]}".replace("日", "[日天]")


def _clock(hour: int) -> str:
    """Pattern of an hour in Chinese: digits of a 12- or 24-hour clock, or Chinese numerals."""
    numeral = _HAN_HOURS[(hour - 1) % len(_HAN_HOURS)]
    return _CLOCK.format(hour=f"(?<![0-9十])(?:{hour}|{hour + 12}|{numeral})")
