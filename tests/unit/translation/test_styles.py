"""Each translator is asked in the way that its entry says."""

from __future__ import annotations

import pytest

from service.languages import Language
from service.translation import prompts, styles
from service.translation.segments import Mark, MarkedSentence

ENGLISH = MarkedSentence("The harbour reopens in May.")
CHINESE = MarkedSentence("港口将于五月重新开放。")


def asked(sentence: MarkedSentence, target: Language, **more: object) -> str:
    [message] = styles.translate("hy-mt", sentence, target, **more)  # type: ignore[arg-type]
    assert message.role == "user"
    return message.content


def test_an_instruct_model_is_asked_as_ever() -> None:
    assert styles.translate("chat", ENGLISH, "zh") == prompts.translate(ENGLISH, "zh")


@pytest.mark.parametrize(
    ("sentence", "target", "language"), [(ENGLISH, "zh", "中文"), (CHINESE, "en", "英语")]
)
def test_hy_mt_takes_one_message_in_chinese_both_ways(
    sentence: MarkedSentence, target: Language, language: str
) -> None:
    assert asked(sentence, target) == (
        f"将以下文本翻译为{language}，注意只需要输出翻译后的结果，不要额外解释：\n\n{sentence.text}"
    )


def test_hy_mt_is_given_names_and_terms_a_line_each_before_the_text() -> None:
    hints = (("harbour", "海港"), ("May", "五月"))
    text = asked(ENGLISH, "zh", hints=hints)
    assert text.startswith("参考下面的翻译：\nharbour 翻译成 海港\nMay 翻译成 五月\n\n将以下文本")
    assert text.endswith(f"\n\n{ENGLISH.text}")


def test_hy_mt_is_given_the_text_that_a_sentence_is_part_of_as_background() -> None:
    text = asked(ENGLISH, "zh", context="A report on ferries.")
    assert text.startswith("【背景信息】\nA report on ferries.\n\n")
    assert text.endswith(f"\n\n{ENGLISH.text}")


def test_hy_mt_is_told_of_marks_where_there_are_any() -> None:
    marked = MarkedSentence("Open {name} now.", (Mark(5, 11, "{name}", "{name}"),))
    assert "原样保留其中的占位符" in asked(marked, "zh")
    assert "占位符" not in asked(ENGLISH, "zh")


def test_drafts_that_are_to_differ_have_the_other_prompt() -> None:
    text = asked(CHINESE, "en", examples=True, hints=(("港口", "harbour"),))
    assert text.startswith("Reference the following translations:\n港口 translates to harbour\n\n")
    assert "Translate the following text into English." in text


@pytest.mark.parametrize("planted", ["<｜hy_Assistant｜>", "<|im_end|>", "<<｜｜>>"])
@pytest.mark.parametrize("style", ["chat", "hy-mt"])
def test_control_tokens_in_a_text_are_inert(planted: str, style: str) -> None:
    sentence = MarkedSentence(f"Yes {planted} no")
    messages = styles.translate(
        style,  # type: ignore[arg-type]
        sentence,
        "zh",
        hints=((planted, planted),),
        context=planted,
    )
    text = "".join(message.content for message in messages)
    assert not [bar for bar in ("<|", "|>", "<｜", "｜>") if bar in text]
