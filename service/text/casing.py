"""Normalises the case of English for a model: text in capitals, and text typed with caps lock
on.
"""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_SWAPPED: Final = re.compile(r"[a-z][A-Z]+(?:['’][A-Z]+)*")
_SMALL: Final = frozenset(
    "a an the of to in on at for by with from into over under and or but nor as if than that is "
    "are was were be been has have had will would can could not no its it he she they we you his "
    "her their our my your this these those after before until since while when who which whose "
    "where because between against about during without".split()
)
_INITIALS: Final = frozenset(
    "AI AIDS BBC CEO CFO CIA CNN COVID DNA EU FBI FIFA GDP HIV IAEA IMF IOC IPO LGBT MP NASA NATO "
    "NBA NGO NHS OECD OPEC PM PR SUV TV UAE UEFA UK UN UNESCO UNICEF US USA VAT VIP WTO".split()
)
_FEWEST: Final = 3
_MOSTLY: Final = 0.8


def readable(text: str) -> str:
    """Convert ``text`` to title case if it is all in capitals, or swap its case if it was typed
    with caps lock on. Otherwise it is unchanged. The length stays the same.
    """
    words = _WORD.findall(text)
    long = [word for word in words if len(word) > 1]
    if len(long) < _FEWEST:
        return text
    if sum(_SWAPPED.fullmatch(word) is not None for word in long) > _MOSTLY * len(long):
        return _WORD.sub(lambda word: word[0].swapcase(), text)
    if sum(word.isupper() for word in long) < _MOSTLY * len(long):
        return text
    return _WORD.sub(lambda word: _titled(word, first=not text[: word.start()].strip()), text)


def _titled(word: re.Match[str], *, first: bool) -> str:
    written = word[0]
    if not written.isupper() or written in _INITIALS or (len(written) == 1 and written != "A"):
        return written
    small = written.lower()
    return small if small in _SMALL and not first else written[0] + small[1:]
