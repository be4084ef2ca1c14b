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
from typing import Any, TypeVar

import msgspec

from service.errors import StorageFull, Unavailable
from service.jobs.model import (
    SPACING,
    Added,
    Attempt,
    Bounds,
    Claim,
    Delivery,
    Draft,
    Job,
    Load,
    Order,
    Outcome,
    StoreFull,
    new_job_id,
)
from service.jobs.sqlite_schema import connect, tells_damage

T = TypeVar("T")

_JOB = """
SELECT id, kind, owner, status, created, total, done, failed, ended, callback, digest, delivery,
       log, (SELECT coalesce(sum(progress), 0) FROM articles
             WHERE job = id AND state = 'running') AS half
FROM jobs
"""
_HELD = "job = :job AND number = :number AND attempt = :attempt AND state = 'running'"


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

    async def add(self, order: Order, *, bounds: Bounds, lease: float | None = None) -> Added:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: _add(db, order, self._clock(), bounds, lease))

    async def job(self, job: str) -> Job | None:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: _job(db, job))

    async def outcomes(self, job: str, after: int = 0) -> list[Outcome]:
        """See :class:`~service.jobs.store.JobStore`."""
        query = "SELECT * FROM articles WHERE job = ? AND position > ? ORDER BY position"
        rows = await self._run(lambda db: db.execute(query, (job, after)).fetchall())
        return [
            Outcome(row["number"], row["content"], row["state"] == "failed", row["name"])
            for row in rows
        ]

    async def claim(self, most: int, lease: float) -> list[Claim]:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: _claim(db, most, self._clock(), lease))

    async def renew(self, held: Sequence[tuple[Claim, float]], lease: float) -> list[Claim]:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: _renew(db, held, self._clock() + lease))

    async def finish(self, claim: Claim, content: bytes, *, failed: bool) -> bool:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: _finish(db, claim, content, failed, self._clock()))

    async def release(self, claim: Claim, *, delay: float, failed_try: bool) -> bool:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: _release(db, claim, self._clock() + delay, failed_try))

    async def cancel(self, job: str) -> bool:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: _cancel(db, job, self._clock()))

    async def delete(self, job: str) -> None:
        """See :class:`~service.jobs.store.JobStore`."""
        await self._run(lambda db: db.execute("DELETE FROM jobs WHERE id = ?", (job,)))

    async def expire(self, age: float) -> int:
        """See :class:`~service.jobs.store.JobStore`. The log is emptied, lest texts stay in it."""
        query = "DELETE FROM jobs WHERE ended < ?"
        expired = await self._run(lambda db: db.execute(query, (self._clock() - age,)).rowcount)
        await self._run(_checkpoint, writes=False)
        return expired

    async def load(self) -> Load:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(_load)

    async def claim_deliveries(self, most: int, lease: float) -> list[Delivery]:
        """See :class:`~service.jobs.store.JobStore`."""
        return await self._run(lambda db: _claim_deliveries(db, most, self._clock(), lease))

    async def settle(
        self, delivery: Delivery, outcome: str, *, delivered: bool, delay: float | None = None
    ) -> None:
        """See :class:`~service.jobs.store.JobStore`."""

        def settle(db: sqlite3.Connection) -> None:
            now = self._clock()
            due = None if delay is None else now + delay
            _settle(db, delivery, Attempt(now, outcome), delivered, due)

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
                    if tells_damage(error):  # opened anew, it is moved aside
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
        if not isinstance(error, sqlite3.OperationalError | OSError) and not tells_damage(error):
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


def _add(
    db: sqlite3.Connection, order: Order, now: float, bounds: Bounds, lease: float | None
) -> Added:
    if order.key and (known := _with_key(db, order)):
        return Added(known, new=False)
    if shortage := _load(db).shortage(order, bounds):
        oldest = db.execute("SELECT min(ended) FROM jobs").fetchone()[0]
        raise StoreFull(shortage, None if oldest is None else now - oldest)
    job = new_job_id()
    _insert_job(db, job, order, now)
    rows = [_row(job, number, draft, now) for number, draft in enumerate(order.articles, 1)]
    db.executemany(
        """INSERT INTO articles (job, number, name, body, state, place) VALUES
           (:job, :number, :name, :body, 'waiting', :place)""",
        rows,
    )
    for number, draft in enumerate(order.articles, 1):
        if draft.failure:
            _end_article(db, job, number, draft.failure, failed=True)
    claims = [] if lease is None else _claim_job(db, job, now + lease)
    _end_job(db, job, now)
    return Added(_expect(_job(db, job)), new=True, claims=tuple(claims))


