"""What kind of text an article is told to be."""

from __future__ import annotations

import pytest

from service.briefs.model import Label
from service.briefs.selecting.dialogue import is_answer_line, is_question_line
from service.briefs.selecting.flags import flag_sentences
from service.briefs.selecting.kinds import (
    Form,
    Nature,
    has_score,
    item_number,
    nature_of,
)
from service.briefs.selecting.labels import without_label
from service.briefs.selecting.sentences import read_text
from service.languages import Language

EN = ["The bridge at Orlau was closed on Monday.", "It will open in May, the council said."] * 3
ZH = ["临溪大桥昨日关闭，市民只能乘渡船过江。", "市政府表示，大桥将于五月重新开放。"] * 4


def nature(blocks: list[str], title: str | None = None, language: Language = "en") -> Nature:
    text = read_text(blocks, title, language)
    return nature_of(text, flag_sentences(text.sentences, text.body.split("\n"), language))


@pytest.mark.parametrize(
    ("line", "language", "label"),
    [
        ("SATIRE: Mayor buys the moon", "en", "satire"),
        ("Satire | Mayor buys the moon", "en", "satire"),
        ("Sponsored content: A bed of wool", "en", "sponsored"),
        ("ADVERTORIAL - A bed of wool", "en", "sponsored"),
        ("Opinion: Close the bridge now", "en", "opinion"),
        ("Editorial | Close the bridge now", "en", "opinion"),
        ("Correction: The year was 1931", "en", "corrected"),
        ("讽刺｜市长买下月亮", "zh", "satire"),
        ("推广｜羊毛床垫", "zh", "sponsored"),
        ("评论：早该关闭的大桥", "zh", "opinion"),
        ("更正：大桥建于1931年", "zh", "corrected"),
        ("The bridge at Orlau is closed", "en", None),
        ("Opinion polls put the mayor ahead", "en", None),
        ("Comment sections close at the Herald", "en", None),
        ("临溪大桥昨日关闭", "zh", None),
        ("消费者评论新规下月施行", "zh", None),
    ],
)
def test_a_headline_tells_the_label(line: str, language: Language, label: Label | None) -> None:
    assert nature(EN if language == "en" else ZH, line, language).label == label


@pytest.mark.parametrize(
    ("note", "language", "label"),
    [
        ("This article is satire and none of it is true.", "en", "satire"),
        ("This is a humorous piece from our Saturday page.", "en", "satire"),
        ("This article was produced in partnership with Nimbus.", "en", "sponsored"),
        ("An earlier version of this article gave the wrong year.", "en", "corrected"),
        ("本文纯属虚构，请勿当真。", "zh", "satire"),
        ("本文系商业合作内容，不代表本报观点。", "zh", "sponsored"),
        ("The satirist Carl Holm was at the opening of the bridge.", "en", None),
    ],
)
def test_a_note_at_the_end_tells_it_too(note: str, language: Language, label: Label | None) -> None:
    assert nature([*(EN if language == "en" else ZH), note], None, language).label == label


def test_an_author_who_says_i_and_must_gives_an_opinion() -> None:
    said = [
        "I cross the bridge every day and I have never felt safe on it.",
        "We should close it before it falls into the river.",
        "The council must stop looking away from what we all can see.",
    ] * 3
    assert nature(said).label == "opinion"
    quoted = [f"“{one}” the engineer Ruth Moss told the council on Monday." for one in said]
    assert nature(quoted).label is None


@pytest.mark.parametrize(
    ("blocks", "title", "form"),
    [
        (EN, None, "report"),
        (["Q: Is it safe?", "A: Yes.", "Q: For lorries?", "A: No."], None, "interview"),
        (["14:05 It is shut.", "13:10 Police came.", "12:00 A fire broke out."], None, "live"),
        (["1. A tram for Kells.", "2. A library moves.", "3. Herring is back."], None, "list"),
        (
            ["Westmere beat Tarnby 3-2 in the league.", "The coach praised the striker's goals."],
            None,
            "match",
        ),
        (["The vote was 21-10.", "The council will build a bridge."], None, "report"),
    ],
)
def test_the_form_is_told(blocks: list[str], title: str | None, form: Form) -> None:
    assert nature(blocks, title).form == form


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Westmere won 3-2 at Tarnby.", True),
        ("A 21–10 defeat for Orlau.", True),
        ("江州队3比2逆转滨海队。", True),
        ("两队以三比三战平。", True),
        ("In 2015-16 the club was founded.", False),
        ("Growth of 2.5-3.5% is expected.", False),
        ("He scored twice.", False),
    ],
)
def test_a_score_is_told_from_a_range(text: str, score: bool) -> None:
    assert has_score(text) is score


