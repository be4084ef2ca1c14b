"""Jobs are submitted, looked up, waited for and cancelled here."""

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
    JobLoad,
    JobNotFound,
    JobRequest,
    OrderTooLarge,
    Outcome,
    StoreFull,
)
from service.jobs.store import JobStore
from service.jobs.worker import Worker, forever

KEY_FIELD = "Idempotency-Key"
"""What errors call the key of a job request."""

_POLL_SECONDS = 0.5
"""How long a change by another process may stay unseen."""
_LOAD_SECONDS = 5.0
_SWEEP_SECONDS = 60.0
_LONGEST_WAIT = 3600


class BackgroundTask(Protocol):
    """Something that runs until it is cancelled: a :class:`~service.jobs.webhooks.Deliverer`."""

    async def run(self) -> None: ...


class JobLimits(msgspec.Struct, frozen=True):
    """How much may be stored, and for how many seconds a job is kept after its end (``keep``)."""

    bounds: Bounds
    keep: float


class JobService:
    """Jobs that ``store`` keeps, ``worker`` works on, and ``deliverer`` notifies their owners of.

    An asynchronous context manager: its background tasks run inside the block. An accepted job
    survives the end of this process.
    """

    def __init__(
        self,
        store: JobStore,
        worker: Worker,
        deliverer: BackgroundTask | None,
        *,
        limits: JobLimits,
        changes: Changes,
    ) -> None:
        self._store = store
        self._worker = worker
        self._deliverer = deliverer
        self._limits = limits
        self._changes = changes
        self._tasks: list[asyncio.Task[None]] = []
        self._forgetting: set[asyncio.Task[None]] = set()
        self.load = JobLoad()
        """How much is stored, as of some seconds ago."""
        self.store_up = True
        """Whether the store could be reached at that time."""

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

    # ------------------------------------------------------------------ submitting

    async def submit(
        self, request: JobRequest, *, at_once: bool = False, needs_engine: bool = True
    ) -> Job:
        """Accept a job; or return the earlier one with the same key. With ``at_once`` the work
        begins now, however busy the service is. So does work that does not need the engine, unless
        there is a lot of it. Other work begins when the engine has room.

        Raises:
            InvalidInput: the key belongs to a different request.
            OrderTooLarge: the job would not fit even if it were the only one.
            Overloaded: too many articles are queued, or too many bytes of them.
            StorageFull: kept results leave no room, or the store's disk or memory is full.
            Unavailable: the store cannot be reached.
        """
        _require_bounds(request, self._limits.bounds)
        light = not at_once and not needs_engine and self._worker.takes_light
        lease = self._worker.lease if at_once or light else None
        try:
            added = await self._store.add(request, bounds=self._limits.bounds, lease=lease)
        except StoreFull as full:
            raise self._refusal(request, full) from None
        if not added.new and added.job.digest != request.digest:
            raise InvalidInput("was used for another request", field=KEY_FIELD)
        self._worker.begin(added.claims, light=light)
        self._changes.notify()
        return added.job

    def _refusal(self, request: JobRequest, full: StoreFull) -> Overloaded | StorageFull:
        if full.shortage == "results":
            return StorageFull(
                "the results of earlier jobs leave no room; each is removed some time after its "
                "job ended, or when the job is deleted",
                retry_after=_bounded(self._limits.keep - (full.ended_ago or 0.0)),
            )
        what = "articles" if full.shortage == "articles" else "bytes"
        return Overloaded(
            f"too many {what} of jobs are queued; try again later",
            retry_after=_bounded(self._worker.seconds_an_article * len(request.articles)),
        )

    # ------------------------------------------------------------------ looking up

    async def find(self, job: str, owner: str) -> Job:
        """Return a job of ``owner``.

        Raises:
            JobNotFound: there is none, or it belongs to another owner.
            Unavailable: the store cannot be reached.
        """
        found = await self._store.job(job)
        if found is None or found.owner != owner:
            raise JobNotFound
        return found

    def expires(self, job: Job) -> float | None:
        """Return when a job expires, in seconds since the epoch; None until it has ended."""
        return None if job.ended is None else job.ended + self._limits.keep

    async def outcomes(self, job: str) -> list[Outcome]:
        """Return the outcomes so far, in the order in which the articles ended."""
        return await self._store.outcomes(job)

    async def follow(self, job: str) -> AsyncIterator[Outcome]:
        """Yield the outcomes in the order in which the articles end, until all have."""
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
        """Return the outcome of the first article to end; None if none did within ``seconds``.

        Raises:
            JobCancelled: the job was cancelled before that.
            JobNotFound: the job was deleted before that.
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
        """Cancel a job; if it had ended, delete it with its results.

        Raises:
            JobNotFound: there is none, or it belongs to another owner.
        """
        found = await self.find(job, owner)
        if not await self._store.cancel(found.id):
            await self._store.delete(found.id)
        self._worker.drop(found.id)
        self._changes.notify()

    def forget(self, job: str) -> None:
        """Delete a job and its results, whether it has ended or not. This happens in a task of its
        own, because the caller may be in the middle of being cancelled.
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
                    await self._store.expire(self._limits.keep)
                    swept = time.monotonic()
                self.load = await self._store.load()
            except Unavailable:
                self.store_up = False
                raise
            self.store_up = True
            await asyncio.sleep(_LOAD_SECONDS)


def _require_bounds(request: JobRequest, bounds: Bounds) -> None:
    """Refuse a job that would never be accepted.

    Raises:
        OrderTooLarge: it exceeds ``bounds`` by itself.
    """
    if request.fresh > bounds.articles:
        raise OrderTooLarge(
            f"the job has {request.fresh} articles; at most {bounds.articles} may be queued"
        )
    if request.size > bounds.bytes:
        raise OrderTooLarge(
            f"the job counts for {request.size} bytes; all jobs together may have {bounds.bytes}"
        )


def _bounded(seconds: float) -> int:
    return min(max(math.ceil(seconds), 1), _LONGEST_WAIT)
