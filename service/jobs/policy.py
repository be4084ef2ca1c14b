"""When work is started, tried again and given up. Pure functions; the worker acts on them."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec

from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    Overloaded,
    PromptTooLong,
    Unavailable,
)

MOST_TRIES = 3
"""How often an article is tried that the engine fails on."""
MOST_DEATHS = 20
"""How many workers may die during one article before the article is blamed for it."""
_LONGEST_PAUSE = 60.0

DELIVERIES = 10
"""Attempts to deliver a webhook; the last is made some 20 hours after the first."""
_FIRST_DELAY, _GROWTH, _LONGEST_DELAY = 5.0, 4.0, 6 * 3600.0
_JITTER = 0.2
_GONE = 410

Chance = Callable[[], float]
"""Returns a random number from 0 to 1."""


class Retry(msgspec.Struct, frozen=True):
    """Try again after ``delay`` seconds; it ``counts`` as a failed try."""

    delay: float
    counts: bool


def room(
    *, ready: bool, waiting: int, running: int, most: int, passed_over: float, bound: float
) -> int:
    """Return how many more articles may be started, if ``running`` of at most ``most`` run now.

    It is none while ``waiting`` requests wait for the engine: clients that wait for an answer go
    before jobs. It is one if jobs have been ``passed_over`` for ``bound`` seconds, so that they do
    not starve.
    """
    free = max(most - running, 0) if ready else 0
    if waiting:
        return min(free, 1) if passed_over >= bound else 0
    return free


def after_failure(error: Exception, tries: int, *, chance: Chance = random.random) -> Retry | None:
    """Return whether and when to retry an article that failed with ``error`` after ``tries``
    earlier failures; None gives it up.
    """
    if isinstance(error, Overloaded | Unavailable):
        return Retry(_jittered(min(error.retry_after, _LONGEST_PAUSE), chance), counts=False)
    passing = isinstance(error, GenerationFailed | DeadlineExceeded)
    if passing and not isinstance(error, PromptTooLong) and tries + 1 < MOST_TRIES:
        return Retry(_jittered(2.0**tries, chance), counts=True)
    return None


def delivered(status: int) -> bool:
    """Whether ``status`` says that the receiver accepted the webhook."""
    return 200 <= status < 300


def after_attempt(
    attempt: int, status: int, asked: float = 0.0, *, chance: Chance = random.random
) -> float | None:
    """Return the seconds until a webhook is tried again after its ``attempt``-th failure (from 1):
    no less than the ``asked`` seconds of the receiver's Retry-After. None gives the webhook up.
    ``status`` is 0 if there was no answer.
    """
    if status == _GONE or attempt >= DELIVERIES:
        return None
    delay = min(_FIRST_DELAY * _GROWTH ** (attempt - 1), _LONGEST_DELAY)
    return max(_jittered(delay, chance), min(asked, _LONGEST_DELAY))


def _jittered(seconds: float, chance: Chance) -> float:
    """Vary ``seconds`` by up to a fifth, so that what failed together does not retry together."""
    return seconds * (1 - _JITTER + 2 * _JITTER * chance())
