"""What holds for all tests."""

from __future__ import annotations

import gc
import itertools
import os
import subprocess
import threading
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser

from service.workers import THREAD_NAME
from tests.support.browser import browser_or_skip
from tests.support.real_service import COMMAND, ROOT, Service, serving
from tests.support.skips import VARIABLE, may_skip

_ENDING_SECONDS = 10.0
_SEARCHES_AT_ONCE = 16
_POOL = "ThreadPoolExecutor"
"""Names of threads that have none: ours have one, but transformers keeps a pool to load with."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that is skipped for want of what CI installs."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and not may_skip(report.longrepr[2]):
        report.outcome = "failed"
        report.longrepr = f"{report.longrepr[2]} (no skip, as {VARIABLE} is set)"
    return report


def pytest_collection_finish() -> None:
    """Leave what the imports made, a million objects, out of each module's collection of garbage:
    half a second each. None of it was opened by a test.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_left_open() -> Iterator[None]:
    """Have what a module's tests left open warn, which is an error, before those of another begin;
    and see that the threads that they started have ended, or end with the process.
    """
    before = set(threading.enumerate())
    yield
    gc.collect()
    begun = [one for one in threading.enumerate() if one not in before and not one.daemon]
    # a Summarizer without an app around it ends its threads when it is collected; the frame of the
    # module's last test may still hold it
    begun = [one for one in begun if not one.name.startswith((THREAD_NAME, _POOL))]
    for thread in begun:
        thread.join(_ENDING_SECONDS)
    assert [thread.name for thread in begun if thread.is_alive()] == []
    _pass_over_what_is_left()


_modules = itertools.count(1)


def _pass_over_what_is_left() -> None:
    """Leave what outlives a module, most of it libraries that its tests imported, out of the next
    searches, a quarter of a second each. What only the frame of its last test still held is found
    up to 16 modules later, and blamed on the module that runs then.
    """
    if next(_modules) % _SEARCHES_AT_ONCE == 0:
        gc.unfreeze()
        gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Have pytest's own last search find all that is left."""
    gc.unfreeze()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One chromium for a module's tests. Playwright's synchronous API keeps an event loop of its
    own running, so such a module has no `async` tests.
    """
    yield from browser_or_skip()


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


@pytest.fixture(scope="session")
def service(environ: dict[str, str], weights: None) -> Iterator[Service]:
    """The service of all tests of the default model: one, as it takes long to start."""
    with serving(environ) as service:
        yield service
