"""Checks that memory stays flat and nothing fails in half an hour of mixed load on a tiny model.

    python -m bench.soak [--minutes N] [--clients N] [--seed N]

The real service, engine process and domain, over a model of random weights. Clients send briefs,
streams, translations, detections, jobs and requests that are wrong, and some leave in mid-answer.
Every five seconds the memory of both processes is read. Prints a table; ends with 1 if a request
was answered 500, or the memory of the last two thirds grew faster than ``BOUND``, of both together.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil

from bench.load import server, table
from bench.throughput import free_port
from service import logs, serving
from service.inference.config import EngineConfig, EngineResources
from service.settings import load_settings
from service.weights.catalogue import TASKS
from tests.support import tiny_models

BOUND = 1.0
"""Megabytes a minute, of both processes together."""
GROWTH_MB = 64
"""The engine's own bound, a small part of the usual one: small beside what the run makes, so that
what is left of it in the slope is small too."""
SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))
EVERY_SECONDS = 5.0
LEAVES_AFTER_SECONDS = 0.3


def serve(folder: Path) -> int:
    """Serve a tiny model, which is made in ``folder`` if it is not there."""
    path = folder / "tiny.gguf"
    if not path.exists():
        tiny_models.gguf(tiny_models.qwen2(folder / "hf"), path)

    async def prepare() -> Sequence[EngineConfig]:
        config = EngineConfig(
            engine="openvino",
            model="tiny",
            path=path,
            cache_dir=folder / "converted",
            tasks=TASKS,
            context=4096,
            max_output=64,
            resources=EngineResources(threads=1, kv_cache_gb=1, growth_mb=GROWTH_MB),
            extra={"INFERENCE_PRECISION_HINT": "f32"},
        )
        return [config]

    settings = load_settings(os.environ)
    logs.configure(settings.log_level, process="web")
    return serving.serve(settings, announce=print, prepare=prepare)


# ------------------------------------------------------------------ what clients do


class Load:
    """What one run sends, and the statuses that came of it."""

    def __init__(self, address: str, seed: int) -> None:
        self._address = address
        self._draw = random.Random(seed)  # noqa: S311 (no secret)
        self._sent = 0
        self.statuses: Counter[tuple[str, int]] = Counter()
        self._kinds: tuple[Callable[[httpx.AsyncClient], Awaitable[None]], ...] = (
            self.brief, self.repeat, self.stream, self.leave, self.translate, self.detect,
            self.job, self.wrong,
        )  # fmt: skip

    async def run(self, until: float) -> None:
        """Send one after the other until then."""
        async with httpx.AsyncClient(base_url=self._address, timeout=300) as client:
            while time.monotonic() < until:
                await self._draw.choice(self._kinds)(client)

    def _article(self) -> dict[str, object]:
        self._sent += 1
        text = self._draw.choice(SEEDS).read_text(encoding="utf-8")
        return {"text": f"{self._sent}\n{text}"[:1500], "length": "short"}

    def _count(self, kind: str, answer: httpx.Response) -> None:
        self.statuses[kind, answer.status_code] += 1

    async def brief(self, client: httpx.AsyncClient) -> None:
        """An article that was never sent before."""
        self._count("brief", await client.post("/summarize", json=self._article()))

    async def repeat(self, client: httpx.AsyncClient) -> None:
        """One of a few articles, again."""
        text = self._draw.choice(SEEDS).read_text(encoding="utf-8")[:1500]
        body = {"text": text, "style": "headline"}
        self._count("repeated brief", await client.post("/summarize", json=body))

    async def stream(self, client: httpx.AsyncClient) -> None:
        """A stream, to its end."""
        headers = {"Accept": "text/event-stream"}
        answer = await client.post("/summarize", json=self._article(), headers=headers)
        self._count("stream", answer)

    async def leave(self, client: httpx.AsyncClient) -> None:
        """A client that closes the connection early."""
        with suppress(httpx.TimeoutException):
            answer = await client.post(
                "/summarize", json=self._article(), timeout=LEAVES_AFTER_SECONDS
            )
            self._count("left", answer)
            return
        self.statuses["left", 0] += 1

    async def translate(self, client: httpx.AsyncClient) -> None:
        """A list of HTML."""
        self._sent += 1
        texts = [f"<p>Bridge <b>{self._sent}</b> reopens in March.</p>", "", "大桥将重新开放。"]
        body = {"q": texts, "source": "auto", "target": "zh-Hant", "format": "html"}
        self._count("translation", await client.post("/translate", json=body))

    async def detect(self, client: httpx.AsyncClient) -> None:
        """A detection, as a form."""
        self._count("detection", await client.post("/detect", data={"q": f"桥{self._sent}"}))

    async def job(self, client: httpx.AsyncClient) -> None:
        """A job, asked after until it has ended."""
        headers = {"Prefer": "respond-async"}
        answer = await client.post("/summarize", json=self._article(), headers=headers)
        self._count("job", answer)
        while answer.status_code in {200, 202} and "Location" in answer.headers:
            await asyncio.sleep(0.5)
            told = await client.get(answer.headers["Location"])
            if told.json().get("status") not in {"queued", "running"}:
                self.statuses[f"job {told.json().get('status')}", told.status_code] += 1
                return

    async def wrong(self, client: httpx.AsyncClient) -> None:
        """A body that cannot be used."""
        body = self._draw.choice([b"{", b'{"text": 3}', b'{"text": "\xff"}', b'{"txet": ""}'])
        headers = {"Content-Type": "application/json"}
        self._count("wrong", await client.post("/summarize", content=body, headers=headers))


# ------------------------------------------------------------------ memory


class Sample(NamedTuple):
    """Resident bytes of the web process and of those that it started, at a time in seconds."""

    at: float
    web: int
    engine: int


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """Megabytes a minute, by least squares, of bytes at times in seconds."""
    if len(times) < 2:
        return 0.0
    return statistics.linear_regression(times, values).slope * 60 / 1e6


async def watch(process: psutil.Process, samples: list[Sample]) -> None:
    """Read the memory of a process and its children for ever."""
    while True:
        with suppress(psutil.NoSuchProcess):
            engine = sum(one.memory_info().rss for one in process.children(recursive=True))
            samples.append(Sample(time.monotonic(), process.memory_info().rss, engine))
        await asyncio.sleep(EVERY_SECONDS)


def memory_table(samples: Sequence[Sample]) -> tuple[str, float]:
    """A table of the memory after a third and at the end, and the growth of the whole between
    them, in megabytes a minute.
    """
    late = samples[len(samples) // 3 :]
    times = [sample.at for sample in late]
    series = {
        "web process": [sample.web for sample in late],
        "engine process": [sample.engine for sample in late],
        "together": [sample.web + sample.engine for sample in late],
    }
    growth = {name: slope(times, of) for name, of in series.items()}
    rows = [["memory", "after a third, MB", "at the end, MB", "growth, MB a minute"]]
    rows += [
        [name, f"{of[0] / 1e6:.0f}", f"{of[-1] / 1e6:.0f}", f"{growth[name]:.2f}"]
        for name, of in series.items()
    ]
    return table(rows), growth["together"]


async def soak(
    address: str, process: psutil.Process, *, seconds: float, clients: int, seed: int
) -> tuple[Load, list[Sample]]:
    """Load for so long; what was sent, and the memory."""
    load = Load(address, seed)
    samples: list[Sample] = []
    watching = asyncio.create_task(watch(process, samples))
    until = time.monotonic() + seconds
    await asyncio.gather(*(load.run(until) for _ in range(clients)))
    watching.cancel()
    return load, samples


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        return serve(asked.serve)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        command = [sys.executable, "-m", "bench.soak", "--serve", folder]
        settings = {
            "JIANBAO_PORT": str(port),
            "JIANBAO_DATA_DIR": folder,
            "JIANBAO_CACHE_ANSWERS": "64",
        }
        with server(command, port, JIANBAO_LOG_LEVEL="ERROR", **settings) as watched:
            load, samples = asyncio.run(
                soak(
                    watched.address,
                    watched.process,
                    seconds=60 * asked.minutes,
                    clients=asked.clients,
                    seed=asked.seed,
                )
            )
    rows = [["request", "status", "answers"]]
    rows += [[kind, str(code), str(n)] for (kind, code), n in sorted(load.statuses.items())]
    memory, grown = memory_table(samples)
    print(f"{table(rows)}\n\n{memory}\n\nBound: {BOUND} MB a minute, together")
    return int(grown > BOUND or any(code == 500 for _, code in load.statuses))


if __name__ == "__main__":
    sys.exit(main())
