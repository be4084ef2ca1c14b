"""Measures the service under load: compared with its peers at saturation, and in an open loop.

    python -m bench.load DATA [--peers NAMES] [--articles N] [--rates R...] [--seconds S] [--runs N]
                              [--peers-python PYTHON] [--out FILE]

DATA is a folder of ``.txt`` articles or the WMT22 test set. First the service and each peer get the
same articles, eight under way at any time, one program after the other, each started for it and
warmed with another article:

- ``baseline``: ``bench.baseline``, one request at a time
- ``litserve``: ``bench.litserve_peer``, batches of eight articles
- ``llamacpp``: ``bench.llamacpp_peer``, the baseline's prompts, sixteen slots
- ``offline``: ``bench.offline``, the openvino engine driven by a bare loop

Then articles arrive at the service by chance (Poisson), at multiples of what it did at saturation.
No article is sent twice to one process: each is given a dateline of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import math
import os
import platform
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from bench.articles import Article, read_folder
from bench.baseline import PROMPTS
from bench.output import publish
from bench.throughput import TIMEOUT, choose, default_config, free_port
from service.inference.engines.transformers import model_directory

GOALS = {"baseline": 8.0, "litserve": 4.0, "llamacpp": 1.5, "offline": 0.9}
AT_A_TIME = 8
READY_SECONDS = 600.0
DEADLINE_SECONDS = 60


# ------------------------------------------------------------------ pure


def arrivals(rate: float, seconds: float, seed: int) -> list[float]:
    """Seconds from the start at which requests arrive: Poisson, ``rate`` a second."""
    draw = random.Random(seed)  # noqa: S311 (no secret)
    times: list[float] = []
    now = draw.expovariate(rate)
    while now < seconds:
        times.append(now)
        now += draw.expovariate(rate)
    return times


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; NaN of nothing."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as Markdown, the first one the head."""
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def dated(article: Article, number: int) -> str:
    """The article's text under a dateline that no other one has."""
    dateline = f"第{number}号电" if article.language == "zh" else f"Dispatch {number}"
    return f"{article.headline}\n{dateline}\n{article.text}"


# ------------------------------------------------------------------ processes


