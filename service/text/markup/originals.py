"""The tags of an HTML source as they were written, found again for what a parser made of them.

A parser adds what a page left out (``<head>``, ``<tbody>``, ``</p>``) and spells tags its own way.
Where its tags are those of the source, in the same order, but for what it added, each can be
written as it was, and nothing need be added. Where it had to mend the source they are not, and it
is to be written as the parser understood it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Final, Literal

import msgspec
import regex as re

from service.text.elements import RAW

_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<(?:[!?]|/(?![a-z]))[^>]*+>?"
    r"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*+)"
    r"(?P<attributes>(?:[\s/]++|[^\s/>][^\s/>=]*+"
    r"""(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+))?+)*+)>?""",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?P<value>"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+))?+"""
)
_ADDED: Final = frozenset("html head body tbody colgroup".split())
_ENDED: Final = _ADDED | frozenset("p li dt dd tr td th thead tfoot option optgroup rp rt".split())
_FOREIGN: Final = frozenset({"math", "svg"})
_LINE_BREAK_DROPPED: Final = "\n"


class OtherTagsError(Exception):
    """The parser's tags are not those of the source."""


class _SourceTag(msgspec.Struct, frozen=True):
    """A tag, or what is none: a comment, a doctype. It stands from ``start`` up to ``end``."""

    kind: Literal["open", "close", "other"]
    name: str
    start: int
    end: int
    closes_itself: bool = False


class Originals:
    """Gives out the tags and texts of a source, in the order in which a parser asks for them.
    White space between them that the parser dropped or moved comes with the next tag.
    """

    def __init__(self, html: str) -> None:
        self._html = html
        self._tokens = list(_tokens(html))
        self._next = 0
        self._at = 0

    def open(self, name: str) -> str:
        """The start tag of ``name``; nothing if the parser added it.

        Raises:
            OtherTagsError: another tag comes next.
        """
        return self._take("open", name, name in _ADDED)

    def close(self, name: str) -> str:
        """The end tag of ``name``; nothing if the parser added it.

        Raises:
            OtherTagsError: another tag comes next.
        """
        return self._take("close", name, name in _ENDED)

    def other(self) -> str:
        """A comment, a doctype or the like.

        Raises:
            OtherTagsError: something else comes next.
        """
        return self._take("other", "", False)

    def whole(self, name: str) -> str:
        """An element with all that it holds.

        Raises:
            OtherTagsError: something else comes next.
        """
        return self.open(name) + self.content(name)

    def content(self, name: str) -> str:
        """What an element holds that was just opened, and its end tag.

        Raises:
            OtherTagsError: it is not closed.
        """
        opened = self._tokens[self._next - 1]
        start = self._at
        # only what is drawn or computed can close itself
        depth = 0 if opened.closes_itself and name in _FOREIGN else 1
        while depth:
            if self._next == len(self._tokens):
                raise OtherTagsError
            token = self._tokens[self._next]
            self._next += 1
            if token.name == name and not token.closes_itself:
                depth += {"open": 1, "close": -1, "other": 0}[token.kind]
            self._at = token.end
        return self._html[start : self._at]

    def text(self, text: str) -> tuple[str, str]:
        """How a text is written that the parser reads as ``text``, and what is read there.

        Raises:
            OtherTagsError: the source has another one here.
        """
        stop = self._tokens[self._next].start if self._next < len(self._tokens) else len(self._html)
        written = self._html[self._at : stop]
        read = unescape(written.replace("\r\n", "\n").replace("\r", "\n"))
        if text == read.removeprefix(_LINE_BREAK_DROPPED):
            read = text
        elif not text.startswith(read) or text[len(read) :].strip():
            if text.strip() or written.strip():
                raise OtherTagsError
            return "", ""  # it comes with the next tag
        self._at = stop
        return written, read

    def rest(self) -> str:
        """What is left when the parser has done.

        Raises:
            OtherTagsError: there are tags left, or words.
        """
        left = self._html[self._at :]
        if self._next < len(self._tokens) or left.strip():
            raise OtherTagsError
        return left

    def _take(self, kind: str, name: str, may_be_added: bool) -> str:
        token = self._tokens[self._next] if self._next < len(self._tokens) else None
        if token is None or token.kind != kind or token.name != name:
            if may_be_added:
                return ""
            raise OtherTagsError
        if self._html[self._at : token.start].strip():
            raise OtherTagsError
        written = self._html[self._at : token.end]
        self._next += 1
        self._at = token.end
        return written


def attributes_of(tag: str) -> Iterator[tuple[str, int, int]]:
    """The attributes of a start tag: each one's name in lower case, and where its value stands with
    its quotes; those without a value are left out.
    """
    opening = re.match(r"\s*<[^\s/>]+", tag)
    for found in _ATTRIBUTE.finditer(tag, opening.end() if opening else 0):
        if found["value"] is not None:
            yield found["name"].lower(), found.start("value"), found.end("value")


def _tokens(html: str) -> Iterator[_SourceTag]:
    at = 0
    while found := _TOKEN.search(html, at):
        at = found.end()
        if html[at - 1] != ">":
            raise OtherTagsError  # it never ends, which browsers leave out
        if not found["name"]:
            yield _SourceTag("other", "", found.start(), at)
            continue
        name = found["name"].lower()
        closes_itself = found["attributes"].endswith("/")
        yield _SourceTag(
            "close" if found["end"] else "open", name, found.start(), at, closes_itself
        )
        if name in RAW and not found["end"]:
            end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, at)
            at = end.start() if end else len(html)
