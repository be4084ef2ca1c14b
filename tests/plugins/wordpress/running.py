"""The real service over the scripted engine, for tests of plugins, which are not asynchronous.

The domain is the real one: it chooses the sentences of the English brief itself. Their translation
is the engine's echo, which the review finds doubtful, so the panel has something to warn of.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.support.running import ROOT, free_port


class Running:
    """A service that can be ended and started again at its address."""

    def __init__(self, script: Mapping[str, str], environ: Mapping[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._script = {"domain": "real", **script}
        self._environ = environ
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "tests.support.scripted_service", json.dumps(self._script)],
            cwd=ROOT,
            env={
                **os.environ,
                "JIANBAO_PORT": str(self.port),
                "JIANBAO_LOG_LEVEL": "ERROR",
                "JIANBAO_JOBS_URL": "memory:",
                **self._environ,
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        while line := self._process.stdout.readline():
            if "Documentation:" in line:
                return
        raise AssertionError("the service ended without having been ready")

    def kill(self) -> None:
        """End it as a power failure would."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None


@contextmanager
def running(script: Mapping[str, str] | None = None, **environ: str) -> Iterator[Running]:
    """The service with settings ``environ``, ready."""
    service = Running(script or {}, environ)
    service.start()
    try:
        yield service
    finally:
        service.kill()
