"""The article of a web page, without what stands around it. trafilatura finds it; where it finds
none, all that a reader sees of the page is taken. It is imported with the first page: it would make
every start slower.
"""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import TYPE_CHECKING

from service.documents.model import Document
from service.text import html as visible

if TYPE_CHECKING:
    from configparser import ConfigParser

_LEAST_LETTERS = 200
"""Less than this is a teaser or a notice: then the whole page is taken."""
_HAN = re.compile("[\u4e00-\u9fff]")
_LETTERS_OF_HAN = 3

# it tells of each page that it finds no article in
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def read_page(html: str, url: str = "") -> Document:
    """Extract the article. Navigation, notices about cookies, comments, "read more" and the teasers
    of other stories are left out, and so is what a browser does not show.

    Raises:
        ValueError: the markup would keep the parser busy too long.
    """
    from trafilatura import bare_extraction
    from trafilatura.settings import Document as Extracted

    shown = visible.without_hidden(html)
    found = bare_extraction(
        shown,
        url=url or None,
        include_comments=False,
        include_tables=False,
        favor_precision=True,
        # it remembers what it has seen in the process: the third time a page is read, it would
        # take an article's sentences for repeated ones
        deduplicate=False,
        with_metadata=True,
        config=_settings(),
    )
    title = visible.title(html) or ""
    if isinstance(found, Extracted):
        title = title or found.title or ""
        if found.text and _letters(found.text) >= _LEAST_LETTERS:
            return Document(_without_title(found.text, title), title, url)
    return Document(_without_title("\n".join(visible.to_blocks(html)), title), title, url)


@cache
def _settings() -> ConfigParser:
    from trafilatura.settings import use_config

    settings = use_config()
    # in characters of any language: Chinese says in these what English says in its 250
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", "80")
    return settings


def _letters(text: str) -> int:
    """How long the text is in letters; a Chinese character says as much as three."""
    return len(text) + (_LETTERS_OF_HAN - 1) * len(_HAN.findall(text))


def _without_title(text: str, title: str) -> str:
    """The text without a first line that repeats the title."""
    first, _, rest = text.partition("\n")
    return rest.strip() if rest.strip() and first.strip() == title.strip() else text.strip()
