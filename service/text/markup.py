"""HTML and XML taken apart for translation, so that only text can change.

A string becomes *units*, the runs of text that are translated one at a time, and everything
between them, which comes back as it stood. A translation is text and stays text: it is escaped on
its way in, and has no way to add, drop, move or change a tag.

HTML is parsed by lexbor (through selectolax), which is here already, follows the standard as
browsers do, knows fragments such as ``<tr>`` without a table, and takes 2 MB in 70 ms. XML is
parsed by expat, of the standard library, whose byte offsets leave every tag as it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal
from xml.parsers import expat
from xml.parsers.expat import ErrorString

import regex as re
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from service.text.elements import BLOCKS, VOID, check_cost

_SPLITTING: Final = BLOCKS | frozenset(
    "col colgroup frame frameset head optgroup option select td th title".split()
)
# Not prose, but a part of the sentence that they stand in.
_OPAQUE: Final = frozenset("code kbd samp var".split())
# Never looked into. Their content is text to the parser, but for the last three.
_SEALED: Final = frozenset(
    "iframe noembed noframes noscript plaintext script style textarea xmp math svg template".split()
)
_SHOWN: Final = frozenset("math svg textarea".split())
_FOREIGN: Final = frozenset("math svg".split())
# The parser drops a line break right after these tags.
_LINE_BREAK_DROPPED: Final = frozenset("listing pre textarea".split())
_ATTRIBUTES: Final = frozenset("alt aria-label placeholder title".split())
# Their titles name style sheets.
_UNTITLED: Final = frozenset("link style".split())

_DOCUMENT = re.compile(
    r"\ufeff?(?>\s+|<!--.*?-->|<\?[^>]*>)*+<(?:!doctype|html|head|body)(?=[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_XML_PROLOG = re.compile(
    r"\ufeff?(?:\s*+<\?xml\s[^>]*>)?+(?>\s+|<!--.*?-->|<!DOCTYPE[^\[>]*>)*+", re.DOTALL
)
_ROOT = "jianbao"

_HTML_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\xa0": "&nbsp;", "\r": "&#13;"}
)
_ATTRIBUTE_ESCAPES: Final = {**_HTML_ESCAPES, ord('"'): "&quot;"}
_XML_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_NEVER_IN_HTML = re.compile("[\0\ud800-\udfff]")
_NEVER_IN_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Kind = Literal["open", "close", "void"]


@dataclass(frozen=True, slots=True)
class Tag:
    """An inline tag, or what takes the place of one.

    ``name`` is the element's (in lower case but for XML's), ``#comment``, ``#text`` for words that
    stay as they are, or ``#other``. ``void`` stands for itself, with no tag that closes it:
    ``<br>``, a comment, a whole ``<code>…</code>``; ``text`` is what a reader sees there.
    """

    name: str
    kind: Kind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is translated at once: ``texts[0] tags[0] texts[1] … tags[k-1] texts[k]``.

    ``texts`` are plain, not escaped, with the white space of the source. Each ``open`` tag has its
    ``close`` tag in the same unit.
    """

    texts: tuple[str, ...]
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class _Gap:
    """Where the text of a unit goes."""

    unit: int
    index: int
    escape: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Value:
    """An attribute's value that is to be a unit."""

    text: str


