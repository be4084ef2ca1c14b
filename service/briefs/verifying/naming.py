"""Comparing names: whether two may refer to the same thing."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from service.briefs.verifying.lexicon import COMMON_IN_NAMES, TITLES
from service.briefs.verifying.reading import ContentItem

_SPELT_ALIKE = 0.8
_CHINESE_ENDS = re.compile(r"(?:地区|[省市县区国州镇村队人])$")


def words_of_name(text: str) -> list[str]:
    """Return the words of a name in lower case, without possessives. United States becomes us."""
    plain = re.sub(r"(?<=\b\w)\.", "", text.lower().replace("’", "'"))
    plain = plain.removesuffix("'s").replace("united states", "us").replace("united kingdom", "uk")
    return re.findall(r"[^\W_]+", plain)


def is_same_name(one: ContentItem, other: ContentItem) -> bool:
    """Return whether two names may refer to the same thing: a name and a part of it, a surname, an
    abbreviation, two spellings, or names of organisations that share a distinctive word.
    """
    if one.values <= other.values or other.values <= one.values or _is_initials(one, other):
        return True
    if not (one.key.isascii() and other.key.isascii()):
        return _is_same_han(one.key, other.key)
    if "organisation" in {one.sort, other.sort} or one.sort == other.sort == "place":
        if (one.values & other.values) - COMMON_IN_NAMES - TITLES:
            return True
    elif one.key.split()[-1:] == other.key.split()[-1:]:
        return True
    return SequenceMatcher(None, one.key, other.key).ratio() >= _SPELT_ALIKE


def _is_initials(one: ContentItem, other: ContentItem) -> bool:
    return any(
        short.key == "".join(word[0] for word in long.key.split())
        for short, long in ((one, other), (other, one))
        if len(short.key) > 1
    )


def _is_same_han(one: str, other: str) -> bool:
    one, other = _CHINESE_ENDS.sub("", one), _CHINESE_ENDS.sub("", other)
    if one in other or other in one:
        return True
    pairs = {one[at : at + 2] for at in range(len(one) - 1)}
    return any(pair in other for pair in pairs)
