"""The simulation of a day's articles."""

from __future__ import annotations

import dataclasses

import pytest

from bench.scale import HOURS, Replica, least, rate_at, simulate

KIND = Replica("one a second", rate=1.0, at_once=10, alone=2.0)


def test_the_rate_is_twice_the_mean_at_the_peak_and_the_same_before_and_after() -> None:
    assert rate_at(HOURS * 1800, 86_400) == pytest.approx(2.0)
    assert rate_at(0, 86_400) == pytest.approx(rate_at(HOURS * 3600, 86_400))
    assert 1.0 < rate_at(0, 86_400) < 2.0


def test_an_idle_replica_takes_as_long_as_for_one_article_alone() -> None:
    outcome = simulate(1, KIND, 2_000)
    assert outcome.refused == 0
    assert sum(outcome.taken) / len(outcome.taken) == pytest.approx(2.1, abs=0.2)


def test_a_replica_with_more_than_it_can_do_refuses_and_does_no_more_than_its_rate() -> None:
    outcome = simulate(1, KIND, 172_800)
    assert len(outcome.taken) == pytest.approx(HOURS * 3600 * KIND.rate, rel=0.05)
    assert outcome.refused > len(outcome.taken)


def test_replicas_that_are_chosen_by_chance_have_queues_where_the_idlest_has_none() -> None:
    by_chance = simulate(6, KIND, 172_800)  # four a second at the peak
    idlest = simulate(6, dataclasses.replace(KIND, idlest=True), 172_800)
    assert idlest.queued == 0
    assert by_chance.queued > 5


def test_the_fewest_replicas_are_those_that_the_peak_wants() -> None:
    replicas, outcome = least(KIND, 129_600)  # three a second at the peak
    assert replicas in {3, 4}
    assert outcome.failed <= 0.001 * len(outcome.taken)
    assert simulate(replicas, KIND, 129_600) == outcome, "the same seed, the same day"
