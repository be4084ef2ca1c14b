"""Receives webhooks over HTTP, checks their signatures, and remembers them."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from standardwebhooks.webhooks import Webhook

SECRET = "whsec_" + "c2VjcmV0" * 4  # "secret" four times


class Receiver:
    """Webhooks by their id: how often each came, and the different bodies that it had. ``answer``
    gives the status for the count of tries of one id before.
    """

    def __init__(self, answer: Callable[[str, int], int] = lambda _id, _before: 200) -> None:
        self.address = ""
        self.counts: Counter[str] = Counter()
        self.bodies: defaultdict[str, set[bytes]] = defaultdict(set)
        self.requests: list[tuple[str, dict[str, str]]] = []
        self._answer = answer

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.splitlines()
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines if line)
            }
            body = await reader.readexactly(int(headers["content-length"]))
            status = self._take(first, headers, body)
            writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: 0\r\n".encode())
            writer.write(b"Location: http://127.0.0.1:1/elsewhere\r\nConnection: close\r\n\r\n")
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # its sender was killed
        finally:
            writer.close()

    def _take(self, first: str, headers: dict[str, str], body: bytes) -> int:
        Webhook(SECRET).verify(body, headers)
        name = headers["webhook-id"]
        status = self._answer(name, self.counts[name])
        self.requests.append((first, headers))
        self.counts[name] += 1
        self.bodies[name].add(body)
        return status


@asynccontextmanager
async def receiving(receiver: Receiver, **options: Any) -> AsyncIterator[Receiver]:
    """Have it listen on a free port of loopback; ``options`` are those of ``start_server``."""
    server = await asyncio.start_server(receiver.handle, "127.0.0.1", 0, **options)
    async with server:
        receiver.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield receiver
