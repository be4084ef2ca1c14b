"""Finds days in Chinese news without a month (20日) and completes them from the dateline.

A small model invents a month for them, or writes the day twice: June 20th, 23rd September 23rd.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from service.translation.chinese_phrases import MONTHS
from service.translation.phrases import Phrase

_DATELINE: Final = re.compile(
    r"(?:社|网|台|报)[^。！？\n]{1,24}?(?P<month>\d{1,2})月(?P<day>\d{1,2})日[^。！？\n，]{0,8}?(?:电|讯|消息)"
)
_WHERE: Final = 400
"""How many characters of an article are searched for its dateline."""
_BARE: Final = re.compile(
    r"(?<![\d月年第近每同多])(?<!\d[.:：])(?P<day>[12]?\d|3[01])日(?![均游内后前之元圆报龄本电期以间])"
)
_OF_A_MONTH: Final = re.compile(
    r"(?:\d|[一二三四五六七八九十上本下个])月(?:份)?(?:\d{1,2}日)?(?:[至到和及与、—~～-]|\d{1,2}日?[至到和及与、—~～-])*$"
)
"""A month before a day, be it with others between: 8月14日至20日."""
_WORDS: Final = frozenset({"May", "March"})
"""Months that are also other words."""
_NAMED_MONTH: Final = re.compile(
    rf"\b(?:{'|'.join(one for one in MONTHS if one not in _WORDS)}"
    r"|(?:May|March)(?= \d)|(?<=\d )(?:May|March)|(?<=(?:st|nd|rd|th|in|of) )(?:May|March))\b"
)
_WEEK: Final = 10
_LATE, _EARLY = 25, 7


class Dateline(msgspec.Struct, frozen=True):
    """The ``month`` and the ``day`` on which a report was sent."""

    month: int
    day: int

    def month_of(self, day: int) -> int | None:
        """The month of a ``day`` that a report names without one; None if it may be either."""
        if 0 <= self.day - day <= _WEEK:
            return self.month
        if day >= _LATE and self.day <= _EARLY:
            return self.month - 1 or len(MONTHS)
        return None


def find_dateline(article: str) -> Dateline | None:
    """The dateline of a Chinese ``article``, if it has one."""
    found = _DATELINE.search(article[:_WHERE])
    if not found or not 1 <= int(found["month"]) <= len(MONTHS):
        return None
    return Dateline(int(found["month"]), int(found["day"]))


def days(sentence: str, dateline: Dateline) -> Iterator[Phrase]:
    """The days of a Chinese ``sentence`` without their month, and their English dates."""
    for found in _bare(sentence):
        month = dateline.month_of(int(found["day"]))
        if month:
            yield Phrase(found[0], *found.span(), f"{MONTHS[month - 1]} {int(found['day'])}")


def invented_month(
    sentence: str, translation: str, dateline: Dateline | None
) -> re.Match[str] | None:
    """A month of an English ``translation`` that a Chinese ``sentence`` with a day, but no month,
    has not got, nor its dateline.
    """
    bare = list(_bare(sentence))
    if not bare or re.search("月", sentence):
        return None
    months = {dateline.month_of(int(one["day"])) for one in bare} if dateline else set()
    known = {MONTHS[month - 1] for month in months if month}
    return next((one for one in _NAMED_MONTH.finditer(translation) if one[0] not in known), None)


def _bare(sentence: str) -> Iterator[re.Match[str]]:
    for found in _BARE.finditer(sentence):
        if not _OF_A_MONTH.search(sentence, 0, found.start()):
            yield found
