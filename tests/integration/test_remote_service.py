"""The service over model servers that follow a script: ready with them, not without."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.support import leaks
from tests.support.collector import collecting
from tests.support.model_server import ModelServer, Refusal, Stream, chunk, saying, serving, sse
from tests.support.running import ROOT, free_port

SECONDS = 60.0
BRIEF = "The council approved a budget to repair the old bridges. Work begins in the spring."
ARTICLE = (
    "The city council approved a budget on Tuesday to repair the old bridges of the town. Work "
    "begins in the spring and takes the summer. Residents welcomed the decision, which had been "
    "put off for a long time. The mayor said that the bridges are safe until then."
)
BODY = {"text": ARTICLE, "languages": ["en"], "method": "abstractive"}


@asynccontextmanager
async def service(*servers: ModelServer, **given: str) -> AsyncIterator[httpx.AsyncClient]:
    """``jianbao serve`` with the remote engine, on a port of its own."""
    port = free_port()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("JIANBAO_")},
        "JIANBAO_PORT": str(port),
        "JIANBAO_LOG_LEVEL": "ERROR",
        "JIANBAO_ENGINE": "remote",
        "JIANBAO_REMOTE_URLS": ",".join(server.url for server in servers),
        "JIANBAO_REMOTE_API_KEY": "sk-test",
        **given,
    }
    command = (sys.executable, "-m", "service.cli", "serve")
    with leaks.watched() as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env={**environ, **leaks.ENVIRON}, stderr=log
        )
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                yield client
        finally:
            process.terminate()
            await asyncio.wait_for(process.wait(), SECONDS)


async def until(client: httpx.AsyncClient, status: int, says: str) -> None:
    """Wait until ``/readyz`` answers so."""
    said = ""
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                answer = await client.get("/readyz")
                said = answer.text
                if answer.status_code == status and says in said:
                    return
            except httpx.ConnectError:
                pass
            await asyncio.sleep(0.1)


async def test_a_brief_is_written_by_a_model_server_under_the_articles_grammar() -> None:
    server = ModelServer(key="Bearer sk-test")
    server.otherwise = saying("The council", BRIEF.removeprefix("The council"))
    with serving(server):
        async with service(server) as client:
            await until(client, 200, "ready")
            answer = (await client.post("/summarize", json=BODY)).json()
    assert answer["summaries"]["en"]["text"] == BRIEF
    assert answer["model"] == "default"
    assert answer["usage"]["generated"] == 2
    assert "root ::= " in server.bodies[0]["structured_outputs"]["grammar"]
    assert server.bodies[0]["model"] == "served"


async def test_the_service_is_ready_only_while_a_model_server_can_be_reached() -> None:
    server = ModelServer()
    with serving(server):
        pass
    async with service(server) as client:
        await until(client, 503, f"unreachable: 127.0.0.1:{server.port} cannot be reached")
        refused = await client.post("/summarize", json=BODY)
        assert refused.status_code == 503
        assert "no model server can be reached" in refused.json()["detail"]
        assert (await client.get("/livez")).status_code == 200
        server.otherwise = saying(BRIEF)
        with serving(server):
            await until(client, 200, "ready")
            assert (await client.post("/summarize", json=BODY)).status_code == 200
            server.ill = Refusal(500, b"out of memory")
            patient = asyncio.create_task(client.post("/summarize", json=BODY | {"title": "More"}))
            await until(client, 503, "status 500: out of memory")
            server.ill = None
            await until(client, 200, "ready")
            assert (await patient).status_code == 200


async def test_nothing_is_lost_while_one_of_three_model_servers_dies_and_one_is_slow() -> None:
    """A thousand briefs could miss one; here, none of 240 may. Each is one trace across the hop."""
    fast, dying, slow = (ModelServer() for _ in range(3))
    fast.otherwise = dying.otherwise = slow.otherwise = said = in_pieces(0.02)
    slow.otherwise = dataclasses.replace(said, pause=0.4)
    with collecting() as collector, serving(fast, dying, slow):
        traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.address}
        async with service(fast, dying, slow, **traced) as client:
            await until(client, 200, "ready")
            room = asyncio.Semaphore(24)

            async def ask(number: int) -> int:
                async with room:
                    if number == 80:
                        await asyncio.to_thread(dying.stop)
                    one = BODY | {"title": f"Bridges, part {number}"}
                    answer = await client.post("/summarize", json=one)
                    return answer.status_code

            statuses = await asyncio.gather(*(ask(number) for number in range(240)))
    assert statuses == [200] * 240
    assert 0 < len(dying.bodies) < 240
    assert len(fast.bodies) > 2 * len(slow.bodies) > 0
    asked = {one.trace_id.hex() for one in collector.spans if one.name == "POST /summarize"}
    decoded = {one.trace_id.hex() for one in collector.spans if one.name == "decode"}
    of_the_hop = {one.split("-")[1] for server in (fast, slow) for one in server.traces if one}
    assert len(of_the_hop) > 100
    assert of_the_hop <= asked & decoded


def in_pieces(pause: float) -> Stream:
    """The brief in three pieces, so long apart."""
    first, second, rest = BRIEF.split(" ", 2)
    begun = [sse(chunk(text), done=False) for text in (first, f" {second} ")]
    pieces = [*begun, *saying(rest).pieces]
    return Stream(pieces, pause=pause)