_Source = list[str | _Value]


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed string. ``units`` stand in its order, the attributes of a unit's tags after it.

    Text without a letter is in no unit, nor are tags that only wrap a unit's text
    (``<li><a>…</a></li>``) or stand empty at its ends (``<br>``).
    """

    units: tuple[Unit, ...]
    _pieces: tuple[str | _Gap, ...] = field(repr=False)

    def render(self, translations: Sequence[Sequence[str]]) -> str:
        """The document with new texts: for each unit as many as it has texts.

        White space at the two ends of a unit stays the source's. Raises ValueError if the shape of
        ``translations`` is not that of ``units``.
        """
        if len(translations) != len(self.units):
            raise ValueError(f"{len(self.units)} units, {len(translations)} translations")
        texts = [_fit(unit, new) for unit, new in zip(self.units, translations, strict=True)]
        return "".join(
            piece if isinstance(piece, str) else piece.escape(texts[piece.unit][piece.index])
            for piece in self._pieces
        )


def parse_html(html: str, ignore: Collection[str] = ()) -> Document:
    """Take apart a page, a fragment (also ``<li>`` or ``<tr>`` without their parents) or plain
    text with HTML's escapes.

    A unit is a run of text and inline elements within one block, or the value of an ``alt``,
    ``title``, ``placeholder`` or ``aria-label``, or of a page's description. Scripts, ``pre``,
    ``textarea``, ``template`` and what is named in ``ignore`` (in lower case) are left alone,
    and so is what ``translate="no"`` or the class ``notranslate`` marks, until
    ``translate="yes"``. Broken HTML comes back as browsers understand it. Raises ValueError if
    the parser would take too long (see :func:`service.text.elements.check_cost`).
    """
    check_cost(html)
    reader = _HtmlReader(frozenset(ignore))
    for node in _top_nodes(html):
        reader.read(node)
    return _Runs(_escape).build(reader.marks)


def parse_xml(xml: str, ignore: Collection[str] = ()) -> Document:
    """Take apart an XML document, or a fragment of one with any number of roots.

    An element that holds elements alone divides units, as do its children; every other is inline.
    No attribute is translated. ``translate="no"`` and ``ignore`` act as in :func:`parse_html`;
    names keep their case. Raises ValueError if the XML is not well-formed or declares entities.
    """
    return _Runs(_escape_xml).build(_XmlReader(xml, frozenset(ignore)).read())


class _State(Enum):
    """What becomes of text: ``OFF`` until an element inside asks for translation."""

    ON = 1
    OFF = 2
    SEALED = 3


@dataclass(slots=True, eq=False)
class _Mark:
    """One step of the walk through a document: a tag, an element that stands for itself, a text.

    ``divides``: is, or holds, what no unit reaches across. ``translated``: holds text to be
    translated. ``end``: for an open tag, the index of its close tag.
    """

    kind: Literal["open", "close", "void", "text"]
    name: str
    source: _Source
    text: str = ""
    state: _State = _State.ON
    divides: bool = False
    translated: bool = False
    end: int = 0


class _Marks:
    """The marks of a document, written in order."""

    def __init__(self) -> None:
        self.all: list[_Mark] = []
        self._parents: list[_Mark] = []

    @property
    def state(self) -> _State:
        return self._parents[-1].state if self._parents else _State.ON

    def add(self, mark: _Mark) -> None:
        self.all.append(mark)
        if mark.divides:
            self.divide()

    def open(self, mark: _Mark) -> None:
        self.add(mark)
        if mark.state is _State.ON:
            self._translate()
            mark.translated = True
        self._parents.append(mark)

    def close(self, source: _Source) -> None:
        opened = self._parents.pop()
        opened.end = len(self.all)
        self.all.append(_Mark("close", opened.name, source, state=opened.state))

    def close_empty(self) -> None:
        """Let the element that was just opened stand for itself."""
        self._parents.pop().kind = "void"

    def divide(self) -> None:
        """No unit reaches across this place, nor across the elements around it."""
        for parent in reversed(self._parents):
            if parent.divides:
                break
            parent.divides = True

    def _translate(self) -> None:
        for parent in reversed(self._parents):
            if parent.translated:
                break
            parent.translated = True


def _state(
    name: str, attributes: dict[str, str | None], inherited: _State, ignore: frozenset[str]
) -> _State:
    if inherited is _State.SEALED or name in ignore:
        return _State.SEALED
    wish = (attributes.get("translate", "?") or "yes").strip().lower()
    if wish in {"yes", "no"}:
        return _State.ON if wish == "yes" else _State.OFF
    if "notranslate" in (attributes.get("class") or "").split():
        return _State.OFF
    return inherited


def _top_nodes(html: str) -> Iterator[LexborNode]:
    is_page = _DOCUMENT.match(html) is not None
    # A fragment's first node writes all of its siblings; let a comment be the first.
    source = html if is_page else f"<!---->{html}"
    parser = LexborHTMLParser(
        source.encode("utf-8", "replace"),
        is_fragment=not is_page,
        fragment_tag="template",
        options=LexborDocumentOptions.WO_EVENTS,
        scripting=True,  # as in browsers, noscript is text
    )
    root = parser.root
    if root is None:
        return
    document = root.parent
    node = document.first_child if is_page and document is not None else root.next
    while node is not None:
        yield node
        node = node.next


class _HtmlReader:
    """Turns nodes into marks."""

    def __init__(self, ignore: frozenset[str]) -> None:
        self._marks = _Marks()
        self._ignore = ignore

    @property
    def marks(self) -> list[_Mark]:
        return self._marks.all

    def read(self, top: LexborNode) -> None:
        """Without recursion: a page may be nested deeper than Python's stack."""
        stack: list[tuple[LexborNode, bool]] = [(top, False)]
        while stack:
            node, is_left = stack.pop()
            if is_left:
                self._marks.close([f"</{node.tag}>"])
            elif self._enter(node):
                stack.append((node, True))
                child = node.last_child
                while child is not None:
                    stack.append((child, False))
                    child = child.prev

    def _enter(self, node: LexborNode) -> bool:
        """Mark a node; whether it is to be closed after what it holds."""
        if node.is_element_node:
            return self._enter_element(node)
        if node.is_text_node:
            text = node.text_content or ""
            self._marks.add(_Mark("text", "#text", [_escape(text)], text, self._marks.state))
        elif node.tag == "-doctype":
            doctype = (node.html_pretty(full_doctype=True) or "").strip()
            self._marks.add(_Mark("void", "#other", [doctype], divides=True))
        else:
            name = "#comment" if node.is_comment_node else "#other"
            self._marks.add(_Mark("void", name, [node.html or ""]))
        return False

    def _enter_element(self, node: LexborNode) -> bool:
        name, attributes = node.tag or "", node.attributes
        state = self._state(name, attributes)
        if name in _FOREIGN:
            self._marks.add(_Mark("void", name, [node.html or ""], node.text()))
            return False
        source = self._start_tag(name, attributes, state)
        divides = name in _SPLITTING
        if name in VOID:
            self._marks.add(_Mark("void", name, source, divides=divides))
        elif name in _SEALED:
            self._marks.add(_sealed(node, name, source))
        else:
            if name in _LINE_BREAK_DROPPED and _starts_with_line_break(node):
                source.append("\n")
            self._marks.open(_Mark("open", name, source, state=state, divides=divides))
            return True
        return False

    def _state(self, name: str, attributes: dict[str, str | None]) -> _State:
        inherited = self._marks.state
        if inherited is _State.ON and name in _OPAQUE:
            inherited = _State.OFF
        state = _state(name, attributes, inherited, self._ignore)
        return _State.SEALED if name in {"pre", "listing"} else state

    def _start_tag(self, name: str, attributes: dict[str, str | None], state: _State) -> _Source:
        source: _Source = [f"<{name}"]
        translated = _translated_attributes(name, attributes) if state is _State.ON else ()
        for attribute, value in attributes.items():
            if value is None:
                source.append(f" {attribute}")
            elif attribute in translated and _has_letter(value):
                source += [f' {attribute}="', _Value(value), '"']
            else:
                source.append(f' {attribute}="{_escape_attribute(value)}"')
        source.append(">")
        return source


