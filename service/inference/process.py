"""The inference process: builds the engines of its start command, and steps those that are busy.

It holds everything that can crash, hang or use up memory. It communicates over one inherited
socket; whatever native libraries print goes to standard error. It exits when the socket closes.
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence

from service import logs
from service.inference.engines import build
from service.inference.host import EngineBroken, EngineHost
from service.inference.wire import (
    Cancel,
    Command,
    Dropped,
    Fatal,
    Heartbeat,
    Ready,
    Report,
    Start,
    Submit,
    command_reader,
    encode,
)

log = logging.getLogger(__name__)

_READ_BYTES = 1 << 16
_PR_SET_PDEATHSIG = 1


class ParentGone(Exception):
    """The web process closed the socket or died."""


class Link:
    """This process's end of the socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._reader = command_reader()

    def receive(self, wait: float | None) -> list[Command]:
        """The commands that arrive within ``wait`` seconds; None waits until there are some. It
        returns early when only a part of a command has arrived.

        Raises:
            ParentGone: the socket was closed.
            WireError: it is not a command.
        """
        if wait is not None and not select.select([self._sock], [], [], wait)[0]:
            return []
        try:
            data = self._sock.recv(_READ_BYTES)
        except ConnectionError as error:
            raise ParentGone from error
        if not data:
            raise ParentGone
        return self._reader.feed(data)

    def send(self, reports: Sequence[Report]) -> None:
        """Write ``reports`` in order.

        Raises:
            ParentGone: the web process does not read any more.
        """
        try:
            self._sock.sendall(b"".join(encode(report) for report in reports))
        except ConnectionError as error:
            raise ParentGone from error


class Loop:
    """Reads commands between steps and steps the busy engines in turn."""

    def __init__(self, link: Link, hosts: Sequence[EngineHost], *, heartbeat: float) -> None:
        self._link = link
        self._hosts = hosts
        self._heartbeat = heartbeat
        self._last_heartbeat = time.monotonic()
        self._steps = 0
        self._reported = self.unavailable_reason

    @property
    def unavailable_reason(self) -> str:
        """Why some engine cannot work now; empty while all can."""
        return "; ".join(host.unavailable_reason for host in self._hosts if host.unavailable_reason)

    def run(self, commands: Sequence[Command]) -> None:
        """Carry out ``commands``, then those that arrive.

        Raises:
            ParentGone: the web process closed the socket or died.
            EngineBroken: an engine fails on everything that it runs.
        """
        while True:
            for command in commands:
                self._execute(command)
            for host in self._hosts:
                if host.busy:
                    self._steps += 1
                    self._link.send([*host.step(), *self._pulse()])
            self._link.send(self._pulse())
            commands = self._link.receive(self._rest())

    def _execute(self, command: Command) -> None:
        match command:
            case Submit(engine=index, request=request):
                self._hosts[index].submit(request)
            case Cancel(id=request_id):
                for host in self._hosts:
                    host.cancel(request_id)
                self._link.send([Dropped(request_id)])
            case Start():
                log.error("a second start is ignored")

    def _rest(self) -> float | None:
        """How long to wait for commands: not while an engine works, and not for ever while one
        may lose or regain what it depends on.
        """
        if any(host.busy for host in self._hosts):
            return 0.0
        dependent = any(host.unavailable_reason is not None for host in self._hosts)
        return self._heartbeat if dependent else None

    def _pulse(self) -> list[Report]:
        now, unavailable_reason = time.monotonic(), self.unavailable_reason
        if unavailable_reason == self._reported and now - self._last_heartbeat < self._heartbeat:
            return []
        self._last_heartbeat, self._reported = now, unavailable_reason
        return [Heartbeat(self._steps, _peak_memory(), unavailable_reason)]


def _peak_memory() -> int:
    """Bytes; Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def serve(link: Link) -> int:
    """Build what the first command says, serve until the web process goes; the exit status."""
    hosts: list[EngineHost] = []
    loaded = False
    try:
        commands: list[Command] = []
        while not commands:
            commands = link.receive(None)
        start, *rest = commands
        if not isinstance(start, Start):
            link.send([Fatal("the first command must be a start")])
            return 1
        logs.configure(start.log_level, process="inference")
        engines = []
        for config in start.engines:
            engine = build(config)
            engines.append(engine)
            hosts.append(EngineHost(engine))
        loop = Loop(link, hosts, heartbeat=start.heartbeat)
        loaded = True
        link.send(
            [Ready(tuple(engine.capabilities for engine in engines), loop.unavailable_reason)]
        )
        loop.run(rest)
    except ParentGone:
        return 0
    except Exception as error:
        log.exception("the inference process ends")
        link.send([Fatal(_last_words(error, loaded=loaded))])
        return 1
    finally:
        for host in hosts:
            host.close()
    return 0


def _last_words(error: Exception, *, loaded: bool) -> str:
    """The message for the operator. An exception that is raised while requests run may quote
    their texts.
    """
    name = type(error).__name__
    quiet = loaded and not isinstance(error, EngineBroken)
    return name if quiet else f"{name}: {error}".strip()


def _die_with_parent() -> None:
    """Ask Linux to kill this process with its parent: stuck in native code it would not see the
    end of the socket.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main(descriptor: int) -> int:
    """Serve over the inherited socket ``descriptor``; returns the exit status."""
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _die_with_parent()
    with socket.socket(fileno=descriptor) as sock:
        sock.set_inheritable(False)
        return serve(Link(sock))
