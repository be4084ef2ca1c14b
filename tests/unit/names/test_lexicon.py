"""Names and terms of the tables, found where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.analysis.model import ChineseWord
from service.names.lexicon import NameLexicon
from service.names.tables import parse
from service.text.numbers.model import Language

TABLE = """# A comment, and an empty line

zh\ten\tkind\talso_zh\talso_en
美国\tUS\tplace\t美利坚合众国|~美方\tUnited States|U.S.|~American
华为\tHuawei\torganisation
上海\tShanghai\tplace
上海合作组织\tShanghai Cooperation Organization\torganisation\t上合组织\tSCO
统计局\tstatistics bureau\torganisation
国家统计局\tNational Bureau of Statistics\torganisation
基点\tbasis point\tterm
亩\tmu\tterm
五月\t~May\tterm
西安\tXi'an\tplace\t\tXian
唐纳德·特朗普\tDonald Trump\tperson
国内生产总值\tGDP\tterm\tGDP
总统\tpresident\tterm
北海\t\tplace
"""


def lexicon(source: Language, more: str = "") -> NameLexicon:
    return NameLexicon(source, parse(TABLE + more, "table.tsv"))


def found(source: Language, text: str) -> list[str]:
    """The forms that stand in the text, as the table has them."""
    matches = lexicon(source).find(text)
    assert all(0 <= match.start < match.end <= len(text) for match in matches)
    return [match.entry.source for match in matches]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上海合作组织在上海开会", ["上海合作组织", "上海"]),
        ("国家统计局和统计局", ["国家统计局", "统计局"]),
        ("12亩地", ["亩"]),
        ("美方表示", []),
        ("美國總統", ["美国", "总统"]),
        ("唐納德‧特朗普称", ["唐纳德·特朗普"]),
        ("GDP增长，AGDP不算", ["GDP"]),
        ("北海的渔民", []),
    ],
)
def test_chinese_is_found_in_either_script_the_longest_first(
    text: str, expected: list[str]
) -> None:
    assert found("zh", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The US and the U.S. agree", ["US", "U.S."]),
        ("Let us go", []),
        ("The US’s debt, USB sticks", ["US"]),
        ("an American", []),
        ("25 basis points; Basis point", ["basis points", "basis point"]),
        ("It may rain in May", []),
        ("Xi’an and Xi's", ["Xi'an"]),
        ("Presidents and presidential", ["presidents"]),
        ("the mu, the emu, muon", ["mu"]),
        ("Donald\nTrump", ["Donald Trump"]),
        ("Shanghais, Shanghai-based", ["Shanghai"]),
    ],
)
def test_english_is_found_as_whole_words_spelled_as_the_table_has_them(
    text: str, expected: list[str]
) -> None:
    assert found("en", text) == expected


def test_offsets_are_those_of_the_text() -> None:
    text = "İzmir’s president, the  US"
    assert [text[one.start : one.end] for one in lexicon("en").find(text)] == ["president", "US"]


def test_the_preferred_translation_comes_first_and_marks_are_left_out() -> None:
    entry = lexicon("zh").get("美利坚合众国")
    assert entry is not None
    assert entry.targets == ("US", "United States", "U.S.", "American")
    assert entry.kind == "place"
    assert lexicon("en").get("American") is None
    assert lexicon("zh").get("北海") is None


def test_a_match_does_not_run_over_the_edge_of_a_known_word() -> None:
    text = "他的才华为人称道"
    words = tuple(
        ChineseWord(text[start:end], start, end, "n")
        for start, end in ((0, 1), (1, 2), (2, 4), (4, 5), (5, 6), (6, 8))
    )
    assert [match.entry.source for match in lexicon("zh").find(text)] == ["华为"]
    assert lexicon("zh").find(text, words) == ()


def test_a_name_inside_a_longer_known_word_is_found() -> None:
    text = "上海市政府"
    words = (ChineseWord(text, 0, 5, "ORG"),)
    assert [match.entry.source for match in lexicon("zh").find(text, words)] == ["上海"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("克里访问北京", ["克里"]),
        ("克里斯说，弗里克里也在", []),
        ("维拉里尔队", []),
        ("里尔队", ["里尔"]),
    ],
)
def test_syllables_of_a_longer_foreign_name_are_no_name(text: str, expected: list[str]) -> None:
    chinese = lexicon("zh", "克里\tKerry\tperson\n里尔\tLille\tplace\n")
    assert [match.entry.source for match in chinese.find(text)] == expected


def test_a_known_word_is_a_name_whatever_stands_beside_it() -> None:
    text = "国务卿克里特别提到"
    words = tuple(
        ChineseWord(text[start:end], start, end, "n")
        for start, end in ((0, 3), (3, 5), (5, 7), (7, 9))
    )
    chinese = lexicon("zh", "克里\tKerry\tperson\n")
    assert chinese.find(text) == ()
    assert [match.entry.source for match in chinese.find(text, words)] == ["克里"]


def test_a_later_row_wins_and_one_without_translation_removes_a_form() -> None:
    more = "上海\tShanghai City\tplace\n华为\t\torganisation\n"
    chinese = lexicon("zh", more)
    assert [match.entry.targets for match in chinese.find("上海的华为")] == [("Shanghai City",)]


def test_the_operators_files_win_over_those_that_come_with_the_service(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("\ufeffen\tzh\nFrance\t法蘭西\nRivertown\t河镇\n", encoding="utf-8")
    english = NameLexicon.load("en", (own,))
    assert [match.entry.targets[0] for match in english.find("Rivertown, France, Spain")] == [
        "河镇",
        "法蘭西",
        "西班牙",
    ]
    assert [match.entry.targets[0] for match in NameLexicon.load("en").find("France")] == ["法国"]


PARTS = """zh\ten\tkind\talso_zh\talso_en
约翰\tJohn\tperson\t\tJon
让\tJean\tperson
克洛德\tClaude\tperson
威德\tWade\tperson\t~韦德
"""


def with_parts(source: Language) -> NameLexicon:
    return NameLexicon(source, parse(TABLE, "table.tsv"), parse(PARTS, "parts.tsv"))


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("zh", "约翰·威德", ("John Wade", "Jon Wade")),
        ("zh", "約翰‧威德", ("John Wade", "Jon Wade")),
        ("zh", "让-克洛德·J·威德", ("Jean-Claude J. Wade",)),
        ("zh", "约翰·伍德", None),
        ("zh", "约翰", None),
        ("en", "John Wade", ("约翰·威德", "约翰·韦德")),
        ("en", "Jean-Claude J. Wade", ("让-克洛德·J·威德", "让-克洛德·J·韦德")),
        ("en", "John W.", None),
        ("en", "Wade", None),
    ],
)
def test_persons_are_composed_of_names_that_are_known_one_by_one(
    source: Language, name: str, expected: tuple[str, ...] | None
) -> None:
    entry = with_parts(source).compose(name)
    assert (entry and entry.targets) == expected


def test_parts_of_names_are_not_found_by_themselves() -> None:
    assert with_parts("en").find("John met Wade") == ()
    assert with_parts("zh").get("约翰") is None


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("They won the Uefa Cup and the UEFA Cup.", ["Uefa Cup", "UEFA Cup"]),
        ("The Nato secretary-general spoke.", ["Nato secretary-general"]),
        ("A Gdp figure, a Start and the Tvbs news", []),
    ],
)
def test_an_acronym_that_is_read_as_a_word_may_be_written_as_one(
    text: str, forms: list[str]
) -> None:
    rows = """联盟杯\tUEFA Cup\torganisation
北约秘书长\tNATO secretary-general\tterm
削减战略武器条约\tSTART\tterm
TVBS新闻台\tTVBS news\torganisation
"""
    assert found_with("en", text, rows) == forms


def found_with(source: Language, text: str, more: str) -> list[str]:
    return [match.entry.source for match in lexicon(source, more).find(text)]
