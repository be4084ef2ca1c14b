"""Parses plain text for translation into units and the markup around them.

Plain text often contains Markdown: headings, lists, quotes, tables, code. Markup around the text is
kept and not shown to a model. Inline markup becomes the tags of a unit, as in HTML. Lines over
which a sentence is wrapped are joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import regex as re

from service.text.icu import IcuMessage, find_messages, number_shown
from service.text.inline_markdown import parse_inline
from service.text.markup import Filled, Unit
from service.text.placeholders import find_placeholders, masked
from service.text.wrapped import begins_item, content, joined, wraps, wraps_cue

Splitting = Literal["auto", "0", "1", "nonewlines"]
"""DeepL's ``split_sentences``. ``0``: do not split. ``1``: split at punctuation and every line
break. ``nonewlines``: split at punctuation and blank lines. ``auto``: split at punctuation and at
line breaks that are not inside a sentence."""

_LETTER = re.compile(r"[^\W\d_]")
_FENCE = re.compile(r"\s{0,12}(?:>\s?)*(?:[-*+]\s+)?(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
_PREFIX = re.compile(
    r"\s*+(?:>[ \t]?)*+\s*+"
    r"(?:#{1,6}\s++|={2,6}\s?(?=[^=\n]++={2,6}\s*+$))?"
    r"(?:(?:[-*+•·▪◦]|\d{1,3}[.)])\s++(?:\[[ xX]\]\s++)?"
    r"|\d{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]\s*+)?"
    r"(?:\[\^[\w-]++\]:\s++)?"
)
_KEPT_LINE = re.compile(
    r"\s*+(?:>\s?)*+(?:\[(?!\^)[^\]\n]++\]:\s\S++.*|\[![A-Z]++\]|<!--.*-->|:?-{3,}.*[|-]\s*|\[TOC\])\s*+$"
)
_ROW = re.compile(r"\s*+\|.*\|\s*+$")
_CELL = re.compile(r"(?<!\\)\|")
_CLOSING_HASHES = re.compile(r"\s++#++\s*+$|\s*+={2,6}\s*+$")
_FRONT_KEY = re.compile(
    r"(?:title|description|summary|subtitle|excerpt|caption|alt)\s*+:\s*+[\"']?"
)
_PUNCTUATED = re.compile(r"[^\w\s*_~][*_~]+$")
_OPENS = re.compile(r"[^\w\s*_~`]")
_WRITTEN_BREAK = re.compile(r"(?:\\r)?\\n|<br ?/?>")
_TIMES = re.compile(r"\s*(?:\d+:)?\d\d:\d\d[.,]\d{3} --> ")
"""The first line of a subtitle cue in SRT and WebVTT."""
_BREAK_AT_END = re.compile(r"(?:\\|\s{2,})$")


_MOST_SETTINGS = 60


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of a unit: its number, the source text of its tags (``written``), the ICU
    ``messages`` in it and the units of their branches.
    """

    unit: int
    written: tuple[str, ...]
    messages: tuple[_Branches, ...] = ()


@dataclass(frozen=True, slots=True)
class _Branches:
    """An ICU message in a unit: ``pieces`` that are kept, and the texts of branches between
    them.
    """

    raw: str
    pieces: tuple[str | _Branch, ...]


