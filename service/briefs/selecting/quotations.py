"""Finds quotations that span several sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARK = re.compile(
    r"(?P<opens>[“「『]|(?<!\S)\"(?=[\w$£€“])|(?<=[(\[—–:：，。])\"(?=\w)|(?<!\S)['‘](?=[A-Z]))|"
    r"(?P<closes>[”」』\"]|(?<=[.,!?…])['’](?!\w))"
)
"""A quotation mark. A straight one opens after a space and otherwise closes. A single one, which
may be an apostrophe, opens before a capital and closes after a stop.
"""
_ENDS = re.compile(r"[.!?…。！？][”\"'’」』]$")
_LONG = 10
"""A longer quotation without further marks is assumed to be open by mistake."""


def in_long_quotations(sentences: Sequence[str]) -> set[int]:
    """Indices of the sentences from one that opens a quotation to the one that closes it, across
    paragraphs. Each paragraph of a long quotation may open it again. Quotations may be nested: *I
    said, "I'll be with you.* is closed with the outer one.
    """
    inside: set[int] = set()
    opened, last = -1, -1
    for at, sentence in enumerate(sentences):
        if at - last > _LONG:
            opened = -1
        level, opens = int(opened >= 0), False
        for mark in _MARK.finditer(sentence):
            opens = opens or bool(mark["opens"])
            level = level + 1 if mark["opens"] else max(0, level - 1)
        if opened >= 0 and (level == 0 or _ENDS.search(sentence)):
            inside |= set(range(opened, at + 1))
            opened = -1
        elif level and opens:
            opened, last = (at if opened < 0 else opened), at
    return inside


_LONE_QUOTE = re.compile(r"“([^“”，。：、]{2,12})(?=[，、])")


def with_closed_quote(text: str) -> str:
    """Add the missing mark that closes the only quoted name of a sentence."""
    lone = text.count("“") == 1 and "”" not in text and not re.search(r"[说称道：:][，]?“", text)
    return _LONE_QUOTE.sub(r"“\1”", text) if lone else text


def paired(text: str) -> str:
    """Correct a text that has only opening quotation marks: “like this“."""
    text = with_closed_quote(text)
    if "”" in text or text.count("“") % 2:
        return text
    parts = text.split("“")
    return "".join(
        part if at == 0 else ("“" if at % 2 else "”") + part for at, part in enumerate(parts)
    )
