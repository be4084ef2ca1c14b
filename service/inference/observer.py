"""What others can see of inference: a snapshot for probes, and events for metrics."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from service.errors import ServiceError
from service.inference.admission import Refusal
from service.inference.protocol import Generation, GenerationRequest

State = Literal["starting", "fetching", "loading", "ready", "unreachable", "restarting", "dead"]


class Stats(msgspec.Struct, frozen=True):
    """A snapshot for metrics. ``queued_*`` count the requests that wait here, ``running`` those
    that the engine has; together they are at most ``limit``. Articles that were admitted but have
    sent no request yet are not counted. ``backlog`` is how many seconds the accepted articles still
    take at the measured ``rate``, which is in estimated tokens a second. ``steps`` and
    ``peak_memory`` (bytes) are of the present process; ``pid`` is 0 when there is none.
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
    """Receives events, to count them. Its methods must be quick and must not raise."""

    def dispatched(self, model: str, batch: int) -> None:
        """Requests joined those that run on ``model``; ``batch`` of them run now."""

    def finished(self, request: GenerationRequest, generation: Generation) -> None:
        """A request was answered."""

    def failed(self, request: GenerationRequest, error: ServiceError) -> None:
        """A request of an admitted article failed."""

    def refused(self, reason: Refusal) -> None:
        """An article was not admitted."""

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
