"""The bounded queue: requests wait here, never in the engine, which is given only what fits its
budget. Every accepted request is answered or fails.

Requests of an admitted article are never refused. While the engine restarts or is unreachable they
wait; those that ran when it died are sent again.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Callable, Sequence

import msgspec

from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    PromptTooLong,
    ServiceError,
    Unavailable,
    UnsupportedTask,
    UnwritableGrammar,
)
from service.inference.dispatch import Dispatcher
from service.inference.entries import Entries, QueueEntry, Step, TextStream
from service.inference.meters import WorkMeter
from service.inference.observer import Observer
from service.inference.protocol import (
    Capabilities,
    Delta,
    Failure,
    Generation,
    Prefilled,
    Retried,
)
from service.inference.scheduling import weigh
from service.inference.supervisor import EngineLink
from service.inference.tickets import Reservation
from service.inference.wire import Dropped, Heartbeat, Report
from service.tasks import Task

log = logging.getLogger(__name__)

_LIVES = 2
"""How many deaths of the process a request is sent into at most."""


class RequestQueue:
    """The :class:`~service.inference.supervisor.Listener` that gives the engines their requests.

    ``deadline`` is how many seconds a request may take from acceptance to answer; ``batch_tokens``
    are the padded tokens that an engine is given at once.
    """

    def __init__(
        self, *, deadline: float, batch_tokens: int, meter: WorkMeter, observer: Observer
    ) -> None:
        self._deadline = deadline
        self._meter = meter
        self._observer = observer
        self._orders = itertools.count(1)
        self._given_up = ""
        self._entries = Entries()
        self._dispatcher = Dispatcher(
            self._entries,
            deadline=deadline,
            batch_tokens=batch_tokens,
            meter=meter,
            observer=observer,
        )

    @property
    def entries(self) -> Entries:
        """The accepted requests; not to be changed."""
        return self._entries

    def engine_for(self, task: Task) -> int:
        """The index of the first engine that serves ``task``.

        Raises:
            UnsupportedTask: none does.
        """
        for index, one in enumerate(self._dispatcher.capabilities):
            if task in one.tasks:
                return index
        raise UnsupportedTask(f"no model of the lineup serves {task}")

    async def run(
        self,
        step: Step,
        reservation: Reservation,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Run one request of the article that holds ``reservation``. Cancelling the awaiting task
        cancels it: one that waits costs nothing, one that runs is dropped by the engine.

        Raises:
            UnsupportedTask: no engine serves the task.
            Unavailable: the engine has been given up.
            DeadlineExceeded: not finished in time.
            PromptTooLong: the prompt does not fit the context.
            GenerationFailed: the engine gave up.
        """
        if self._given_up:
            error = Unavailable(self._given_up)
            self._observer.failed(step.request, error)
            raise error
        entry = self._enter(step, reservation, on_text)
        try:
            async with asyncio.timeout(self._deadline) as deadline:
                generation = await entry.answer
        except TimeoutError as error:
            if not deadline.expired():
                raise
            late = DeadlineExceeded(f"not finished within {self._deadline:g} seconds")
            self._observer.failed(step.request, late)
            raise late from error
        except ServiceError as error:
            self._observer.failed(step.request, error)
            raise
        finally:
            self._remove(entry)
        self._observer.finished(step.request, generation)
        return generation

    def measure(self, tokens: int = 0) -> None:
        """Count ``tokens`` of work done since the last measurement, if anything was written."""
        self._meter.finish(tokens, writing=self._entries.writing, now=time.monotonic())

    # ------------------------------------------------------------------ in and out

    def _enter(
        self, step: Step, reservation: Reservation, on_text: Callable[[str], None] | None
    ) -> QueueEntry:
        engine = self.engine_for(step.request.task)
        order = next(self._orders)
        # two callers may use one id, and a late report on a cancelled request must find nobody
        request = msgspec.structs.replace(step.request, id=f"{step.request.id}#{order}")
        scored, plan = bool(request.scored), reservation.plan
        is_first = reservation.is_unused and not scored
        entry = QueueEntry(
            order=order,
            step=msgspec.structs.replace(step, request=request),
            reservation=reservation,
            is_first=is_first,
            growth=self._meter.articles.growth if is_first else 1.0,
            engine=engine,
            item=weigh(
                request,
                tokens=step.tokens,
                begun=reservation.begun or scored,
                # a score goes after whatever is to be written, for anybody
                priority="low" if scored else plan.priority,
                since=plan.started,
                prefix_cache=self._dispatcher.capabilities[engine].prefix_cache,
            ),
            answer=asyncio.get_running_loop().create_future(),
            stream=TextStream(on_text),
            accepted=time.monotonic(),
        )
        if not scored:
            reservation.sent += entry.tokens
        self._entries.wait(entry)
        self._dispatcher.dispatch()
        return entry

    def _remove(self, entry: QueueEntry) -> None:
        """Take an entry out, however it ended; the engine drops what it has not finished."""
        if not entry.is_scored:
            entry.reservation.answered = True
        if self._entries.remove(entry):
            self._dispatcher.drop(entry.key)
        self._dispatcher.dispatch()

    # ------------------------------------------------------------------ events of the process

    @property
    def expects_report(self) -> bool:
        """Whether the process runs something, or is to drop something."""
        return self._dispatcher.expects_report

    def on_ready(self, link: EngineLink, capabilities: Sequence[Capabilities]) -> None:
        """Give the engines what waits."""
        self._dispatcher.connect(link, capabilities)

    def on_report(self, report: Report) -> None:
        """Pass it on to the request that it is about."""
        match report:
            case Heartbeat():
                self._dispatcher.dispatch()  # what waits may be starved by now
            case Prefilled(id=key):
                self._mark_cached(key)
            case Delta(id=key, text=text):
                if entry := self._entries.running.get(key):
                    entry.take_text(text)
            case Retried(id=key):
                if entry := self._entries.running.get(key):
                    entry.stream.restart()
            case Generation(id=key) | Failure(id=key):
                self._settle(key, report)
            case Dropped(id=key):
                self._dispatcher.dropped(key)

    def on_disconnected(self) -> None:
        """Send nothing more."""
        self._dispatcher.disconnect()

    def on_died(self, reason: str) -> None:
        """Put what ran back to its place in the queue, or give it up."""
        self.measure()
        self._entries.cached.clear()
        again: list[QueueEntry] = []
        for entry in self._entries.running.values():
            entry.deaths += 1
            entry.dispatched = 0.0
            entry.stream.restart()
            if entry.deaths < _LIVES:
                again.append(entry)
            else:
                log.error("%s is given up: %s", entry.key, reason)
                entry.fail(GenerationFailed("the inference engine died twice on this request"))
        self._entries.running.clear()
        self._entries.wait(*again)

    def on_given_up(self, message: str) -> None:
        """Fail everything, now and from now on, with an error of its own each."""
        self._given_up = message
        for entry in self._entries.accepted:
            entry.fail(Unavailable(message))
        self._entries.clear()

    def _mark_cached(self, key: str) -> None:
        entry = self._entries.running.get(key)
        if entry and entry.item.family:
            self._entries.cached[entry.engine].add(entry.item.family)
            self._dispatcher.dispatch()

    def _settle(self, key: str, outcome: Generation | Failure) -> None:
        entry = self._entries.running.get(key)
        if entry is None:
            return
        if isinstance(outcome, Failure):
            self.measure()
            entry.fail(_error(outcome))
        else:
            entry.reservation.begun = True
            self.measure(0 if entry.is_scored else entry.tokens)
            if entry.step.later_tokens is None and not entry.is_scored:
                self._meter.articles.add(entry.tokens, first=entry.is_first)
            self._mark_cached(key)
            if not entry.answer.done():
                entry.answer.set_result(_signed(outcome, entry))
        del self._entries.running[key]
        self._dispatcher.dispatch()


def _signed(generation: Generation, entry: QueueEntry) -> Generation:
    """The answer under the caller's id, with the time that it waited here."""
    timings = generation.timings
    waited = timings.queue + entry.dispatched - entry.accepted
    return msgspec.structs.replace(
        generation,
        id=entry.step.request.id.rpartition("#")[0],
        timings=msgspec.structs.replace(timings, queue=waited),
    )


def _error(failure: Failure) -> ServiceError:
    """The caller's error for a failure."""
    if failure.kind == "prompt_too_long":
        return PromptTooLong(failure.message, tokens=failure.tokens, limit=failure.limit)
    if failure.kind == "unsupported_task":
        return UnsupportedTask(failure.message)
    if failure.kind == "bad_grammar":
        return UnwritableGrammar(failure.message)
    return GenerationFailed(failure.message)
