"""The parent's end of the inference process."""

from __future__ import annotations

import errno
import os

from service.inference.child import Child


async def test_an_error_of_the_socket_does_not_hide_how_the_process_ended() -> None:
    child = await Child.spawn()
    # what a write does to a transport when the system has no memory left for it
    child._writer.transport._fatal_error(OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS)))  # type: ignore[attr-defined]
    assert await child.stop(0.0) == "was killed by SIGKILL"
