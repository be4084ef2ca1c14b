"""The article of a web page, without what stands around it. trafilatura finds it; where it finds
none, all that a reader sees of the page is taken. It is imported with the first page: it would make
every start slower.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from service.documents.bylines import author_of
from service.documents.frames import article_frame
from service.documents.headlines import first_published, headline_of
from service.documents.model import Document
from service.documents.surroundings import article_lines
from service.text import html as visible

if TYPE_CHECKING:
    from configparser import ConfigParser

    from trafilatura.settings import Document as Extracted

_LEAST_LETTERS = 200
"""Less than this is a teaser or a notice: then the whole page is taken."""
_HAN = re.compile("[\u4e00-\u9fff]")
_LETTERS_OF_HAN = 3
_CHINESE = 0.3
"""The share of Chinese characters in the visible text of a Chinese page."""
_WHOLE: Final = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)
_HEAD_CHARACTERS: Final = 4096
_NEW_YEAR: Final = "-01-01"
"""How the search for dates ends a year that it found alone, in a copyright notice."""
_DAY_ONE: Final = re.compile(
    r"\b\d{4}(?:[-/.]0?1[-/.]0?1\b|年0?1月0?1日)|\b(?:Jan(?:uary|\.)? 1(?:st)?,|1(?:st)? Jan)"
)

# it tells of each page that it finds no article in
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def read_whole_page(html: str) -> Document | None:
    """Return the article of ``html`` if that is a whole page and does not say itself where its
    article is; None for a fragment, or for a page that does. What a Chinese page says is not
    trusted: portals mark up comments and lists of headlines as articles.

    Raises:
        ValueError: the markup would keep the parser busy too long.
    """
    if not _WHOLE.search(html[:_HEAD_CHARACTERS]):
        return None
    if visible.names_its_article(html) and not _is_chinese(visible.to_blocks(html)):
        return None
    return read_page(html)


def read_page(html: str, url: str = "") -> Document:
    """Extract the article. Navigation, notices about cookies, comments, "read more" and the teasers
    of other stories are left out, and so is what a browser does not show.

    Raises:
        ValueError: the markup would keep the parser busy too long.
    """
    shown = visible.without_hidden(html)
    blocks = visible.to_blocks(html)
    title = headline_of(shown, blocks)
    found = _extract(shown, url, precision=True) or _extract(shown, url)
    lines = (_lines(found) if found else []) or blocks
    if chinese := _is_chinese(blocks):
        lines = _framed_lines(shown) or lines
    article, head = article_lines(lines, title)
    author = (found.author if found else None) or ""
    if chinese and author and not _stands_before(author, article, shown):
        author = ""
    return Document(
        "\n".join(article),
        title or (found.title if found else None) or "",
        url,
        author_of([*head, *lines], [author]),
        _date(shown, found),
    )


def _framed_lines(shown: str) -> list[str]:
    frame = article_frame(shown)
    found = frame and _extract(f"<html><body><article>{frame}</article></body></html>")
    return _lines(found) if found else []


def _lines(found: Extracted) -> list[str]:
    """The lines of the article, none if it is too short to be one."""
    text = found.text or ""
    return text.splitlines() if _letters(text) >= _LEAST_LETTERS else []


def _extract(html: str, url: str = "", *, precision: bool = False) -> Extracted | None:
    from trafilatura import bare_extraction
    from trafilatura.settings import Document as Extracted

    options: dict[str, Any] = {"favor_precision": precision, "config": _settings()}
    found = bare_extraction(
        html,
        url=url or None,
        include_comments=False,
        include_tables=False,
        # it remembers what it has seen in the process: the third time a page is read, it would
        # take an article's sentences for repeated ones
        deduplicate=False,
        with_metadata=True,
        **options,
    )
    return found if isinstance(found, Extracted) else None


@cache
def _settings() -> ConfigParser:
    from trafilatura.settings import use_config

    settings = use_config()
    # in characters of any language: Chinese says in these what English says in its 250
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", "80")
    return settings


def _is_chinese(blocks: Iterable[str]) -> bool:
    text = "".join(blocks)
    return len(_HAN.findall(text)) >= _CHINESE * max(1, len(text))


def _letters(text: str) -> int:
    """How long the text is in letters; a Chinese character says as much as three."""
    return len(text) + (_LETTERS_OF_HAN - 1) * len(_HAN.findall(text))


def _stands_before(author: str, article: list[str], html: str) -> bool:
    """Whether the page names the author above the article: below it, readers' comments have authors
    too.
    """
    place, body = html.find(author), html.find(article[0][:20]) if article else -1
    return place >= 0 and (body < 0 or place < body)


def _date(html: str, found: Extracted | None) -> str:
    """The day of publication, as YYYY-MM-DD; empty if the page does not tell it."""
    if declared := first_published(html):
        return declared
    date = (found.date if found else None) or ""
    return "" if date.endswith(_NEW_YEAR) and not _DAY_ONE.search(html) else date
