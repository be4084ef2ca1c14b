"""The articles that are being worked on, and whether another one is admitted beside them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import NoReturn, Protocol

import msgspec

from service.errors import Overloaded
from service.inference.admission import (
    Limits,
    Load,
    Refusal,
    fits,
    limits_for,
    overdue,
    retry_after,
)
from service.inference.meters import WorkMeter
from service.inference.protocol import Plan
from service.inference.scheduling import rank


@dataclass(slots=True, eq=False)
class Reservation:
    """What an admitted article holds, from its admission to its end.

    Until one of its requests has ended, the tokens of its ``plan`` that it has not asked for yet
    (``plan.tokens`` and ``plan.concurrent_tokens`` less those ``sent``) are kept for it; from then
    on what its later steps take is estimated from what other articles took. ``begun`` is whether
    the engine has written anything for it.
    """

    plan: Plan
    sent: int = 0
    begun: bool = False
    answered: bool = False

    @property
    def is_unused(self) -> bool:
        """Whether it has sent no request yet."""
        return not self.sent and not self.answered

    @property
    def kept(self) -> int:
        """Tokens that are kept for requests that it has not sent yet."""
        planned = self.plan.tokens + self.plan.concurrent_tokens
        return 0 if self.answered else max(0, planned - self.sent)

    @property
    def age(self) -> float:
        """Seconds since work on the article began."""
        return time.monotonic() - self.plan.started


class Accepted(Protocol):
    """A request that waits or runs, as admission sees it."""

    @property
    def tokens(self) -> int:
        """Its estimated tokens."""

    @property
    def remaining(self) -> int:
        """Its estimated tokens and those of its article's later steps."""

    @property
    def is_running(self) -> bool:
        """Whether the engine has it."""

    @property
    def turn(self) -> tuple[int, float]:
        """When it goes, see :func:`service.inference.scheduling.rank`."""


class Admissions:
    """Decides on plans and keeps the reservations of those that were admitted. ``accepted`` gives
    the requests that wait or run and are to write something: texts that are only scored go after
    all others, so nothing waits for them. ``measure`` brings the rates of ``meter`` up to now.
    """

    def __init__(
        self,
        limits: Limits,
        meter: WorkMeter,
        *,
        accepted: Callable[[], Collection[Accepted]],
        measure: Callable[[], None],
        on_refused: Callable[[Refusal], None],
    ) -> None:
        self._limits = limits
        self._meter = meter
        self._accepted = accepted
        self._measure = measure
        self._on_refused = on_refused
        self._open: set[Reservation] = set()

    def admit(self, plan: Plan, *, concurrency: int) -> Reservation:
        """Reserve what ``plan`` asks for, until :meth:`release`. ``concurrency`` is how many
        sequences its engine decodes together.

        Raises:
            Overloaded: there is no room for the article, or no time for it.
        """
        if not plan.started:
            plan = msgspec.structs.replace(plan, started=time.monotonic())
        accepted = self._accepted()
        unused = [one for one in self._open if one.is_unused]
        self._require_room(plan, accepted, unused)
        self._require_time(plan, accepted, unused, concurrency)
        reservation = Reservation(plan)
        self._open.add(reservation)
        return reservation

    def release(self, reservation: Reservation) -> None:
        """Give back what the article holds."""
        self._open.discard(reservation)

    def planned_tokens(self, plan: Plan) -> int:
        """Estimated tokens of a whole article that has sent nothing yet."""
        first = plan.tokens
        if plan.later_tokens is not None:
            return first + plan.later_tokens + plan.concurrent_tokens
        return int(first * self._meter.articles.growth) + plan.concurrent_tokens

    def _require_room(
        self, plan: Plan, accepted: Collection[Accepted], unused: Collection[Reservation]
    ) -> None:
        load = Load(
            len(accepted) + len(unused),
            sum(one.tokens for one in accepted) + sum(one.kept for one in self._open),
        )
        wanted = plan.tokens + plan.concurrent_tokens
        if not fits(wanted, load, limits_for(plan.priority, self._limits)):
            self._measure()
            seconds = retry_after(load.tokens, self._meter.overall.rate)
            self._refuse("overloaded", "too many requests wait", seconds)

    def _require_time(
        self,
        plan: Plan,
        accepted: Iterable[Accepted],
        unused: Iterable[Reservation],
        concurrency: int,
    ) -> None:
        turn = rank(plan.priority, plan.started)
        ahead = [one for one in accepted if one.is_running or one.turn <= turn]
        plans = [one.plan for one in unused]
        plans = [one for one in plans if rank(one.priority, one.started) <= turn]
        together = len(ahead) + len(plans)
        rate = self._meter.by_load.rate(min(together + 1, concurrency))
        if rate is None or plan.timeout is None:
            return
        tokens = sum(one.remaining for one in ahead) + sum(map(self.planned_tokens, plans))
        late = overdue(
            Load(together, tokens),
            rate,
            plan.timeout,
            own=self.planned_tokens(plan),
            usual=self._meter.articles.usual,
        )
        if late > 0:
            message = f"the work ahead takes longer than the {plan.timeout:g} seconds asked for"
            self._refuse("impatient", message, math.ceil(late))

    def _refuse(self, reason: Refusal, message: str, seconds: int) -> NoReturn:
        self._on_refused(reason)
        raise Overloaded(f"{message}; try again later", retry_after=seconds)
