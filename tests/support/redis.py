"""A Redis (or Valkey) server of the tests' own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis

BINARY = shutil.which("redis-server") or shutil.which("valkey-server")


@contextmanager
def redis_server() -> Iterator[str]:
    """Start it on a free port of loopback, keeping nothing; give its URL."""
    assert BINARY
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp")  # noqa: S108
    process = subprocess.Popen([BINARY, *options], stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_until_open(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


_AGE = """#!lua flags=allow-oom
local prefix, seconds = KEYS[1], -ARGV[1]
for _, set in ipairs({'waiting', 'delayed', 'running', 'deliveries', 'ended'}) do
  for _, member in ipairs(redis.call('ZRANGE', prefix .. set, 0, -1)) do
    redis.call('ZINCRBY', prefix .. set, seconds, member)
  end
end
for kind, fields in pairs({['article:*'] = {'place'}, ['job:*'] = {'created', 'ended'}}) do
  for _, key in ipairs(redis.call('KEYS', prefix .. kind)) do
    for _, field in ipairs(fields) do
      if (redis.call('HGET', key, field) or '') ~= '' then
        redis.call('HINCRBYFLOAT', key, field, seconds)
      end
    end
  end
end
"""


async def age_jobs(url: str, prefix: str, seconds: float) -> None:
    """Make all that the jobs under ``prefix`` know ``seconds`` older, which is as if that much time
    had passed: the server's clock cannot be moved.
    """
    async with Redis.from_url(url) as client:
        await client.register_script(_AGE)(keys=[prefix], args=[seconds])


def _wait_until_open(port: int) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, "it did not start"
            time.sleep(0.02)
        else:
            return
