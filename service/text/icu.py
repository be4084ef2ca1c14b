"""Parses ICU messages: the texts in the branches of a plural or select are translated, the rest is
kept (https://unicode-org.github.io/icu/userguide/format_parse/messages/).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
import regex as re

_HEAD: Final = re.compile(r"\{\s*+([\w.-]++)\s*+,\s*+(plural|select|selectordinal)\s*+,\s*+")
_BRACE: Final = re.compile(r"'[{}]'|[{}]")
_SELECTOR: Final = re.compile(r"\s*+(?:offset:\d++\s*+)?+(?:=\d++|[\w-]++)\s*+(?=\{)")
_NUMBER_SIGN = "#"


class IcuMessage(msgspec.Struct, frozen=True):
    """A plural or select in a text, from ``start`` up to ``end``. ``pieces`` alternate between text
    that is kept and, at odd indices, the text of a branch. If the message is ``counted``, a plural,
    ``#`` in a branch stands for the number.
    """

    start: int
    end: int
    pieces: tuple[str, ...]
    counted: bool


def find_messages(text: str) -> Iterator[IcuMessage]:
    """The outermost messages of ``text`` that are well-formed, in order."""
    at = 0
    while head := _HEAD.search(text, at):
        message = _message(text, head)
        if message:
            yield message
        at = message.end if message else head.end()


def _message(text: str, head: re.Match[str]) -> IcuMessage | None:
    pieces = [head[0]]
    at = head.end()
    while selector := _SELECTOR.match(text, at):
        closing = _closing(text, selector.end())
        if closing is None:
            return None
        pieces[-1] += selector[0] + "{"
        pieces += [text[selector.end() + 1 : closing], "}"]
        at = closing + 1
    rest = re.compile(r"\s*+\}").match(text, at)
    if rest is None or len(pieces) == 1:
        return None
    pieces[-1] += rest[0]
    return IcuMessage(head.start(), rest.end(), tuple(pieces), head[2] != "select")


def _closing(text: str, opening: int) -> int | None:
    """The position of the brace that closes the one at ``opening``; None if there is none."""
    depth = 0
    for brace in _BRACE.finditer(text, opening):
        if len(brace[0]) == 1:
            depth += 1 if brace[0] == "{" else -1
            if depth == 0:
                return brace.start()
    return None


def number_shown(branch: str) -> tuple[str, str]:
    """Replace each ``#`` in the ``branch`` of a plural, outside nested messages, by a placeholder.
    Return the result and the placeholder, which does not occur in ``branch``.
    """
    name = next(
        shown for shown in ("{number}", *map("{{number{}}}".format, range(2, 99)))
        if shown not in branch
    )  # fmt: skip
    parts: list[str] = []
    depth = 0
    for part in re.split(r"('#'|'[{}]'|[{}#])", branch):
        depth += {"{": 1, "}": -1}.get(part, 0)
        parts.append(name if part == _NUMBER_SIGN and depth == 0 else part)
    return "".join(parts), name
