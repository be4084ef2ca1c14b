"""The SQL of :mod:`service.jobs.sqlite_store`: a function for each method, run in a transaction.
See :class:`~service.jobs.store.JobStore` for what they do. Times are seconds since the epoch.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from service.jobs.model import (
    SPACING,
    Added,
    Attempt,
    Bounds,
    Claim,
    Delivery,
    Job,
    JobArticle,
    JobLoad,
    JobRequest,
    JobWebhook,
    Outcome,
    StoreFull,
    new_job_id,
)

_JOB = """
SELECT id, kind, owner, status, created, total, done, failed, ended, callback, digest, delivery,
       log, (SELECT coalesce(sum(progress), 0) FROM articles
             WHERE job = id AND state = 'running') AS running
FROM jobs
"""
_HELD = "job = :job AND number = :number AND attempt = :attempt AND state = 'running'"


def add(
    db: sqlite3.Connection, request: JobRequest, now: float, bounds: Bounds, lease: float | None
) -> Added:
    if request.key and (known := _with_key(db, request)):
        return Added(known, new=False)
    if shortage := load(db).shortage(request, bounds):
        oldest = db.execute("SELECT min(ended) FROM jobs").fetchone()[0]
        raise StoreFull(shortage, None if oldest is None else now - oldest)
    job = new_job_id()
    _insert_job(db, job, request, now)
    rows = [_row(job, number, article, now) for number, article in enumerate(request.articles, 1)]
    db.executemany(
        """INSERT INTO articles (job, number, name, body, state, place) VALUES
           (:job, :number, :name, :body, 'waiting', :place)""",
        rows,
    )
    for number, article in enumerate(request.articles, 1):
        if article.failure:
            _end_article(db, job, number, article.failure, failed=True)
    claims = [] if lease is None else _claim_job(db, job, now + lease)
    _end_job(db, job, now)
    return Added(_expect(find(db, job)), new=True, claims=tuple(claims))


def _with_key(db: sqlite3.Connection, request: JobRequest) -> Job | None:
    query = f"{_JOB} WHERE owner = ? AND key = ?"
    row = db.execute(query, (request.owner, request.key)).fetchone()
    return _read_job(row) if row else None


def _insert_job(db: sqlite3.Connection, job: str, request: JobRequest, now: float) -> None:
    db.execute(
        """INSERT INTO jobs (id, kind, owner, key, digest, status, created, total, done, failed,
                             callback, delivery)
           VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, 0, 0, ?, 'none')""",
        (
            job,
            request.kind,
            request.owner,
            request.key or None,
            request.digest,
            now,
            len(request.articles),
            request.callback,
        ),
    )


def _row(job: str, number: int, article: JobArticle, now: float) -> dict[str, Any]:
    place = now + (number - 1) * SPACING
    return {
        "job": job,
        "number": number,
        "name": article.name,
        "body": article.body,
        "place": place,
    }


def find(db: sqlite3.Connection, job: str) -> Job | None:
    row = db.execute(f"{_JOB} WHERE id = ?", (job,)).fetchone()
    return _read_job(row) if row else None


def _expect(job: Job | None) -> Job:
    if job is None:
        raise LookupError("the job that was just written")
    return job


def _read_job(row: sqlite3.Row) -> Job:
    values = dict(row)
    running, log = values.pop("running"), values.pop("log")
    progress = (values["done"] + values["failed"] + running) / max(values["total"], 1)
    attempts = msgspec.json.decode(log, type=tuple[Attempt, ...])
    webhook = JobWebhook(values.pop("callback"), values.pop("delivery"), attempts)
    return Job(**values, progress=round(progress, 4), webhook=webhook)


def outcomes(db: sqlite3.Connection, job: str, after: int) -> list[Outcome]:
    query = "SELECT * FROM articles WHERE job = ? AND position > ? ORDER BY position"
    return [
        Outcome(row["number"], row["content"], row["state"] == "failed", row["name"])
        for row in db.execute(query, (job, after)).fetchall()
    ]


def delete(db: sqlite3.Connection, job: str) -> None:
    db.execute("DELETE FROM jobs WHERE id = ?", (job,))


def expire(db: sqlite3.Connection, before: float) -> int:
    return db.execute("DELETE FROM jobs WHERE ended < ?", (before,)).rowcount


def claim(db: sqlite3.Connection, most: int, now: float, lease: float) -> list[Claim]:
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


def renew(db: sqlite3.Connection, held: Sequence[tuple[Claim, float]], until: float) -> list[Claim]:
    query = f"UPDATE articles SET lease = :until, progress = :progress WHERE {_HELD}"  # noqa: S608
    return [
        claim
        for claim, progress in held
        if not db.execute(query, {**_key(claim), "until": until, "progress": progress}).rowcount
    ]


def _key(claim: Claim) -> dict[str, Any]:
    return {"job": claim.job, "number": claim.number, "attempt": claim.attempt}


def finish(db: sqlite3.Connection, claim: Claim, content: bytes, failed: bool, now: float) -> bool:
    query = f"SELECT 1 FROM articles WHERE {_HELD}"  # noqa: S608 - a constant
    if not db.execute(query, _key(claim)).fetchone():
        return False
    _end_article(db, claim.job, claim.number, content, failed=failed)
    _end_job(db, claim.job, now)
    return True


def release(db: sqlite3.Connection, claim: Claim, due: float, failed_try: bool) -> bool:
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


def cancel(db: sqlite3.Connection, job: str, now: float) -> bool:
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


def load(db: sqlite3.Connection) -> JobLoad:
    query = "SELECT state, count(*) FROM articles WHERE state IN ('waiting', 'running') GROUP BY 1"
    counts = {row[0]: row[1] for row in db.execute(query)}
    texts, results = db.execute("SELECT texts, results FROM kept").fetchone()
    return JobLoad(counts.get("waiting", 0), counts.get("running", 0), texts, results)


def claim_deliveries(db: sqlite3.Connection, most: int, now: float, lease: float) -> list[Delivery]:
    rows = db.execute(
        """UPDATE jobs SET delivery_due = :until, delivery_attempt = delivery_attempt + 1
           WHERE id IN (SELECT id FROM jobs WHERE delivery = 'waiting'
                        AND delivery_due <= :now ORDER BY delivery_due LIMIT :most)
           RETURNING id, delivery_attempt""",
        {"now": now, "until": now + lease, "most": most},
    ).fetchall()
    return [Delivery(row["id"], row["delivery_attempt"], now) for row in rows]


def settle(
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


def checkpoint(db: sqlite3.Connection) -> None:
    """Write the log into the file and empty it; another process that reads puts it off."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
