"""The real server over HTTP, with the scripted engine in its real process."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import psutil
import pytest
import pytest_asyncio

from tests.support.running import (
    ROOT,
    Service,
    free_port,
    running,
    until_at_least,
    until_ready,
    until_running,
)

in_one_loop = pytest.mark.asyncio(loop_scope="module")
"""For tests that share a service."""
BODY = {"text": "one two three four five six seven eight nine ten", "languages": ["en", "zh"]}
SLOW = {"delay": "0.05"}


async def _until_answered(url: str, *, status: int | None = None) -> httpx.Response:
    """Ask on a new connection each time until there is an answer, or one of ``status``."""
    async with asyncio.timeout(60):
        while True:
            with suppress(httpx.TransportError):
                async with httpx.AsyncClient() as client:
                    answer = await client.get(url)
                if status in {None, answer.status_code}:
                    return answer
            await asyncio.sleep(0.05)


async def test_an_article_goes_all_the_way_and_the_printed_lines_hold() -> None:
    async with running() as service:
        await service.announced()
        assert "".join(service.said) == (
            f"Ready. Try:\n  curl -s {service.address}/summarize "
            "-H 'Content-Type: application/json' --data @seeds/china-technology.json\n"
            f"Documentation: {service.address}/schema\n"
            f"Open in a browser: {service.address}/\n"
        )
        async with service.client() as client:
            seed = (ROOT / "seeds/china-technology.json").read_bytes()
            headers = {"Content-Type": "application/json"}
            answer = await client.post("/summarize", content=seed, headers=headers)
            assert answer.status_code == 200
            assert answer.json()["summaries"]["en"]["text"].startswith("China must accelerate")
            assert (await client.get("/readyz")).json() == {"status": "ready"}
            assert "Swagger" in (await client.get("/static/swagger-ui-bundle.js")).text
            metrics = (await client.get("/metrics")).text
        assert 'jianbao_generations_total{task="summarize:en"} 2.0' in metrics
        assert 'jianbao_model_info{context="10000",model="scripted"' in metrics
        service.process.send_signal(signal.SIGTERM)
        assert await service.ended() == 0


async def test_while_the_weights_come_and_the_model_loads_it_lives_and_is_not_ready() -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    script = {"fetch_delay": "0.7", "load_delay": "0.7"}
    async with running(script, JIANBAO_PORT=str(port)) as service:
        fetching = await _until_answered(f"{url}/readyz")
        assert fetching.status_code == 503
        assert fetching.json()["detail"] == "fetching: the model's weights are being fetched"
        async with httpx.AsyncClient(base_url=url) as client:
            assert (await client.get("/livez")).status_code == 200
            refused = await client.post("/summarize", json=BODY)
            assert refused.status_code == 503
            assert refused.headers["Retry-After"] == "5"
            assert refused.json()["detail"] == "the model's weights are being fetched"
            seen = set()
            while (ready := await client.get("/readyz")).status_code != 200:
                seen.add(ready.json()["detail"])
                assert (await client.get("/livez")).status_code == 200
                await asyncio.sleep(0.05)
        assert "loading: the model is loading" in seen
        await service.announced()


async def test_sigterm_finishes_what_was_accepted_then_exits_0() -> None:
    async with running(SLOW) as service:
        await service.announced()
        async with service.client() as client:
            bodies = [{**BODY, "text": f"{BODY['text']} {end}"} for end in "abc"]
            accepted = [asyncio.create_task(client.post("/summarize", json=one)) for one in bodies]
            await asyncio.sleep(0.2)
            began = psutil.Process(service.process.pid).children()
            service.process.send_signal(signal.SIGTERM)
            answers = await asyncio.gather(*accepted)
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        for answer, body in zip(answers, bodies, strict=True):
            assert answer.json()["summaries"]["zh"]["text"] == body["text"]
        assert await service.ended() == 0
        assert len(began) == 1
        assert not began[0].is_running()


async def test_after_sigterm_readiness_says_draining_until_what_was_accepted_is_answered() -> None:
    async with running({"delay": "0.2"}) as service:
        await service.announced()
        async with service.client() as client, service.client() as late:
            accepted = asyncio.create_task(client.post("/summarize", json=BODY))
            await until_running(late)
            service.process.send_signal(signal.SIGTERM)
            readyz = await _until_answered(f"{service.address}/readyz", status=503)
            assert readyz.json()["detail"] == "draining: the service is shutting down"
            assert readyz.headers["Connection"] == "close"
            assert (await late.get("/livez")).json() == {"status": "alive"}
            assert (await late.get("/health")).json() == {"status": "draining"}
            refused = await late.post("/summarize", json=BODY)
            assert (refused.status_code, refused.headers["Connection"]) == (503, "close")
            assert refused.json()["detail"] == "the service is shutting down"
            other = await late.post("/translate", json={"q": "Hello", "source": "en"})
            assert (other.status_code, list(other.json())) == (503, ["error"])
            metrics = (await late.get("/metrics")).text
            assert "jianbao_engine_ready 0.0" in metrics
            assert 'jianbao_refusals_total{reason="draining"} 2.0' in metrics
            assert not accepted.done(), "it was answered too soon: no trial"
            assert (await accepted).status_code == 200
        assert await service.ended() == 0
        async with service.client() as client:
            with pytest.raises(httpx.ConnectError):
                await client.get("/livez")


async def test_idle_connections_are_closed_at_sigterm_and_end_it_at_once() -> None:
    async with running() as service:
        await service.announced()
        host, _, port = service.address.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b'{"status":"alive"}')
        service.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(reader.read(), 10) == b""
        writer.close()
        assert await service.ended() == 0


async def test_a_drain_outlives_a_crash_of_the_engine() -> None:
    body = {**BODY, "languages": ["en"]}
    async with running({"delay": "0.2"}) as service:
        await service.announced()
        async with service.client() as client, service.client() as other:
            accepted = asyncio.create_task(client.post("/summarize", json=body))
            await until_running(other)
            engine = service.engine()
            service.process.send_signal(signal.SIGTERM)
            await _until_answered(f"{service.address}/readyz", status=503)
            engine.kill()
            answer = await accepted
        assert answer.status_code == 200
        assert answer.json()["summaries"]["en"]["text"] == BODY["text"]
        assert await service.ended() == 0


async def test_what_is_unfinished_when_the_drain_ends_is_told_so() -> None:
    async with running({"delay": "0.5"}, JIANBAO_DRAIN_SECONDS="0.3") as service:
        await service.announced()
        async with service.client() as client:
            accepted = asyncio.create_task(client.post("/summarize", json=BODY))
            await asyncio.sleep(0.2)
            service.process.send_signal(signal.SIGTERM)
            answer = await accepted
        assert answer.status_code == 503
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"] == "the service is shutting down"
        assert await service.ended() == 0


async def test_a_second_signal_ends_at_once() -> None:
    async with running({"delay": "1"}) as service:
        await service.announced()
        async with service.client() as client:
            accepted = asyncio.create_task(client.post("/summarize", json=BODY))
            await asyncio.sleep(0.2)
            service.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.2)
            service.process.send_signal(signal.SIGTERM)
            answer = await asyncio.wait_for(accepted, 8)
        assert answer.status_code == 503
        assert await asyncio.wait_for(service.process.wait(), 5) == 0


async def test_sigterm_while_the_model_loads_exits_0() -> None:
    port = free_port()
    async with running({"load_delay": "30"}, JIANBAO_PORT=str(port)) as service:
        await _until_answered(f"http://127.0.0.1:{port}/livez")
        service.process.send_signal(signal.SIGTERM)
        assert await service.ended() == 0


async def test_a_crash_of_the_engine_is_survived_and_told_by_readiness() -> None:
    async with running({"crash_on": "POISON"}) as service:
        await service.announced()
        async with service.client() as client:
            poison = await client.post("/summarize", json={"text": "POISON", "languages": ["en"]})
            assert poison.status_code == 500
            assert poison.json()["type"] == "urn:problem-type:jianbao:generation-failed"
            assert (await client.get("/livez")).status_code == 200
            await until_ready(client)
            assert (await client.post("/summarize", json=BODY)).status_code == 200
            assert "jianbao_engine_restarts_total 2.0" in (await client.get("/metrics")).text


async def test_a_client_that_leaves_frees_the_engine() -> None:
    async with running({"delay": "0.1"}) as service:
        await service.announced()
        async with service.client() as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.post("/summarize", json={"text": "word " * 500}, timeout=0.5)
            await asyncio.sleep(0.3)
            metrics = (await client.get("/metrics")).text
        assert "jianbao_running_requests 0.0" in metrics
        assert 'route="/summarize",status="499"} 1.0' in metrics


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Service]:
    """A service for tests that leave it as it was."""
    async with running(SLOW, JIANBAO_QUEUE_REQUESTS="7", JIANBAO_MAX_BODY_BYTES="1000") as service:
        await service.announced()
        yield service


@in_one_loop
async def test_sentences_are_sent_as_they_are_finished_and_a_reader_who_leaves_ends_the_work(
    shared: Service,
) -> None:
    body = {"text": "word " * 20, "languages": ["en", "zh"]}
    async with shared.client() as client:
        streaming = client.stream(
            "POST", "/summarize", json=body, headers={"Accept": "text/event-stream"}
        )
        async with streaming as response:
            # dropped, it would close the connection
            reading = response.aiter_lines()
            lines = [line async for line in _until(reading, "event: brief")]
            # the other language is still to be written, or being written
            await until_at_least(client, "running_requests", 1)
        await asyncio.sleep(0.3)
        metrics = (await client.get("/metrics")).text
    assert [line for line in lines if line.startswith("event")] == [
        "event: sentence",
        "event: brief",
    ]
    assert "jianbao_running_requests 0.0" in metrics
    assert "jianbao_queued_requests 0.0" in metrics


async def _until(lines: AsyncIterator[str], last: str) -> AsyncIterator[str]:
    async for line in lines:
        yield line
        if line == last:
            return


@in_one_loop
async def test_answers_tell_the_room_in_the_queue(shared: Service) -> None:
    async with shared.client() as client:
        brief = await client.post("/summarize", json=BODY)
        translation = await client.post(
            "/translate", data={"q": "Hello", "source": "en", "target": "zh"}
        )
        probe = await client.get("/livez")
    for answer in (brief, translation):
        assert answer.status_code == 200
        assert answer.headers["RateLimit-Limit"] == "7"
        assert answer.headers["RateLimit-Remaining"] == "7"
        assert answer.headers["RateLimit-Reset"] == "0"
    assert "RateLimit-Limit" not in probe.headers


@in_one_loop
async def test_a_body_over_the_limit_is_refused_before_it_is_sent(shared: Service) -> None:
    host, _, port = shared.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"POST /summarize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1001\r\n\r\n"
    )
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    writer.close()
    assert head.startswith(b"HTTP/1.1 413")
    assert b"application/problem+json" in head


@in_one_loop
async def test_an_address_in_use_is_told_in_one_line(shared: Service) -> None:
    port = shared.address.rpartition(":")[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "service.cli",
        "serve",
        "--port",
        port,
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert said.decode().count("\n") == 1
    assert f"port {port}" in said.decode()
    assert "JIANBAO_PORT" in said.decode()
