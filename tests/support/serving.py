"""The service over the scripted engine, for tests without an event loop of their own: Playwright's
synchronous API keeps one running.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tests.support import leaks
from tests.support.forks import Forked, fork

_ENDING_SECONDS = 20


@dataclass(frozen=True)
class Served:
    """A running service: its address without a slash at the end, and its process."""

    address: str
    process: Forked


@contextmanager
def serving(script: dict[str, str] | None = None, /, **environ: str) -> Iterator[Served]:
    """The service with real briefs over the scripted engine, ready, on a port of its own unless
    ``JIANBAO_PORT`` says; killed at the end.
    """
    with leaks.watched() as log, tempfile.TemporaryDirectory() as data:
        settings = {
            **os.environ,
            "JIANBAO_PORT": "0",
            "JIANBAO_LOG_LEVEL": "ERROR",
            "JIANBAO_DATA_DIR": str(Path(data, "jobs")),
            **environ,
        }
        process, said = fork({"domain": "real", **(script or {})}, settings, log.fileno())
        try:
            yield Served(_address(said), process)
        finally:
            process.kill()
            process.wait(_ENDING_SECONDS)
            said.close()


def _address(said: TextIO) -> str:
    for line in said:
        if found := re.match(r"Open in a browser: (\S+)/$", line):
            return found[1]
    raise AssertionError("it ended without having been ready")
