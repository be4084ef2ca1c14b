"""The pauses between attempts."""

from __future__ import annotations

import pytest

from service.inference.backoff import Backoff


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 3.0), (5_000, 3.0)]
)
def test_backoff_doubles_up_to_its_cap(failures: int, seconds: float) -> None:
    assert Backoff(first=0.5, factor=2.0, cap=3.0).delay(failures) == seconds
