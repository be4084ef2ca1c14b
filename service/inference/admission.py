"""Which articles are admitted. Policy, apart from the machinery that carries it out: pure functions
over values.
"""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from service.tasks import Priority

_RELIABLE = 0.5
"""Share of a caller's time that an estimate may fill."""
_LOW_SHARE = 0.8
"""Share of the queue that work of low priority may fill."""

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
"""Why an article was not admitted; a label of the metrics. ``impatient``: it would not be finished
within its timeout."""


class Limits(msgspec.Struct, frozen=True):
    """How much may be accepted and unfinished."""

    requests: int
    tokens: int


class Load(msgspec.Struct, frozen=True):
    """How much is accepted and unfinished."""

    requests: int = 0
    tokens: int = 0


def limits_for(priority: Priority, limits: Limits) -> Limits:
    """The part of ``limits`` that work of ``priority`` may fill: a nightly batch leaves a fifth of
    the queue to others.
    """
    if priority != "low":
        return limits
    return Limits(int(limits.requests * _LOW_SHARE), int(limits.tokens * _LOW_SHARE))


def fits(tokens: int, load: Load, limits: Limits) -> bool:
    """Whether an article of ``tokens`` may join ``load``. An empty queue takes one of any size, or
    an oversize article could never run.
    """
    if not load.requests:
        return True
    return load.requests < limits.requests and load.tokens + tokens <= limits.tokens


def overdue(load: Load, rate: float, timeout: float, *, own: int = 0, usual: float = 0.0) -> float:
    """By how many seconds an article of ``own`` tokens that joins ``load`` would miss ``timeout``
    (seconds), at ``rate`` tokens a second; at most 0 means that it is finished in time. Nothing is
    ahead of an article that joins an empty queue. Half of the time is kept for what an estimate
    cannot know: repairs, tokens that were counted too low, and above all later articles, whose
    prompts are read between the words of those that run.

    Requests that run together share the engine, and each that ends makes room for the next: an
    article that is larger than ``usual`` takes as many times longer.
    """
    if not load.requests:
        return 0.0
    return (load.tokens + own) * slowdown(own, usual) / rate - _RELIABLE * timeout


def slowdown(own: int, usual: float) -> float:
    """How many times as long as a usual article one of ``own`` tokens takes, at least 1."""
    return max(1.0, own / usual) if usual else 1.0


def retry_after(queued_tokens: int, rate: float) -> int:
    """Whole seconds, at least 1, until ``queued_tokens`` are done at ``rate`` a second."""
    return max(1, math.ceil(queued_tokens / rate))
