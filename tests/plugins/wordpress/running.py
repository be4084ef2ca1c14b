"""The real service over the scripted engine, for tests of plugins, which are not asynchronous.

The domain is the real one: it chooses the sentences of the English brief itself. Their translation
is the engine's echo, which the review finds doubtful, so the panel has something to warn of.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

from tests.support.forks import Forked, fork
from tests.support.running import free_port

_ENDING_SECONDS = 20
_STANDARD_ERROR = 2


class Running:
    """A service that can be ended and started again at its address."""

    def __init__(self, script: Mapping[str, str], environ: Mapping[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._script = {"domain": "real", **script}
        self._environ = environ
        self._running: tuple[Forked, TextIO] | None = None

    def start(self) -> None:
        settings = {
            **os.environ,
            "JIANBAO_PORT": str(self.port),
            "JIANBAO_LOG_LEVEL": "ERROR",
            "JIANBAO_JOBS_URL": "memory:",
            **self._environ,
        }
        self._running = _, said = fork(self._script, settings, _STANDARD_ERROR)
        while line := said.readline():
            if "Documentation:" in line:
                return
        raise AssertionError("the service ended without having been ready")

    def kill(self) -> None:
        """End it as a power failure would."""
        if self._running:
            process, said = self._running
            process.kill()
            process.wait(_ENDING_SECONDS)
            said.close()
            self._running = None


@contextmanager
def running(script: Mapping[str, str] | None = None, **environ: str) -> Iterator[Running]:
    """The service with settings ``environ``, ready."""
    service = Running(script or {}, environ)
    service.start()
    try:
        yield service
    finally:
        service.kill()
