"""Keeps the inference process alive.

One task fetches the weights, starts the process, waits for it to load, reads its reports, and
starts it again with back-off when it dies or hangs. What the reports say of requests is passed on
to a :class:`Listener`.

                                 unreachable
                                      ⇅
    starting → fetching → loading → ready ⇄ restarting
        ↓          ↓         ↓        ↓         ↓
        └──────────┴─────────┴─ dead ─┴─────────┘

While the service shuts down, its probes show ``draining`` in place of these, and ``keys`` while it
cannot read its API keys (:mod:`service.web.status`). Accepted work continues in both.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Literal, Protocol

import msgspec

from service.errors import ServiceError, Unavailable, WeightsError
from service.inference.backoff import Backoff
from service.inference.child import Child
from service.inference.config import EngineConfig
from service.inference.observer import State
from service.inference.protocol import Capabilities
from service.inference.wire import Command, Fatal, Heartbeat, Ready, Report, Start, WireError

log = logging.getLogger(__name__)

Prepare = Callable[[], Awaitable[Sequence[EngineConfig]]]
"""Fetches the weights and says which engines to build; it is called again when it fails."""

_UNAVAILABLE: dict[State, str] = {
    "starting": "the service is starting",
    "fetching": "the model's weights are being fetched",
    "loading": "the model is loading",
    "unreachable": "no model server can be reached",
    "restarting": "the inference engine is restarting",
    "dead": "the inference engine is dead",
}

_CLOSED = "the service is shutting down"


class Timeouts(msgspec.Struct, frozen=True):
    """How long things may take, all in seconds: a request from acceptance to answer
    (``deadline``), silence of an engine that has work (``step``), loading the engines (``load``),
    and exiting after the socket is closed (``stop``).
    """

    deadline: float
    step: float
    load: float = 900.0
    stop: float = 5.0


class EngineDied(Exception):
    """The inference process ended or had to be killed; the text says how."""


class EngineLink:
    """A process whose engines are loaded. It must report within ``step`` seconds while it owes a
    report; :class:`Supervisor` kills it otherwise.
    """

    def __init__(self, child: Child, silence: asyncio.Timeout, step: float) -> None:
        self._child = child
        self._silence = silence
        self._step = step

    def send(self, command: Command) -> None:
        """Send a command; to a process that has died it is lost.

        Raises:
            WireError: the command is too large.
        """
        self._child.send(command)

    def expect_report(self, *, expected: bool) -> None:
        """Give the process its full time to report again, or, if nothing is ``expected``, any
        time.
        """
        if not self._silence.expired():
            due = asyncio.get_running_loop().time() + self._step
            self._silence.reschedule(due if expected else None)


class Listener(Protocol):
    """Sends requests to the process, and receives its events."""

    @property
    def expects_report(self) -> bool:
        """Whether the process owes a report."""

    def on_ready(self, link: EngineLink, capabilities: Sequence[Capabilities]) -> None:
        """The engines are loaded. In every life of the process they are the same."""

    def on_report(self, report: Report) -> None:
        """The process reported something about a request, or its :class:`Heartbeat`."""

    def on_disconnected(self) -> None:
        """The process has died or is being ended: nothing can be sent to it any more."""

    def on_died(self, reason: str) -> None:
        """The process has ended."""

    def on_given_up(self, message: str) -> None:
        """The process will not be started again; ``message`` is for callers."""


class Supervisor:
    """Starts the process and watches it; see the module."""

    def __init__(
        self,
        prepare: Prepare,
        listener: Listener,
        *,
        timeouts: Timeouts,
        backoff: Backoff,
        on_restart: Callable[[str], None],
        log_level: str,
    ) -> None:
        self._prepare = prepare
        self._listener = listener
        self._timeouts = timeouts
        self._backoff = backoff
        self._on_restart = on_restart
        self._log_level = log_level

        self._state: State = "starting"
        self._reason = ""
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

        self._child: Child | None = None
        self._link: EngineLink | None = None
        self._capabilities: tuple[Capabilities, ...] = ()
        self._ready_at: float | None = None
        self._heartbeat = Heartbeat(0, 0)
        self._restarts = 0

    # ------------------------------------------------------------------ what callers see

    def start(self) -> None:
        """Begin; returns at once, while the model loads."""
        self._task = asyncio.create_task(self._supervise(), name="inference supervisor")

    async def aclose(self) -> None:
        """End the process. Every call returns once the process has ended."""
        if self._task and not self._closed:
            self._task.cancel()  # once: a second time would interrupt the wait for the process
        self._closed = True
        self._give_up(_CLOSED)
        if self._task:
            await asyncio.wait([self._task])

    @property
    def state(self) -> State:
        """Where the process is in its life; new work is admitted only in ``ready``."""
        if self._state == "ready" and self._heartbeat.unavailable_reason:
            return "unreachable"
        return self._state

    @property
    def reason(self) -> str:
        """Why the state is what it is, in words for an operator."""
        if self.state == "unreachable":
            return self._heartbeat.unavailable_reason
        return self._reason

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        """Those of the engines that are or were loaded; empty before the first load."""
        return self._capabilities

    @property
    def heartbeat(self) -> Heartbeat:
        """The last one of the present process."""
        return self._heartbeat

    @property
    def restarts(self) -> int:
        """How often the process was started again."""
        return self._restarts

    @property
    def pid(self) -> int:
        """The process's id, 0 when its engines are not loaded."""
        return self._child.pid if self._child and self._link else 0

    def unavailable(self) -> Unavailable:
        """The error for callers while the state is not ``ready``."""
        closed = self._state == "dead" and self._reason == _CLOSED
        return Unavailable(_CLOSED if closed else _UNAVAILABLE[self.state])

    async def wait_ready(self) -> None:
        """Wait until the engines are loaded.

        Raises:
            Unavailable: they never will be; the text says why, for an operator to read.
        """
        while self.state != "ready":
            if self.state == "dead":
                raise Unavailable(self.reason)
            await self._changed.wait()

    # ------------------------------------------------------------------ one life after another

    async def _supervise(self) -> None:
        try:
            await self._keep_alive()
        except Exception as error:
            # a supervisor that ended silently would leave readiness green over a dead engine
            log.exception("the inference supervisor failed")
            self._give_up(f"internal error: {error}")

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
                    self._give_up(reason)
                    return
            up = 0.0 if self._ready_at is None else time.monotonic() - self._ready_at
            failed_loads = failed_loads + 1 if self._ready_at is None else 0
            deaths = 1 if up >= self._backoff.stable else deaths + 1
            self._listener.on_died(reason)
            if failed_loads >= self._backoff.attempts:
                self._give_up(reason)
                return
            self._set("restarting", reason)
            await asyncio.sleep(self._backoff.delay(deaths))
            self._restarts += 1
            self._on_restart(reason)

    async def _live(self, configs: Sequence[EngineConfig]) -> None:
        """One life of the process, from spawn to death.

        Raises:
            EngineDied: always, unless it is cancelled; the text says how.
        """
        child = self._child = await Child.spawn()
        reason = ""
        try:
            await self._attend(child, configs)
        except (EngineDied, WireError) as error:
            reason = str(error)
        finally:
            graceful = self._link is not None and not reason
            self._child = self._link = None
            self._listener.on_disconnected()
            ended = await child.stop(self._timeouts.stop if graceful else 0.0)
        raise EngineDied(reason or f"the inference process {ended}")

    async def _attend(self, child: Child, configs: Sequence[EngineConfig]) -> None:
        """Start the engines and read the child's reports until it ends.

        Raises:
            EngineDied: it said why it ends, or had to be given up.
            WireError: it sent something that is not a report.
        """
        interval = min(1.0, self._timeouts.step / 4)
        child.send(Start(tuple(configs), interval, self._log_level))
        limit = asyncio.get_running_loop().time() + self._timeouts.load
        try:
            async with asyncio.timeout_at(limit) as silence, aclosing(child.reports()) as reports:
                async for report in reports:
                    if self._link is None:
                        self._link = self._come_up(child, silence, report)
                    else:
                        self._handle(report)
                    self._link.expect_report(expected=self._listener.expects_report)
        except TimeoutError as error:
            if self._link is None:
                raise EngineDied(f"not loaded within {self._timeouts.load:g} seconds") from error
            message = f"the engine said nothing for {self._timeouts.step:g} seconds"
            raise EngineDied(message) from error

    def _come_up(self, child: Child, silence: asyncio.Timeout, report: Report) -> EngineLink:
        if isinstance(report, Fatal):
            raise EngineDied(report.message)
        if not isinstance(report, Ready):
            raise WireError("the first report must say whether the engines are ready")
        link = self._link = EngineLink(child, silence, self._timeouts.step)
        self._capabilities = report.capabilities
        self._heartbeat = Heartbeat(0, 0, report.unavailable_reason)
        self._ready_at = time.monotonic()
        self._set("ready", "")
        self._listener.on_ready(link, report.capabilities)
        return link

    def _handle(self, report: Report) -> None:
        match report:
            case Fatal(message=message):
                raise EngineDied(message)
            case Ready():
                raise WireError("ready twice")
            case Heartbeat():
                known, self._heartbeat = self._heartbeat, report
                if report.unavailable_reason != known.unavailable_reason:
                    self._announce()
        self._listener.on_report(report)

    # ------------------------------------------------------------------ the state

    def _advance(self, state: Literal["fetching", "loading"]) -> None:
        """Enter a stage of the first start; a restart goes through them under its own name."""
        if self._state != "restarting":
            self._set(state, _UNAVAILABLE[state])

    def _give_up(self, reason: str) -> None:
        """Fail everything and admit nothing more."""
        if self._state != "dead":
            self._set("dead", reason)
        self._listener.on_given_up(str(self.unavailable()))

    def _set(self, state: State, reason: str) -> None:
        self._state, self._reason = state, reason
        self._announce()

    def _announce(self) -> None:
        """Log the state and wake everyone in :meth:`wait_ready`."""
        log.info("inference is %s%s", self.state, f": {self.reason}" if self.reason else "")
        self._changed.set()
        self._changed = asyncio.Event()
