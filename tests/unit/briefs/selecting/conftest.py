"""The analyzers as they are; they load in a second and are shared by all tests of this folder."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers


@pytest.fixture(scope="session")
def analyzers() -> Analyzers:
    return Analyzers()
