"""A :class:`~service.jobs.webhooks.Sender` that sends nothing, for tests and for trying things."""

from __future__ import annotations

from collections.abc import Callable

from service.jobs.webhooks import Answer


class FakeSender:
    """Records what it is to send in ``sent``, and answers as ``answer`` says of the count of those
    before; an exception is raised.
    """

    def __init__(self, answer: Callable[[int], int | Exception] = lambda _: 200) -> None:
        self._answer = answer
        self.sent: list[tuple[str, dict[str, str], bytes]] = []

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        """Record it.

        Raises whatever ``answer`` returned as an exception.
        """
        self.sent.append((url, headers, body))
        answer = self._answer(len(self.sent) - 1)
        if isinstance(answer, Exception):
            raise answer
        return Answer(answer)
