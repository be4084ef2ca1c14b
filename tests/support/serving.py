"""The service over the scripted engine, for tests without an event loop of their own: Playwright's
synchronous API keeps one running.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import leaks
from tests.support.running import ROOT

_ENDING_SECONDS = 20


@dataclass(frozen=True)
class Served:
    """A running service: its address without a slash at the end, and its process."""

    address: str
    process: subprocess.Popen[str]


@contextmanager
def serving(script: dict[str, str] | None = None, /, **environ: str) -> Iterator[Served]:
    """The service with real briefs over the scripted engine, ready, on a port of its own unless
    ``JIANBAO_PORT`` says; killed at the end.
    """
    with leaks.watched() as log, tempfile.TemporaryDirectory() as data:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "tests.support.scripted_service", _script(script or {})],
            cwd=ROOT,
            env={
                **os.environ,
                **leaks.ENVIRON,
                "JIANBAO_PORT": "0",
                "JIANBAO_LOG_LEVEL": "ERROR",
                "JIANBAO_DATA_DIR": str(Path(data, "jobs")),
                **environ,
            },
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield Served(_address(process), process)
        finally:
            process.kill()
            process.wait(_ENDING_SECONDS)
            assert process.stdout
            process.stdout.close()


def _script(script: dict[str, str]) -> str:
    return json.dumps({"domain": "real", **script})


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    for line in process.stdout:
        if found := re.match(r"Open in a browser: (\S+)/$", line):
            return found[1]
    raise AssertionError("it ended without having been ready")