def _translated_attributes(name: str, attributes: dict[str, str | None]) -> Collection[str]:
    if name in _UNTITLED:
        return ()
    if name == "meta" and (attributes.get("name") or "").strip().lower() == "description":
        return ("content",)
    return _ATTRIBUTES


def _sealed(node: LexborNode, name: str, source: _Source) -> _Mark:
    if name == "template":
        content = "".join(part.html or "" for part in node.template_fragments()[:1])
    else:
        content = node.inner_html or ""
    if name in _LINE_BREAK_DROPPED and content.startswith("\n"):
        content = f"\n{content}"
    end = "" if name == "plaintext" else f"</{name}>"
    return _Mark("void", name, [*source, content, end], node.text() if name in _SHOWN else "")


def _starts_with_line_break(node: LexborNode) -> bool:
    child = node.first_child
    return child is not None and child.is_text_node and (child.text_content or "").startswith("\n")


@dataclass(slots=True, eq=False)
class _Level:
    """An open XML element: what it holds."""

    mark: _Mark
    children: list[_Mark] = field(default_factory=list)
    has_text: bool = False


class _XmlReader:
    """Turns expat's events into marks, each with the bytes that it was written with."""

    def __init__(self, xml: str, ignore: frozenset[str]) -> None:
        prolog = _XML_PROLOG.match(xml)
        start = prolog.end() if prolog else 0
        self._bytes = f"<{_ROOT}>{xml[start:]}</{_ROOT}>".encode("utf-8", "replace")
        self._ignore = ignore
        self._marks = _Marks()
        self._marks.add(_Mark("void", "#other", [xml[:start]], divides=True))
        self._levels: list[_Level] = []
        self._source: _Source = []
        self._start = 0
        self._parser = expat.ParserCreate("utf-8")

    def read(self) -> list[_Mark]:
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
            # not its place: the parser was given the text within an element
            raise ValueError(f"the XML is not well-formed: {ErrorString(error.code)}") from None
        return self._marks.all

    def _new_source(self) -> _Source:
        """What is written from here to the next event."""
        here = self._parser.CurrentByteIndex
        self._source.append(self._bytes[self._start : here].decode())
        self._source, self._start = [], here
        return self._source

    def _enter(self, name: str, attributes: dict[str, str]) -> None:
        source = self._new_source()
        if not self._levels:
            self._levels.append(_Level(_Mark("open", _ROOT, [])))
            return
        state = _state(name, {**attributes}, self._marks.state, self._ignore)
        mark = _Mark("open", name, source, state=state)
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
        if level.children and not level.has_text:
            for mark in (level.mark, *level.children):
                mark.divides = True
            self._marks.divide()

    def _add_text(self, text: str = "") -> None:
        self._levels[-1].has_text |= bool(text.strip())
        self._marks.add(_Mark("text", "#text", self._new_source(), text, self._marks.state))

    def _add_void(self, name: str) -> None:
        self._marks.add(_Mark("void", name, self._new_source()))


