"""Debian's nginx, as a process of the tests' own."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

BINARY = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

_CONFIGURATION = """
{user}
daemon off;
pid {room}/nginx.pid;
error_log {room}/error.log warn;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {room}/body;
    proxy_temp_path {room}/proxy;
    fastcgi_temp_path {room}/fastcgi;
    uwsgi_temp_path {room}/uwsgi;
    scgi_temp_path {room}/scgi;
    {http}
}}
"""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def write_configuration(room: Path, http: str) -> Path:
    """Write a whole configuration around what its ``http`` block says; return the file."""
    place = room / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    place.write_text(_CONFIGURATION.format(user=user, room=room, http=http), encoding="utf-8")
    return place


@asynccontextmanager
async def nginx(configuration: Path, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run it until the block ends; it listens on ``port`` of loopback."""
    assert BINARY
    process = await asyncio.create_subprocess_exec(
        BINARY, "-p", str(configuration.parent), "-c", str(configuration)
    )
    try:
        async with asyncio.timeout(60):
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                await asyncio.sleep(0.01)
        yield process
    finally:
        process.terminate()
        await process.wait()
