"""Converts Chinese to the vocabulary of Taiwan and Hong Kong (軟體, 網路, 品質).

:func:`service.text.scripts.convert` changes only characters, which is right for quotations.
:func:`localize` also changes words, which is right for machine translations. OpenCC's phrase tables
(``s2twp``) are made for software manuals and turn 发布会 into 釋出會 and 研究对象 into 研究物件, so
the service has its own table. It contains unambiguous words, and rows that prevent false matches:
多数组织 does not contain 数组.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from service.text.scripts import Variant, convert, is_traditional

_TABLE: Final = Path(__file__).with_name("regional_words.tsv")
_COLUMNS: Final[dict[Variant, int]] = {"zh-TW": 1, "zh-HK": 2}


def localize(text: str, to: Variant) -> str:
    """Write Chinese ``text`` in the variant ``to``, with the vocabulary of its region if it has
    one. Text that is already Traditional keeps its words.

    Raises:
        ValueError: ``to`` is no known variant.
    """
    if to not in _COLUMNS or is_traditional(text):
        return convert(text, to)
    words, pattern = _words(to)
    parts = pattern.split(text)
    return "".join(words[part] if at % 2 else convert(part, to) for at, part in enumerate(parts))


@cache
def _words(to: Variant) -> tuple[dict[str, str], re.Pattern[str]]:
    """Return the words of a region, and a pattern that matches the longest first."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    words = {row[0]: row[_COLUMNS[to]] for row in rows if row[_COLUMNS[to]]}
    longest_first = sorted(words, key=len, reverse=True)
    return words, re.compile(f"({'|'.join(map(re.escape, longest_first))})")
