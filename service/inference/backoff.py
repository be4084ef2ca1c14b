"""How long to wait before something that failed is tried again."""

from __future__ import annotations

import msgspec


class Backoff(msgspec.Struct, frozen=True):
    """Pauses that grow with each failure in a row.

    The pause after the n-th failure is ``first * factor ** (n - 1)`` seconds, at most ``cap``. The
    inference process ends the row when it has served for ``stable`` seconds, and is given up after
    ``attempts`` loads in a row that failed.
    """

    first: float = 0.5
    factor: float = 2.0
    cap: float = 30.0
    stable: float = 60.0
    attempts: int = 5

    def delay(self, failures: int) -> float:
        """Seconds to wait after ``failures`` (at least 1) in a row."""
        exponent = min(failures - 1, 64)
        return float(min(self.cap, self.first * self.factor**exponent))
