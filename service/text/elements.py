"""HTML's elements: which are blocks, which are void, and what they cost a parser."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final

import regex as re

BLOCKS: Final = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li"
    " main menu nav ol p pre search section summary table tbody tfoot thead tr ul".split()
)
VOID: Final = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source"
    " track wbr".split()
)
NEVER_NEST: Final = VOID | frozenset(
    "p li dt dd tr td th thead tbody tfoot option optgroup html head body"
    " script style textarea title".split()
)

# The parser's time grows with the square of the depth: 10 s for 100,000 open elements. Browsers
# stop nesting at 512.
MAX_DEPTH: Final = 2000
# It also grows with the square of one tag's attributes: 2 s for 20,000.
_MAX_ATTRIBUTES = 1000
# Formatting left open is repeated in every block after it: 28 kB become four million elements.
_MAX_REPEATS = 2_000_000
_MOST_REPEATS_OF_THE_SAME = 3

_FORMATTING: Final = frozenset("b big code em font i s small strike strong tt u".split())
# What only SVG and MathML have, and close by a slash.
_LEAVES: Final = frozenset("circle ellipse line mspace path polygon polyline rect stop use".split())
RAW: Final = frozenset("iframe noembed noframes noscript script style textarea title xmp".split())

_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>"'][^\s>]*+)?)?+"""
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_MARKUP = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|(?P<cdata><!\[CDATA\[)"
    r"|<(?:[!?]|/(?![a-z]))[^>]*+"
    rf"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*+)(?P<attributes>(?:[\s/]++|{_ATTRIBUTE})*+)",
    re.IGNORECASE | re.DOTALL,
)
_START = re.compile(r"<([a-z][a-z0-9-]*)", re.IGNORECASE)


def check_cost(html: str) -> None:
    """Raise ValueError for HTML that would keep a parser busy far longer than its length: elements
    nested deeper than 2,000, a tag of more than 1,000 attributes, or so much formatting left open
    (``<b>``) that repeating it in each block makes millions of elements.
    """
    _Cost().add(html)


class _Cost:
    """The open elements along a string, never fewer than a parser sees.

    Tags in comments and scripts do not count. Where it is unknown whether a parser sees a tag,
    start tags count, and end tags do not.
    """

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._depth = 0
        self._formatting: defaultdict[str, list[str]] = defaultdict(list)
        self._same: Counter[tuple[str, str]] = Counter()
        self._repeated = 0
        self._repeats = 0

    def add(self, html: str) -> None:
        position = 0
        while markup := _MARKUP.search(html, position):
            position = markup.end()
            if markup["name"]:
                self._pass_tag(markup["name"].lower(), markup["attributes"], bool(markup["end"]))
            stop = self._raw_stop(html, markup)
            if self._is_unsure(html[position:stop]):
                self._add_starts(html[position:])
                return
            position = stop

    def _raw_stop(self, html: str, markup: re.Match[str]) -> int:
        """Return where the raw text after a start tag ends, if it is a script or the like."""
        if markup["cdata"]:
            return _index(html, "]]>" if self._is_foreign else ">", markup.end())
        name = (markup["name"] or "").lower()
        if name not in RAW or markup["end"]:
            return markup.end()
        end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, markup.end())
        return end.start() if end else len(html)

    def _is_unsure(self, raw: str) -> bool:
        if self._is_foreign:
            return "<" in raw
        return "<!--" in raw and "<script" in raw.lower()

    @property
    def _is_foreign(self) -> bool:
        return bool(self._open["svg"] or self._open["math"])

    def _add_starts(self, html: str) -> None:
        for start in _START.finditer(html):
            self._pass_tag(start[1].lower(), "", False)

    def _pass_tag(self, name: str, attributes: str, is_end: bool) -> None:
        self._repeats += self._repeated
        if self._repeats > _MAX_REPEATS:
            raise ValueError("the HTML leaves too much formatting open")
        if is_end:
            self._close(name)
            return
        if len(attributes) > _MAX_ATTRIBUTES and _count(attributes) > _MAX_ATTRIBUTES:
            raise ValueError(f"an HTML tag has more than {_MAX_ATTRIBUTES} attributes")
        if name not in NEVER_NEST and not (name in _LEAVES and attributes.endswith("/")):
            self._enter(name, attributes)

    def _enter(self, name: str, attributes: str) -> None:
        self._open[name] += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ValueError(f"the HTML is nested deeper than {MAX_DEPTH} elements")
        if name in _FORMATTING:
            self._formatting[name].append(attributes)
            self._same[name, attributes] += 1
            self._repeated += self._same[name, attributes] <= _MOST_REPEATS_OF_THE_SAME

    def _close(self, name: str) -> None:
        if not self._open[name]:
            return
        self._open[name] -= 1
        self._depth -= 1
        if name in _FORMATTING:
            key = name, self._formatting[name].pop()
            self._repeated -= self._same[key] <= _MOST_REPEATS_OF_THE_SAME
            self._same[key] -= 1


def _count(attributes: str) -> int:
    return sum(1 for _ in _ATTRIBUTES.finditer(attributes))


def _index(text: str, end: str, start: int) -> int:
    found = text.find(end, start)
    return len(text) if found < 0 else found
