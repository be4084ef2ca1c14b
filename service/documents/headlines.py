"""What a page declares of its article: the headline, without the names of the site and its
sections around it, and the day of its first publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from service.text import html as visible

_LEAST: Final = 6
_LONGEST: Final = 500
_LEAST_SHARE: Final = 0.3
"""The headline's least share of what the page calls itself."""
_SPACES: Final = re.compile(r"\s+")
_SITE: Final = re.compile(
    r"(?:\s*[_|｜»]\s*|\s+[-–—·]\s+|--+|(?<=[\u3000-\u9fff？！”])[-–—](?=[^-–—]{2,20}$))"
)
"""What stands between a headline and the name of the site."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_DECLARED: Final = ("ArticleTitle", "headline", "parsely-title")
"""Names of ``meta`` elements with the headline alone; the first is the Chinese administration's."""


def headline_of(html: str, blocks: Iterable[str]) -> str:
    """Return the headline of the page ``html``, whose visible text is in ``blocks``; empty if it
    has none. Raises ValueError as :func:`service.text.html.to_blocks` does.
    """
    page = LexborHTMLParser(html)
    for name in _DECLARED:
        for node in page.css(f'meta[name="{name}" i]'):
            if declared := _one_line(node.attributes.get("content") or ""):
                return declared
    named = page.css_first("head > title") or page.css_first("title")
    called = _one_line(named.text())[:_LONGEST] if named else ""
    shown = [line for block in blocks if len(line := _one_line(block)) >= _LEAST]
    # the headline stands in the page's name, and on the page
    inside = [line for line in shown if line in called and len(line) >= _LEAST_SHARE * len(called)]
    if inside:
        return max(inside, key=len)
    title = visible.title(html) or ""
    return _without_site(title) if title == called else title


def first_published(html: str) -> str:
    """Return the day in a ``meta`` element of the Chinese administration's, which the search for
    dates does not know, as YYYY-MM-DD; empty if there is none.
    """
    for node in LexborHTMLParser(html).css('meta[name*="publish" i]'):
        if found := _DAY.match(node.attributes.get("content") or ""):
            return found[0]
    return ""


def _without_site(title: str) -> str:
    head = _SITE.split(title)[0].strip()
    return head if len(head) >= _LEAST else title


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
