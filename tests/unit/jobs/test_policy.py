"""When work is begun, tried again and given up."""

from __future__ import annotations

import pytest

from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    InvalidInput,
    Overloaded,
    PromptTooLong,
    Unavailable,
    UnsupportedTask,
)
from service.jobs.policy import Retry, after_attempt, after_failure, delivered, room


@pytest.mark.parametrize(
    ("ready", "waiting", "running", "expected"),
    [
        (True, 0, 0, 8),
        (True, 0, 5, 3),
        (True, 0, 8, 0),
        (True, 0, 12, 0),  # those that began at once are over the limit
        (True, 1, 0, 0),
        (False, 0, 0, 0),
    ],
)
def test_no_article_is_begun_while_anyone_waits(
    ready: bool, waiting: int, running: int, expected: int
) -> None:
    free = room(ready=ready, waiting=waiting, running=running, most=8, passed_over=74.0, bound=75.0)
    assert free == expected


@pytest.mark.parametrize(
    ("ready", "running", "expected"), [(True, 0, 1), (True, 7, 1), (True, 8, 0), (False, 0, 0)]
)
def test_one_article_is_begun_although_others_wait_when_jobs_were_passed_over_for_the_bound(
    ready: bool, running: int, expected: int
) -> None:
    free = room(ready=ready, waiting=5, running=running, most=8, passed_over=75.0, bound=75.0)
    assert free == expected


@pytest.mark.parametrize(
    ("error", "tries", "expected"),
    [
        (Overloaded("full", retry_after=7), 0, Retry(7, counts=False)),
        (Overloaded("full", retry_after=7), 99, Retry(7, counts=False)),
        (Overloaded("full", retry_after=900), 0, Retry(60, counts=False)),
        (Unavailable("loading"), 0, Retry(5, counts=False)),
        (GenerationFailed("died"), 0, Retry(1, counts=True)),
        (GenerationFailed("died"), 1, Retry(2, counts=True)),
        (GenerationFailed("died"), 2, None),
        (DeadlineExceeded("late"), 0, Retry(1, counts=True)),
        (PromptTooLong("long", tokens=9, limit=8), 0, None),
        (InvalidInput("no", field="text"), 0, None),
        (UnsupportedTask("no model"), 0, None),
        (RuntimeError("a mistake of ours"), 0, None),
    ],
)
def test_what_may_pass_is_tried_again(error: Exception, tries: int, expected: Retry | None) -> None:
    assert after_failure(error, tries, chance=lambda: 0.5) == expected


def test_what_failed_together_does_not_come_back_together() -> None:
    error = Overloaded("full", retry_after=10)
    assert after_failure(error, 0, chance=lambda: 0.0) == Retry(8, counts=False)
    assert after_failure(error, 0, chance=lambda: 0.75) == Retry(11, counts=False)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(0, False), (200, True), (202, True), (204, True), (301, False), (404, False), (500, False)],
)
def test_two_hundreds_alone_are_delivered(status: int, expected: bool) -> None:
    assert delivered(status) is expected


def test_webhooks_are_tried_ten_times_over_twenty_hours() -> None:
    delays = [after_attempt(attempt, 500, chance=lambda: 0.5) for attempt in range(1, 11)]
    assert delays == [5, 20, 80, 320, 1280, 5120, 20480, 21600, 21600, None]


@pytest.mark.parametrize(
    ("attempt", "status", "asked", "expected"),
    [
        (1, 410, 0, None),  # gone, says the receiver: for good
        (1, 0, 0, 5),  # no answer
        (1, 302, 0, 5),
        (1, 429, 120, 120),
        (3, 503, 2, 80),
        (1, 503, 1e9, 21600),
    ],
)
def test_a_receiver_may_ask_for_more_time_or_for_none(
    attempt: int, status: int, asked: float, expected: float | None
) -> None:
    assert after_attempt(attempt, status, asked, chance=lambda: 0.5) == expected
