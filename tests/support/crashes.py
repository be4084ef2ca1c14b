"""Jobs while processes are killed: what was accepted, and what became of it. The real domain, with
the scripted engine.

A client hands in articles, alone and in batches, each with a webhook and an ``Idempotency-Key``,
and tries again when it is not answered. Meanwhile the web process, the engine or both are killed
with SIGKILL at random moments, and started again. In the end all that was accepted must have ended
once, and each webhook have come under one id, with one content.
"""

from __future__ import annotations

import asyncio
import json
import random
import signal
import socket
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.support import numbered
from tests.support.receiver import SECRET, Receiver, receiving
from tests.support.running import Service, running

BATCH = 20
SCRIPT = {**numbered.SCRIPT, "delay": "0.01"}
_HEADERS = {"Prefer": "respond-async"}


@dataclass
class Report:
    """What came of a rehearsal. ``before`` articles were accepted before the last kill. Times in
    seconds; ``restarts`` are from a kill of the web process to its next answer that it is ready.
    """

    articles: int
    jobs: int = 0
    before: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    results: int = 0
    wrong: list[str] = field(default_factory=list)
    webhooks: int = 0
    repeated: int = 0
    unanswered: int = 0
    restarts: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def check(self) -> None:
        """Raise AssertionError unless all was kept, and once."""
        assert not self.lost, self.lost
        assert not self.wrong, self.wrong
        assert self.statuses == {"done": self.jobs}
        assert self.results == self.articles
        assert self.webhooks == self.jobs


