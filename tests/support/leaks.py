"""What a process of ours says of things that it has left open, on its standard error."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

ENVIRON = {"PYTHONWARNINGS": "default::ResourceWarning"}
"""For the process: Python then says so."""
_LEAK = re.compile(
    rb"ResourceWarning|Exception ignored in|never awaited|never retrieved|Task was destroyed"
)


@contextmanager
def watched() -> Iterator[BinaryIO]:
    """A file for the standard error of a process that ends within the block; its content is passed
    on to our own.

    Raises:
        AssertionError: something was left open.
    """
    with tempfile.TemporaryFile() as log:
        try:
            yield log
        finally:
            log.seek(0)
            said = log.read()
            sys.stderr.write(said.decode(errors="replace"))
        leaks = [line.decode(errors="replace") for line in said.splitlines() if _LEAK.search(line)]
        assert not leaks, leaks
