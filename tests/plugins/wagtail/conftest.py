"""The newsroom's site, the service beside it, and who works there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.plugins.wagtail.misbehaving import MisbehavingService
from tests.plugins.wagtail.newsroom import Newsroom
from tests.plugins.wagtail.scripted import scripted_service
from tests.support.receiver import SECRET
from tests.support.wagtail_site.setup import configure, open_site

configure()

REPLIES = {
    "Work begins in March and is": "工程三月开工，预计历时两年。",
    "Residents welcomed the plan": "居民欢迎这项计划，但店主担心道路封闭会让他们失去顾客。",
}
"""What the engine makes of the article's second and third sentence; the first comes back as it was
sent, so it is doubtful, and the later ones are not left out with it."""


@pytest.fixture(scope="module")
def site() -> Iterator[Newsroom]:
    """A site with a home page and an administrator, for the tests of a module."""
    with open_site():
        yield Newsroom.open()


@pytest.fixture(scope="session")
def service() -> Iterator[str]:
    """The address of the real service over the scripted engine, which sends webhooks too."""
    webhooks = {
        "JIANBAO_WEBHOOK_SECRET": SECRET,
        "JIANBAO_WEBHOOK_HOSTS": "127.0.0.1",
        "JIANBAO_WEBHOOK_ALLOW_HTTP": "1",
    }
    with scripted_service({"replies": json.dumps(REPLIES)}, **webhooks) as address:
        yield address


@pytest.fixture
def misbehaving() -> Iterator[MisbehavingService]:
    """A service that does whatever a test tells it to."""
    with MisbehavingService() as started:
        yield started


@pytest.fixture
def admin(site: Newsroom) -> Any:
    """The administrator's requests."""
    return site.signed_in("chief")
