"""When work is begun, tried again and given up. Pure functions; the worker carries them out."""

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
"""Tries of an article that the engine gives up on."""
MOST_DEATHS = 20
"""Workers that may be lost over one article before it is taken for what kills them."""
_LONGEST_PAUSE = 60.0

DELIVERIES = 10
"""Tries to deliver a webhook; the last comes some 20 hours after the first."""
_FIRST_DELAY, _GROWTH, _LONGEST_DELAY = 5.0, 4.0, 6 * 3600.0
_JITTER = 0.2
_GONE = 410

Chance = Callable[[], float]
"""Draws from 0 to 1."""


class Retry(msgspec.Struct, frozen=True):
    """Try again after ``delay`` seconds; it ``counts`` as a failed try."""

    delay: float
    counts: bool


def room(
    *, ready: bool, waiting: int, running: int, most: int, passed_over: float, bound: float
) -> int:
    """How many articles more may be begun, of which ``running`` run and ``most`` may.

    None while anything waits for the engine (``waiting`` requests): who waits for an answer goes
    before jobs. But one, if they have been ``passed_over`` for ``bound`` seconds: nothing starves.
    """
    free = max(most - running, 0) if ready else 0
    if waiting:
        return min(free, 1) if passed_over >= bound else 0
    return free


def after_failure(error: Exception, tries: int, *, chance: Chance = random.random) -> Retry | None:
    """What to do about an article that failed with ``error`` after ``tries`` failed tries; None
    gives it up.
    """
    if isinstance(error, Overloaded | Unavailable):
        return Retry(_jittered(min(error.retry_after, _LONGEST_PAUSE), chance), counts=False)
    passing = isinstance(error, GenerationFailed | DeadlineExceeded)
    if passing and not isinstance(error, PromptTooLong) and tries + 1 < MOST_TRIES:
        return Retry(_jittered(2.0**tries, chance), counts=True)
    return None


def delivered(status: int) -> bool:
    """Whether a receiver that answers with ``status`` has it."""
    return 200 <= status < 300


def after_attempt(
    attempt: int, status: int, asked: float = 0.0, *, chance: Chance = random.random
) -> float | None:
    """Seconds until a webhook is tried again after its ``attempt``-th failure (from 1), at least
    the ``asked`` ones of the receiver's Retry-After; None gives it up. ``status`` is 0 if there
    was no answer.
    """
    if status == _GONE or attempt >= DELIVERIES:
        return None
    delay = min(_FIRST_DELAY * _GROWTH ** (attempt - 1), _LONGEST_DELAY)
    return max(_jittered(delay, chance), min(asked, _LONGEST_DELAY))


def _jittered(seconds: float, chance: Chance) -> float:
    """Within a fifth of ``seconds``, lest those that failed together come back together."""
    return seconds * (1 - _JITTER + 2 * _JITTER * chance())
