"""The time that a caller gives an article."""

from __future__ import annotations

import time


class Deadline:
    """It begins when it is made, and ends ``timeout`` seconds later; never, if that is None."""

    def __init__(self, timeout: float | None) -> None:
        self.started = time.monotonic()
        """When it began, by ``time.monotonic``."""
        self.timeout = timeout

    @property
    def used(self) -> float:
        """The share of the time that has passed; 0 if it has no end."""
        if self.timeout is None:
            return 0.0
        passed = time.monotonic() - self.started
        return passed / self.timeout if self.timeout else 1.0

    def allot(self, share: float, *, at_most: float) -> float:
        """A ``share`` of the whole time in seconds, but no more than is left, nor than ``at_most``
        seconds.
        """
        if self.timeout is None:
            return at_most
        left = self.started + self.timeout - time.monotonic()
        return max(0.0, min(at_most, share * self.timeout, left))
