"""Checks that every accepted article is answered: briefs of 31 articles, four at a time, three
times.

    python -m bench.reliability [DATA] [--articles N] [--at-a-time N] [--runs N] [--together]
                                [--log FILE] [--out FILE]

The articles are the seeds and, evenly spread, those of DATA, a folder of ``.txt`` articles or the
WMT22 test set. The real service is started on its own settings, with its memory of answers off, and
asked for each brief by itself (``--together``: for both briefs of an article at once). No client
leaves. Prints a table and all that went wrong; ends with 1 if anything did: an answer other than
200, an empty brief, a 499 or 5xx or an error in the service's log, a restart of the engine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec

from bench.articles import Article, read_folder
from bench.load import metric, server, service_command, table
from bench.throughput import free_port

SEEDS = Path(__file__).parents[1] / "seeds"
LANGUAGES = ("en", "zh")
_LEFT = 499
"""What the log says of a client that left, or of a request that lost its task."""
_TRACEBACK = "Traceback (most recent call last)"


class Answer(msgspec.Struct, frozen=True):
    """What one request brought. ``status`` is 0 where there was no answer."""

    article: str
    languages: tuple[str, ...]
    status: int
    seconds: float
    briefs: int = 0
    """Briefs in the answer that are not empty."""
    warnings: tuple[str, ...] = ()
    detail: str = ""
    """What an answer other than 200 said."""


class Log(msgspec.Struct, frozen=True):
    """What the service logged: its requests by status, and its errors, word for word."""

    statuses: dict[int, int]
    errors: tuple[str, ...]


class Report(msgspec.Struct, frozen=True):
    """Everything that was seen."""

    machine: str
    command: str
    at_a_time: int
    articles: tuple[str, ...]
    runs: tuple[tuple[Answer, ...], ...]
    log: Log
    restarts: int

    @property
    def faults(self) -> list[str]:
        """What went wrong, a line each."""
        found = [
            f"run {number}: {answer.article} {'+'.join(answer.languages)}: {wrong}"
            for number, run in enumerate(self.runs, 1)
            for answer in run
            if (wrong := _wrong(answer))
        ]
        sent, logged = sum(map(len, self.runs)), sum(self.log.statuses.values())
        if logged < sent:
            found.append(f"log: {logged} requests, of {sent} that were sent")
        found += [
            f"log: {count} requests ended with {status}"
            for status, count in sorted(self.log.statuses.items())
            if status >= _LEFT
        ]
        found += [f"log: {line}" for line in self.log.errors]
        if self.restarts:
            found.append(f"the engine was restarted {self.restarts} times")
        return found


def _wrong(answer: Answer) -> str:
    """What is wrong with an answer; empty if nothing is."""
    if answer.status != 200:
        return f"{answer.status} after {answer.seconds:.1f} s: {answer.detail}"
    if answer.briefs < len(answer.languages):
        return f"{answer.briefs} of {len(answer.languages)} briefs"
    return ""


# ------------------------------------------------------------------ what is asked


def gather(folder: Path | None, count: int) -> list[Article]:
    """``count`` articles: the seeds, then those of ``folder``, evenly spread.

    Raises:
        SystemExit: there are fewer.
    """
    seeds = read_folder(SEEDS)[:count]
    others = read_folder(folder) if folder else []
    wanted = count - len(seeds)
    if len(others) < wanted:
        raise SystemExit(f"{count} articles are needed, found {len(seeds) + len(others)}")
    return seeds + [others[at * len(others) // wanted] for at in range(wanted)]


def requests_of(articles: Sequence[Article], *, together: bool) -> list[tuple[Article, list[str]]]:
    """Each article with the languages of one request for it."""
    asked = [list(LANGUAGES)] if together else [[one] for one in LANGUAGES]
    return [(article, languages) for article in articles for languages in asked]


async def send_all(
    address: str, requests: Sequence[tuple[Article, list[str]]], *, at_a_time: int
) -> list[Answer]:
    """The answers in the order of the requests, ``at_a_time`` of which are under way."""
    places = asyncio.Semaphore(at_a_time)

    async with httpx.AsyncClient(base_url=address, timeout=None) as client:  # noqa: S113 (none leaves)

        async def one(article: Article, languages: list[str]) -> Answer:
            async with places:
                return await _send(client, article, languages)

        return await asyncio.gather(*(one(*request) for request in requests))


async def _send(client: httpx.AsyncClient, article: Article, languages: list[str]) -> Answer:
    body: dict[str, Any] = {"text": article.text, "languages": languages}
    if article.headline:
        body["title"] = article.headline
    began = time.monotonic()
    try:
        answer = await client.post("/summarize", json=body)
    except httpx.HTTPError as error:
        took = time.monotonic() - began
        return Answer(article.name, tuple(languages), 0, took, detail=repr(error))
    took = time.monotonic() - began
    if answer.status_code != 200:
        detail = answer.text.strip()
        return Answer(article.name, tuple(languages), answer.status_code, took, detail=detail)
    content = answer.json()
    return Answer(
        article.name,
        tuple(languages),
        200,
        took,
        briefs=sum(bool(brief["text"].strip()) for brief in content["summaries"].values()),
        warnings=tuple(one["code"] for one in content["warnings"]),
    )


# ------------------------------------------------------------------ what is found


def read_log(lines: Iterable[str]) -> Log:
    """Read the service's log, lines of JSON. What libraries write beside it is passed over, but for
    a traceback.
    """
    statuses: Counter[int] = Counter()
    errors: list[str] = []
    for line in lines:
        try:
            event = msgspec.json.decode(line)
        except msgspec.DecodeError:
            event = {"level": "error"} if _TRACEBACK in line else {}
        if isinstance(event, dict):
            if isinstance(event.get("status"), int):
                statuses[event["status"]] += 1
            if event.get("level") in {"error", "critical"}:
                errors.append(line.strip())
    return Log(dict(statuses), tuple(errors))


def summary(report: Report) -> str:
    """The report in words: a table of the runs, and what went wrong."""
    rows = [["run", "briefs asked for", "in answers of 200", "median, s", "slowest, s", "warnings"]]
    for number, run in enumerate(report.runs, 1):
        times = [answer.seconds for answer in run]
        rows.append(
            [
                str(number),
                str(sum(len(answer.languages) for answer in run)),
                str(sum(answer.briefs for answer in run)),
                f"{statistics.median(times):.1f}",
                f"{max(times):.1f}",
                str(sum(len(answer.warnings) for answer in run)),
            ]
        )
    logged = ", ".join(f"{status}: {n}" for status, n in sorted(report.log.statuses.items()))
    faults = "\n".join(f"- {fault}" for fault in report.faults) or "Nothing went wrong."
    return (
        f"{report.machine}; {report.command}\n"
        f"{len(report.articles)} articles, {report.at_a_time} at a time\n\n{table(rows)}\n\n"
        f"Requests in the log by status: {logged}\n\n{faults}"
    )


# ------------------------------------------------------------------ the whole


def measure(
    command: list[str],
    port: int,
    requests: Sequence[tuple[Article, list[str]]],
    *,
    at_a_time: int,
    runs: int,
    log: Path,
    **environ: str,
) -> Report:
    """Start a service that will listen on ``port``, send it all requests ``runs`` times, and end
    it. Its log goes to ``log``.
    """
    settings = {
        "JIANBAO_CACHE_ANSWERS": "0",
        "JIANBAO_JOBS_URL": "memory:",
        "JIANBAO_KEYS_FILE": "",
        "JIANBAO_LOG_LEVEL": "INFO",
        **environ,
    }
    done: list[tuple[Answer, ...]] = []
    with server(command, port, log=str(log), **settings) as watched:
        for _ in range(runs):
            answers = asyncio.run(send_all(watched.address, requests, at_a_time=at_a_time))
            done.append(tuple(answers))
            print(f"{sum(one.status == 200 for one in answers)} of {len(answers)}", file=sys.stderr)
        restarts = int(metric(watched.address, "engine_restarts_total"))
    with log.open(encoding="utf-8", errors="replace") as lines:
        logged = read_log(lines)
    return Report(
        machine=f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        command=f"python -m bench.reliability {' '.join(sys.argv[1:])}".strip(),
        at_a_time=at_a_time,
        articles=tuple(dict.fromkeys(article.name for article, _ in requests)),
        runs=tuple(done),
        log=logged,
        restarts=restarts,
    )


def main() -> int:
    """Run, print, and say by the status whether all went well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--articles", type=int, default=31)
    parser.add_argument("--at-a-time", type=int, default=4)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--together", action="store_true", help="both briefs by one request")
    parser.add_argument("--log", type=Path, help="keep the service's log here")
    parser.add_argument("--out", type=Path, help="also write the report here, as JSON")
    asked = parser.parse_args()
    requests = requests_of(gather(asked.data, asked.articles), together=asked.together)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        report = measure(
            service_command(port),
            port,
            requests,
            at_a_time=asked.at_a_time,
            runs=asked.runs,
            log=asked.log or Path(folder, "log"),
            JIANBAO_DATA_DIR=folder,
        )
    print(summary(report))
    if asked.out:
        content = {**msgspec.to_builtins(report), "faults": report.faults}
        asked.out.write_bytes(msgspec.json.format(msgspec.json.encode(content)) + b"\n")
    return int(bool(report.faults))


if __name__ == "__main__":
    sys.exit(main())
