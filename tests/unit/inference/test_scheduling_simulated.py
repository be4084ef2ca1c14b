"""What the scheduling policy promises over hours, by a simulated clock.

High work is never behind other work that it did not find already running. Other work is not passed
over for longer than a quarter of the deadline by what came later.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from service.inference.scheduling import (
    Budget,
    ScheduledRequest,
    choose_batch,
    is_pressed,
    is_starved,
    rank,
)
from service.tasks import Priority

DEADLINE = 300.0
BOUND = 75.0
"""The stated bound, in seconds: a quarter of the deadline."""
HEARTBEAT = 1.0
ENGINE = Budget(tokens=20_000, sequences=10)
"""Of which 2 sequences and 4,000 tokens are kept from high work."""
LONGEST = 20.0
"""Seconds that a request of a flood runs at most."""
SEEDS = range(3)


@dataclass(frozen=True)
class Request:
    """An item that comes at ``item.since`` and runs for ``seconds``."""

    item: ScheduledRequest
    seconds: float
    timeout: float | None = None

    @property
    def at(self) -> float:
        return self.item.since


@dataclass(frozen=True)
class Begin:
    """What was begun ``at`` a moment, what waited on, and what ran then, itself included."""

    at: float
    item: ScheduledRequest
    waiting: Sequence[ScheduledRequest]
    running: Sequence[ScheduledRequest]


@dataclass
class Simulation:
    """An engine that is given what the policy chooses, whenever something comes or ends, and at
    each heartbeat.
    """

    requests: Sequence[Request]
    budget: Budget = ENGINE
    waiting: list[ScheduledRequest] = field(default_factory=list)
    running: list[ScheduledRequest] = field(default_factory=list)

    def run(self, *, to: str = "") -> dict[str, Begin]:
        """Run until all is begun, or what has the key ``to``; what was begun, by key."""
        by_key = {one.item.key: one for one in self.requests}
        events = [(one.at, number, one.item.key) for number, one in enumerate(self.requests)]
        heapq.heapify(events)
        heapq.heappush(events, (0.0, -1, ""))
        begun: dict[str, Begin] = {}
        while len(begun) < len(self.requests) and to not in begun:
            now, _, key = heapq.heappop(events)
            if not key:
                heapq.heappush(events, (now + HEARTBEAT, -1, ""))
            elif key in begun:
                self.running = [one for one in self.running if one.key != key]
            else:
                self.waiting.append(by_key[key].item)
            for item in self._choose(now, by_key):
                heapq.heappush(events, (now + by_key[item.key].seconds, -2, item.key))
                begun[item.key] = Begin(now, item, tuple(self.waiting), tuple(self.running))
        return begun

    def _choose(self, now: float, by_key: dict[str, Request]) -> list[ScheduledRequest]:
        if not self.waiting:
            return []
        self.waiting.sort(key=lambda one: rank(one.priority, one.since))
        batch = choose_batch(
            self.waiting,
            self.budget,
            running=self.running,
            pressed={
                one.key
                for one in (*self.waiting, *self.running)
                if is_pressed(now - one.since, by_key[one.key].timeout)
            },
            starved={
                one.key
                for one in self.waiting
                if is_starved(now - one.since, one.priority, DEADLINE)
            },
        )
        chosen = {one.key for one in batch}
        self.waiting = [one for one in self.waiting if one.key not in chosen]
        self.running = [*self.running, *batch]
        return batch


def flood(
    chance: random.Random,
    priority: Priority,
    *,
    load: float,
    until: float = 1_000.0,
    sequences: int = 1,
    timeout: float | None = None,
) -> list[Request]:
    """Requests that come by chance and ask for ``load`` times what the whole engine can do."""
    made: list[Request] = []
    at = 0.0
    while True:
        seconds, drawn = chance.uniform(2, LONGEST), chance.randint(1, sequences)
        at += chance.expovariate(load * ENGINE.sequences / (11 * (1 + sequences) / 2))
        if at > until:
            return made
        made.append(
            Request(
                ScheduledRequest(
                    f"{priority}{len(made)}",
                    prompt=chance.randint(100, 800) if sequences > 1 else 500,
                    output=100 * drawn,
                    sequences=drawn,
                    priority=priority,
                    since=at,
                ),
                seconds,
                timeout,
            )
        )


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - no secret


def lone(priority: Priority, at: float, **changes: int) -> Request:
    item = ScheduledRequest(f"lone {priority}", prompt=500, output=100, priority=priority, since=at)
    return Request(replace(item, **changes), seconds=10.0)


def of(priority: Priority, items: Iterable[ScheduledRequest]) -> list[ScheduledRequest]:
    return [one for one in items if one.priority == priority]


def sequences(items: Iterable[ScheduledRequest]) -> int:
    return sum(one.sequences for one in items)


# ------------------------------------------------------------------ high work


@pytest.mark.parametrize("seed", SEEDS)
def test_high_work_begins_as_if_the_others_that_it_did_not_find_running_had_never_come(
    seed: int,
) -> None:
    chance = _chance(seed)
    everything = [
        *flood(chance, "high", load=chance.choice([0.2, 0.7, 1.5]), until=200),
        *flood(chance, "normal", load=chance.choice([0.3, 1.5]), until=200),
        *flood(chance, "low", load=2.0, until=200),
    ]
    begun = Simulation(everything).run()
    delayed = 0
    for one in [one for one in everything if one.item.priority == "high"][-100::12]:
        before = [
            other
            for other in everything
            if other.item.priority == "high" or begun[other.item.key].at < one.at
        ]
        alone = Simulation(before).run(to=one.item.key)
        assert begun[one.item.key].at == alone[one.item.key].at
        delayed += begun[one.item.key].at > one.at
    assert delayed, "nothing ever waited: the test says nothing"


@pytest.mark.parametrize("seed", SEEDS)
def test_what_begins_while_high_work_waits_stays_in_the_part_that_is_kept(seed: int) -> None:
    chance = _chance(seed)
    kept = ENGINE.kept
    everything = [
        *flood(chance, "high", load=1.2, sequences=2, until=200),
        *flood(chance, "normal", load=1.0, sequences=2, until=200),
        *flood(chance, "low", load=1.0, sequences=2, until=200),
    ]
    beside = 0
    for begin in Simulation(everything).run().values():
        if begin.item.priority != "high" and of("high", begin.waiting):
            others = [one for one in begin.running if one.priority != "high"]
            assert sequences(others) <= kept.sequences
            assert sum(one.tokens for one in others) <= kept.tokens
            beside += 1
        assert sequences(of("high", begin.running)) <= ENGINE.sequences - kept.sequences
    assert beside > 20, "high work never waited: the test says nothing"


@pytest.mark.parametrize("timeout", [40.0, 100.0, 300.0])
def test_high_work_is_never_held_back_by_others_that_are_pressed_for_time(timeout: float) -> None:
    slow = [
        replace_seconds(one, 200.0)
        for one in flood(_chance(1), "low", load=0.05, sequences=2, until=300, timeout=timeout)
    ]
    clicks = [lone("high", at) for at in (50.5, 150.5, 250.5)]
    named = [
        Request(replace(one.item, key=f"click {number}"), one.seconds)
        for number, one in enumerate(clicks)
    ]
    begun = Simulation([*slow, *named]).run()
    assert [begun[one.item.key].at for one in named] == [one.at for one in named]


def replace_seconds(one: Request, seconds: float) -> Request:
    return Request(one.item, seconds, one.timeout)


# ------------------------------------------------------------------ the others


LOADS = [
    ("high work for twice the engine", 2.0, 0.0),
    ("normal work for twice the engine", 0.0, 2.0),
    ("both", 2.0, 2.0),
]


@pytest.mark.parametrize("priority", ["normal", "low"])
@pytest.mark.parametrize(("high", "normal"), [c[1:] for c in LOADS], ids=[c[0] for c in LOADS])
@pytest.mark.parametrize("haste", [False, True], ids=["patient", "in haste"])
def test_a_lone_request_begins_within_the_bound_and_the_time_of_one_other(
    priority: Priority, high: float, normal: float, haste: bool
) -> None:
    chance = _chance(3)
    timeout = 60.0 if haste else None
    crowd = [
        *(flood(chance, "high", load=high, until=150, timeout=timeout) if high else []),
        *(flood(chance, "normal", load=normal, until=150) if normal else []),
    ]
    one = lone(priority, 5.0)
    begun = Simulation([*crowd, one]).run(to=one.item.key)[one.item.key]
    assert begun.at - one.at <= BOUND + LONGEST + HEARTBEAT


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_but_high_work_that_came_later_goes_first_beyond_the_bound(seed: int) -> None:
    chance = _chance(seed)
    everything = [
        *flood(chance, "high", load=0.8, until=400),
        *flood(chance, "normal", load=0.8, until=400),
        *flood(chance, "low", load=0.4, until=400),
    ]
    begins = Simulation(everything).run().values()
    latest = 0.0
    for begin in begins:
        if begin.item.priority == "high":
            continue
        lows = sequences(of("low", begin.running))
        for other in begin.waiting:
            older = other.since < begin.item.since
            starved = begin.at - other.since > BOUND + HEARTBEAT
            served = other.priority == "low" and lows >= ENGINE.kept.sequences
            assert other.priority == "high" or not (older and starved) or served
            latest = max(latest, begin.at - other.since)
    assert latest > BOUND, "nothing waited for so long: the test says nothing"


@pytest.mark.parametrize("seed", SEEDS)
def test_low_work_moves_on_for_as_long_as_others_flood_the_engine(seed: int) -> None:
    chance = _chance(seed)
    batch = [replace_key(lone("low", 5.0), f"batch {number}") for number in range(40)]
    crowd = [
        *flood(chance, "high", load=1.5, until=600),
        *flood(chance, "normal", load=0.3, until=600),
    ]
    begun = Simulation([*crowd, *batch]).run()
    moments = sorted(begun[one.item.key].at for one in batch)
    assert moments[0] <= 5 + BOUND + LONGEST + HEARTBEAT
    # two places are kept, and taken for ten seconds each
    assert moments[-1] <= 600


def replace_key(one: Request, key: str) -> Request:
    return Request(replace(one.item, key=key), one.seconds, one.timeout)


def test_a_backlog_of_low_work_does_not_hold_back_normal_work() -> None:
    chance = _chance(5)
    backlog = [replace_key(lone("low", 0.0), f"backlog {number}") for number in range(150)]
    arrivals = flood(chance, "normal", load=0.5, until=300)
    begun = Simulation([*backlog, *arrivals]).run()
    # from the time on at which no low work runs that began before normal work came
    waits = [begun[one.item.key].at - one.at for one in arrivals if one.at > 30]
    assert max(waits) < 10


def test_without_high_work_nothing_is_kept_from_the_others() -> None:
    normal = [replace_key(lone("normal", 0.0), f"one {number}") for number in range(12)]
    begun = Simulation(normal).run().values()
    assert sorted({begin.at for begin in begun}) == [0.0, 10.0]
    assert sum(begin.at == 0.0 for begin in begun) == ENGINE.sequences
