"""What an editor does with the panel, in a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.plugins.wagtail.live_site import live_site
from tests.plugins.wagtail.misbehaving import (
    Answer,
    MisbehavingService,
    answer_of,
    job_of,
    problem_of,
)
from tests.plugins.wagtail.newsroom import ARTICLE, Newsroom
from tests.plugins.wagtail.scripted import scripted_service
from tests.support.browser import accessibility_violations
from tests.support.running import free_port

FIRST = ARTICLE.splitlines()[0]
_PATIENCE = 60_000


@pytest.fixture(scope="module", autouse=True)
def _patient() -> Iterator[None]:
    expect.set_options(timeout=_PATIENCE)
    yield
    expect.set_options(timeout=None)


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
    expect(doubtful.get_by_text("'council' was not translated")).to_be_visible()
    expect(doubtful.get_by_role("blockquote")).to_contain_text(FIRST)
    medium = english.get_by_role("textbox").input_value()
    expect(english.get_by_text(f"{len(medium.split())} words")).to_be_visible()
    expect(status).to_have_text("The briefs are ready.")
    assert accessibility_violations(page) == []

    # made again, shorter
    page.get_by_role("button", name="Shorter").click()
    expect(english.get_by_role("textbox")).not_to_have_value(medium)
    short = english.get_by_role("textbox").input_value()
    assert medium.startswith(short)
    expect(english.get_by_text(f"{len(short.split())} words")).to_be_visible()

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
    assert accessibility_violations(public) == []


def _edit(context: BrowserContext, address: str, note: Any) -> Page:
    page = context.new_page()
    page.goto(f"{address}/admin/pages/{note.pk}/edit/")
    expect(page.get_by_role("button", name="Make briefs")).to_be_visible()
    return page


@pytest.mark.chaos
def test_briefs_survive_a_slow_service_its_restart_and_a_reload_of_the_page(
    site: Newsroom, context: BrowserContext, address: str, tmp_path: Path
) -> None:
    settings = {
        "JIANBAO_PORT": str(free_port()),
        "JIANBAO_JOBS_URL": "",
        "JIANBAO_DATA_DIR": str(tmp_path / "data"),
    }
    slow = {"delay": "0.2"}
    note = site.note()
    page = _edit(context, address, note)
    with override_settings(WAGTAIL_JIANBAO={"WAIT": 1}):
        with scripted_service(slow, **settings) as service:
            site.serve_from(service)
            page.get_by_role("button", name="Make briefs").press("Enter")
            expect(page.get_by_role("button", name="Cancel")).to_be_visible()
            status = page.locator(".jianbao__status")
            expect(status).to_have_text(re.compile(r"Making briefs: \d+%"))
        expect(status).to_have_text(
            re.compile(r"Jianbao cannot be reached. Trying again in \d+ s\.")
        )
        page.reload()
        with scripted_service(slow, **settings):
            english = page.get_by_role("region", name="English")
            expect(english.get_by_role("listitem").first).to_contain_text(FIRST)
            expect(page.get_by_role("region", name="中文")).to_be_visible()


def test_an_editor_is_told_of_a_busy_service_a_lost_session_and_changed_text_and_loses_nothing(
    site: Newsroom, misbehaving: MisbehavingService, context: BrowserContext, address: str
) -> None:
    site.serve_from(misbehaving.address)
    note = site.note()
    page = _edit(context, address, note)
    status, make = page.locator(".jianbao__status"), page.get_by_role("button", name="Make briefs")
    page.locator("#id_text").fill(f"{ARTICLE} Unsaved.")

    # busy: told when it is tried again, and tried again by itself; a double click asks once
    answers = [Answer(429, {}, {"Retry-After": "4"}), _answer("b1")]
    misbehaving.answer = lambda _: answers.pop(0)
    make.dblclick()
    expect(status).to_have_text(re.compile(r"Jianbao is busy\. Trying again in [1-4] s\."))
    assert accessibility_violations(page) == []
    english = page.get_by_role("region", name="English")
    expect(english.get_by_role("textbox")).to_have_value("A brief.")
    assert len(misbehaving.asked("/summarize")) == 2

    # the text changes afterwards, and changes back
    stale = english.get_by_text("Out of date")
    expect(stale).to_be_hidden()
    page.locator("#id_text").fill("Other text.")
    expect(stale).to_be_visible(timeout=_PATIENCE)
    page.locator("#id_text").fill(f"{ARTICLE} Unsaved.")
    expect(stale).to_be_hidden(timeout=_PATIENCE)

    # the key is wrong
    misbehaving.answer = lambda _: Answer(401, {"detail": "a key is needed"})
    page.get_by_role("button", name="Bullets").click()
    expect(status).to_contain_text("Jianbao refused the API key.")
    expect(make).to_be_enabled()

    # the session ends: what was typed is still there, and goes on after signing in again
    english.get_by_role("textbox").fill("My own words.")
    context.clear_cookies(name="sessionid")
    english.get_by_role("button", name="Apply").click()
    expect(status).to_contain_text("Your session has ended")
    make.click()
    expect(status).to_contain_text("Your session has ended")
    tab = context.new_page()
    tab.goto(f"{address}/admin/login/")
    tab.locator("#id_username").fill("chief")
    tab.locator("#id_password").fill("x")
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("link", name="Pages").first).to_be_visible()
    expect(english.get_by_role("textbox")).to_have_value("My own words.")
    expect(page.locator("#id_text")).to_have_value(f"{ARTICLE} Unsaved.")
    english.get_by_role("button", name="Apply").click()
    expect(status).to_have_text("Applied. Save the page to keep it.")
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and answer.url.endswith("/edit/")
    ):
        page.get_by_role("button", name="Save draft").click()
    note.refresh_from_db()
    saved = note.get_latest_revision_as_object().text
    assert saved.splitlines() == f"{ARTICLE} Unsaved.".splitlines()


def test_cancelling_ends_the_job_and_leaves_everything_as_it_was(
    site: Newsroom, misbehaving: MisbehavingService, context: BrowserContext, address: str
) -> None:
    site.serve_from(misbehaving.address)
    misbehaving.answer = lambda call: (
        Answer(204)
        if call.method == "DELETE"
        else Answer(202, job_of("c1", "running", 0.25))
        if call.method == "POST"
        else Answer(200, job_of("c1", "running", 0.25))
    )
    page = _edit(context, address, site.note())
    page.get_by_role("button", name="Make briefs").click()
    expect(page.locator(".jianbao__status")).to_have_text("Making briefs: 25%")
    expect(page.get_by_role("progressbar")).to_be_visible()
    with page.expect_response("**/jianbao/cancel/"):
        page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".jianbao__status")).to_have_text("Cancelled. Nothing was changed.")
    assert (misbehaving.calls[-1].method, misbehaving.calls[-1].path) == ("DELETE", "/jobs/c1")


def test_a_new_page_is_briefed_before_it_is_saved_and_published_with_its_brief(
    site: Newsroom, service: str, context: BrowserContext, address: str
) -> None:
    from tests.support.wagtail_site.models import Note

    site.serve_from(service)
    page = context.new_page()
    page.goto(f"{address}/admin/pages/add/wagtail_site/note/{site.home.pk}/")
    page.locator("#id_title").fill("Bridges, new")
    page.locator("#id_text").fill(ARTICLE)
    page.get_by_role("button", name="Make briefs").click()
    english = page.get_by_role("region", name="English")
    english.get_by_role("button", name="Apply").click()
    expect(english.get_by_role("button", name="Undo")).to_be_visible()
    page.get_by_role("button", name="More actions", exact=False).last.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("published", exact=False).first).to_be_visible()
    public = context.new_page()
    made = Note.objects.get(title="Bridges, new")
    public.goto(address + made.get_url().removeprefix("http://localhost"))
    expect(public.locator(".jianbao-brief[lang=en]")).to_contain_text(FIRST)


def test_pages_are_chosen_in_a_list_and_briefed_in_bulk(
    site: Newsroom, service: str, context: BrowserContext, address: str
) -> None:
    site.serve_from(service)
    parent = site.note("A section")
    for number in range(2):
        site.note(f"Article {number}", f"{ARTICLE} It is page {number}.").move(parent, "last-child")
    site.note("Too short", "Nothing happened.").move(parent, "last-child")
    page = context.new_page()
    page.goto(f"{address}/admin/pages/{parent.pk}/")
    page.get_by_label("Select all").first.check()
    actions = page.get_by_role("region", name="Bulk actions")
    # Wagtail has its links carry the chosen pages when the menu has opened, not before
    page.evaluate("document.addEventListener('w-dropdown:shown', () => { window.opened = true })")
    actions.get_by_role("button", name="More").click()
    page.wait_for_function("window.opened")
    page.get_by_role("link", name="Make briefs of the selected pages").click()
    page.get_by_role("button", name="Make briefs").click()
    expect(page.locator(".jianbao").get_by_role("status")).to_have_text(
        "Done: 2 of 3 pages have briefs, 1 failed.", timeout=_PATIENCE
    )
    expect(page.get_by_role("listitem").filter(has_text="Too short")).to_contain_text(
        "The text is too short to make a brief of."
    )
    assert accessibility_violations(page) == []


def test_the_settings_page_tests_the_connection_and_shows_no_key(
    site: Newsroom, service: str, context: BrowserContext, address: str
) -> None:
    site.serve_from("http://127.0.0.1:9", api_key="jb-secret")
    page = context.new_page()
    page.goto(f"{address}/admin/settings/wagtail_jianbao/jianbaosettings/{site.site.pk}/")
    test = page.get_by_role("button", name="Test connection")
    test.click()
    expect(page.get_by_text("Nothing answers at this address")).to_be_visible()
    page.locator("#id_url").fill(service)
    test.click()
    expect(page.get_by_text("is ready.")).to_have_text(
        re.compile(r"Connected: Jianbao \S+ is ready\."), timeout=_PATIENCE
    )
    assert "jb-secret" not in page.content()
    assert accessibility_violations(page) == []


@override_settings(WAGTAIL_JIANBAO={"TRANSLATE_DRAFTS": True})
def test_a_draft_in_the_other_language_is_made_from_the_pages_menu(
    site: Newsroom, misbehaving: MisbehavingService, context: BrowserContext, address: str
) -> None:
    site.serve_from(misbehaving.address)
    refusals = [Answer(422, problem_of("invalid-input", 422, "Why."))]
    misbehaving.answer = lambda call: (
        refusals.pop()
        if refusals
        else Answer(200, {"translatedText": [f"译：{text}" for text in call.content["q"]]})
    )
    page = _edit(context, address, site.note("Bridges, in English"))
    page.goto(f"{page.url.removesuffix('edit/').replace('pages', 'jianbao/translate')}zh-hans/")
    assert accessibility_violations(page) == []
    page.get_by_role("button", name="Translate").press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Why.")).to_be_visible()
    assert accessibility_violations(page) == []
    page.get_by_role("button", name="Go on").press("Enter")
    expect(page.locator("#id_title")).to_have_value("译：Bridges, in English")


def _answer(job: str) -> Answer:
    return Answer(200, answer_of(en="A brief."), {"X-Job-Id": job})
