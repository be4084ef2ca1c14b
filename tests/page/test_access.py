"""Keys, and what the page says when the service refuses or ends, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from service.keys import Grant, add_key
from tests.support.page import ARTICLE, FIRST, make_briefs, opened, refuse, script, violations
from tests.support.serving import serving


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture(scope="module")
def key(keys: Path) -> str:
    return add_key(keys, "editors")


@pytest.fixture(scope="module")
def address(keys: Path, key: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service with keys, whose glossaries only the operator changes."""
    fixed = tmp_path_factory.mktemp("fixed")
    (fixed / "house.en-zh.tsv").write_text("Nile\t尼罗河\n", encoding="utf-8")
    more = {
        "JIANBAO_KEYS_FILE": str(keys),
        "JIANBAO_GLOSSARIES_DIR": str(fixed),
        "JIANBAO_GLOSSARY": "house",
    }
    with serving(script(), **more) as served:
        yield served.address


def show(page: Page, key: str) -> None:
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Use this key").click()


def enter(page: Page, key: str) -> None:
    """Show a key that is taken. Nothing behind the dialog takes text while it is there."""
    show(page, key)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_key_is_asked_for_kept_in_the_tab_and_in_no_address(
    browser: Browser, address: str, key: str
) -> None:
    with opened(browser, address) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        enter(page, key)
        make_briefs(page)
        page.reload()
        page.get_by_role("button", name="New or changed article").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        make_briefs(page)
        stored = page.evaluate("[Object.values(sessionStorage), Object.values(localStorage)]")
        assert key in stored[0]
        assert not any(key in one for one in stored[1])
        assert not any(key in url for url in [*asked, page.url])


def test_a_wrong_key_is_refused_and_a_right_one_is_taken(
    browser: Browser, address: str, key: str
) -> None:
    with opened(browser, address, refusals=(403,)) as page:
        show(page, "jianbao_wrong")
        expect(page.get_by_role("alert")).to_have_text("The service does not know this key.")
        assert violations(page) == []
        assert page.evaluate("sessionStorage.length") == 0
        enter(page, key)


def test_a_key_that_is_revoked_meanwhile_is_asked_for_again(
    browser: Browser, address: str, key: str
) -> None:
    with opened(browser, address, refusals=(401,)) as page:
        enter(page, key)
        page.get_by_label("Paste a news article").fill(ARTICLE)
        # in one step: any other request of the page would ask for the key first
        page.get_by_role("button", name="Make briefs").evaluate(
            "it => { sessionStorage.setItem('jianbao.key', 'jianbao_revoked'); it.click(); }"
        )
        enter(page, key)
        page.get_by_role("button", name="Try again").click()
        expect(page.locator(".brief .said[lang='zh-Hans']").first).to_contain_text(FIRST)


def test_a_key_that_is_not_for_briefs_is_told_so(
    browser: Browser, address: str, keys: Path
) -> None:
    other = add_key(keys, "translators", Grant(routes=("translate",)))
    with opened(browser, address, refusals=(403,)) as page:
        enter(page, other)
        page.get_by_label("Paste a news article").fill(ARTICLE)
        page.get_by_role("button", name="Make briefs").click()
        expect(page.get_by_role("alert")).to_contain_text("This key is not for that")


def test_a_short_text_is_refused_and_stays_where_it_was(
    browser: Browser, address: str, key: str
) -> None:
    with opened(browser, address, refusals=(422,)) as page:
        enter(page, key)
        page.get_by_label("Paste a news article").fill("Rain is expected.")
        page.get_by_role("button", name="Make briefs").click()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("The text is too short")
        expect(alert).to_contain_text("the text has 3 words")
        expect(page.get_by_label("Paste a news article")).to_have_value("Rain is expected.")
        assert violations(page) == []
        page.get_by_label("Paste a news article").fill("")
        page.get_by_role("button", name="Make briefs").click()
        expect(page.get_by_text("Paste an article first.")).to_be_visible()


