"""The web process's side of inference: the bounded queue, and the watched process behind it.

One supervisor task fetches the weights, starts the process, waits for it to load, reads what it
says, and starts it again with back-off when it dies or hangs. Requests wait here, never in the
engine: it is given only what fits its budget. Every accepted request is answered or fails.

New work is taken in the state ``ready`` alone. The later steps of an article that was accepted
(``follow_up``) wait in the queue while the engine restarts or is unreachable.

                                 unreachable
                                      ⇅
    starting → fetching → loading → ready ⇄ restarting
        ↓          ↓         ↓        ↓         ↓
        └──────────┴─────────┴─ dead ─┴─────────┘

While the service shuts down, its probes show ``draining`` in place of these, and ``keys`` while it
cannot read its API keys (:mod:`service.web.standing`): work that was accepted goes on here.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import math
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, NoReturn, Protocol, Self

import msgspec

from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    Overloaded,
    PromptTooLong,
    ServiceError,
    Unavailable,
    UnsupportedTask,
    UnwritableGrammar,
    WeightsError,
)
from service.inference.batching import (
    ArticleMeter,
    Backoff,
    Limits,
    Load,
    RateByLoad,
    RateMeter,
    Refusal,
    admit,
    find_engine,
    limits_for,
    overdue,
    retry_after,
)
from service.inference.child import Child
from service.inference.config import EngineConfig
from service.inference.protocol import (
    Capabilities,
    Delta,
    Failure,
    Generation,
    GenerationRequest,
    Prefilled,
    Retried,
)
from service.inference.scheduling import (
    Budget,
    Item,
    choose_batch,
    choose_scores,
    is_pressed,
    is_starved,
    outranks,
    rank,
    weigh,
)
from service.inference.wire import (
    Cancel,
    Dropped,
    Fatal,
    Heartbeat,
    Ready,
    Report,
    Start,
    Submit,
    WireError,
)

log = logging.getLogger(__name__)

State = Literal["starting", "fetching", "loading", "ready", "unreachable", "restarting", "dead"]

_UNAVAILABLE: dict[State, str] = {
    "starting": "the service is starting",
    "fetching": "the model's weights are being fetched",
    "loading": "the model is loading",
    "unreachable": "no model server can be reached",
    "restarting": "the inference engine is restarting",
    "dead": "the inference engine is dead",
}

_CLOSED = "the service is shutting down"

BATCH_TOKENS = 65_536
"""Padded tokens that an engine of this machine is given at once."""

_LIVES = 2


class Timeouts(msgspec.Struct, frozen=True):
    """How long things may take, all in seconds: a request from acceptance to answer
    (``deadline``), silence of an engine that has work (``step``), loading the engines (``load``),
    and leaving after the socket is closed (``stop``).
    """

    deadline: float
    step: float
    load: float = 900.0
    stop: float = 5.0


class Stats(msgspec.Struct, frozen=True):
    """A snapshot for metrics. ``queued_*`` wait here and ``running`` are with the engine, together
    at most ``limit``; their articles take ``backlog`` seconds more at the measured ``rate``, which
    is in estimated tokens a second. ``steps`` and ``peak_memory`` (bytes) are of the present
    process, ``pid`` 0 when there is none.
    """

    state: State | Literal["draining", "keys"]
    reason: str
    queued_requests: int
    queued_tokens: int
    running: int
    limit: int
    backlog: float
    restarts: int
    rate: float
    steps: int
    peak_memory: int
    pid: int


class Observer(Protocol):
    """Is told what happens, to count it. Its methods must be quick and must not raise."""

    def dispatched(self, model: str, batch: int) -> None:
        """Requests joined those that run on ``model``; ``batch`` of them run now."""

    def finished(self, request: GenerationRequest, generation: Generation) -> None:
        """A request was answered."""

    def failed(self, request: GenerationRequest, error: ServiceError) -> None:
        """An accepted request failed."""

    def refused(self, reason: Refusal) -> None:
        """A request was not accepted."""

    def restarted(self, reason: str) -> None:
        """The process is being started again."""


class NullObserver:
    """Counts nothing."""

    def dispatched(self, model: str, batch: int) -> None:
        """Do nothing."""

    def finished(self, request: GenerationRequest, generation: Generation) -> None:
        """Do nothing."""

    def failed(self, request: GenerationRequest, error: ServiceError) -> None:
        """Do nothing."""

    def refused(self, reason: Refusal) -> None:
        """Do nothing."""

    def restarted(self, reason: str) -> None:
        """Do nothing."""


class EngineDied(Exception):
    """The inference process ended or had to be killed; the text says how."""


_Place = tuple[tuple[int, float], int]
"""A place in the queue: as of :func:`rank`, and the order in which requests came."""


@dataclass(slots=True, eq=False)
class _Entry:
    """An accepted request until it is answered. ``order`` counts the requests as they come."""

    order: int
    request: GenerationRequest
    engine: int
    item: Item
    answer: asyncio.Future[Generation]
    on_text: Callable[[str], None] | None
    accepted: float
    dispatched: float = 0.0
    deaths: int = 0
    streamed: str = ""
    attempt: str = ""

    @property
    def key(self) -> str:
        """The id under which the engine knows it."""
        return self.item.key

    @property
    def scored(self) -> bool:
        """Whether nothing is to be written for it."""
        return bool(self.request.scored)

    @property
    def rank(self) -> _Place:
        """Who goes first: whose turn it is, and of one article the request that came first."""
        return (rank(self.request.priority, self.request.since), self.order)

    @property
    def cost(self) -> int:
        """Its estimated tokens, as admission counts them."""
        return max(self.request.cost, self.item.tokens)

    @property
    def gone(self) -> float:
        """Seconds since work on its article began."""
        return time.monotonic() - self.request.since

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)

    def stream(self, text: str) -> None:
        """Pass on what is new. A second attempt repeats what the caller has seen before it goes
        on; should it take another turn, streaming ends and only the answer counts.
        """
        self.attempt += text
        if self.on_text is None or not self.attempt.startswith(self.streamed):
            return
        new = self.attempt[len(self.streamed) :]
        self.streamed = self.attempt
        if not new:
            return
        try:
            self.on_text(new)
        except Exception as error:
            self.fail(error)


class InferenceClient:
    """A :class:`~service.inference.protocol.Generator` whose engines run in a separate process.

    Use it as an asynchronous context manager: entering returns at once, while the model loads
    behind it; leaving ends the process and fails what is unfinished. ``prepare`` fetches the
    weights and says which engines to build; it is called again when it fails. ``rates`` may
    know the machine from before.
    """

    def __init__(
        self,
        prepare: Callable[[], Awaitable[Sequence[EngineConfig]]],
        *,
        limits: Limits,
        timeouts: Timeouts,
        backoff: Backoff | None = None,
        batch_tokens: int = BATCH_TOKENS,
        rates: RateByLoad | None = None,
        observer: Observer | None = None,
        log_level: str = "INFO",
    ) -> None:
        self._prepare = prepare
        self._limits = limits
        self._timeouts = timeouts
        self._backoff = backoff or Backoff()
        self._batch_tokens = batch_tokens
        self._observer: Observer = observer or NullObserver()
        self._log_level = log_level

        self._state: State = "starting"
        self._reason = ""
        self._changed = asyncio.Event()
        self._supervisor: asyncio.Task[None] | None = None
        self._closed = False

        self._child: Child | None = None
        self._capabilities: tuple[Capabilities, ...] = ()
        self._ready_at: float | None = None
        self._silence: asyncio.Timeout | None = None
        self._heartbeat = Heartbeat(0, 0)
        self._restarts = 0

        self._orders = itertools.count(1)
        self._waiting: dict[str, _Entry] = {}
        self._running: dict[str, _Entry] = {}
        self._leaving: set[str] = set()
        self._warm: defaultdict[int, set[str]] = defaultdict(set)
        self._meter = RateMeter()
        self._rates = rates or RateByLoad()
        self._articles = ArticleMeter()
        self._measured = 0.0

    # ------------------------------------------------------------------ life

    async def __aenter__(self) -> Self:
        self._supervisor = asyncio.create_task(self._supervise(), name="inference supervisor")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End the process; what is unfinished fails with :class:`Unavailable`, before the process
        has ended. Idempotent: every call returns once the process has ended.
        """
        supervisor = self._supervisor
        if supervisor and not self._closed:
            supervisor.cancel()  # once: a second time would interrupt the wait for the process
        self._closed = True
        self._die(_CLOSED)
        if supervisor:
            await asyncio.wait([supervisor])

    async def wait_ready(self) -> None:
        """Wait until the engines are loaded.

        Raises:
            Unavailable: they never will be; the text says why, for an operator to read.
        """
        while self.state != "ready":
            if self.state == "dead":
                raise Unavailable(self.reason)
            await self._wait_for_change()

    # ------------------------------------------------------------------ what callers see

    @property
    def state(self) -> State:
        """Where the engine is in its life; only ``ready`` takes new work."""
        if self._state == "ready" and self._heartbeat.obstacle:
            return "unreachable"
        return self._state

    @property
    def reason(self) -> str:
        """Why the state is what it is, in words for an operator."""
        return self._heartbeat.obstacle if self.state == "unreachable" else self._reason

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        """One entry a loaded model.

        Raises:
            Unavailable: the engine is not ready.
        """
        if self.state != "ready":
            raise self._unavailable()
        return self._capabilities

    def stats(self) -> Stats:
        """A snapshot of the queue and of the process."""
        return Stats(
            state=self.state,
            reason=self.reason,
            queued_requests=len(self._waiting),
            queued_tokens=sum(entry.cost for entry in self._waiting.values()),
            running=len(self._running),
            limit=self._limits.requests,
            backlog=sum(map(self._to_come, self._accepted())) / self._meter.rate,
            restarts=self._restarts,
            rate=self._meter.rate,
            steps=self._heartbeat.steps,
            peak_memory=self._heartbeat.peak_memory,
            pid=self._child.pid if self._child else 0,
        )

    async def generate(
        self,
        request: GenerationRequest,
        *,
        on_text: Callable[[str], None] | None = None,
        on_accepted: Callable[[], None] | None = None,
    ) -> Generation:
        """Run one request; see :class:`~service.inference.protocol.Generator`.

        Cancelling the awaiting task cancels the request: waiting, it costs nothing; running, the
        engine drops it.

        Raises:
            Overloaded: the queue is full.
            Unavailable: the engine is away (for a follow-up: it will not come back).
            UnsupportedTask: no engine serves the task.
            DeadlineExceeded: not finished in time.
            PromptTooLong: the prompt does not fit the context.
            GenerationFailed: the engine gave up.
        """
        entry = self._accept(request, on_text)
        if on_accepted:
            on_accepted()
        try:
            async with asyncio.timeout(self._timeouts.deadline) as deadline:
                generation = await entry.answer
        except TimeoutError as error:
            if not deadline.expired():
                raise
            late = DeadlineExceeded(f"not finished within {self._timeouts.deadline:g} seconds")
            self._observer.failed(request, late)
            raise late from error
        except ServiceError as error:
            self._observer.failed(request, error)
            raise
        finally:
            self._forget(entry)
        self._observer.finished(request, generation)
        return generation

    def require_room(self, request: GenerationRequest) -> None:
        """Refuse ``request`` now if :meth:`generate` would, and do nothing else. It need not be
        whole: what counts is its ``task``, ``cost`` (the least that it will have), ``priority``,
        ``patience``, ``since``, ``to_come`` and ``abreast``.

        Raises:
            Overloaded, Unavailable, UnsupportedTask: as :meth:`generate`.
        """
        engine = self._engine_for(request)
        last = (rank(request.priority, request.since or time.monotonic()), sys.maxsize)
        self._admit(request, engine, cost=request.cost, place=last)

    # ------------------------------------------------------------------ the queue

    def _accept(self, request: GenerationRequest, on_text: Callable[[str], None] | None) -> _Entry:
        engine = self._engine_for(request)
        order = next(self._orders)
        # two callers may use one id, and a late report on a cancelled request must find nobody
        now = time.monotonic()
        named = msgspec.structs.replace(
            request, id=f"{request.id}#{order}", since=request.since or now
        )
        entry = _Entry(
            order=order,
            request=named,
            engine=engine,
            item=weigh(named, prefix_cache=self._capabilities[engine].prefix_cache),
            answer=asyncio.get_running_loop().create_future(),
            on_text=on_text,
            accepted=now,
        )
        if not request.follow_up:
            self._admit(request, engine, cost=entry.cost, place=entry.rank)
        self._waiting[entry.key] = entry
        self._sort()
        self._dispatch()
        return entry

    def _accepted(self) -> list[_Entry]:
        return [*self._waiting.values(), *self._running.values()]

    def _engine_for(self, request: GenerationRequest) -> int:
        """The index of the engine that ``request`` goes to. Every life of the process has the same
        engines, so a follow-up can join the queue of one that is away and will come back.

        Raises:
            Unavailable, UnsupportedTask: there is none now, or none at all.
        """
        state = self.state
        if state != "ready" and not (request.follow_up and self._may_come_back):
            self._observer.refused(state)
            raise self._unavailable()
        engine = find_engine(request.task, self._capabilities)
        if engine is None:
            raise UnsupportedTask(f"no model of the lineup serves {request.task}")
        return engine

    @property
    def _may_come_back(self) -> bool:
        """Whether the engines have been there, and are or may be again."""
        return bool(self._capabilities) and self._state in {"ready", "restarting"}

    def _admit(
        self,
        request: GenerationRequest,
        engine: int,
        *,
        cost: int,
        place: _Place,
    ) -> None:
        """Refuse a request of ``cost`` tokens that would stand at ``place``, if there is no room
        for it or no time for its article.
        """
        # texts to be scored go after whatever is to be written: nothing waits for them
        accepted = [one for one in self._accepted() if not one.scored]
        load = Load(len(accepted), sum(one.cost for one in accepted))
        limits = limits_for(request.priority, self._limits)
        if not admit(cost + request.abreast, load, limits):
            self._measure(0)
            seconds = retry_after(load.tokens, self._meter.rate)
            self._refuse("overloaded", "too many requests wait", seconds)
        before = [one for one in accepted if one.key in self._running or one.rank < place]
        concurrency = self._capabilities[engine].concurrency
        rate = self._rates.rate(min(len(before) + 1, concurrency))
        patience = request.patience
        if rate is None or patience is None:
            return
        ahead = Load(len(before), sum(map(self._to_come, before)))
        own = self._article_tokens(request, cost) + request.abreast
        late = overdue(ahead, rate, patience, own=own, usual=self._articles.usual)
        if late > 0:
            wait = f"what waits takes longer than the {patience:g} seconds that were asked for"
            self._refuse("impatient", wait, math.ceil(late))

    def _to_come(self, entry: _Entry) -> int:
        return self._article_tokens(entry.request, entry.cost)

    def _article_tokens(self, request: GenerationRequest, cost: int) -> int:
        """Estimated tokens of an article from a request of ``cost`` tokens on."""
        if request.to_come is not None:
            return cost + request.to_come
        growth = 1.0 if request.follow_up else self._articles.growth
        return int(cost * growth)

    def _refuse(self, reason: Refusal, message: str, seconds: int) -> NoReturn:
        """Refuse a request for so many ``seconds``."""
        self._observer.refused(reason)
        raise Overloaded(f"{message}; try again later", retry_after=seconds)

    def _forget(self, entry: _Entry) -> None:
        """Take an entry out, however it ended; the engine drops what it has not finished."""
        self._waiting.pop(entry.key, None)
        if self._running.pop(entry.key, None) and self._child:
            self._child.send(Cancel(entry.key))
            self._leaving.add(entry.key)
        in_flight = {(one.engine, one.item.family) for one in self._accepted()}
        if (entry.engine, entry.item.family) not in in_flight:
            self._warm[entry.engine].discard(entry.item.family)
        self._dispatch()
        self._notify()

    def _dispatch(self) -> None:
        """Give each engine what the policy chooses for it."""
        if self._child is None:
            return
        if any(entry.deaths for entry in self._running.values()):
            return
        waiting = list(self._waiting.values())
        if suspect := next((entry for entry in waiting if entry.deaths), None):
            waiting = self._ahead_of(suspect)
            if not waiting:
                # it ran when the process died: alone, a poison request takes nobody along
                if not self._running:
                    self._submit(self._child, suspect)
                return
        pressed = {entry.key for entry in self._accepted() if self._is_pressed(entry)}
        starved = {entry.key for entry in waiting if self._is_starved(entry)}
        for engine, capabilities in enumerate(self._capabilities):
            own = [entry for entry in self._running.values() if entry.engine == engine]
            running = [entry.item for entry in own if not entry.scored]
            batch = choose_batch(
                [entry.item for entry in waiting if entry.engine == engine and not entry.scored],
                Budget(self._batch_tokens, capabilities.concurrency),
                running=running,
                warm=self._warm[engine],
                pressed=pressed,
                starved=starved,
            )
            for item in batch:
                self._submit(self._child, self._waiting[item.key])
            batch += self._dispatch_scores(self._child, engine, waiting)
            if batch:
                self._observer.dispatched(capabilities.model, len(own) + len(batch))

    def _dispatch_scores(self, child: Child, engine: int, waiting: Sequence[_Entry]) -> list[Item]:
        """Give an engine what it may score now. One of this machine shares its cores with the
        others: it scores while none has anything to write.
        """
        capabilities = self._capabilities[engine]
        beside = capabilities.concurrency if capabilities.scores_beside else 0
        running = self._running.values()
        chosen = choose_scores(
            [one.item for one in waiting if one.scored and one.engine == engine],
            outstanding=sum(one.scored and one.engine == engine for one in running),
            writing=sum(
                one.item.sequences
                for one in running
                if not one.scored and (one.engine == engine or not beside)
            ),
            written_waits=any(
                not one.scored and (one.engine == engine or not beside)
                for one in self._waiting.values()
            ),
            beside=beside,
        )
        for item in chosen:
            self._submit(child, self._waiting[item.key])
        return chosen

    def _ahead_of(self, suspect: _Entry) -> list[_Entry]:
        """What still goes before a request that must run alone: what has a higher priority, until
        the request is starved.
        """
        if self._is_starved(suspect):
            return []
        priority = suspect.request.priority
        return [
            entry for entry in self._waiting.values() if outranks(entry.request.priority, priority)
        ]

    def _is_starved(self, entry: _Entry) -> bool:
        return is_starved(entry.gone, entry.request.priority, self._timeouts.deadline)

    def _is_pressed(self, entry: _Entry) -> bool:
        own = int(entry.request.size * self._articles.growth)
        patience = entry.request.patience
        return is_pressed(entry.gone, patience, own=own, usual=self._articles.usual)

    def _submit(self, child: Child, entry: _Entry) -> None:
        del self._waiting[entry.key]
        try:
            child.send(Submit(entry.engine, entry.request))
        except WireError as error:
            log.error("%s cannot be sent: %s", entry.key, error)
            entry.fail(GenerationFailed("the request is too large for the engine"))
            return
        entry.dispatched = time.monotonic()
        was_idle = not self._running
        if not entry.scored and not self._writing:
            self._measured = entry.dispatched
        self._running[entry.key] = entry
        # an engine that owes a word on a cancelled request gets no new time from the next one
        if was_idle and not self._leaving:
            self._watch()

    @property
    def _writing(self) -> int:
        """How many requests run that write."""
        return sum(not entry.scored for entry in self._running.values())

    def _measure(self, tokens: int) -> None:
        """Count ``tokens`` of work done since the last measurement, if anything was being written.
        What is scored counts nothing: prompts are read much faster than answers are written.
        """
        if writing := self._writing:
            now = time.monotonic()
            self._meter.add(tokens, now - self._measured)
            self._rates.add(tokens, now - self._measured, writing)
            self._measured = now

    # ------------------------------------------------------------------ what the process says

    def _handle(self, report: Report) -> None:
        match report:
            case Heartbeat():
                self._take_pulse(report)
            case Prefilled(id=key):
                self._mark_warm(key)
            case Delta(id=key, text=text):
                self._pass_on(key, text)
            case Retried(id=key):
                if entry := self._running.get(key):
                    entry.attempt = ""
            case Generation(id=key) | Failure(id=key):
                self._settle(key, report)
            case Dropped(id=key):
                self._leaving.discard(key)
            case Fatal(message=message):
                raise EngineDied(message)
            case Ready():
                raise WireError("ready twice")

    def _take_pulse(self, heartbeat: Heartbeat) -> None:
        known, self._heartbeat = self._heartbeat, heartbeat
        if heartbeat.obstacle != known.obstacle:
            self._tell()
        self._dispatch()  # what waits may be starved by now

    def _pass_on(self, key: str, text: str) -> None:
        if entry := self._running.get(key):
            entry.stream(text)

    def _mark_warm(self, key: str) -> None:
        entry = self._running.get(key)
        if entry and entry.item.family:
            self._warm[entry.engine].add(entry.item.family)
            self._dispatch()

    def _settle(self, key: str, outcome: Generation | Failure) -> None:
        entry = self._running.get(key)
        if entry is None:
            return
        if isinstance(outcome, Failure):
            self._measure(0)
            entry.fail(_error(outcome))
        else:
            self._measure(0 if entry.scored else entry.cost)
            if entry.request.to_come is None:
                self._articles.add(entry.cost, follow_up=entry.request.follow_up)
            self._mark_warm(key)
            if not entry.answer.done():
                entry.answer.set_result(_signed(outcome, entry))
        del self._running[key]
        self._dispatch()

    def _watch(self) -> None:
        """Give an engine that has work, or is to drop some, its full time to say something."""
        if self._silence and not self._silence.expired():
            due = asyncio.get_running_loop().time() + self._timeouts.step
            self._silence.reschedule(due if self._running or self._leaving else None)

    # ------------------------------------------------------------------ the supervisor

    async def _supervise(self) -> None:
        try:
            await self._keep_alive()
        except Exception as error:
            # a supervisor that ended silently would leave readiness green over a dead engine
            log.exception("the inference supervisor failed")
            self._die(f"internal error: {error}")

    async def _keep_alive(self) -> None:
        configs: Sequence[EngineConfig] = ()
        deaths = failed_loads = 0
        while True:
            self._ready_at = None
            reason = ""
            try:
                if not configs:
                    self._advance("fetching")
                    configs = await self._prepare()
                self._advance("loading")
                await self._live(configs)
            except Exception as error:
                reason = str(error) or type(error).__name__
                foreseen = isinstance(error, EngineDied | ServiceError)
                log.error("inference: %s", reason, exc_info=not foreseen)
                if isinstance(error, WeightsError):  # it has tried every source already
                    self._die(reason)
                    return
            up = 0.0 if self._ready_at is None else time.monotonic() - self._ready_at
            failed_loads = failed_loads + 1 if self._ready_at is None else 0
            deaths = 1 if up >= self._backoff.stable else deaths + 1
            self._requeue(reason)
            if failed_loads >= self._backoff.attempts:
                self._die(reason)
                return
            self._set("restarting", reason)
            await asyncio.sleep(self._backoff.delay(deaths))
            self._restarts += 1
            self._observer.restarted(reason)

    def _advance(self, state: Literal["fetching", "loading"]) -> None:
        """Enter a stage of the first start; a restart goes through them under its own name."""
        if self._state != "restarting":
            self._set(state, _UNAVAILABLE[state])

    async def _live(self, configs: Sequence[EngineConfig]) -> None:
        """One life of the process, from spawn to death.

        Raises:
            EngineDied: always, unless it is cancelled; the text says how.
        """
        child = await Child.spawn()
        reason = ""
        try:
            await self._attend(child, configs)
        except (EngineDied, WireError) as error:
            reason = str(error)
        finally:
            graceful = self._child is not None and not reason
            self._child = None
            self._silence = None
            self._leaving.clear()
            ended = await child.stop(self._timeouts.stop if graceful else 0.0)
        raise EngineDied(reason or f"the inference process {ended}")

    async def _attend(self, child: Child, configs: Sequence[EngineConfig]) -> None:
        """Start the engines and read what the child says until it ends.

        Raises:
            EngineDied: it said why it ends, or had to be given up.
            WireError: it talks nonsense.
        """
        interval = min(1.0, self._timeouts.step / 4)
        child.send(Start(tuple(configs), interval, self._log_level))
        limit = asyncio.get_running_loop().time() + self._timeouts.load
        try:
            async with asyncio.timeout_at(limit) as silence, aclosing(child.reports()) as reports:
                async for report in reports:
                    if self._child is None:
                        self._come_up(child, silence, report)
                    else:
                        self._handle(report)
                    self._watch()
        except TimeoutError as error:
            if self._child is None:
                raise EngineDied(f"not loaded within {self._timeouts.load:g} seconds") from error
            message = f"the engine said nothing for {self._timeouts.step:g} seconds"
            raise EngineDied(message) from error

    def _come_up(self, child: Child, silence: asyncio.Timeout, report: Report) -> None:
        if isinstance(report, Fatal):
            raise EngineDied(report.message)
        if not isinstance(report, Ready):
            raise WireError("the first report must say whether the engines are ready")
        self._child, self._silence = child, silence
        self._capabilities = report.capabilities
        self._heartbeat = Heartbeat(0, 0, report.obstacle)
        self._ready_at = time.monotonic()
        self._set("ready", "")
        self._dispatch()

    def _requeue(self, reason: str) -> None:
        """Put what ran when the process died back to its place in the queue, or give it up."""
        self._measure(0)
        self._warm.clear()
        running, self._running = self._running, {}
        for entry in running.values():
            entry.deaths += 1
            entry.attempt = ""
            if entry.deaths < _LIVES:
                self._waiting[entry.key] = entry
            else:
                log.error("%s is given up: %s", entry.key, reason)
                entry.fail(GenerationFailed("the inference engine died twice on this request"))
        self._sort()

    def _sort(self) -> None:
        """Let each stand where its turn is: the later steps of an article stand before what came
        meanwhile and is worth no more.
        """
        ordered = sorted(self._waiting.values(), key=lambda entry: entry.rank)
        self._waiting = {entry.key: entry for entry in ordered}

    def _die(self, reason: str) -> None:
        """Fail everything and take nothing more."""
        if self._state != "dead":
            self._set("dead", reason)
        for entry in self._accepted():
            entry.fail(self._unavailable())
        self._waiting.clear()
        self._running.clear()

    def _unavailable(self) -> Unavailable:
        """What callers are told while the engine is not ready."""
        closed = self._state == "dead" and self._reason == _CLOSED
        return Unavailable(_CLOSED if closed else _UNAVAILABLE[self.state])

    def _set(self, state: State, reason: str) -> None:
        self._state, self._reason = state, reason
        self._tell()

    def _tell(self) -> None:
        log.info("inference is %s%s", self.state, f": {self.reason}" if self.reason else "")
        self._notify()

    def _notify(self) -> None:
        """Wake everyone in :meth:`_wait_for_change`."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def _wait_for_change(self) -> None:
        await self._changed.wait()


def _signed(generation: Generation, entry: _Entry) -> Generation:
    """The answer under the caller's id, with the time that it waited here."""
    timings = generation.timings
    waited = timings.queue + entry.dispatched - entry.accepted
    return msgspec.structs.replace(
        generation,
        id=entry.request.id.rpartition("#")[0],
        timings=msgspec.structs.replace(timings, queue=waited),
    )


def _error(failure: Failure) -> ServiceError:
    """What the caller is told of a failure."""
    if failure.kind == "prompt_too_long":
        return PromptTooLong(failure.message, tokens=failure.tokens, limit=failure.limit)
    if failure.kind == "unsupported_task":
        return UnsupportedTask(failure.message)
    if failure.kind == "bad_grammar":
        return UnwritableGrammar(failure.message)
    return GenerationFailed(failure.message)