@dataclass(frozen=True, slots=True)
class _Branch:
    """The unit of a branch, and the placeholder of its number."""

    parts: tuple[str | _Place, ...]
    number: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A text as ``units``, in order, and the text around them."""

    units: tuple[Unit, ...]
    _pieces: tuple[str | _Place, ...] = field(repr=False)

    def render(self, translations: Sequence[Filled]) -> str:
        """The text with a translation for each unit."""
        return "".join(self._rendered(piece, translations) for piece in self._pieces)

    def _rendered(self, piece: str | _Place, translations: Sequence[Filled]) -> str:
        if isinstance(piece, str):
            return piece
        text = _filled(self.units[piece.unit], translations[piece.unit], piece.written)
        for message in piece.messages:
            text = text.replace(message.raw, self._message(message, translations))
        return text

    def _message(self, message: _Branches, translations: Sequence[Filled]) -> str:
        rendered: list[str] = []
        for piece in message.pieces:
            if isinstance(piece, str):
                rendered.append(piece)
                continue
            text = "".join(self._rendered(part, translations) for part in piece.parts)
            rendered.append(text.replace(piece.number, "#") if piece.number else text)
        return "".join(rendered)


def _filled(unit: Unit, new: Filled, written: Sequence[str]) -> str:
    """The unit's translation with the source text of its tags. A space is inserted where CommonMark
    would not recognise emphasis: if it ends with punctuation before a letter, or begins with
    punctuation after a letter (``**注意：**请``).
    """
    made = ""
    closed = False
    for at, piece in enumerate(new):
        if isinstance(piece, str):
            made += " " if closed and piece[:1].isalnum() and _PUNCTUATED.search(made) else ""
            made += piece
            closed = closed and not piece
            continue
        tag = written[piece]
        closed = unit.tags[piece].kind == "close" and tag[0] in "*_~"
        if unit.tags[piece].kind == "open" and tag[0] in "*_~" and made[-1:].isalnum():
            following = next((one for one in new[at + 1 :] if one != ""), "")
            made += " " if isinstance(following, str) and _OPENS.match(following) else ""
        made += tag
    return made


def parse_plain(text: str, splitting: Splitting = "auto") -> Plain:
    """Parse plain ``text``, in time linear in its length."""
    taking = _Taking()
    if splitting == "0":
        body = text.strip()
        start = text.index(body)
        one_line = joined(body.splitlines()) if body else ""
        taking.around(text[:start])
        taking.line(one_line)
        taking.around(text[start + len(body) :])
    else:
        taking.text(text, splitting)
    return Plain(tuple(taking.units), tuple(taking.pieces))


class _Taking:
    """The parser: collects units and the pieces around them."""

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.pieces: list[str | _Place] = []

    def around(self, text: str) -> None:
        """Add text that is kept."""
        self.pieces.append(text)

    def text(self, text: str, splitting: Splitting) -> None:
        """Parse all lines of a text."""
        lines = text.splitlines(keepends=True)
        settings = _settings(lines)
        kept = _kept_lines(lines, settings)
        breaks = _wrapping(lines, kept, splitting)
        at = 0
        while at < len(lines):
            end = at + 1
            while end < len(lines) and breaks[end - 1]:
                end += 1
            if kept[at]:
                self.around(lines[at])
            elif at < settings:
                self._setting(lines[at])
            else:
                self._lines(lines[at:end])
            at = end

    def _lines(self, lines: Sequence[str]) -> None:
        """Parse lines over which one sentence, or several, are wrapped."""
        first = lines[0]
        start = _prefix_of(first)
        body = first[start:].rstrip()
        ending = first[start + len(body) :]
        if len(lines) > 1:
            last = lines[-1]
            ending = last[len(last.rstrip()) :]
            body = joined([body, *lines[1:]])
        elif (
            start
            and first.lstrip(" >\t").startswith(("#", "=="))
            and (closed := _CLOSING_HASHES.search(body))
        ):
            ending = body[closed.start() :] + ending
            body = body[: closed.start()]
        elif body.endswith("\\"):
            body, ending = body[:-1].rstrip(), body[len(body[:-1].rstrip()) :] + ending
        self.around(first[:start])
        if _ROW.match(body):
            self._row(body)
        else:
            self.line(body)
        self.around(ending)

    def _setting(self, line: str) -> None:
        """Parse a setting, such as the title of a page, whose value is translated."""
        key = _FRONT_KEY.match(line)
        start = key.end() if key else 0
        body = line[start:].rstrip().rstrip("\"'")
        self.around(line[:start])
        self.line(body)
        self.around(line[start + len(body) :])

    def _row(self, row: str) -> None:
        """Parse the cells of a table row."""
        hidden = masked(row, find_placeholders(row))
        at = 0
        for bar in _CELL.finditer(hidden):
            self._cell(row[at : bar.start()])
            self.around("|")
            at = bar.end()
        self._cell(row[at:])

    def _cell(self, cell: str) -> None:
        body = cell.strip()
        start = cell.index(body)
        self.around(cell[:start])
        self.line(body)
        self.around(cell[start + len(body) :])

    def line(self, body: str) -> None:
        """Add a unit, if it contains a letter. An escaped line break, as in the strings of
        programs, separates lines.
        """
        at = 0
        breaks = [one for one in find_placeholders(body) if _WRITTEN_BREAK.fullmatch(one.text)]
        for start, end in [*((one.start, one.end) for one in breaks), (len(body), len(body))]:
            part = body[at:start]
            text = part.strip()
            before = part.index(text)
            self.around(part[:before])
            self.pieces.append(self._place(text) if _LETTER.search(text) else text)
            self.around(part[before + len(text) :] + body[start:end])
            at = end

    def _place(self, body: str) -> str | _Place:
        unit, written = parse_inline(body)
        number = len(self.units)
        self.units.append(unit)
        messages = tuple(self._message(body, one) for one in find_messages(body))
        return _Place(number, written, messages)

    def _message(self, body: str, message: IcuMessage) -> _Branches:
        pieces: list[str | _Branch] = []
        for at, piece in enumerate(message.pieces):
            pieces.append(self._branch(piece, counted=message.counted) if at % 2 else piece)
        return _Branches(body[message.start : message.end], tuple(pieces))

    def _branch(self, text: str, *, counted: bool) -> _Branch:
        shown, number = number_shown(text) if counted else (text, "")
        body = shown.strip()
        start = shown.index(body)
        free = masked(body, find_placeholders(body)).replace("X", "") if body else ""
        inner: str | _Place = self._place(body) if _LETTER.search(free) or "," in body else body
        return _Branch((shown[:start], inner, shown[start + len(body) :]), number)


def _prefix_of(line: str) -> int:
    """The start of the text of a line, after its indentation, quote marks, bullet and heading
    marker. A number is a bullet only if text follows.
    """
    prefix = _PREFIX.match(line)
    if prefix is None:  # every part may be empty
        return 0
    return prefix.end() if _LETTER.search(line, prefix.end()) else 0


def _settings(lines: Sequence[str]) -> int:
    """The number of lines of front matter at the start of a page, as in Jekyll."""
    if not lines or lines[0].strip() != "---":
        return 0
    ends = (at for at, line in enumerate(lines[1:_MOST_SETTINGS], 1) if line.strip() == "---")
    return next(ends, -1) + 1


def _kept_lines(lines: Sequence[str], settings: int) -> list[bool]:
    """Which lines are kept: fenced code, comments, link definitions, the line between the head and
    the body of a table, and settings in the front matter that are not text.
    """
    kept = [False] * len(lines)
    closing: Callable[[str], bool] | None = None
    for at, line in enumerate(lines):
        if closing is not None:
            kept[at] = True
            if closing(line):
                closing = None
        elif opening := _opening(lines, at):
            kept[at] = True
            closing = opening
        elif at < settings:
            kept[at] = _FRONT_KEY.match(line) is None
        else:
            kept[at] = not _LETTER.search(line) or _KEPT_LINE.match(line) is not None
    return kept


def _opening(lines: Sequence[str], at: int) -> Callable[[str], bool] | None:
    """A test for the end of the block that begins at a line; None if none begins or it is not
    closed.
    """
    line = lines[at]
    if fence := _FENCE.match(line.rstrip("\r\n")):
        mark = fence["mark"]
        return lambda one: one.strip(" \t\r\n>").startswith(mark) and not one.strip(" \t\r\n>`~")
    if line.lstrip().startswith("<!--") and "-->" not in line:
        rest = any("-->" in one for one in lines[at + 1 :])
        return (lambda one: "-->" in one) if rest else None
    return None


def _wrapping(lines: Sequence[str], kept: Sequence[bool], splitting: Splitting) -> list[bool]:
    """For each line, whether the next one continues it."""
    if splitting == "1":
        return [False] * len(lines)
    if splitting == "nonewlines":
        found = [
            bool(content(one)) and bool(content(after)) and not begins_item(after)
            for one, after in pairwise(lines)
        ]
    else:
        found = wraps(lines)
        for start, end in _cues(lines):
            found[start : end - 1] = wraps_cue(lines[start:end])
    hard = [_BREAK_AT_END.search(line.rstrip("\r\n")) is not None for line in lines]
    return [
        *(
            one and not kept[at] and not kept[at + 1] and not hard[at]
            for at, one in enumerate(found)
        ),
        False,
    ]


def _cues(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The ranges of subtitle texts: from after a line with times up to a blank line."""
    at = 0
    while at < len(lines):
        at += 1
        if _TIMES.match(lines[at - 1]):
            start = at
            while at < len(lines) and lines[at].strip():
                at += 1
            yield start, at
