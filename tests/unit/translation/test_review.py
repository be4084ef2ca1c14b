"""What a review finds in a sentence's translation."""

from __future__ import annotations

import pytest

from service.languages import Language
from service.translation.consensus import rank
from service.translation.review import review
from service.translation.segments import Mark, Sentence


def flags(source: str, draft: str, target: Language) -> list[str]:
    return [finding.flag for finding in review(Sentence(source), draft, target)]


@pytest.mark.parametrize(
    ("source", "draft", "target", "found"),
    [
        ("It rained all night.", "整夜下雨。", "zh", []),
        ("It rained all night.", "It rained all night.", "zh", ["echo"]),
        ("It rained all night.", "整夜 rained。", "zh", ["language"]),
        ("It rained on Wednesday.", "Wednesday下了雨。", "zh", ["language"]),
        ("门票每张3元。", "A ticket is 3 yuan. Main facts: tickets are cheap.", "en", ["reply"]),
        ("要点：门票每张3元。", "Key points: a ticket is 3 yuan.", "en", []),
        ("A ticket is 3 yuan.", "门票每张3元。主要事实：门票便宜。", "zh", ["reply"]),
        ("It rained all night.", "……", "zh", ["empty"]),
        ("It rained all night.", "整夜 advisory 下雨。", "zh", ["language"]),
        ("It rained all night.", "整夜下雨です。", "zh", ["language"]),
        ("整夜下雨。", "It rained всю night.", "en", ["language"]),
        ("OK", "OK", "zh", []),
        ("Google", "Google", "zh", []),
        ("Ana Ruiz and Bo Lind met Tobias Holm.", "Ana Ruiz和Bo Lind见了Tobias Holm。", "zh", []),
        ("Board Backs Harbour Plan", "Board Backs Harbour计划", "zh", ["language"]),
        ("整夜下雨。", "It 下 rained all night.", "en", ["language"]),
        ("出口增长4.1%。", "Exports rose 4.1%.", "en", []),
        ("出口增长4.1%。", "Exports rose 4.2%.", "en", ["number"]),
        ("出口增长4.1%。", "Exports rose.", "en", ["number"]),
        ("出口增长了。", "Exports rose by three percent.", "en", ["number"]),
        (
            "The council met on Tuesday to discuss the bridge and the budget for next year.",
            "开会。",
            "zh",
            ["length"],
        ),
        ("能否帮忙跟进一下，谢谢你", "Sure, I can help you with that.", "en", ["reply"]),
        ("当然，我可以帮忙。", "Sure, I can help you with that.", "en", []),
        ("下雨了。", "The Chinese text is translated into English: It rained.", "en", ["reply"]),
        ("译文如下：下雨了。", "The translation is as follows: It rained.", "en", []),
        ("请问怎么退货？", "I'm sorry, but I cannot help you with that.", "en", ["reply"]),
        ("对不起，不能退货。", "I'm sorry, but you cannot return it.", "en", []),
        ("How do I return it?", "好的，请告诉我订单号。", "zh", ["reply"]),
        ("OK, tell me the number.", "好的，请告诉我号码。", "zh", []),
        ("It rained.", "翻译：下雨了。", "zh", ["reply"]),
        ("The ship sailed.", "船启航了。可译为“船”。", "zh", ["reply"]),
        ("Keller translated it.", "凯勒把它译成了中文。", "zh", []),
        ("The council met.", "开会了。，市议会。", "zh", ["cut"]),
        ("Who are you?", "作为一个AI，我没有名字。", "zh", ["language", "negation", "reply"]),
        ("It rained.", "下雨了，" * 8 + "停不下来。", "zh", ["repetition"]),
    ],
)
def test_what_is_found(source: str, draft: str, target: Language, found: list[str]) -> None:
    assert flags(source, draft, target) == found


def test_a_text_that_was_not_finished_is_cut() -> None:
    found = review(Sentence("It rained."), "下雨", "zh", finished=False)
    assert [finding.flag for finding in found] == ["cut"]


def test_a_lost_placeholder_is_a_lost_term() -> None:
    sentence = Sentence("Hello {name}", (Mark(6, 12, "{name}", "{name}"),))
    assert [one.flag for one in review(sentence, "你好", "zh")] == ["term"]
    assert review(sentence, "你好，{name}", "zh") == ()


def test_an_invented_placeholder_is_found() -> None:
    assert flags("Percent done", "{percent}已完成", "zh") == ["term"]


def test_the_draft_most_like_the_others_comes_first() -> None:
    drafts = ["财政部长星期五说", "财政部周四表示", "财政部周四说", "财政部周四表明"]
    assert drafts[rank(drafts)[0]] == "财政部周四表示"
    assert rank(["下雨了"]) == [0]
    assert rank(["", ""]) == [0, 1]
