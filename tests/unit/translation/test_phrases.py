# ruff: noqa: E501 - tables of phrases, and CJK is counted double
"""Quantities, moments and turns of phrase that are told to the model."""

from __future__ import annotations

import pytest

from service.translation.phrases import phrases


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("近百人受伤，12人失踪。", {"近百": "nearly 100"}),
        ("逾三千人疏散。", {"逾三千": "more than 3,000"}),
        ("逾3000人疏散。", {"逾3000": "more than 3000"}),
        ("约四成房屋倒塌。", {"约四成": "about 40%"}),
        ("两三百人参加集会。", {"两三百": "two or three hundred"}),
        ("百余名警察在场。", {"百余": "more than 100"}),
        ("数十万人收看，点击量上亿次。", {"数十万": "hundreds of thousands", "上亿": "more than 100 million"}),
        ("其中五十六人住院。", {"五十六": "56"}),
        ("拨款一亿二千万元。", {"一亿二千万元": "120 million yuan"}),
        ("商品打七折。", {"七折": "30% off"}),
        ("销量增长了两倍。", {"增长了两倍": "tripled"}),
        ("二十多人失联。", {"二十多": "more than 20"}),
        ("十几万人参加。", {"十几万": "more than 100,000"}),
        ("花了一百多万元。", {"一百多万元": "more than 1 million yuan"}),
        ("过半数选民弃权。", {"过半": "more than half"}),
        ("三分之二以上的人反对。", {"三分之二以上": "more than two-thirds"}),
        ("来了一百来人。", {"一百来": "about 100"}),
        ("三五个人到场。", {"三五": "3 to 5"}),
        ("模范村的代理镇长到场。", {"代理镇长": "acting town head"}),
        ("他前年5月上任。", {"前年5月": "May of the year before last"}),
        ("他明年三月退休。", {"明年三月": "March next year"}),
        ("下月16日开庭。", {"下月16日": "the 16th of next month"}),
        ("去年同期为5%。", {"去年同期": "the same period last year"}),
        ("桥梁将封闭至周一。", {"封闭至周一": "closed until Monday"}),
        ("学校停课到星期五。", {"停课到星期五": "classes suspended until Friday"}),
        ("没有人不知道这件事。", {"没有人不知道": "everyone knows"}),
        ("他不得不辞职。", {"不得不": "have to"}),
        ("已有8万余人受灾。", {"8万余": "more than 80,000"}),
        ("损失达4000余万元。", {"4000余万元": "more than 40 million yuan"}),
        ("她以202.5环的成绩夺冠。", {"202.5环": "202.5 points"}),
        ("120年前的一段往事。", {"120年前": "120 years ago"}),
        ("大桥两年前通车，三个月前封闭。", {"两年前": "2 years ago", "三个月前": "3 months ago"}),
        ("大桥2016年前建成。", {}),
        ("近30年来未曾停产。", {"近30年来": "the past 30 years"}),
        ("四五月份的雨水偏多。", {"四五月份": "April and May"}),
        ("河镇位列倒数十位。", {"倒数十位": "bottom 10"}),
        ("滨海队积分倒数第三。", {"倒数第三": "3rd from bottom"}),
        ("三四名决赛今晚举行。", {"三四名决赛": "third-place play-off"}),
        ("水库在北五十家子镇。", {}),
        ("央行副行长到场。", {"副行长": "deputy governor"}),
        ("滨海银行副行长到场。", {"副行长": "vice president"}),
        ("8月成交额环比下滑。", {"环比": "month on month"}),
        ("二季度产量环比增长。", {"环比": "quarter on quarter"}),
        ("产量环比持平。", {"环比": "from the previous period"}),
        ("每亩补贴30元。", {"每亩": "per mu"}),
        ("前省长与代市长、副局长出席。", {"前省长": "former governor", "代市长": "acting mayor", "副局长": "deputy bureau director"}),
    ],
)  # fmt: skip
def test_what_chinese_phrases_become(text: str, told: dict[str, str]) -> None:
    assert {one.source: one.target for one in phrases(text, "en")} == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Dozens died and hundreds fled.", {"Dozens": "数十", "hundreds": "数百"}),
        ("It ends decades of talks.", {"decades": "数十年"}),
        ("Half a million people lost power.", {"Half a million": "50万"}),
        ("Two dozen pylons fell.", {"Two dozen": "24"}),
        ("Deaths fell by a fifth last year.", {"a fifth": "五分之一"}),
        ("A quarter of the staff left.", {"A quarter": "四分之一"}),
        ("It rose by half a percentage point.", {"half a percentage point": "0.5个百分点"}),
        ("It holds $2.4 billion, up from $350 million.", {"up from $350 million": "高于3.5亿美元"}),
        ("Sales were 90, down from 120.", {"down from 120": "低于120"}),
        ("It opens on Tuesday, 9 February 2027 at 12:15 a.m. sharp.", {"Tuesday, 9 February 2027": "2027年2月9日（周二）", "12:15 a.m.": "凌晨0时15分"}),
        ("It opens on Tuesday, February 9, 2027.", {"Tuesday, February 9, 2027": "2027年2月9日（周二）"}),
        ("It opens on Friday 3rd May, they say.", {"Friday 3rd May": "5月3日（周五）"}),
        ("They meet on Sunday, Sept. 12 at 12pm.", {"Sunday, Sept. 12": "9月12日（周日）", "12pm": "中午12时"}),
        ("It closes at 12:30 p.m. on Monday.", {"12:30 p.m.": "中午12时30分"}),
        ("It closes at 9 p.m. on Monday.", {}),
        ("On Monday May said no.", {}),
        ("Hello, World! See you soon", {"Hello, World": "你好，世界", "See you soon": "回头见"}),
        ("See you all tomorrow.", {"See you all tomorrow": "明天见"}),
        ("See you on Friday!", {"See you on Friday": "周五见"}),
        ("Schools are closed until Friday.", {"closed until Friday": "关闭至周五"}),
        ("It is closed until the end of March.", {"until the end of March": "直到3月底"}),
        ("The show runs until 30 June.", {"until 30 June": "直到6月30日"}),
        ("It lasts until June 3.", {"until June 3": "直到6月3日"}),
        ("SCHOOLS CLOSED UNTIL FRIDAY", {"CLOSED UNTIL FRIDAY": "关闭至周五"}),
        ("It is open until 9 p.m. on Thursdays.", {"open until 9 p.m.": "开放到晚上9点"}),
        ("It will not be known until Monday.", {"not be known until Monday": "要到周一才"}),
        ("It took a year and a half.", {"a year and a half": "一年半"}),
        ("Rents are four times as high.", {"four times": "4倍"}),
        ("It doesn't open until Tuesday.", {"doesn't open until Tuesday": "要到周二才"}),
        ("Nearly two dozen fell.", {"two dozen": "24"}),
        ("Wages are 20 percent higher.", {"20 percent higher": "高20%"}),
        ("They are 31 and 54 years old respectively.", {"31 and 54 years old respectively": "分别为31岁和54岁"}),
        ("All but two of the crew survived.", {"All but two of": "除两人外全部"}),
    ],
)  # fmt: skip
def test_what_english_phrases_become(text: str, told: dict[str, str]) -> None:
    assert {one.source: one.target for one in phrases(text, "zh")} == told


@pytest.mark.parametrize(
    "text",
    [
        "He played twice.",
        "Exports rose 4.1% to $2.4 billion.",
        "One person saw two women.",
        "It was paid by a third party.",
        "squash the rumours",
        "It took a couple of minutes.",
        "A dozen or so came.",
        "It rose from 12 to 15, up from 9 to 11.",
        "It took three and a half days.",
    ],
)
def test_what_digits_or_single_words_say_is_not_told(text: str) -> None:
    assert phrases(text, "zh") == []


@pytest.mark.parametrize(
    "text",
    [
        "第二次会议3人出席。",
        "收入2.5亿元。",
        "租金两成半。",
        "目前三人受伤。",
        "目前省长不在。",
        "司法部副部长罗森斯坦",
        "三四五六年级",
        "二十一世纪的城市",
        "产量两倍于邻县。",
    ],
)
def test_plain_chinese_numbers_are_not_told(text: str) -> None:
    assert phrases(text, "en") == []
