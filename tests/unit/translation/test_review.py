"""What a review finds in a sentence's translation."""

from __future__ import annotations

import pytest

from service.languages import Language
from service.translation.consensus import rank
from service.translation.review import review
from service.translation.segments import Mark, MarkedSentence


def flags(source: str, draft: str, target: Language) -> list[str]:
    return [finding.flag for finding in review(MarkedSentence(source), draft, target)]


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
            ["date", "length"],
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
        ("大桥23日封闭。", "The bridge has been closed.Parcelable, 23rd.", "en", ["cut"]),
        ("请访问example.org。", "Please visit example.org.", "en", []),
        ("用Node.Express写的。", "It was written with Node.Express.", "en", []),
        ("He owns the shop.", "他经营着这家店，译名：三国。", "zh", ["reply"]),
        ("Mikuni owns the shop.", "米基（也称为“三国”）拥有这家店。", "zh", ["reply"]),
        ("三国开店。", "Mickey (also known as Mikuni) opens a shop.", "en", ["reply"]),
        ("Lena, also known as Leni, owns the shop.", "莱娜（也称为莱妮）拥有这家店。", "zh", []),
        ("Translated name: Alder", "译名：赤杨", "zh", []),
        ("Run it before you push.", "推送前运行以下命令：运行它。", "zh", ["reply"]),
        ("Run the following command.", "运行以下命令。", "zh", []),
        ("Run this:", "运行以下命令：", "zh", []),
        ("我爱北京。", 'I love Beijing. (Note: "I love" is Chinese.)', "en", ["reply"]),
        ("我爱北京。（注：是歌名）", "I love Beijing. (Note: the name of a song)", "en", []),
        ("她在大桥上等。", 'She waited, "Ohashi" is the Japanese name for it.', "en", ["reply"]),
        ("塞翁失马是一句成语。", "It is a Chinese idiom about a horse.", "en", []),
        ("The roof fell on Tuesday night.", "当晚屋顶坍塌了。", "zh", ["date"]),
        ("The roof fell on Tuesday night.", "屋顶在周二晚上坍塌了。", "zh", []),
        ("The roof fell on Tuesday, 3 March.", "屋顶在3月3日坍塌了。", "zh", []),
        ("She reads the Sunday Times.", "她读《泰晤士报》。", "zh", []),
        ("They meet on Good Friday.", "他们在耶稣受难日见面。", "zh", []),
        ("It opens on Saturday and Sunday.", "周末开放。", "zh", []),
        ("周六清晨船沉没了。", "The ship sank in the morning.", "en", ["date"]),
        ("周六清晨船沉没了。", "The ship sank on Saturday morning.", "en", []),
        ("Who are you?", "作为一个AI，我没有名字。", "zh", ["language", "negation", "reply"]),
        ("It rained.", "下雨了，" * 8 + "停不下来。", "zh", ["repetition"]),
    ],
)
def test_what_is_found(source: str, draft: str, target: Language, found: list[str]) -> None:
    assert flags(source, draft, target) == found


def test_a_text_that_was_not_finished_is_cut() -> None:
    found = review(MarkedSentence("It rained."), "下雨", "zh", finished=False)
    assert [finding.flag for finding in found] == ["cut"]


def test_a_lost_placeholder_is_a_lost_term() -> None:
    sentence = MarkedSentence("Hello {name}", (Mark(6, 12, "{name}", "{name}"),))
    assert [one.flag for one in review(sentence, "你好", "zh")] == ["term"]
    assert review(sentence, "你好，{name}", "zh") == ()


def test_an_invented_placeholder_is_found() -> None:
    assert flags("Percent done", "{percent}已完成", "zh") == ["term"]


def test_the_draft_most_like_the_others_comes_first() -> None:
    drafts = ["财政部长星期五说", "财政部周四表示", "财政部周四说", "财政部周四表明"]
    assert drafts[rank(drafts)[0]] == "财政部周四表示"
    assert rank(["下雨了"]) == [0]
    assert rank(["", ""]) == [0, 1]


@pytest.mark.parametrize(
    ("source", "kept", "draft", "found"),
    [
        ("他昨天去了三国。", "三国", "He went yesterday.三国.", ["cut"]),
        ("他昨天去了三国。", "三国", "He went there. 三国", ["cut"]),
        ("他昨天去了三国。", "三国", "He went to 三国 yesterday.", []),
        ("他走了。见{x}。", "{x}", "He left. See {x}.", []),
        ("他走了！{x}", "{x}", "He left! {x}", []),
        ("请问 {x} 在吗？", "{x}", "Is he in? ({x})", ["cut"]),
        ("版本是{x}。", "{x}", "The version is {x}.", []),
        ("请带{x}去。", "{x}", "Bring your pass ({x}) there.", ["cut"]),
        ("请带{x}去。", "{x}", "Bring your pass (the {x}) there.", []),
        ("请带证件（{x}）去。", "{x}", "Bring your pass ({x}) there.", []),
        ("请写信给{x}（抄送我）。", "{x}", "Write to {x}(copy to) me).", ["cut"]),
        ("请写信给{x}（抄送我）。", "{x}", "Write to {x} (and copy me in).", []),
        ("请看{x}的结果。", "{x}", "See what a call returns, for example {x}.", ["cut"]),
        ("请看结果，例如{x}。", "{x}", "See the results, for example {x}.", []),
        ("1）打开{x}。", "{x}", "1) Open {x}.", []),
    ],
)
def test_what_had_to_be_written_stands_neither_behind_the_end_nor_in_brackets_of_its_own(
    source: str, kept: str, draft: str, found: list[str]
) -> None:
    start = source.index(kept)
    sentence = MarkedSentence(source, (Mark(start, start + len(kept), kept, kept),))
    assert [one.flag for one in review(sentence, draft, "en") if one.flag == "cut"] == found
