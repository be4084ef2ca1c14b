"""What the bench of reliability sends, and what it takes for a fault."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.reliability import Answer, Log, Report, gather, read_log, requests_of, summary

WELL = Answer("a", ("en",), 200, 3.0, briefs=1)
REQUEST = '{"level": "info", "status": 200, "route": "/summarize", "event": "POST /summarize 200"}'


def report(
    runs: Sequence[Sequence[Answer]], *, log: Log | None = None, restarts: int = 0
) -> Report:
    return Report(
        machine="a machine",
        command="a command",
        at_a_time=4,
        articles=("a",),
        runs=tuple(map(tuple, runs)),
        log=log or Log({200: sum(map(len, runs))}, ()),
        restarts=restarts,
    )


def test_the_seeds_come_first_and_the_others_are_evenly_spread(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02d}.txt").write_text(f"Headline {number}\nText {number}.\n")
    names = [article.name for article in gather(tmp_path, 12)]
    assert names == [
        "china-technology",
        "coastal-grid-report",
        "harbour-tunnel",
        "metro-night-bus",
        "river-restoration",
        "taiwan-ferry",
        "tea-county",
        *("00", "04", "08", "12", "16"),
    ]
    assert [article.name for article in gather(None, 2)] == names[:2]
    with pytest.raises(SystemExit, match="31 articles are needed, found 27"):
        gather(tmp_path, 31)


def test_a_brief_is_asked_for_by_itself_or_with_its_sibling() -> None:
    articles = gather(None, 2)
    alone = [(article.name, tags) for article, tags in requests_of(articles, together=False)]
    assert alone == [
        ("china-technology", ["en"]),
        ("china-technology", ["zh"]),
        ("coastal-grid-report", ["en"]),
        ("coastal-grid-report", ["zh"]),
    ]
    assert [tags for _, tags in requests_of(articles, together=True)] == [["en", "zh"]] * 2


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer("a", ("en",), 500, 2.0, detail="lost"), "run 2: a en: 500 after 2.0 s: lost"),
        (Answer("a", ("zh",), 429, 0.0, detail="full"), "run 2: a zh: 429 after 0.0 s: full"),
        (Answer("a", ("zh",), 0, 1.0, detail="ReadError"), "run 2: a zh: 0 after 1.0 s: ReadError"),
        (Answer("a", ("en", "zh"), 200, 2.0, briefs=1), "run 2: a en+zh: 1 of 2 briefs"),
    ],
)
def test_whatever_is_no_whole_answer_is_a_fault(answer: Answer, fault: str) -> None:
    assert report([[WELL], [WELL, answer]]).faults == [fault]


def test_what_is_well_has_no_fault() -> None:
    well = report([[WELL], [Answer("a", ("en",), 200, 9.0, briefs=1, warnings=("name",))]])
    assert well.faults == []
    assert summary(well).endswith("Nothing went wrong.")
    assert "| 2 | 1 | 1 | 9.0 | 9.0 | 1 |" in summary(well)


def test_the_log_and_the_engine_can_tell_of_faults_that_no_client_saw() -> None:
    log = Log({200: 62, 404: 1, 499: 2, 503: 1}, ("what it said",))
    assert report([[WELL]], log=log, restarts=1).faults == [
        "log: 2 requests ended with 499",
        "log: 1 requests ended with 503",
        "log: what it said",
        "the engine was restarted 1 times",
    ]


def test_a_log_without_the_requests_is_a_fault() -> None:
    assert report([[WELL, WELL]], log=Log({200: 1}, ())).faults == [
        "log: 1 requests, of 2 that were sent"
    ]


def test_the_log_is_read_by_status_and_level() -> None:
    error = '{"level": "error", "event": "the engine ended"}'
    left = REQUEST.replace("200", "499")
    lines = [REQUEST, "Loading weights: 100%|███|", left, REQUEST, error, "", '"text"', "3"]
    assert read_log(f"{line}\n" for line in lines) == Log({200: 2, 499: 1}, (error,))
    assert read_log(["Traceback (most recent call last):\n"]).errors == (
        "Traceback (most recent call last):",
    )
