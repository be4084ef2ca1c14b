"""Who is refused, and what is measured to know it; how a dead engine is started again. Policy,
apart from the machinery that carries it out: pure functions and meters.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

import msgspec

from service.inference.protocol import Capabilities
from service.tasks import Priority, Task


class Limits(msgspec.Struct, frozen=True):
    """How much may be accepted and unfinished."""

    requests: int
    tokens: int


def limits_for(priority: Priority, limits: Limits) -> Limits:
    """What one of ``priority`` finds taken of ``limits``: a nightly batch leaves a fifth of the
    queue to the others.
    """
    if priority != "low":
        return limits
    return Limits(int(limits.requests * _BATCH_SHARE), int(limits.tokens * _BATCH_SHARE))


class Load(msgspec.Struct, frozen=True):
    """How much is accepted and unfinished."""

    requests: int = 0
    tokens: int = 0


class Backoff(msgspec.Struct, frozen=True):
    """How a dead engine process is started again.

    The pause before the n-th restart in a row is ``first * factor ** (n - 1)`` seconds, at most
    ``cap``. ``stable`` seconds of service end the row. After ``attempts`` loads in a row that
    never came up, there is no further one.
    """

    first: float = 0.5
    factor: float = 2.0
    cap: float = 30.0
    stable: float = 60.0
    attempts: int = 5

    def delay(self, failures: int) -> float:
        """Seconds to wait after ``failures`` (at least 1) deaths in a row."""
        exponent = min(failures - 1, 64)
        return float(min(self.cap, self.first * self.factor**exponent))


def admit(cost: int, load: Load, limits: Limits) -> bool:
    """Whether a request of ``cost`` tokens may join ``load``. An empty queue takes one of any
    cost, or an oversize request could never run.
    """
    if not load.requests:
        return True
    return load.requests < limits.requests and load.tokens + cost <= limits.tokens


def overdue(load: Load, rate: float, patience: float, *, own: int = 0, usual: float = 0.0) -> float:
    """By how many seconds ``load`` and an article of ``own`` tokens that joins it take longer, at
    ``rate`` tokens a second, than ``patience`` seconds; at most 0 means that it is finished in
    time. Nothing is ahead of what joins an empty queue. Half of the patience is kept for what an
    estimate cannot know: repairs, tokens that were counted too low, and above all what comes later,
    whose prompts are read between the words of what runs.

    What runs together shares the engine, and who is done makes room for the next: an article that
    is larger than ``usual`` stays as many times longer.
    """
    if not load.requests:
        return 0.0
    return (load.tokens + own) * longer(own, usual) / rate - _CERTAIN * patience


def longer(own: int, usual: float) -> float:
    """How many times as long as a usual article one of ``own`` tokens stays, at least 1."""
    return max(1.0, own / usual) if usual else 1.0


def retry_after(queued_cost: int, rate: float) -> int:
    """Whole seconds, at least 1, until ``queued_cost`` tokens are done at ``rate`` a second."""
    return max(1, math.ceil(queued_cost / rate))


_SETTLED_SECONDS = 15.0
_CERTAIN = 0.5
_BATCH_SHARE = 0.8


class RateMeter:
    """Tokens of finished work per busy second: an average that forgets with a half-life of
    ``half_life`` busy seconds. Until work is measured, ``guess`` stands for one second of it.
    """

    def __init__(self, *, guess: float = 100.0, half_life: float = 60.0) -> None:
        self._tokens = guess
        self._seconds = 1.0
        self._half_life = half_life

    def add(self, tokens: int, seconds: float) -> None:
        """Count ``tokens`` that were finished in ``seconds`` more of busy time."""
        kept = 0.5 ** (seconds / self._half_life)
        self._tokens = self._tokens * kept + tokens
        self._seconds = self._seconds * kept + seconds

    @property
    def settled(self) -> bool:
        """Whether 15 busy seconds were measured, enough to refuse work by."""
        return self._seconds >= _SETTLED_SECONDS

    @property
    def rate(self) -> float:
        """Tokens a second, above 0."""
        return max(self._tokens / self._seconds, 1e-3)


class RateByLoad:
    """Rates by how many requests run together (1, 2 to 3, 4 to 7, and so on): a batch is much
    faster than one request, and the rate of a quiet hour is nothing to refuse a crowd by.
    """

    def __init__(self) -> None:
        self._meters: defaultdict[int, RateMeter] = defaultdict(RateMeter)

    def add(self, tokens: int, seconds: float, running: int) -> None:
        """Count ``tokens`` that were finished in ``seconds``, with ``running`` requests."""
        self._meters[running.bit_length()].add(tokens, seconds)

    def rate(self, running: int) -> float | None:
        """Tokens a second with ``running`` requests, None until a load like it or a smaller one is
        settled. More requests are never slower together than fewer; of a load that was never seen
        it is assumed that twice as many are twice as fast.
        """
        load = running.bit_length()
        known = {at: one.rate for at, one in self._meters.items() if at <= load and one.settled}
        if not known:
            return None
        return max(known.values()) * 2.0 ** (load - max(known))


class ArticleMeter:
    """What articles cost: an average over the last ``window`` tokens of their first requests.
    Until it is measured, ``growth`` is as guessed and ``usual`` is 0.
    """

    def __init__(self, *, growth: float = 1.5, window: float = 50_000.0) -> None:
        self._first = window / 10
        self._all = growth * self._first
        self._articles = 0.0
        self._measured = 0.0
        self._window = window

    def add(self, tokens: int, *, follow_up: bool) -> None:
        """Count a finished request of ``tokens``."""
        self._all += tokens
        self._measured += tokens
        if not follow_up:
            self._first += tokens
            self._articles += 1
        if self._first > self._window:
            kept = self._window / self._first
            self._first, self._all = self._window, self._all * kept
            self._articles, self._measured = self._articles * kept, self._measured * kept

    @property
    def growth(self) -> float:
        """Tokens of all its requests, divided by those of the first; at least 1."""
        return max(self._all / self._first, 1.0)

    @property
    def usual(self) -> float:
        """Tokens of all requests of one article."""
        return self._measured / self._articles if self._articles else 0.0


def find_engine(task: Task, capabilities: Sequence[Capabilities]) -> int | None:
    """Index of the first engine that serves ``task``."""
    return next((index for index, one in enumerate(capabilities) if task in one.tasks), None)


Refusal = Literal[
    "overloaded",
    "impatient",
    "starting",
    "fetching",
    "loading",
    "unreachable",
    "restarting",
    "draining",
    "dead",
]
"""Why a request was not accepted."""
