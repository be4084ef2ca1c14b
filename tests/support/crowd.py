"""Clients that ask for nothing, in a process of their own: ``python -m tests.support.crowd ADDRESS
IDLE SLOW``.

IDLE connections say nothing; SLOW ones send a head or a body a few bytes at a time, for as long as
the service lets them. Prints ``opened`` when all have connected, and ``gone`` when the service has
closed every one of them.
"""

from __future__ import annotations

import asyncio
import resource
import socket
import sys
from contextlib import suppress

import httpx

HEAD = b"POST /summarize HTTP/1.1\r\nHost: jianbao\r\nContent-Type: application/json\r\n"
FILES_BESIDES = 100


def has_room(connections: int) -> bool:
    """Whether a process may have so many connections here."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return hard == resource.RLIM_INFINITY or hard >= connections + FILES_BESIDES


class Crowd:
    """``idle`` and ``slow`` connections to a service, the slow ones evenly among the others."""

    def __init__(self, address: str, *, idle: int, slow: int) -> None:
        url = httpx.URL(address)
        self._address = (url.host, url.port)
        self._total = idle + slow
        self._every = self._total // slow
        self._opened = 0
        self._gate = asyncio.Semaphore(200)
        self._loop = asyncio.get_running_loop()

    async def come(self, number: int) -> None:
        """Open one connection and keep it until it is closed."""
        with suppress(OSError), socket.socket() as one:
            one.setblocking(False)
            try:
                async with self._gate:
                    await self._loop.sock_connect(one, self._address)
            finally:
                self._count()
            if number % self._every:
                await self._say_nothing(one)
            elif number % (2 * self._every):
                await self._drip(one, HEAD, b"X")
            else:
                await self._drip(one, HEAD + b"Content-Length: 100000\r\n\r\n{", b" ")

    def _count(self) -> None:
        self._opened += 1
        if self._opened == self._total:
            print("opened", flush=True)

    async def _say_nothing(self, one: socket.socket) -> None:
        while await self._loop.sock_recv(one, 1000):
            pass

    async def _drip(self, one: socket.socket, start: bytes, drop: bytes) -> None:
        """Send ``start``, then ``drop`` four times a second, until it is closed."""
        await self._loop.sock_sendall(one, start)
        while True:
            await asyncio.sleep(0.25)
            await self._loop.sock_sendall(one, drop)


async def main(address: str, idle: int, slow: int) -> None:
    """Come, all at once, and stay until the last is sent away."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    crowd = Crowd(address, idle=idle, slow=slow)
    await asyncio.gather(*(crowd.come(number) for number in range(idle + slow)))
    print("gone", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
