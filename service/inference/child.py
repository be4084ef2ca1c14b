"""The web process's handle on one inference process: spawn, talk, kill."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import suppress

from service.inference.wire import Command, Report, encode, report_reader

_READ_BYTES = 1 << 16

# The child must import the same package as its parent, not another ``service`` in the working
# directory, so it gets the parent's path, as in multiprocessing's spawn.
_BOOTSTRAP = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from service.inference.process import main; sys.exit(main(int(sys.argv[2])))"
)


class Child:
    """A running inference process; made by :meth:`spawn`, ended by :meth:`stop`."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def spawn(cls) -> Child:
        """Start a fresh interpreter that waits for its start command.

        Raises:
            OSError: no process or socket can be had.
        """
        ours, theirs = socket.socketpair()
        process = None
        try:
            with theirs:
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-c",
                    _BOOTSTRAP,
                    json.dumps(sys.path),
                    str(theirs.fileno()),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                    # a terminal's Ctrl-C is for the parent, which drains before it stops us
                    start_new_session=True,
                )
            reader, writer = await asyncio.open_unix_connection(sock=ours)
        except BaseException:
            ours.close()
            if process:
                process.kill()
                await process.wait()
            raise
        return cls(process, reader, writer)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def send(self, command: Command) -> None:
        """Queue a command for writing; to a dead child it is lost.

        Raises:
            WireError: the command is too large.
        """
        self._writer.write(encode(command))

    async def reports(self) -> AsyncGenerator[Report, None]:
        """What the child says, until it ends.

        Raises:
            WireError: it says what is no report.
        """
        frames = report_reader()
        with suppress(ConnectionError):
            while data := await self._reader.read(_READ_BYTES):
                for report in frames.feed(data):
                    yield report
                await asyncio.sleep(0)  # reading does not wait while there is more

    async def stop(self, grace: float) -> str:
        """Close the socket, wait ``grace`` seconds, then kill. Returns how the process ended."""
        self._writer.close()
        try:
            async with asyncio.timeout(grace):
                status = await self._process.wait()
        except TimeoutError:
            self.kill()
            status = await self._process.wait()
        # how the socket ended says nothing beside how the process did
        with suppress(OSError):
            await self._writer.wait_closed()
        return _describe(status)

    def kill(self) -> None:
        """End the process at once, even one that is stopped or hung."""
        with suppress(ProcessLookupError):
            self._process.kill()


def _describe(status: int) -> str:
    if status >= 0:
        return f"exited with status {status}"
    with suppress(ValueError):
        return f"was killed by {signal.Signals(-status).name}"
    return f"was killed by signal {-status}"
