"""The page's glossaries, in a real browser, over the real service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from tests.support.page import CHINESE, CORRECTED, make_briefs, opened, violations

_ATTACK = "<img src=x onerror=window.hit=1>"


@pytest.fixture
def page(browser: Browser, address: str, directory: Path) -> Iterator[Page]:
    for path in directory.iterdir():
        path.unlink()
    with opened(browser, f"{address}/#glossaries") as page:
        yield page


def upload(page: Page, name: str, file: str, content: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Upload a file").set_input_files(
        FilePayload(name=file, mimeType="text/plain", buffer=content.encode())
    )
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_a_glossary_is_uploaded_edited_and_deleted(page: Page, directory: Path) -> None:
    upload(page, "rivers", "rivers.csv", '"Nile",尼罗河\nRhine,莱茵河\n')
    file = directory / "rivers.en-zh.tsv"
    expect(page.get_by_text("2 terms")).to_be_visible()
    assert violations(page) == []
    field = page.get_by_label("Rendering of Rhine")
    field.fill("莱茵")
    field.press("Enter")
    page.get_by_label("New term").fill(f"Main {_ATTACK}")
    page.get_by_label("New translation").fill("美因河")
    page.get_by_role("button", name="Add").last.click()
    # at once: changes are sent one after the other
    page.get_by_label("Take out Nile").click()
    expect(page.get_by_label("Take out Nile")).to_have_count(0)
    expect(page.get_by_text("2 terms")).to_be_visible()
    assert file.read_text(encoding="utf-8").splitlines()[1:] == [
        "Rhine\t莱茵",
        f"Main {_ATTACK}\t美因河",
    ]
    assert page.locator("main img").count() == 0
    assert page.evaluate("window.hit") is None
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("There are no glossaries yet.")).to_be_visible()
    assert not file.exists()


def test_a_file_without_a_name_keeps_its_own(page: Page, directory: Path) -> None:
    page.get_by_label("Upload a file").set_input_files(
        FilePayload(name="River names.en-zh.tsv", mimeType="", buffer="Nile\t尼罗河\n".encode())
    )
    expect(page.get_by_role("heading", name="River-names", exact=True)).to_be_visible()
    expect(page.get_by_text("1 term", exact=True)).to_be_visible()
    assert [path.name for path in directory.iterdir()] == ["River-names.en-zh.tsv"]


def test_a_correction_that_is_saved_is_followed_by_the_next_brief(
    page: Page, directory: Path
) -> None:
    page.get_by_role("link", name="Briefs").click()
    make_briefs(page)
    field = page.get_by_label("Rendering of Xi Jinping")
    field.fill("习主席")
    field.press("Enter")
    page.get_by_label("Name of the glossary").fill("desk")
    page.get_by_role("button", name="Save to a glossary").click()
    expect(page.get_by_text("1 saved to “desk”.")).to_be_visible()
    written = (directory / "desk.en-zh.tsv").read_text(encoding="utf-8")
    assert written == "source\ttarget\nXi Jinping\t习主席\n"

    page.reload()
    page.get_by_role("button", name="New or changed article").click()
    make_briefs(page)
    expect(page.locator(".brief .said[lang='zh-Hans']").first).to_contain_text(CORRECTED)
    row = page.locator(".names tr", has_text="Xi Jinping")
    expect(row).to_contain_text("from the glossary")

    page.get_by_role("link", name="Translate").click()
    page.get_by_label("Text or HTML").fill("Xi Jinping spoke in Beijing on Tuesday.")
    page.get_by_role("button", name="Translate").click()
    row = page.locator("tr", has_text="Xi Jinping").last
    expect(row).to_contain_text("习主席")
    expect(row).to_contain_text("from the glossary")

    # it knows nothing of the other direction, which is no reason to refuse an article
    page.get_by_role("link", name="Briefs").click()
    page.get_by_role("button", name="New or changed article").click()
    make_briefs(page, CHINESE)
    expect(page.locator(".brief .said[lang='en']").first).to_be_visible()


def test_another_glossary_or_none_is_chosen_for_the_whole_page(page: Page, directory: Path) -> None:
    for name in ("desk", "rivers"):
        (directory / f"{name}.en-zh.tsv").write_text("Nile\t尼罗河\n", encoding="utf-8")
    page.reload()
    page.get_by_role("link", name="Translate").click()
    chosen = page.get_by_role("combobox", name="Glossary")  # of the section that is shown
    chosen.select_option("rivers")
    for section in ("Jobs", "Briefs"):
        page.get_by_role("link", name=section).click()
        expect(chosen).to_have_value("rivers")
    page.reload()
    expect(chosen).to_have_value("rivers")
    # what is deleted is followed no more
    (directory / "rivers.en-zh.tsv").unlink()
    page.reload()
    expect(chosen).to_have_value("")


def test_what_is_saved_to_the_services_own_glossary_is_followed_by_all(
    page: Page, directory: Path
) -> None:
    def with_house(route: Route) -> None:
        settings = route.fetch().json()
        route.fulfill(json={**settings, "glossary": "house"})

    page.route("**/page/settings", with_house)
    page.reload()
    page.get_by_role("link", name="Briefs").click()
    chosen = page.get_by_role("combobox", name="Glossary")
    expect(chosen).to_contain_text("house (always followed)")
    make_briefs(page)
    field = page.get_by_label("Rendering of Xi Jinping")
    field.fill("习主席")
    field.press("Enter")
    page.get_by_role("button", name="Save to a glossary").click()
    expect(page.get_by_text("of this service follow it from now on")).to_be_visible()
    assert (directory / "house.en-zh.tsv").exists()
    assert violations(page) == []


def test_a_file_that_is_no_glossary_is_refused_with_its_line(
    browser: Browser, address: str
) -> None:
    with opened(browser, f"{address}/#glossaries", refusals=(422,)) as page:
        page.get_by_label("Name", exact=True).fill("bad")
        page.get_by_label("Upload a file").set_input_files(
            FilePayload(name="bad.tsv", mimeType="text/plain", buffer=b"a\tb\nc\td\te\n")
        )
        expect(page.get_by_role("alert")).to_contain_text("line 2: more than two columns")
