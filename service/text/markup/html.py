"""Parses HTML for translation.

The parser is lexbor (through selectolax), which the service uses already. It follows the standard
like browsers do, supports fragments such as ``<tr>`` without a table, and parses 2 MB in 70 ms.
Tags that the parser adds (``<head>``, ``<tbody>``, end tags) are removed again, and each tag keeps
its source text if :mod:`service.text.markup.originals` finds it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html import unescape
from typing import Final

import regex as re
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from service.text.elements import BLOCKS, VOID, check_cost
from service.text.markup.marks import (
    AttributeText,
    Marks,
    MarkupToken,
    Runs,
    Source,
    State,
    Tagging,
    has_letter,
    state_of,
)
from service.text.markup.originals import Originals, OtherTagsError, attributes_of
from service.text.markup.units import MarkupDocument

_SPLITTING: Final = BLOCKS | frozenset(
    "col colgroup frame frameset head optgroup option select td th title".split()
)
# Not prose, but part of a sentence.
_OPAQUE: Final = frozenset("code kbd samp var".split())
# Their content is kept. To the parser it is text, except for the last three.
_SEALED: Final = frozenset(
    "iframe noembed noframes noscript plaintext script style textarea xmp math svg template".split()
)
_SHOWN: Final = frozenset("math svg textarea".split())
_FOREIGN: Final = frozenset("math svg".split())
# The parser drops a line break right after these tags.
_LINE_BREAK_DROPPED: Final = frozenset("listing pre textarea".split())
_ATTRIBUTES: Final = frozenset("alt aria-label placeholder title".split())
# Their titles are names of style sheets.
_UNTITLED: Final = frozenset("link style".split())

# The marker of a footnote, which is not part of its sentence.
_NOTE = re.compile(r"\s*(?:[\[(（〔]\w{1,3}[\])）〕]|[*†‡§¶]+)\s*")
_DOCUMENT = re.compile(
    r"\ufeff?(?>\s+|<!--.*?-->|<\?[^>]*>)*+<(?:!doctype|html|head|body)(?=[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_HTML_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\xa0": "&nbsp;", "\r": "&#13;"}
)
_ATTRIBUTE_ESCAPES: Final = {**_HTML_ESCAPES, ord('"'): "&quot;"}
_ENTITY = re.compile("&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_NEVER_IN_HTML = re.compile("[\0\ud800-\udfff]")


def parse_html(html: str, tagging: Tagging = Tagging()) -> MarkupDocument:  # noqa: B008 - frozen
    """Parse a page, a fragment (also ``<li>`` or ``<tr>`` without their parents) or plain text with
    HTML escapes.

    A unit is a run of text and inline elements within one block, or the value of an ``alt``,
    ``title``, ``placeholder`` or ``aria-label``, or of a page's description. Not translated are
    scripts, ``pre``, ``textarea``, ``template``, elements that ``tagging`` ignores, and those
    marked by ``translate="no"`` or the class ``notranslate``, except inside of ``translate="yes"``.
    Tags keep their source text; broken HTML is returned in the form that browsers understand.
    Raises ValueError if the parser would take too long (see
    :func:`service.text.elements.check_cost`).
    """
    check_cost(html)
    try:
        marks = _read(html, tagging, Originals(html))
    except OtherTagsError:
        marks = _read(html, tagging, None)
    entities = _entities(html)
    return Runs(lambda text: _escape(text).translate(entities), _escape_attribute).build(marks)


def _entities(html: str) -> dict[int, str]:
    """The characters that ``html`` always writes as an entity (``&mdash;``, ``&#8364;``), so that
    translations do the same.
    """
    found = {
        ord(character): entity
        for entity in _ENTITY.findall(html)
        if len(character := unescape(entity)) == 1 and not character.isascii()
    }
    return {code: entity for code, entity in found.items() if chr(code) not in html}


def _read(html: str, tagging: Tagging, originals: Originals | None) -> list[MarkupToken]:
    """Raises:
    OtherTagsError: the parser's tags are not those of the ``originals``.
    """
    reader = _HtmlReader(tagging, originals)
    for node in _top_nodes(html):
        reader.read(node)
    return reader.finish()


def _top_nodes(html: str) -> Iterator[LexborNode]:
    is_page = _DOCUMENT.match(html) is not None
    # The first node of a fragment serializes all of its siblings, so put a comment first.
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
    """Converts nodes to marks, with the source text from ``originals`` if there are any."""

    def __init__(self, tagging: Tagging, originals: Originals | None) -> None:
        self._marks = Marks()
        self._tagging = tagging
        self._originals = originals

    def finish(self) -> list[MarkupToken]:
        """The marks of all nodes that were read."""
        if self._originals and (rest := self._originals.rest()):
            self._marks.add(MarkupToken("void", "#other", [rest]))
        return self._marks.all

    def read(self, top: LexborNode) -> None:
        """Read a tree. This does not recurse, as a page may be nested deeper than Python's
        stack.
        """
        stack: list[tuple[LexborNode, bool]] = [(top, False)]
        while stack:
            node, is_left = stack.pop()
            if is_left:
                name = node.tag or ""
                self._marks.close(
                    [self._originals.close(name) if self._originals else f"</{name}>"]
                )
            elif self._enter(node):
                stack.append((node, True))
                child = node.last_child
                while child is not None:
                    stack.append((child, False))
                    child = child.prev

    def _enter(self, node: LexborNode) -> bool:
        """Add the mark of a node; return whether it must be closed after its content."""
        if node.is_element_node:
            return self._enter_element(node)
        if node.is_text_node:
            text = node.text_content or ""
            written = _escape(text)
            if self._originals:
                written, text = self._originals.text(text)
            self._marks.add(MarkupToken("text", "#text", [written], text, self._marks.state))
        elif node.tag == "-doctype":
            doctype = (node.html_pretty(full_doctype=True) or "").strip()
            self._marks.add(MarkupToken("void", "#other", [self._other(doctype)], divides=True))
        else:
            name = "#comment" if node.is_comment_node else "#other"
            self._marks.add(MarkupToken("void", name, [self._other(node.html or "")]))
        return False

    def _other(self, html: str) -> str:
        return self._originals.other() if self._originals else html

    def _enter_element(self, node: LexborNode) -> bool:
        name, attributes = node.tag or "", node.attributes
        state = self._state(name, attributes)
        if name in _FOREIGN or (name == "sup" and _NOTE.fullmatch(node.text())):
            shown = node.text() if name in _FOREIGN else ""
            html = self._originals.whole(name) if self._originals else node.html or ""
            self._marks.add(MarkupToken("void", name, [html], shown))
            return False
        if name in _SEALED:
            self._marks.add(self._sealed(node, state))
            return False
        source = self._start_tag(name, attributes, state)
        divides = self._tagging.divides(name, usual=name in _SPLITTING)
        if name in VOID:
            self._marks.add(MarkupToken("void", name, source, divides=divides))
            return False
        if not self._originals and name in _LINE_BREAK_DROPPED and _starts_with_line_break(node):
            source.append("\n")
        self._marks.open(MarkupToken("open", name, source, state=state, divides=divides))
        return True

    def _state(self, name: str, attributes: dict[str, str | None]) -> State:
        inherited = self._marks.state
        if inherited is State.ON and name in _OPAQUE:
            inherited = State.OFF
        state = state_of(name, attributes, inherited, self._tagging.ignore)
        return State.SEALED if name in {"pre", "listing"} else state

    def _sealed(self, node: LexborNode, state: State) -> MarkupToken:
        name = node.tag or ""
        text = node.text() if name in _SHOWN else ""
        if self._originals:
            source = self._start_tag(name, node.attributes, state)
            return MarkupToken("void", name, [*source, self._originals.content(name)], text)
        source = self._start_tag(name, node.attributes, state)
        return MarkupToken("void", name, [*source, *_content(node, name)], text)

    def _start_tag(self, name: str, attributes: dict[str, str | None], state: State) -> Source:
        translated = _translated(name, attributes, state)
        if self._originals:
            return _with_texts(self._originals.open(name), translated)
        source: Source = [f"<{name}"]
        for attribute, value in attributes.items():
            if value is None:
                source.append(f" {attribute}")
            elif attribute in translated:
                source += [f' {attribute}="', AttributeText(value), '"']
            else:
                source.append(f' {attribute}="{_escape_attribute(value)}"')
        source.append(">")
        return source


def _translated(name: str, attributes: dict[str, str | None], state: State) -> dict[str, str]:
    """The attributes of an element that are translated, with their values."""
    if state is not State.ON or name in _UNTITLED:
        return {}
    names: Collection[str] = _ATTRIBUTES
    if name == "meta" and (attributes.get("name") or "").strip().lower() == "description":
        names = ("content",)
    return {
        attribute: value
        for attribute, value in attributes.items()
        if attribute in names and value and has_letter(value)
    }


def _with_texts(tag: str, translated: dict[str, str]) -> Source:
    """The source text of a start tag, except the values that are translated."""
    source: Source = []
    at = 0
    left = dict(translated)
    for name, start, end in attributes_of(tag) if left else ():
        if name in left:  # of two attributes with the same name, the first counts
            source += [f'{tag[at:start]}"', AttributeText(left.pop(name)), '"']
            at = end
    source.append(tag[at:])
    return source


def _content(node: LexborNode, name: str) -> list[str]:
    """The content of an element that is kept, and its end tag."""
    if name == "template":
        content = "".join(part.html or "" for part in node.template_fragments()[:1])
    else:
        content = node.inner_html or ""
    if name in _LINE_BREAK_DROPPED and content.startswith("\n"):
        content = f"\n{content}"
    return [content, "" if name == "plaintext" else f"</{name}>"]


def _starts_with_line_break(node: LexborNode) -> bool:
    child = node.first_child
    return child is not None and child.is_text_node and (child.text_content or "").startswith("\n")


def _escape(text: str) -> str:
    return _NEVER_IN_HTML.sub("", text).translate(_HTML_ESCAPES)


def _escape_attribute(text: str) -> str:
    return _NEVER_IN_HTML.sub("", text).translate(_ATTRIBUTE_ESCAPES)