class _Runs:
    """Joins marks into units, and what is in no unit into pieces that stay."""

    def __init__(self, escape: Callable[[str], str]) -> None:
        self._escape = escape
        self._units: list[Unit] = []
        self._pieces: list[str | _Gap] = []
        self._run = _Run()

    def build(self, marks: list[_Mark]) -> Document:
        index = 0
        while index < len(marks):
            mark = marks[index]
            index += 1
            if mark.kind == "open" and not mark.translated:
                mark, index = _whole(marks[index - 1 : mark.end + 1]), mark.end + 1
            elif mark.kind == "open":
                marks[mark.end].divides = mark.divides
            self._add(mark)
        self._end_run()
        return Document(tuple(self._units), tuple(self._pieces))

    def _add(self, mark: _Mark) -> None:
        if mark.divides:
            self._end_run()
            self._keep(mark.source)
        elif mark.kind == "text" and mark.state is _State.ON:
            self._run.add_text(mark)
        else:
            kind = "void" if mark.kind == "text" else mark.kind
            self._run.add_tag(Tag(mark.name, kind, mark.text), mark.source)

    def _keep(self, source: _Source) -> None:
        for part in source:
            if isinstance(part, str):
                self._pieces.append(part)
            else:
                self._pieces.append(_Gap(len(self._units), 0, _escape_attribute))
                self._units.append(Unit((part.text,)))

    def _end_run(self) -> None:
        run = self._run
        if not run.tags and not run.texts[0]:
            return
        self._run = _Run()
        start, end = run.core()
        unit = Unit(tuple(map("".join, run.texts[start : end + 1])), tuple(run.tags[start:end]))
        gaps = range(start, end + 1) if any(map(_has_letter, unit.texts)) else range(0)
        number = len(self._units)
        self._units += [unit] if gaps else []
        for index, source in enumerate(run.sources):
            gap, is_tag = divmod(index, 2)
            if is_tag or gap not in gaps:
                self._keep(source)
            else:
                self._pieces.append(_Gap(number, gap - start, self._escape))


