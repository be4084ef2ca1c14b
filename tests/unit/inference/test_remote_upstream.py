"""Which model server is asked, and when one is left alone."""

from __future__ import annotations

from contextlib import suppress

import pytest

from service.inference.backoff import Backoff
from service.inference.engines.remote_upstream import Breaker, Upstream, base_url, choose_upstream


def breaker(failures: int = 3) -> Breaker:
    return Breaker(failures, Backoff(first=1.0, factor=2.0, cap=8.0))


def well(failures: int = 3) -> Breaker:
    made = breaker(failures)
    made.tried(well=True)
    made.succeed()
    return made


def upstream(outstanding: int = 0, *, rests_until: float = 0.0, is_open: bool = False) -> Upstream:
    made = Upstream("http://a:8000", breaker() if is_open else well())
    made.outstanding, made.rests_until = outstanding, rests_until
    return made


def test_a_breaker_is_open_until_a_trial_succeeds() -> None:
    made = breaker()
    assert made.open
    made.tried(well=False)
    assert made.open
    made.tried(well=True)
    assert not made.open


def test_failures_in_a_row_open_it_and_an_answer_between_ends_the_row() -> None:
    made = well()
    for _ in range(2):
        made.fail()
        made.fail()
        assert not made.open
        made.succeed()
    for _ in range(3):
        made.fail()
    assert made.open


def test_on_probation_one_failure_opens_it_again() -> None:
    made = breaker()
    made.tried(well=True)
    made.fail()
    assert made.open


def test_pauses_double_to_a_cap_and_an_answered_request_ends_that() -> None:
    made = breaker()
    pauses = []
    for _ in range(5):
        made.tried(well=False)
        pauses.append(made.pause)
    assert pauses == [1.0, 2.0, 4.0, 8.0, 8.0]
    made.tried(well=True)
    made.fail()
    assert made.pause == 8.0
    made.tried(well=True)
    made.succeed()
    assert made.pause == 1.0


def test_an_answer_that_comes_late_does_not_close_it() -> None:
    made = well(failures=1)
    made.fail()
    made.succeed()
    assert made.open


@pytest.mark.parametrize(
    ("loads", "chosen"), [([0, 0], 0), ([1, 0], 1), ([3, 2, 2], 1), ([5, 4, 1], 2)]
)
def test_the_one_with_the_fewest_requests_is_chosen(loads: list[int], chosen: int) -> None:
    servers = [upstream(load) for load in loads]
    assert choose_upstream(servers, now=0.0) is servers[chosen]


def test_open_and_resting_servers_are_not() -> None:
    servers = [upstream(is_open=True), upstream(rests_until=5.0), upstream(9)]
    assert choose_upstream(servers, now=4.0) is servers[2]
    assert choose_upstream(servers, now=5.0) is servers[1]
    assert choose_upstream(servers[:2], now=4.0) is None


@pytest.mark.parametrize(("load", "stays"), [(0, True), (2, True), (3, False)])
def test_an_article_stays_where_its_prompt_is_unless_others_have_far_less_to_do(
    load: int, stays: bool
) -> None:
    home, other = upstream(load), upstream(0)
    chosen = choose_upstream([other, home], now=0.0, home=home)
    assert chosen is (home if stays else other)


def test_one_that_just_failed_is_avoided_unless_it_is_the_last() -> None:
    failed, other = upstream(0), upstream(7)
    assert choose_upstream([failed, other], now=0.0, home=failed, avoid=failed) is other
    assert choose_upstream([failed], now=0.0, avoid=failed) is failed


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("http://a:8000", "http://a:8000/v1"),
        (" http://a:8000/ ", "http://a:8000/v1"),
        ("http://a:8000/v1/", "http://a:8000/v1"),
        ("https://gateway/openai/v1", "https://gateway/openai/v1"),
        ("https://gateway/llm", "https://gateway/llm/v1"),
    ],
)
def test_an_address_is_given_with_or_without_its_version(given: str, base: str) -> None:
    assert base_url(given) == base


def test_the_name_of_a_server_holds_no_password() -> None:
    assert Upstream("http://user:hunter2@a:8000/v1", breaker()).name == "a:8000"


def test_outstanding_requests_are_counted_however_they_end() -> None:
    made = upstream()
    with suppress(ZeroDivisionError), made.busier(), made.busier():
        assert made.outstanding == 2
        raise ZeroDivisionError
    assert made.outstanding == 0