def test_a_busy_service_says_when_to_come_back(browser: Browser, address: str, key: str) -> None:
    with opened(browser, address, refusals=(429,)) as page:
        enter(page, key)
        problem = {"title": "Too many requests wait", "status": 429, "detail": "too many wait"}
        refuse(page, "/summarize", 429, problem, **{"Retry-After": "7"})
        page.get_by_label("Paste a news article").fill(ARTICLE)
        page.get_by_role("button", name="Make briefs").click()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("The service is busy")
        expect(alert).to_contain_text("Try again in 7 s.")
        page.unroute("**/summarize")
        page.get_by_role("button", name="Try again").click()
        expect(page.locator(".brief .said[lang='zh-Hans']").first).to_contain_text(FIRST)


def test_a_key_whose_requests_are_used_up_is_told_when_it_may_ask_again(
    browser: Browser, address: str, keys: Path
) -> None:
    hasty = add_key(keys, "hasty", Grant(requests_per_minute=1))
    with opened(browser, address, refusals=(429,)) as page:
        enter(page, hasty)
        make_briefs(page)
        page.get_by_role("button", name="New or changed article").click()
        page.get_by_role("button", name="Make briefs").click()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("This key has used up its requests for this minute")
        expect(alert).to_contain_text(re.compile(r"Try again in [1-9]\d? s\."))
        expect(page.get_by_label("Paste a news article")).to_have_value(ARTICLE)
        assert violations(page) == []


def test_glossaries_of_the_operator_alone_are_read_and_not_changed(
    browser: Browser, address: str, key: str
) -> None:
    with opened(browser, f"{address}/#glossaries") as page:
        enter(page, key)
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_role("cell", name="尼罗河")).to_be_visible()
        assert violations(page) == []
        for name in ("Delete", "Add", "Make an empty one"):
            expect(page.get_by_role("button", name=name)).to_have_count(0)


def test_the_services_own_glossary_is_followed_unchosen(
    browser: Browser, address: str, key: str
) -> None:
    with opened(browser, f"{address}/#translate", locale="zh-CN") as page:
        page.get_by_label("API 密钥").fill(key)
        page.get_by_role("button", name="使用此密钥").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_label("文本或 HTML").fill("The Nile rises in the south.")
        page.get_by_role("button", name="翻译").click()
        expect(page.locator(".translation")).to_contain_text("尼罗河")
        expect(page.locator("tr", has_text="Nile").last).to_contain_text("据术语表")
        expect(page.get_by_role("combobox", name="术语表")).to_contain_text("house（始终遵循）")


def test_all_is_done_with_the_keyboard_alone(browser: Browser, address: str, key: str) -> None:
    with opened(browser, address) as page:
        page.keyboard.type(key)
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)
        until_focused(page, "#article-text")
        page.keyboard.insert_text(ARTICLE)
        until_focused(page, "button[type=submit]")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Names and terms").wait_for()
        until_focused(page, ".cite")
        expect(page.locator(".passage.lit")).to_have_count(1)
        page.keyboard.press("Space")
        expect(page.locator(".detail:visible")).to_be_visible()
        until_focused(page, ".names input")
        page.keyboard.press("Control+A")
        page.keyboard.type("Zhongguo")
        page.keyboard.press("Enter")
        expect(page.locator(".names")).to_contain_text("your correction")


def until_focused(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as a reader would."""
    for _ in range(40):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def test_a_service_that_ends_in_the_middle_leaves_what_had_arrived(browser: Browser) -> None:
    with serving(script(delay="0.5"), JIANBAO_JOBS_URL="memory:") as served:
        lost = ("ERR_", "Failed to load resource")
        with opened(browser, served.address, problems=lost) as page:
            page.get_by_label("Paste a news article").fill(ARTICLE)
            page.get_by_role("button", name="Make briefs").click()
            own = page.locator(".brief .said[lang='en']")
            own.first.wait_for()
            arrived = own.all_inner_texts()
            served.process.kill()
            alert = page.get_by_role("alert")
            expect(alert).to_contain_text("The connection broke")
            assert own.all_inner_texts()[: len(arrived)] == arrived
            assert violations(page) == []
            page.get_by_role("button", name="Try again").click()
            expect(alert).to_contain_text("The service does not answer")
            assert own.all_inner_texts()[: len(arrived)] == arrived
            expect(page.get_by_label("Paste a news article")).to_have_value(ARTICLE)
