"""Tests jobs while processes are killed: 1,000 articles, ten times ``kill -9``.

python -m bench.crash [--articles N] [--kills N] [--url redis://…] [--seed N]

Uses the scripted engine, see ``tests/support/crashes.py``. Prints a table. The exit status is 1 if
a job was lost or finished more than once.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

from tests.support.crashes import Rehearsal, Report


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--url", default="", help="the store; default: SQLite in a new directory")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        report = asyncio.run(
            Rehearsal(
                asked.articles,
                asked.kills,
                directory=Path(directory),
                url=asked.url,
                seed=asked.seed,
            ).run()
        )
    print(table(report))
    try:
        report.check()
    except AssertionError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0


def table(report: Report) -> str:
    """The report as Markdown."""
    kills = ", ".join(f"{what} {count}" for what, count in sorted(report.kills.items()))
    rows = {
        "articles, in jobs": f"{report.articles}, in {report.jobs}",
        "kills": kills,
        "articles accepted before the last kill": report.before,
        "requests that a kill left unanswered, sent again": report.unanswered,
        "jobs that ended as done": report.statuses["done"],
        "jobs that ended otherwise, or are lost": report.jobs - report.statuses["done"],
        "results, each the right one": report.results,
        "jobs with a wrong, missing or second result or webhook": len(report.wrong),
        "webhooks, by id": report.webhooks,
        "webhooks that came again under the same id": report.repeated,
        "from kill to ready, median of the web process, s": f"{_median(report.restarts):.1f}",
        "all, s": f"{report.seconds:.0f}",
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])


def _median(values: list[float]) -> float:
    return statistics.median(values) if values else 0.0


if __name__ == "__main__":
    sys.exit(main())
