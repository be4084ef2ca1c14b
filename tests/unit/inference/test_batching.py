"""What the policy of admission promises, and the meters that it reads."""

from __future__ import annotations

import msgspec
import pytest

from service.inference.batching import (
    ArticleMeter,
    Backoff,
    Limits,
    Load,
    RateByLoad,
    RateMeter,
    admit,
    find_engine,
    limits_for,
    overdue,
    retry_after,
)
from service.inference.fake import INSTRUCT


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
    assert admit(cost, load, Limits(requests=4, tokens=1_000)) is admitted


@pytest.mark.parametrize(
    ("queued", "rate", "seconds"), [(1000, 100.0, 10), (1001, 100.0, 11), (0, 100.0, 1), (5, 10, 1)]
)
def test_retry_after_is_the_queue_over_the_rate_rounded_up(
    queued: int, rate: float, seconds: int
) -> None:
    assert retry_after(queued, rate) == seconds


def test_the_rate_is_the_guess_until_work_is_measured() -> None:
    assert RateMeter(guess=70.0).rate == 70.0


def test_the_rate_comes_to_what_is_measured() -> None:
    meter = RateMeter(guess=100.0, half_life=10.0)
    for _ in range(20):
        meter.add(tokens=2_000, seconds=10.0)
    assert meter.rate == pytest.approx(200.0, rel=0.01)


def test_the_rate_forgets_by_half_in_a_half_life() -> None:
    meter = RateMeter(guess=100.0, half_life=10.0)
    meter.add(tokens=0, seconds=10.0)
    # half of 100 tokens, over half of 1 second and 10 more
    assert meter.rate == pytest.approx(50 / 10.5)


def test_the_rate_never_reaches_zero() -> None:
    meter = RateMeter(half_life=0.1)
    meter.add(tokens=0, seconds=1_000.0)
    assert meter.rate > 0


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 3.0), (5_000, 3.0)]
)
def test_backoff_doubles_up_to_its_cap(failures: int, seconds: float) -> None:
    assert Backoff(first=0.5, factor=2.0, cap=3.0).delay(failures) == seconds


def test_the_first_engine_that_serves_a_task_is_found() -> None:
    lineup = [
        msgspec.structs.replace(INSTRUCT, tasks=("summarize:en",)),
        msgspec.structs.replace(INSTRUCT, tasks=("translate:en-zh", "summarize:en")),
    ]
    assert find_engine("summarize:en", lineup) == 0
    assert find_engine("translate:en-zh", lineup) == 1
    assert find_engine("translate:zh-en", lineup) is None


@pytest.mark.parametrize(
    ("load", "rate", "patience", "late"),
    [
        (Load(), 100.0, 0.0, 0.0),
        (Load(1, 1000), 100.0, 20.0, 0.0),
        (Load(1, 1000), 100.0, 5.0, 7.5),
        (Load(9, 1000), 1000.0, 60.0, -29.0),
    ],
)
def test_what_waits_is_held_against_patience(
    load: Load, rate: float, patience: float, late: float
) -> None:
    assert overdue(load, rate, patience) == late


def test_a_rate_is_settled_when_enough_was_measured() -> None:
    meter = RateMeter()
    meter.add(100, 10.0)
    assert not meter.settled
    meter.add(100, 10.0)
    assert meter.settled


def test_an_articles_growth_is_what_follows_its_first_request() -> None:
    meter = ArticleMeter(growth=1.5, window=1_000)
    assert meter.growth == 1.5
    for _ in range(100):
        meter.add(100, follow_up=False)
        meter.add(100, follow_up=True)
        meter.add(100, follow_up=True)
    assert meter.growth == pytest.approx(3.0, rel=0.1)


def test_usual_is_what_an_article_takes_in_all() -> None:
    meter = ArticleMeter(window=1_000)
    assert meter.usual == 0.0
    for _ in range(100):
        meter.add(100, follow_up=False)
        meter.add(50, follow_up=True)
    assert meter.usual == pytest.approx(150.0, rel=0.05)


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


def test_growth_is_never_below_one() -> None:
    meter = ArticleMeter(growth=0.5)
    assert meter.growth == 1.0


def test_rates_are_told_by_load_once_they_are_settled() -> None:
    rates = RateByLoad()
    rates.add(6_000, 60.0, running=1)
    rates.add(100, 1.0, running=9)
    assert rates.rate(0) is None
    assert rates.rate(1) == pytest.approx(100.0)
    rates.add(60_000, 60.0, running=8)
    assert rates.rate(15) == pytest.approx(1000.0, rel=0.05)


def test_twice_as_many_are_at_most_twice_as_fast() -> None:
    rates = RateByLoad()
    rates.add(6_000, 60.0, running=1)
    assert rates.rate(3) == pytest.approx(200.0)
    assert rates.rate(9) == pytest.approx(800.0)


def test_a_greater_load_is_not_taken_to_be_slower() -> None:
    rates = RateByLoad()
    rates.add(60_000, 60.0, running=4)
    rates.add(600, 60.0, running=8)
    rates.add(600, 60.0, running=9)
    assert rates.rate(8) == rates.rate(4)


def test_a_nightly_batch_leaves_a_fifth_of_the_queue_to_the_others() -> None:
    limits = Limits(requests=100, tokens=1000)
    assert limits_for("low", limits) == Limits(requests=80, tokens=800)
    assert limits_for("normal", limits) == limits_for("high", limits) == limits
