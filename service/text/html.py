"""Reduces a web page to its visible text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from service.text.cleaning import clean
from service.text.elements import BLOCKS, MAX_DEPTH, NEVER_NEST, check_cost

# Never part of the text, wherever they occur; the second line has controls, fallbacks and ruby.
_DROPPED: Final = frozenset(
    "script style template noscript iframe object embed applet svg head title"
    " select textarea datalist audio video canvas rp rt".split()
)
# Around the article rather than in it.
_SURROUNDINGS: Final = frozenset("nav footer aside form button dialog menu".split())
_SECTIONS: Final = frozenset("article main section".split())
_LAYOUT = "table, p ~ p, div ~ div, h1, h2, h3, h4, ul, ol"
_CELL_SEPARATOR = " | "
_HIDING_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|opacity\s*:\s*0*\.?0+%?|font-size\s*:\s*0*\.?0+[a-z%]*)\s*(?:!important\s*)?(?:;|$)",
    re.IGNORECASE,
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")


class _Step(Enum):
    ENTER = 1
    LEAVE = 2


def to_blocks(html: str) -> list[str]:
    """Reduce a page or a fragment to its visible text, block by block, in reading order.

    If the page has exactly one ``article``, or else one ``main``, only that is read. Navigation,
    asides, forms, buttons, footers and the site's header are left out unless the page has nothing
    else. Each heading, paragraph, list item and caption is a block, and so is a table row, with
    its cells divided by `` | ``. What a browser does not show (scripts, comments, templates,
    ``hidden``, ``aria-hidden``, ``display: none``) is dropped, as instructions to a model could
    hide there. ``br`` breaks the line, and two of them end the block.

    Blocks are clean (see :func:`service.text.cleaning.clean`) and not empty. Broken HTML is read
    as browsers read it; elements nested deeper than 2,000 are unwrapped. Raises ValueError if the
    parser would take too long all the same (see :func:`service.text.elements.check_cost`).
    """
    page = _parse(html)
    if page.body is None:
        return []
    for root in (*_main_content(page), page.body):
        for left_out in (_SURROUNDINGS, frozenset[str]()):
            blocks = _Blocks(root, left_out).read()
            if blocks:
                return blocks
    return []


def names_its_article(html: str) -> bool:
    """Whether the page has exactly one ``article``, or else one ``main``. Raises ValueError as
    :func:`to_blocks` does.
    """
    return bool(_main_content(_parse(html)))


def title(html: str) -> str | None:
    """The page's title on one line, or None: the article's ``h1``, else the page's only one, else
    ``og:title``, else ``title``. Raises ValueError as :func:`to_blocks` does.
    """
    page = _parse(html)
    headings = [node for root in _main_content(page) for node in root.css("h1")] or page.css("h1")
    candidates = [_inline_text(headings[0])] if len(headings) == 1 else []
    candidates += [
        node.attributes.get("content") or "" for node in page.css("meta[property='og:title']")
    ]
    candidates += [node.text() for node in page.css("head > title, body > title")]
    return next((line for line in map(_one_line, candidates) if line), None)


def _inline_text(heading: LexborNode) -> str:
    return " ".join(_Blocks(heading, frozenset()).read())


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", clean(text))


def _parse(html: str) -> LexborHTMLParser:
    bounded = _bounded(_SURROGATES.sub(" ", html))
    check_cost(bounded)
    return LexborHTMLParser(bounded)


def _bounded(html: str) -> str:
    """Rename elements beyond the depth limit to a void one, so that they no longer nest."""
    depth = 0

    def bound(tag: re.Match[str]) -> str:
        nonlocal depth
        closing, name = tag.groups()
        if name.lower() in NEVER_NEST:
            return tag[0]
        depth = max(0, depth - 1) if closing else depth + 1
        beyond = depth >= MAX_DEPTH if closing else depth > MAX_DEPTH
        return f"<{closing}wbr" if beyond else tag[0]

    return _TAG.sub(bound, html)


def _main_content(page: LexborHTMLParser) -> list[LexborNode]:
    for name in ("article", "main"):
        found = page.css(name)
        if len(found) == 1:
            return found
    return []


class _Blocks:
    """One pass over a part of the page, without the elements that ``left_out`` names."""

    def __init__(self, root: LexborNode, left_out: frozenset[str]) -> None:
        self._root = root
        self._left_out = left_out
        self._blocks: list[str] = []
        self._parts: list[str] = []
        self._preformatted = 0
        self._sections = 0
        self._in_row = False

    def read(self) -> list[str]:
        for step, node in _walk(self._root, self._is_unread):
            if node.is_text_node:
                if step is _Step.ENTER:
                    self._add_text(node.text_content or "")
            else:
                self._pass_tag(step, node)
        self._end_block()
        return self._blocks

    def _is_unread(self, node: LexborNode) -> bool:
        if _is_hidden(node):
            return True
        if not self._left_out:
            return False
        return node.tag in self._left_out or (node.tag == "header" and not self._sections)

    def _add_text(self, text: str) -> None:
        self._parts.append(text if self._preformatted else _SPACES.sub(" ", text))

    def _pass_tag(self, step: _Step, node: LexborNode) -> None:
        deeper = 1 if step is _Step.ENTER else -1
        if node.tag == "pre":
            self._preformatted += deeper
        elif node.tag in _SECTIONS:
            self._sections += deeper
        if node.tag == "tr":
            self._end_block()
            self._in_row = step is _Step.ENTER and node.css_first(_LAYOUT) is None
        elif node.tag in {"td", "th"} and step is _Step.ENTER:
            self._begin_cell()
        elif node.tag == "br" and step is _Step.ENTER:
            self._parts.append(" " if self._in_row else "\n")
        elif node.tag in BLOCKS:
            self._end_paragraph()

    def _begin_cell(self) -> None:
        if not self._in_row:
            self._end_block()
        elif self._parts:
            self._parts.append(_CELL_SEPARATOR)

    def _end_paragraph(self) -> None:
        if self._in_row:
            self._parts.append(" ")
        else:
            self._end_block()

    def _end_block(self) -> None:
        text = clean("".join(self._parts))
        self._parts.clear()
        if self._in_row:
            text = text.strip(_CELL_SEPARATOR).replace("\n", " ")
        self._blocks += filter(None, text.split("\n\n"))


def _walk(
    root: LexborNode, is_unread: Callable[[LexborNode], bool]
) -> Iterator[tuple[_Step, LexborNode]]:
    """Enter and leave every node, except in elements that are not read. This does not recurse, as a
    page may be nested deeper than Python's stack.
    """
    stack: list[tuple[_Step, LexborNode]] = [(_Step.ENTER, root)]
    while stack:
        step, node = stack.pop()
        if step is _Step.LEAVE:
            yield step, node
            continue
        if node.is_comment_node or (node.is_element_node and is_unread(node)):
            continue
        yield step, node
        stack.append((_Step.LEAVE, node))
        child = node.last_child
        while child is not None:
            stack.append((_Step.ENTER, child))
            child = child.prev


def without_hidden(html: str) -> str:
    """Return the page without the elements that a browser does not show, by the rules of
    :func:`to_blocks`, but with the metadata in its head and scripts. Raises ValueError likewise.
    """
    page = _parse(html)
    for node in page.css("[hidden], [aria-hidden], [style], template, noscript"):
        if node.tag in {"template", "noscript"} or (node.tag not in _DROPPED and _is_hidden(node)):
            node.decompose()
    return page.html or ""


def _is_hidden(node: LexborNode) -> bool:
    if node.tag in _DROPPED:
        return True
    if node.tag == "body":
        return False  # pages that show themselves by script hide it at first
    attributes = node.attributes
    return (
        "hidden" in attributes
        or (attributes.get("aria-hidden") or "").strip().lower() == "true"
        or _HIDING_STYLE.search(attributes.get("style") or "") is not None
    )
