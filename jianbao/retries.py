"""When a request is sent again: one policy for both clients, which only send and sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import httpx

from jianbao.errors import Unreachable

RETRIED: Final = frozenset({429, 503})
"""Statuses that say that nothing was done of a request, and that it may be sent again."""
_USUAL_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 30.0


class Attempts:
    """The attempts to send one request to the service at ``address``, for ``patience`` seconds from
    now on.
    """

    def __init__(
        self, address: str, patience: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._address = address
        self._clock = clock
        self._until = clock() + patience

    def wait_after(self, answer: httpx.Response) -> float | None:
        """Return the seconds after which to send again; None if this answer is the one to take."""
        if answer.status_code not in RETRIED:
            return None
        wait = wait_asked(answer)
        return wait if self._may_wait(wait) else None

    def wait_after_failure(self, error: httpx.TransportError) -> float:
        """Return the seconds after which to send again.

        Raises:
            Unreachable: the request may have arrived, or the patience is used up.
        """
        # only what could not connect was certainly not sent
        if isinstance(error, httpx.ConnectError) and self._may_wait(_USUAL_WAIT):
            return _USUAL_WAIT
        raise Unreachable(f"{self._address}: {error or type(error).__name__}") from error

    def _may_wait(self, seconds: float) -> bool:
        return self._clock() + seconds <= self._until


def wait_asked(answer: httpx.Response) -> float:
    """Seconds of ``Retry-After``, a second if it does not say."""
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_WAIT) if asked.isdigit() else _USUAL_WAIT
