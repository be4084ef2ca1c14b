"""Every name of a sentence is in its translation, and no other."""

from __future__ import annotations

import pytest

from service.names import checking
from service.names.lexicon import NameLexicon
from service.names.model import ListedName, Name, Origin
from service.names.tables import Kind, NameRow

ROWS = [
    NameRow(("冯德莱恩",), ("Ursula von der Leyen", "von der Leyen"), "person"),
    NameRow(("默克尔",), ("Merkel", "Angela Merkel"), "person"),
    NameRow(("斯洛文尼亚",), ("Slovenia",), "place"),
    NameRow(("斯洛伐克",), ("Slovakia", "~Slovak"), "place"),
]


def name(source: str, *targets: str, kind: Kind = "person", origin: Origin = "lexicon") -> Name:
    return Name(source, 0, len(source), kind, targets, origin)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Wang Xiaoming said so.", True),
        ("Wang Xiao-ming said so.", True),
        ("WANG Xiaoming said so.", True),
        ("Xiaoming Wang said so.", True),
        ("Wang said so.", True),
        ("Wong Xiaoming said so.", False),
        ("Li Xiaoming said so.", False),
    ],
)
def test_a_chinese_person_may_be_written_in_several_ways(text: str, there: bool) -> None:
    wang = name("王小明", "Wang Xiaoming", origin="pinyin")
    assert checking.contains(text, wang, "en") is there


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("The Education Bureau of Ningchuan County objected.", True),
        ("The Ningchuan education bureau, a county office, objected.", True),
        ("The Education Bureau objected.", False),
        ("The Senate Judicial Committee voted.", True),
        ("The Senate voted.", False),
        ("The Republic of North Macedonia voted.", True),
        ("Funding of A.I. was doubled.", True),
        ("Funding of AI was doubled.", True),
        ("Funding of I.A. was doubled.", False),
    ],
)
def test_words_of_a_name_may_stand_in_another_order_or_form(text: str, there: bool) -> None:
    names = [
        name("宁川县教育局", "Ningchuan County Education Bureau", kind="organisation"),
        name("参议院司法委员会", "Senate Judiciary Committee", kind="organisation"),
        name("马其顿共和国", "Republic of Macedonia", kind="place"),
        name("人工智能", "artificial intelligence", "AI", kind="term"),
    ]
    assert any(checking.contains(text, one, "en") for one in names) is there


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("The business secretary spoke.", True),
        ("He traded on margin.", True),
        ("The minister spoke.", False),
    ],
)
def test_half_of_a_term_is_enough(text: str, there: bool) -> None:
    terms = [
        name("商务部长", "commerce secretary", kind="term"),
        name("融资融券", "margin trading", kind="term"),
    ]
    assert any(checking.contains(text, term, "en") for term in terms) is there


def test_ordinary_words_may_be_translated_otherwise() -> None:
    names = [
        name("总统", "president", kind="term"),
        name("融资融券", "margin trading", kind="term"),
        name("斯洛伐克", "Slovakia", kind="place"),
    ]
    missing = checking.missing(names, "The head of state welcomed it.", "en")
    assert [one.source for one in missing] == ["融资融券", "斯洛伐克"]


@pytest.mark.parametrize(
    ("source", "translation", "unfounded"),
    [
        ("Ursula von der Leyen welcomed it.", "默克尔对此表示欢迎。", ["默克尔"]),
        ("Ursula von der Leyen welcomed it.", "冯德莱恩对此表示欢迎。", []),
        ("Slovenia signed.", "斯洛伐克签署了。", ["斯洛伐克"]),
        ("The Slovak government signed.", "斯洛伐克政府签署了。", []),
    ],
)
def test_a_known_name_without_a_source_is_found_in_chinese(
    source: str, translation: str, unfounded: list[str]
) -> None:
    lexicon = NameLexicon("zh", ROWS)
    found = checking.unfounded(source, (), translation, lexicon, "zh")
    assert [translation[one.start : one.end] for one in found] == unfounded


@pytest.mark.parametrize(
    ("source", "translation", "unfounded"),
    [
        ("冯德莱恩表示欢迎。", "Merkel welcomed it.", ["Merkel"]),
        ("默克尔表示欢迎。", "Angela Merkel welcomed it.", []),
        ("斯洛文尼亚签署了。", "Slovakia signed.", ["Slovakia"]),
    ],
)
def test_a_known_name_without_a_source_is_found_in_english(
    source: str, translation: str, unfounded: list[str]
) -> None:
    lexicon = NameLexicon("en", ROWS)
    found = checking.unfounded(source, (), translation, lexicon, "en")
    assert [translation[one.start : one.end] for one in found] == unfounded


def test_a_place_that_is_the_reading_of_the_source_has_a_source() -> None:
    lexicon = NameLexicon("en", [NameRow(("淮滨",), ("Huaibin",), "place")])
    assert (
        checking.unfounded("淮濱的雨停了。", (), "The rain in Huaibin stopped.", lexicon, "en")
        == []
    )


def test_two_countries_in_one_word_are_a_source() -> None:
    lexicon = NameLexicon("en", [NameRow(("越南",), ("Vietnam",), "place")])
    text = "The armies of China and Vietnam trained."
    assert checking.unfounded("中越两军举行演习。", (), text, lexicon, "en") == []


@pytest.mark.parametrize(
    ("text", "there"), [("Ri spoke.", True), ("Sanders spoke.", False), ("Yong spoke.", False)]
)
def test_part_of_a_known_persons_name_is_enough(text: str, there: bool) -> None:
    assert checking.contains(text, name("李英浩", "Ri Yong-ho"), "en") is there


def test_the_answer_lists_the_form_that_stands_there() -> None:
    names = [
        name("美国", "US", "United States", kind="place"),
        name("何莹", "He Ying", origin="pinyin"),
        name("河南省", "Henan Province", "Henan", kind="place"),
    ]
    listed = checking.listed(names, "He Ying left Henan for the United States.", "en")
    assert listed == [
        ListedName("美国", "United States", "lexicon"),
        ListedName("何莹", "He Ying", "pinyin"),
        ListedName("河南省", "Henan", "lexicon"),
    ]