@dataclass
class Watched:
    """A server: its address, and the peak of its processes' memory in GB."""

    address: str
    process: psutil.Process
    peak: float = 0.0
    ended: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Look at the memory until ``ended``."""
        while not self.ended.wait(0.5):
            total = 0
            with contextlib.suppress(psutil.NoSuchProcess):
                family = [self.process, *self.process.children(recursive=True)]
                total = sum(one.memory_info().rss for one in family)
            self.peak = max(self.peak, total / 1e9)


@contextlib.contextmanager
def server(
    command: list[str], port: int, *, ready: str = "/readyz", log: str = "", **env: str
) -> Iterator[Watched]:
    """Run a server in a session of its own until the block ends; yields once it is ready. What it
    writes to standard error goes to the file ``log``, if one is named.
    """
    with contextlib.ExitStack() as stack:
        errors = stack.enter_context(Path(log).open("wb")) if log else None
        process = subprocess.Popen(  # noqa: S603 (our own)
            command,
            start_new_session=True,
            env={**os.environ, **env},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    watched = Watched(f"http://127.0.0.1:{port}", psutil.Process(process.pid))
    threading.Thread(target=watched.watch, daemon=True).start()
    try:
        started = time.monotonic()
        while not _answers(watched.address + ready):
            if process.poll() is not None or time.monotonic() - started > READY_SECONDS:
                raise RuntimeError(f"{' '.join(command[:3])} did not become ready")
            time.sleep(0.5)
        yield watched
    finally:
        watched.ended.set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)


def _answers(url: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(url).status_code == 200
    return False


# ------------------------------------------------------------------ saturation

Post = Callable[[httpx.AsyncClient, str, str], Awaitable[None]]


async def summarize(client: httpx.AsyncClient, address: str, text: str) -> None:
    """Have both briefs made by one request."""
    answer = await client.post(f"{address}/summarize", json={"text": text})
    answer.raise_for_status()


async def try_to_summarize(client: httpx.AsyncClient, address: str, text: str) -> None:
    """Ask for both briefs, whatever the answer."""
    await client.post(f"{address}/summarize", json={"text": text})


async def complete(client: httpx.AsyncClient, address: str, text: str) -> None:
    """Have both briefs made by two chats."""
    chats = [
        client.post(
            f"{address}/v1/chat/completions",
            json={
                "messages": [{"role": "user", "content": f"Article:\n{text}\n\n{prompt}"}],
                "max_tokens": 200,
                "temperature": 0,
                "cache_prompt": True,
            },
        )
        for prompt in PROMPTS.values()
    ]
    for answer in await asyncio.gather(*chats):
        answer.raise_for_status()


async def saturate(address: str, texts: Sequence[str], post: Post) -> float:
    """Seconds for all but the first text, which warms up; eight under way at any time."""
    free = asyncio.Semaphore(AT_A_TIME)

    async def one(client: httpx.AsyncClient, text: str) -> None:
        async with free:
            await post(client, address, text)

    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        await one(client, texts[0])
        start = time.monotonic()
        await asyncio.gather(*(one(client, text) for text in texts[1:]))
        return time.monotonic() - start


def service_command(port: int) -> list[str]:
    """How the service is started."""
    return [sys.executable, "-m", "service.cli", "serve", "--port", str(port)]


def run_peer(name: str, texts: Sequence[str], python: str) -> tuple[float, float]:
    """Seconds that ``name`` took, and the peak of its memory in GB (NaN if it was not watched)."""
    if name == "offline":
        done = subprocess.run(
            [sys.executable, "-m", "bench.offline"],
            input=json.dumps(list(texts)).encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        return float(done.stdout), math.nan
    port = free_port()
    if name == "llamacpp":
        gguf = str(default_config("openvino").path)
        threads = str(os.cpu_count())
        command = [python, "-m", "bench.llamacpp_peer", gguf, str(port), threads]
        ready, post = "/health", complete
    elif name == "service":
        command, ready, post = service_command(port), "/readyz", summarize
    else:
        weights = str(model_directory(default_config("transformers")))
        module = {"baseline": "bench.baseline", "litserve": "bench.litserve_peer"}[name]
        command = [python if name == "litserve" else sys.executable, "-m", module, weights]
        command.append(str(port))
        ready, post = "/readyz", summarize
    with server(command, port, ready=ready) as watched:
        seconds = asyncio.run(saturate(watched.address, texts, post))
    return seconds, watched.peak


def compare(names: Sequence[str], texts: Sequence[str], python: str) -> tuple[str, float]:
    """The table of peers, and the service's articles a minute."""
    count = len(texts) - 1
    rows = [["", "articles a minute", "service is", "goal", "peak memory, GB"]]
    ours = 0.0
    for name in ["service", *names]:
        try:
            seconds, peak = run_peer(name, texts, python)
        except (
            RuntimeError,
            httpx.HTTPError,
            subprocess.SubprocessError,
        ) as error:  # reported, not hidden
            rows.append([name, f"failed: {error}", "", "", ""])
            continue
        rate = 60 * count / seconds
        ours = ours or rate
        goal = f"{GOALS[name]:g} times" if name in GOALS else ""
        ratio = f"{ours / rate:.2f} times" if name in GOALS else ""
        rows.append([name, f"{rate:.2f}", ratio, goal, f"{peak:.1f}"])
        print(rows[-1], file=sys.stderr)
    return table(rows), ours


# ------------------------------------------------------------------ open loop


@dataclass
class Outcome:
    """What one rate did to the service. Times in seconds; ``waits`` and ``works`` are pairs by
    article of the time queued and the time in the engine.
    """

    sent: int = 0
    accepted: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    failed: dict[int, int] = field(default_factory=dict)
    probes: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    works: list[float] = field(default_factory=list)
    seconds: float = 0.0
    web_share: float = 0.0


