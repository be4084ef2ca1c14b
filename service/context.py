"""What is known of the request that is being worked on, wherever its work goes.

It is a context variable: the tasks and threads that the work begins see it, and what lies between
has nothing to hand on. Logs, traces and the queue read it; no answer depends on it.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

import msgspec

from service.tasks import Priority

P = ParamSpec("P")
T = TypeVar("T")

MOST_SPANS = 256
"""Kept of one request; a long translation has thousands."""


class TraceSpan(msgspec.Struct, frozen=True):
    """A stretch of the work, from ``began`` (seconds since the epoch) for ``seconds``. Its
    attributes are numbers and names of ours, never a text of the caller's.
    """

    name: str
    began: float
    seconds: float
    attributes: Mapping[str, str | int | float] = {}


@dataclass(slots=True)
class Spans:
    """The stretches of one request: the first :data:`MOST_SPANS`, and how many ``more``."""

    kept: list[TraceSpan] = field(default_factory=list)
    more: int = 0

    def add(self, span: TraceSpan) -> None:
        """Keep one if there is room."""
        if len(self.kept) < MOST_SPANS:
            self.kept.append(span)
        else:
            self.more += 1


@dataclass(slots=True)
class Work:
    """One request: its id, its ``traceparent``, the name of the caller's key and what that key is
    worth, and where its ``spans`` are kept, None if nobody wants them.
    """

    request: str = ""
    trace: str = ""
    caller: str = ""
    priority: Priority = "normal"
    spans: Spans | None = None


_current: ContextVar[Work | None] = ContextVar("work", default=None)


def current() -> Work:
    """The request that is being worked on; a blank one where there is none."""
    return _current.get() or Work()


@contextmanager
def working_on(work: Work) -> Iterator[Work]:
    """Let ``work`` be the current one in the block."""
    token = _current.set(work)
    try:
        yield work
    finally:
        _current.reset(token)


def add_span(
    name: str, began: float, seconds: float, attributes: Mapping[str, str | int | float] = {}
) -> None:
    """Keep a stretch of the current work, if anybody wants it."""
    if (spans := current().spans) is not None:
        spans.add(TraceSpan(name, began, seconds, attributes))


def spanned(name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that makes each call of a function a stretch called ``name``."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            began, clock = time.time(), time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                add_span(name, began, time.perf_counter() - clock)

        return call

    return decorate
