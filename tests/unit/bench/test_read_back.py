"""The shares that thresholds are chosen by."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from bench.read_back import Labelled, found, rows
from service.translation.read_back import THRESHOLDS

LABELS = Path(__file__).parents[3] / "bench" / "grades" / "2026-11-29-names-read-back.jsonl"


def label(logprob: float, *, wrong: bool) -> Labelled:
    return Labelled("f", 0, 0, 1, "name", "en", "whole", wrong, logprob, "set")


@pytest.mark.parametrize(
    ("threshold", "shares"), [(-4.0, (0.5, 0.0)), (-2.0, (1.0, 0.0)), (-0.5, (1.0, 1.0))]
)
def test_shares_of_the_wrong_and_of_the_right_that_lie_below(
    threshold: float, shares: tuple[float, float]
) -> None:
    labels = [label(-9.0, wrong=True), label(-3.0, wrong=True), label(-1.0, wrong=False)]
    assert found(labels, threshold) == shares


def test_the_thresholds_in_use_find_what_the_readme_says() -> None:
    decode = msgspec.json.Decoder(Labelled).decode
    labels = [decode(line) for line in LABELS.read_bytes().splitlines()]
    table = {row[0]: row[1:] for row in rows(labels)[1:]}
    assert table[f"{THRESHOLDS['en']:g}"][1] == "72% at 14%"
    assert table[f"{THRESHOLDS['zh']:g}"][3] == "77% at 4%"
