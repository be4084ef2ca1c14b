"""What a sentence refers to outside itself."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.selecting.chinese_references import (
    chinese_lacks_subject,
    chinese_refers_back,
)
from service.briefs.selecting.references import ACTORS, english_references


@pytest.mark.parametrize(
    "sentence",
    [
        "On Monday he left the town hall without a word to the press.",
        "Three days later the bridge was opened to lorries again.",
        "The mayor said these plans had been made by the council.",
        "In that week the river rose by two metres at Brod.",
        "“The bridge is safe and will stay open all year,” he said.",
        "Such plans have never been popular with the farmers of Tarn.",
        "A year earlier, the council had closed the bridge.",
        # eyes and landings are nobody
        "Tears filled his eyes as he spoke of the quake.",
        "On landing her daughter had been taken to the hospital of Brod.",
        "In the speech he called for an end to the strike.",
    ],
)
def test_an_english_sentence_that_hangs_on_the_one_before_is_told(
    analyzers: Analyzers, sentence: str
) -> None:
    assert english_references(sentence, analyzers.parse([sentence])[0]).before


@pytest.mark.parametrize(
    "sentence",
    [
        "Mayor Ana Ruiz said she would close the bridge in May.",
        "The council closed the bridge because it was no longer safe.",
        "In his speech, Ruiz promised two new bridges by the end of the decade.",
        "It is unclear whether the bridge will be opened before Easter.",
        "The bank warned on Monday that time was running out for the firm.",
        "The river Alder has risen by two metres this week.",
        "Prime Minister Leila Varga said “this is the end” and left the hall.",
        "Unemployment was 3.9 percent, 0.2 points more than a year earlier.",
        "Profit rose to 31 million crowns from a year before.",
        "Sales fell by 3 percent in the same quarter a year earlier.",
    ],
)
def test_an_english_sentence_that_names_what_it_means_stands_by_itself(
    analyzers: Analyzers, sentence: str
) -> None:
    assert not english_references(sentence, analyzers.parse([sentence])[0]).before


def test_the_something_without_a_word_that_tells_which_is_a_reference(
    analyzers: Analyzers,
) -> None:
    report, bridge = analyzers.parse(
        ["The report was published on Monday.", "The bridge at Orlau was closed on Monday."]
    )
    assert english_references("The report was published on Monday.", report).nouns == {"report"}
    assert english_references("The bridge at Orlau was closed on Monday.", bridge).nouns == set()


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("Prime Minister Theresa Holm accused critics of playing politics on Sunday.", True),
        ("A flaw in a pump - one made in Kells - is rapidly emerging as a threat.", True),
        ("There are 41,000 second homes in the country.", True),
        ("The meeting which is expected to result in a call for calm.", False),
        ("Maintains flexibility of movement in all working dogs.", False),
        ("A great day for the people of Orlau and their old bridge.", False),
        # who spoke, without what was said
        ("The mayor said in her best television voice.", False),
        ('The mayor said in her mock "news anchor" voice.', False),
        ("Holm added with a smile.", False),
        ("Holm said that the bridge was safe.", True),
        ("The bridge is safe, Holm said.", True),
        ('"The bridge is safe and will open again," Holm said.', True),
        ("Holm told the council about the bridge and the ferry.", True),
        ("Holm said no.", True),
    ],
)
def test_a_fragment_is_no_sentence(analyzers: Analyzers, sentence: str, whole: bool) -> None:
    assert english_references(sentence, analyzers.parse([sentence])[0]).whole is whole


@pytest.mark.parametrize(
    ("sentence", "back"),
    [
        ("市民对该计划表示欢迎，认为票价合理。", True),
        ("上述措施将于下月起施行，为期半年。", True),
        ("因为他没有到场，会议推迟到周五举行。", True),
        ("平浦市检察院通报，该市原财务局长已被起诉。", False),
        ("临溪计划明年修桥，该计划耗资三亿元。", False),
        ("市长何平说，他将在五月前关闭大桥。", False),
    ],
)
def test_a_chinese_sentence_that_hangs_on_the_one_before_is_told(
    analyzers: Analyzers, sentence: str, back: bool
) -> None:
    assert chinese_refers_back(sentence, analyzers.segment([sentence])[0]) is back


@pytest.mark.parametrize(
    ("sentence", "lacks"),
    [
        ("公布新的时刻表，夜班车增加到十四条。", True),
        ("市政府推进老桥维修，确保五月底前开放。", False),
        ("昨日上午，大桥重新开放。", False),
    ],
)
def test_a_chinese_clause_without_a_subject_is_told(
    analyzers: Analyzers, sentence: str, lacks: bool
) -> None:
    assert chinese_lacks_subject(analyzers.segment([sentence])[0]) is lacks


@pytest.mark.parametrize(
    "opening",
    [
        "The English forward used his first touch to pass the ball.",
        "The Argentine striker received the ball in his own half.",
        "The French actress signed the letter in May.",
        "The airline paid the fine in May.",
        "The German carmaker closed the plant in May.",
    ],
)
def test_the_someone_is_named_before(opening: str, analyzers: Analyzers) -> None:
    (parse,) = analyzers.parse([opening])
    assert english_references(opening, parse).nouns & ACTORS


@pytest.mark.parametrize(
    ("sentence", "refers"),
    [
        ("市长何安娜也一直在给省里的官员打电话。", True),
        # told without 也, which says nothing of who spoke before
        ("省交通厅也表示，将增派两艘渡船。", False),
        ("采石场的经营者也已向省里请求援助。", True),
        ("再大的洪水也将退去，市长何安娜说。", False),
        ("市长何安娜表示，渡船也将增加班次。", False),
    ],
)
def test_who_does_so_too_was_told_of_before(
    sentence: str, refers: bool, analyzers: Analyzers
) -> None:
    (words,) = analyzers.segment([sentence])
    assert chinese_refers_back(sentence, words) is refers


@pytest.mark.parametrize(
    ("opening", "hangs"),
    [
        (
            "A total of 68 per cent of pupils who took two languages passed with the best mark.",
            True,
        ),
        ("Half of respondents said that they had never been asked.", True),
        ("Two-thirds of the members voted against the plan.", True),
        ("One in five children at Orlau schools walk to school.", False),
        ("Half of voters in Velm stayed at home.", False),
        ("Half of the bridge was closed to lorries on Monday.", False),
    ],
)
def test_a_share_of_a_group_wants_the_group(
    opening: str, hangs: bool, analyzers: Analyzers
) -> None:
    (parse,) = analyzers.parse([opening])
    assert bool(english_references(opening, parse).nouns & ACTORS) is hangs


def test_the_one_who_was_told_of_before_is_a_reference(analyzers: Analyzers) -> None:
    sentence = "Nobody has named the pilot that fell ill."
    (parse,) = analyzers.parse([sentence])
    assert "pilot" in english_references(sentence, parse).things
    sentence = "The pilot that fell ill was at home."
    (parse,) = analyzers.parse([sentence])
    assert not english_references(sentence, parse).nouns


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor said that she would sign the pact.",
        "A teacher from Brod sold his house in May.",
        "Tarnby is one of nine towns to be moved, the first such scheme in the country.",
        "Two hundred people were hurt in Orlau on Friday.",
        "As the second night fell, the families of those still missing waited at the port.",
    ],
)
def test_what_a_sentence_names_itself_is_not_looked_for_before(
    analyzers: Analyzers, sentence: str
) -> None:
    found = english_references(sentence, analyzers.parse([sentence])[0])
    assert not found.before
    assert not found.nouns


@pytest.mark.parametrize(
    "sentence",
    [
        "Jon Dahl had trained two of the missing divers for the games.",
        "Rovers are the smallest club of all, and the fifteen others play in higher leagues.",
    ],
)
def test_the_rest_of_a_group_needs_the_group(analyzers: Analyzers, sentence: str) -> None:
    found = english_references(sentence, analyzers.parse([sentence])[0])
    assert found.nouns & ACTORS
