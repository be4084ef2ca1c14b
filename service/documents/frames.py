"""The element of a Chinese page that frames the article, found as Readability finds it.

trafilatura looks for an article in elements with the names that European and American sites give
them. Chinese sites have other names, so it takes lists of headlines or a disclaimer for the
article. Readability goes by where the paragraphs stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UNREAD: Final = ("script", "style", "noscript", "textarea", "select")


def article_frame(html: str) -> str | None:
    """Return the HTML of the element that frames the article of the page ``html``, None if the page
    has no paragraphs.
    """
    from lxml.etree import tostring

    # first without elements that are named as menus and comments are, which may be too many
    for without_unlikely in (True, False):
        if (frame := _frame(_parse(html), without_unlikely=without_unlikely)) is not None:
            return str(tostring(frame, encoding=str, method="html"))
    return None


def _frame(page: HtmlElement, *, without_unlikely: bool) -> HtmlElement | None:
    from trafilatura.readability_lxml import Document

    reading = Document(page)
    if without_unlikely:
        reading.remove_unlikely_candidates()
    reading.transform_misused_divs_into_paragraphs()
    candidates = reading.score_paragraphs()
    best = reading.select_best_candidate(candidates)
    return None if best is None else reading.get_article(candidates, best)


def _parse(html: str) -> HtmlElement:
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    page = document_fromstring(html.encode(), parser=parser)
    for element in list(page.iter(*_UNREAD)):
        element.drop_tree()
    # WeChat's editor writes paragraphs as sections
    for element in page.iter("section"):
        element.tag = "div"
    return page
