"""A sender that sends nothing and a clock that can be moved, for tests and for trying things."""

from __future__ import annotations

import time
from collections.abc import Callable

from service.jobs.webhooks import WebhookResponse


class MovableClock:
    """The machine's clock, in seconds since the epoch, ``ahead`` of itself by some seconds."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.ahead = ahead

    def __call__(self) -> float:
        """The time."""
        return time.time() + self.ahead


class FakeSender:
    """A :class:`~service.jobs.webhooks.Sender` that records what it is to send in ``sent``, and
    answers as ``answer`` says of the count of those before; an exception is raised.
    """

    def __init__(self, answer: Callable[[int], int | Exception] = lambda _: 200) -> None:
        self._answer = answer
        self.sent: list[tuple[str, dict[str, str], bytes]] = []

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> WebhookResponse:
        """Record it.

        Raises whatever ``answer`` returned as an exception.
        """
        self.sent.append((url, headers, body))
        answer = self._answer(len(self.sent) - 1)
        if isinstance(answer, Exception):
            raise answer
        return WebhookResponse(answer)
