"""Drives one engine inside the inference process, and finds the request that makes it raise."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable

from service.context import Work, working_on
from service.inference.protocol import (
    Dependent,
    Engine,
    Failure,
    Generation,
    GenerationRequest,
    Retried,
)
from service.inference.wire import Report

log = logging.getLogger(__name__)

_STRIKES = 2


class EngineBroken(Exception):
    """The engine raises on every request; only a new process can help."""


class EngineHost:
    """One engine and the requests that it runs.

    When a step raises, it is not known which request caused that: all of them start again, one at a
    time. A request that makes the engine raise while it runs alone fails; the others are answered.
    If that happens twice in a row without a success in between, or if an idle engine raises twice,
    the engine itself is broken.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[GenerationRequest] = deque()
        self._suspects: deque[GenerationRequest] = deque()
        self._running: dict[str, GenerationRequest] = {}
        self._on_trial = False
        self._strikes = 0

    @property
    def busy(self) -> bool:
        """Whether :meth:`step` has work to do."""
        return bool(self._waiting or self._suspects or self._running or self._engine.busy)

    @property
    def unavailable_reason(self) -> str | None:
        """Why the engine cannot work now, empty while it can; None if it needs nothing outside."""
        return self._engine.unavailable_reason if isinstance(self._engine, Dependent) else None

    def submit(self, request: GenerationRequest) -> None:
        """Accept a request; it joins the engine's batch at the next step, unless a request is being
        tried alone.
        """
        self._waiting.append(request)

    def cancel(self, request_id: str) -> None:
        """Drop a request; unknown ids are ignored."""
        self._waiting = deque(one for one in self._waiting if one.id != request_id)
        self._suspects = deque(one for one in self._suspects if one.id != request_id)
        if self._running.pop(request_id, None):
            self._engine.cancel(request_id)

    def step(self) -> list[Report]:
        """Advance the engine by one step.

        Raises:
            EngineBroken: no request is to blame for what the engine raises.
        """
        reports = self._admit()
        with working_on(_work(self._running.values())):
            try:
                events = self._engine.step()
            except Exception:
                log.exception("a step of %s raised", self._engine.capabilities.model)
                return reports + self._blame()
        for event in events:
            if event.id not in self._running:
                continue
            if isinstance(event, Generation | Failure):
                del self._running[event.id]
            if isinstance(event, Generation):
                self._strikes = 0
            reports.append(event)
        return reports + self._find_lost()

    def close(self) -> None:
        """Release the engine."""
        self._engine.close()

    def _admit(self) -> list[Report]:
        if not self._running:
            self._on_trial = bool(self._suspects)
        if not self._on_trial:
            joining = list(self._waiting)
            self._waiting.clear()
        else:
            joining = [] if self._running else [self._suspects.popleft()]
        return [failure for request in joining for failure in self._submit(request)]

    def _submit(self, request: GenerationRequest) -> list[Failure]:
        with working_on(_work([request])):
            try:
                self._engine.submit(request)
            except Exception:
                log.exception("%s refused %s", self._engine.capabilities.model, request.id)
                return [_engine_error(request.id)]
        self._running[request.id] = request
        return []

    def _blame(self) -> list[Report]:
        victims = list(self._running.values())
        self._running.clear()
        for victim in victims:
            self._engine.cancel(victim.id)
        if victims and not self._on_trial:
            self._suspects.extend(victims)
            return [Retried(victim.id) for victim in victims]
        self._strikes += 1
        if self._strikes >= _STRIKES:
            raise EngineBroken(f"{self._engine.capabilities.model} raises whatever it runs")
        return [_engine_error(victim.id) for victim in victims]

    def _find_lost(self) -> list[Report]:
        """Fail the requests that an idle engine has lost, so that their callers do not wait."""
        if self._engine.busy:
            return []
        lost = list(self._running)
        self._running.clear()
        return [_engine_error(request_id) for request_id in lost]


def _work(requests: Iterable[GenerationRequest]) -> Work:
    """The HTTP requests that ``requests`` are for, for the logs."""
    origins = dict.fromkeys(
        request.origin.request for request in requests if request.origin.request
    )
    return Work(request=" ".join(origins))


def _engine_error(request_id: str) -> Failure:
    return Failure(request_id, "engine_error", "the engine failed on this request")
