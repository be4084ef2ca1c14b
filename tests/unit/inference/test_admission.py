"""What the policy of admission promises."""

from __future__ import annotations

import pytest

from service.inference.admission import Limits, Load, fits, limits_for, overdue, retry_after


@pytest.mark.parametrize(
    ("cost", "load", "admitted"),
    [
        (100, Load(0, 0), True),
        (5_000, Load(0, 0), True),
        (100, Load(1, 900), True),
        (101, Load(1, 900), False),
        (1, Load(3, 10), True),
        (1, Load(4, 10), False),
    ],
    ids=[
        "an empty queue takes it",
        "an empty queue takes even an oversize one",
        "exactly full of tokens",
        "one token too many",
        "the last place",
        "no place",
    ],
)
def test_admission(cost: int, load: Load, admitted: bool) -> None:
    assert fits(cost, load, Limits(requests=4, tokens=1_000)) is admitted


@pytest.mark.parametrize(
    ("queued", "rate", "seconds"), [(1000, 100.0, 10), (1001, 100.0, 11), (0, 100.0, 1), (5, 10, 1)]
)
def test_retry_after_is_the_queue_over_the_rate_rounded_up(
    queued: int, rate: float, seconds: int
) -> None:
    assert retry_after(queued, rate) == seconds


@pytest.mark.parametrize(
    ("load", "rate", "timeout", "late"),
    [
        (Load(), 100.0, 0.0, 0.0),
        (Load(1, 1000), 100.0, 20.0, 0.0),
        (Load(1, 1000), 100.0, 5.0, 7.5),
        (Load(9, 1000), 1000.0, 60.0, -29.0),
    ],
)
def test_the_work_ahead_is_held_against_the_timeout(
    load: Load, rate: float, timeout: float, late: float
) -> None:
    assert overdue(load, rate, timeout) == late


@pytest.mark.parametrize(
    ("own", "usual", "late"),
    [
        (100, 100.0, 6.0),
        (100, 0.0, 6.0),
        (50, 100.0, 5.5),
        (200, 100.0, 19.0),  # stays twice as long as its place in the queue says
    ],
)
def test_a_larger_article_stays_longer(own: int, usual: float, late: float) -> None:
    assert overdue(Load(5, 1_000), 100.0, 10.0, own=own, usual=usual) == pytest.approx(late)


def test_a_nightly_batch_leaves_a_fifth_of_the_queue_to_the_others() -> None:
    limits = Limits(requests=100, tokens=1000)
    assert limits_for("low", limits) == Limits(requests=80, tokens=800)
    assert limits_for("normal", limits) == limits_for("high", limits) == limits
