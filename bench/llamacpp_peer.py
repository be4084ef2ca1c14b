"""llama.cpp's own server, eight parallel slots, on the same GGUF.

    python -m bench.llamacpp_peer GGUF PORT THREADS

Needs ``xllamacpp`` (see the Makefile's ``.bench``).
"""

from __future__ import annotations

import sys
import threading

import xllamacpp

SLOTS = 16
"""Eight articles of two prompts each."""
_SLOT_TOKENS = 4096


def main() -> None:
    """Serve until it is killed."""
    path, port, threads = sys.argv[1:]
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.port = int(port)
    params.n_parallel = SLOTS
    params.n_ctx = SLOTS * _SLOT_TOKENS
    params.cont_batching = True
    params.cpuparams.n_threads = int(threads)
    params.cpuparams_batch.n_threads = int(threads)
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
