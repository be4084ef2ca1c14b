"""Sentence splitting: English, Chinese, mixed; with and without line breaks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.text.sentences import join_sentences, split_sentences

ALPHABET = "ab Z19.,!?;:…\"'()[]“”‘’「」《》（）。！？；，、他说\n\t"
TEXT = st.one_of(st.text(ALPHABET), st.text(st.characters(exclude_categories=["Cs"])))


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. Smith met Dr. Lee in the U.S. on Jan. 5.", "He paid $3.5 million, e.g. in cash."],
        ["It stands at No. 10 Downing St. in London.", "The U.S. Senate agreed."],
        ["J. K. Rowling met George W. Bush on Sept. 11.", "It rose 2.5%.", "3,000 people left."],
        ["“It is late,” he said.", "“We must go!”", "Then he left."],
        ["Is it true? he asked.", "It is approx. 5 km away."],
        ["Visit example.com.", "Now!", "What?!", "Really...", "Yes."],
        ["1. First thing.", "2. Second thing."],
    ],
)
def test_english_ends_where_a_reader_stops(sentences: list[str]) -> None:
    assert split_sentences(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["今天天气很好。", "我们去公园！", "好吗？", "价格是3.5元；", "很贵。"],
        ["“我们必须走了……”他说。", "“好。”"],
        ["他说：“今天很好。”", "然后离开了。", "“走吧！”他补充。"],
        ["他說：「你好。」", "她走了。"],
        ["（他走了。）", "真的吗？！", "是的。。。", "第三句……", "第四句"],
        ["《你好！》是一部电影。", "“好！”、“再见！”他们喊。"],
        ["好!", "我们走吧?", "习近平在2022年12月1日表示，增长3.5%。"],
    ],
)
def test_chinese_ends_where_a_reader_stops(sentences: list[str]) -> None:
    assert split_sentences("".join(sentences)) == sentences


def test_mixed_text_follows_both_rules() -> None:
    text = "价格是3.5元。U.S. stocks fell 2.5%. Mr. Li 很高兴。Yes, sure. 好吗？OK."
    assert split_sentences(text) == [
        "价格是3.5元。",
        "U.S. stocks fell 2.5%.",
        "Mr. Li 很高兴。",
        "Yes, sure.",
        "好吗？",
        "OK.",
    ]


def test_headlines_and_list_items_are_sentences_of_their_own() -> None:
    text = "Headline without a stop\n\nFirst paragraph.\n- item one\n- item two\n标题\n正文。"
    assert split_sentences(text) == [
        "Headline without a stop",
        "First paragraph.",
        "- item one",
        "- item two",
        "标题",
        "正文。",
    ]


def test_a_hard_wrapped_sentence_is_one() -> None:
    assert split_sentences("He said that it\nwas late. She\nleft.") == [
        "He said that it was late.",
        "She left.",
    ]


@pytest.mark.parametrize("opening", ["“", '"', "(", "‘"])
def test_a_quotation_that_is_never_closed_holds_nothing_together(opening: str) -> None:
    text = f"He said: {opening}We won. We are glad. Then they left."
    assert split_sentences(text) == [
        f"He said: {opening}We won.",
        "We are glad.",
        "Then they left.",
    ]


def test_a_closing_quote_stays_with_its_sentence_even_after_a_space() -> None:
    assert split_sentences("“我们走。 ”他说。 He left. ” They stayed.") == [
        "“我们走。 ”他说。",
        "He left. ”",
        "They stayed.",
    ]


def test_a_long_text_without_an_end_is_not_cut_inside_a_word() -> None:
    text = "lorem ipsum, " * 2000 + "dolor."
    assert split_sentences(text) == [text]


def test_a_hundred_thousand_quotation_marks_take_no_time() -> None:
    text = "“!”" * 30_000
    assert "".join(split_sentences(text)) == text


@pytest.mark.parametrize(
    ("sentences", "text"),
    [
        ([], ""),
        (["One.", "Two."], "One. Two."),
        (["一。", "二！"], "一。二！"),
        (["他说：“好。”", "“走。”"], "他说：“好。”“走。”"),
        (["Headline", "Text."], "Headline\nText."),
        (["标题", "正文。"], "标题\n正文。"),
        (["中文。", "English.", "中文。"], "中文。 English. 中文。"),
    ],
)
def test_sentences_join_as_they_would_be_printed(sentences: list[str], text: str) -> None:
    assert join_sentences(sentences) == text


@settings(deadline=None)
@given(TEXT)
def test_nothing_but_white_space_is_lost(text: str) -> None:
    sentences = split_sentences(text)
    assert "".join("".join(sentences).split()) == "".join(text.split())
    assert "".join(join_sentences(sentences).split()) == "".join(text.split())
    assert all(sentence and sentence == sentence.strip() for sentence in sentences)
