"""The translator of tests that share one app for their module."""

from __future__ import annotations

import pytest

from service.translation.fake import FakeTranslator


@pytest.fixture(scope="module")
def shared() -> FakeTranslator:
    """The translator of the module's app."""
    return FakeTranslator()


@pytest.fixture
def translator(shared: FakeTranslator) -> FakeTranslator:
    """The app's, with nothing asked yet."""
    shared.orders.clear()
    shared.timeouts.clear()
    return shared
