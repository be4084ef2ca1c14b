"""Parses inline markup within a line of plain text into the tags of a unit: CommonMark's emphasis
and links (0.31, 6.2 and 6.3), GitHub's strikethrough, closed HTML elements, BBCode, shortcodes and
MediaWiki's emphasis.

As in CommonMark, ``2 * 3 * 4``, ``snake_case`` and a lone ``*`` are not markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex as re

from service.text.markup import InlineTag, Unit
from service.text.placeholders import find_placeholders

_TARGET = r"\((?:[^()\s]|\([^()\s]*+\)){1,500}+(?:\s\"[^\"\n]{0,200}+\")?\)"
_IMAGE = rf"!\[[^\[\]\n]{{0,500}}+\]{_TARGET}"
_LINK: Final = re.compile(
    rf"!?\[(?P<text>(?:{_IMAGE}|[^\[\]\n]){{1,500}}+)\](?P<target>{_TARGET}|\[[^\[\]\n]{{0,100}}+\])"
    rf"|!\[(?P<text>)\](?P<target>{_TARGET})"
)
"""A link or an image. A link may contain images, as in a badge."""
_EMPHASIS: Final = re.compile(
    r"(?<![A-Za-z0-9*\\])(?P<mark>\*{1,3})(?=[^\s*])"
    r"(?P<text>[^*\n]{1,500}?(?:\*(?!\*)[^*\n]{1,200}\*(?!\*)[^*\n]{0,200}?)??)"
    r"(?<=[^\s\\])(?P=mark)(?![A-Za-z0-9*])"
    r"|(?<![\w_\\])(?P<mark>_{1,3})(?=[^\s_])(?P<text>[^_\n]{1,500}?)(?<=[^\s\\])(?P=mark)(?![\w_])"
    r"|(?<![A-Za-z0-9~])(?P<mark>~~)(?=[^\s~])(?P<text>[^~\n]{1,500}?)(?<=\S)~~(?![A-Za-z0-9~])"
)
_ELEMENT: Final = re.compile(
    r"<(?P<close>/)?(?P<name>[A-Za-z][A-Za-z0-9-]{0,30}+)"
    r"(?:\s++[\w:@.-]++\s?=\s?(?:\"[^\"<>\n]*+\"|'[^'<>\n]*+'|[^\s<>\"']++))*+\s*+>"
)
_BRACKETED: Final = re.compile(
    r"\[(?P<close>/)?(?P<name>[A-Za-z][\w-]{0,30}+)(?:=[^\[\]\n]{1,300}+|\s[^\[\]\n]{1,300}+)?\](?!\()"
)
"""BBCode and shortcodes that enclose a text: [b], [url=…], [button url="/shop"]."""
_QUOTED: Final = re.compile(
    r"(?<!')(?P<mark>'{2,3})(?=[^\s'])(?P<text>[^'\n]{1,300}+(?:'[^'\n]{1,300}+){0,3}?)(?P=mark)(?!')"
)
"""MediaWiki's emphasis."""
_NAMES: Final = {"*": "em", "_": "em", "**": "strong", "__": "strong", "~~": "del"}

_Span = tuple[int, int, int, int, str]
"""An element: start and end of its first tag, start and end of its second tag, its name."""


def parse_inline(text: str) -> tuple[Unit, tuple[str, ...]]:
    """Parse a line into a unit and the source text of its tags."""
    cuts: list[tuple[int, int, InlineTag]] = []
    for start, inner, end, after, name in _nested(_spans(text)):
        cuts += [(start, inner, InlineTag(name, "open")), (end, after, InlineTag(name, "close"))]
    cuts.sort(key=lambda cut: (cut[0], cut[1]))
    texts, written, at = [], [], 0
    for start, end, _ in cuts:
        texts.append(text[at:start])
        written.append(text[start:end])
        at = end
    return Unit((*texts, text[at:]), tuple(tag for _, _, tag in cuts)), tuple(written)


def _spans(text: str) -> Iterator[_Span]:
    held = [range(one.start, one.end) for one in find_placeholders(text)]
    yield from _links(text, held)
    yield from _emphases(text, held, 0, len(text))
    code = [one for one in held if text[one.start] == "`"]
    yield from _elements(text, _ELEMENT, code)
    yield from _elements(text, _BRACKETED, code)
    for match in _QUOTED.finditer(text):
        if not any(match.start() in one for one in code):
            yield *_around(match), "em" if len(match["mark"]) == 2 else "strong"


def _links(text: str, held: list[range], start: int = 0, end: int | None = None) -> Iterator[_Span]:
    for match in _LINK.finditer(text, start, end):
        # its address is a placeholder too
        if not any(match.start() in one or match.end("text") in one for one in held):
            yield *_around(match), "a"
            yield from _links(text, held, match.start("text"), match.end("text"))


def _emphases(text: str, held: list[range], start: int, end: int) -> Iterator[_Span]:
    at = start
    while match := _EMPHASIS.search(text, at, end):
        first, last = match.start(), match.end() - 1
        if any(first in one or last in one for one in held):
            at = first + len(match["mark"])
            continue
        yield *_around(match), _NAMES.get(match["mark"], "strong")
        yield from _emphases(text, held, match.start("text"), match.end("text"))
        at = match.end()


def _around(match: re.Match[str]) -> tuple[int, int, int, int]:
    return match.start(), match.start("text"), match.end("text"), match.end()


def _elements(text: str, tag: re.Pattern[str], code: list[range]) -> Iterator[_Span]:
    """Elements of ``text`` outside of ``code``; ``tag`` matches their opening and closing tags."""
    opened: list[re.Match[str]] = []
    for match in tag.finditer(text):
        if any(match.start() in one for one in code):
            continue
        if not match["close"]:
            opened.append(match)
            continue
        names = [one["name"] for one in opened]
        if match["name"] in names:
            at = len(names) - 1 - names[::-1].index(match["name"])
            first = opened[at]
            del opened[at:]
            yield first.start(), first.end(), match.start(), match.end(), match["name"].lower()


def _nested(spans: Iterator[_Span]) -> list[_Span]:
    """The spans that are disjoint or nested, the outer ones first."""
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda one: (one[0], -one[3])):
        if all(one[3] <= span[0] or (one[1] <= span[0] and span[3] <= one[2]) for one in kept):
            kept.append(span)
    return kept