async def flood(watched: Watched, texts: Sequence[str], times: Sequence[float]) -> Outcome:
    """Send a text at each of the times, whatever becomes of the others."""
    outcome = Outcome(sent=len(times))
    web = watched.process

    async def one(client: httpx.AsyncClient, text: str, at: float, start: float) -> None:
        await asyncio.sleep(max(0.0, start + at - time.monotonic()))
        began = time.monotonic()
        answer = await client.post(f"{watched.address}/summarize", json={"text": text})
        took = time.monotonic() - began
        if answer.status_code == 200:
            outcome.accepted.append(took)
            timings = answer.json()["timings"]
            outcome.waits.append(timings["queue"])
            outcome.works.append(timings["prefill"] + timings["decode"])
        elif answer.status_code == 429:
            outcome.refused.append(took)
        else:
            outcome.failed[answer.status_code] = outcome.failed.get(answer.status_code, 0) + 1
            sent = f"sent at {at:.0f} s, {len(text)} characters"
            print(f"{answer.status_code} after {took:.0f} s: {sent}", file=sys.stderr)

    async def probe(client: httpx.AsyncClient) -> None:
        while True:
            began = time.monotonic()
            await client.get(f"{watched.address}/livez")
            outcome.probes.append(time.monotonic() - began)
            await asyncio.sleep(0.5)

    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=TIMEOUT, limits=limits) as client:
        probing = asyncio.create_task(probe(client))
        spent = sum(web.cpu_times()[:2])
        start = time.monotonic()
        pairs = zip(texts, times, strict=True)
        await asyncio.gather(*(one(client, text, at, start) for text, at in pairs))
        outcome.seconds = time.monotonic() - start
        outcome.web_share = (sum(web.cpu_times()[:2]) - spent) / outcome.seconds
        probing.cancel()
    return outcome


BURST = 40
_ACCEPTED_SECONDS = 1.0


async def measure_retry_after(address: str, texts: Sequence[str]) -> tuple[float, float]:
    """The ``Retry-After`` of the last refusal in a burst of ``texts``, and the seconds until the
    same article is accepted. It is sent again every second, and cancelled once it is accepted.

    Raises:
        RuntimeError: nothing was refused.
    """
    announced: list[tuple[float, float]] = []

    async def one(client: httpx.AsyncClient, text: str) -> None:
        answer = await client.post(f"{address}/summarize", json={"text": text})
        if answer.status_code == 429:
            announced.append((float(answer.headers["Retry-After"]), time.monotonic()))

    async def is_accepted(client: httpx.AsyncClient, text: str) -> bool:
        try:
            async with asyncio.timeout(_ACCEPTED_SECONDS):
                answer = await client.post(f"{address}/summarize", json={"text": text})
        except TimeoutError:
            return True
        return answer.status_code != 429

    async with httpx.AsyncClient(
        timeout=TIMEOUT, limits=httpx.Limits(max_connections=None)
    ) as client:
        burst = [asyncio.create_task(one(client, text)) for text in texts[:-1]]
        await asyncio.sleep(2 * _ACCEPTED_SECONDS)
        await one(client, texts[-1])
        if not announced:
            raise RuntimeError("a burst was accepted whole")
        seconds, at = announced[-1]
        while not await is_accepted(client, texts[-1]):  # noqa: ASYNC110 - another process
            await asyncio.sleep(_ACCEPTED_SECONDS)
        waited = time.monotonic() - _ACCEPTED_SECONDS - at
        await asyncio.gather(*burst)
    return seconds, waited


def metric(address: str, name: str) -> float:
    """One value of ``/metrics``; 0 if it is not there yet."""
    for line in httpx.get(f"{address}/metrics").text.splitlines():
        if line.startswith(f"jianbao_{name} "):
            return float(line.split()[-1])
    return 0.0


