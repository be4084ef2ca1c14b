"""Wakes those in this process who wait for something to have changed."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Changes:
    """Something may have changed: tell it with :meth:`tell`, wait for it with :meth:`wait`."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def tell(self) -> None:
        """Wake all who wait."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Return when something changed, or after ``seconds``: others change things too."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0.0)):
                await self._event.wait()
