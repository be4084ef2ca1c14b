"""Jobs in Redis or Valkey, for a cluster: many services work off one queue.

Each method is one Lua script, which the server runs as a whole or not at all, and which takes the
time from the server's clock: those of the hosts may differ. All keys share a hash tag, so that they
stay together in a Redis Cluster. Whether jobs outlive the server itself is its own matter: it needs
``appendonly yes``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Self

import msgspec
from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError, RedisError, ResponseError

from service.errors import StorageFull, Unavailable
from service.jobs import redis_scripts as scripts
from service.jobs.model import (
    SPACING,
    Added,
    Bounds,
    Claim,
    Delivery,
    Job,
    JobLoad,
    JobRequest,
    NewerStore,
    Outcome,
    StoreFull,
    digest_of,
    new_job_id,
)

_PREFIX = "{jianbao}:jobs:"
_TIMEOUT_SECONDS = 10.0
_AT_ONCE = 100
_FIELDS_OF_OUTCOME = 4
_NAMED = "="


class RedisJobs:
    """A :class:`~service.jobs.store.JobStore` behind ``client``, under keys that begin with
    ``prefix``; it must hold a hash tag (``{…}``).
    """

    def __init__(self, client: Redis, prefix: str = _PREFIX) -> None:
        self._client = client
        self._prefix = prefix
        self._script: Callable[[str], Any] = lambda text: client.register_script(
            scripts.complete(text)
        )

    @classmethod
    def from_url(cls, url: str, prefix: str = _PREFIX) -> Self:
        """Speak to the server at ``url``, once it is used."""
        if url.startswith("valkey"):
            url = "redis" + url.removeprefix("valkey")
        client = Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            health_check_interval=30,
        )
        return cls(client, prefix)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def add(
        self, request: JobRequest, *, bounds: Bounds, lease: float | None = None
    ) -> Added:
        """See :class:`~service.jobs.store.JobStore`."""
        job = new_job_id()
        articles = [
            part for one in request.articles for part in (_marked(one.name), one.body, one.failure)
        ]
        status, *rest = await self._run(
            scripts.ADD,
            job,
            bounds.articles,
            "" if lease is None else lease,
            request.kind,
            request.owner,
            digest_of(request.owner.encode(), request.key.encode()) if request.key else "",
            request.digest,
            request.callback,
            SPACING,
            bounds.bytes,
            request.size,
            *articles,
        )
        if status == b"full":
            shortage, ended_ago = (part.decode() for part in rest)
            raise StoreFull(shortage, float(ended_ago) if ended_ago else None)
        known = await self.job(rest[0].decode() if status == b"known" else job)
        if known is None:  # it expired in between
            return await self.add(request, bounds=bounds, lease=lease)
        if status == b"known":
            return Added(known, new=False)
        return Added(known, new=True, claims=tuple(_claims(rest)))

    async def job(self, job: str) -> Job | None:
        """See :class:`~service.jobs.store.JobStore`."""
        flat, progress, log = await self._run(scripts.JOB, job)
        return _read_job(flat, progress, log) if flat else None

    async def outcomes(self, job: str, after: int = 0) -> list[Outcome]:
        """See :class:`~service.jobs.store.JobStore`."""
        flat = await self._run(
            "return redis.call('LRANGE', K .. 'outcomes:' .. ARGV[1], ARGV[2], -1)",
            job,
            after * _FIELDS_OF_OUTCOME,
        )
        return [
            Outcome(int(number), content, failed == b"1", _unmarked(name))
            for number, failed, name, content in _grouped(flat, _FIELDS_OF_OUTCOME)
        ]

    async def claim(self, most: int, lease: float) -> list[Claim]:
        """See :class:`~service.jobs.store.JobStore`."""
        return _claims(await self._run(scripts.CLAIM, most, lease))

    async def renew(self, held: Sequence[tuple[Claim, float]], lease: float) -> list[Claim]:
        """See :class:`~service.jobs.store.JobStore`."""
        parts = [part for claim, progress in held for part in (*_key(claim), progress)]
        return [held[position][0] for position in await self._run(scripts.RENEW, lease, *parts)]

    async def finish(self, claim: Claim, content: bytes, *, failed: bool) -> bool:
        """See :class:`~service.jobs.store.JobStore`."""
        return bool(await self._run(scripts.FINISH, *_key(claim), int(failed), content))

    async def release(self, claim: Claim, *, delay: float, failed_try: bool) -> bool:
        """See :class:`~service.jobs.store.JobStore`."""
        return bool(await self._run(scripts.RELEASE, *_key(claim), delay, int(failed_try)))

    async def cancel(self, job: str) -> bool:
        """See :class:`~service.jobs.store.JobStore`."""
        return bool(await self._run(scripts.CANCEL, job))

    async def delete(self, job: str) -> None:
        """See :class:`~service.jobs.store.JobStore`."""
        await self._run(scripts.DELETE, job)

    async def expire(self, age: float) -> int:
        """See :class:`~service.jobs.store.JobStore`."""
        expired = 0
        while True:
            some: int = await self._run(scripts.EXPIRE, age, _AT_ONCE)
            expired += some
            if some < _AT_ONCE:
                return expired

    async def load(self) -> JobLoad:
        """See :class:`~service.jobs.store.JobStore`."""
        return JobLoad(*await self._run(scripts.LOAD))

    async def claim_deliveries(self, most: int, lease: float) -> list[Delivery]:
        """See :class:`~service.jobs.store.JobStore`."""
        claimed = await self._run(scripts.CLAIM_DELIVERIES, most, lease)
        return [Delivery(job.decode(), attempt, float(at)) for job, attempt, at in claimed]

    async def settle(
        self, delivery: Delivery, outcome: str, *, delivered: bool, delay: float | None = None
    ) -> None:
        """See :class:`~service.jobs.store.JobStore`."""
        await self._run(
            scripts.SETTLE,
            delivery.job,
            delivery.attempt,
            msgspec.json.encode(outcome),
            int(delivered),
            "" if delay is None else delay,
        )

    async def _run(self, text: str, *arguments: str | bytes | float) -> Any:
        """Run a script.

        Raises:
            StorageFull: the server's memory is full.
            Unavailable: the server cannot be reached, or cannot do it.
        """
        task = asyncio.current_task()
        cancelled = task.cancelling() if task else 0
        try:
            script = self._script(text)
            return await script(keys=[self._prefix], args=[*map(_argument, arguments)])
        except OutOfMemoryError as error:
            raise StorageFull("the jobs cannot be kept: their store is out of memory") from error
        except RedisError as error:
            if isinstance(error, ResponseError) and str(error).startswith(scripts.NEWER):
                raise NewerStore(int(str(error).split()[1])) from None
            raise Unavailable(f"the jobs cannot be kept: {type(error).__name__}") from error
        finally:
            # the client (8.1) may answer, or fail, in place of a task's end that came meanwhile
            if task and task.cancelling() > cancelled:
                raise asyncio.CancelledError


def _argument(value: str | bytes | float) -> str | bytes | int:
    # seconds lose nothing but what no clock has
    return f"{value:.6f}" if isinstance(value, float) else value


def _marked(name: str | None) -> str:
    return "" if name is None else _NAMED + name


def _unmarked(marked: bytes) -> str | None:
    return marked.decode().removeprefix(_NAMED) if marked else None


def _key(claim: Claim) -> tuple[str, int, int]:
    return claim.job, claim.number, claim.attempt


def _grouped(flat: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [flat[at : at + size] for at in range(0, len(flat), size)]


def _claims(flat: Sequence[bytes]) -> list[Claim]:
    return [
        Claim(job.decode(), int(number), int(attempt), body, int(tries), int(deaths))
        for job, number, attempt, body, tries, deaths in _grouped(flat, 6)
    ]


def _read_job(flat: Sequence[bytes], progress: Sequence[bytes], log: Sequence[bytes]) -> Job:
    values: dict[str, Any] = {name.decode(): value.decode() for name, value in _grouped(flat, 2)}
    ended, total = values["done"], values["total"]
    share = (int(ended) + int(values["failed"]) + sum(map(float, progress))) / max(int(total), 1)
    values |= {
        "ended": values["ended"] or None,
        "progress": round(share, 4),
        "webhook": {
            "url": values["callback"],
            "status": values["delivery"],
            "attempts": [msgspec.json.decode(one) for one in log],
        },
    }
    return msgspec.convert(values, Job, strict=False)
