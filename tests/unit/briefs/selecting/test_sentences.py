"""Headline and sentences of an article, with their places."""

from __future__ import annotations

import pytest

from service.briefs.selecting.sentences import read_text, simplified_alike
from service.languages import Language

LEAD = "Dr. Ann Lee of St. Olav's Hospital spoke at 3.30 p.m. on Monday. No one asked why."


def test_offsets_are_those_of_the_body() -> None:
    text = read_text(["Bridge closed", LEAD, "It opened in 1931."], None, "en")
    assert text.body == f"Bridge closed\n{LEAD}\nIt opened in 1931."
    assert [text.body[one.start : one.end] for one in text.sentences] == [
        "Dr. Ann Lee of St. Olav's Hospital spoke at 3.30 p.m. on Monday.",
        "No one asked why.",
        "It opened in 1931.",
    ]
    assert [one.index for one in text.sentences] == [0, 1, 2]
    assert [one.block for one in text.sentences] == [1, 1, 2]


@pytest.mark.parametrize(
    ("blocks", "title", "language", "headline", "sentences"),
    [
        # given apart
        ([LEAD], "Bridge closed", "en", "Bridge closed", 2),
        # given apart and repeated in the body: no sentence
        (["Bridge  closed", LEAD], "Bridge closed", "en", "Bridge closed", 2),
        # the first block is one
        (["Bridge closed", LEAD], None, "en", "Bridge closed", 2),
        (["Who closed the bridge?", LEAD], None, "en", "Who closed the bridge?", 2),
        (["大桥关闭", "大桥昨日关闭。"], None, "zh", "大桥关闭", 1),
        # a sentence is none, nor is a line with a colon, nor a lone block
        (["The bridge was closed.", LEAD], None, "en", "", 3),
        (["The council said:", LEAD], None, "en", "", 3),
        (["Bridge closed"], None, "en", "", 1),
        # the name of the site is no part of it
        ([LEAD], "Bridge closed - Harbour News", "en", "Bridge closed", 2),
        (["大桥昨日关闭。"], "大桥关闭-中新网", "zh", "大桥关闭", 1),
    ],
)
def test_the_headline_is_the_title_or_a_first_block_that_looks_like_one(
    blocks: list[str], title: str | None, language: Language, headline: str, sentences: int
) -> None:
    text = read_text(blocks, title, language)
    assert text.headline == headline
    assert len(text.sentences) == sentences


def test_chinese_is_read_in_simplified_characters_of_the_same_number() -> None:
    blocks = ["臺北市議會昨晚三讀通過新預算，將撥款改善電梯。", "住戶須自付兩成。"]
    text = read_text(blocks, None, "zh")
    assert text.body == "台北市议会昨晚三读通过新预算，将拨款改善电梯。\n住户须自付两成。"
    assert len(text.body) == len("\n".join(blocks))
    first = text.sentences[0]
    assert "\n".join(blocks)[first.start : first.end] == blocks[0]


def test_a_phrase_that_would_change_its_length_is_simplified_character_by_character() -> None:
    assert len(simplified_alike("裡面的乾燥機與覆蓋率")) == len("裡面的乾燥機與覆蓋率")


@pytest.mark.parametrize(
    "sentence",
    [
        "市长说：“工程明年完成；费用由市里承担。”会议随后结束。",
        "他说：“我们等了十年……现在终于开工了。”",
        "一是道路；二是桥梁；三是隧道。",
    ],
)
def test_a_chinese_sentence_is_not_cut_at_a_semicolon_or_before_a_closing_quote(
    sentence: str,
) -> None:
    text = read_text([sentence], None, "zh")
    assert not any(one.text[-1] in "；…" for one in text.sentences)
    assert not any(one.text[0] in "”’" for one in text.sentences)


def test_white_space_inside_a_sentence_keeps_its_place() -> None:
    text = read_text(["The  bridge   closed on Monday.  It  reopens in May."], None, "en")
    second = text.sentences[1]
    assert text.body[second.start : second.end] == "It  reopens in May."
