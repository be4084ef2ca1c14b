"""The analyzers, loaded once."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers


@pytest.fixture(scope="session")
def analyzers() -> Analyzers:
    return Analyzers()
