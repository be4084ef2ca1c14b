"""Jobs in a SQLite file, in WAL mode and synchronous: for one machine, its processes together."""

from __future__ import annotations

import asyncio
import errno
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from service.errors import StorageFull, Unavailable
from service.jobs import sqlite_statements as sql
from service.jobs.model import (
    Added,
    Attempt,
    Bounds,
    Claim,
    Delivery,
    Job,
    JobLoad,
    JobRequest,
    Outcome,
)
from service.jobs.sqlite_schema import connect, reports_corruption

T = TypeVar("T")


class SqliteJobs:
    """A :class:`~service.jobs.store.JobStore` in the file ``path``; None is the memory. ``clock``
    is the machine's, which all who share the file have.

    SQLite blocks, so that one thread of its own does the work.
    """

    def __init__(self, path: Path | None, *, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock
        self._opened: _Opened | None = None

    async def aclose(self) -> None:
        """Close the file; a later use opens it again."""
        opened, self._opened = self._opened, None
        if opened:
            await opened.aclose()

    async def add(
        self, request: JobRequest, *, bounds: Bounds, lease: float | None = None
    ) -> Added:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: sql.add(db, request, self._clock(), bounds, lease))

    async def job(self, job: str) -> Job | None:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: sql.find(db, job))

    async def outcomes(self, job: str, after: int = 0) -> list[Outcome]:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: sql.outcomes(db, job, after))

    async def claim(self, most: int, lease: float) -> list[Claim]:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: sql.claim(db, most, self._clock(), lease))

    async def renew(self, held: Sequence[tuple[Claim, float]], lease: float) -> list[Claim]:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: sql.renew(db, held, self._clock() + lease))

    async def finish(self, claim: Claim, content: bytes, *, failed: bool) -> bool:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: sql.finish(db, claim, content, failed, self._clock()))

    async def release(self, claim: Claim, *, delay: float, failed_try: bool) -> bool:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: sql.release(db, claim, self._clock() + delay, failed_try))

    async def cancel(self, job: str) -> bool:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: sql.cancel(db, job, self._clock()))

    async def delete(self, job: str) -> None:
        """See :class:`~service.jobs.store.JobStore`."""
        await self._run(lambda db: sql.delete(db, job))

    async def expire(self, age: float) -> int:
        """See :class:`~service.jobs.store.JobStore`. The log is emptied, lest texts stay in it."""
        expired = await self._run(lambda db: sql.expire(db, self._clock() - age))
        await self._run(sql.checkpoint, writes=False)
        return expired

    async def load(self) -> JobLoad:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(sql.load)

    async def claim_deliveries(self, most: int, lease: float) -> list[Delivery]:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: sql.claim_deliveries(db, most, self._clock(), lease))

    async def settle(
        self, delivery: Delivery, outcome: str, *, delivered: bool, delay: float | None = None
    ) -> None:
        """See :class:`~service.jobs.store.JobStore`."""

        def settle(db: sqlite3.Connection) -> None:
            now = self._clock()
            due = None if delay is None else now + delay
            sql.settle(db, delivery, Attempt(now, outcome), delivered, due)

        await self._run(settle)

    async def _run(self, work: Callable[[sqlite3.Connection], T], *, writes: bool = True) -> T:
        """Do ``work`` in one transaction.

        Raises:
            Unavailable: the file cannot be used.
        """
        self._opened = self._opened or _Opened(self.path)
        return await self._opened.run(work, writes=writes)


class _Opened:
    """A connection, once it is used, and the thread that it lives in."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="jobs")
        self._connection: sqlite3.Connection | None = None

    async def run(self, work: Callable[[sqlite3.Connection], T], *, writes: bool) -> T:
        def run() -> T:
            with _in_words():
                self._connection = self._connection or connect(self._path)
                try:
                    if not writes:
                        return work(self._connection)
                    with _transaction(self._connection):
                        return work(self._connection)
                except sqlite3.DatabaseError as error:
                    if reports_corruption(error):  # reopening it moves it aside
                        self._connection.close()
                        self._connection = None
                    raise

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    async def aclose(self) -> None:
        def close() -> None:
            if self._connection:
                self._connection.close()

        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, close)
        finally:
            self._thread.shutdown(wait=False)


# ------------------------------------------------------------------ in the thread


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        if not isinstance(error, sqlite3.OperationalError | OSError) and not reports_corruption(
            error
        ):
            raise
        kind = StorageFull if _is_full(error) else Unavailable
        raise kind(f"the jobs cannot be kept: {error}") from error


def _is_full(error: sqlite3.DatabaseError | OSError) -> bool:
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Commit what the block does; or undo it and raise the first thing that went wrong."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.commit()
    except BaseException:
        # SQLite has undone it already after some errors (a full disk); rollback() does nothing then
        with suppress(sqlite3.Error):
            db.rollback()
        raise
