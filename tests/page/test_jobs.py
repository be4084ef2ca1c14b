"""The page's jobs and translations, in a real browser, over the real service."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.support.page import (
    ARTICLE,
    CHINESE,
    FIRST,
    make_briefs,
    opened,
    violations,
)

_SLOW = ARTICLE.replace("Beijing", "Beijing slowly")
_ATTACK = "<img src=x onerror=window.hit=1>"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, f"{address}/#jobs") as page:
        yield page


def hand_in(page: Page, files: dict[str, str]) -> None:
    page.get_by_label("Open files").set_input_files(
        [
            FilePayload(name=name, mimeType="text/plain", buffer=text.encode())
            for name, text in files.items()
        ]
    )
    page.get_by_role("button", name="Hand in").click()


def finished(page: Page, count: int = 1) -> None:
    expect(page.locator(".job .status.done")).to_have_count(count, timeout=60_000)


def fetched(page: Page, button: str, tmp_path: Path) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    return path.read_bytes()


def test_texts_become_a_job_whose_results_are_fetched_in_three_forms(
    page: Page, tmp_path: Path
) -> None:
    hand_in(page, {"bridges.txt": ARTICLE, "short.txt": "Too short.", "预算.txt": CHINESE})
    finished(page)
    expect(page.locator(".job")).to_contain_text("2 of 3 articles done, 1 failed")

    lines = fetched(page, "NDJSON", tmp_path).splitlines()
    results = {one["id"]: one for one in map(json.loads, lines)}
    assert results["short.txt"]["problem"]["status"] == 422
    brief = results["bridges.txt"]["result"]["summaries"]["zh-Hans"]["text"]
    assert brief.startswith(FIRST)

    table = fetched(page, "Table (CSV)", tmp_path).decode("utf-8-sig")
    rows = [
        (row["id"], row["language"], row["brief"]) for row in csv.DictReader(io.StringIO(table))
    ]
    assert ("bridges.txt", "zh-Hans", brief) in rows
    assert ("short.txt", "", "") in rows

    document = Document(io.BytesIO(fetched(page, "Word document", tmp_path)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts.index("bridges.txt") < texts.index(brief) < texts.index("short.txt")


def test_an_article_of_a_job_is_read_with_its_sources(page: Page) -> None:
    hand_in(page, {"bridges.txt": ARTICLE})
    finished(page)
    page.get_by_role("button", name="Articles").click()
    page.get_by_role("button", name="Read the briefs").click()
    expect(page.locator(".brief .said[lang='zh-Hans']").first).to_contain_text(FIRST)
    page.locator(".brief .said[lang='zh-Hans']").first.hover()
    expect(page.locator(".passage.lit")).to_contain_text("China will spend 585 million")
    page.go_back()
    expect(page.get_by_role("heading", name="New job")).to_be_visible()


def test_a_page_that_is_loaded_again_in_the_middle_of_a_job_loses_nothing(page: Page) -> None:
    hand_in(page, {f"{number}.txt": f"{_SLOW} Part {number}." for number in range(6)})
    expect(page.locator(".job")).to_be_visible()
    page.reload()
    expect(page.locator(".job")).to_contain_text("of 6 articles done")
    finished(page)
    expect(page.locator(".job")).to_contain_text("6 of 6 articles done")


def test_a_job_is_cancelled_and_removed(page: Page) -> None:
    files = {f"{number}.txt": f"{_SLOW} Round {number}." for number in range(40)}
    hand_in(page, files)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".job .status.cancelled")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No jobs yet.")).to_be_visible()


def test_lines_of_ndjson_say_for_themselves_what_is_wanted(page: Page, tmp_path: Path) -> None:
    line = json.dumps({"id": "a-1", "text": ARTICLE, "languages": ["en"], "style": "headline"})
    hand_in(page, {"articles.ndjson": f"{line}\nno json\n"})
    finished(page)
    lines = fetched(page, "NDJSON", tmp_path).splitlines()
    results = {one["line"]: one for one in map(json.loads, lines)}
    assert list(results[1]["result"]["summaries"]) == ["en"]
    assert results[2]["problem"]["status"] == 400


def test_a_folder_of_texts_becomes_a_job(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    (folder / "river").mkdir(parents=True)
    (folder / "bridges.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "river" / "预算.txt").write_bytes(CHINESE.encode("gb18030"))
    (folder / "page.html").write_text(f"<p>{ARTICLE}</p>", encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    page.get_by_label("Open a folder").set_input_files(folder)
    expect(page.get_by_text("3 articles from desk")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    finished(page)
    expect(page.locator(".job")).to_contain_text("3 of 3 articles done")
    results = [json.loads(line) for line in fetched(page, "NDJSON", tmp_path).splitlines()]
    by_name = {one["id"]: one["result"]["source"] for one in results}
    assert sorted(by_name) == ["desk/bridges.txt", "desk/page.html", "desk/river/预算.txt"]
    assert by_name["desk/river/预算.txt"]["text"] == CHINESE


def test_a_folder_without_articles_is_told(page: Page) -> None:
    page.get_by_label("Open files").set_input_files(
        [FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=b"\xff\xd8")]
    )
    expect(page.get_by_role("alert")).to_contain_text("There is no .txt, .html or .ndjson file")


def test_names_of_files_and_problems_stay_text(page: Page) -> None:
    hand_in(page, {f"{_ATTACK}.txt": ARTICLE, "b.ndjson": json.dumps({"id": _ATTACK, "x": 1})})
    finished(page)
    page.get_by_role("button", name="Articles").click()
    expect(page.locator(".results li")).to_have_count(2)
    assert page.locator("main img").count() == 0
    assert page.evaluate("window.hit") is None


def test_the_link_of_a_brief_shows_it_to_a_colleague(browser: Browser, address: str) -> None:
    with opened(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        make_briefs(page)
        page.get_by_role("button", name="Link for colleagues").click()
        expect(page.get_by_text("The link shows this brief")).to_be_visible(timeout=20_000)
        link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{address}/#job=")
    with opened(browser, link) as colleague:
        expect(colleague.locator(".brief .said[lang='zh-Hans']").first).to_contain_text(FIRST)
        colleague.locator(".brief .said[lang='en']").first.hover()
        expect(colleague.locator(".passage.lit")).to_contain_text("China will spend 585 million")


def test_a_link_to_a_job_that_is_gone_says_so(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/#job=nothing", refusals=(404,)) as page:
        expect(page.get_by_role("alert")).to_contain_text("There is no such job")


def test_a_text_is_translated_with_its_tags(page: Page, address: str) -> None:
    page.get_by_role("link", name="Translate").click()
    page.get_by_label("Text or HTML").fill("<p>The <b>Nile</b> rises in the south.</p>")
    expect(page.get_by_label("It is HTML")).to_be_checked()
    page.get_by_role("button", name="Translate").click()
    result = page.locator(".translation")
    expect(result).to_contain_text("<b>")
    expect(result).to_contain_text("</p>")
    assert page.locator(".translation b").count() == 0


@pytest.mark.parametrize("markup", [False, True])
def test_names_and_numbers_of_a_translation_are_marked(page: Page, markup: bool) -> None:
    page.get_by_role("link", name="Translate").click()
    lines = [f"{part}." for part in ARTICLE.split(". ")[:1]] + ["🏗️", "The oldest bridge is shut."]
    if markup:
        lines = [f'<p style="width: 585px">{line}</p>' for line in lines]
    page.get_by_label("Text or HTML").fill("\n".join(lines))
    page.get_by_role("button", name="Translate").click()
    name = page.locator(".translation mark.name", has_text="习近平")
    expect(name).to_have_attribute("title", "Xi Jinping → 习近平, from the lexicon")
    number = page.locator(".translation mark.number", has_text="5.85亿美元")
    expect(number).to_have_attribute("title", "In the text: 585 million dollars")
    expect(page.locator(".translation mark.number", has_text="1931年")).to_have_count(0)
    assert page.locator(".translation mark", has_text="585px").count() == 0


_MARKUP = """\
<!-- 13 > 12 --><style>.a { width: 585px }</style><p title="Xi Jinping > 13" data-n=13>Xi</p>
<SCRIPT>if (13 < 20) "</p>"; </script >a < b, 13 <y"""


def test_what_a_page_does_not_show_is_known_as_markup(page: Page) -> None:
    seen = """async (text) => {
      const { markupOf } = await import("/page/assets/js/text.js");
      return markupOf(text).reverse().reduce(
        (left, { start, end }) => left.slice(0, start) + left.slice(end), text);
    }"""
    assert page.evaluate(seen, _MARKUP) == "Xi\na < b, 13 <y"
    begun = page.evaluate("performance.now()")
    page.evaluate(seen, "<a b='" * 50_000 + "<!--" * 50_000)
    assert page.evaluate("performance.now()") - begun < 5_000


def test_nothing_is_marked_in_scripts_styles_and_attributes(page: Page) -> None:
    page.get_by_role("link", name="Translate").click()
    first = ARTICLE.split(". ")[0]
    head = "<style>.a { width: 585px }</style><script>let price = 13;</script><!-- 13 习近平 -->"
    page.get_by_label("Text or HTML").fill(f"{head}<p title='习近平' data-price='13'>{first}.</p>")
    page.get_by_role("button", name="Translate").click()
    expect(page.locator(".translation mark.number").first).to_be_visible()
    assert page.locator(".translation mark.name").all_inner_texts().count("习近平") == 1
    assert page.locator(".translation mark.number").all_inner_texts() == ["5.85亿美元", "13"]


def test_an_english_text_with_a_chinese_name_is_translated_into_chinese(page: Page) -> None:
    page.get_by_role("link", name="Translate").click()
    page.get_by_label("Text or HTML").fill(f"Xi (习近平): {ARTICLE.split('. ')[0]}.")
    page.get_by_role("button", name="Translate").click()
    expect(page.locator(".translation[lang='zh-Hans']")).to_be_visible()


def test_a_text_to_translate_is_there_again_when_the_page_is_loaded_again(page: Page) -> None:
    page.get_by_role("link", name="Translate").click()
    page.get_by_label("Text or HTML").fill("<p>The Nile rises.</p>")
    page.reload()
    expect(page.get_by_label("Text or HTML")).to_have_value("<p>The Nile rises.</p>")
    expect(page.get_by_label("It is HTML")).to_be_checked()


def test_what_a_model_writes_stays_text(page: Page) -> None:
    attacked = f"The hostile harbour opened on Tuesday, officials said in Beijing. {ARTICLE}"
    page.get_by_role("link", name="Translate").click()
    page.get_by_label("Text or HTML").fill(attacked)
    page.get_by_role("button", name="Translate").click()
    expect(page.locator(".translation")).to_contain_text("<img src=x")
    page.get_by_role("link", name="Briefs").click()
    make_briefs(page, attacked)
    page.get_by_role("button", name="Sentence 1: show its source").last.click()
    brief = page.locator(".brief .said[lang='zh-Hans']").first
    expect(brief).to_contain_text("<img src=x")
    page.get_by_role("link", name="Jobs").click()
    hand_in(page, {"harbour.txt": attacked})
    finished(page)
    page.get_by_role("button", name="Articles").click()
    page.get_by_role("button", name="Read the briefs").click()
    expect(brief).to_contain_text("<img src=x")
    assert page.locator("main img, main script, main svg, main a[href^=javascript]").count() == 0
    assert page.evaluate("window.hit") is None


def test_markup_in_the_fields_of_every_section_stays_text(page: Page) -> None:
    attack = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    for section in ("Translate", "Jobs", "Glossaries", "Briefs"):
        link = page.get_by_role("link", name=section)
        link.click()
        expect(link).to_have_attribute("aria-current", "page")  # the fields are this section's
        for field in page.locator("main input[type=text]:visible, main textarea:visible").all():
            field.fill(attack)
    page.get_by_label("Or the address of a page").fill(f"https://{attack}")
    page.get_by_role("button", name="Make briefs").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name="Translate").click()
    page.get_by_role("button", name="Translate").click()
    expect(page.locator(".translation")).to_contain_text("<img src=x")
    page.goto(f"{page.url.partition('#')[0]}#{attack}")
    page.goto(f"{page.url.partition('#')[0]}#job={attack}")
    assert page.locator("main img, main script, main svg").count() == 0
    assert page.evaluate("window.hit") is None


@pytest.mark.parametrize("size", [(1400, 900), (390, 844)])
def test_axe_finds_nothing_in_jobs_and_translations(
    browser: Browser, address: str, size: tuple[int, int]
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    with opened(browser, f"{address}/#jobs", viewport=viewport) as page:
        hand_in(page, {"bridges.txt": ARTICLE, "short.txt": "Too short."})
        finished(page)
        page.get_by_role("button", name="Articles").click()
        expect(page.locator(".results li")).to_have_count(2)
        expect(page.locator(".results .failed")).to_have_text(
            "The text is too short: the text has 2 words: nothing to shorten; "
            "at least 15 are needed"
        )
        assert violations(page) == []
        page.get_by_role("link", name="Translate").click()
        page.get_by_label("Text or HTML").fill("Xi Jinping spoke in Beijing on Tuesday.")
        page.get_by_role("button", name="Translate").click()
        expect(page.locator(".translation")).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
