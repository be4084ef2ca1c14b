"""Works off the articles of jobs when there is room."""

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

Report = Callable[[float], None]
"""Is told the share of an article that is done, 0 to 1."""
Work = Callable[[bytes, Report], Awaitable[bytes]]
"""Makes of an article's body what comes of it; raises what is wrong with it."""
Describe = Callable[[Exception], bytes]
"""Puts an error as a client is told it."""

_POLL_SECONDS = 1.0
"""How long an article of another process may wait unseen."""
_GLANCE_SECONDS = 0.25
"""How soon room is seen."""
_RENEWALS = 3
_LONGEST_RENEWAL = 2.0
_REMEMBERED = 64
_MOST_LIGHT = 100
"""Articles that need no engine and are held at once: each lease has to be renewed."""
_LIGHT_TOGETHER = 2
"""As many of them are worked on together as there are threads for texts, lest requests wait behind
them all.
"""


class Observer(Protocol):
    """Is told what happens, to count it. Its methods must be quick and must not raise."""

    def article_ended(self, outcome: str) -> None:
        """An article of a job ended: ``done``, ``failed``, or goes back (``retried``)."""

    def webhook_tried(self, outcome: str) -> None:
        """A webhook was tried: ``delivered``, ``failed`` or ``given_up``."""


class NullObserver:
    """Counts nothing."""

    def article_ended(self, outcome: str) -> None:
        """Do nothing."""

    def webhook_tried(self, outcome: str) -> None:
        """Do nothing."""


async def forever(loop: Callable[[], Awaitable[None]]) -> None:
    """Run ``loop``, which ends only by an error of ours, again and again."""
    while True:
        try:
            await loop()
        except Unavailable as error:
            log.warning("%s", error)
        except Exception:
            log.exception("a loop of the jobs failed, and begins again")
        await asyncio.sleep(_POLL_SECONDS)


@dataclass(slots=True, eq=False)
class _Held:
    """An article that this process works on."""

    claim: Claim
    light: bool = False
    progress: float = 0.0
    task: asyncio.Task[None] | None = None

    def report(self, share: float) -> None:
        self.progress = share


class Worker:
    """Claims articles from ``store``, has ``work`` make something of each, and keeps that.

    ``room`` says how many more may be begun, given how many run, and how many seconds ago there was
    room for one. What is claimed is held for ``lease`` seconds and renewed; if this process dies,
    another one, or the next one, claims it again. Use it as an asynchronous context manager:
    leaving stops the work and lets go of it.
    """

    def __init__(
        self,
        store: JobStore,
        *,
        work: Work,
        describe: Describe,
        room: Callable[[int, float], int],
        lease: float,
        changes: Changes,
        observer: Observer,
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
        """Whether an article that needs no engine may be begun, whatever room there is."""
        return sum(one.light for one in self._held.values()) < _MOST_LIGHT

    @property
    def lease(self) -> float:
        """Seconds that an article is held for."""
        return self._lease

    @property
    def seconds_an_article(self) -> float:
        """Seconds from one article's end to the next one's, as measured; 1 before that."""
        if len(self._ends) < 2:
            return 1.0
        return max((self._ends[-1] - self._ends[0]) / (len(self._ends) - 1), 0.001)

    async def run(self) -> None:
        """Work until cancelled; then let go of what is held."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(forever(self._claim_always))
                group.create_task(forever(self._renew_always))
        finally:
            await self._let_go()

    def begin(self, claims: Sequence[Claim], *, light: bool = False) -> None:
        """Work on what was claimed, whatever room there is; on ``light`` articles, which need no
        engine, a few at a time.
        """
        for claim in claims:
            held = _Held(claim, light)
            if before := self._held.get((claim.job, claim.number)):
                self._stop(before)  # its lease has ended: this process was asleep
            self._held[claim.job, claim.number] = held
            held.task = asyncio.create_task(self._do(held))

    def drop(self, job: str) -> None:
        """Stop working on a job that was cancelled."""
        for held in [one for one in self._held.values() if one.claim.job == job]:
            self._stop(held)

    # ------------------------------------------------------------------ claiming and holding

    async def _claim_always(self) -> None:
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
                await self._changes.wait(_GLANCE_SECONDS)
                if time.monotonic() - before < _GLANCE_SECONDS * 0.9:  # something changed
                    looked = 0.0

    async def _claim(self, room: int) -> list[Claim]:
        try:
            return await self._store.claim(room, self._lease)
        except Unavailable as error:
            log.warning("%s", error)
            return []

    async def _renew_always(self) -> None:
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

    async def _let_go(self) -> None:
        """Stop all work; it waits for the next who claims it, without a mark against it."""
        held = list(self._held.values())
        for one in held:
            self._stop(one)
        await asyncio.gather(*(one.task for one in held if one.task), return_exceptions=True)
        with suppress(Unavailable):
            for one in held:
                await self._store.release(one.claim, delay=0.0, failed_try=False)

    # ------------------------------------------------------------------ one article

    async def _do(self, held: _Held) -> None:
        try:
            content = await self._attempt(held)
        except Exception as error:
            await self._take_failure(held, error)
        else:
            self._pause_until = 0.0
            await self._end(held, content, failed=False)
        finally:
            self._forget(held)
            self._changes.tell()

    async def _attempt(self, held: _Held) -> bytes:
        if held.claim.deaths >= MOST_DEATHS:
            raise GenerationFailed(f"the service ended {held.claim.deaths} times in this article")
        async with self._light_turn if held.light else nullcontext():
            return await self._work(held.claim.body, held.report)

    async def _take_failure(self, held: _Held, error: Exception) -> None:
        retry = after_failure(error, held.claim.tries)
        if held.claim.deaths >= MOST_DEATHS or retry is None:
            await self._end(held, self._describe(error), failed=True)
            return
        if isinstance(error, Overloaded):
            self._pause_until = time.monotonic() + retry.delay
        self._observer.article_ended("retried")
        await self._insist(
            lambda: self._store.release(held.claim, delay=retry.delay, failed_try=retry.counts)
        )

    async def _end(self, held: _Held, content: bytes, *, failed: bool) -> None:
        kept = await self._insist(lambda: self._store.finish(held.claim, content, failed=failed))
        if kept:
            self._ends.append(time.monotonic())
            self._observer.article_ended("failed" if failed else "done")

    async def _insist(self, write: Callable[[], Awaitable[bool]]) -> bool:
        """Write what has happened, as soon as the store can be reached."""
        while True:
            try:
                return await write()
            except Unavailable as error:
                log.warning("%s", error)
                await asyncio.sleep(_POLL_SECONDS)
