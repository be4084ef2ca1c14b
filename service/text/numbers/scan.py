# ruff: noqa: E501 - patterns stay whole, rules read top to bottom
"""Finds every number of a text, from left to right, in linear time.

The text is first normalised character by character (full-width and Traditional forms), so that
offsets stay those of the original. At each place where a number may begin, the rules are tried in
order; the first that answers takes the place. Neighbours joined by "-", "to", 至 … then become
one range.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

import msgspec
import regex as re

from service.text.numbers.counts import (
    BLOB,
    HALVES_OF_A_WHOLE,
    RUN,
    read_english_ordinal,
    read_english_share,
    read_english_vague,
    read_han_vague,
    read_lone_scale,
    read_mail,
    read_multiple,
    read_number,
    read_ordinal,
    read_phone_code,
    read_share,
    read_term,
    read_web_code,
)
from service.text.numbers.dates import (
    read_decade,
    read_english_date,
    read_han_date,
    read_iso_date,
    read_named_time,
    read_spoken_time,
    read_time,
)
from service.text.numbers.model import Quantity, Term
from service.text.numbers.patterns import HAN, Found, Rule, common_words, normalise
from service.text.numbers.ranges import join_ranges

_HAN_RULES: tuple[Rule, ...] = (
    read_phone_code, read_iso_date, read_english_date, read_decade, read_han_date, read_time, read_spoken_time, read_share, read_english_share,
    read_ordinal, read_han_vague, read_multiple, read_term, read_number,
)  # fmt: skip
_WORD_RULES: tuple[Rule, ...] = (
    read_web_code, read_mail, read_english_date, read_english_share, read_english_ordinal, read_english_vague, read_lone_scale, read_multiple, read_named_time, read_spoken_time, read_term, read_number,
)  # fmt: skip

_RULES_OF: dict[str, tuple[Rule, ...]] = {
    **dict.fromkeys("半超", (read_english_share,)),
    **dict.fromkeys("过", (read_english_share,)),
    **dict.fromkeys("数几成近", (read_han_vague,)),
    "上": (read_decade, read_time, read_han_vague),
    **dict.fromkeys("凌清早中午下傍晚深夜", (read_time,)),
    **dict.fromkeys("翻增", (read_multiple,)),
    **dict.fromkeys("$£€¥₹₩人", (read_number,)),
    "第": (read_ordinal,),
    "本": (read_decade,),
}
"""Characters that open few kinds of number, and the rules for those."""

_START = re.compile(
    r"(?<![A-Za-z])[A-Za-z]|[\d零〇一二两三四五六七八九十百千万亿第数几成上半过超近翻初另周星礼每负"
    r"凌清早中午下傍晚深夜人增本½⅓⅔¼¾⅕⅛$£€¥₹₩+(#'\-–‑]"
)
_WORD = re.compile(r"[A-Za-z]++")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)[一二三四五六](?![次个年])|初[一二三四五六七八九十]")


@lru_cache(maxsize=32)
def scan(text: str) -> tuple[Found, ...]:
    """Quantities and terms of ``text`` in order, ranges joined.

    An article is asked for again with every part that is noted and every draft that is reviewed.
    """
    norm = normalise(text)
    masked = common_words(norm)
    starts = [start for start, _ in masked]
    found: list[Found] = []
    at = 0
    while match := _START.search(norm, at):
        at = match.start()
        index = bisect_right(starts, at) - 1
        if index >= 0 and at < masked[index][1]:
            at = masked[index][1]
            continue
        skip = _WEEKDAY.match(norm, at) or HALVES_OF_A_WHOLE.match(norm, at)
        if skip and not (at and norm[at - 1] in "一每两"):
            at = skip.end()
            continue
        if blob := BLOB.match(norm, at):
            found.append(Term(text=text[at : blob.end()], start=at, end=blob.end()))
            at = blob.end()
            continue
        item = _first(norm, at)
        if item is None or item.end <= at:
            word = _WORD.match(norm, at)
            run = RUN.match(norm, at) if norm[at] in HAN else None
            at = word.end() if word else at + 1 if run is None else run.end()
            continue
        found.append(_original(item, text))
        at = item.end
    return tuple(join_ranges(found, text, norm))


def _first(norm: str, at: int) -> Found | None:
    latin = norm[at].isalpha() and norm[at].isascii()
    for rule in _WORD_RULES if latin else _RULES_OF.get(norm[at], _HAN_RULES):
        if item := rule(norm, at):
            return item
    return None


def _original(item: Found, text: str) -> Found:
    """The item with its surface as the author wrote it, before normalisation."""
    surface = text[item.start : item.end]
    return item if item.text == surface else msgspec.structs.replace(item, text=surface)


def find_quantities(text: str) -> list[Quantity]:
    """Every number that the text states, in order, none overlapping another.

    A number, its scale and its unit are one item. Numerals inside ordinary words (四川, 十分) and
    names (COVID-19; see :func:`find_terms`) are none, nor are "one", "first", 一 and 第一.
    """
    return [item for item in scan(text) if isinstance(item, Quantity)]


def find_terms(text: str) -> list[Term]:
    """Names with digits in them, in order: ``COVID-19``, ``F-16``, ``5G``, ``iPhone 15``."""
    return [item for item in scan(text) if isinstance(item, Term)]
