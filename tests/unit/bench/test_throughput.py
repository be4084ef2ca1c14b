"""The arithmetic of the throughput bench."""

from __future__ import annotations

from pathlib import Path

from bench.throughput import report, service_of


def test_the_others_are_compared_with_the_service() -> None:
    results = {
        "service": {"alone": (6.0, [2.0, 4.0]), "together": (60.0, [1.0] * 30)},
        "before": {"alone": (12.0, [6.0, 6.0]), "together": (120.0, [1.0] * 30)},
    }
    assert report(results, 8).splitlines() == [
        "|  | service | before | of before |",
        "| --- | --- | --- | --- |",
        "| one article alone, both briefs, mean of 2, seconds | 3.0 | 6.0 | 0.50 of its time |",
        "| 8 at a time, of 30, articles a minute | 30.00 | 15.00 | 2.0 times |",
    ]


def test_another_version_is_run_from_its_own_tree_with_its_own_catalogue() -> None:
    env = service_of(Path("/trees/before"))
    assert env["PYTHONPATH"] == "/trees/before"
    assert env["PYTHONSAFEPATH"] == "1"
    assert env["JIANBAO_CATALOG"] == "/trees/before/models/catalog.toml"
