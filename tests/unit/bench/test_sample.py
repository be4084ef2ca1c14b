"""What translations are measured on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.sample import Direction, draw, interface, outputs
from service.text.placeholders import find_placeholders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("src.en", "refA.zh", "refB.zh", "Online-A.zh"):
        lines = "".join(f"{name} {number}\n" for number in range(50))
        (tmp_path / f"en-zh.{name}").write_text(lines, encoding="utf-8")
    return tmp_path


def test_a_seed_always_draws_the_same_lines_and_another_one_others(folder: Path) -> None:
    sample = draw(folder, "en-zh", 10, seed=1)
    assert sample == draw(folder, "en-zh", 10, seed=1)
    assert sample.at != draw(folder, "en-zh", 10, seed=2).at
    assert len(set(sample.at)) == 10


def test_sources_references_and_outputs_are_of_the_same_lines(folder: Path) -> None:
    sample = draw(folder, "en-zh", 10, seed=1)
    assert sample.sources == tuple(f"src.en {at}" for at in sample.at)
    assert sample.references == (
        tuple(f"refA.zh {at}" for at in sample.at),
        tuple(f"refB.zh {at}" for at in sample.at),
    )
    assert outputs(folder, sample, "Online-A") == tuple(f"Online-A.zh {at}" for at in sample.at)


def test_only_a_newline_ends_a_line(folder: Path) -> None:
    (folder / "en-zh.src.en").write_text("One.\u2028Still one.\nTwo.\n", encoding="utf-8")
    sample = draw(folder, "en-zh", 2, seed=1)
    assert sample.sources == ("One.\u2028Still one.", "Two.")


def test_more_lines_than_there_are_cannot_be_drawn(folder: Path) -> None:
    with pytest.raises(SystemExit, match="en-zh has 50 lines, 51 are wanted"):
        draw(folder, "en-zh", 51, seed=1)


def test_both_columns_of_the_interface_strings_have_the_same_placeholders() -> None:
    sample = interface("en-zh")
    assert len(sample.sources) >= 60
    for english, chinese in zip(sample.sources, sample.references[0], strict=True):
        columns = (find_placeholders(english), find_placeholders(chinese))
        found = [Counter(one.text for one in column) for column in columns]
        assert found[0] == found[1], english


@pytest.mark.parametrize(
    ("direction", "source", "reference"), [("en-zh", "Save", "保存"), ("zh-en", "保存", "Save")]
)
def test_interface_strings_are_read_both_ways(
    tmp_path: Path, direction: Direction, source: str, reference: str
) -> None:
    path = tmp_path / "strings.tsv"
    path.write_text("Save\t保存\n", encoding="utf-8")
    sample = interface(direction, path)
    assert sample.sources == (source,)
    assert sample.references == ((reference,),)
