"""Glossaries as files that callers may list and change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.errors import InvalidInput, Unavailable
from service.translation.glossary_directory import Glossaries
from service.translation.glossary_files import GlossaryFiles, GlossaryInfo, GlossaryNotFound
from service.translation.model import Term


@pytest.fixture
def files(tmp_path: Path) -> GlossaryFiles:
    return GlossaryFiles(tmp_path, Glossaries(tmp_path))


def pairs(files: GlossaryFiles, name: str) -> list[tuple[str, str]]:
    return [(term.source, term.target) for term in files.read(name, "en-zh")]


def test_what_is_written_is_read_listed_changed_and_removed(files: GlossaryFiles) -> None:
    assert files.write("rivers", "en-zh", (Term("Nile", "尼罗河"),)) is True
    assert files.write("rivers", "en-zh", (Term("Nile", "尼羅河"),)) is False
    files.change("rivers", "en-zh", {"Rhine": "莱茵河", "Nile": "尼罗河"})
    assert files.list() == [GlossaryInfo("rivers", "en-zh", 2)]
    assert pairs(files, "rivers") == [("Nile", "尼罗河"), ("Rhine", "莱茵河")]
    files.change("rivers", "en-zh", {"Nile": None})
    assert pairs(files, "rivers") == [("Rhine", "莱茵河")]
    files.remove("rivers", "en-zh")
    assert files.list() == []
    with pytest.raises(GlossaryNotFound):
        files.read("rivers", "en-zh")


def test_a_glossary_that_the_operator_wrote_as_csv_is_changed(
    files: GlossaryFiles, tmp_path: Path
) -> None:
    (tmp_path / "old.en-zh.csv").write_text('"Lima, Peru",利马\n', encoding="utf-8")
    files.change("old", "en-zh", {"Nile": "尼罗河"})
    assert pairs(files, "old") == [("Lima, Peru", "利马"), ("Nile", "尼罗河")]
    assert [path.name for path in tmp_path.iterdir()] == ["old.en-zh.tsv"]


def test_a_changed_glossary_has_another_stamp(files: GlossaryFiles, tmp_path: Path) -> None:
    glossaries = Glossaries(tmp_path)
    stamps = [glossaries.stamp("a")]
    files.write("a", "zh-en", (Term("三国", "Mikuni"),))
    stamps.append(glossaries.stamp("a"))
    files.change("a", "zh-en", {"三国": "Mikuni town"})
    stamps.append(glossaries.stamp("a"))
    assert len(set(stamps)) == 3


@pytest.mark.parametrize("name", ["", "../a", "a/b", ".hidden", "a.", "a" * 65, "名", "a b", "a\n"])
def test_a_name_that_could_leave_the_directory_is_refused(files: GlossaryFiles, name: str) -> None:
    with pytest.raises(InvalidInput, match="a name has"):
        files.write(name, "en-zh", ())


@pytest.mark.parametrize("source", ["#Nile", " ", "a\tb", "a\nb"])
def test_a_term_that_no_file_can_hold_is_refused_and_nothing_is_written(
    files: GlossaryFiles, source: str
) -> None:
    with pytest.raises(InvalidInput):
        files.change("rivers", "en-zh", {source: "河"})
    assert files.list() == []


def test_terms_that_are_added_at_the_same_time_are_all_kept(files: GlossaryFiles) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: files.change("a", "en-zh", {f"Term{n}": f"词{n}"}), range(24)))
    assert len(files.read("a", "en-zh")) == 24


def test_a_directory_that_is_gone_is_told_as_unavailable(tmp_path: Path) -> None:
    files = GlossaryFiles(tmp_path / "gone", Glossaries())
    with pytest.raises(Unavailable, match="No such file"):
        files.list()
