"""One request on its way to a model server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Literal

import msgspec

from service.inference.engines.remote_answer import RemoteRefusal
from service.inference.protocol import (
    Event,
    Failure,
    GenerationRequest,
    Prefilled,
    Retried,
    Timings,
)


class RemoteRun:
    """One request on its way. ``emit`` is given what comes of it, in the fleet's thread."""

    def __init__(self, request: GenerationRequest, emit: Callable[[Event], None]) -> None:
        self.request = request
        self.emit = emit
        self.task: asyncio.Task[None] | None = None
        self.begun = False
        self._submitted = time.monotonic()
        self._sent = self._submitted
        self._prefilled = 0.0

    def send(self) -> None:
        """It is being sent, or sent again."""
        self._sent = time.monotonic()
        if self.begun:
            self.begun = False
            self.emit(Retried(self.request.id))

    def begin(self) -> None:
        """Its prompt is done."""
        if not self.begun:
            self.begun = True
            self._prefilled = time.monotonic()
            self.emit(Prefilled(self.request.id))

    def fail(
        self, kind: Literal["prompt_too_long", "engine_error"], message: str, *counts: int
    ) -> None:
        """It will not finish."""
        self.emit(Failure(self.request.id, kind, message, *counts))

    def timings(self) -> Timings:
        """Where its time went, now that it has ended."""
        return Timings(
            queue=self._sent - self._submitted,
            prefill=self._prefilled - self._sent,
            decode=time.monotonic() - self._prefilled,
        )

    def concede(self, refusal: RemoteRefusal) -> bool:
        """Ask for less after ``refusal``; False if there is nothing to give up that may help."""
        sampling = self.request.sampling
        several = sampling.drawn > 1
        if self.request.grammar is not None and (refusal.about_grammar or not several):
            self.request = msgspec.structs.replace(self.request, grammar=None)
            return True
        if several:
            single = msgspec.structs.replace(sampling, candidates=1)
            self.request = msgspec.structs.replace(self.request, sampling=single)
        return several
