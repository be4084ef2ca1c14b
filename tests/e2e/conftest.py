"""The real service with the real default model, fetched if it is not here yet."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "service.cli")
START_SECONDS = 180.0
ANSWER_SECONDS = 1500.0


class Service:
    """A running ``jianbao serve``."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address

    def post(self, body: object) -> httpx.Response:
        """Answer to ``POST /summarize``."""
        return httpx.post(f"{self.address}/summarize", json=body, timeout=ANSWER_SECONDS)

    def post_all(self, bodies: Mapping[str, object]) -> dict[str, httpx.Response]:
        """Answers to all bodies, posted eight at a time, by their names."""
        with ThreadPoolExecutor(8) as pool:
            return dict(zip(bodies, pool.map(self.post, bodies.values()), strict=True))

    def terminate(self) -> int:
        """Send SIGTERM and return the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(ANSWER_SECONDS)


@pytest.fixture(scope="session")
def environ() -> dict[str, str]:
    """The caller's settings; by default the models of this checkout."""
    defaults = {
        "JIANBAO_MODELS_DIR": str(ROOT / "models"),
        "JIANBAO_LOG_LEVEL": "ERROR",
        "JIANBAO_SUGGEST_LINEUP": "0",
        # a third of it leaves time for repairs on a slow machine too
        "JIANBAO_DEADLINE_SECONDS": "1200",
    }
    return {**defaults, **os.environ, "JIANBAO_PORT": "0"}


@pytest.fixture(scope="session")
def weights(environ: dict[str, str]) -> None:
    """The default model, on the disk; nothing is fetched twice."""
    pull = subprocess.run(  # noqa: S603
        [*COMMAND, "models", "pull"],
        cwd=ROOT,
        env=environ,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if pull.returncode:
        pytest.skip(f"the default model cannot be had: {pull.stderr.strip().splitlines()[-1]}")


@contextmanager
def serving(environ: Mapping[str, str]) -> Iterator[Service]:
    """Run ``jianbao serve`` until the block ends."""
    with subprocess.Popen(  # noqa: S603
        [*COMMAND, "serve"], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
    ) as process:
        impatience = threading.Timer(START_SECONDS, process.kill)
        impatience.start()
        try:
            address = _announced_address(process)
            impatience.cancel()
            yield Service(process, address)
        finally:
            impatience.cancel()
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def _announced_address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"Documentation: (http://[^/]+)/", line):
            return found[1]
    raise AssertionError(f"it ended without having been ready; it said: {said!r}")


@pytest.fixture(scope="module")
def service(environ: dict[str, str], weights: None) -> Iterator[Service]:
    """A service for one module's tests."""
    with serving(environ) as service:
        yield service


def answer_of(response: httpx.Response) -> dict[str, Any]:
    """The answer of a request that was served."""
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer
