"""Batches of texts that the transformers engine scores."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from service.inference.engines.scoring import align_scores
from service.inference.engines.transformers_model import (
    LanguageModel,
    ScoringInput,
    default_step_tokens,
)
from service.inference.engines.transformers_rows import decode
from service.inference.protocol import (
    Event,
    Generation,
    GenerationRequest,
    Output,
    Timings,
    Usage,
)


@dataclass(frozen=True)
class ScoredEntry:
    """A tokenized request to score a given answer."""

    request: GenerationRequest
    row: ScoringInput
    arrived: float = field(default_factory=time.monotonic)


def first_of(waiting: Sequence[ScoredEntry], model: LanguageModel, most: int) -> list[ScoredEntry]:
    """Return the first of ``waiting``: as many as one step may compute, up to ``most`` and at least
    one. The limit keeps the wait of requests to generate short.
    """
    limit = default_step_tokens(model.device)
    longest = 0
    for count, entry in enumerate(waiting[:most]):
        longest = max(longest, len(entry.row.ids))  # shorter ones are padded
        if count and (count + 1) * longest > limit:
            return list(waiting[:count])
    return list(waiting[:most])


class ScoringBatch:
    """Requests that one step scores together."""

    def __init__(self, model: LanguageModel, name: str, entries: Sequence[ScoredEntry]) -> None:
        self._model = model
        self._name = name
        self._left = list(entries)

    @property
    def done(self) -> bool:
        """Whether every request has ended."""
        return not self._left

    def drop(self, request_id: str) -> None:
        """End a request without an event; unknown ids are ignored."""
        self._left = [entry for entry in self._left if entry.request.id != request_id]

    def step(self) -> list[Event]:
        """Score all requests in one forward pass."""
        began = time.monotonic()
        entries, self._left = self._left, []
        found = self._model.score([entry.row for entry in entries])
        ended = time.monotonic()
        return [
            self._generation(entry, logprobs, began, ended)
            for entry, logprobs in zip(entries, found, strict=True)
        ]

    def _generation(
        self, entry: ScoredEntry, logprobs: Sequence[float], began: float, ended: float
    ) -> Generation:
        request, row = entry.request, entry.row
        return Generation(
            id=request.id,
            outputs=(Output("", "stop"),),
            usage=Usage(prompt=len(row.ids)),
            timings=Timings(queue=began - entry.arrived, prefill=ended - began),
            model=self._name,
            scores=align_scores(
                request.scored, row.answer, logprobs, partial(decode, self._model.tokenizer)
            ),
        )
