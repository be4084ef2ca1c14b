"""The article of a page is read, and what stands around it is not."""

from __future__ import annotations

import pytest

from service.documents.pages import read_page, read_whole_page
from tests.unit.documents.pages import PAGES, Page


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_article_is_found(page: Page) -> None:
    found = read_page(page.html, "https://news.example/story")
    assert found.title == page.title
    text = "".join(found.text.split())
    assert [one for one in page.held if "".join(one.split()) not in text] == []
    assert [one for one in page.left_out if "".join(one.split()) in text] == []
    assert not found.text.startswith(found.title)
    assert all(line == line.strip() for line in found.text.split("\n"))


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_is_read_alike_however_often(page: Page) -> None:
    texts = {read_page(page.html, "https://news.example/story").text for _ in range(5)}
    assert len(texts) == 1


def test_a_page_that_holds_a_line_is_read_as_it_is_seen() -> None:
    found = read_page("<html><body><p>Rain is expected.</p></body></html>")
    assert found.text == "Rain is expected."


def test_nothing_is_found_on_an_empty_page() -> None:
    assert read_page("<html><body></body></html>").text == ""


@pytest.mark.parametrize("page", [page for page in PAGES.values() if page.date])
def test_who_wrote_it_and_when_are_told(page: Page) -> None:
    found = read_page(page.html)
    assert (found.author, found.date) == (page.author, page.date)


LINKED = '{"@type":"NewsArticle","datePublished":"2025-03-03"}'


@pytest.mark.parametrize(
    ("head", "body", "date"),
    [
        ('<meta property="article:published_time" content="2025-03-03T09:12Z">', "", "2025-03-03"),
        (f'<script type="application/ld+json">{LINKED}</script>', "", "2025-03-03"),
        ("", '<time datetime="2025-03-03T09:12">3 March</time>', "2025-03-03"),
        ("", "<p>2025年3月3日 09:12</p>", "2025-03-03"),
        ('<meta name="firstpublishedtime" content="2007-08-20-23:59:59">', "", "2007-08-20"),
        ("", "<footer>© 2025 The Paper</footer>", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_date_is_read_where_pages_have_it_and_not_made_up(
    head: str, body: str, date: str
) -> None:
    text = "The council of Rivertown approved the repair of three bridges. " * 6
    html = f"<html><head><title>Bridges</title>{head}</head><body>{body}<p>{text}</p></body></html>"
    assert read_page(html).date == date


def test_a_readers_comment_does_not_give_the_author() -> None:
    page = PAGES["a portal with comments"].html.replace("（记者 何清源）", "")
    assert read_page(page).author == ""


@pytest.mark.parametrize(
    ("called", "shown", "title"),
    [
        ("Bridges repaired | The Paper", "<h2>Bridges repaired</h2>", "Bridges repaired"),
        ("Bridges repaired - News - The Paper", "", "Bridges repaired"),
        ("水厂动工扩建_财经频道_禾州网", "<div>水厂动工扩建</div>", "水厂动工扩建"),
        ("水厂动工扩建-禾州网", "", "水厂动工扩建"),
        ("明日行情--增长率降至2.3%", "<h1>今日_股市</h1><p>增长率降至2.3%</p>", "增长率降至2.3%"),
        ("Well-known author wins prize", "", "Well-known author wins prize"),
        ("U.S.-China talks resume", "", "U.S.-China talks resume"),
        ("The Paper", "<h1>Council repairs bridges</h1>", "Council repairs bridges"),
    ],
)  # fmt: skip
def test_a_title_is_the_headline_without_the_names_of_the_site(
    called: str, shown: str, title: str
) -> None:
    html = f"<html><head><title>{called}</title></head><body>{shown}<p>Rain.</p></body></html>"
    assert read_page(html).title == title


@pytest.mark.parametrize("page", [page for page in PAGES.values() if page.date])
def test_a_chinese_page_that_was_sent_whole_is_read_like_a_fetched_one(page: Page) -> None:
    assert read_whole_page(page.html) == read_page(page.html)


def test_a_portal_that_marks_comments_as_its_article_is_not_believed() -> None:
    page = PAGES["a portal with comments"]
    html = page.html.replace('<div id="post_comment">', '<article id="post_comment">')
    found = read_whole_page(html)
    assert found
    assert found.text == read_page(page.html).text


@pytest.mark.parametrize(
    "html",
    [
        "<p>The council met.</p><p>It rained.</p>",
        "<div><h1>Budget</h1><table><tr><td>1</td></tr></table></div>",
        "<html><body><nav>Home</nav><article><p>The council met.</p></article></body></html>",
        "<!doctype html><body><main><p>The council met.</p></main></body>",
        "<p>市议会周二开会，批准了预算。</p>",
    ],
)
def test_a_fragment_or_a_page_that_names_its_article_is_read_as_it_is(html: str) -> None:
    assert read_whole_page(html) is None
