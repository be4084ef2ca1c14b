"""llama.cpp's own server with a small context: ``python -m tests.support.llamacpp_server GGUF``.
It prints its address once it listens.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]

SLOTS = 2
SLOT_TOKENS = 2048


@contextmanager
def llama_cpp(gguf: Path | str) -> Iterator[str]:
    """Run the server over ``gguf`` in a process of its own; give its address."""
    command = [sys.executable, "-m", "tests.support.llamacpp_server", str(gguf)]
    # its threads would wait for each other, and for work, in loops that keep a core busy
    environ = {**os.environ, "OMP_WAIT_POLICY": "passive"}
    with subprocess.Popen(  # noqa: S603
        command,
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def main(path: str) -> None:
    """Serve until it is killed."""
    import xllamacpp  # only this process needs it

    params = xllamacpp.CommonParams()
    params.model.path = path
    params.port = 0
    params.n_parallel = SLOTS
    params.n_ctx = SLOTS * SLOT_TOKENS
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
