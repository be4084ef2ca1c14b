"""A Redis (or Valkey) server of the tests' own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

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
