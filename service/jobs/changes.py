"""Wakes the tasks of this process that wait for jobs to change."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Changes:
    """A signal that jobs may have changed: :meth:`notify` sends it, :meth:`wait` waits for it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        """Wake all that wait."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Return when something changed, or after ``seconds``: other processes change jobs too."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0.0)):
                await self._event.wait()
