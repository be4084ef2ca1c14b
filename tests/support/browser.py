"""A browser for tests: Debian's chromium, driven by Playwright, and axe-core's checks.

Tests that need it take the fixture `browser`: one chromium for a module (`tests/conftest.py`), or
for a package that has no asynchronous tests (its own `conftest.py`). Each test opens a context of
its own in it (`browser.new_context(locale="zh-CN")`).
Nothing outside the machine is reached: no other host is found.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = (
    "--no-sandbox",  # CI and containers run as root, where chromium has no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    # without these chromium looks for its maker's hosts, which no test may need
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # `context.route` would do it too, but with it nothing is cached and each request costs more
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


def chromium() -> str | None:
    """The path of the machine's chromium, or None where there is none. Debian's
    chromium-headless-shell takes 0.6 s of CPU for a page instead of 1.5, but once in some sixty
    times it never ended when it was closed.
    """
    names = ("chromium", "chromium-browser", "chromium-headless-shell")
    return next(filter(None, map(shutil.which, names)), None)


@contextmanager
def running_browser(executable: str) -> Iterator[Browser]:
    """Chromium without a window, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def browser_or_skip() -> Iterator[Browser]:
    """What a fixture gives: chromium, or the reason why its tests are skipped."""
    executable = chromium()
    if executable is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with running_browser(executable) as started:
        yield started


def accessibility_violations(page: Page, within: str | None = None) -> list[str]:
    """What axe-core finds wrong on the page as it stands, or in the elements that the CSS selector
    ``within`` names where the rest of the page is not ours: one line for each element.
    """
    found = Axe().run(page, context=within).response["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in found
        for node in violation["nodes"]
    ]
