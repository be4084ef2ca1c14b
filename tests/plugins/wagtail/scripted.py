"""The real service over the scripted engine, for tests that are not asynchronous."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

from tests.support import leaks
from tests.support.forks import fork

_ENDING_SECONDS = 20


@contextmanager
def scripted_service(script: Mapping[str, str] | None = None, /, **environ: str) -> Iterator[str]:
    """Its address. Briefs in the article's language are really made, "translations" are what the
    engine is told to translate; ``script`` is as in :mod:`tests.support.scripted_service`.
    """
    settings = {
        **os.environ,
        "JIANBAO_PORT": "0",
        "JIANBAO_LOG_LEVEL": "ERROR",
        "JIANBAO_JOBS_URL": "memory:",
        "JIANBAO_THREADS": "1",
        **environ,
    }
    with leaks.watched() as log:
        process, said = fork({"domain": "real", **(script or {})}, settings, log.fileno())
        try:
            yield _announced(said)
        finally:
            process.kill()
            process.wait(_ENDING_SECONDS)
            said.close()


def _announced(said: TextIO) -> str:
    for line in said:
        if found := re.search(r"Documentation: (\S+)/schema", line):
            return found[1]
    raise AssertionError("it ended without having been ready")
