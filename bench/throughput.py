"""Compares the speed of the service with that of the program that users would write themselves.

    python -m bench.throughput DATA [--alone N] [--together N] [--at-a-time N] [--before DIR]
                                    [--no-baseline] [--out FILE]

DATA is a folder of ``.txt`` articles or the WMT22 test set. Starts the real service and
``bench.baseline`` on the same weights, waits until both are ready, and sends each the same
articles: some one at a time, then others with eight under way at any time. No article is sent to a
server twice, so no cache can answer. They take turns, so that a noisy machine is noisy for all.
``--before`` is a work tree with another version of this repository, which is measured beside them:
``git worktree add --detach DIR COMMIT``. It runs in this one's environment.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from bench.articles import Article, read_folder
from bench.output import publish
from service.inference.config import EngineConfig, EngineKind
from service.inference.engines.transformers import model_directory
from service.lineups.engines import engine_configs
from service.settings import load_settings
from service.weights.catalogue import load_catalogue
from service.weights.store import open_store

TIMEOUT = httpx.Timeout(3600.0)
READY_SECONDS = 300.0
SIZES = range(900, 4500)
"""Characters (a Chinese one counts as three) of the articles that are sent."""


def choose(articles: list[Article], count: int) -> list[Article]:
    """``count`` articles of ordinary length, spread over the set and both languages."""
    weight = {"zh": 3, "en": 1}
    fitting = [one for one in articles if len(one.text) * weight[one.language] in SIZES]
    if len(fitting) < count:
        raise SystemExit(f"{count} articles of ordinary length are needed, found {len(fitting)}")
    return [fitting[at * len(fitting) // count] for at in range(count)]


def default_config(engine: EngineKind) -> EngineConfig:
    """The default lineup's one model, fetched, for ``engine``."""
    settings = load_settings({**os.environ, "JIANBAO_ENGINE": engine})
    lineup = load_catalogue(settings.catalog_path).lineup("default")
    (config,) = engine_configs(lineup, open_store(settings), settings, machine="any")
    return config


@contextlib.contextmanager
def server(command: list[str], port: int, **env: str) -> Iterator[str]:
    """Run a server until the block ends; yields its address once ``/readyz`` says 200."""
    process = subprocess.Popen(  # noqa: S603 (our own)
        [sys.executable, "-m", *command], env={**os.environ, **env}
    )
    address = f"http://127.0.0.1:{port}"
    try:
        started = time.monotonic()
        while not _ready(address):
            if process.poll() is not None or time.monotonic() - started > READY_SECONDS:
                raise SystemExit(f"{command[0]} did not become ready")
            time.sleep(0.5)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _ready(address: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"{address}/readyz").status_code == 200
    return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def send(
    address: str, articles: list[Article], *, at_a_time: int
) -> tuple[float, list[float]]:
    """Post the articles, ``at_a_time`` under way; seconds in all, and each request's own."""
    free = asyncio.Semaphore(at_a_time)

    async def one(client: httpx.AsyncClient, article: Article) -> float:
        async with free:
            start = time.monotonic()
            text = f"{article.headline}\n{article.text}"
            answer = await client.post(f"{address}/summarize", json={"text": text})
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}: {answer.text}")
            return time.monotonic() - start

    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        start = time.monotonic()
        each = await asyncio.gather(*(one(client, article) for article in articles))
        return time.monotonic() - start, list(each)


def service_of(tree: Path) -> dict[str, str]:
    """The environment in which Python runs the service of ``tree``, and not the one of the
    directory that it is started in, on that version's own catalogue.
    """
    catalogue = str(tree.resolve() / "models" / "catalog.toml")
    path = str(tree.resolve())
    return {"PYTHONPATH": path, "PYTHONSAFEPATH": "1", "JIANBAO_CATALOG": catalogue}


def report(results: dict[str, dict[str, tuple[float, list[float]]]], at_a_time: int) -> str:
    """The table of all servers, and how each other one compares with the service, the first."""
    alone = {name: statistics.mean(one["alone"][1]) for name, one in results.items()}
    rate = {
        name: 60 * len(one["together"][1]) / one["together"][0] for name, one in results.items()
    }
    ours, *others = results
    count = {phase: len(done[1]) for phase, done in results[ours].items()}
    rows = [
        ["", *results, *(f"of {name}" for name in others)],
        ["---"] * (2 * len(results)),
        [
            f"one article alone, both briefs, mean of {count['alone']}, seconds",
            *(f"{seconds:.1f}" for seconds in alone.values()),
            *(f"{alone[ours] / alone[name]:.2f} of its time" for name in others),
        ],
        [
            f"{at_a_time} at a time, of {count['together']}, articles a minute",
            *(f"{articles:.2f}" for articles in rate.values()),
            *(f"{rate[ours] / rate[name]:.1f} times" for name in others),
        ],
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--alone", type=int, default=6, help="articles sent one at a time")
    parser.add_argument("--together", type=int, default=16, help="articles sent side by side")
    parser.add_argument("--at-a-time", type=int, default=8, help="how many of them at a time")
    parser.add_argument("--before", type=Path, help="work tree of a version to compare with")
    parser.add_argument(
        "--baseline", action=argparse.BooleanOptionalAction, default=True, help="compare with it"
    )
    parser.add_argument("--out", type=Path, help="also write the table here")
    arguments = parser.parse_args()
    articles = choose(read_folder(arguments.data), arguments.alone + arguments.together)
    step = max(1, len(articles) // arguments.alone)
    alone = articles[::step][: arguments.alone]
    together = [one for one in articles if one not in alone]
    results: dict[str, dict[str, tuple[float, list[float]]]] = {}
    with contextlib.ExitStack() as running:

        def start(name: str, module: str, *words: str, **env: str) -> None:
            port = free_port()
            command = [module, *(word.format(port=port) for word in words)]
            addresses[name] = running.enter_context(server(command, port, **env))
            results[name] = {}

        addresses: dict[str, str] = {}
        memory = {"JIANBAO_JOBS_URL": "memory:"}  # two services would share a file of jobs
        start("service", "service.cli", "serve", "--port", "{port}", **memory)
        if arguments.before:
            env = memory | service_of(arguments.before)
            start("before", "service.cli", "serve", "--port", "{port}", **env)
        if arguments.baseline:
            # in the Hugging Face format, bf16, as the transformers engine keeps it
            weights = model_directory(default_config("transformers"))
            start("baseline", "bench.baseline", str(weights), "{port}")
        for phase, batch in {"alone": alone, "together": together}.items():
            for name, address in addresses.items():
                at_a_time = arguments.at_a_time if phase == "together" else 1
                done = asyncio.run(send(address, batch, at_a_time=at_a_time))
                results[name][phase] = done
                print(f"{name}, {phase}: {done[0]:.1f} s", file=sys.stderr)
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    text = f"{machine}\n{report(results, arguments.at_a_time)}"
    publish(text, arguments.out)


if __name__ == "__main__":
    main()
