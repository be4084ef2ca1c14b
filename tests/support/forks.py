"""Services over the scripted engine, forked from a process that has imported what they import.

To start Python and to import the service and spaCy takes almost two seconds of CPU, and tests start
a hundred services. So each process that runs tests keeps one that has done both and waits: it forks
when a service is wanted. What it forks is a process like one that was started afresh: it has the
settings, the standard output and the standard error that it was given, and ends by itself. A real
start is tested by ``tests/integration/test_wheel.py`` and ``tests/e2e``.

``python -m tests.support.forks DESCRIPTOR`` is the process that waits.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from tests.support import leaks

_ROOT = Path(__file__).parents[2]
_MOST_BYTES = 2**20


class Forked:
    """A service that was forked: what tests use of :class:`subprocess.Popen`."""

    def __init__(self, parent: _Parent, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._parent = parent
        self._ends = os.pidfd_open(pid)

    def fileno(self) -> int:
        """A descriptor that can be read from once it has ended."""
        return self._ends

    def poll(self) -> int | None:
        """Its exit status, negative for a signal's; None while it runs."""
        if self.returncode is None and select.select([self._ends], [], [], 0)[0]:
            self.returncode = self._parent.status(self.pid)
            os.close(self._ends)
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Its exit status, once it has ended.

        Raises:
            TimeoutExpired: it had not ended after ``timeout`` seconds.
        """
        if self.returncode is None:
            select.select([self._ends], [], [], timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired(["a forked service"], timeout)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it runs."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._ends, number)

    def kill(self) -> None:
        """End it as a power failure would."""
        self.send_signal(signal.SIGKILL)


def fork(
    script: Mapping[str, str], environ: Mapping[str, str], errors: int
) -> tuple[Forked, TextIO]:
    """Start a service; give its process and what it prints. ``script`` is as in
    :mod:`tests.support.scripted_service`; it writes its errors to the descriptor ``errors``.
    """
    reading, writing = os.pipe()
    try:
        asked = {"script": dict(script), "environ": dict(environ)}
        return _parent().fork(asked, writing, errors), os.fdopen(reading, encoding="utf-8")
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)


# ------------------------------------------------------------------ the process that waits


class _Parent:
    """The process that forks, spoken to over a socket: a line of JSON each way. It ends when the
    socket is closed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                cwd=_ROOT,
                env={**os.environ, **leaks.ENVIRON},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def fork(self, asked: Mapping[str, Any], output: int, errors: int) -> Forked:
        with self._lock:
            socket.send_fds(self._ours, [json.dumps(asked).encode()], [output, errors])
            return Forked(self, self._answer())

    def status(self, pid: int) -> int:
        with self._lock:
            self._ours.send(json.dumps({"ended": pid}).encode())
            return self._answer()

    def _answer(self) -> int:
        said = self._ours.recv(_MOST_BYTES)
        assert said, "the process that forks services has ended"
        return int(said)

    def close(self) -> None:
        self._ours.close()
        self._process.wait(20)


_kept: list[_Parent] = []
_keeping = threading.Lock()


def _parent() -> _Parent:
    with _keeping:
        if not _kept:
            _kept.append(_Parent())
            atexit.register(_kept[0].close)
        return _kept[0]


def _main(descriptor: int) -> int:
    """Fork for whoever holds the other end; in what is forked, be the service."""
    from service.analysis import Analyzers
    from service.jobs.addresses import usual_authorities
    from tests.support import scripted_service

    Analyzers().parse([])  # imports spaCy as a service does at its first article
    usual_authorities()
    gc.collect()
    gc.freeze()  # nor does a service look for garbage among what was imported
    with socket.socket(fileno=descriptor) as asking:
        while True:
            said, descriptors, *_ = socket.recv_fds(asking, _MOST_BYTES, 2)
            if not said:
                return 0
            asked = json.loads(said)
            if "ended" in asked:
                _, status = os.waitpid(asked["ended"], 0)
                asking.send(str(os.waitstatus_to_exitcode(status)).encode())
            elif pid := os.fork():
                for one in descriptors:
                    os.close(one)
                asking.send(str(pid).encode())
            else:
                break
    for standard, given in zip((1, 2), descriptors, strict=True):
        os.dup2(given, standard)
        os.close(given)
    os.environ.clear()
    os.environ.update(asked["environ"] | leaks.ENVIRON)
    return scripted_service.main(asked["script"])


if __name__ == "__main__":
    sys.exit(_main(int(sys.argv[1])))
