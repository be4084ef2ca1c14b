"""Finds days of the week in English and Chinese text."""

from __future__ import annotations

import re
from collections.abc import Iterable

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""English names in lower case; the index is the number of the day."""

_HAN_DAYS = "一二三四五六日"
_HAN_WEEKDAY = re.compile(r"(?:周|星期|礼拜|週)([一二三四五六日天])(?![月年])(?!天(?!气|空))")


def weekdays_in(text: str) -> set[int]:
    """The numbers (Monday is 0) of the days that ``text`` names, in either language."""
    english = {at for at, day in enumerate(WEEKDAYS) if re.search(day, text, re.IGNORECASE)}
    chinese = {_HAN_DAYS.index(day.replace("天", "日")) for day in _HAN_WEEKDAY.findall(text)}
    return english | chinese


def chinese_weekdays(days: Iterable[int]) -> list[str]:
    """The Chinese names of ``days``: 周三 and 星期三 for 2."""
    return [week + _HAN_DAYS[day] for day in sorted(days) for week in ("周", "星期")]
