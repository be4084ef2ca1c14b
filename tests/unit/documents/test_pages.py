"""The article of a page is read, and what stands around it is not."""

from __future__ import annotations

import pytest

from service.documents.pages import read_page
from tests.unit.documents.pages import PAGES, Page


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_article_is_found(page: Page) -> None:
    found = read_page(page.html, "https://news.example/story")
    assert found.title == page.title
    text = "".join(found.text.split())
    assert [one for one in page.held if "".join(one.split()) not in text] == []
    assert [one for one in page.left_out if "".join(one.split()) in text] == []
    assert not found.text.startswith(found.title)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_is_read_alike_however_often(page: Page) -> None:
    texts = {read_page(page.html, "https://news.example/story").text for _ in range(5)}
    assert len(texts) == 1


def test_a_page_that_holds_a_line_is_read_as_it_is_seen() -> None:
    found = read_page("<html><body><p>Rain is expected.</p></body></html>")
    assert found.text == "Rain is expected."


def test_nothing_is_found_on_an_empty_page() -> None:
    assert read_page("<html><body></body></html>").text == ""
