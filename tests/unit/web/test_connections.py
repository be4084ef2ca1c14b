"""What a client may keep waiting, and for how long; real connections to a real server."""

from __future__ import annotations

import asyncio
import json
import re
import resource
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from litestar import Litestar, get

from service.inference.fake import FakeGenerator
from service.inference.protocol import Generation, GenerationRequest
from service.settings import Settings
from service.web import connections as module
from service.web.connections import SPARE, Connections, most_connections
from service.web.server import listen, serve
from service.web.shutdown import Shutdown
from tests.unit.web.apps import JSON, connections_of, fake_app

SOON = 0.3
"""Seconds after which a test's server closes what it is to close."""
LATER = 10.0
"""Seconds in which a busy machine gets it done."""
BODY = json.dumps({"text": "The council approved a budget.", "languages": ["en"]}).encode()
HEAD = b"POST /summarize HTTP/1.1\r\nHost: jianbao\r\nContent-Type: application/json\r\n"
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY


class HeldGenerator(FakeGenerator):
    """Answers when it is let go, but for the first ``free`` requests."""

    def __init__(self, free: int = 0) -> None:
        super().__init__(lambda _: "A brief.")
        self.asked = 0
        self._free = free
        self.go = asyncio.Event()

    async def generate(
        self,
        request: GenerationRequest,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        self.asked += 1
        if self.asked > self._free:
            await self.go.wait()
        return await super().generate(request, on_text=on_text)


class Served:
    """A server's address, its connections, and why some of them were closed."""

    def __init__(self, address: str, connections: Connections, dropped: list[str]) -> None:
        self.address = address
        self.connections = connections
        self.dropped = dropped

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.address, timeout=LATER)

    async def connect(self, **options: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        url = httpx.URL(self.address)
        return await asyncio.open_connection(url.host, url.port, **options)


@asynccontextmanager
async def served(
    most: int = 10,
    *,
    generator: FakeGenerator | None = None,
    app: Litestar | None = None,
    body: float = 30.0,
    **seconds: float,
) -> AsyncIterator[Served]:
    """Serve with these limits."""

    async def nothing() -> None:
        pass

    dropped: list[str] = []
    connections = connections_of(most, dropped=dropped.append, **seconds)
    app = app or fake_app(
        generator,
        settings=Settings(jobs_url="memory:", body_seconds=body),
        connections=connections,
    )
    announced: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    with listen("127.0.0.1", 0) as listener:
        serving = asyncio.create_task(
            serve(
                app,
                listener=listener,
                connections=connections,
                shutdown=Shutdown(),
                drain_seconds=5,
                wait_ready=nothing,
                abandon=nothing,
                announce=announced.set_result,
            )
        )
        try:
            yield Served(await announced, connections, dropped)
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(LATER):
        while not condition():  # noqa: ASYNC110 - what another task does
            await asyncio.sleep(0.01)


@asynccontextmanager
async def dripping(writer: asyncio.StreamWriter, drop: bytes) -> AsyncIterator[asyncio.Task[None]]:
    """Send ``drop`` again and again for as long as somebody takes it; give what does."""

    async def drip() -> None:
        with suppress(OSError):
            while True:
                writer.write(drop)
                await writer.drain()
                await asyncio.sleep(SOON / 10)

    task = asyncio.create_task(drip())
    try:
        yield task
    finally:
        task.cancel()
        writer.close()


async def read_all(reader: asyncio.StreamReader) -> bytes:
    """What is sent until the connection is closed."""
    async with asyncio.timeout(LATER):
        return await reader.read()


async def read_answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The head of an answer, and its body."""
    async with asyncio.timeout(LATER):
        head = await reader.readuntil(b"\r\n\r\n")
        [length] = re.findall(rb"(?i)content-length: (\d+)", head)
        return head, await reader.readexactly(int(length))


# ------------------------------------------------------------------ time


async def test_a_connection_that_says_nothing_is_closed_without_a_word() -> None:
    async with served(head=SOON) as server:
        reader, writer = await server.connect()
        assert await read_all(reader) == b""
        writer.close()
        await until(lambda: server.connections.open == 0)
        assert server.dropped == ["slow"]


async def test_a_head_that_comes_in_drops_is_answered_408() -> None:
    async with served(head=SOON) as server:
        reader, writer = await server.connect()
        async with dripping(writer, b"X") as sending:
            head, content = await read_answer(reader)
            # and is closed a little later, so that the answer can be read
            async with asyncio.timeout(LATER):
                await sending
        assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert b"application/problem+json" in head
        assert b"Connection: close" in head
        assert json.loads(content)["type"] == "urn:problem-type:jianbao:request-too-slow"


@pytest.mark.parametrize(
    ("path", "shape"),
    [("/summarize", "detail"), ("/translate", "error"), ("/v2/translate", "message")],
)
async def test_a_body_that_comes_in_drops_is_answered_408_in_the_shape_of_its_route(
    path: str, shape: str
) -> None:
    async with served(head=SOON, body=SOON) as server:
        reader, writer = await server.connect()
        head = HEAD.replace(b"/summarize", path.encode())
        writer.write(head + b"Content-Length: 1000\r\n\r\n{")
        async with dripping(writer, b" ") as sending:
            head, content = await read_answer(reader)
            assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
            told = json.loads(content)[shape]
            assert told == "the body of the request did not arrive in time"
            async with asyncio.timeout(LATER):
                await sending


async def test_a_body_that_keeps_the_pace_may_take_longer() -> None:
    async with served(body=1.0) as server:
        reader, writer = await server.connect()
        padded = BODY + b" " * 200_000
        writer.write(HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(padded))
        for first in range(0, len(padded), 20_000):
            writer.write(padded[first : first + 20_000])
            await asyncio.sleep(0.2)
        assert (await read_all(reader)).startswith(b"HTTP/1.1 200 OK\r\n")
        writer.close()


async def test_a_slow_answer_is_waited_for_however_short_the_times_of_a_request_are() -> None:
    generator = HeldGenerator()
    async with served(generator=generator, head=SOON, body=SOON, idle=SOON) as server:
        reader, writer = await server.connect()
        writer.write(WHOLE)
        await until(lambda: generator.asked == 1)
        await asyncio.sleep(5 * SOON)
        generator.go.set()
        async with asyncio.timeout(LATER):
            assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        writer.close()
        assert server.dropped == []


async def test_a_stream_that_is_silent_for_long_is_not_cut() -> None:
    generator = HeldGenerator(free=1)
    body = BODY.replace(b'"en"', b'"en", "zh"')
    async with served(generator=generator, head=SOON, body=SOON, idle=SOON) as server:
        async with (
            server.client() as client,
            client.stream(
                "POST", "/summarize", content=body, headers={**JSON, "Accept": "text/event-stream"}
            ) as answer,
        ):
            assert answer.status_code == 200
            await until(lambda: generator.asked == 2)
            await asyncio.sleep(5 * SOON)
            generator.go.set()
            text = (await answer.aread()).decode()
        assert "event: answer" in text


async def test_an_idle_connection_is_kept_for_the_next_request_and_closed_in_its_time() -> None:
    async with served(head=SOON, idle=2.0) as server:
        reader, writer = await server.connect()
        for _ in range(2):
            writer.write(b"GET /livez HTTP/1.1\r\nHost: jianbao\r\n\r\n")
            async with asyncio.timeout(LATER):
                assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
                await reader.readuntil(b"}")
            await asyncio.sleep(2 * SOON)
        assert await read_all(reader) == b""
        writer.close()
        assert server.dropped == []


async def test_the_second_head_of_a_connection_has_no_more_time_than_the_first() -> None:
    async with served(head=SOON, idle=60) as server:
        reader, writer = await server.connect()
        writer.write(b"GET /livez HTTP/1.1\r\nHost: jianbao\r\n\r\n")
        async with asyncio.timeout(LATER):
            await reader.readuntil(b"}")
        async with dripping(writer, b"X"):
            head, _ = await read_answer(reader)
        assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")


async def test_a_body_that_goes_on_after_its_answer_is_not_waited_for() -> None:
    async with served(head=SOON, idle=60) as server:
        reader, writer = await server.connect()
        writer.write(b"POST /nowhere HTTP/1.1\r\nHost: jianbao\r\nContent-Length: 100000\r\n\r\n")
        async with dripping(writer, b" ") as sending:
            head, _ = await read_answer(reader)
            assert head.startswith(b"HTTP/1.1 404 Not Found\r\n")
            async with asyncio.timeout(LATER):
                await sending
        assert server.dropped == ["slow"]


async def test_a_client_that_does_not_take_its_answers_is_dropped() -> None:
    async with served(stalled=SOON, idle=60) as server:
        small = socket.socket()
        small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        small.setblocking(False)
        url = httpx.URL(server.address)
        await asyncio.get_running_loop().sock_connect(small, (url.host, url.port))
        # nothing is read of many answers of a megabyte
        small.send(b"GET /static/swagger-ui-bundle.js HTTP/1.1\r\nHost: jianbao\r\n\r\n" * 20)
        await until(lambda: server.dropped == ["stalled"])
        await until(lambda: server.connections.open == 0)
        small.close()


# ------------------------------------------------------------------ number


async def test_the_connection_that_waits_longest_makes_room_for_a_new_one() -> None:
    generator = HeldGenerator()
    async with served(1, generator=generator, head=60) as server:
        working_reader, working = await server.connect()
        working.write(WHOLE)
        await until(lambda: server.connections.busy == 1)
        waiting = [await server.connect() for _ in range(SPARE)]
        await until(lambda: server.connections.open == 1 + SPARE)
        assert server.dropped == []
        async with server.client() as client:
            assert (await client.get("/livez")).status_code == 200
        (reader, _), *others = waiting
        assert await read_all(reader) == b""
        assert server.dropped == ["displaced"]
        assert not any(reader.at_eof() for reader, _ in others)
        generator.go.set()
        async with asyncio.timeout(LATER):
            assert await working_reader.readline() == b"HTTP/1.1 200 OK\r\n"
        for _, writer in (*waiting, (working_reader, working)):
            writer.close()


@pytest.mark.parametrize(
    ("path", "shape"),
    [("/summarize", "detail"), ("/translate", "error"), ("/v2/translate", "message")],
)
async def test_one_request_too_many_is_refused_in_the_shape_of_its_route_and_probes_are_answered(
    path: str, shape: str
) -> None:
    generator = HeldGenerator()
    async with served(2, generator=generator) as server, server.client() as client:
        asked = [
            asyncio.create_task(client.post("/summarize", content=BODY + b" " * one, headers=JSON))
            for one in range(2)
        ]
        await until(lambda: server.connections.busy == 2)
        refusal = await client.post(path, content=BODY, headers=JSON)
        assert refusal.status_code == 503
        assert int(refusal.headers["Retry-After"]) >= 1
        assert "2 requests are in progress" in refusal.json()[shape]
        for probe in ("/livez", "/readyz", "/health", "/metrics"):
            assert (await client.get(probe)).status_code == 200
        generator.go.set()
        assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200, 200]
        assert (await client.post("/summarize", content=BODY, headers=JSON)).status_code == 200


async def test_probes_wait_for_no_thread() -> None:
    go = threading.Event()
    async with served() as server, server.client() as client:
        # more than the pool of any machine has
        busy = [asyncio.create_task(asyncio.to_thread(go.wait)) for _ in range(100)]
        try:
            await asyncio.sleep(0)
            for probe in ("/livez", "/readyz"):
                assert (await client.get(probe)).status_code == 200
        finally:
            go.set()
            await asyncio.gather(*busy)


async def test_when_nothing_can_make_room_a_new_connection_is_told_so() -> None:
    go = asyncio.Event()

    @get("/")
    async def wait() -> None:
        await go.wait()

    # it takes every request, as one that refuses some never has that many
    async with served(1, app=Litestar([wait], logging_config=None)) as server:
        waiting = [await server.connect() for _ in range(1 + SPARE)]
        for _, writer in waiting:
            writer.write(b"GET / HTTP/1.1\r\nHost: jianbao\r\n\r\n")
        await until(lambda: server.connections.busy == 1 + SPARE)
        reader, writer = await server.connect()
        answer = await read_all(reader)
        assert answer.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        assert b"Retry-After: 5\r\n" in answer
        assert server.dropped == ["full"]
        go.set()
        for _, one in (*waiting, (reader, writer)):
            one.close()


# ------------------------------------------------------------------ open files


def test_no_more_connections_are_allowed_than_files_may_be_open() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        assert most_connections(100) == 100
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
        most = most_connections(10**9)
        assert most < hard
        assert most + SPARE + module.ACCEPTED_AT_ONCE < hard
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
