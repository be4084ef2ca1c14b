"""What the seventh reading found in sentences that are quoted without the one before them."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.model import BriefOptions
from service.briefs.selecting import Selection, select
from service.briefs.selecting.anaphora import refers_back
from service.languages import Language

TOLD = "Ash from the volcano has reached the southern suburbs of the capital."


def selected(
    blocks: list[str], title: str | None, language: Language, analyzers: Analyzers
) -> Selection:
    return select(blocks, title, language, BriefOptions(languages=(language,)), analyzers)


@pytest.mark.parametrize(
    "sentence",
    [
        "The Washington right-hander is 18-7 this season.",
        "It was the third such report this year.",
        "They had been warned in May.",
        "This is not the first time.",
        "Its chairman resigned in June.",
        "We are counting every case.",
        "Another is to follow in spring.",
        "Both deny it.",
        "Those who stayed were fed by the army.",
        "Then the lights went out.",
    ],
)
def test_a_sentence_that_leans_on_the_one_before_it_is_told(sentence: str) -> None:
    assert refers_back(sentence, TOLD)


@pytest.mark.parametrize(
    "sentence",
    [
        "The volcano known as Old Gregor has been active since 1994.",
        "The mayor, Ana Ruiz, said that schools would close.",
        "The National Weather Service expects rain on Friday.",
        "The Ministry of Health advised people to stay indoors.",
        "Flights were cancelled until noon.",
        "Two villages in the valley have been emptied.",
    ],
)
def test_a_sentence_that_says_what_it_speaks_of_stands(sentence: str) -> None:
    assert not refers_back(sentence, TOLD)


def test_an_interview_without_names_before_its_lines_is_told_with_the_name_of_who_answers(
    analyzers: Analyzers,
) -> None:
    blocks = [
        (
            "Ivana Petrak leaves the harbour office of Selm in May after 20 years. "
            "In her last year she opened its books. She spoke to Tom Reed."
        ),
        "Why now?",
        "Because I was leaving. I had wanted to do it for ten years.",
        "What did the board say?",
        (
            "I kept the letters. Our income rose by 12 percent in the first half of the year, "
            "but I would not draw a line through one point."
        ),
        "And the shippers?",
        "My telephone did not stand still. We answered every call within two days.",
    ]
    selection = selected(blocks, "'I did not want a quiet year'", "en", analyzers)
    assert selection.label is None
    assert selection.sentences[0].text.startswith("Ivana Petrak leaves the harbour office")
    said = [one.text for one in selection.sentences if '"' in one.text]
    assert said
    assert all(one.startswith(("Ivana Petrak said:", "Ivana Petrak also said:")) for one in said)
    assert not any("Tom Reed" in one.text for one in selection.sentences)


def test_an_explanation_by_questions_is_no_interview(analyzers: Analyzers) -> None:
    blocks = [
        "The toll on the Selm bridge rises on 1 June, from two crowns to three.",
        "Who has to pay?",
        "All drivers of cars and lorries pay, in both directions, except those with a blue badge.",
        "Where can it be paid?",
        "The toll is paid at the booths, by card alone, or on the website of the bridge.",
        "What happens to those who do not?",
        "The fine is forty crowns, and it doubles after two weeks.",
    ]
    selection = selected(blocks, "What the new bridge toll means", "en", analyzers)
    assert selection.label is None
    assert selection.sentences[0].text.startswith("The toll on the Selm bridge rises")


def test_a_note_by_the_editors_is_nobodys_answer(analyzers: Analyzers) -> None:
    blocks = [
        (
            "编者按：十月，植物学家苏闻当选省科学院院士。她领导的团队培育的耐盐水稻今年推广到八个县。"
            "本报记者近日对她进行了专访。"
        ),
        "记者：得知消息时你在做什么？",
        "苏闻：在修水泵。试验田那台水泵用了十二年，每年夏天都要停一次。",
        "记者：还有什么没有解决？",
        "苏闻：成本。现在一亩地的种子要比普通水稻贵六成，我们希望三年内降到两成。",
        "记者：对年轻人有什么建议？",
        "苏闻：别怕下田。",
    ]
    selection = selected(blocks, "对话苏闻：把水稻种到海边", "zh", analyzers)
    said = [one.text for one in selection.sentences if "说：" in one.text]
    assert said
    assert not any("当选" in one for one in said)


def test_a_title_with_me_in_it_is_no_first_person(analyzers: Analyzers) -> None:
    blocks = [
        "一款常用软件中的漏洞正在成为各地企业的主要威胁，网络游戏《我的村庄》也因此遭到大量攻击。",
        "安全公司北塔的副总裁陆一鸣说：“互联网着火了。”",
        "该漏洞出自一个记录日志的程序，许多公司的服务器都装有这个程序。",
        "各国的应急机构已要求企业在周末之前装上补丁。",
        "北塔统计，前两天发现的攻击超过八十万次，其中一半针对电子商务网站。",
        "软件的维护者表示，修补用的新版本已在周五发布。",
    ]
    selection = selected(blocks, None, "zh", analyzers)
    assert selection.sentences[0].text == blocks[0]


def test_our_city_is_not_the_author(analyzers: Analyzers) -> None:
    blocks = [
        (
            "It was learned from the Education Commission yesterday that our city will start a "
            "trial of paid apprenticeships in 60 vocational schools this year."
        ),
        "Pupils who take part sign a contract with a firm and with their school.",
        "The firms pay half of what a skilled worker earns.",
        "The commission will look at the results after two years.",
        "In the past, one pupil in four left without a certificate.",
    ]
    selection = selected(blocks, "Paid apprenticeships tried in 60 schools", "en", analyzers)
    assert "will start a trial of paid apprenticeships" in selection.sentences[0].text


def test_an_essay_that_ends_with_who_wrote_it_is_labelled(analyzers: Analyzers) -> None:
    blocks = [
        "My neighbour drove to the airport last month. Dropping her guest off cost nine crowns.",
        (
            "The charge was brought in five years ago, at three crowns, to keep the road clear. "
            "It has risen every year since."
        ),
        "The airport says that it needs the money, and its accounts say otherwise.",
        "The county owns a fifth of it and has two seats on its board. It should use them.",
        "The board meets on the 14th, and nothing about the charge is on its list.",
        "A night bus would cost a tenth of what the owners took out last year.",
        "Jo Hartwell is a former transport planner and lives in Ashgrove.",
    ]
    selection = selected(blocks, "Scrap the airport charge", "en", analyzers)
    assert selection.label == "opinion"
    assert not any("Hartwell" in one.text for one in selection.sentences)


def test_the_score_above_a_report_is_told_where_only_another_score_is(
    analyzers: Analyzers,
) -> None:
    blocks = [
        "ASHBY 1 HARTON TOWN 2",
        "There were four minutes left when Daniel Orme took the ball on his chest and looked up.",
        (
            "Ashby had led after nine minutes through a header by Marcus Reed from a corner, "
            "and ought to have been out of sight by half-time."
        ),
        "Sami Kader made it 1-1 with a penalty on 61 minutes, past the goalkeeper Piet Voss.",
        "Tom Lace, who was booked for it, was sent off for a late tackle 12 minutes later.",
        "Ashby stay two points ahead of Northbridge, who play on Sunday.",
    ]
    selection = selected(blocks, "Orme strikes late as Harton stun leaders", "en", analyzers)
    assert selection.sentences[0].text == "ASHBY 1 HARTON TOWN 2."
