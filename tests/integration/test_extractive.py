"""Briefs that need no model, from the real server over an engine that loads or takes its time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.support.running import free_port, metric, running

FIRST = (
    "The council of Rivertown approved 585 million dollars on Tuesday to repair 13 bridges over "
    "the river Alder."
)
ENGLISH = (
    f"  {FIRST} Work begins in March and is expected to last two years. Residents welcomed the "
    "decision. Shop owners fear for their trade."
)
PLACES = [{"start": 2, "end": 109}]
CHINESE = (
    "临溪市交通局3月5日宣布，从下周起在地铁停运后增开14条夜间公交线路，平均每20分钟一班。新线路"
    "覆盖全市41座地铁站，预计每晚服务约2.8万人次。市民对此表示欢迎。单程票价为3元。"
)
CHINESE_FIRST = (
    "临溪市交通局3月5日宣布，从下周起在地铁停运后增开14条夜间公交线路，平均每20分钟一班。"
)
CHINESE_PLACES = [{"start": 0, "end": 45}]
EVENTS = {"Accept": "text/event-stream"}
AT_ONCE = 5.0
"""Seconds, on a machine that has other work, for what takes some 50 ms."""


# one event loop for all tests: they share a service
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def loading() -> AsyncIterator[httpx.AsyncClient]:
    """A service whose model takes longer to load than all tests. It remembers its answers, so that
    each test has an article of its own.
    """
    port = free_port()
    script = {"domain": "real", "load_delay": "600"}
    async with (
        running(script, JIANBAO_PORT=str(port)),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        async with asyncio.timeout(60):
            while True:
                with suppress(httpx.TransportError):
                    await client.get("/livez")
                    break
                await asyncio.sleep(0.05)
        yield client


def sentence(text: str, source: list[dict[str, int]]) -> dict[str, Any]:
    return {"text": text, "source": source, "origin": "verbatim", "warnings": [], "rank": 1.0}


@pytest.mark.parametrize(
    ("text", "tag", "expected"),
    [
        (ENGLISH, "en", sentence(FIRST, PLACES)),
        (CHINESE, "zh", sentence(CHINESE_FIRST, CHINESE_PLACES)),
    ],
    ids=["en", "zh"],
)
async def test_while_the_model_loads_the_articles_own_language_is_answered(
    loading: httpx.AsyncClient, text: str, tag: str, expected: dict[str, Any]
) -> None:
    body = {"text": text, "languages": [tag], "length": "short"}
    answer = await loading.post("/summarize", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["summaries"][tag]["sentences"] == [expected]
    assert answer.json()["model"] == ""

    began = time.monotonic()
    again = await loading.post("/summarize", json=body, headers={"Cache-Control": "no-cache"})
    assert time.monotonic() - began < AT_ONCE
    assert again.json()["summaries"] == answer.json()["summaries"]
    assert again.headers["ETag"] == answer.headers["ETag"]
    assert (await loading.get("/readyz")).status_code == 503


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        (f"{ENGLISH} Bids are due in May.", {"Idempotency-Key": "page-1"}),
        (f"{ENGLISH} Bids are due in June.", {"Prefer": "respond-async, wait=60"}),
    ],
    ids=["key", "job"],
)
async def test_while_the_model_loads_a_key_and_a_job_that_is_waited_for_are_answered_too(
    loading: httpx.AsyncClient,
    text: str,
    headers: dict[str, str],
) -> None:
    body = {"text": text, "languages": ["en"], "length": "short"}
    answer = await loading.post("/summarize", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["summaries"]["en"]["sentences"] == [sentence(FIRST, PLACES)]
    key = {"Idempotency-Key": "page-2"}
    refused = await loading.post("/summarize", json={"text": ENGLISH}, headers=key)
    assert refused.status_code == 503


async def test_while_the_model_loads_a_job_that_needs_none_is_done_though_nobody_waits(
    loading: httpx.AsyncClient,
) -> None:
    done, failed = [
        await _ended(loading, {"text": text, "languages": ["en"], "length": "short"})
        for text in (f"{ENGLISH} Bids are due in July.", "Too short to be an article.")
    ]
    assert (await loading.get("/readyz")).status_code == 503
    assert done["status"] == "done"
    assert done["result"]["summaries"]["en"]["sentences"] == [sentence(FIRST, PLACES)]
    assert failed["status"] == "failed"
    assert failed["problem"]["status"] == 422


async def _ended(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    """The job of an article, once it has ended."""
    later = await client.post("/summarize", json=body, headers={"Prefer": "respond-async"})
    assert later.status_code == 202
    async with asyncio.timeout(30):
        while True:
            job: dict[str, Any] = (await client.get(later.headers["Location"])).json()
            if "ended" in job:
                return job
            await asyncio.sleep(0.02)


async def test_while_the_model_loads_what_it_must_write_is_refused_or_becomes_a_job(
    loading: httpx.AsyncClient,
) -> None:
    for more in ({}, {"languages": ["zh"]}, {"languages": ["en"], "method": "abstractive"}):
        body = {"text": ENGLISH, "length": "short", **more}
        for headers in ({}, EVENTS):
            refused = await loading.post("/summarize", json=body, headers=headers)
            assert refused.status_code == 503, (body, headers)
            assert refused.headers["Content-Type"] == "application/problem+json"
            assert int(refused.headers["Retry-After"]) > 0
        job = await loading.post("/summarize", json=body, headers={"Prefer": "respond-async"})
        assert job.status_code == 202
        assert (await loading.get(job.headers["Location"])).json()["status"] == "queued"


async def test_while_the_model_loads_the_articles_own_language_is_streamed(
    loading: httpx.AsyncClient,
) -> None:
    body = {"text": f"{ENGLISH} Bids are due in August.", "languages": ["en"], "length": "short"}
    answer = await loading.post("/summarize", json=body, headers=EVENTS)
    names = [line for line in answer.text.splitlines() if line.startswith("event: ")]
    assert names == ["event: sentence", "event: brief", "event: answer"]


async def test_what_needs_no_model_is_answered_while_the_queue_is_full() -> None:
    async with running({"domain": "real", "delay": "60"}, JIANBAO_QUEUE_REQUESTS="1") as service:
        await service.announced()
        async with service.client() as client, service.client() as other:
            busy = asyncio.create_task(client.post("/summarize", json={"text": ENGLISH}))
            async with asyncio.timeout(30):
                while not await metric(other, "running_requests"):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            key = {"Idempotency-Key": "page-1"}
            refused = await other.post("/summarize", json={"text": CHINESE}, headers=key)
            assert refused.status_code == 429
            body = {"text": ENGLISH, "languages": ["en"], "length": "short"}
            for headers in ({}, {"Idempotency-Key": "page-2"}, EVENTS):
                answer = await other.post("/summarize", json=body, headers=headers)
                assert answer.status_code == 200, answer.text
                assert FIRST in answer.text
            later = await other.post("/summarize", json=body, headers={"Prefer": "respond-async"})
            assert FIRST in (await other.get(f"{later.headers['Location']}/results")).text
            busy.cancel()
            await asyncio.gather(busy, return_exceptions=True)


async def test_the_articles_own_sentences_are_sent_before_the_model_has_written_anything() -> None:
    body = {"text": ENGLISH, "languages": ["en", "zh"], "length": "short"}
    async with running({"domain": "real", "delay": "60"}) as service:
        await service.announced()
        async with (
            service.client() as client,
            client.stream("POST", "/summarize", json=body, headers=EVENTS) as response,
        ):
            events = await _until(response.aiter_lines(), "brief")
            async with service.client() as other:
                assert await metric(other, "generated_tokens_total") == 0
    assert events[0] == (
        "sentence",
        {
            "language": "en",
            "position": 0,
            "text": FIRST,
            "source": PLACES,
            "origin": "verbatim",
        },
    )
    assert events[1][0] == "brief"
    assert events[1][1]["sentences"] == [sentence(FIRST, PLACES)]


async def _until(lines: AsyncIterator[str], last: str) -> list[tuple[str, Any]]:
    """The events up to the first one called ``last``."""
    events: list[tuple[str, Any]] = []
    name = ""
    async for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            events.append((name, json.loads(line.removeprefix("data: "))))
            if name == last:
                return events
    raise AssertionError(f"no event {last}: {events}")
