"""Translation with the real model: what is promised of every text, whatever the words are."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import httpx
import pytest

from service.text.numbers import unsupported
from service.text.scripts import simplified_only, traditional_only
from tests.support.documents import read
from tests.support.real_service import ANSWER_SECONDS, Service, answer_of
from tests.support.tagged_pages import page, paths, words

pytestmark = pytest.mark.real_model

ENGLISH = (
    "The port of Wexmouth will dig a tunnel of 2.4 kilometres under its harbour. It costs 40 "
    "million dollars, 15% more than was planned, and opens on 12 May 2027. About 3,500 lorries "
    "will use it every day."
)
CHINESE = (
    "临溪市图书馆周一重新开放。馆内新增3万册图书，屋顶建了一座咖啡馆，工程耗资1200万元。"
    "市长表示，去年参观人数增长了8.5%。"
)
HTML = (
    '<p>Click <a href="/save?a=1&amp;b=2">the green button</a> to save the file.</p>'
    '<ul><li>It <b>never</b> leaves <code>/srv/files</code>.</li></ul><img src="a.png">'
)
MARKDOWN = """## Set up

1. Run `npm install --save` and `make`.
2. Ask @lena :tada:

```
ls --all
```
| Day | Price |
|---|---:|
| Monday | 5 |"""
PAGES = {
    language: [page(Random(seed), language, sentences=2) for seed in range(4)]  # noqa: S311
    for language in ("en", "zh")
}
HAN = re.compile("[\u4e00-\u9fff]")
TOLD: dict[str, tuple[str, str]] = {
    "近百人受伤，12人失踪。": ("en", r"(?i)nearly (100|a hundred).*12"),
    "两三百人参加集会，百余名警察在场。": ("en", r"(?i)two (or|to) three hundred|200 (to|or) 300"),
    "没有人不知道这件事。": ("en", "(?i)every(one|body) knows"),
    "他前年5月上任。": ("en", "May of the year before last"),
    "滨海市博物馆周五重新开馆。": ("en", "Binhai"),
    "张警官昨天被法院传唤。": ("en", r"(?i)officer Zhang\b"),
    "Schools are closed until Friday.": ("zh", "[至到](周|星期)五"),
    "Dominica signed; the Dominican Republic did not.": ("zh", "多米尼克.*多米尼加共和国"),
    "She reached the final of the Darts Open on Friday.": ("zh", "飞镖公开赛.*决赛"),
}
"""What the model got wrong until it was told the phrase or the name."""
DOCUMENTS = ("messages.en.po", "film.zh.srt", "mail.en.txt")
"""The short ones; ``python -m bench.tags --documents`` translates all, to be read."""
AMBIGUOUS = "The pitch was too wet."
CONTEXT = "The football match was called off an hour before kick-off."
WITHIN = "场地"
"""What a pitch is where football is played; without that, the model takes it for a talk."""
REQUESTS: dict[str, dict[str, object]] = {
    "told in English": {"q": [one for one in TOLD if TOLD[one][0] == "en"], "target": "en"},
    "told in Chinese": {"q": [one for one in TOLD if TOLD[one][0] == "zh"], "target": "zh"},
    "english": {"q": ENGLISH, "target": "zh-Hans"},
    "chinese": {"q": CHINESE, "target": "en"},
    "traditional": {
        "q": ["", "Hello {name}, [X15X] opens at 9.", " \n", "市议会批准了预算。", "42"],
        "target": "zh-Hant",
    },
    "html": {"q": HTML, "target": "zh-Hans", "format": "html"},
    "glossary": {
        "q": "Rain fell over the Alder valley on Monday.",
        "target": "zh-Hans",
        "glossary": {"Alder valley": "赤杨谷"},
    },
    "a term into English": {
        "q": "他昨天去了三国。",
        "source": "zh",
        "target": "en",
        "glossary": {"三国": "Mikuni"},
    },
    "a term into Chinese": {
        "q": "Mikuni owns the shop.",
        "source": "en",
        "target": "zh-Hans",
        "glossary": {"Mikuni": "三国"},
    },
    "without context": {"q": AMBIGUOUS, "source": "en", "target": "zh-Hans"},
    "with context": {"q": AMBIGUOUS, "source": "en", "target": "zh-Hans", "context": CONTEXT},
    **{
        f"pages in {language}": {
            "q": [*(one.tagged for one in pages), *(one.bare for one in pages)],
            "source": language,
            "target": "zh" if language == "en" else "en",
            "format": "html",
        }
        for language, pages in PAGES.items()
    },
    "marked": {
        "q": [
            MARKDOWN,
            "{n, plural, one {# new file} other {# new files}}",
            "The council said on Friday that the pool would\nnot open before August. #OpenDay",
        ],
        "source": "en",
        "target": "zh-Hans",
    },
    **{name: read(name).request for name in DOCUMENTS},
    "mixed": {"q": "The library opens on Monday. 市民对此表示欢迎。", "target": "zh-Hans"},
}


@pytest.fixture(scope="module")
def answers(service: Service) -> dict[str, Any]:
    """What became of every request, all sent at once."""

    def post(body: dict[str, object]) -> httpx.Response:
        body = {"source": "auto", **body}
        return httpx.post(f"{service.address}/translate", json=body, timeout=ANSWER_SECONDS)

    with ThreadPoolExecutor(len(REQUESTS)) as pool:
        responses = zip(REQUESTS, pool.map(post, REQUESTS.values()), strict=True)
    return {name: answer_of(response)["translatedText"] for name, response in responses}


def test_a_paragraph_is_in_chinese_with_the_numbers_of_its_source(answers: dict[str, Any]) -> None:
    chinese = answers["english"]
    assert unsupported(chinese, ENGLISH) == [], chinese
    assert "2027" in chinese, chinese
    assert re.search("隧道", chinese), chinese
    assert traditional_only().isdisjoint(chinese), chinese
    assert chinese.endswith("。"), chinese


def test_a_paragraph_is_in_english_with_the_numbers_of_its_source(answers: dict[str, Any]) -> None:
    english = answers["chinese"]
    assert unsupported(english, CHINESE) == [], english
    assert "8.5" in english, english
    assert re.search("library", english, re.IGNORECASE), english
    assert not HAN.search(english), english


def test_a_list_keeps_its_places_its_placeholders_and_the_script(answers: dict[str, Any]) -> None:
    first, greeting, blank, budget, number = answers["traditional"]
    assert (first, blank, number) == ("", " \n", "42")
    assert budget == "市議會批准了預算。"
    assert (greeting.count("{name}"), greeting.count("[X15X]")) == (1, 1)
    assert not traditional_only().isdisjoint(greeting), greeting
    assert simplified_only().isdisjoint(greeting), greeting


def test_html_keeps_its_elements_and_what_is_code(answers: dict[str, Any]) -> None:
    html = answers["html"]
    assert paths(html) == paths(HTML)
    assert "<code>/srv/files</code>" in html
    assert HAN.search(html)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tags_change_neither_the_tree_nor_the_words(answers: dict[str, Any], language: str) -> None:
    translated = answers[f"pages in {language}"]
    for made, tagged, bare in zip(PAGES[language], translated, translated[4:], strict=False):
        assert paths(tagged) == paths(made.tagged)
        assert words(tagged) == words(bare)


def test_a_term_is_written_as_the_glossary_has_it(answers: dict[str, Any]) -> None:
    assert "赤杨谷" in answers["glossary"]
    assert "Alder" not in answers["glossary"]


def test_a_term_that_the_model_leaves_out_stands_where_it_belongs(answers: dict[str, Any]) -> None:
    english, chinese = answers["a term into English"], answers["a term into Chinese"]
    assert re.fullmatch("[^.]*Mikuni[^.]*[.]", english), english
    assert re.match("三国.*店", chinese), chinese


def test_the_context_decides_what_a_word_means_and_is_not_printed(answers: dict[str, Any]) -> None:
    alone, within = answers["without context"], answers["with context"]
    assert WITHIN not in alone, alone
    assert WITHIN in within, within
    assert len(within) < 2 * len(AMBIGUOUS), within


def test_mixed_text_keeps_the_sentences_of_the_target(answers: dict[str, Any]) -> None:
    mixed = answers["mixed"]
    assert mixed.endswith("市民对此表示欢迎。")
    assert HAN.search(mixed.removesuffix("市民对此表示欢迎。"))
    assert "library" not in mixed


def test_what_marks_a_plain_text_stays(answers: dict[str, Any]) -> None:
    markdown, message, wrapped = answers["marked"]
    lines = markdown.split("\n")
    assert [line[:3] for line in (lines[0], lines[2], lines[3])] == ["## ", "1. ", "2. "]
    assert "`npm install --save`" in lines[2]
    assert "`make`" in lines[2]
    assert "@lena" in lines[3]
    assert lines[3].endswith(":tada:")
    assert lines[5:8] == ["```", "ls --all", "```"]
    assert lines[9] == "|---|---:|"
    assert [line.count("|") for line in lines[8:]] == [3, 3, 3]
    assert re.fullmatch(r"\{n, plural, one \{.*#.*\} other \{.*#.*\}\}", message)
    assert "new" not in message
    assert "\n" not in wrapped
    assert wrapped.endswith(" #OpenDay")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_keeps_all_that_is_not_words(answers: dict[str, Any], name: str) -> None:
    assert read(name).faults(answers[name]) == []


@pytest.mark.parametrize("text", TOLD)
def test_phrases_and_names_that_were_told_are_written(answers: dict[str, Any], text: str) -> None:
    target, expected = TOLD[text]
    order = f"told in {'English' if target == 'en' else 'Chinese'}"
    at = [one for one in TOLD if TOLD[one][0] == target].index(text)
    assert re.search(expected, answers[order][at])
