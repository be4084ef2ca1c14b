"""llama.cpp's own server with a small context: ``python -m tests.support.llamacpp_server GGUF``.
It says its address when it listens.
"""

from __future__ import annotations

import sys
import threading

import xllamacpp

SLOTS = 2
SLOT_TOKENS = 2048


def main(path: str) -> None:
    """Serve until it is killed."""
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
