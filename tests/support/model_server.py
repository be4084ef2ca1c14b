"""A server that speaks OpenAI's chat completions by a script: real HTTP on a real port.

It tells the engine's trials (they ask to say hello) from its requests, answers them as a server of
its kind would, and gives each request the next of its replies.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

Event = dict[str, Any]


def chunk(text: str | None = None, finish: str | None = None, index: int = 0) -> Event:
    """One event of a stream."""
    delta = {} if text is None else {"content": text}
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return {"object": "chat.completion.chunk", "model": "m", "choices": [choice]}


def usage(prompt: int, generated: int, cached: int | None = None) -> Event:
    """The last event of a stream, as ``stream_options.include_usage`` asks for it."""
    details = None if cached is None else {"cached_tokens": cached}
    counts = {"prompt_tokens": prompt, "completion_tokens": generated}
    return {"choices": [], "usage": {**counts, "prompt_tokens_details": details}}


def sse(*events: Event, done: bool = True) -> bytes:
    """Events as they go over the wire."""
    lines = [f"data: {json.dumps(event, ensure_ascii=False)}\n\n" for event in events]
    return "".join([*lines, "data: [DONE]\n\n" if done else ""]).encode()


def saying(*texts: str, finish: str = "stop") -> Stream:
    """A whole answer in so many pieces."""
    return Stream([sse(*map(chunk, texts), chunk(finish=finish), usage(7, len(texts)))])


@dataclass
class Stream:
    """Bytes to send, a piece at a time. ``hold`` keeps the connection open after them until the
    client leaves; ``cut`` breaks it off.
    """

    pieces: Sequence[bytes]
    pause: float = 0.0
    hold: bool = False
    cut: bool = False


@dataclass
class Refusal:
    """An answer that is no completion."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class Silence:
    """No answer at all, until the client leaves."""


Reply = Stream | Refusal | Silence


class CutError(Exception):
    """Ends a connection in the middle of an answer."""


class ModelServer:
    """``owner`` is what it says of its models; ``heeds`` the field whose grammar it enforces;
    ``refuses`` the fields that it answers with 400; ``ill`` is its answer to everything. ``bodies``
    are the requests that came, ``traces`` their places in a trace.
    """

    def __init__(
        self,
        *replies: Reply,
        owner: str = "vllm",
        heeds: str = "structured_outputs",
        refuses: Sequence[str] = (),
        model: str = "served",
        context: int | None = None,
        key: str = "",
    ) -> None:
        self.replies = deque(replies)
        self.otherwise: Reply = saying("Hello", " there.")
        self.owner, self.heeds, self.refuses = owner, heeds, refuses
        self.model, self.context, self.key = model, context, key
        self.lists_models = True
        self.ill: Refusal | None = None
        self.bodies: list[dict[str, Any]] = []
        self.probes: list[dict[str, Any]] = []
        self.traces: list[str] = []
        self.open = self.left = self.most = 0
        self.port = 0
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # ------------------------------------------------------------------ life

    def start(self) -> None:
        """Listen, on the same port as before."""
        listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            self, lifespan="off", log_config=None, ws="none", timeout_graceful_shutdown=1
        )
        self._server = server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        self._thread.start()
        limit = time.monotonic() + 20
        while not server.started:
            assert self._thread.is_alive(), "it ended at once"
            assert time.monotonic() < limit, "it did not start"
            time.sleep(0.005)

    def stop(self) -> None:
        """Break all connections off, and listen no more."""
        if self._server and self._thread:
            self._server.should_exit = self._server.force_exit = True
            self._thread.join(20)

    # ------------------------------------------------------------------ HTTP

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.ill:
            await _answer(send, self.ill.status, self.ill.body)
        elif self.key and dict(scope["headers"]).get(b"authorization") != self.key.encode():
            await _answer(send, 401, {"error": {"message": "who are you?"}})
        elif scope["path"] == "/v1/models" and self.lists_models:
            listed = {"id": self.model, "owned_by": self.owner, "max_model_len": self.context}
            await _answer(send, 200, {"object": "list", "data": [listed]})
        elif scope["path"] == "/v1/chat/completions":
            self.traces.append(dict(scope["headers"]).get(b"traceparent", b"").decode())
            await self._complete(await _body(receive), receive, send)
        else:
            await _answer(send, 404, {"detail": "Not Found"})

    async def _complete(self, body: dict[str, Any], receive: Any, send: Any) -> None:
        refused = [name for name in self.refuses if name in body]
        if refused:
            complaint = f"{refused[0]}: Extra inputs are not permitted"
            await _answer(send, 400, {"error": {"message": complaint, "code": 400}})
        elif body["messages"][-1]["content"] == "Say hello.":
            self.probes.append(body)
            message = {"role": "assistant", "content": self._probed(body)}
            choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
            await _answer(send, 200, {"choices": choices})
        else:
            self.bodies.append(body)
            self.open += 1
            self.most = max(self.most, self.open)
            try:
                await self._reply(receive, send)
            finally:
                self.open -= 1

    def _probed(self, body: dict[str, Any]) -> str:
        grammar = body.get(self.heeds)
        if grammar is None:
            return "Hello!"
        text = grammar["grammar"] if isinstance(grammar, dict) else grammar
        found = re.search(r'"(.*)"', text)
        return found[1] if found else ""

    async def _reply(self, receive: Any, send: Any) -> None:
        reply = self.replies.popleft() if self.replies else self.otherwise
        match reply:
            case Refusal(status, body, headers):
                await _answer(send, status, body, headers)
            case Silence():
                await self._until_left(receive)
            case Stream():
                await self._stream(reply, receive, send)

    async def _stream(self, reply: Stream, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in reply.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(reply.pause)
        if reply.cut:
            raise CutError
        if reply.hold:
            await self._until_left(receive)
        await send({"type": "http.response.body", "body": b""})

    async def _until_left(self, receive: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.left += 1


async def _body(receive: Any) -> dict[str, Any]:
    content, more = b"", True
    while more:
        message = await receive()
        content += message.get("body", b"")
        more = message.get("more_body", False)
    body: dict[str, Any] = json.loads(content)
    return body


async def _answer(send: Any, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    length = (b"content-length", str(len(raw)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*sent, length]})
    await send({"type": "http.response.body", "body": raw})


@contextmanager
def serving(*servers: ModelServer) -> Iterator[None]:
    """Run the servers while the block does."""
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.stop()
