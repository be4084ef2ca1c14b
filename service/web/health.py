"""Probes: is the process alive, and is it ready for requests?"""

from __future__ import annotations

from typing import Protocol

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec

from service.errors import Unavailable
from service.inference.observer import Stats
from service.web import problems
from service.web.schemas import Health, Problem

PROBES = frozenset({"/livez", "/readyz", "/health", "/metrics"})
"""Paths that monitoring requests often: never refused, and logged at ``DEBUG``."""
IDLE = Stats(
    state="ready",
    reason="",
    queued_requests=0,
    queued_tokens=0,
    running=0,
    limit=0,
    backlog=0.0,
    restarts=0,
    rate=0.0,
    steps=0,
    peak_memory=0,
    pid=0,
)
"""The state of a generator that has no process and no queue."""


def is_probe(path: str) -> bool:
    """Whether a request's path is one of :data:`PROBES`."""
    return (path.rstrip("/") or "/") in PROBES


class Observed(Protocol):
    """The state of inference, as probes see it."""

    def stats(self) -> Stats:
        """Return the present state."""


class AlwaysReady:
    """Stands in for a generator that has no process and no queue."""

    def stats(self) -> Stats:
        """Return :data:`IDLE`."""
        return IDLE


def health_routes(inference: Observed) -> list[HTTPRouteHandler]:
    """Return the routes of the probes."""
    refusal = ResponseSpec(
        Problem, description="Not now.", media_type=problems.MEDIA_TYPE, generate_examples=False
    )

    @get("/livez", tags=["Operation"], summary="Liveness", responses={503: refusal})
    async def livez() -> Health:
        """Fail only if a restart of the process would help."""
        stats = inference.stats()
        if stats.state == "dead":
            raise Unavailable(_reason(stats))
        return Health("alive")

    @get("/readyz", tags=["Operation"], summary="Readiness", responses={503: refusal})
    async def readyz() -> Health:
        """Fail while requests would be refused, and say why."""
        stats = inference.stats()
        if stats.state != "ready":
            raise Unavailable(_reason(stats))
        return Health("ready")

    return [livez, readyz]


def _reason(stats: Stats) -> str:
    return f"{stats.state}: {stats.reason}" if stats.reason else stats.state
