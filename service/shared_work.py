"""Work that several wait for, and that ends early only when none of them wants it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class SharedWork(Generic[T]):
    """Runs ``work`` in a task of its own for as long as somebody holds it.

    Awaiting a task directly would pass the waiter's cancellation on to it, and so to all others
    who wait for it. Here each of them counts: a waiter that is cancelled leaves, and the work is
    cancelled when the last one has left.
    """

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._task = asyncio.create_task(work)
        self._task.add_done_callback(_retrieve)
        self._holders = 0
        self._abandoned = False

    @property
    def abandoned(self) -> bool:
        """Whether all who held the work left before it was done. It cannot be held again."""
        return self._abandoned

    def hold(self) -> None:
        """Want the result, until :meth:`release`.

        Raises:
            RuntimeError: the work was abandoned.
        """
        if self._abandoned:
            raise RuntimeError("abandoned work cannot be taken up again")
        self._holders += 1

    def release(self) -> None:
        """Want the result no more. The last one to release the work cancels it if it still runs."""
        self._holders -= 1
        if not self._holders and not self._task.done():
            self._abandoned = True
            self._task.cancel()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the work in the block."""
        self.hold()
        try:
            yield
        finally:
            self.release()

    async def result(self) -> T:
        """Hold the work until it is done, and return what it gives.

        Raises:
            RuntimeError: the work was abandoned.
            Whatever the work raises.
        """
        with self.held():
            return await asyncio.shield(self._task)

    async def ended(self) -> None:
        """Wait until the work has ended, however it does."""
        await asyncio.wait([self._task])


def _retrieve(task: asyncio.Task[Any]) -> None:
    """Keep asyncio from reporting a failure that nobody waited for."""
    if not task.cancelled():
        task.exception()
