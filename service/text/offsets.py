"""Aligns a cleaned text with the original, character by character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import msgspec

_FAR = 4096
"""How far ahead a character is searched, in characters. Longer runs are never removed."""
_VISIBLE = re.compile(r"\S+")


class Alignment(msgspec.Struct, frozen=True):
    """The start (``starts``) and end (``ends``) in the original of each character of the cleaned
    text. White space has the position of the character before it.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that became ``[start, end)`` of the cleaned text, which
        must not be empty.
        """
        return self.starts[start], self.ends[end - 1]


def align(original: str, cleaned: str) -> Alignment:
    """Align ``cleaned`` with its ``original``, from which characters were removed, white space was
    folded and accents were composed (see :func:`service.text.cleaning.clean`).

    The time is linear in the length. A character that is not found gets the position of the one
    before it.
    """
    if original == cleaned:
        return Alignment(tuple(range(len(cleaned))), tuple(range(1, len(cleaned) + 1)))
    if unicodedata.is_normalized("NFC", original):
        return _align_words(original, cleaned)
    units = [unit for unit in _units(original) if not unit[0].isspace()]
    starts: list[int] = []
    ends: list[int] = []
    at, start, end = 0, 0, 0
    for character in cleaned:
        if not character.isspace():
            found = at
            limit = min(len(units), at + _FAR)
            while found < limit and units[found][0] != character:
                found += 1
            if found < limit:
                _, start, end = units[found]
                at = found + 1
        starts.append(start)
        ends.append(end)
    return Alignment(tuple(starts), tuple(ends))


def _align_words(original: str, cleaned: str) -> Alignment:
    """Align by words, if no accents were composed. Nearly all words are unchanged then."""
    starts: list[int] = []
    ends: list[int] = []
    at, start, end = 0, 0, 0
    for word in _VISIBLE.finditer(cleaned):
        missing = word.start() - len(starts)  # white space
        starts += [start] * missing
        ends += [end] * missing
        if following := _VISIBLE.search(original, at):
            at = following.start()
        if original.startswith(word[0], at):
            begin, at = at, at + len(word[0])
            starts += range(begin, at)
            ends += range(begin + 1, at + 1)
            start, end = at - 1, at
            continue
        for character in word[0]:
            found = original.find(character, at, at + _FAR)
            if found >= 0:
                start, end = found, found + 1
                at = end
            starts.append(start)
            ends.append(end)
    starts += [start] * (len(cleaned) - len(starts))
    ends += [end] * (len(cleaned) - len(ends))
    return Alignment(tuple(starts), tuple(ends))


def _units(text: str) -> Iterator[tuple[str, int, int]]:
    """The characters of ``text`` in NFC, each with the span that it was composed from."""
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _joins(text[start:end], text[end]):
            end += 1
        yield from (
            (character, start, end) for character in unicodedata.normalize("NFC", text[start:end])
        )
        start = end


def _joins(before: str, character: str) -> bool:
    """Return whether ``character`` is composed with the one before it."""
    if unicodedata.combining(character):
        return True
    composed = unicodedata.normalize("NFC", before + character)
    return len(composed) < len(unicodedata.normalize("NFC", before)) + len(
        unicodedata.normalize("NFC", character)
    )
