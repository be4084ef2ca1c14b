"""One browser and one service for all tests of the page that need no other; each test has a context
of its own in the browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import browser_or_skip
from tests.support.page import script
from tests.support.serving import serving


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One chromium for all modules, none of which is asynchronous."""
    yield from browser_or_skip()


@pytest.fixture(scope="package")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The service's glossaries, which the page may change."""
    return tmp_path_factory.mktemp("glossaries")


@pytest.fixture(scope="package")
def address(directory: Path) -> Iterator[str]:
    """A service without keys, that fetches pages from this machine."""
    with serving(
        script(delay="0.02"),
        JIANBAO_FETCH_HOSTS="127.0.0.1",
        JIANBAO_GLOSSARIES_DIR=str(directory),
        JIANBAO_GLOSSARIES_EDITABLE="1",
    ) as served:
        yield served.address
