"""The doubt of graded translations, and the thresholds that were set on them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from bench.doubt import Graded, area, found, rows
from service.briefs.doubt import DOUBTFUL

GRADES = Path(__file__).parents[3] / "bench" / "grades" / "2026-11-30-doubt.jsonl"


def graded(likelihood: float, *, wrong: bool) -> Graded:
    return Graded("drafts", "q1/0", "zh", wrong, None, likelihood, 0.0, 0, 0.0, "set")


def test_the_shares_are_of_the_wrong_and_of_the_right_ones() -> None:
    both = [graded(-90, wrong=True), graded(-20, wrong=True), graded(-70, wrong=False)]
    assert found(both, 60.0) == (0.5, 1.0)
    assert found(both, 80.0) == (0.5, 0.0)


def test_the_area_is_one_if_every_wrong_one_is_more_doubtful() -> None:
    assert area([graded(-90, wrong=True), graded(-20, wrong=False)]) == 1.0
    assert area([graded(-20, wrong=True), graded(-20, wrong=False)]) == 0.5


def test_the_thresholds_in_use_find_what_the_documentation_says() -> None:
    decode = msgspec.json.Decoder(Graded).decode
    grades = [decode(line) for line in GRADES.read_bytes().splitlines()]
    table = {row[0]: row[1:] for row in rows(grades)}
    assert table[f"{DOUBTFUL['en']:g}"][:2] == ["84% at 63%", "89% at 28%"]
    assert table[f"{DOUBTFUL['zh']:g}"][2:4] == ["97% at 74%", "96% at 67%"]