def test_lines_of_an_interview_are_told() -> None:
    assert is_question_line("Q: Is it safe?")
    assert is_question_line("记者：安全吗？")
    assert is_answer_line("A: Yes.")
    assert is_answer_line("莫如：安全。")
    assert not is_answer_line("记者：安全吗？")
    assert not is_question_line("Quite a lot of people came.")


@pytest.mark.parametrize(
    ("block", "characters"),
    [
        ("1. A tram for Kells.", 3),
        ("12) A tram.", 4),
        ("一、电车开行。", 2),
        ("1.5 million people voted.", 0),
        ("2026 was dry.", 0),
    ],
)
def test_the_number_of_an_item_is_told(block: str, characters: int) -> None:
    assert item_number(block) == characters


@pytest.mark.parametrize(
    ("headline", "bare"),
    [
        ("SATIRE: Mayor buys the moon", "Mayor buys the moon"),
        ("Live: flood in the valley", "flood in the valley"),
        ("推广｜羊毛床垫", "羊毛床垫"),
        ("直播：洪水", "洪水"),
        ("Live music returns to Brod", "Live music returns to Brod"),
        ("Comment sections close", "Comment sections close"),
        ("Satire:", "Satire:"),
    ],
)
def test_a_label_is_taken_off_a_headline(headline: str, bare: str) -> None:
    assert without_label(headline) == bare


EN_I = (
    "I have been told that I am not welcome on the council any more.",
    "My party's members voted against me in Orlau on Friday.",
    "The members said that they had lost their trust.",
    "I have sat on the council for eight years, the chairman told the Herald.",
    "The chairman said that the party had room for all opinions.",
    "The mayor said nothing, and the clerk said that she was away.",
    "I know that others said the same.",
    "The meeting, said the clerk, was open to all.",
)
ZH_I = (
    "我被告知自己在市议会里不再受欢迎了。",
    "我所在的党支部周五投票表示不信任我。",
    "党员们表示，他们已经失去了信任。",
    "我在市议会工作了八年，主席告诉记者。",
    "主席表示，党内容得下各种意见。",
    "市长没有说话，书记员表示她不在。",
    "我知道别人也说过同样的话。",
    "书记员说，会议对所有人开放。",
    "主席说，下周再议。",
)


@pytest.mark.parametrize(("lines", "language"), [(EN_I, "en"), (ZH_I, "zh")])
def test_who_says_i_from_the_beginning_is_the_author(
    lines: tuple[str, ...], language: Language
) -> None:
    assert nature(list(lines), None, language).label == "opinion"
    # whoever is quoted without marks comes in later
    report = (EN * 2 if language == "en" else ZH * 2) + list(lines[:2])
    assert nature(report, None, language).label is None


OUR = [
    "Orlau's schools prepare their pupils for work in all of the world.",
    "As a trade that can choose its books, we are seeing more languages taught.",
    "From this year's results we can see that Malvian is the favourite.",
    "Each school differs in the languages that it teaches its pupils.",
    "The results showed that seven in ten passed with the best mark.",
    "Firms want people who speak to their customers in Malvian.",
    "Parents pay for lessons in the evening and at the weekend.",
    "The schools hope for more teachers from Malvia next year.",
    "Karl Edding is the director of the Orlau Schools Council.",
]


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Karl Edding: Languages open every door", "opinion"),
        ("Orlau Schools: Languages open every door", None),
        ("Schools council: Languages open every door", None),
        ("Languages open every door", None),
    ],
)
def test_a_headline_may_name_its_author(title: str, label: Label | None) -> None:
    unsigned = [*OUR[:-1], "The next school year starts in September."]
    assert nature(OUR if label else unsigned, title).label == label


def test_an_essay_in_the_first_person_may_name_its_author_at_its_end() -> None:
    assert nature(OUR, "Languages open every door").label == "opinion"


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("让大桥与时代同行", "opinion"),
        ("别让渡船成为过去", "opinion"),
        ("切莫忘记老桥", "opinion"),
        ("岂能一关了之", "opinion"),
        ("谨防洪水：临溪关闭大桥", None),
        ("让步之后，市政府重开大桥", None),
        ("临溪大桥让市民久等", None),
    ],
)
def test_a_chinese_essay_calls_upon_its_readers(title: str, label: Label | None) -> None:
    own = ["大桥是一座城市的灵魂所在。", "从古至今，桥梁对城市的发展至关重要。"] * 5
    assert nature(own, title, "zh").label == label
