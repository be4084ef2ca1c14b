"""Finds the source text of the tags that an HTML parser returns.

A parser adds tags that a page left out (``<head>``, ``<tbody>``, ``</p>``) and normalises the
others. If its tags, apart from added ones, are those of the source in the same order, each can be
written as in the source, and added ones can be left out. If it had to repair the source they are
not, and the parser's form is written.
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
    """The parser's tags differ from those of the source."""


class _SourceTag(msgspec.Struct, frozen=True):
    """A tag, comment or doctype, from ``start`` up to ``end`` of the source."""

    kind: Literal["open", "close", "other"]
    name: str
    start: int
    end: int
    closes_itself: bool = False


class Originals:
    """Returns the source text of tags and texts, which must be requested in order. White space that
    the parser dropped or moved is returned with the next tag.
    """

    def __init__(self, html: str) -> None:
        self._html = html
        self._tokens = list(_tokens(html))
        self._next = 0
        self._at = 0

    def open(self, name: str) -> str:
        """The start tag of ``name``; empty if the parser added it.

        Raises:
            OtherTagsError: another tag comes next.
        """
        return self._take("open", name, name in _ADDED)

    def close(self, name: str) -> str:
        """The end tag of ``name``; empty if the parser added it.

        Raises:
            OtherTagsError: another tag comes next.
        """
        return self._take("close", name, name in _ENDED)

    def other(self) -> str:
        """A comment, doctype or similar markup.

        Raises:
            OtherTagsError: something else comes next.
        """
        return self._take("other", "", False)

    def whole(self, name: str) -> str:
        """An element with its content.

        Raises:
            OtherTagsError: something else comes next.
        """
        return self.open(name) + self.content(name)

    def content(self, name: str) -> str:
        """The content and the end tag of the element that was just opened.

        Raises:
            OtherTagsError: it is not closed.
        """
        opened = self._tokens[self._next - 1]
        start = self._at
        # only elements of SVG and MathML can be self-closing
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
        """The source of a text that the parser returned as ``text``, and its decoded form.

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
        """The rest of the source, after the parser's last node.

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
    """The attributes of a start tag that have a value: the name in lower case, and the start and
    end of the value, including its quotes.
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
            raise OtherTagsError  # an unclosed tag, which browsers drop
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