def _with_key(db: sqlite3.Connection, order: Order) -> Job | None:
    query = f"{_JOB} WHERE owner = ? AND key = ?"
    row = db.execute(query, (order.owner, order.key)).fetchone()
    return _read_job(row) if row else None


def _insert_job(db: sqlite3.Connection, job: str, order: Order, now: float) -> None:
    db.execute(
        """INSERT INTO jobs (id, kind, owner, key, digest, status, created, total, done, failed,
                             callback, delivery)
           VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, 0, 0, ?, 'none')""",
        (
            job,
            order.kind,
            order.owner,
            order.key or None,
            order.digest,
            now,
            len(order.articles),
            order.callback,
        ),
    )


def _row(job: str, number: int, draft: Draft, now: float) -> dict[str, Any]:
    place = now + (number - 1) * SPACING
    return {
        "job": job,
        "number": number,
        "name": draft.name,
        "body": draft.body,
        "place": place,
    }


def _job(db: sqlite3.Connection, job: str) -> Job | None:
    row = db.execute(f"{_JOB} WHERE id = ?", (job,)).fetchone()
    return _read_job(row) if row else None


def _expect(job: Job | None) -> Job:
    if job is None:
        raise LookupError("the job that was just written")
    return job


def _read_job(row: sqlite3.Row) -> Job:
    values = dict(row)
    half, log = values.pop("half"), values.pop("log")
    progress = (values["done"] + values["failed"] + half) / max(values["total"], 1)
    return Job(
        **values,
        progress=round(progress, 4),
        log=msgspec.json.decode(log, type=tuple[Attempt, ...]),
    )


def _claim(db: sqlite3.Connection, most: int, now: float, lease: float) -> list[Claim]:
    db.execute(
        """UPDATE articles SET state = 'waiting', lease = NULL, progress = 0, deaths = deaths + 1
           WHERE state = 'running' AND lease <= ?""",
        (now,),
    )
    chosen = """rowid IN (SELECT rowid FROM articles WHERE state = 'waiting' AND due <= :now
                          ORDER BY place LIMIT :most)"""
    return _take(db, chosen, now + lease, {"most": most, "now": now})


def _claim_job(db: sqlite3.Connection, job: str, until: float) -> list[Claim]:
    return _take(db, "job = :job AND state = 'waiting'", until, {"job": job})


def _take(db: sqlite3.Connection, chosen: str, until: float, values: dict[str, Any]) -> list[Claim]:
    rows = db.execute(
        f"""UPDATE articles SET state = 'running', lease = :until, attempt = attempt + 1
            WHERE {chosen}
            RETURNING job, number, attempt, body, tries, deaths, place""",  # noqa: S608 - constants
        {"until": until, **values},
    ).fetchall()
    for job in {row["job"] for row in rows}:
        db.execute("UPDATE jobs SET status = 'running' WHERE id = ? AND status = 'queued'", (job,))
    rows.sort(key=lambda row: (row["place"], row["number"]))
    fields = Claim.__struct_fields__
    return [Claim(**{field: row[field] for field in fields}) for row in rows]


def _renew(
    db: sqlite3.Connection, held: Sequence[tuple[Claim, float]], until: float
) -> list[Claim]:
    query = f"UPDATE articles SET lease = :until, progress = :progress WHERE {_HELD}"  # noqa: S608
    return [
        claim
        for claim, progress in held
        if not db.execute(query, {**_key(claim), "until": until, "progress": progress}).rowcount
    ]


def _key(claim: Claim) -> dict[str, Any]:
    return {"job": claim.job, "number": claim.number, "attempt": claim.attempt}


def _finish(db: sqlite3.Connection, claim: Claim, content: bytes, failed: bool, now: float) -> bool:
    query = f"SELECT 1 FROM articles WHERE {_HELD}"  # noqa: S608 - a constant
    if not db.execute(query, _key(claim)).fetchone():
        return False
    _end_article(db, claim.job, claim.number, content, failed=failed)
    _end_job(db, claim.job, now)
    return True


