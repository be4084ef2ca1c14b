"""What is left open fails the tests, here and in the processes that they start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import leaks

ROOT = Path(__file__).parents[2]
LEAKS = """
import socket, threading, warnings

class Unseen:
    def __del__(self):
        raise ValueError("nobody sees it")

async def nothing():
    pass

def test_a_socket():
    socket.socket()

def test_an_exception_that_nobody_sees():
    Unseen()

def test_a_coroutine():
    nothing()

def test_what_will_be_gone():
    warnings.warn("soon", DeprecationWarning)

def test_nothing():
    pass
"""


def test_our_configuration_makes_a_leak_a_failure(tmp_path: Path) -> None:
    (tmp_path / "test_leaks.py").write_text(LEAKS)
    options = ["-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", "-q", "--tb=no"]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "4 failed, 1 passed" in done.stdout, done.stdout + done.stderr


def run(code: str) -> None:
    with leaks.watched() as log:
        subprocess.run([sys.executable, "-c", code], env=leaks.ENVIRON, stderr=log, check=True)  # noqa: S603


def test_a_process_that_leaves_something_open_is_found_out() -> None:
    with pytest.raises(AssertionError, match="unclosed <socket"):
        run("import socket; socket.socket()")
    run("import sys; sys.stderr.write('a line of the log\\n')")
