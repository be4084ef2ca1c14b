"""Measures how long an extractive brief takes while the engine uses all cores.

    python -m bench.latency DATA [--requests N] [--busy N] [--tree DIR] [--out FILE]
    python -m bench.latency DATA --cpu [--requests N]

DATA is a folder of ``.txt`` articles or the WMT22 test set. Its articles are joined to
``--characters`` each. The real service is started; then, in each language, ``--requests`` of them
are sent one after another, asking for the brief in their own language: first to a service that has
nothing else to do, then while ``--busy`` clients keep translations coming. Last come two of 200,000
characters, still beside the translations, with a look at ``/livez`` every 50 ms. No text is sent
twice, so no cache can answer. ``--tree`` is another work tree of this repository, whose service is
measured in the place of this one's. ``--cpu`` starts no service, and tells the CPU time of a brief,
from the text that was sent: a figure that other work on the machine changes little.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import platform
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench.articles import Article, read_folder
from bench.load import dated, percentile, server, service_command, table
from bench.output import publish
from bench.throughput import TIMEOUT, free_port
from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.extracting import extract
from service.briefs.model import BriefOptions
from service.briefs.sources import read_source
from service.text import languages

GOAL_MEDIAN, GOAL_P99, GOAL_LONG = 0.150, 0.300, 3.0
LONG = 200_000
PROBE_SECONDS = 0.05
OTHER = {"en": "zh", "zh": "en"}
_TRANSLATED = 600
"""Characters of a text that is translated: a few sentences at a time keep the engine's batch full,
and are done often enough that another one is always under way."""


# ------------------------------------------------------------------ pure


def joined(articles: Sequence[Article], language: str, characters: int) -> Iterator[Article]:
    """Articles of at most ``characters`` and nearly as many, each of other ones of the
    ``language``, begun anew when all have been used.
    """
    own = [one for one in articles if one.language == language]
    endless = itertools.cycle(own)
    while True:
        first = next(endless)
        lines = first.text.split("\n")
        while sum(len(line) + 1 for line in lines) <= characters:
            lines += next(endless).text.split("\n")
        while len(lines) > 1 and sum(len(line) + 1 for line in lines) > characters:
            lines.pop()
        yield Article(first.name, language, first.headline, "\n".join(lines))


@dataclass
class Measured:
    """Seconds that requests took, and that probes took meanwhile."""

    seconds: list[float] = field(default_factory=list)
    probes: list[float] = field(default_factory=list)

    def row(self, what: str) -> list[str]:
        """Milliseconds at the median, the 95th and the 99th percentile, and at worst."""
        shares = (percentile(self.seconds, share) for share in (0.5, 0.95, 0.99, 1.0))
        return [what, str(len(self.seconds)), *(f"{1000 * one:.0f}" for one in shares)]


def cpu_times(articles: Sequence[Article], characters: int, count: int) -> list[list[str]]:
    """CPU time of the process for ``count`` briefs in each language, both analyzers loaded."""
    analyzers = Analyzers()
    analyzers.load()
    languages.load()
    rows = [["milliseconds of CPU", "briefs", "median", "p95", "p99", "worst"]]
    for language in OTHER:
        measured = Measured()
        for made in itertools.islice(joined(articles, language, characters), count):
            began = time.process_time()
            article = from_text(f"{made.headline}\n{made.text}", limit=2 * LONG)
            source = read_source(article)
            extract(article, source, BriefOptions(languages=(source.language,)), analyzers)
            measured.seconds.append(time.process_time() - began)
        rows.append(measured.row(f"{language}, {characters} characters"))
    return rows


# ------------------------------------------------------------------ requests


async def briefs(client: httpx.AsyncClient, texts: Sequence[str], language: str) -> Measured:
    """Ask for the extractive brief of each text, one after another."""
    measured = Measured()
    for text in texts:
        body = {"text": text, "languages": [language], "method": "extractive"}
        began = time.perf_counter()
        answer = await client.post("/summarize", json=body)
        measured.seconds.append(time.perf_counter() - began)
        answer.raise_for_status()
    return measured


@asynccontextmanager
async def translating(
    client: httpx.AsyncClient, articles: Sequence[Article], clients: int, numbers: Iterator[int]
) -> AsyncIterator[None]:
    """Keep ``clients`` translations under way until the block ends."""

    async def one(texts: Iterator[Article]) -> None:
        while True:
            article = next(texts)
            text = f"{next(numbers)}. {article.text[:_TRANSLATED]}"
            target = OTHER[article.language]
            body = {"q": text, "source": article.language, "target": target}
            (await client.post("/translate", json=body)).raise_for_status()

    shared = itertools.cycle(articles)
    tasks = [asyncio.create_task(one(shared)) for _ in range(clients)]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()  # whatever stopped it: the engine was not busy
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def probe(client: httpx.AsyncClient, measured: Measured) -> None:
    """Ask ``/livez`` again and again."""
    while True:
        began = time.perf_counter()
        (await client.get("/livez")).raise_for_status()
        measured.probes.append(time.perf_counter() - began)
        await asyncio.sleep(PROBE_SECONDS)


async def measure(
    address: str, articles: Sequence[Article], *, characters: int, requests: int, busy: int
) -> list[list[str]]:
    """The rows of the table."""
    numbers = itertools.count(1)
    made = {language: joined(articles, language, characters) for language in OTHER}

    def texts(language: str, count: int) -> list[str]:
        return [dated(next(made[language]), next(numbers)) for _ in range(count)]

    rows = [["milliseconds", "briefs", "median", "p95", "p99", "worst"]]
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=TIMEOUT, limits=limits) as client:
        for language in OTHER:
            await briefs(client, texts(language, 3), language)  # warm
            idle = await briefs(client, texts(language, max(10, requests // 5)), language)
            rows.append(idle.row(f"{language}, engine idle"))
        async with translating(client, articles, busy, numbers):
            await asyncio.sleep(5)
            for language in OTHER:
                measured = await briefs(client, texts(language, requests), language)
                rows.append(measured.row(f"{language}, engine busy"))
                print(rows[-1], file=sys.stderr)
            for language in OTHER:
                text = dated(next(joined(articles, language, LONG)), next(numbers))
                watched = Measured()
                watching = asyncio.create_task(probe(client, watched))
                long = await briefs(client, [text], language)
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
                rows.append(long.row(f"{language}, {LONG} characters, engine busy"))
                watched.seconds = watched.probes
                rows.append(watched.row("`/livez` meanwhile"))
    return rows


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--characters", type=int, default=5000, help="length of an article")
    parser.add_argument("--requests", type=int, default=200, help="requests in each language")
    parser.add_argument("--busy", type=int, default=8, help="concurrent translations")
    parser.add_argument("--cpu", action="store_true", help="measure CPU time, without a service")
    parser.add_argument(
        "--tree", type=Path, default=Path.cwd(), help="work tree whose service is measured"
    )
    parser.add_argument("--out", type=Path, help="also write the table here")
    arguments = parser.parse_args()
    articles = read_folder(arguments.data)
    if arguments.cpu:
        print(table(cpu_times(articles, arguments.characters, arguments.requests)))
        return
    port = free_port()
    # safe: without this directory, which would come first
    env = {
        "PYTHONPATH": str(arguments.tree.resolve()),
        "PYTHONSAFEPATH": "1",
        "JIANBAO_LOG_LEVEL": "WARNING",
    }
    with server(service_command(port), port, **env) as watched:
        rows = asyncio.run(
            measure(
                watched.address,
                articles,
                characters=arguments.characters,
                requests=arguments.requests,
                busy=arguments.busy,
            )
        )
        web = watched.process.memory_info().rss / 1e6
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    goals = (
        f"Goals, engine busy: {1000 * GOAL_MEDIAN:.0f} ms at the median, {1000 * GOAL_P99:.0f} at "
        f"the 99th percentile; {LONG} characters in {GOAL_LONG:g} s."
    )
    parts = [
        f"{machine}; python -m bench.latency {' '.join(sys.argv[1:])}",
        table(rows),
        f"Memory of the web process: {web:.0f} MB. {goals}",
    ]
    text = "\n\n".join(parts)
    publish(text, arguments.out)


if __name__ == "__main__":
    main()
