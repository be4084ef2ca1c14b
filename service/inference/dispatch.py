"""Sending the engines what they are to run next, as :mod:`service.inference.scheduling` chooses."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from service.errors import GenerationFailed
from service.inference.entries import Entries, QueueEntry
from service.inference.meters import WorkMeter
from service.inference.observer import Observer
from service.inference.protocol import Capabilities
from service.inference.scheduling import (
    Budget,
    ScheduledRequest,
    choose_batch,
    choose_scores,
    is_pressed,
    is_starved,
    outranks,
)
from service.inference.supervisor import EngineLink
from service.inference.wire import Cancel, Submit, WireError

log = logging.getLogger(__name__)


class Dispatcher:
    """Moves ``entries`` to the engines while it is connected to them. ``deadline`` is how many
    seconds a request may take; ``batch_tokens`` are the padded tokens that an engine is given at
    once.
    """

    def __init__(
        self,
        entries: Entries,
        *,
        deadline: float,
        batch_tokens: int,
        meter: WorkMeter,
        observer: Observer,
    ) -> None:
        self._entries = entries
        self._deadline = deadline
        self._batch_tokens = batch_tokens
        self._meter = meter
        self._observer = observer
        self._link: EngineLink | None = None
        self._capabilities: Sequence[Capabilities] = ()
        self._leaving: set[str] = set()

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        """Those of the engines, also while they are away; empty before the first load."""
        return self._capabilities

    @property
    def expects_report(self) -> bool:
        """Whether the process runs something, or is to drop something."""
        return bool(self._entries.running or self._leaving)

    def connect(self, link: EngineLink, capabilities: Sequence[Capabilities]) -> None:
        """Use the engines behind ``link`` and send them what waits."""
        self._link, self._capabilities = link, capabilities
        self.dispatch()

    def disconnect(self) -> None:
        """Send nothing more."""
        self._link = None
        self._leaving.clear()

    def drop(self, key: str) -> None:
        """Have the engine drop a request that it has."""
        if self._link:
            self._link.send(Cancel(key))
            self._leaving.add(key)

    def dropped(self, key: str) -> None:
        """The engine has dropped the request."""
        self._leaving.discard(key)

    def dispatch(self) -> None:
        """Give each engine what the policy chooses for it."""
        link, entries = self._link, self._entries
        if link is None:
            return
        if any(entry.deaths for entry in self._entries.running.values()):
            return
        waiting = list(entries.waiting.values())
        if suspect := next((entry for entry in waiting if entry.deaths), None):
            waiting = self._ahead_of(suspect)
            if not waiting:
                # it ran when the process died: it runs alone, so that a request that kills the
                # engine takes no other one along
                if not self._entries.running:
                    self._submit(link, suspect)
                return
        pressed = {entry.key for entry in self._entries.accepted if self._is_pressed(entry)}
        starved = {entry.key for entry in waiting if self._is_starved(entry)}
        for engine, capabilities in enumerate(self._capabilities):
            own = [entry for entry in self._entries.running.values() if entry.engine == engine]
            running = [entry.item for entry in own if not entry.is_scored]
            batch = choose_batch(
                [one.item for one in waiting if one.engine == engine and not one.is_scored],
                Budget(self._batch_tokens, capabilities.concurrency),
                running=running,
                cached=self._entries.cached[engine],
                pressed=pressed,
                starved=starved,
            )
            for item in batch:
                self._submit(link, self._entries.waiting[item.key])
            batch += self._dispatch_scores(link, engine, waiting)
            if batch:
                self._observer.dispatched(capabilities.model, len(own) + len(batch))

    def _dispatch_scores(
        self, link: EngineLink, engine: int, waiting: Sequence[QueueEntry]
    ) -> list[ScheduledRequest]:
        """Give an engine what it may score now. One of this machine shares its cores with the
        others: it scores while none has anything to write.
        """
        capabilities = self._capabilities[engine]
        beside = capabilities.concurrency if capabilities.scores_beside else 0
        running = self._entries.running.values()
        chosen = choose_scores(
            [one.item for one in waiting if one.is_scored and one.engine == engine],
            outstanding=sum(one.is_scored and one.engine == engine for one in running),
            writing=sum(
                one.item.sequences
                for one in running
                if not one.is_scored and (one.engine == engine or not beside)
            ),
            written_waits=any(
                not one.is_scored and (one.engine == engine or not beside)
                for one in self._entries.waiting.values()
            ),
            beside=beside,
        )
        for item in chosen:
            self._submit(link, self._entries.waiting[item.key])
        return chosen

    def _submit(self, link: EngineLink, entry: QueueEntry) -> None:
        del self._entries.waiting[entry.key]
        try:
            link.send(Submit(entry.engine, entry.step.request))
        except WireError as error:
            log.error("%s cannot be sent: %s", entry.key, error)
            entry.fail(GenerationFailed("the request is too large for the engine"))
            return
        entry.dispatched = time.monotonic()
        was_idle = not self._entries.running
        if not entry.is_scored and not self._entries.writing:
            self._meter.start(entry.dispatched)
        self._entries.running[entry.key] = entry
        # an engine that owes a report on a cancelled request gets no new time from the next one
        if was_idle and not self._leaving:
            link.expect_report(expected=True)

    def _ahead_of(self, suspect: QueueEntry) -> list[QueueEntry]:
        """What still goes before a request that must run alone: what has a higher priority, until
        the request is starved.
        """
        if self._is_starved(suspect):
            return []
        return [
            one
            for one in self._entries.waiting.values()
            if outranks(one.priority, suspect.priority)
        ]

    def _is_starved(self, entry: QueueEntry) -> bool:
        return is_starved(entry.reservation.age, entry.priority, self._deadline)

    def _is_pressed(self, entry: QueueEntry) -> bool:
        plan, articles = entry.reservation.plan, self._meter.articles
        own = 0
        # single sentences are short, however many of them an article still has
        if plan.later_tokens is None and not entry.is_scored:
            own = int((plan.tokens + plan.concurrent_tokens) * articles.growth)
        return is_pressed(entry.reservation.age, plan.timeout, own=own, usual=articles.usual)
