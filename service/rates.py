"""How much each key may ask for in a minute: requests, and characters of text.

The count is that of ``limits``' sliding window counter: the minute under way, and the share of the
one before it that is less than a minute ago. It is kept in memory, or in Redis for all replicas.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable
from typing import Any, Literal, Self

import msgspec
from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from service.errors import RateExceeded, SettingsError
from service.keys import ApiKey

log = logging.getLogger(__name__)

Quota = Literal["requests", "characters"]

_WINDOW = 60
_PREFIX = "jianbao:rates"
# a call is not to wait for a store that is gone
_TIMEOUT_SECONDS = 0.5


class Window(msgspec.Struct, frozen=True):
    """What was counted: ``before`` in the window that ends to weigh in ``fades`` seconds, and
    ``now`` in the one that is over in ``turns`` seconds.
    """

    before: int
    fades: float
    now: int
    turns: float


def wait_for(cost: int, limit: int, seen: Window, length: float) -> float:
    """Seconds until ``cost`` (at most ``limit``) fits, windows being ``length`` seconds long, if
    nothing else is asked for.
    """
    room = limit - cost + 1  # what is counted must be less
    if seen.before * seen.fades / length + seen.now < room:
        return 0.0
    if seen.now < room and seen.before:
        wait = seen.fades - (room - seen.now) * length / seen.before
        if wait <= seen.turns or not seen.now:
            return wait
    return max(seen.turns, seen.turns + length - room * length / seen.now)


class Rates:
    """Counts what each key asks for. ``length`` is that of the window, in seconds."""

    def __init__(
        self,
        storage: MemoryStorage | RedisStorage,
        *,
        length: int = _WINDOW,
        aclose: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Use :meth:`open`."""
        self._aclose = aclose
        self._storage = storage
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._length = length
        self._lost = False

    @classmethod
    def open(cls, url: str = "", *, length: int = _WINDOW) -> Self:
        """Count in the Redis at ``url``, in memory if there is none.

        Raises:
            SettingsError: it is no such address; the text leaves it out: it may hold a password.
        """
        if not url:
            return cls(MemoryStorage(), length=length)
        try:
            pool = _pool(url)
        except ValueError:
            raise SettingsError("JIANBAO_RATES_URL: expected redis://… or rediss://…") from None
        storage = RedisStorage(
            "async+redis://",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix=_PREFIX,
            connection_pool=pool,
        )
        return cls(storage, length=length, aclose=pool.aclose)

    async def aclose(self) -> None:
        """Close what connections there are."""
        if self._aclose:
            await self._aclose()

    async def take(self, key: ApiKey, quota: Quota, cost: int = 1) -> None:
        """Count ``cost`` for the key. What is more than a minute's worth counts as just that: it
        goes when nothing went for a while. If the count cannot be reached, nobody is refused.

        Raises:
            RateExceeded: it is too much for now, and was not counted.
        """
        limit = key.requests_per_minute if quota == "requests" else key.characters_per_minute
        if limit is None or cost < 1:
            return
        item = RateLimitItemPerSecond(limit, self._length)
        cost = min(cost, limit)
        try:
            if await self._limiter.hit(item, key.digest, quota, cost=cost):
                self._lost = False
                return
            seen = await self._storage.get_sliding_window(
                item.key_for(key.digest, quota), self._length
            )
        except StorageError as error:
            self._tell(error)
            return
        before, fades, now, expires = seen
        window = Window(before, fades, now, max(expires - self._length, 0.0))
        raise RateExceeded(
            f"the key allows {limit} {quota} a minute; try again later",
            retry_after=math.floor(wait_for(cost, limit, window, self._length)) + 1,
        )

    def _tell(self, error: StorageError) -> None:
        if not self._lost:
            quota = type(error.storage_error).__name__
            log.error("rates are not counted: JIANBAO_RATES_URL cannot be reached: %s", quota)
        self._lost = True


def _pool(url: str) -> Any:
    """Return connections to Redis, none of them open yet.

    Raises:
        ValueError: this is no such address.
    """
    from redis.asyncio import ConnectionPool

    pool: Any = ConnectionPool
    return pool.from_url(
        url.replace("valkey", "redis", 1) if url.startswith("valkey") else url,
        socket_timeout=_TIMEOUT_SECONDS,
        socket_connect_timeout=_TIMEOUT_SECONDS,
    )