def _release(db: sqlite3.Connection, claim: Claim, due: float, failed_try: bool) -> bool:
    query = f"""UPDATE articles SET state = 'waiting', lease = NULL, progress = 0, due = :due,
                    tries = tries + :failed WHERE {_HELD}"""  # noqa: S608 - a constant
    values = {**_key(claim), "due": due, "failed": failed_try}
    return db.execute(query, values).rowcount == 1


def _end_article(
    db: sqlite3.Connection, job: str, number: int, content: bytes, *, failed: bool
) -> None:
    db.execute(
        """UPDATE articles SET state = ?, content = ?, body = x'', lease = NULL, progress = 1,
               position = (SELECT done + failed + 1 FROM jobs WHERE id = job)
           WHERE job = ? AND number = ?""",
        ("failed" if failed else "done", content, job, number),
    )
    db.execute(
        "UPDATE jobs SET done = done + ?, failed = failed + ? WHERE id = ?",
        (not failed, failed, job),
    )


def _end_job(db: sqlite3.Connection, job: str, now: float) -> None:
    """End it if all its articles have."""
    db.execute(
        """UPDATE jobs SET ended = :now, status = CASE WHEN done THEN 'done' ELSE 'failed' END,
               delivery = CASE WHEN callback = '' THEN 'none' ELSE 'waiting' END,
               delivery_due = :now
           WHERE id = :job AND done + failed = total""",
        {"job": job, "now": now},
    )


def _cancel(db: sqlite3.Connection, job: str, now: float) -> bool:
    ended = db.execute(
        """UPDATE jobs SET status = 'cancelled', ended = ?, key = NULL
           WHERE id = ? AND ended IS NULL""",
        (now, job),
    ).rowcount
    db.execute(
        """UPDATE articles SET state = 'cancelled', body = x'', lease = NULL, progress = 0
           WHERE job = ? AND state IN ('waiting', 'running')""",
        (job,),
    )
    return bool(ended)


def _load(db: sqlite3.Connection) -> Load:
    query = "SELECT state, count(*) FROM articles WHERE state IN ('waiting', 'running') GROUP BY 1"
    counts = {row[0]: row[1] for row in db.execute(query)}
    texts, results = db.execute("SELECT texts, results FROM kept").fetchone()
    return Load(counts.get("waiting", 0), counts.get("running", 0), texts, results)


def _claim_deliveries(
    db: sqlite3.Connection, most: int, now: float, lease: float
) -> list[Delivery]:
    rows = db.execute(
        """UPDATE jobs SET delivery_due = :until, delivery_attempt = delivery_attempt + 1
           WHERE id IN (SELECT id FROM jobs WHERE delivery = 'waiting'
                        AND delivery_due <= :now ORDER BY delivery_due LIMIT :most)
           RETURNING id, delivery_attempt""",
        {"now": now, "until": now + lease, "most": most},
    ).fetchall()
    return [Delivery(row["id"], row["delivery_attempt"], now) for row in rows]


def _settle(
    db: sqlite3.Connection,
    delivery: Delivery,
    attempt: Attempt,
    delivered: bool,
    due: float | None,
) -> None:
    row = db.execute("SELECT log, delivery FROM jobs WHERE id = ?", (delivery.job,)).fetchone()
    if row is None:
        return
    log = [*msgspec.json.decode(row["log"], type=list[Attempt]), attempt]
    status = "delivered" if delivered else "given_up" if due is None else "waiting"
    db.execute("UPDATE jobs SET log = ? WHERE id = ?", (msgspec.json.encode(log), delivery.job))
    # a later try, begun because this one took too long, decides by itself unless this one arrived
    db.execute(
        """UPDATE jobs SET delivery = :status, delivery_due = :due
           WHERE id = :job AND delivery = 'waiting' AND (:sure OR delivery_attempt = :attempt)""",
        {
            "status": status,
            "due": due,
            "job": delivery.job,
            "sure": delivered,
            "attempt": delivery.attempt,
        },
    )


def _checkpoint(db: sqlite3.Connection) -> None:
    """Write the log into the file and empty it; another process that reads puts it off."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
