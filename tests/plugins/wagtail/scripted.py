"""The real service over the scripted engine, for tests that are not asynchronous."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.support import leaks
from tests.support.running import ROOT


@contextmanager
def scripted_service(script: Mapping[str, str] | None = None, /, **environ: str) -> Iterator[str]:
    """Its address. Briefs in the article's language are really made, "translations" are what the
    engine is told to translate; ``script`` is as in :mod:`tests.support.scripted_service`.
    """
    command = [
        sys.executable,
        "-m",
        "tests.support.scripted_service",
        json.dumps({"domain": "real", **(script or {})}),
    ]
    settings = {
        "JIANBAO_PORT": "0",
        "JIANBAO_LOG_LEVEL": "ERROR",
        "JIANBAO_JOBS_URL": "memory:",
        "JIANBAO_THREADS": "1",
    }
    with (
        leaks.watched() as log,
        subprocess.Popen(  # noqa: S603 - our own service
            command,
            cwd=ROOT,
            env={**os.environ, **leaks.ENVIRON, **settings, **environ},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield _announced(process)
        finally:
            process.kill()


def _announced(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"Documentation: (\S+)/schema", line):
            return found[1]
    raise AssertionError("it ended without having been ready")
