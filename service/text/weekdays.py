"""Days of the week in English and Chinese text. Pure; imports nothing of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""English names, lower case; a day's number is its place here."""

_HAN_DAYS = "一二三四五六日"
_HAN_WEEKDAY = re.compile(r"(?:周|星期|礼拜|週)([一二三四五六日天])(?![月年])(?!天(?!气|空))")


def weekdays_in(text: str) -> set[int]:
    """Numbers of the days (Monday 0) that ``text`` names, in either language."""
    english = {at for at, day in enumerate(WEEKDAYS) if re.search(day, text, re.IGNORECASE)}
    chinese = {_HAN_DAYS.index(day.replace("天", "日")) for day in _HAN_WEEKDAY.findall(text)}
    return english | chinese


def chinese_weekdays(days: Iterable[int]) -> list[str]:
    """What a Chinese brief calls the ``days``: 周三 and 星期三 for 2."""
    return [week + _HAN_DAYS[day] for day in sorted(days) for week in ("周", "星期")]
