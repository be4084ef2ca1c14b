"""Jobs on the real server with the scripted engine, and what is killed under them."""

from __future__ import annotations

import asyncio
import itertools
import json
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.crashes import Rehearsal
from tests.support.receiver import SECRET, Receiver, receiving
from tests.support.redis import BINARY, redis_server
from tests.support.running import running

WORDS = "one two three four five six seven eight"
SLOW = {"delay": "0.1"}
LINES = {"Content-Type": "application/x-ndjson"}
ASYNC = {"Prefer": "respond-async"}


def batch(count: int) -> str:
    bodies = ({"text": f"{WORDS} {number}", "languages": ["en"]} for number in range(count))
    return "\n".join(map(json.dumps, bodies))


async def metric(client: httpx.AsyncClient, name: str) -> float:
    for line in (await client.get("/metrics")).text.splitlines():
        if line.startswith(f"jianbao_{name} "):
            return float(line.split()[-1])
    raise AssertionError(f"no metric {name}")


async def ended(client: httpx.AsyncClient, location: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            view: dict[str, Any] = (await client.get(location)).json()
            if view["status"] not in {"queued", "running"}:
                return view
            await asyncio.sleep(0.05)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await condition():  # noqa: ASYNC110 - another process's
            await asyncio.sleep(0.05)


async def gone(client: httpx.AsyncClient, location: str) -> bool:
    return (await client.get(location)).status_code == 404


async def busy(client: httpx.AsyncClient) -> bool:
    return await metric(client, "running_requests") > 0


async def waits(client: httpx.AsyncClient) -> bool:
    return await metric(client, "queued_requests") > 0


async def idle(client: httpx.AsyncClient) -> bool:
    return not await metric(client, "running_requests")


async def told(client: httpx.AsyncClient, location: str) -> bool:
    status: str = (await client.get(location)).json()["callback"]["status"]
    return status == "delivered"


async def read_first(lines: AsyncIterator[str]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(await anext(lines))
    return read


async def test_lines_come_while_others_are_worked_on_and_who_leaves_ends_the_work() -> None:
    async with running(SLOW) as service:
        await service.announced()
        async with service.client() as client:
            request = client.stream("POST", "/batch", content=batch(40), headers=LINES)
            async with request as answer:
                lines = answer.aiter_lines()  # dropping it would close the connection
                first = await read_first(lines)
                assert first["result"]["summaries"]["en"]["text"].startswith(WORDS)
                # those that began together may have ended together: the next ones begin at once
                await until(lambda: busy(client))
                job = answer.headers["X-Job-Id"]
            await until(lambda: gone(client, f"/jobs/{job}"))
            await until(lambda: idle(client))


async def test_a_batch_with_a_key_goes_on_and_a_retry_gets_all_its_lines() -> None:
    async with running({"delay": "0.03"}) as service:
        await service.announced()
        headers = {**LINES, "Idempotency-Key": "nightly"}
        async with service.client() as client:
            request = client.stream("POST", "/batch", content=batch(30), headers=headers)
            async with request as answer:
                await read_first(answer.aiter_lines())
            again = await client.post("/batch", content=batch(30), headers=headers)
        lines = [json.loads(line) for line in again.text.splitlines()]
        assert sorted(line["line"] for line in lines) == list(range(1, 31))


async def test_an_article_with_a_webhook_is_told_when_it_has_ended() -> None:
    environ = {
        "JIANBAO_WEBHOOK_SECRET": SECRET,
        "JIANBAO_WEBHOOK_HOSTS": "localhost, 127.0.0.1",
        "JIANBAO_WEBHOOK_ALLOW_HTTP": "1",
    }
    async with receiving(Receiver()) as receiver, running(None, **environ) as service:
        await service.announced()
        async with service.client() as client:
            body = {
                "text": WORDS,
                "languages": ["en"],
                "callback_url": f"http://{receiver.address}/hook",
            }
            answer = await client.post("/summarize", json=body, headers=ASYNC)
            location = answer.headers["Location"]
            await until(lambda: told(client, location))
            view = (await client.get(location)).json()
        [name] = receiver.counts
        assert name == f"msg_{view['id']}"
        [said] = map(json.loads, receiver.bodies[name])
        assert said["type"] == "job.done"
        assert said["data"]["results"] == [{"line": 1, "result": view["result"]}]
        assert [one["outcome"] for one in view["callback"]["attempts"]] == ["status 200"]


async def test_sigterm_finishes_a_stream_and_leaves_jobs_for_the_next_start(
    tmp_path: Path,
) -> None:
    environ = {"JIANBAO_JOBS_URL": "", "JIANBAO_DATA_DIR": str(tmp_path / "data")}
    async with running(SLOW, **environ) as service:
        await service.announced()
        async with service.client() as client:
            job = await client.post("/batch", content=batch(40), headers={**LINES, **ASYNC})
            request = client.stream("POST", "/batch", content=batch(3), headers=LINES)
            async with request as answer:
                lines = answer.aiter_lines()
                await read_first(lines)
                service.process.send_signal(signal.SIGTERM)
                assert len([line async for line in lines]) == 2
        assert await service.ended() == 0
    async with running(None, **environ) as service:
        await service.announced()
        async with service.client() as client:
            view = await ended(client, job.headers["Location"])
            assert view["status"] == "done"
            assert view["articles"]["done"] == 40


async def test_a_job_is_done_although_requests_never_stop() -> None:
    """Of 96 callers who ask without a pause, some always wait for the engine, which takes 32; a job
    is passed over for a quarter of the deadline, 4 seconds.
    """

    async def ask_always(client: httpx.AsyncClient, number: int) -> None:
        for again in itertools.count():
            # of many lengths, lest all end at once and nobody waits for a moment
            text = f"{WORDS} {number} {again} {'word ' * (number % 16)}"
            answer = await client.post("/summarize", json={"text": text, "languages": ["en"]})
            assert answer.status_code in {200, 429}
            await asyncio.sleep(0.1 if answer.status_code == 429 else 0)

    async with running({"delay": "0.05"}, JIANBAO_DEADLINE_SECONDS="16") as service:
        await service.announced()
        async with service.client() as client, service.client() as crowd:
            asking = [asyncio.create_task(ask_always(crowd, number)) for number in range(96)]
            await until(lambda: waits(client))
            body = {"text": WORDS, "languages": ["en"]}
            answer = await client.post("/summarize", json=body, headers=ASYNC)
            assert (await ended(client, answer.headers["Location"]))["status"] == "done"
            assert not any(task.done() for task in asking)
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)


async def test_an_engine_that_loads_takes_jobs_and_does_them_later() -> None:
    async with running({"load_delay": "1"}) as service:
        while True:
            port = await _port(service.process.pid)
            if port:
                break
            await asyncio.sleep(0.05)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            body = {"text": WORDS, "languages": ["en"]}
            assert (await client.post("/summarize", json=body)).status_code == 503
            answer = await client.post("/summarize", json=body, headers=ASYNC)
            assert answer.status_code == 202
            assert (await ended(client, answer.headers["Location"]))["status"] == "done"


async def _port(pid: int) -> int:
    import psutil

    listening = psutil.Process(pid).net_connections("tcp")
    return next((one.laddr.port for one in listening if one.status == psutil.CONN_LISTEN), 0)


@pytest.mark.chaos
async def test_jobs_outlive_kill_9_and_end_once(tmp_path: Path) -> None:
    report = await Rehearsal(100, 3, directory=tmp_path, seed=1).run()
    report.check()


@pytest.mark.chaos
@pytest.mark.skipif(BINARY is None, reason="no redis-server or valkey-server")
async def test_jobs_in_redis_outlive_kill_9_and_end_once(tmp_path: Path) -> None:
    with redis_server() as url:
        report = await Rehearsal(40, 3, directory=tmp_path, url=url, seed=2).run()
        report.check()
