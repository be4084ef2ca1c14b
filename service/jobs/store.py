"""Where jobs are stored: one interface; a file for one server, Redis or Valkey for a cluster.

Each method is one transaction: whatever crashes, it has happened or it has not. All times are read
from one clock, the store's; callers give durations, in seconds. The clocks of the hosts that share
a store need not agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from service.errors import SettingsError
from service.jobs.model import (
    Added,
    Bounds,
    Claim,
    Delivery,
    Job,
    JobLoad,
    JobRequest,
    Outcome,
)

MEMORY = "memory:"
"""The URL of a store that is lost with the process: for tests, and where no file is wanted."""


class JobStore(Protocol):
    """Keeps jobs. All methods raise :class:`~service.errors.Unavailable` while the store cannot be
    reached. If its disk or memory is full, :meth:`add` is the first to raise
    :class:`~service.errors.StorageFull`, a kind of ``Unavailable``: accepted jobs are finished.

    Implementations: :class:`service.jobs.sqlite_store.SqliteJobs` (also in memory),
    :class:`service.jobs.redis_store.RedisJobs`.
    """

    async def aclose(self) -> None:
        """Close the store."""

    async def add(
        self, request: JobRequest, *, bounds: Bounds, lease: float | None = None
    ) -> Added:
        """Store a new job, with claims on all its articles for ``lease`` seconds if that is given;
        or find the job that has the request's key.

        Raises:
            StoreFull: it would exceed the ``bounds``.
            StorageFull: the disk or the memory of the store is full.
        """

    async def job(self, job: str) -> Job | None:
        """Return the job; None if there is none."""

    async def outcomes(self, job: str, after: int = 0) -> list[Outcome]:
        """Return the outcomes of its articles, in the order in which they ended, without the first
        ``after`` of them.
        """

    async def claim(self, most: int, lease: float) -> list[Claim]:
        """Claim up to ``most`` articles for ``lease`` seconds, in the order of the queue: those
        that are waiting, and those whose lease has expired.
        """

    async def renew(self, held: Sequence[tuple[Claim, float]], lease: float) -> list[Claim]:
        """Extend the leases to ``lease`` seconds from now, and store the progress of each article.
        Return the claims that are no longer held.
        """

    async def finish(self, claim: Claim, content: bytes, *, failed: bool) -> bool:
        """End an article and remove its text. The last article of a job ends the job, and its
        webhook is due. Return False, and change nothing, if the claim is no longer held.
        """

    async def release(self, claim: Claim, *, delay: float, failed_try: bool) -> bool:
        """Put an article back for at least ``delay`` seconds; False if it is no longer held."""

    async def cancel(self, job: str) -> bool:
        """End a job with the outcomes it has, remove its texts, and free its key. False if it had
        ended before, or does not exist.
        """

    async def delete(self, job: str) -> None:
        """Remove a job and its outcomes."""

    async def expire(self, age: float) -> int:
        """Remove the jobs that ended more than ``age`` seconds ago; return how many."""

    async def load(self) -> JobLoad:
        """Return how much is stored."""

    async def claim_deliveries(self, most: int, lease: float) -> list[Delivery]:
        """Claim up to ``most`` webhooks that are due, for ``lease`` seconds. Each is due again
        afterwards unless it was settled.
        """

    async def settle(
        self, delivery: Delivery, outcome: str, *, delivered: bool, delay: float | None = None
    ) -> None:
        """Record the outcome of an attempt. If it was not ``delivered``, the next attempt is due
        after ``delay`` seconds; None gives the webhook up.
        """


def open_store(url: str, data_dir: Path) -> JobStore:
    """Return the store at ``url``; an empty one is a file in ``data_dir``. It connects when it is
    first used.

    Raises:
        SettingsError: the URL is of no known kind.
    """
    if url in {"", MEMORY}:
        from service.jobs.sqlite_store import SqliteJobs

        return SqliteJobs(None if url else data_dir / "jobs.sqlite3")
    if url.partition("://")[0] in {"redis", "rediss", "valkey", "valkeys", "unix"}:
        from service.jobs.redis_store import RedisJobs

        return RedisJobs.from_url(url)
    raise SettingsError(
        "JIANBAO_JOBS_URL: expected redis://…, rediss://…, valkey://…, valkeys://…, unix://…, "
        f"{MEMORY}, or nothing for a file in the data directory"
    )


def prepare_directory(data_dir: Path) -> None:
    """Create the data directory, readable by its owner only.

    Raises:
        SettingsError: it cannot be created or written to.
    """
    probe = data_dir / ".writable"
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.touch()
        probe.unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(
            f"JIANBAO_DATA_DIR: cannot write {data_dir}: {error.strerror or error}"
        ) from None