def sweep(
    articles: Sequence[Article],
    saturation: float,
    rates: Sequence[float],
    *,
    runs: int,
    seconds: float,
) -> str:
    """The table of the open loop; ``saturation`` in articles a minute."""
    rows = [
        [
            "rate", "sent", "p50, s", "p95, s", "p99, s", "goodput, a minute", "refused", "failed",
            "refusal, ms", "livez p95, ms", "queue / engine, s", "batch", "cached", "web CPU",
        ]
    ]  # fmt: skip
    numbers = iter(range(1, 10**6))
    port = free_port()
    deadline = {"JIANBAO_DEADLINE_SECONDS": str(DEADLINE_SECONDS)}
    with server(service_command(port), port, **deadline) as watched:
        warm = [dated(article, next(numbers)) for article in articles[: 2 * AT_A_TIME]]
        asyncio.run(saturate(watched.address, warm, try_to_summarize))
        for rate in rates:
            for run in range(runs):
                times = arrivals(rate * saturation / 60, seconds, seed=run)
                texts = [
                    dated(articles[at % len(articles)], next(numbers)) for at in range(len(times))
                ]
                before = {name: metric(watched.address, name) for name in _COUNTED}
                outcome = asyncio.run(flood(watched, texts, times))
                grown = {
                    name: metric(watched.address, name) - value for name, value in before.items()
                }
                rows.append(_row(rate, outcome, grown))
                print(rows[-1], file=sys.stderr)
        burst = [dated(one, next(numbers)) for one in articles[:BURST]]
        announced, waited = asyncio.run(measure_retry_after(watched.address, burst))
    return (
        f"{table(rows)}\n\nPeak memory of the service: {watched.peak:.1f} GB\n\n"
        f"Retry-After after a burst of {BURST}: {announced:.0f} s; accepted after {waited:.0f} s"
    )


_COUNTED = ("batch_size_sum", "batch_size_count", "prompt_tokens_total", "cached_tokens_total")


def _row(rate: float, outcome: Outcome, grown: dict[str, float]) -> list[str]:
    refusal = statistics.median(outcome.refused) if outcome.refused else math.nan
    good = [took for took in outcome.accepted if took <= DEADLINE_SECONDS]
    batches = grown["batch_size_sum"] / max(grown["batch_size_count"], 1)
    cached = grown["cached_tokens_total"] / max(grown["prompt_tokens_total"], 1)
    waits, works = (statistics.fmean(one or [math.nan]) for one in (outcome.waits, outcome.works))
    return [
        f"{rate:g}",
        str(outcome.sent),
        *(f"{percentile(outcome.accepted, share):.1f}" for share in (0.5, 0.95, 0.99)),
        f"{60 * len(good) / outcome.seconds:.1f}",
        f"{len(outcome.refused) / max(outcome.sent, 1):.0%}",
        json.dumps(outcome.failed) if outcome.failed else "0",
        f"{1000 * refusal:.0f}",
        f"{1000 * percentile(outcome.probes, 0.95):.0f}",
        f"{waits:.1f} / {works:.1f}",
        f"{batches:.1f}",
        f"{cached:.0%}",
        f"{outcome.web_share:.0%}",
    ]


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--peers", default=",".join(GOALS), help="peers to compare with; empty: none"
    )
    parser.add_argument(
        "--articles", type=int, default=12, help="articles sent to each at saturation"
    )
    parser.add_argument("--rates", type=float, nargs="*", default=[0.7, 1.2, 2.0])
    parser.add_argument("--seconds", type=float, default=90.0, help="seconds of each run")
    parser.add_argument("--runs", type=int, default=3, help="runs of each rate")
    parser.add_argument(
        "--peers-python", default=sys.executable, help="Python interpreter of the peers"
    )
    parser.add_argument("--out", type=Path, help="also write the tables here")
    arguments = parser.parse_args()
    every = read_folder(arguments.data)
    articles = choose(every, arguments.articles + 1)
    texts = [dated(article, number) for number, article in enumerate(articles)]
    names = [name for name in arguments.peers.split(",") if name]
    compared, saturation = compare(names, texts, arguments.peers_python)
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    parts = [f"{machine}; python -m bench.load {' '.join(sys.argv[1:])}", compared]
    if arguments.rates:
        random.Random(0).shuffle(every)  # noqa: S311 (no secret)
        swept = sweep(
            every, saturation, arguments.rates, runs=arguments.runs, seconds=arguments.seconds
        )
        parts.append(swept)
    text = "\n\n".join(parts)
    publish(text, arguments.out)


if __name__ == "__main__":
    main()