class Rehearsal:
    """``articles`` articles, ``kills`` kills, chance from ``seed``; jobs are kept at ``url``, or
    in ``directory``.
    """

    def __init__(
        self, articles: int, kills: int, *, directory: Path, url: str = "", seed: int = 0
    ) -> None:
        self._articles = articles
        self._kills = kills
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._environ = {
            "JIANBAO_PORT": str(_free_port()),
            "JIANBAO_DATA_DIR": str(directory),
            "JIANBAO_JOBS_URL": url,
            "JIANBAO_JOBS_LEASE_SECONDS": "2",
            "JIANBAO_WEBHOOK_SECRET": SECRET,
            "JIANBAO_WEBHOOK_HOSTS": "127.0.0.1",
            "JIANBAO_WEBHOOK_ALLOW_HTTP": "1",
        }
        # one webhook in ten is refused when it first comes
        self._receiver = Receiver(
            lambda name, before: 503 if not before and name[-1] == "0" else 200
        )
        self._report = Report(articles)
        self._jobs: dict[str, dict[int, str]] = {}
        self._service: Service | None = None
        self._stack = AsyncExitStack()
        self._up = asyncio.Event()

    async def run(self) -> Report:
        """Do it."""
        began = time.monotonic()
        async with receiving(self._receiver), self._stack:
            await self._start()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._hand_in_all())
                group.create_task(self._kill_all())
            await self._settle()
            await self._judge()
        self._report.seconds = time.monotonic() - began
        return self._report

    # ------------------------------------------------------------------ the service and its end

    async def _start(self) -> None:
        self._service = await self._stack.enter_async_context(running(SCRIPT, **self._environ))
        await self._service.announced()
        self._up.set()

    async def _kill_all(self) -> None:
        longest = self._articles / self._kills / 10  # about as long as handing in takes
        for number in range(self._kills):
            await asyncio.sleep(self._chance.uniform(0.1, longest))
            self._report.before = sum(map(len, self._jobs.values()))
            await self._kill(("web", "engine", "both")[number % 3])

    async def _kill(self, what: str) -> None:
        assert self._service
        service, self._report.kills[what] = self._service, self._report.kills[what] + 1
        with suppress(psutil.NoSuchProcess, ValueError):
            if what != "web":
                service.engine().kill()
        if what == "engine":
            return
        self._up.clear()
        began = time.monotonic()
        service.process.send_signal(signal.SIGKILL)
        await service.process.wait()
        await self._start()
        self._report.restarts.append(time.monotonic() - began)

    # ------------------------------------------------------------------ the client

    async def _hand_in_all(self) -> None:
        numbers, pause = list(range(self._articles)), 12 / self._articles * self._kills / 10
        async with httpx.AsyncClient(timeout=20) as client:
            while numbers:
                many = BATCH if len(numbers) >= BATCH and self._chance.random() < 0.1 else 1
                some, numbers = numbers[:many], numbers[many:]
                await self._hand_in(client, [numbered.article(number) for number in some])
                await asyncio.sleep(self._chance.uniform(0, 2 * pause * many))

    async def _hand_in(self, client: httpx.AsyncClient, texts: list[str]) -> None:
        key = f"key-{len(self._jobs)}"
        while True:
            await self._up.wait()
            try:
                answer = await self._post(client, texts, key)
            except httpx.TransportError:
                self._report.unanswered += 1
                await asyncio.sleep(0.05)
                continue
            if answer.status_code == 202:
                self._jobs[answer.json()["id"]] = dict(enumerate(texts, 1))
                return
            await asyncio.sleep(0.2)

    async def _post(self, client: httpx.AsyncClient, texts: list[str], key: str) -> httpx.Response:
        callback = f"http://{self._receiver.address}/hook"
        headers = {**_HEADERS, "Idempotency-Key": key}
        bodies: list[dict[str, Any]] = [
            {"text": text, "languages": ["en"], "method": "abstractive"} for text in texts
        ]
        if len(bodies) == 1:
            url = self._url("/summarize")
            return await client.post(
                url, json={**bodies[0], "callback_url": callback}, headers=headers
            )
        return await client.post(
            self._url("/batch"),
            params={"callback_url": callback},
            content="\n".join(map(json.dumps, bodies)),
            headers={**headers, "Content-Type": "application/x-ndjson"},
        )

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._environ['JIANBAO_PORT']}{path}"

    # ------------------------------------------------------------------ what became of it

    async def _settle(self) -> None:
        """Wait until every webhook has come and was taken."""
        async with asyncio.timeout(300), httpx.AsyncClient(timeout=20) as client:
            for job in self._jobs:
                while await self._goes_on(client, job):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)

    async def _goes_on(self, client: httpx.AsyncClient, job: str) -> bool:
        answer = await client.get(self._url(f"/jobs/{job}"))
        view = answer.json()
        return answer.status_code == 200 and (
            view["status"] in {"queued", "running"} or view["callback"]["status"] == "waiting"
        )

    async def _judge(self) -> None:
        async with httpx.AsyncClient(timeout=20) as client:
            for job, texts in self._jobs.items():
                await self._judge_job(client, job, texts)
        self._report.jobs = len(self._jobs)
        self._report.webhooks = len(self._receiver.counts)
        self._report.repeated = sum(self._receiver.counts.values()) - self._report.webhooks

    async def _judge_job(self, client: httpx.AsyncClient, job: str, texts: dict[int, str]) -> None:
        answer = await client.get(self._url(f"/jobs/{job}"))
        if answer.status_code != 200:
            self._report.lost.append(job)
            return
        self._report.statuses[answer.json()["status"]] += 1
        lines = [
            json.loads(line)
            for line in (await client.get(self._url(f"/jobs/{job}/results"))).text.splitlines()
        ]
        self._report.results += len(lines)
        if len(lines) != len(texts) or not all(_is_right(line, texts) for line in lines):
            self._report.wrong.append(job)
        if self._receiver.counts[f"msg_{job}"] < 1 or len(self._receiver.bodies[f"msg_{job}"]) != 1:
            self._report.wrong.append(f"webhook of {job}")


def _is_right(line: dict[str, Any], texts: dict[int, str]) -> bool:
    """Whether a line of the results has the brief of its own article."""
    brief = line.get("result", {}).get("summaries", {}).get("en", {}).get("text", "")
    text = texts.get(line["line"], "")
    return bool(brief) and numbered.number_of(brief) == numbered.number_of(text)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
