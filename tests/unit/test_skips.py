"""A test that is skipped for want of something fails where everything is said to be installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.skips import VARIABLE, may_skip

ROOT = Path(__file__).parents[2]
SKIPPED = """
import pytest

@pytest.fixture
def site():
    pytest.skip("no php on this machine: apt-get install php-cli")

def test_a_site(site):
    pass

@pytest.mark.skipif(True, reason="redis-server is absent")
def test_a_store():
    pass

@pytest.mark.skipif(True, reason="root may read everything")
def test_as_another_user():
    pass
"""


@pytest.mark.parametrize(
    ("everything", "expected"),
    [("1", "1 skipped, 2 errors"), ("", "3 skipped")],
)
def test_what_is_missing_fails_where_all_is_installed(
    tmp_path: Path, everything: str, expected: str
) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_runtest_makereport\n")
    (tmp_path / "test_skipped.py").write_text(SKIPPED)
    options = ["-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", "-q", "--tb=no"]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, VARIABLE: everything},
        capture_output=True,
        text=True,
        check=False,
    )
    summary = done.stdout.splitlines()[-1]
    assert {*expected.split(", ")} <= {*summary.split(" in ")[0].split(", ")}, done.stdout


def test_what_the_machine_is_may_skip() -> None:
    assert may_skip("Skipped: the history of this repository does not reach to v1", {VARIABLE: "1"})
    assert not may_skip("Skipped: no Docker engine starts here: no mounts", {VARIABLE: "1"})
    assert may_skip("Skipped: no Docker engine starts here: no mounts", {})
