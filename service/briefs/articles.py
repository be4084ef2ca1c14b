"""Turning what a client sent into an :class:`~service.briefs.model.Article`. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from service.briefs.model import Article, ArticleField
from service.errors import InvalidInput, TextTooLong, TextTooShort
from service.text import html as pages
from service.text.cleaning import clean

TITLE_CHARACTERS = 500
"""Longest text that is taken for the title of a page."""

Source = Literal["auto", "en", "zh"]

_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_ZH_ENDED = re.compile(r"[。！？…；：][”’」』）]*$")
# columns that mail programs and editors wrap English at
_WRAPPED = range(45, 101)
_LONGEST_WORD = 16
"""How many characters longer the last line of a wrapped paragraph may be than the others."""


def from_text(
    text: str,
    *,
    limit: int,
    title: str | None = None,
    source: Source = "auto",
    field: ArticleField = "text",
) -> Article:
    """Read plain text. Each line is a block, except in paragraphs that were wrapped at a column.
    ``field`` is the request field that it came from.

    Raises:
        TextTooShort: the text holds only white space and invisible characters.
        TextTooLong: it has more than ``limit`` characters.
    """
    blocks = tuple(_blocks(clean(text)))
    return _checked(Article(blocks, _one_line(title), source, field, text), limit)


def from_html(
    html: str, *, limit: int, title: str | None = None, source: Source = "auto"
) -> Article:
    """Read a page or a fragment: its visible text and, unless ``title`` is given, its own title.

    Raises:
        TextTooShort: the page has no visible text.
        TextTooLong: its visible text has more than ``limit`` characters.
        InvalidInput: its markup would take too long to parse.
    """
    try:
        blocks = tuple(pages.to_blocks(html))
        found = _one_line(title) or _one_line(pages.title(html))
    except ValueError as error:
        raise InvalidInput(str(error), field="html") from None
    believed = found if found and len(found) <= TITLE_CHARACTERS else None
    return _checked(Article(blocks, believed, source, "html"), limit)


def from_page(
    text: str, *, limit: int, title: str | None = None, source: Source = "auto"
) -> Article:
    """Read the ``text`` that was extracted from a whole page, a block a line.

    Raises:
        TextTooShort: it holds only white space and invisible characters.
        TextTooLong: it has more than ``limit`` characters.
    """
    blocks = tuple(line for line in clean(text).split("\n") if line)
    believed = title if title and len(title) <= TITLE_CHARACTERS else None
    return _checked(Article(blocks, _one_line(believed), source, "html"), limit)


def most_characters(text: str, html: str) -> int:
    """Return an upper bound of an article's characters without parsing it: those of ``text``, and
    those of ``html`` outside tags. A character that Unicode normalization expands counts once.
    """
    return len(text) + len(_TAG.sub("", html))


def _checked(article: Article, limit: int) -> Article:
    characters = sum(map(len, article.blocks))
    if not characters:
        raise TextTooShort("there is no text to summarize", field=article.field)
    if characters > limit:
        raise TextTooLong(
            f"the article has {characters} characters; at most {limit} are accepted",
            field=article.field,
        )
    return article


def _blocks(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        lines = _unbroken([line for line in paragraph.split("\n") if line])
        if _is_wrapped(lines):
            yield " ".join(lines)
        else:
            yield from lines


def _unbroken(lines: list[str]) -> list[str]:
    """Join Chinese lines that end within a sentence with the next line: lines that end with a
    comma, and lines of a text that a program broke into equal lengths.
    """
    full = lines[:-1]
    lengths = {len(line) for line in full}
    column = len(full) >= 2 and max(lengths) - min(lengths) <= 2 and min(lengths) >= 15
    joined: list[str] = []
    for line in lines:
        before = joined[-1] if joined else ""
        broken = before[-1:] in set("，、") or (column and not _ZH_ENDED.search(before))
        if before and broken and _HAN.search(before):
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def _is_wrapped(lines: list[str]) -> bool:
    """Return whether a program wrapped the lines at a column."""
    *full, last = lines or [""]
    if not full or any(len(line) not in _WRAPPED or _HAN.search(line) for line in full):
        return False
    return len(last) <= max(map(len, full)) + _LONGEST_WORD


def _one_line(title: str | None) -> str | None:
    return " ".join(clean(title).split()) or None if title else None
