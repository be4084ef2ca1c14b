"""The texts of a page that a translator is given, and the page with others in their place.

Texts are HTML: plain text is escaped, rich text is as it is stored. What is no text (links, embeds,
images, raw HTML, numbers, choices) is not touched.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from wagtail_jianbao.articles import is_table, text_fields

_ENDS = re.compile(r"(?<=</p>)|(?<=</h[1-6]>)|(?<=</ul>)|(?<=</ol>)|(?<=</blockquote>)")
_TAG = re.compile(r"<[^<>]*>")

Change = Callable[[str], str]
"""Gives the HTML that is to stand in the place of another."""


def texts_of(page: Page) -> list[str]:
    """The texts of a page in the order of its fields, the title first; no empty ones."""
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    for name in fields_of(type(page)):
        _changed(page, name, keep)
    return found


def put_texts(page: Page, texts: list[str]) -> None:
    """Put ``texts`` in the places of those that :func:`texts_of` gives.

    Raises:
        ValueError: there are more or fewer.
    """
    left: Iterator[str] = iter(texts)

    def put(_: str) -> str:
        try:
            return next(left)
        except StopIteration:
            raise ValueError("fewer texts than the page has") from None

    values = {name: _changed(page, name, put) for name in fields_of(type(page))}
    if next(left, None) is not None:
        raise ValueError("more texts than the page has")
    for name, value in values.items():
        setattr(page, name, value)


def fields_of(model: type[Page]) -> list[str]:
    """Names of the fields that hold text for readers: the title, the text, lines of plain text, and
    what search engines show.
    """
    own = set(text_fields(model))
    lines = [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField | StreamField)
        and type(field) not in (models.SlugField, models.URLField, models.EmailField)
        and not field.choices
        and (field.name in own or (field.model is model and not field.primary_key))
    ]
    return ["title", *lines, "seo_title", "search_description"]


def _changed(page: Page, name: str, change: Change) -> Any:
    """The value of a field with its texts changed."""
    field = page._meta.get_field(name)
    value = getattr(page, name)
    if isinstance(field, StreamField):
        block = field.stream_block
        return block.to_python(_raw(block, block.get_prep_value(value), change))
    if isinstance(field, RichTextField):
        return _rich(value, change)
    return _plain(value, change)


def _raw(block: blocks.Block, raw: Any, change: Change) -> Any:
    """What is stored of a block, with its texts changed."""
    if is_table(block):
        return _table(raw, change)
    for kind, handle in _KINDS:
        if isinstance(block, kind):
            return handle(block, raw, change)
    return raw


def _stream(block: Any, raw: Any, change: Change) -> Any:
    return [_child(block.child_blocks.get(one["type"]), one, change) for one in raw or []]


def _struct(block: Any, raw: Any, change: Change) -> Any:
    parts = block.child_blocks
    return {
        name: _raw(parts[name], value, change) if name in parts else value
        for name, value in (raw or {}).items()
    }


def _list(block: Any, raw: Any, change: Change) -> Any:
    return [_child(block.child_block, one, change) for one in raw or []]


_KINDS: tuple[tuple[Any, Callable[[Any, Any, Change], Any]], ...] = (
    (blocks.BaseStreamBlock, _stream),
    (blocks.BaseStructBlock, _struct),
    (blocks.ListBlock, _list),
    (blocks.RichTextBlock, lambda _, raw, change: _rich(raw, change)),
    ((blocks.CharBlock, blocks.TextBlock), lambda _, raw, change: _plain(raw, change)),
)


def _child(block: blocks.Block | None, raw: dict[str, Any], change: Change) -> dict[str, Any]:
    if block is None:  # a kind of block that the site no longer has
        return raw
    return {**raw, "value": _raw(block, raw["value"], change)}


def _table(raw: Any, change: Change) -> Any:
    """A table of `wagtail.contrib.table_block`: the texts of its cells and its caption."""
    if not isinstance(raw, dict) or not isinstance(raw.get("data"), list):
        return raw
    table = dict(raw)
    table["data"] = [
        [_plain(cell, change) if _has_letters(cell) else cell for cell in row]
        for row in raw["data"]
    ]
    if "table_caption" in raw:
        table["table_caption"] = _plain(raw["table_caption"], change)
    return table


def _has_letters(cell: Any) -> bool:
    return isinstance(cell, str) and any(letter.isalpha() for letter in cell)


def _rich(text: Any, change: Change) -> Any:
    """Rich text, a paragraph, heading or list at a time; embeds and rules have no text."""
    if not isinstance(text, str):
        return text
    pieces = _ENDS.split(text)
    return "".join(
        change(piece) if _has_letters(_TAG.sub("", piece)) else piece for piece in pieces
    )


def _plain(text: Any, change: Change) -> Any:
    """Plain text; its line breaks are tags on the way, so that they come back."""
    if not isinstance(text, str) or not text.strip():
        return text
    changed = change(html.escape(text, quote=False).replace("\n", "<br/>"))
    return html.unescape(changed.replace("<br/>", "\n"))
