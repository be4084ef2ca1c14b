"""What the brief of an article of each type must hold, and what it must not.

The articles in ``tests/data/articles`` are invented. A brief holds every pattern of ``holds`` and
none of ``lacks``; the patterns are written from the article, not from what the code gave.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import msgspec
import pytest

from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.drafts import Draft
from service.briefs.extracting import extract
from service.briefs.model import BriefOptions, Label, SentenceCount, Style
from service.briefs.selecting.flags import count_units
from service.briefs.sources import read_source
from service.languages import Language

FOLDER = Path(__file__).parents[3] / "data" / "articles"
STYLES: tuple[Style, ...] = ("paragraph", "bullets", "headline")


class Case(msgspec.Struct, frozen=True):
    name: str
    holds: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    label: Label | None = None


CASES = (
    # the news with its number and its source; the dateline's day is not the event's
    Case("en-breaking", ("212 people", "ran aground", "Thursday"), ("14 Nov", "Northern News")),
    Case("zh-breaking", ("爆炸", "三人受伤"), ("丁一", "电（", "本报")),
    # what the feature is about, not the kettle
    Case("en-feature", ("a third of their doctors",), ("kettle", "boots", "bicycle", "gulls")),
    Case("zh-feature", ("流失了三分之一",), ("水壶", "鞋带", "男孩", "海鸥")),
    # the score, and who won
    Case("en-match", ("3-2", "Westmere"), ("rain", "lake", "no words", "Tarnby won")),
    Case("zh-match", ("3比2", "江州队"), ("雨下", "一片湖")),
    # who, when, how old
    Case("en-obituary", ("Hanna Vos", "died on Sunday", "88"), ("traffic accident",)),
    Case("zh-obituary", ("冯汉娜", "逝世", "88岁")),
    # charged, not convicted; a summons, not an arrest; and what the accused says
    Case(
        "en-court",
        ("former treasurer", "charged", "prosecutors said", "denies"),
        ("convicted of", "found guilty", "(?:was|been) arrested", "Dahl"),
    ),
    Case("zh-court", ("原财务局长", "涉嫌", "提起公诉"), ("被捕", "被逮捕", "犯有", "戴安娜")),
    # nobody has won
    Case("en-election", ("No party won a majority",), ("8 Dec", "VARN", "Varga won")),
    Case("zh-election", ("没有任何政党获得过半数席位",), ("当选",)),
    # the figure, its direction and its period
    Case("en-earnings", ("third quarter fell 21 percent", "148 million"), ("profit rose",)),
    Case("zh-earnings", ("第三季度净利润同比下降21%", "1.48亿元")),
    # the introduction, and what is said by name; no question
    Case(
        "en-interview",
        ("Ruth Moss has inspected bridges for thirty years", 'Ruth Moss said: "'),
        ("Q: ", "A: ", "spoke to us"),
    ),
    Case("zh-interview", ("莫如检查桥梁已有三十年", "莫如说：“"), ("记者：", "莫如：行人", "专访")),
    Case(
        "en-interview-mayor",
        ("900 tonnes", "mayor, Teresa Fontana", "14 million euros", 'Fontana said: "We closed'),
        ("Who will pay", "In the meantime", "to us"),
    ),
    Case(
        "zh-interview-hospital",
        ("取消了成人普通门诊的静脉输液", "下降了83%", "院长罗文说：“去年我们抽查了500份"),
        ("记者", "罗文："),
    ),
    # items, not the words that announce them
    Case("en-list", ("night tram", "library of Brod"), ("Five things", "1\\.", "2\\.")),
    Case("zh-list", ("夜间有轨电车",), ("一、", "一周要闻")),
    # the newest state, whichever way the entries run
    Case("en-live-newest", ("640", "Alder"), ("120 people", "410", "16:40")),
    Case("en-live-oldest", ("Larkhaven refinery", "shut|is out"), ("broken out", "Four", "nine")),
    Case("zh-live", ("640人",), ("120人", "410人", "16:40")),
    # the event by its name, and the dead; no label of the page, no older figure
    Case(
        "en-live-storm",
        ("Storm Edda: Power is back", "Alan Pritchard, 47", "second victim"),
        ("live updates", "31,000", "One person has died", "Good morning"),
    ),
    Case(
        "zh-live-typhoon",
        ("台风“木兰”", "21.6万人", "海宁镇沿海登陆", "据省防汛指挥部消息"),
        ("最新动态", "14.2万", "将于今天傍晚", "指挥部："),
    ),
    # an opinion is labelled, and its author's life is not the news
    Case("en-oped", ("should spend on locks",), ("retired lock keeper",), "opinion"),
    Case("zh-oped", (), (), "opinion"),
    Case("en-satire", ("second spring",), ("SATIRE", "Satire \\|"), "satire"),
    Case("en-sponsored", ("Nimbus",), ("SPONSORED", "tenth off", "WOOL"), "sponsored"),
    Case("zh-sponsored", ("云眠",), ("推广｜",), "sponsored"),
    # the right figure
    Case("en-corrected", ("approved",), ("13 million", "earlier version"), "corrected"),
    # what it makes, not what it says of itself
    Case(
        "en-press-release",
        ("opened a centre in Rosslare",),
        ("world leader", "[Ff]orward-looking", "press@", "delighted", "2 February", "materially"),
    ),
    # whole sentences
    Case("en-wrapped", ("3.75 percent on Thursday and said that a cut was possible",), ("TARNBY",)),
    # nothing of the page around it
    Case(
        "en-page",
        ("lighthouse on the island of Hav", "next spring"),
        ("cookies", "Photo", "Berg", "newsletter", "[Ww]hale", "stole", "disgrace", "beautiful"),
    ),
    Case(
        "zh-page",
        ("霞屿灯塔", "明年春天重新点亮"),
        ("图为", "来源", "推荐阅读", "责任编辑", "公众号", "鲸", "镇长", "本报讯"),
    ),
    Case("zh-hant", ("改建为图书馆", "一亿三千万元"), ("本报讯",)),
    # a pronoun's name, a route's ends; the news behind the scene
    Case("en-feature-pronoun", ("Morag Ellison has taken", "voted"), ("kettle", "she has")),
    Case("zh-feature-route", ("从县城到最远的贡巴村", "将由无人机取代"), ("手电筒", "咬紧")),
    # who won what, against whom, in which competition; not the loser's scorer
    Case(
        "en-match-scene",
        ("Okafor's header gave Rovers a 2-1 win over Hartsmere Town", "Union Cup on Tuesday"),
        ("The substitute", "nothing that", "sends Rovers through"),
    ),
    Case("zh-match-scene", ("91比88险胜", "半决赛"), ("战术板", "陈薇")),
    # the figures of the vote, the largest party's first
    Case("en-election-majority", ("lost its majority", "Civic Union had 38.4%"), ("both sides",)),
    Case("zh-election-runoff", ("没有候选人得票过半", "科斯塔得票率为41.7%"), ("平稳",)),
    # not what is planned next year
    Case("zh-science", ("可能由年长雌鲸教给幼鲸", "《海洋生物学快报》"), ("以作比较",)),
    # the total, not the day
    Case("en-total", ("312",), ("only three", "3 June", "Northern News")),
    Case("zh-total", ("312例",), ("仅报告三例", "6月3日")),
)  # fmt: skip


@functools.cache
def brief(name: str, options: BriefOptions, analyzers: Analyzers) -> Draft:
    article = from_text((FOLDER / f"{name}.txt").read_text(encoding="utf-8"), limit=10_000)
    return extract(article, read_source(article), options, analyzers)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_brief_holds_what_its_type_must_hold(case: Case, analyzers: Analyzers) -> None:
    text = brief(case.name, BriefOptions(), analyzers).text
    assert [one for one in case.holds if not re.search(one, text)] == []


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_style_holds_what_must_not_be_in_it(
    case: Case, style: Style, analyzers: Analyzers
) -> None:
    text = brief(case.name, BriefOptions(style=style, length="long"), analyzers).text
    lacks = [one for one in case.lacks if style != "headline" or one not in ALLOWED_IN_HEADLINES]
    assert [one for one in lacks if re.search(one, text)] == []


ALLOWED_IN_HEADLINES = ("一周要闻", "sends Rovers through")
"""What stands in the article's own headline."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_label_is_carried_through(case: Case, analyzers: Analyzers) -> None:
    assert brief(case.name, BriefOptions(), analyzers).label == case.label


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_sentence_of_a_brief_is_the_article_s(case: Case, analyzers: Analyzers) -> None:
    sent = (FOLDER / f"{case.name}.txt").read_text(encoding="utf-8")
    for one in brief(case.name, BriefOptions(length="long"), analyzers).sentences:
        assert one.origin in {"verbatim", "shortened"}
        if one.origin == "verbatim" and one.source:
            quoted = "".join(sent[span.start : span.end] for span in one.source)
            shown = one.original or one.text
            assert "".join(quoted.split()) in "".join(shown.split())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_brief_holds_a_quarter_of_its_article_or_little(case: Case, analyzers: Analyzers) -> None:
    language: Language = "zh" if case.name.startswith("zh") else "en"
    body = (FOLDER / f"{case.name}.txt").read_text(encoding="utf-8")
    found = brief(case.name, BriefOptions(length="long"), analyzers)
    least = {"en": 40, "zh": 66}[language]
    longest = max(count_units(one.text, language) for one in found.sentences)
    quarter = max(count_units(body, language) // 4, least)
    most = max(quarter, longest) + 15  # a headline or an age before
    # half as much again, for the figures of the vote, the last state, what somebody says
    if any(one in case.name for one in ("election", "-live-", "-interview")):
        most = most * 3 // 2
    assert count_units(found.text, language) <= most


@pytest.mark.parametrize("count", [1, 3, 4])
@pytest.mark.parametrize("name", ["en-breaking", "en-court", "zh-breaking", "zh-election"])
def test_the_number_of_sentences_is_that_asked_for(
    name: str, count: int, analyzers: Analyzers
) -> None:
    found = brief(name, BriefOptions(length=SentenceCount(count)), analyzers)
    assert len(found.sentences) == count


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bullets_are_one_sentence_each(case: Case, analyzers: Analyzers) -> None:
    found = brief(case.name, BriefOptions(style="bullets"), analyzers)
    lines = found.text.splitlines()
    assert lines == [f"- {one.text}" for one in found.sentences]
    assert all("\n" not in one.text for one in found.sentences)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_headline_is_one_line_without_a_full_stop(case: Case, analyzers: Analyzers) -> None:
    found = brief(case.name, BriefOptions(style="headline"), analyzers)
    assert len(found.sentences) == 1
    assert not re.search(r"[.。\n]$|\n", found.text)
