"""The headline of a page, without the names of the site and its sections around it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from service.text import html as visible

_LEAST: Final = 6
_LEAST_SHARE: Final = 0.3
"""The headline's least share of what the page calls itself."""
_SPACES: Final = re.compile(r"\s+")
_SITE: Final = re.compile(
    r"(?:\s*[_|｜»]\s*|\s+[-–—·]\s+|--+|(?<=[\u3000-\u9fff？！”])[-–—](?=[^-–—]{2,20}$))"
)
"""What stands between a headline and the name of the site."""
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
    called = _one_line(named.text()) if named else ""
    shown = [line for block in blocks if len(line := _one_line(block)) >= _LEAST]
    # the headline stands in the page's name, and on the page
    inside = [line for line in shown if line in called and len(line) >= _LEAST_SHARE * len(called)]
    if inside:
        return max(inside, key=len)
    title = visible.title(html) or ""
    return _without_site(title) if title == called else title


def _without_site(title: str) -> str:
    head = _SITE.split(title)[0].strip()
    return head if len(head) >= _LEAST else title


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
