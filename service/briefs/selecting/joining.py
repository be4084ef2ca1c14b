"""Finds words that connect an English sentence to the one before it, such as *also*, *however*."""

from __future__ import annotations

import re

from service.analysis import Parse

_BARE = frozenset({"also", "then"})
_BEFORE = frozenset({"nsubj", "nsubjpass", "aux", "auxpass", "pobj", "punct"})
"""Relations of the words before *also*: *Mayor Holm also said*, *had also said*."""
_SET_OFF = re.compile(
    r", (?:however|meanwhile|though|too|for (?:his|her|its|their) part|by contrast|"
    r"in turn|moreover),(?= )|,? too(?=[.!]$)|, (?:though|however)(?=[.!]$)"
)
_PAIRED = re.compile(r"\b(?:not only|if|when|once|until|since|by|before|after) ", re.IGNORECASE)
"""Words that *also* or *then* may belong to: *not only … but also*, *if … then*."""


def joining_words(text: str, parse: Parse) -> list[tuple[int, int]]:
    """The spans of a sentence that only connect it to the one before it. Without them, it has the
    same meaning and can be read alone.
    """
    found = [
        match.span() for match in _SET_OFF.finditer(text) if not _is_quoted(text, match.start())
    ]
    if _PAIRED.search(text):
        return found
    for at, word in enumerate(parse.words):
        if not 0 < at < len(parse.words) - 1 or not is_adverb_that_joins(parse, at):
            continue
        before, following = parse.words[at - 1], parse.words[at + 1]
        inside = before.relation in _BEFORE and following.tag.startswith("VB")
        if inside and not _is_quoted(text, word.start):
            found.append((word.start, following.start))
    return found


def is_adverb_that_joins(parse: Parse, at: int) -> bool:
    """Whether a word is an *also* or *then* that connects the sentence to the one before it."""
    word = parse.words[at]
    return word.text.lower() in _BARE and word.head in parse.roots and word.head != at


def _is_quoted(text: str, at: int) -> bool:
    before = text[:at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
