"""ICU's messages taken apart: the texts of a plural's or a select's branches are translated, the
rest stays (https://unicode-org.github.io/icu/userguide/format_parse/messages/).
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
    """A plural or select in a text, from ``start`` up to ``end``. ``pieces`` are what stays and, at
    every odd place, the text of a branch. In those of a plural, ``counted``, a ``#`` is the number.
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
    """Where the brace at ``opening`` is closed."""
    depth = 0
    for brace in _BRACE.finditer(text, opening):
        if len(brace[0]) == 1:
            depth += 1 if brace[0] == "{" else -1
            if depth == 0:
                return brace.start()
    return None


def number_shown(branch: str) -> tuple[str, str]:
    """A plural's ``branch`` with a placeholder in place of each ``#`` outside its own messages, and
    that placeholder, which does not stand in ``branch`` already.
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
