"""Are the briefs true? Counts, without a model, what an editor would see wrong.

    python -m bench.truth DATA [--articles N] [--concurrency N] [--out FILE] [--only on|off]

DATA is a folder of ``.txt`` articles (first line the headline) or the WMT22 test set. Every
article is briefed in English and Chinese at length ``medium`` by the default lineup, once with
grounding (grammar, review, repair) and once without; the same checks then read both sets.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from bench.articles import Article, read_folder
from service.app import open_briefs
from service.briefs.articles import from_text
from service.briefs.model import Brief, Language, Summary, Wish
from service.briefs.review import (
    check_headline,
    check_language,
    check_numbers,
    check_repetition,
    longest_shared_run,
    sentences_of,
)
from service.briefs.summarize import Summarizes
from service.errors import ServiceError
from service.settings import load_settings

COPIED: dict[Language, int] = {"en": 150, "zh": 60}
"""Longest run, in characters, that a brief may copy from its article."""
DEFECTS = ("leak", "number", "cut", "copied", "headline", "loop", "length")
_END: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"[.!?][\"”’)]*$"),
    "zh": re.compile(r"[。！？][”’）]*$"),
}


@dataclass(frozen=True)
class Verdict:
    """One brief and what is wrong with it."""

    article: str
    language: str
    text: str
    defects: tuple[str, ...]
    repaired: bool
    warnings: tuple[str, ...]


def judge(brief: Brief, article: Article) -> tuple[str, ...]:
    """Names of the defects of ``brief``; empty for a good one."""
    language: Language = "en" if brief.language == "en" else "zh"
    source = f"{article.headline}\n{article.text}"
    text = brief.text
    count = len(sentences_of(text, language))
    found = {
        "leak": bool(check_language(text, language, source)),
        "number": bool(check_numbers(text, source)),
        "cut": not _END[language].search(text),
        "copied": longest_shared_run(text, source) > COPIED[language],
        "headline": article.language == language
        and bool(check_headline(text, language, article.headline, source)),
        "loop": bool(check_repetition(text, language)),
        "length": not 2 <= count <= 3,
    }
    return tuple(name for name in DEFECTS if found[name])


async def brief_all(briefs: Summarizes, articles: list[Article], concurrency: int) -> list[Verdict]:
    """Brief and judge every article, ``concurrency`` at a time."""
    places = asyncio.Semaphore(concurrency)

    async def one(article: Article) -> list[Verdict]:
        async with places:
            read = from_text(article.text, limit=10**6, title=article.headline)
            try:
                summary = await briefs.summarize(read, Wish())
            except ServiceError as error:
                return [_failure(article, language, error) for language in ("en", "zh")]
            return _verdicts(summary, article)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(article)) for article in articles]
    return [verdict for task in tasks for verdict in task.result()]


def _verdicts(summary: Summary, article: Article) -> list[Verdict]:
    return [
        Verdict(
            article.name,
            tag,
            brief.text,
            judge(brief, article),
            brief.repaired,
            tuple(f"{one.code}: {one.message}" for one in summary.warnings if one.language == tag),
        )
        for tag, brief in summary.briefs.items()
    ]


def _failure(article: Article, language: str, error: ServiceError) -> Verdict:
    return Verdict(article.name, language, f"({error})", ("failed",), False, ())


def table(runs: dict[str, list[Verdict]], seconds: dict[str, float]) -> str:
    """Both runs side by side, as a Markdown table."""
    rows = [["", *(f"grounding {name}" for name in runs)]]
    rows.append(["briefs", *(str(len(run)) for run in runs.values())])
    for defect in (*DEFECTS, "failed"):
        counts = [Counter(name for one in run for name in one.defects) for run in runs.values()]
        rows.append([defect, *(str(count[defect]) for count in counts)])
    rows.append(
        [
            "any defect",
            *(_share(sum(map(bool, (v.defects for v in run))), run) for run in runs.values()),
        ]
    )
    rows.append(
        ["repaired", *(_share(sum(one.repaired for one in run), run) for run in runs.values())]
    )
    rows.append(
        [
            "with a warning",
            *(_share(sum(bool(one.warnings) for one in run), run) for run in runs.values()),
        ]
    )
    rows.append(["seconds", *(f"{seconds[name]:.0f}" for name in runs)])
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


def _share(count: int, run: list[Verdict]) -> str:
    return f"{count} ({100 * count / max(1, len(run)):.0f}%)"


async def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=0, help="only so many, spread evenly")
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--out", type=Path, help="write every brief and verdict here, as JSON")
    parser.add_argument("--only", choices=("on", "off"))
    arguments = parser.parse_args()
    articles = read_folder(arguments.data)
    if arguments.articles:
        articles = articles[:: max(1, len(articles) // arguments.articles)][: arguments.articles]
    runs: dict[str, list[Verdict]] = {}
    seconds: dict[str, float] = {}
    for name in [arguments.only] if arguments.only else ["on", "off"]:
        settings = load_settings(os.environ)
        settings = msgspec.structs.replace(
            settings, grounding=name == "on", deadline_seconds=3600.0
        )
        async with open_briefs(settings) as briefs:
            start = time.monotonic()
            runs[name] = await brief_all(briefs, articles, arguments.concurrency)
            seconds[name] = time.monotonic() - start
        if arguments.out:
            listed = {key: [asdict(one) for one in run] for key, run in runs.items()}
            arguments.out.write_text(json.dumps(listed, ensure_ascii=False, indent=1))
    print(f"{len(articles)} articles")
    print(table(runs, seconds))


if __name__ == "__main__":
    asyncio.run(main())
