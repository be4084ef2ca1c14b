"""Articles from text and from HTML."""

from __future__ import annotations

import time

import pytest

from service.briefs.articles import from_html, from_text
from service.briefs.model import Article
from service.errors import InvalidInput, TextTooLong, TextTooShort

WRAPPED = (
    "The council approved a budget of four million on Tuesday to\n"
    "repair three bridges over the river Alder, which are old. Work\n"
    "begins in March.\n\nA second paragraph."
)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("One.", ("One.",)),
        ("One.\n\nTwo.", ("One.", "Two.")),
        ("Headline\nOne.\r\nTwo.", ("Headline", "One.", "Two.")),
        ("\n\n  One. \x00 \n\n\n\n Two.\u200b ", ("One.", "Two.")),
        ("标题\n第一段。\n第二段。", ("标题", "第一段。", "第二段。")),
        (
            WRAPPED,
            (
                WRAPPED.partition("\n\n")[0].replace("\n", " "),
                "A second paragraph.",
            ),
        ),
        ("字" * 60 + "。\n" + "字" * 70 + "。", ("字" * 60 + "。", "字" * 70 + "。")),
        ("lone \ud800 surrogate", ("lone surrogate",)),
    ],
)
def test_text_becomes_clean_blocks(text: str, blocks: tuple[str, ...]) -> None:
    assert from_text(text, limit=1000).blocks == blocks


def test_a_page_gives_its_text_and_its_title() -> None:
    page = "<h1>Bridges</h1><script>x</script><p>One.</p><p>Two.</p>"
    assert from_html(page, limit=100) == Article(
        ("Bridges", "One.", "Two."), "Bridges", "auto", "html"
    )


def test_a_given_title_goes_before_the_pages_own() -> None:
    page = "<h1>Bridges</h1><p>One.</p>"
    assert from_html(page, limit=100, title=" Given\n title ").title == "Given title"


def test_a_page_title_of_absurd_length_is_no_title() -> None:
    page = f"<title>{'x' * 501}</title><p>One.</p>"
    assert from_html(page, limit=100).title is None


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b\ufeff", "\ud800", "\x00\x01"])
def test_nothing_visible_is_too_short(text: str) -> None:
    with pytest.raises(TextTooShort) as caught:
        from_text(text, limit=10)
    assert caught.value.field == "text"


def test_a_page_of_scripts_is_too_short() -> None:
    with pytest.raises(TextTooShort) as caught:
        from_html("<script>var x</script><!-- hello -->", limit=10)
    assert caught.value.field == "html"


def test_the_limit_counts_what_is_left_after_cleaning() -> None:
    assert from_text("12345     67890", limit=11).blocks == ("12345 67890",)
    with pytest.raises(TextTooLong, match="11 characters; at most 10"):
        from_text("12345 67890", limit=10)
    assert from_html("<!-- much that is not read --><p>ok</p>", limit=2).blocks == ("ok",)


@pytest.mark.parametrize(
    "bomb", ["<div></x>" * 50_000, "".join(f"<b id={at}><p>" for at in range(2_500))]
)
def test_markup_that_would_stall_the_parser_is_refused_at_once(bomb: str) -> None:
    began = time.monotonic()
    with pytest.raises(InvalidInput) as caught:
        from_html(bomb + "text", limit=10_000)
    assert caught.value.field == "html"
    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("市议会批准了一笔预算，\n用于修桥。", ("市议会批准了一笔预算，用于修桥。",)),
        (
            "市议会周二批准了一笔新的预算用于修\n缮河上的三座桥梁，工程将于三月开始。市\n长说，桥将关闭。",
            (
                "市议会周二批准了一笔新的预算用于修缮河上的三座桥梁，工程将于三月开始。市长说，桥将关闭。",
            ),
        ),
        (
            "桥梁将修缮\n市议会批准了预算。\n工程三月开始。",
            ("桥梁将修缮", "市议会批准了预算。", "工程三月开始。"),
        ),
        ("日程\n周一开会\n周二投票", ("日程", "周一开会", "周二投票")),
    ],
)
def test_chinese_lines_are_joined_where_they_break_a_sentence(
    text: str, blocks: tuple[str, ...]
) -> None:
    assert from_text(text, limit=1000).blocks == blocks
