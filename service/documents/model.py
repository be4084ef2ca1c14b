"""What a document is, once it was read."""

from __future__ import annotations

import msgspec

from service.errors import InvalidInput


class Document(msgspec.Struct, frozen=True):
    """The ``text`` of an article, a paragraph a line, and what the document says of it: empty where
    it says nothing. ``url`` is where it was found in the end, after redirects; ``author`` holds
    names with commas between them; ``date`` is the day of publication, as YYYY-MM-DD.
    """

    text: str
    title: str = ""
    url: str = ""
    author: str = ""
    date: str = ""


class UnreadableDocument(InvalidInput):
    """There is no article in the document; the text says why, for whoever sent it."""
