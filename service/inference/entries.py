"""The accepted requests: what is known of each, and which of them wait and run."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from service.inference.protocol import Generation, GenerationRequest
from service.inference.scheduling import ScheduledRequest, rank
from service.inference.tickets import Reservation
from service.tasks import Priority


class Step(msgspec.Struct, frozen=True):
    """One request of an article. ``tokens`` is the estimate of its prompt and output;
    ``later_tokens`` that of the article's later steps, None if it is to be taken from what is
    measured.
    """

    request: GenerationRequest
    tokens: int = 0
    later_tokens: int | None = None


class TextStream:
    """Passes text on to ``on_text``. A request that is sent again repeats what the caller has seen
    before it continues: that is left out. If the second attempt differs, streaming ends, and only
    the answer counts.
    """

    def __init__(self, on_text: Callable[[str], None] | None) -> None:
        self._on_text = on_text
        self._passed = ""
        self._attempt = ""

    def restart(self) -> None:
        """The request is sent again."""
        self._attempt = ""

    def take(self, text: str) -> None:
        """Pass on what is new in the next piece."""
        self._attempt += text
        if self._on_text is None or not self._attempt.startswith(self._passed):
            return
        new = self._attempt[len(self._passed) :]
        self._passed = self._attempt
        if new:
            self._on_text(new)


@dataclass(slots=True, eq=False)
class QueueEntry:
    """An accepted request until it is answered. ``order`` counts requests as they come; ``growth``
    is how many times larger its whole article is estimated to be, 1 but for an article's first
    request.
    """

    order: int
    step: Step
    reservation: Reservation
    is_first: bool
    growth: float
    engine: int
    item: ScheduledRequest
    answer: asyncio.Future[Generation]
    stream: TextStream
    accepted: float
    dispatched: float = 0.0
    deaths: int = 0

    @property
    def key(self) -> str:
        """The id under which the engine knows it."""
        return self.item.key

    @property
    def is_running(self) -> bool:
        """Whether the engine has it."""
        return bool(self.dispatched)

    @property
    def is_scored(self) -> bool:
        """Whether nothing is to be written for it."""
        return bool(self.step.request.scored)

    @property
    def priority(self) -> Priority:
        """That of its item."""
        return self.item.priority

    @property
    def turn(self) -> tuple[int, float]:
        """When it goes, see :func:`rank`."""
        return rank(self.priority, self.item.since)

    @property
    def tokens(self) -> int:
        """Its estimated tokens, as admission counts them."""
        return max(self.step.tokens, self.item.tokens)

    @property
    def remaining(self) -> int:
        """Its estimated tokens and those of its article's later steps."""
        if self.step.later_tokens is not None:
            return self.tokens + self.step.later_tokens
        return int(self.tokens * self.growth)

    def fail(self, error: Exception) -> None:
        """Let its caller have ``error``."""
        if not self.answer.done():
            self.answer.set_exception(error)

    def take_text(self, text: str) -> None:
        """Pass on the next piece of the answer. An error of the caller's ends the request."""
        self.reservation.begun = True
        try:
            self.stream.take(text)
        except Exception as error:
            self.fail(error)


class Entries:
    """The accepted requests by their keys: those ``waiting``, in the order of their turns, and
    those ``running``, which the engine has. ``cached`` are the families whose prefix each engine
    has in its cache.
    """

    def __init__(self) -> None:
        self.waiting: dict[str, QueueEntry] = {}
        self.running: dict[str, QueueEntry] = {}
        self.cached: defaultdict[int, set[str]] = defaultdict(set)

    @property
    def accepted(self) -> list[QueueEntry]:
        """All of them."""
        return [*self.waiting.values(), *self.running.values()]

    @property
    def to_write(self) -> list[QueueEntry]:
        """Those for which something is to be written."""
        return [one for one in self.accepted if not one.is_scored]

    @property
    def writing(self) -> int:
        """How many requests run that write."""
        return sum(not one.is_scored for one in self.running.values())

    def wait(self, *entries: QueueEntry) -> None:
        """Put each in its place: the later steps of an article stand before what came meanwhile and
        has no higher priority.
        """
        self.waiting |= {entry.key: entry for entry in entries}
        ordered = sorted(self.waiting.values(), key=lambda entry: (entry.turn, entry.order))
        self.waiting = {entry.key: entry for entry in ordered}

    def remove(self, entry: QueueEntry) -> bool:
        """Take one out, and its family with the last of it. Returns whether it ran."""
        self.waiting.pop(entry.key, None)
        ran = self.running.pop(entry.key, None) is not None
        in_flight = {(one.engine, one.item.family) for one in self.accepted}
        if (entry.engine, entry.item.family) not in in_flight:
            self.cached[entry.engine].discard(entry.item.family)
        return ran

    def clear(self) -> None:
        """Take all out."""
        self.waiting.clear()
        self.running.clear()
