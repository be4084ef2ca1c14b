"""The deadline of a caller for an article."""

from __future__ import annotations

import time


class Deadline:
    """Starts when it is created and ends after ``timeout`` seconds; never if that is None."""

    def __init__(self, timeout: float | None) -> None:
        self.started = time.monotonic()
        """When it started, by ``time.monotonic``."""
        self.timeout = timeout

    @property
    def used(self) -> float:
        """The share of the time that has passed; 0 if there is no deadline."""
        if self.timeout is None:
            return 0.0
        passed = time.monotonic() - self.started
        return passed / self.timeout if self.timeout else 1.0

    def allot(self, share: float, *, at_most: float) -> float:
        """A ``share`` of the whole time, in seconds; at most the time that is left, and at most
        ``at_most`` seconds.
        """
        if self.timeout is None:
            return at_most
        left = self.started + self.timeout - time.monotonic()
        return max(0.0, min(at_most, share * self.timeout, left))
