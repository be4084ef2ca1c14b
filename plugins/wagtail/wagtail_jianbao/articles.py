"""The article of a page: its title, and its text as HTML with nothing but paragraphs and lists."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.html import escape
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

_PAGES_OWN = {field.name for field in Page._meta.get_fields()}


@dataclass(frozen=True)
class Article:
    """``title`` in plain text, ``html`` of the text."""

    title: str
    html: str

    @property
    def digest(self) -> str:
        """SHA-256 of both, in hexadecimal: whether the text has changed since."""
        return hashlib.sha256(json.dumps([self.title, self.html]).encode()).hexdigest()


def article_of(page: Page, fields: Sequence[str] = ()) -> Article:
    """Return the article of a page as it stands in memory, of ``fields`` or, without any, of
    :func:`text_fields`.
    """
    names = fields or text_fields(type(page))
    parts = [part for name in names for part in _html_of(page, name)]
    return Article(page.title or "", "\n".join(part for part in parts if part.strip()))


def text_fields(model: type[Page]) -> list[str]:
    """Names of the fields of ``model`` that hold text of the article: rich text, streams and plain
    text without a limit.
    """
    return [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.TextField | RichTextField | StreamField)
        and field.name not in _PAGES_OWN
    ]


def _html_of(page: Page, name: str) -> Iterator[str]:
    field = page._meta.get_field(name)
    value = getattr(page, name)
    if value is None:
        return
    if isinstance(field, StreamField):
        yield from _of_block(field.stream_block, value)
    elif isinstance(field, RichTextField):
        yield str(value)
    else:
        yield from _paragraphs(str(value))


def _of_block(block: blocks.Block, value: Any) -> Iterator[str]:
    """The text of a block of any kind, by what its kind is made of."""
    if value is None or isinstance(block, _SILENT) or is_table(block):
        return
    if isinstance(block, blocks.RichTextBlock):
        yield value.source
        return
    parts = list(children_of(block, value))
    for part, inner in parts:
        yield from _of_block(part, inner)
    if not parts:
        for text in block.get_searchable_content(value):
            yield from _paragraphs(str(text))


_SILENT = (blocks.RawHTMLBlock, blocks.StaticBlock)


def children_of(block: blocks.Block, value: Any) -> Iterator[tuple[blocks.Block, Any]]:
    """The blocks within a block, with their values."""
    if isinstance(block, blocks.BaseStreamBlock):
        for child in value:
            yield child.block, child.value
    elif isinstance(block, blocks.BaseStructBlock):
        for name, part in block.child_blocks.items():
            yield part, value.get(name)
    elif isinstance(block, blocks.ListBlock):
        for child in value:
            yield block.child_block, child


def is_table(block: blocks.Block) -> bool:
    """Whether it is a table of one of Wagtail's kinds: its cells are no sentences."""
    return any(
        kind.__module__.startswith(("wagtail.contrib.table_block", "wagtail.contrib.typed_table"))
        for kind in type(block).__mro__
    )


def _paragraphs(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip():
            yield f"<p>{escape(line)}</p>"
