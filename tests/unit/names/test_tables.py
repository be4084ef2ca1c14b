"""Tables of names and terms: how they are read, and what those that come with the service hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.analysis import Analyzers
from service.assembly import create_names
from service.errors import SettingsError
from service.names.forms import is_chinese, is_simplified
from service.names.lexicon import NameLexicon
from service.names.tables import PARTS, NameRow, builtin, operator_files, parse, read
from service.settings import Settings


def rows(text: str) -> list[NameRow]:
    return list(parse(text, "own.tsv"))


def test_columns_may_stand_in_any_order_and_be_left_out() -> None:
    assert rows("en\tzh\nRivertown\t河镇\r\n") == [NameRow(("河镇",), ("Rivertown",), "term")]
    assert rows("zh\talso_zh\ten\n河镇\t河市 | ~河\tRivertown\n") == [
        NameRow(("河镇", "河市", "~河"), ("Rivertown",), "term")
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("河镇\tRivertown\n", "line 1: '河镇' is no column"),
        ("zh\tkind\n", "line 1: the column 'en' is missing"),
        ("zh\ten\tzh\n", "line 1: a column is there twice"),
        ("# ours\nzh\ten\n\n河镇\tRivertown\tplace\n", "line 4: 3 columns where"),
        ("zh\ten\tkind\n河镇\tRivertown\ttown\n", "line 2: 'town' is no kind"),
        ("zh\ten\tkind\n\t\tplace\n", "line 2: neither a Chinese nor an English form"),
        ("zh\ten\talso_en\n河镇\tRivertown\tR|\n", "line 2: a form is empty"),
        ("zh\ten\n（河镇）\tRivertown\n", "line 2: '（河镇）' does not begin with a letter"),
        ("zh\ten\n河镇\t" + "R" * 201 + "\n", "line 2: a form of more than 200 characters"),
    ],
)
def test_what_cannot_be_read_names_file_and_line(text: str, message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        rows(text)
    assert str(raised.value).startswith(f"names: own.tsv, {message}")


def test_a_directory_stands_for_its_tables(tmp_path: Path) -> None:
    for name in ("b.tsv", "a.tsv", "notes.txt"):
        (tmp_path / name).write_text("zh\ten\n", encoding="utf-8")
    assert [path.name for path in operator_files(tmp_path)] == ["a.tsv", "b.tsv"]
    assert operator_files(tmp_path / "b.tsv") == (tmp_path / "b.tsv",)
    assert operator_files(None) == ()


def test_a_directory_without_tables_and_a_file_that_cannot_be_read_are_errors(
    tmp_path: Path,
) -> None:
    with pytest.raises(SettingsError, match=r"no \.tsv file"):
        operator_files(tmp_path)
    with pytest.raises(SettingsError, match="No such file"):
        read(tmp_path / "absent.tsv")
    (tmp_path / "gbk.tsv").write_bytes("zh\ten\n河镇\tRivertown\n".encode("gbk"))
    with pytest.raises(SettingsError, match="not in UTF-8"):
        read(tmp_path / "gbk.tsv")


@pytest.fixture(scope="module")
def english() -> NameLexicon:
    return NameLexicon.load("en")


def shipped() -> list[tuple[str, NameRow]]:
    """Every row that comes with the service, with its file's name."""
    return [(name, row) for name, text in builtin() for row in parse(text, name)]


def bare(forms: tuple[str, ...]) -> list[str]:
    return [form.removeprefix("~") for form in forms]


def test_shipped_forms_are_simplified_chinese_and_english() -> None:
    for name, row in shipped():
        for form in row.zh:
            assert is_simplified(form), (name, form)
            # a Latin name may be printed in Chinese, but only abbreviations are looked up there
            assert is_chinese(form) or form.isascii(), (name, form)
            assert is_chinese(form) or form[0] == "~" or len(form) < 8, (name, form)
        assert not any(map(is_chinese, row.en)), (name, row)


def test_no_form_is_looked_up_in_two_shipped_rows_of_which_one_would_be_lost() -> None:
    for side in (0, 1):
        for of_parts in (False, True):
            known: set[str] = set()
            for name, row in shipped():
                for form in row[side]:
                    if form[0] != "~" and (name in PARTS) == of_parts:
                        assert form not in known, (name, form)
                        known.add(form)


def test_no_shipped_row_lists_a_form_twice_or_has_nothing_to_look_up() -> None:
    for name, row in shipped():
        for forms in (row.zh, row.en):
            assert len(set(bare(forms))) == len(forms), (name, row)
        assert any(form[0] != "~" for form in row.zh + row.en), (name, row)


def test_shipped_rows_without_a_translation_stand_in_the_table_for_them() -> None:
    assert {name for name, row in shipped() if not row.zh or not row.en} == {"skip.tsv"}


@pytest.mark.parametrize(
    "word",
    """may march reading nice turkey polish mobile bath cork wade palace ford bush rice hunt price
    it us who is as am an no or so in at be do by for all old new one two time news post sun
    guardian mirror mail times star apple meta shell target gap visa chad jordan georgia china
    split essen lens brest tours save love""".split(),
)
def test_common_english_words_are_not_looked_up(word: str, english: NameLexicon) -> None:
    assert english.find(f"the {word} of it") == ()


@pytest.mark.parametrize(
    "name",
    """Georgia May March Reading Nice Jordan Chad Florence Victoria Alexandria Charlotte Providence
    Staples Preston Rhodes Bush Johnson Amazon Apple Target Shell Sun Guardian Times
    president governor chancellor""".split(),
)
def test_names_that_stand_for_several_things_are_not_looked_up(
    name: str, english: NameLexicon
) -> None:
    entry = english.get(name)
    assert entry is None


def test_a_path_where_there_is_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no such file"):
        operator_files(tmp_path / "own.tsv")


def test_a_wrong_table_of_the_operator_s_ends_the_start(tmp_path: Path) -> None:
    wrong = tmp_path / "own.tsv"
    wrong.write_text("河镇\tRivertown\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"own\.tsv, line 1"):
        create_names(Settings(names_path=wrong), Analyzers())
