"""The meters that admission reads."""

from __future__ import annotations

import pytest

from service.inference.meters import ArticleMeter, RateByLoad, RateMeter, WorkMeter


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
        meter.add(100, first=True)
        meter.add(100, first=False)
        meter.add(100, first=False)
    assert meter.growth == pytest.approx(3.0, rel=0.1)


def test_usual_is_what_an_article_takes_in_all() -> None:
    meter = ArticleMeter(window=1_000)
    assert meter.usual == 0.0
    for _ in range(100):
        meter.add(100, first=True)
        meter.add(50, first=False)
    assert meter.usual == pytest.approx(150.0, rel=0.05)


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


def test_work_is_measured_over_the_time_in_which_something_is_written() -> None:
    meter = WorkMeter()
    meter.start(now=100.0)
    meter.finish(500, writing=2, now=105.0)
    meter.finish(9_000, writing=0, now=190.0)  # an idle hour says nothing of the speed
    meter.start(now=200.0)
    meter.finish(1_500, writing=2, now=215.0)
    assert meter.by_load.rate(2) == pytest.approx(100.0, rel=0.01)
    assert meter.by_load.rate(1) is None
