"""Proper names out of a dictionary."""

from __future__ import annotations

import pytest

from bench.cedict import entries, name_of, names, part_of, vocabulary
from service.names.tables import NameRow

LINES = """# a comment
河鎮縣 河镇县 [He2 zhen4 Xian4] /Hezhen county in Lakeland 湖地[Hu2 di4], Northland/
里弗敦 里弗敦 [Li3 fu2 dun1] /Rivertown, city in Northland/
河鎮大學 河镇大学 [He2 zhen4 Da4 xue2] /Hezhen University/
威德 威德 [Wei1 de2] /Wade (name)/
約翰·威德 约翰·威德 [Yue1 han4 · Wei1 de2] /John Wade (1950-), Northland politician/
王河鎮 王河镇 [Wang2 He2 zhen4] /Wang Hezhen (1620-1680), Qing dynasty poet/
鷹 鹰 [Ying1] /surname Ying/
宮殿 宫殿 [Gong1 dian4] /Palace, a district of Lakeland/
宮殿 宫殿 [gong1 dian4] /palace/to wade in a palace/
見城 见城 [Jian4 cheng2] /see 河鎮|河镇[He2 zhen4]/
韋德河 韦德河 [Wei2 de2 He2] /Wade River, river in Lakeland/
韋德山 韦德山 [Wei2 de2 Shan1] /Wade, mountain in Lakeland/
大蘆河 大芦河 [Da4 lu2 He2] /Reed, river in Lakeland/
渡 渡 [du4] /to wade/a reed/
蘆 芦 [lu2] /reed/
"""
ITEMS = list(entries(LINES.splitlines()))


def table(*rows: NameRow) -> dict[str, tuple[str, ...]]:
    return {name.zh: name.en for name in names(ITEMS, list(rows), frozenset())}


def test_names_are_taken_and_ordinary_words_and_old_poets_are_not() -> None:
    assert table() == {
        "河镇县": ("Hezhen County", "~Hezhen"),
        "里弗敦": ("Rivertown",),
        "河镇大学": ("Hezhen University",),
        "约翰·威德": ("John Wade", "~Wade"),
        "韦德河": ("~Wade River",),
        "韦德山": ("~Wade",),
        "大芦河": ("~Reed",),
    }


def test_what_other_tables_have_is_left_out_or_not_looked_up_a_second_time() -> None:
    found = table(
        NameRow(("里弗敦",), ("Riverton",), "place"),
        NameRow(("河大",), ("Hezhen University",), "term"),
        NameRow(("黑镇",), ("~Hezhen County",), "place"),
    )
    assert "里弗敦" not in found
    assert found["河镇大学"] == ("~Hezhen University",)
    assert found["河镇县"] == ("~Hezhen County", "~Hezhen")


def test_words_that_definitions_write_small_are_known() -> None:
    assert vocabulary(ITEMS) >= {"wade", "reed"}
    assert "hezhen" not in vocabulary(ITEMS)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("韋布 韦布 [Wei2 bu4] /Webb, Webber or Weber (name)/", ("Webb", "Webber", "Weber")),
        ("威德 威德 [Wei1 de2] /Wade (name)/", ("Wade",)),
        ("河鎮 河镇 [He2 zhen4] /Hezhen county in Lakeland/", None),
    ],
)
def test_parts_of_names_are_told_by_their_label(
    line: str, expected: tuple[str, ...] | None
) -> None:
    found = part_of(next(entries([line])))
    assert (found and found.en) == expected


def test_an_entry_in_small_letters_is_no_name() -> None:
    (item,) = entries(["宮殿 宫殿 [gong1 dian4] /Palace/"])
    assert name_of(item, frozenset()) is None
