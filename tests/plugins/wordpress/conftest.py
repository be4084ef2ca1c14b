"""A WordPress site and a service for each module of tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.plugins.wordpress.running import Running, running
from tests.support.browser import browser_or_skip
from tests.support.wordpress import Site, php_missing, signed_in, site
from tests.support.wordpress_packages import STABLE, Release, Unobtainable

pytest.register_assert_rewrite("tests.plugins.wordpress.flow")
expect.set_options(timeout=30_000)  # machines may be five times slower


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One chromium for all modules, none of which is asynchronous."""
    yield from browser_or_skip()


@pytest.fixture(scope="session")
def service() -> Iterator[Running]:
    """The service over the scripted engine, without keys."""
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def release() -> Release:
    """The WordPress that a module's site has."""
    return STABLE


@pytest.fixture(scope="module")
def wordpress(
    release: Release, service: Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A site that is set to the service."""
    missing = php_missing()
    if missing:
        pytest.skip(missing)
    try:
        with site(release, tmp_path_factory.mktemp("wordpress")) as started:
            started.configure(url=service.url)
            yield started
    except Unobtainable as why:
        pytest.skip(str(why))


@pytest.fixture
def chief(browser: Browser, wordpress: Site) -> Iterator[BrowserContext]:
    """A browser in which the administrator is signed in."""
    context = signed_in(browser, wordpress)
    yield context
    context.close()


def open_panel(page: Page) -> None:
    """Open the Brief panel of the block editor's sidebar by the keyboard, if it is closed."""
    title = page.get_by_role("button", name="Brief", exact=True)
    title.wait_for()
    if title.get_attribute("aria-expanded") == "false":
        title.focus()
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Make briefs").wait_for()


def snapshot(page: Page, folder: Path | None, name: str) -> None:
    """Keep a picture of a step, where one is wanted."""
    if folder:
        page.screenshot(path=folder / f"wordpress-{name}.png")
