"""Simulates how many replicas a day's articles need: ``python -m bench.scale``.

Articles come by chance, more by day than by night; a replica works on so many at once and has the
measured throughput when it does. An article that would wait longer than the deadline is refused, as
the service does. A Service of Kubernetes sends each request to a replica by chance, however busy it
is; Jianbao sends each to the idlest of its model servers. Nothing else of the service is in it: no
autoscaler, no failures, no prefix cache.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import simpy

DAY = 86_400
HOURS = 6
"""So much of the day is simulated, around its peak."""
PEAK = 2.0
"""The rate at the busiest moment over the mean of the day; a cosine between it and the night's."""
DEADLINE = 60.0
"""Seconds; what would wait longer is refused."""
SPREAD = 4
"""Shape of the gamma distribution of an article's seconds: a standard deviation of half the mean. A
guess.
"""


@dataclass(frozen=True)
class Replica:
    """``rate`` articles a second when ``at_once`` of them are under way; one alone takes
    ``alone`` seconds. ``idlest``: an article is sent to the replica that has the fewest.
    """

    name: str
    rate: float
    at_once: int
    alone: float
    idlest: bool = False


CORES = Replica("2 cores", rate=19.7 / 60, at_once=8, alone=7.1)
"""Measured: RESULTS.md, Throughput, 2026-11-29."""
TOKENS = 650
"""Prompt and answer of an article of 3,900 characters, before translations were scored:
590 + 57 (docs/scale.md)."""
GPU = Replica("A100", rate=5967 / TOKENS, at_once=64, alone=1.0, idlest=True)
"""Published, not measured here: docs/scale.md. The time of one article alone is a guess."""


@dataclass
class Outcome:
    """The result for the articles that arrived, in seconds. ``queued`` is the longest queue of a
    replica.
    """

    taken: list[float]
    refused: int = 0
    queued: int = 0

    @property
    def failed(self) -> int:
        """Refused, or not done within the deadline."""
        return self.refused + sum(seconds > DEADLINE for seconds in self.taken)


def rate_at(second: float, articles: int) -> float:
    """Articles a second, ``HOURS / 2`` hours from the start being the busiest moment."""
    hours = (second - HOURS * 1800) / DAY
    return articles / DAY * (1 + (PEAK - 1) * math.cos(2 * math.pi * hours))


def simulate(replicas: int, kind: Replica, articles: int, seed: int = 1) -> Outcome:
    """The busiest hours of a day of so many articles."""
    chance = random.Random(seed)  # noqa: S311
    world = simpy.Environment()
    pods = [simpy.Resource(world, capacity=kind.at_once) for _ in range(replicas)]
    outcome = Outcome([])

    def chosen() -> simpy.Resource:
        if kind.idlest:
            return min(pods, key=lambda pod: pod.count + len(pod.queue))
        return chance.choice(pods)

    def seconds(pod: simpy.Resource) -> float:
        """The busier the replica, the longer: from one alone to the measured rate."""
        busy = (pod.count - 1) / max(pod.capacity - 1, 1)
        full = kind.at_once / kind.rate
        mean = kind.alone + (full - kind.alone) * busy
        return chance.gammavariate(SPREAD, mean / SPREAD)

    def article() -> Generator[Any, Any, None]:
        came, pod = world.now, chosen()
        waits = len(pod.queue) / kind.rate
        if waits + kind.at_once / kind.rate > DEADLINE:
            outcome.refused += 1
            return
        with pod.request() as place:
            outcome.queued = max(outcome.queued, len(pod.queue))
            yield place
            yield world.timeout(seconds(pod))
        outcome.taken.append(world.now - came)

    def coming() -> Generator[Any, Any, None]:
        most = rate_at(HOURS * 1800, articles)
        while True:
            yield world.timeout(chance.expovariate(most))
            if chance.random() < rate_at(world.now, articles) / most:
                world.process(article())

    world.process(coming())
    world.run(until=HOURS * 3600)
    return outcome


def least(kind: Replica, articles: int) -> tuple[int, Outcome]:
    """The fewest replicas that fail fewer than one article in a thousand, to a tenth."""
    replicas = max(1, math.floor(rate_at(HOURS * 1800, articles) / kind.rate))
    while True:
        outcome = simulate(replicas, kind, articles)
        if outcome.failed <= 0.001 * (len(outcome.taken) + outcome.refused):
            return replicas, outcome
        replicas += max(1, replicas // 10)


def main() -> None:
    """Print a table, in Markdown."""
    print("| articles a day | replica | replicas | p50, s | p99, s | longest queue | failed |")
    print("|---|---|---|---|---|---|---|")
    for articles in (1_000, 10_000, 100_000, 1_000_000):
        for kind in (CORES, GPU):
            replicas, outcome = least(kind, articles)
            cuts = statistics.quantiles(outcome.taken, n=100)
            print(
                f"| {articles:,} | {kind.name} | {replicas} | {cuts[49]:.1f} | {cuts[98]:.1f} "
                f"| {outcome.queued} | {outcome.failed} |"
            )


if __name__ == "__main__":
    main()
