"""What admission promises over reservations, with requests of which only the numbers are known."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from service.errors import Overloaded
from service.inference.admission import Limits, Refusal
from service.inference.meters import RateByLoad, WorkMeter
from service.inference.protocol import Plan
from service.inference.tickets import Admissions

FIRST = Plan("summarize:en", 400, started=1.0)


@dataclass
class Request:
    """An accepted request of normal priority, of an article that began at ``started``."""

    tokens: int
    started: float = 1.0
    is_running: bool = True

    @property
    def remaining(self) -> int:
        return 2 * self.tokens

    @property
    def turn(self) -> tuple[int, float]:
        return (1, self.started)


class Desk:
    """Admissions over ``requests``, at 100 tokens a second however many run."""

    def __init__(self, limits: Limits, *, measured: bool = False) -> None:
        rates = RateByLoad()
        for running in (1, 2, 4, 8) if measured else ():
            rates.add(6_000, 60.0, running)
        self.requests: list[Request] = []
        self.refusals: list[Refusal] = []
        self.admissions = Admissions(
            limits,
            WorkMeter(rates),
            accepted=lambda: self.requests,
            measure=lambda: None,
            on_refused=self.refusals.append,
        )

    def is_refused(self, plan: Plan) -> bool:
        """Whether the plan is refused now; nothing is kept for it if not."""
        try:
            reservation = self.admissions.admit(plan, concurrency=8)
        except Overloaded:
            return True
        self.admissions.release(reservation)
        return False


def test_an_admitted_article_holds_its_place_before_it_sends_anything() -> None:
    desk = Desk(Limits(requests=2, tokens=10_000))
    one = desk.admissions.admit(FIRST, concurrency=8)
    desk.admissions.admit(FIRST, concurrency=8)
    assert desk.is_refused(FIRST)
    desk.admissions.release(one)
    assert not desk.is_refused(FIRST)
    assert desk.refusals == ["overloaded"]


def test_what_an_article_has_not_asked_for_yet_is_kept_for_it() -> None:
    desk = Desk(Limits(requests=9, tokens=1_000))
    parts = Plan("summarize:en", 200, concurrent_tokens=600, started=1.0)
    reservation = desk.admissions.admit(parts, concurrency=8)
    assert desk.is_refused(Plan("summarize:en", 201))
    assert not desk.is_refused(Plan("summarize:en", 200))
    # one part was sent: its tokens are counted as a request's, not twice
    reservation.sent += 300
    desk.requests.append(Request(300))
    assert desk.is_refused(Plan("summarize:en", 201))
    assert not desk.is_refused(Plan("summarize:en", 200))


def test_the_rest_of_a_plan_is_given_back_when_a_first_request_has_ended() -> None:
    desk = Desk(Limits(requests=9, tokens=1_000))
    reservation = desk.admissions.admit(Plan("summarize:en", 900), concurrency=8)
    reservation.sent, reservation.answered = 100, True
    desk.requests.append(Request(100))
    assert not desk.is_refused(Plan("summarize:en", 900))
    assert desk.is_refused(Plan("summarize:en", 901))


@pytest.mark.parametrize(
    ("timeout", "refused"),
    [
        # 400 tokens and half as many that will follow are ahead, and as many of its own: 12 seconds
        # at 100 tokens a second; half of the timeout counts
        (23.0, True),
        (25.0, False),
        (None, False),
    ],
)
def test_an_article_that_has_sent_nothing_counts_as_work_ahead(
    timeout: float | None, refused: bool
) -> None:
    desk = Desk(Limits(requests=9, tokens=10_000), measured=True)
    desk.admissions.admit(FIRST, concurrency=8)
    plan = Plan("summarize:en", 400, started=2.0, timeout=timeout)
    assert desk.is_refused(plan) is refused
    assert desk.refusals == (["impatient"] if refused else [])


def test_only_work_that_goes_before_it_makes_an_article_late() -> None:
    desk = Desk(Limits(requests=9, tokens=10_000), measured=True)
    hurried = Plan("summarize:en", 100, started=2.0, timeout=9.0)
    desk.requests.append(Request(1_000, started=5.0, is_running=False))
    desk.admissions.admit(Plan("summarize:en", 1_000, priority="low", started=1.0), concurrency=8)
    assert not desk.is_refused(hurried)
    desk.requests[0].is_running = True
    assert desk.is_refused(hurried)


def test_the_later_steps_of_a_plan_count_as_it_says() -> None:
    desk = Desk(Limits(requests=9, tokens=10_000), measured=True)
    desk.requests.append(Request(100))
    known = Plan("translate:en-zh", 100, later_tokens=700, started=2.0, timeout=19.0)
    assert desk.is_refused(known)
    assert not desk.is_refused(Plan("translate:en-zh", 100, later_tokens=0, timeout=19.0))
