"""The web process's side of inference: joins the supervisor of the process, the queue in front of
it, and admission.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from service.inference.admission import Limits
from service.inference.backoff import Backoff
from service.inference.entries import Step
from service.inference.meters import RateByLoad, WorkMeter
from service.inference.observer import NullObserver, Observer, State, Stats
from service.inference.protocol import Capabilities, Generation, GenerationRequest, Plan
from service.inference.queue import RequestQueue
from service.inference.supervisor import Prepare, Supervisor, Timeouts
from service.inference.tickets import Admissions, Reservation

BATCH_TOKENS = 65_536
"""Padded tokens that an engine of this machine is given at once."""


class InferenceClient:
    """A :class:`~service.inference.protocol.Generator` whose engines run in a separate process.

    It is an asynchronous context manager: entering it returns at once, while the model loads in the
    background; leaving it ends the process and fails what is unfinished. ``prepare`` fetches the
    weights and says which engines to build. ``rates`` may know the machine from before.
    """

    def __init__(
        self,
        prepare: Prepare,
        *,
        limits: Limits,
        timeouts: Timeouts,
        backoff: Backoff | None = None,
        batch_tokens: int = BATCH_TOKENS,
        rates: RateByLoad | None = None,
        observer: Observer | None = None,
        log_level: str = "INFO",
    ) -> None:
        self._limits = limits
        self._observer: Observer = observer or NullObserver()
        self._meter = WorkMeter(rates)
        self._queue = RequestQueue(
            deadline=timeouts.deadline,
            batch_tokens=batch_tokens,
            meter=self._meter,
            observer=self._observer,
        )
        self._admissions = Admissions(
            limits,
            self._meter,
            accepted=lambda: self._queue.entries.to_write,
            measure=self._queue.measure,
            on_refused=self._observer.refused,
        )
        self._supervisor = Supervisor(
            prepare,
            self._queue,
            timeouts=timeouts,
            backoff=backoff or Backoff(),
            on_restart=self._observer.restarted,
            log_level=log_level,
        )

    # ------------------------------------------------------------------ life

    async def __aenter__(self) -> Self:
        self._supervisor.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End the process; what is unfinished fails with :class:`~service.errors.Unavailable`,
        before the process has ended. Idempotent: every call returns once the process has ended.
        """
        await self._supervisor.aclose()

    async def wait_ready(self) -> None:
        """Wait until the engines are loaded.

        Raises:
            Unavailable: they never will be; the text says why, for an operator to read.
        """
        await self._supervisor.wait_ready()

    @property
    def state(self) -> State:
        """Where the process is in its life; new work is admitted only in ``ready``."""
        return self._supervisor.state

    @property
    def reason(self) -> str:
        """Why the state is what it is, in words for an operator."""
        return self._supervisor.reason

    # ------------------------------------------------------------------ what callers see

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        """One entry a loaded model.

        Raises:
            Unavailable: the engine is not ready.
        """
        if self.state != "ready":
            raise self._supervisor.unavailable()
        return self._supervisor.capabilities

    def stats(self) -> Stats:
        """A snapshot of the queue and of the process."""
        supervisor, rate = self._supervisor, self._meter.overall.rate
        entries = self._queue.entries
        waiting = list(entries.waiting.values())
        return Stats(
            state=supervisor.state,
            reason=supervisor.reason,
            queued_requests=len(waiting),
            queued_tokens=sum(entry.tokens for entry in waiting),
            running=len(entries.running),
            limit=self._limits.requests,
            backlog=sum(entry.remaining for entry in entries.accepted) / rate,
            restarts=supervisor.restarts,
            rate=rate,
            steps=supervisor.heartbeat.steps,
            peak_memory=supervisor.heartbeat.peak_memory,
            pid=supervisor.pid,
        )

    @asynccontextmanager
    async def admit(self, plan: Plan) -> AsyncIterator[QueueTicket]:
        """Admit an article; see :class:`~service.inference.protocol.Generator`.

        Raises:
            Overloaded: there is no room for it, or no time.
            Unavailable: the engine is not ready.
            UnsupportedTask: no engine serves the task.
        """
        state = self.state
        if state != "ready":
            self._observer.refused(state)
            raise self._supervisor.unavailable()
        engine = self._queue.engine_for(plan.task)
        concurrency = self._supervisor.capabilities[engine].concurrency
        reservation = self._admissions.admit(plan, concurrency=concurrency)
        try:
            yield QueueTicket(self._queue, reservation)
        finally:
            self._admissions.release(reservation)


class QueueTicket:
    """The :class:`~service.inference.protocol.Ticket` of an :class:`InferenceClient`."""

    def __init__(self, queue: RequestQueue, reservation: Reservation) -> None:
        self._queue = queue
        self._reservation = reservation

    async def generate(
        self,
        request: GenerationRequest,
        *,
        tokens: int = 0,
        later_tokens: int | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Run one request; see :class:`~service.inference.protocol.Ticket`.

        Raises:
            Unavailable, DeadlineExceeded, PromptTooLong, GenerationFailed, UnsupportedTask: see
                :meth:`service.inference.queue.RequestQueue.run`.
        """
        step = Step(request, tokens, later_tokens)
        return await self._queue.run(step, self._reservation, on_text=on_text)
