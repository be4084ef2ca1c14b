"""Parses XML for translation, with expat of the standard library. Its byte offsets give the source
text of every tag.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from xml.parsers.expat import ErrorString

import regex as re

from service.text.markup.marks import Marks, MarkupToken, Runs, Source, Tagging, state_of
from service.text.markup.units import MarkupDocument

_XML_PROLOG = re.compile(
    r"\ufeff?(?:\s*+<\?xml\s[^>]*>)?+(?>\s+|<!--.*?-->|<!DOCTYPE[^\[>]*>)*+", re.DOTALL
)
_ROOT = "jianbao"

_XML_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_NEVER_IN_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse_xml(xml: str, tagging: Tagging = Tagging()) -> MarkupDocument:  # noqa: B008 - frozen
    """Parse an XML document, or a fragment with any number of roots.

    An element that contains only elements divides units, and so do its children; all others are
    inline, unless ``tagging`` says otherwise. Attributes are not translated. ``translate="no"``
    works as in :func:`parse_html`; names are case-sensitive. Raises ValueError if the XML is not
    well-formed or declares entities.
    """
    return Runs(_escape_xml, _escape_xml).build(_XmlReader(xml, tagging).read())


@dataclass(slots=True, eq=False)
class _Level:
    """An open XML element and what it contains."""

    mark: MarkupToken
    children: list[MarkupToken] = field(default_factory=list)
    has_text: bool = False


class _XmlReader:
    """Converts expat's events to marks, with the bytes of their source."""

    def __init__(self, xml: str, tagging: Tagging) -> None:
        prolog = _XML_PROLOG.match(xml)
        start = prolog.end() if prolog else 0
        self._bytes = f"<{_ROOT}>{xml[start:]}</{_ROOT}>".encode("utf-8", "replace")
        self._tagging = tagging
        self._marks = Marks()
        self._marks.add(MarkupToken("void", "#other", [xml[:start]], divides=True))
        self._levels: list[_Level] = []
        self._source: Source = []
        self._start = 0
        self._parser = expat.ParserCreate("utf-8")

    def read(self) -> list[MarkupToken]:
        parser = self._parser
        parser.StartElementHandler = self._enter
        parser.EndElementHandler = self._leave
        parser.CharacterDataHandler = self._add_text
        parser.StartCdataSectionHandler = parser.EndCdataSectionHandler = self._add_text
        parser.CommentHandler = lambda _: self._add_void("#comment")
        parser.ProcessingInstructionHandler = lambda *_: self._add_void("#other")
        try:
            parser.Parse(self._bytes, True)
        except expat.ExpatError as error:
            # without the position, which is wrong: the text was wrapped in an element
            raise ValueError(f"the XML is not well-formed: {ErrorString(error.code)}") from None
        return self._marks.all

    def _new_source(self) -> Source:
        """The source text from here to the next event."""
        here = self._parser.CurrentByteIndex
        self._source.append(self._bytes[self._start : here].decode())
        self._source, self._start = [], here
        return self._source

    def _enter(self, name: str, attributes: dict[str, str]) -> None:
        source = self._new_source()
        if not self._levels:
            self._levels.append(_Level(MarkupToken("open", _ROOT, [])))
            return
        state = state_of(name, {**attributes}, self._marks.state, self._tagging.ignore)
        mark = MarkupToken(
            "open", name, source, state=state, divides=name in self._tagging.splitting
        )
        self._levels[-1].children.append(mark)
        self._levels.append(_Level(mark))
        self._marks.open(mark)

    def _leave(self, _: str) -> None:
        level = self._levels.pop()
        if not self._levels:
            self._new_source().clear()
        elif self._marks.all[-1] is level.mark:
            self._marks.close_empty()
            return
        else:
            self._marks.close(self._new_source())
        if level.children and not level.has_text and self._tagging.outline:
            for mark in (level.mark, *level.children):
                if self._tagging.divides(mark.name, usual=True):
                    mark.divides = True
                    self._marks.divide()

    def _add_text(self, text: str = "") -> None:
        self._levels[-1].has_text |= bool(text.strip())
        self._marks.add(MarkupToken("text", "#text", self._new_source(), text, self._marks.state))

    def _add_void(self, name: str) -> None:
        self._marks.add(MarkupToken("void", name, self._new_source()))


def _escape_xml(text: str) -> str:
    return _NEVER_IN_XML.sub("", text).translate(_XML_ESCAPES)
