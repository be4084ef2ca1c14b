"""Works on the articles of jobs while the service has room."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Protocol

from service.errors import GenerationFailed, Overloaded, Unavailable
from service.jobs.changes import Changes
from service.jobs.model import Claim
from service.jobs.policy import MOST_DEATHS, after_failure
from service.jobs.store import JobStore

log = logging.getLogger(__name__)

ReportProgress = Callable[[float], None]
"""Called with the share of an article that is done, 0 to 1."""
ArticleWork = Callable[[bytes, ReportProgress], Awaitable[bytes]]
"""Turns an article's body into its result; raises if it cannot."""
Describe = Callable[[Exception], bytes]
"""Encodes an error for the client."""

_POLL_SECONDS = 1.0
"""How long an article that another process queued may go unnoticed."""
_ROOM_POLL_SECONDS = 0.25
"""How soon free room is noticed."""
_RENEWALS = 3
_LONGEST_RENEWAL = 2.0
_REMEMBERED = 64
_MOST_LIGHT = 100
"""How many articles that need no engine are held at once: each lease has to be renewed."""
_LIGHT_TOGETHER = 2
"""How many of them are worked on together: as many as there are threads for text work, so that
requests do not wait behind all of them."""


class JobObserver(Protocol):
    """Counts what happens. Its methods must be quick and must not raise."""

    def article_ended(self, outcome: str) -> None:
        """An article of a job ended (``done``, ``failed``) or was put back (``retried``)."""

    def webhook_tried(self, outcome: str) -> None:
        """An attempt to deliver a webhook ended: ``delivered``, ``failed`` or ``given_up``."""


class NullJobObserver:
    """Counts nothing."""

    def article_ended(self, outcome: str) -> None:
        """Do nothing."""

    def webhook_tried(self, outcome: str) -> None:
        """Do nothing."""


async def forever(loop: Callable[[], Awaitable[None]]) -> None:
    """Run ``loop``, and start it again whenever it fails."""
    while True:
        try:
            await loop()
        except Unavailable as error:
            log.warning("%s", error)
        except Exception:
            log.exception("a background task of the jobs failed; it is started again")
        await asyncio.sleep(_POLL_SECONDS)


@dataclass(slots=True, eq=False)
class _Held:
    """An article that this process is working on."""

    claim: Claim
    light: bool = False
    progress: float = 0.0
    task: asyncio.Task[None] | None = None

    def report(self, share: float) -> None:
        self.progress = share


