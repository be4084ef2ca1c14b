"""The real service with the real default model, as a process of its own."""

from __future__ import annotations

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

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "service.cli")
START_SECONDS = 180.0
ANSWER_SECONDS = 1500.0
PORT = (
    "The port authority of Wexmouth will dig a road tunnel under the harbour. It costs 40 million "
    "dollars, and the drive to the airport will take 11 minutes. Fishing crews fear for their "
    "spawning grounds, and the builders agreed to stop work in the spring."
)
"""An article for tests of what is around the model, which translates its brief at the first try: a
tenth of the work that a seed's makes, whose first sentence is drafted again and again.
"""


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


def answer_of(response: httpx.Response) -> dict[str, Any]:
    """The answer of a request that was served."""
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer
