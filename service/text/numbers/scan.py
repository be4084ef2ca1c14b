# ruff: noqa: E501 - patterns stay whole, rules read top to bottom
"""Finds every number of a text, from left to right, in linear time.

The text is first normalised character by character (full-width and Traditional forms), so offsets
remain valid. At each place where a number may begin, the rules are tried in order and the first
match is used. Numbers joined by "-", "to", 至 … then become one range.
"""

from __future__ import annotations

import string
from bisect import bisect_right
from functools import lru_cache

import msgspec
import regex as re

from service.text.numbers.counts import (
    BLOB,
    RUN,
    read_english_ordinal,
    read_lone_scale,
    read_mail,
    read_number,
    read_ordinal,
    read_phone_code,
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
from service.text.numbers.model import AlphanumericTerm, Quantity
from service.text.numbers.patterns import HAN, Found, Rule, common_words, normalise
from service.text.numbers.ranges import join_ranges
from service.text.numbers.shares import (
    HALVES_OF_A_WHOLE,
    read_english_share,
    read_one_in,
    read_part_of_point,
    read_share,
)
from service.text.numbers.vague import (
    bound_at,
    read_discount,
    read_english_vague,
    read_han_vague,
    read_multiple,
)

_HAN_RULES: tuple[Rule, ...] = (
    read_phone_code, read_iso_date, read_english_date, read_decade, read_han_date, read_time, read_spoken_time, read_discount, read_part_of_point, read_share, read_english_share,
    read_ordinal, read_han_vague, read_multiple, read_english_vague, read_term, read_number,
)  # fmt: skip
_WORD_RULES: tuple[Rule, ...] = (
    read_web_code, read_mail, read_english_date, read_discount, read_part_of_point, read_one_in, read_english_share, read_english_ordinal, read_english_vague, read_lone_scale, read_multiple, read_named_time, read_spoken_time, read_term, read_number,
)  # fmt: skip

_OPENS: dict[Rule, str] = {
    read_discount: "h",
    read_part_of_point: "htaoq",
    read_one_in: "otfsenz",
    read_english_share: "haotfsn",
    read_multiple: "dtqfosen",
    read_english_vague: "asdmhtfcbeno",
    read_named_time: "nmfd",
    read_lone_scale: "htmb",
    read_web_code: "hw",
    read_english_date: "jfmasond",
    read_english_ordinal: "fstenhq",
    read_spoken_time: "otfsen",
    read_number: "zotfsenmuhacrg",
}
"""First letters of the words with which some rules begin, so that most words skip these rules."""
_RULES_OF_LETTER: dict[str, tuple[Rule, ...]] = {
    letter: tuple(
        rule for rule in _WORD_RULES if letter.lower() in _OPENS.get(rule, letter.lower())
    )
    for letter in string.ascii_letters
}

_RULES_OF: dict[str, tuple[Rule, ...]] = {
    "半": (read_part_of_point, read_discount, read_english_share),
    "超": (read_english_share,),
    **dict.fromkeys("对", (read_discount,)),
    **dict.fromkeys("减折腰", (read_english_share,)),
    "好": (read_han_vague,),
    **dict.fromkeys("过", (read_english_share,)),
    **dict.fromkeys("数几", (read_han_vague,)),
    "成": (read_han_vague, read_multiple),
    "近": (read_english_share, read_han_vague),
    "上": (read_decade, read_time, read_han_vague),
    **dict.fromkeys("凌清早中午下傍晚深夜", (read_time,)),
    **dict.fromkeys("翻增", (read_multiple,)),
    **dict.fromkeys("$£€¥₹₩人", (read_number,)),
    "第": (read_ordinal,),
    "本": (read_decade,),
}
"""Characters with which only a few kinds of numbers begin, and the rules for those."""

_START = re.compile(
    r"(?<![A-Za-z])[A-Za-z]|[\d零〇一二两三四五六七八九十百千万亿第数几成上半过超近对减折腰好翻初另周星礼每负"
    r"凌清早中午下傍晚深夜人增本½⅓⅔¼¾⅕⅛$£€¥₹₩+(#'\-–‑]"
)
_WORD = re.compile(r"[A-Za-z]++")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)[一二三四五六](?![次个年])|初[一二三四五六七八九十]")


@lru_cache(maxsize=32)
def scan(text: str) -> tuple[Found, ...]:
    """The quantities and terms of ``text`` in order, with ranges joined.

    Cached, because an article is scanned again for every note and every review of a draft.
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
            found.append(AlphanumericTerm(text=text[at : blob.end()], start=at, end=blob.end()))
            at = blob.end()
            continue
        item = _first(norm, at)
        if item is None or item.end <= at:
            word = _WORD.match(norm, at)
            run = RUN.match(norm, at) if norm[at] in HAN else None
            at = word.end() if word else at + 1 if run is None else run.end()
            continue
        found.append(_bounded(_original(item, text), norm))
        at = item.end
    return tuple(join_ranges(found, text, norm))


def _first(norm: str, at: int) -> Found | None:
    rules = _RULES_OF_LETTER.get(norm[at]) or _RULES_OF.get(norm[at], _HAN_RULES)
    for rule in rules:
        if item := rule(norm, at):
            return item
    return None


def _original(item: Found, text: str) -> Found:
    """The item with its text as written, before normalisation."""
    surface = text[item.start : item.end]
    return item if item.text == surface else msgspec.structs.replace(item, text=surface)


def _bounded(item: Found, norm: str) -> Found:
    """The item with the bound that the text around it states: nearly, more than."""
    if isinstance(item, AlphanumericTerm) or item.bound or not (item.values or item.parts):
        return item
    bound = bound_at(norm, item.start, item.end)
    return msgspec.structs.replace(item, bound=bound) if bound else item


def find_quantities(text: str) -> list[Quantity]:
    """All numbers that the text states, in order and without overlaps.

    A number with its scale and unit is one item. Not included are numerals inside ordinary words
    (四川, 十分) and names (COVID-19; see :func:`find_terms`), and "one", "first", 一 and 第一.
    """
    return [item for item in scan(text) if isinstance(item, Quantity)]


def find_terms(text: str) -> list[AlphanumericTerm]:
    """Names that contain digits, in order: ``COVID-19``, ``F-16``, ``5G``, ``iPhone 15``."""
    return [item for item in scan(text) if isinstance(item, AlphanumericTerm)]
