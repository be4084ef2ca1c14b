"""Where jobs are kept: one interface, in a file for one server, in Redis or Valkey for a cluster.

Each method is one transaction: whatever dies, it has happened or it has not. All times are told by
one clock, which is the store's; callers give durations, in seconds. The clocks of the hosts that
share a store need not agree.
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
    Load,
    Order,
    Outcome,
)

MEMORY = "memory:"
"""The URL of a store that is lost with the process; for tests, and for who wants no file."""


class JobStore(Protocol):
    """Keeps jobs. All methods raise :class:`~service.errors.Unavailable` while it cannot be
    reached. With a full disk or memory, :class:`~service.errors.StorageFull`, a kind of
    ``Unavailable``, comes of :meth:`add` before it comes of anything else: what was accepted is
    finished.

    Implementations: :class:`service.jobs.sqlite_store.SqliteJobs` (also in memory),
    :class:`service.jobs.redis_store.RedisJobs`.
    """

    async def aclose(self) -> None:
        """Let go of it."""

    async def add(self, order: Order, *, bounds: Bounds, lease: float | None = None) -> Added:
        """Keep a new job, with claims on all its articles for ``lease`` seconds if that is given;
        or find the one that has the order's key.

        Raises:
            StoreFull: it would be over the ``bounds``.
            StorageFull: the disk or the memory of the store is full.
        """

    async def job(self, job: str) -> Job | None:
        """The job as it stands."""

    async def outcomes(self, job: str, after: int = 0) -> list[Outcome]:
        """What has come of its articles, in the order in which they ended, without the first
        ``after`` of them.
        """

    async def claim(self, most: int, lease: float) -> list[Claim]:
        """Claim at most ``most`` articles that wait, or whose lease has ended, in their order, for
        ``lease`` seconds.
        """

    async def renew(self, held: Sequence[tuple[Claim, float]], lease: float) -> list[Claim]:
        """Hold articles for ``lease`` seconds from now, and keep the progress of each; returns
        those that are held no more.
        """

    async def finish(self, claim: Claim, content: bytes, *, failed: bool) -> bool:
        """End an article and remove its text; the last of a job ends the job, whose webhook is due.
        False if it is not held any more: nothing has changed then.
        """

    async def release(self, claim: Claim, *, delay: float, failed_try: bool) -> bool:
        """Let an article wait for ``delay`` seconds at least; False if it is not held any more."""

    async def cancel(self, job: str) -> bool:
        """End a job with what it has, remove its texts, and free its key for another one; False if
        it had ended, or is none.
        """

    async def delete(self, job: str) -> None:
        """Forget a job and all that came of it."""

    async def expire(self, age: float) -> int:
        """Forget the jobs that ended more than ``age`` seconds ago; returns how many."""

    async def load(self) -> Load:
        """How much is kept."""

    async def claim_deliveries(self, most: int, lease: float) -> list[Delivery]:
        """Claim webhooks that are due for ``lease`` seconds; unless settled, each is due again when
        they are over.
        """

    async def settle(
        self, delivery: Delivery, outcome: str, *, delivered: bool, delay: float | None = None
    ) -> None:
        """Log what came of a try. If it was not ``delivered``, the next one is due after ``delay``
        seconds; None gives it up.
        """


def open_store(url: str, data_dir: Path) -> JobStore:
    """The store that ``url`` names; empty is a file in ``data_dir``. It is reached when it is first
    used.

    Raises:
        SettingsError: there is no such kind of store.
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
    """Make the data directory, for its owner alone.

    Raises:
        SettingsError: it cannot be made or written.
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
