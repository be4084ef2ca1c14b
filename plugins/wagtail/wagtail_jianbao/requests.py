"""What is asked of the service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wagtail_jianbao.articles import Article
from wagtail_jianbao.errors import TooShort

_MOST_TITLE = 500


def summarize_body(
    article: Article, languages: Sequence[str], style: str, length: str
) -> dict[str, Any]:
    """The body of a request for briefs of an article.

    Raises:
        TooShort: the article has no text at all.
    """
    if not article.html.strip():
        raise TooShort
    body = {
        "html": article.html,
        "languages": list(languages),
        "style": style,
        "length": length,
        "include_text": True,  # the offsets of sentences refer to it
    }
    if article.title.strip():
        body["title"] = article.title[:_MOST_TITLE]
    return body