class _Run:
    """Texts and tags in turn. ``sources`` holds those of both, a text's first and last."""

    def __init__(self) -> None:
        self.texts: list[list[str]] = [[]]
        self.tags: list[Tag] = []
        self.sources: list[_Source] = [[]]

    def add_text(self, mark: _Mark) -> None:
        self.texts[-1].append(mark.text)
        self.sources[-1] += mark.source

    def add_tag(self, tag: Tag, source: _Source) -> None:
        self.tags.append(tag)
        self.texts.append([])
        self.sources += [source, []]

    def core(self) -> tuple[int, int]:
        """The first and the last text without the tags that only wrap them or stand empty there."""
        start, end = 0, len(self.tags)
        partners = self._partners()
        while start < end:
            first, last = self.tags[start], self.tags[end - 1]
            if self._is_blank(start) and _is_empty(first):
                start += 1
            elif self._is_blank(end) and _is_empty(last):
                end -= 1
            elif self._is_blank(start) and self._is_blank(end) and partners.get(start) == end - 1:
                start, end = start + 1, end - 1
            else:
                break
        return start, end

    def _is_blank(self, index: int) -> bool:
        return not "".join(self.texts[index]).strip()

    def _partners(self) -> dict[int, int]:
        partners: dict[int, int] = {}
        opened: list[int] = []
        for index, tag in enumerate(self.tags):
            if tag.kind == "open":
                opened.append(index)
            elif tag.kind == "close":
                partners[opened.pop()] = index
        return partners


def _whole(marks: list[_Mark]) -> _Mark:
    """One mark for an element of which nothing is translated."""
    first = marks[0]
    source = [piece for mark in marks for piece in mark.source]
    text = "".join(mark.text for mark in marks)
    return _Mark("void", first.name, source, text, first.state, first.divides)


def _is_empty(tag: Tag) -> bool:
    return tag.kind == "void" and not tag.text.strip()


def _fit(unit: Unit, translation: Sequence[str]) -> list[str]:
    """New texts with the white space that the source has at its two ends."""
    if isinstance(translation, str) or len(translation) != len(unit.texts):
        raise ValueError(f"a unit of {len(unit.texts)} texts, {len(translation)} in translation")
    first, last = unit.texts[0], unit.texts[-1]
    texts = list(translation)
    texts[0] = first[: len(first) - len(first.lstrip())] + texts[0].lstrip()
    texts[-1] = texts[-1].rstrip() + last[len(last.rstrip()) :]
    return texts


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def _escape(text: str) -> str:
    return _NEVER_IN_HTML.sub("", text).translate(_HTML_ESCAPES)


def _escape_attribute(text: str) -> str:
    return _NEVER_IN_HTML.sub("", text).translate(_ATTRIBUTE_ESCAPES)


def _escape_xml(text: str) -> str:
    return _NEVER_IN_XML.sub("", text).translate(_XML_ESCAPES)
