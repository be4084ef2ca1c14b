"""Scoring in the openvino engine: how likely a given text is as the answer to a prompt.

The library (openvino-genai 2026.4) gives the log-probabilities of what it reads of a prompt, with
two limits. Beside sequences that are being written it takes them from the wrong rows: scored
prompts run by themselves. And of tokens that it finds in the prefix cache it gives none: a prompt
that was read before with the same answer is read again behind a mark that makes it new.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import openvino_genai as genai

from service.inference.engines.openvino_runs import Decode, OutOfMemoryError
from service.inference.engines.scoring import align_scores, first_difference
from service.inference.protocol import (
    Event,
    Generation,
    GenerationRequest,
    Output,
    Timings,
    Usage,
)

Encode = Callable[[GenerationRequest, str, str], Any]
"""Ids of a request's prompt, as a tensor [1, tokens], with one text before and one after it."""


class Incomplete(Exception):
    """Part of the answer was found in the prefix cache, which says nothing of it."""


class ScoredRun:
    """One request whose answer is given. ``ids`` are those of prompt and answer, [1, tokens]."""

    sequences = 1
    max_new_tokens = 1

    def __init__(self, request: GenerationRequest, encode: Encode, mark: str = "") -> None:
        """``mark`` goes before the prompt, to make it another one.

        Raises:
            ValueError: the prompt cannot be made, or the text to score is empty.
        """
        self.request = request
        self.ids = encode(request, mark, request.scored)
        self.tokens: list[int] = self.ids.data[0].tolist()
        prompt = encode(request, mark, "").data[0].tolist()
        self._answer = self.tokens[first_difference(prompt, self.tokens) :]
        if not self._answer:
            raise ValueError("the text to score is empty")
        self.marked = bool(mark)
        self._handle: Any = None
        self._logprobs: list[float] = []
        self._submitted = time.monotonic()
        self._started = self._submitted

    def start(self, pipeline: Any, number: int) -> None:
        """Hand it to the pipeline, which must have nothing to write."""
        settings = genai.GenerationConfig(max_new_tokens=1, apply_chat_template=False)
        settings.echo = True
        settings.logprobs = 1
        self._started = time.monotonic()
        self._handle = pipeline.add_request(number, self.ids, settings)

    def read(self, model: str, decode: Decode) -> list[Event]:
        """What came of the last step: nothing, or the :class:`Generation`.

        Raises:
            Incomplete: it must be run again.
            OutOfMemoryError: it cannot be finished.
        """
        while self._handle.can_read():
            for part in self._handle.read().values():
                self._logprobs += part.generated_log_probs
        if self._handle.get_status() == genai.GenerationStatus.RUNNING:
            return []
        if not self._logprobs:
            raise OutOfMemoryError
        # the last one is of the token that had to be written
        found = self._logprobs[:-1][-len(self._answer) :]
        if len(found) < len(self._answer):
            raise Incomplete
        return [self._generation(model, found, decode)]

    def _generation(self, model: str, logprobs: Sequence[float], decode: Decode) -> Generation:
        return Generation(
            self.request.id,
            (Output("", "stop"),),
            usage=Usage(prompt=len(self.tokens)),
            timings=Timings(
                queue=self._started - self._submitted, prefill=time.monotonic() - self._started
            ),
            model=model,
            scores=align_scores(self.request.scored, self._answer, logprobs, decode),
        )

    def cancel(self) -> None:
        """Have the pipeline drop it."""
        if self._handle is not None:
            self._handle.cancel()
