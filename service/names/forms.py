"""Spellings of names and terms: equivalent forms, and word boundaries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from service.text.numbers.model import Language
from service.text.scripts import convert, simplified_only, traditional_only

# Interchangeable marks. Each maps to one character, so offsets stay the same.
_MARKS: Final = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "\n": " ",
        "\u00a0": " ",
        "\u2010": "-",
        "\u2011": "-",
        "•": "·",
        "‧": "·",
        "・": "·",
        "∙": "·",
        "．": "·",
    }
)
_HAN_FROM = "\u2e80"


def fold(text: str) -> str:
    """Write ``text`` with one kind of apostrophe, hyphen, space and name dot. Keeps its length."""
    return text.translate(_MARKS)


def lower(text: str) -> str:
    """Return ``text`` in lower case at the same length (İ is two characters in lower case)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def simplify(text: str) -> str:
    """Return Chinese ``text`` in Simplified characters at the same length."""
    if traditional_only().isdisjoint(text):
        return text
    simplified = convert(text, "zh-Hans")
    if len(simplified) == len(text):
        return simplified
    pairs = ((here, convert(here, "zh-Hans")) for here in text)
    return "".join(there if len(there) == 1 else here for here, there in pairs)


def is_chinese(text: str) -> bool:
    """Return whether there is a Han character in ``text``."""
    return any(character >= _HAN_FROM for character in text)


def is_simplified(text: str) -> bool:
    """Return whether ``text`` has no character that is only Traditional."""
    return traditional_only().isdisjoint(text) or not simplified_only().isdisjoint(text)


def is_letter(character: str) -> bool:
    """Return whether ``character`` may continue a Latin word; "" is the end of the text."""
    return "" < character < _HAN_FROM and (character.isalnum() or character == "_")


def is_inside_word(text: str, at: int) -> bool:
    """Return whether ``at`` is inside a Latin word. An apostrophe may be part of it (*don't*,
    *Xi'an*), but not a possessive. ``text`` is folded.
    """
    before, after = text[at - 1 : at] if at else "", text[at : at + 1]
    if after == "'":
        return (
            is_letter(before)
            and is_letter(text[at + 1 : at + 2])
            and not (text[at + 1] in "sS" and not is_letter(text[at + 2 : at + 3]))
        )
    if before == "'":
        return at > 1 and is_letter(text[at - 2]) and is_letter(after)
    return is_letter(before) and is_letter(after)


def plural(noun: str) -> str:
    """Return the regular English plural of a lower-case ``noun``; one in ``s`` is unchanged."""
    if noun[-1:] == "s":
        return noun
    if noun[-1:] == "y" and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("x", "z", "ch", "sh")) else "s")


# Spellings that Britain and America differ in, and most words that look like them: both sides of a
# comparison are changed alike.
_SPELLINGS: Final = (
    (re.compile(r"(?<=[a-z]{2})our(?=s|ed|ing|ite|hood|\b)"), "or"),
    (re.compile(r"is(?=ations?\b|ed\b|ing\b|ers?\b|es?\b)"), "iz"),
    (re.compile(r"ence(?=s?\b)"), "ense"),
    (re.compile(r"(?<=[tc])re(?=s?\b)"), "er"),
    (re.compile(r"programme"), "program"),
    (re.compile(r"ll(?=ed|ing|or|er)"), "l"),
)


@lru_cache(maxsize=4096)
def _spelled(text: str) -> str:
    """Return lower-case English ``text`` in American spelling."""
    for pattern, replacement in _SPELLINGS:
        text = pattern.sub(replacement, text)
    return text


def stands_in(text: str, forms: Iterable[str], language: Language) -> bool:
    """Return whether a translation into ``language`` has one of ``forms``.

    English forms match whole words in any case, in British or American spelling, with a hyphen for
    a space, and with a regular ending (*prosecuted*, *basis points*). Chinese forms match in either
    script.
    """
    folded = fold(text)
    if language == "zh":
        folded = simplify(folded)
    folded = _spelled(lower(folded))
    return any(_stands(folded, _spelled(lower(fold(form)))) for form in forms)


def _stands(text: str, form: str) -> bool:
    if is_chinese(form) and form in text:
        return True
    if re.split("[ -]", form)[0].rstrip("ey") not in text:
        return False
    pattern = re.escape(form).replace(r"\ ", "[ -]").replace(r"\-", "[ -]?")
    if form.endswith("y"):
        pattern = pattern[:-1] + "(?:y(?:s|ed|ing)?|ies|ied)"
    elif form.endswith("e"):
        pattern = pattern[:-1] + "(?:e[sd]?|ing)"
    else:
        pattern += "(?:e?s|ed|ing)?"
    return re.search(rf"(?<!\w){pattern}(?![^\W_])", text, re.ASCII) is not None
