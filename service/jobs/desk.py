"""Where jobs are handed in, asked for, waited for and cancelled."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from types import TracebackType
from typing import Protocol, Self

import msgspec

from service.errors import InvalidInput, Overloaded, StorageFull, Unavailable
from service.jobs.changes import Changes
from service.jobs.model import (
    Bounds,
    Job,
    JobCancelled,
    JobNotFound,
    Load,
    Order,
    OrderTooLarge,
    Outcome,
    StoreFull,
)
from service.jobs.store import JobStore
from service.jobs.worker import Worker, forever

KEY_FIELD = "Idempotency-Key"
"""What errors call the key of an order."""

_POLL_SECONDS = 0.5
"""How long what another process did may stay unseen."""
_LOOK_SECONDS = 5.0
_SWEEP_SECONDS = 60.0
_LONGEST_WAIT = 3600


class Runs(Protocol):
    """Something that works until it is cancelled, a :class:`~service.jobs.webhooks.Deliverer`."""

    async def run(self) -> None: ...


class Terms(msgspec.Struct, frozen=True):
    """How much may be kept, and how many seconds a job is kept after its end (``keep``)."""

    bounds: Bounds
    keep: float


class Jobs:
    """Jobs kept in ``store`` and worked off by ``worker``, their ends told by ``deliverer``.

    Use it as an asynchronous context manager: what has to go on goes on until it is left. What
    is accepted stays accepted, whatever becomes of this process.
    """

    def __init__(
        self,
        store: JobStore,
        worker: Worker,
        deliverer: Runs | None,
        *,
        terms: Terms,
        changes: Changes,
    ) -> None:
        self._store = store
        self._worker = worker
        self._deliverer = deliverer
        self._terms = terms
        self._changes = changes
        self._tasks: list[asyncio.Task[None]] = []
        self._forgetting: set[asyncio.Task[None]] = set()
        self.load = Load()
        """How much is kept, seen some seconds ago."""
        self.store_up = True
        """Whether the store could be reached then."""

    async def __aenter__(self) -> Self:
        runs = [self._worker.run, self._sweep]
        if self._deliverer:
            runs.append(self._deliverer.run)
        self._tasks = [asyncio.create_task(forever(run)) for run in runs]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._forgetting, return_exceptions=True)
        await self._store.aclose()

    # ------------------------------------------------------------------ handing in

    async def submit(
        self, order: Order, *, at_once: bool = False, needs_engine: bool = True
    ) -> Job:
        """Accept a job; or return the one that was accepted under the same key. Work ``at_once``
        begins now, whatever room there is, and so does work that does not need the engine, unless
        there is a lot of it; other work when there is some.

        Raises:
            InvalidInput: the key is that of another order.
            OrderTooLarge: it would not be accepted if it were the only one.
            Overloaded: too much waits.
            StorageFull: results that are kept leave no room, or the store's disk or memory is full.
            Unavailable: the store cannot be reached.
        """
        _require_bounds(order, self._terms.bounds)
        light = not at_once and not needs_engine and self._worker.takes_light
        lease = self._worker.lease if at_once or light else None
        try:
            added = await self._store.add(order, bounds=self._terms.bounds, lease=lease)
        except StoreFull as full:
            raise self._refusal(order, full) from None
        if not added.new and added.job.digest != order.digest:
            raise InvalidInput("was used for another request", field=KEY_FIELD)
        self._worker.begin(added.claims, light=light)
        self._changes.tell()
        return added.job

    def _refusal(self, order: Order, full: StoreFull) -> Overloaded | StorageFull:
        if full.shortage == "results":
            return StorageFull(
                "the results of earlier jobs leave no room; each is forgotten some time after its "
                "end, or when it is deleted",
                retry_after=_bounded(self._terms.keep - (full.ended_ago or 0.0)),
            )
        what = "articles of jobs wait" if full.shortage == "articles" else "bytes of jobs wait"
        return Overloaded(
            f"too many {what}; try again later",
            retry_after=_bounded(self._worker.seconds_an_article * len(order.articles)),
        )

    # ------------------------------------------------------------------ asking

    async def find(self, job: str, owner: str) -> Job:
        """The job as it stands.

        Raises:
            JobNotFound: there is none, or it is another owner's.
            Unavailable: the store cannot be reached.
        """
        found = await self._store.job(job)
        if found is None or found.owner != owner:
            raise JobNotFound
        return found

    def expires(self, job: Job) -> float | None:
        """When a job is forgotten, in seconds since the epoch; None until it has ended."""
        return None if job.ended is None else job.ended + self._terms.keep

    async def outcomes(self, job: str) -> list[Outcome]:
        """What has come of its articles so far, in the order in which they ended."""
        return await self._store.outcomes(job)

    async def follow(self, job: str) -> AsyncIterator[Outcome]:
        """What comes of its articles, in the order in which they end, until all have."""
        seen = 0
        while True:
            found = await self._store.job(job)
            for outcome in await self._store.outcomes(job, seen):
                seen += 1
                yield outcome
            if found is None or found.ended is not None:
                return
            await self._changes.wait(_POLL_SECONDS)

    async def first(self, job: str, seconds: float) -> Outcome | None:
        """What came of its first article to end; None if none did within ``seconds``.

        Raises:
            JobCancelled: the job was cancelled before that.
            JobNotFound: the job was forgotten before that.
            Unavailable: the store cannot be reached.
        """
        try:
            async with asyncio.timeout(seconds):
                async for outcome in self.follow(job):
                    return outcome
                found = await self._store.job(job)
        except TimeoutError:
            return None
        raise JobNotFound if found is None else JobCancelled

    # ------------------------------------------------------------------ ending

    async def cancel(self, job: str, owner: str) -> None:
        """Cancel a job; or forget it with its results if it had ended.

        Raises:
            JobNotFound: there is none, or it is another owner's.
        """
        found = await self.find(job, owner)
        if not await self._store.cancel(found.id):
            await self._store.delete(found.id)
        self._worker.drop(found.id)
        self._changes.tell()

    def forget(self, job: str) -> None:
        """Drop a job and its results, whether it has ended or not. It is done behind the caller,
        who may be one that is being cancelled.
        """
        task = asyncio.create_task(self._forget(job))
        self._forgetting.add(task)
        task.add_done_callback(self._forgetting.discard)

    async def _forget(self, job: str) -> None:
        self._worker.drop(job)
        with suppress(Unavailable):
            await self._store.delete(job)

    async def _sweep(self) -> None:
        swept = -_SWEEP_SECONDS
        while True:
            try:
                if time.monotonic() - swept >= _SWEEP_SECONDS:
                    await self._store.expire(self._terms.keep)
                    swept = time.monotonic()
                self.load = await self._store.load()
            except Unavailable:
                self.store_up = False
                raise
            self.store_up = True
            await asyncio.sleep(_LOOK_SECONDS)


def _require_bounds(order: Order, bounds: Bounds) -> None:
    """Refuse what would never be accepted.

    Raises:
        OrderTooLarge: it is over ``bounds`` by itself.
    """
    if order.fresh > bounds.articles:
        raise OrderTooLarge(
            f"the job has {order.fresh} articles; at most {bounds.articles} may wait"
        )
    if order.size > bounds.bytes:
        raise OrderTooLarge(
            f"the job counts for {order.size} bytes; all together may have {bounds.bytes}"
        )


def _bounded(seconds: float) -> int:
    return min(max(math.ceil(seconds), 1), _LONGEST_WAIT)
