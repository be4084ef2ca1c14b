"""What a brief calls the persons of a Chinese article, and whom *he* stands for."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.selecting.chinese_persons import (
    ChineseAntecedents,
    IntroducedSentence,
    introduction,
    with_antecedent,
    with_names,
)


@pytest.mark.parametrize(
    ("body", "name", "called"),
    [
        ("县医院院长罗文说，门诊不再输液。罗文认为，习惯会改变。", "罗文", "县医院院长罗文"),
        (
            "物理学家约翰内斯·盖格出生在诺伊城。盖格发明了计数管。",
            "盖格",
            "物理学家约翰内斯·盖格",
        ),
        (
            "这一天，画家彼得·威廉“汉斯”盖格去世。盖格留下三百幅画。",
            "盖格",
            "画家彼得·威廉“汉斯”盖格",
        ),
        # 前 is not lost
        ("前财政部长安娜·科斯塔周二获释。科斯塔否认指控。", "科斯塔", "前财政部长安娜·科斯塔"),
        ("周二，新任总理卢卡·伯格抵达临溪。伯格将停留三天。", "伯格", "新任总理卢卡·伯格"),
        ("中场球员汤姆·哈伯缺席了训练。哈伯膝盖受伤。", "哈伯", "中场球员汤姆·哈伯"),
        # the ambassador is not of the country where he is
        ("中国驻科尔湾大使季远出席了仪式。季远发表讲话。", "季远", None),
        # who he is may begin before what was read
        ("他的妻子林芳说，病情已经好转。林芳是教师。", "林芳", None),
        # another's first mention is no introduction
        ("冯汉娜昨天到场。冯汉娜没有讲话。", "冯汉娜", None),
        ("51岁的厨师白建国获奖。白建国来自临溪。", "白建国", "厨师白建国"),
        ("记者采访了市动物园园长何川。何川介绍了幼崽的情况。", "何川", "市动物园园长何川"),
    ],
)
def test_a_person_is_called_by_role_and_full_name(
    body: str, name: str, called: str | None, analyzers: Analyzers
) -> None:
    second = body.index("。") + 1
    found = introduction(name, body, second, analyzers.segment)
    assert (found.text if found else None) == called
    assert found is None or body[found.start : found.end] == called


def _named(sentence: str, body: str, known: str, room: int, analyzers: Analyzers) -> str:
    (words,) = analyzers.segment([sentence])
    named = with_names(
        IntroducedSentence(sentence, sentence),
        words,
        start=body.index(sentence),
        body=body,
        original_body=body,
        known=known,
        room=room,
        segments=analyzers.segment,
    )
    assert all(body[start:end] in named.text for start, end in named.places)
    return named.text


BODY = "县医院院长罗文说，门诊不再输液。天气很好。罗文认为，习惯会改变。院长罗文又说，人手不够。"


def test_who_somebody_is_is_told_where_the_brief_first_has_the_name(analyzers: Analyzers) -> None:
    sentence = "罗文认为，习惯会改变。"
    assert _named(sentence, BODY, "", 60, analyzers) == "县医院院长罗文认为，习惯会改变。"
    assert _named(sentence, BODY, "县医院院长罗文说，门诊不再输液。", 60, analyzers) == sentence
    # no room for it
    assert _named(sentence, BODY, "", 3, analyzers) == sentence
    # the sentence says it itself
    assert _named("院长罗文又说，人手不够。", BODY, "", 60, analyzers) == "院长罗文又说，人手不够。"


@pytest.mark.parametrize(
    ("headline", "sentences", "called"),
    [
        ("", ("画家冯汉娜周二去世，享年八十岁。", "他留下三百幅画。"), "画家冯汉娜"),
        ("", ("前船长安娜·科斯塔获奖。", "今年五月，她将再次远航。"), "前船长安娜·科斯塔"),
        ("", ("画家冯汉娜周二去世。", "他生于临溪。", "他留下三百幅画。"), "画家冯汉娜"),
        # the headline alone names him
        ("冯汉娜获勋章", ("他是唯一获得勋章的牧师，家乡没有忘记他。", "冯汉娜葬在临溪。"), None),
        # two persons, or somebody without a name
        ("", ("画家冯汉娜周二会见了歌手何川。", "他留下三百幅画。"), None),
        ("", ("冯汉娜周二去世，儿子为他守灵。", "他留下三百幅画。"), None),
        ("", ("一名男子周二去世。", "他留下三百幅画。"), None),
        # he is not the subject of the sentence before
        ("", ("警方周二找到了画家冯汉娜。", "他没有说明原因。"), None),
        # no pronoun
        ("", ("画家冯汉娜周二去世。", "他们留下三百幅画。"), None),
        # it points to something else as well
        ("", ("画家冯汉娜周二去世。", "他没有看过这份报告。"), None),
    ],
)
def test_he_is_the_one_person_whom_the_sentences_before_are_about(
    headline: str, sentences: tuple[str, ...], called: str | None, analyzers: Analyzers
) -> None:
    body = "".join(sentences)
    at = 0 if headline else len(sentences) - 1
    found = ChineseAntecedents(
        sentences,
        [body.index(one) for one in sentences],
        headline=headline,
        body=body,
        segments=analyzers.segment,
        words=lambda at: analyzers.segment([sentences[at]])[0],
    ).person(at)
    if headline:
        assert found is not None
        assert found.text == "冯汉娜"
        return
    assert (found.text if found else None) == called


def test_the_person_stands_where_the_pronoun_stood(analyzers: Analyzers) -> None:
    body = "前船长安娜·科斯塔获奖。今年五月，她将再次远航，她说。"
    sentences = ["前船长安娜·科斯塔获奖。", "今年五月，她将再次远航，她说。"]
    found = ChineseAntecedents(
        sentences,
        [0, len(sentences[0])],
        headline="",
        body=body,
        segments=analyzers.segment,
        words=lambda at: analyzers.segment([sentences[at]])[0],
    ).person(1)
    assert found is not None
    named = with_antecedent(IntroducedSentence(sentences[1], sentences[1]), found, body)
    assert named.text == "今年五月，前船长安娜·科斯塔将再次远航，她说。"
    assert named.places == ((0, len("前船长安娜·科斯塔")),)