class Worker:
    """Claims articles from ``store``, runs ``work`` on each, and stores the result.

    ``room`` returns how many more articles may be started, given how many are running and how many
    seconds ago there was room for one. A claimed article is leased for ``lease`` seconds, and the
    lease is renewed; if this process dies, another one claims the article again.
    """

    def __init__(
        self,
        store: JobStore,
        *,
        work: ArticleWork,
        describe: Describe,
        room: Callable[[int, float], int],
        lease: float,
        changes: Changes,
        observer: JobObserver,
    ) -> None:
        self._store = store
        self._work = work
        self._describe = describe
        self._room = room
        self._lease = lease
        self._changes = changes
        self._observer = observer
        self._held: dict[tuple[str, int], _Held] = {}
        self._ends: deque[float] = deque(maxlen=_REMEMBERED)
        self._pause_until = 0.0
        self._light_turn = asyncio.Semaphore(_LIGHT_TOGETHER)

    @property
    def takes_light(self) -> bool:
        """Whether an article that needs no engine may be started, however busy the engine is."""
        return sum(one.light for one in self._held.values()) < _MOST_LIGHT

    @property
    def lease(self) -> float:
        """Seconds that an article is leased for."""
        return self._lease

    @property
    def seconds_an_article(self) -> float:
        """Mean seconds between the ends of recent articles; 1 before there are two."""
        if len(self._ends) < 2:
            return 1.0
        return max((self._ends[-1] - self._ends[0]) / (len(self._ends) - 1), 0.001)

    async def run(self) -> None:
        """Work until cancelled; then put back what is held."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(forever(self._claim_forever))
                group.create_task(forever(self._renew_forever))
        finally:
            await self._put_back()

    def begin(self, claims: Sequence[Claim], *, light: bool = False) -> None:
        """Start work on claimed articles, however busy the engine is; on ``light`` ones, which need
        no engine, a few at a time.
        """
        for claim in claims:
            held = _Held(claim, light)
            if before := self._held.get((claim.job, claim.number)):
                self._stop(before)  # its lease has ended: this process was asleep
            self._held[claim.job, claim.number] = held
            held.task = asyncio.create_task(self._process(held))

    def drop(self, job: str) -> None:
        """Stop the work on a job that was cancelled."""
        for held in [one for one in self._held.values() if one.claim.job == job]:
            self._stop(held)

    # ------------------------------------------------------------------ claiming and holding

    async def _claim_forever(self) -> None:
        looked, had_room = 0.0, time.monotonic()
        while True:
            now = time.monotonic()
            paused = now < self._pause_until
            running = sum(not one.light for one in self._held.values())
            room = 0 if paused else self._room(running, now - had_room)
            had_room = now if room else had_room
            claims: list[Claim] = []
            if room and now >= looked:
                claims = await self._claim(room)
                self.begin(claims)
                looked = now if claims else now + _POLL_SECONDS
            if not claims:
                before = time.monotonic()
                await self._changes.wait(_ROOM_POLL_SECONDS)
                if time.monotonic() - before < _ROOM_POLL_SECONDS * 0.9:  # something changed
                    looked = 0.0

    async def _claim(self, room: int) -> list[Claim]:
        try:
            return await self._store.claim(room, self._lease)
        except Unavailable as error:
            log.warning("%s", error)
            return []

    async def _renew_forever(self) -> None:
        while True:
            await asyncio.sleep(min(self._lease / _RENEWALS, _LONGEST_RENEWAL))
            held = list(self._held.values())
            if not held:
                continue
            try:
                lost = await self._store.renew(
                    [(one.claim, one.progress) for one in held], self._lease
                )
            except Unavailable as error:
                log.warning("%s", error)
                continue
            for claim in lost:
                if (one := self._held.get((claim.job, claim.number))) and one.claim == claim:
                    self._stop(one)

    def _stop(self, held: _Held) -> None:
        self._forget(held)
        if held.task:
            held.task.cancel()

    def _forget(self, held: _Held) -> None:
        key = (held.claim.job, held.claim.number)
        if self._held.get(key) is held:
            del self._held[key]

    async def _put_back(self) -> None:
        """Stop all work and put the articles back, without counting a failed try."""
        held = list(self._held.values())
        for one in held:
            self._stop(one)
        await asyncio.gather(*(one.task for one in held if one.task), return_exceptions=True)
        with suppress(Unavailable):
            for one in held:
                await self._store.release(one.claim, delay=0.0, failed_try=False)

    # ------------------------------------------------------------------ one article

    async def _process(self, held: _Held) -> None:
        try:
            content = await self._attempt(held)
        except Exception as error:
            await self._handle_failure(held, error)
        else:
            self._pause_until = 0.0
            await self._end(held, content, failed=False)
        finally:
            self._forget(held)
            self._changes.notify()

    async def _attempt(self, held: _Held) -> bytes:
        if held.claim.deaths >= MOST_DEATHS:
            raise GenerationFailed(f"the service crashed {held.claim.deaths} times on this article")
        async with self._light_turn if held.light else nullcontext():
            return await self._work(held.claim.body, held.report)

    async def _handle_failure(self, held: _Held, error: Exception) -> None:
        retry = after_failure(error, held.claim.tries)
        if held.claim.deaths >= MOST_DEATHS or retry is None:
            await self._end(held, self._describe(error), failed=True)
            return
        if isinstance(error, Overloaded):
            self._pause_until = time.monotonic() + retry.delay
        self._observer.article_ended("retried")
        await self._retry_write(
            lambda: self._store.release(held.claim, delay=retry.delay, failed_try=retry.counts)
        )

    async def _end(self, held: _Held, content: bytes, *, failed: bool) -> None:
        kept = await self._retry_write(
            lambda: self._store.finish(held.claim, content, failed=failed)
        )
        if kept:
            self._ends.append(time.monotonic())
            self._observer.article_ended("failed" if failed else "done")

    async def _retry_write(self, write: Callable[[], Awaitable[bool]]) -> bool:
        """Write to the store, and retry until it can be reached."""
        while True:
            try:
                return await write()
            except Unavailable as error:
                log.warning("%s", error)
                await asyncio.sleep(_POLL_SECONDS)
