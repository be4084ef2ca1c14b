"""The page in Chinese: what the service says in English is read in Chinese too."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from service.web.page import files
from tests.support.page import ARTICLE, opened, refuse

_SERVICE = Path(files.__file__).parents[2]
_REVIEWS = ("briefs", "translation", "text/consistency")
_REFUSALS = (
    "briefs/articles.py",
    "briefs/extracting.py",
    "briefs/sources.py",
    "documents",
    "jobs/service.py",
    "jobs/worker.py",
    "rates.py",
    "translation/glossary_directory.py",
    "translation/glossary_files.py",
    "translation/glossary_parsing.py",
    "translation/plan.py",
)
_NOT_FROM_THE_PAGE = {
    "was used for another request",  # an Idempotency-Key, which is new for each request here
    # known for each unit, and tested below
    "the text has {} {}: nothing to shorten; at least {} are needed",
    "contains a control character",  # parts of other messages
    "is empty",
    "is over {} characters",
    "{}: the {} {}",
    "the job counts for {} bytes; all jobs together may have {}",
    "line {}: {}",
}
_ERRORS = re.compile("[A-Z].*(?:Input|Short|Long|Language|Exceeded|Overloaded|Failed)|_refused")
_ENGLISH = re.compile(r"(?:\b[a-z’']{2,}\b[ ,]+){2,}\b[a-z]{2,}\b")
"""Three English words in a row."""


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address, locale="zh-CN", refusals=(400, 422, 503)) as page:
        yield page


def _texts(node: ast.expr) -> Iterator[str]:
    """The literal strings of an expression, ``{}`` for what is put into them."""
    if isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
        )


def _messages(places: tuple[str, ...], called: re.Pattern[str]) -> set[str]:
    """What the modules hand to the calls of that name, and what they call ``message``."""
    found: set[str] = set()
    for place in places:
        root = _SERVICE / place
        for path in [root] if root.is_file() else root.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                values: list[ast.expr] = []
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    values = node.args if called.fullmatch(name) else []
                elif isinstance(node, ast.Assign):
                    target = node.targets[0]
                    values = [node.value] if getattr(target, "id", "") == "message" else []
                found |= {text for value in values for text in _texts(value) if " " in text}
    return found


@pytest.mark.parametrize(
    ("places", "called"),
    [(_REVIEWS, re.compile(".*(?:Finding|Inconsistency)")), (_REFUSALS, _ERRORS)],
)
def test_all_that_reviews_and_refusals_say_is_known_in_chinese(
    page: Page, places: tuple[str, ...], called: re.Pattern[str]
) -> None:
    messages = sorted(_messages(places, called) - _NOT_FROM_THE_PAGE)
    assert len(messages) > 20
    unknown = page.evaluate(
        """async (messages) => {
          const { inChinese } = await import("/page/assets/js/messages_zh.js");
          return messages.filter((one) => {
            const filled = one.replaceAll("{}", "'x'");
            const chinese = inChinese(filled);
            return chinese === null || !/\\p{Script=Han}/u.test(chinese);
          });
        }""",
        messages,
    )
    assert unknown == [], "; ".join(unknown)


def test_what_is_put_into_a_message_is_put_into_the_chinese_one(page: Page) -> None:
    told = page.evaluate(
        """async (messages) => {
          const { inChinese } = await import("/page/assets/js/messages_zh.js");
          return messages.map(inChinese);
        }""",
        [
            "'Xi Jinping' is '习近平', which is missing",
            "'13' is missing",
            "text: the text has 2 words: nothing to shorten; at least 15 are needed",
            "Invalid request: q[0]: is in French (fr): neither English nor Chinese",
            "glossary: line 2: more than two columns",
            "something that nobody foresaw",
        ],
    )
    assert told == [
        "“Xi Jinping”应译为“习近平”，译文中没有",
        "缺少“13”",
        "文本只有 2 个词，无可缩减；至少需要 15 个",
        "文本是法语，既不是英文，也不是中文",
        "第 2 行：超过两列",
        None,
    ]


def test_a_refusal_is_read_in_chinese(page: Page) -> None:
    area = page.get_by_label("粘贴一篇中文或英文新闻报道")
    make = page.get_by_role("button", name="生成简报")
    alert = page.get_by_role("alert").locator("visible=true")
    french = "Le conseil municipal a approuvé mardi un budget pour réparer les trois ponts. " * 5
    for text, said in (
        ("Rain.", "文本只有 1 个词，无可缩减；至少需要 15 个"),
        ("下雨了。", "至少需要 30 个"),
        (french, "文本是法语；只支持英文和中文"),
    ):
        area.fill(text)
        make.click()
        expect(alert).to_contain_text(said)
        assert not _ENGLISH.search(alert.inner_text())
    area.fill("")
    page.get_by_label("或网页地址").fill("http://127.0.0.1:1/")
    make.click()
    expect(alert).to_contain_text("无法访问该网址")
    page.get_by_label("或网页地址").fill("")
    files = page.locator("input[type=file]").first
    files.set_input_files([FilePayload(name="a.pdf", mimeType="", buffer=b"no pdf")])
    make.click()
    expect(alert).to_contain_text("可能已损坏")
    assert not _ENGLISH.search(alert.inner_text())
    page.get_by_role("link", name="翻译").click()
    page.get_by_label("文本或 HTML").fill(french)
    page.get_by_role("button", name="翻译").click()
    expect(alert.last).to_contain_text("文本是法语")
    page.get_by_role("link", name="术语表").click()
    page.get_by_label("名称", exact=True).fill("bad")
    page.get_by_label("上传文件").set_input_files(
        FilePayload(name="bad.tsv", mimeType="text/plain", buffer=b"a\tb\nc\td\te\n")
    )
    expect(alert.last).to_contain_text("第 2 行：超过两列")


def test_warnings_and_all_else_beside_the_briefs_are_read_in_chinese(page: Page) -> None:
    strange = ARTICLE.replace("585 million", "586 million")  # the engine knows no translation
    page.get_by_label("粘贴一篇中文或英文新闻报道").fill(strange)
    page.get_by_role("button", name="生成简报").click()
    page.get_by_role("heading", name="名称和术语").wait_for()
    notes = page.locator(".notes .note").all_inner_texts()
    assert notes
    assert not any(_ENGLISH.search(note) for note in notes)
    page.locator(".cite").last.click()
    ours = page.evaluate(
        """() => {
          for (const one of document.querySelectorAll(
            ".said, .article-text, blockquote, [lang=en], .evidence, textarea")) one.remove();
          return document.body.innerText;
        }"""
    )
    assert not _ENGLISH.search(ours), _ENGLISH.search(ours)


def test_what_nobody_foresaw_is_read_in_english_under_a_chinese_heading(page: Page) -> None:
    detail = "the flux capacitor is out of plutonium"
    refuse(page, "/summarize", 503, {"title": "x", "status": 503, "detail": detail})
    page.get_by_label("粘贴一篇中文或英文新闻报道").fill(ARTICLE)
    page.get_by_role("button", name="生成简报").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("服务尚未就绪")
    expect(alert.locator("[lang=en]")).to_have_text(detail)


def test_a_failed_article_of_a_job_says_why_in_chinese(page: Page) -> None:
    page.get_by_role("link", name="任务").click()
    bad = json.dumps({"id": "b", "text": "Rain is expected."}).encode()
    page.get_by_label("打开文件", exact=True).last.set_input_files(
        FilePayload(name="b.ndjson", mimeType="", buffer=bad)
    )
    page.get_by_role("button", name="提交").click()
    page.get_by_role("button", name="文章").click()
    expect(page.locator(".results .failed")).to_have_text(
        "文本太短：文本只有 3 个词，无可缩减；至少需要 15 个"
    )
