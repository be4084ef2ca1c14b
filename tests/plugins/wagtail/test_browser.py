"""What an editor does with the panel, in a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.plugins.wagtail.live_site import live_site
from tests.plugins.wagtail.newsroom import ARTICLE, Newsroom
from tests.support.browser import accessibility_violations

FIRST = ARTICLE.splitlines()[0]
_PATIENCE = 60_000


@pytest.fixture(scope="module", autouse=True)
def _django_beside_a_loop() -> Iterator[None]:
    # Playwright's loop runs in this thread, and Django would refuse to work beside it
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def address(site: Newsroom) -> Iterator[str]:
    with live_site() as served:
        yield served


@pytest.fixture
def context(browser: Browser, site: Newsroom, address: str) -> Iterator[BrowserContext]:
    """The administrator's browser."""
    with browser.new_context(viewport={"width": 1280, "height": 1000}) as opened:
        opened.set_default_timeout(_PATIENCE)
        session = site.signed_in("chief").cookies["sessionid"].value
        opened.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        yield opened


def _picture(page: Page, name: str) -> None:
    """Keep a screenshot where SCREENSHOTS says."""
    if folder := os.environ.get("SCREENSHOTS"):
        if page.locator(".jianbao").count():
            page.locator(".jianbao").evaluate("one => one.scrollIntoView({block: 'start'})")
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_the_whole_flow_from_the_panel_to_the_public_page(
    site: Newsroom, service: str, context: BrowserContext, address: str
) -> None:
    site.serve_from(service)
    note = site.note(text="Not written yet.")
    page = context.new_page()
    page.goto(f"{address}/admin/pages/{note.pk}/edit/")
    page.locator("#id_text").fill(ARTICLE)
    status = page.locator(".jianbao__status")

    # made: both briefs, each sentence with what is doubtful and where it comes from
    page.get_by_role("button", name="Make briefs").click()
    english = page.get_by_role("region", name="English")
    chinese = page.get_by_role("region", name="中文")
    expect(english.get_by_role("listitem").first).to_contain_text(FIRST)
    doubtful = chinese.locator(".jianbao__sentence").first
    expect(doubtful.get_by_text("doubtful", exact=True)).to_be_visible()
    expect(doubtful.get_by_text("'council' is left")).to_be_visible()
    expect(doubtful.get_by_role("blockquote")).to_contain_text(FIRST)
    expect(english.get_by_text("31 words")).to_be_visible()
    expect(status).to_have_text("The briefs are ready.")
    _picture(page, "briefs")
    assert accessibility_violations(page) == []

    # made again, shorter
    page.get_by_role("button", name="Shorter").click()
    expect(english.get_by_text("18 words")).to_be_visible()

    # edited and applied, as the page's brief and as a field
    english.get_by_role("textbox").fill("Thirteen bridges will be repaired.")
    expect(english.get_by_text("5 words")).to_be_visible()
    english.get_by_role("combobox").select_option("search_description")
    english.get_by_role("button", name="Apply").click()
    expect(status).to_have_text("Applied. Save the page to keep it.")
    description = page.locator("#id_search_description")
    expect(description).to_have_value("Thirteen bridges will be repaired.")
    expect(english.locator("[data-receipt]")).to_contain_text("by chief")
    expect(english.locator("[data-receipt]")).to_contain_text("Edited by a person.")
    _picture(page, "applied")

    # undone, and applied again elsewhere
    english.get_by_role("button", name="Undo").click()
    expect(description).to_have_value("")
    expect(status).to_have_text("Undone. Save the page to keep it that way.")
    english.get_by_role("textbox").fill("Thirteen bridges will be repaired.")
    english.get_by_role("combobox").select_option("brief")
    english.get_by_role("button", name="Apply").click()
    expect(english.get_by_role("button", name="Undo")).to_be_visible()
    chinese.get_by_role("textbox").fill("十三座桥将修复。")
    chinese.get_by_role("combobox").select_option("brief")
    chinese.get_by_role("button", name="Apply").click()
    expect(chinese.get_by_role("button", name="Undo")).to_be_visible()

    # nothing is public before the page is published
    public = context.new_page()
    public.goto(address + note.get_url().removeprefix("http://localhost"))
    expect(public.locator(".jianbao-brief")).to_have_count(0)
    page.get_by_role("button", name="More actions", exact=False).last.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("published", exact=False).first).to_be_visible()
    public.reload()
    expect(public.locator(".jianbao-brief[lang=en]")).to_have_text(
        "Thirteen bridges will be repaired."
    )
    expect(public.locator(".jianbao-brief[lang=zh-Hans]")).to_contain_text("十三座桥将修复。")
    expect(public.locator(".jianbao-brief[lang=zh-Hans]")).to_contain_text("机器翻译，经人工编辑")
    _picture(public, "public")
    assert accessibility_violations(public) == []
