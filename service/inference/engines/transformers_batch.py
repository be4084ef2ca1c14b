"""Requests that run together: how they are chosen, and how a batch runs through the model."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
import torch
import xgrammar

from service.inference.engines.grammar import mask_logits
from service.inference.engines.text_stream import IncrementalDetokenizer
from service.inference.engines.transformers_model import BatchDecoding, LanguageModel, Prompt
from service.inference.engines.transformers_rows import (
    GRAMMAR_DEAD_END,
    CandidateRow,
    TokenSampler,
    decode,
    penalties,
    sample_tokens,
)
from service.inference.protocol import (
    Delta,
    Event,
    Failure,
    Generation,
    GenerationRequest,
    Output,
    Prefilled,
    Timings,
    Usage,
)


@dataclass(frozen=True)
class TokenizedRequest:
    """A tokenized request; ``grammar`` resolves to its compiled grammar."""

    request: GenerationRequest
    prompt: Prompt
    max_new_tokens: int
    grammar: Future[Any] | None = None
    arrived: float = field(default_factory=time.monotonic)

    @property
    def candidates(self) -> int:
        """Number of sequences to sample."""
        return self.request.sampling.drawn

    @property
    def ready(self) -> bool:
        """Whether its grammar, if it has one, has been compiled."""
        return self.grammar is None or self.grammar.done()


class BatchBudget(msgspec.Struct, frozen=True):
    """The limits of a batch: ``sequences``, and ``tokens`` of cache including padding."""

    sequences: int
    tokens: int


def form_batch(waiting: Sequence[TokenizedRequest], budget: BatchBudget) -> list[TokenizedRequest]:
    """Choose the requests to run next from those ``waiting``, which are given oldest first.

    The oldest always runs. Within the budget, its family joins it first, which shares its prompt;
    then the requests closest to it in length, which need the least padding. Among equals the older
    one goes first. The batch is returned sorted by length.
    """
    if not waiting:
        return []
    oldest = waiting[0]
    chosen = [oldest]
    for entry in sorted(waiting[1:], key=lambda entry: _distance(oldest, entry)):
        if _fits([*chosen, entry], budget):
            chosen.append(entry)
    return sorted(chosen, key=lambda entry: len(entry.prompt.ids))


def _distance(oldest: TokenizedRequest, entry: TokenizedRequest) -> tuple[bool, int]:
    unrelated = not oldest.prompt.family or entry.prompt.family != oldest.prompt.family
    return unrelated, abs(len(entry.prompt.ids) - len(oldest.prompt.ids))


def _fits(entries: Sequence[TokenizedRequest], budget: BatchBudget) -> bool:
    sequences = sum(entry.candidates for entry in entries)
    longest = max(len(entry.prompt.ids) for entry in entries)
    longest += max(entry.max_new_tokens for entry in entries)
    return sequences <= budget.sequences and sequences * longest <= budget.tokens


class Batch:
    """Requests that run through the model together, one forward pass per step."""

    def __init__(
        self, model: LanguageModel, name: str, entries: Sequence[TokenizedRequest]
    ) -> None:
        self._model = model
        self._name = name
        self._entries = list(entries)
        self._decoding: BatchDecoding = model.start([entry.prompt for entry in entries])
        self._started = time.monotonic()
        self._prefilled = 0.0
        self._finished = [False] * len(self._entries)
        self._rows = [
            self._row(index, entry, candidate)
            for index, entry in enumerate(self._entries)
            for candidate in range(entry.candidates)
        ]
        self._candidates = list(self._rows)

    def _row(self, index: int, entry: TokenizedRequest, candidate: int) -> CandidateRow:
        sampling = entry.request.sampling
        context = entry.prompt.context
        asked = penalties(sampling, len(context))
        asked += self._model.checkpoint_processors(constrained=entry.grammar is not None)
        matcher = xgrammar.GrammarMatcher(entry.grammar.result()) if entry.grammar else None
        return CandidateRow(
            source=index,
            candidate=candidate,
            context=context,
            max_new_tokens=entry.max_new_tokens,
            stop_ids=self._model.stop_ids,
            sampler=TokenSampler(sampling, candidate, asked, self._model.device),
            text=IncrementalDetokenizer(partial(decode, self._model.tokenizer)),
            matcher=matcher,
        )

    @property
    def done(self) -> bool:
        """Whether every request has ended."""
        return all(self._finished)

    def drop(self, request_id: str) -> None:
        """End a request without an event; unknown ids are ignored."""
        for index, entry in enumerate(self._entries):
            if entry.request.id == request_id:
                self._finished[index] = True

    def step(self) -> list[Event]:
        """Run one forward pass: over a slice of the prompts, or over one token per row."""
        if self._prefilled:
            self._keep_running_rows()
            return self._extend(self._decoding.advance([row.last for row in self._rows]))
        logits = self._decoding.prefill()
        if logits is None:
            return []
        self._prefilled = time.monotonic()
        self._rows = [row for row in self._rows if not self._finished[row.source]]
        sources = [row.source for row in self._rows]
        if sources != list(range(len(self._entries))):
            self._decoding.select(sources)
            logits = logits[sources]
        computed = [Prefilled(self._entries[source].request.id) for source in sorted(set(sources))]
        return [*computed, *self._extend(logits)]

    def _keep_running_rows(self) -> None:
        running = [
            index
            for index, row in enumerate(self._rows)
            if row.finish is None and not self._finished[row.source]
        ]
        if len(running) < len(self._rows):
            self._decoding.select(running)
            self._rows = [self._rows[index] for index in running]

    def _extend(self, logits: torch.Tensor) -> list[Event]:
        """Sample the next token of every row; return the new text of first candidates, and the
        requests that ended.
        """
        mask_logits(logits, [row.matcher for row in self._rows])
        events: list[Event] = []
        for row, token in zip(self._rows, sample_tokens(self._rows, logits), strict=True):
            if self._finished[row.source]:
                continue
            request = self._entries[row.source].request
            if token is None:
                self._finished[row.source] = True
                failed = Failure(id=request.id, kind="bad_grammar", message=GRAMMAR_DEAD_END)
                events.append(failed)
                continue
            text = row.extend(token)
            if text and row.candidate == 0:
                events.append(Delta(id=request.id, text=text))
        return events + self._endings()

    def _endings(self) -> list[Event]:
        events: list[Event] = []
        for index, entry in enumerate(self._entries):
            rows = [row for row in self._candidates if row.source == index]
            outputs = [Output(row.output, row.finish) for row in rows if row.finish is not None]
            if not self._finished[index] and len(outputs) == len(rows):
                self._finished[index] = True
                events.append(self._generation(index, entry, rows, tuple(outputs)))
        return events

    def _generation(
        self,
        index: int,
        entry: TokenizedRequest,
        rows: Sequence[CandidateRow],
        outputs: tuple[Output, ...],
    ) -> Generation:
        return Generation(
            id=entry.request.id,
            outputs=outputs,
            usage=Usage(
                prompt=len(entry.prompt.ids),
                cached=self._decoding.cached(index),
                generated=sum(row.generated for row in rows),
            ),
            timings=Timings(
                queue=self._started - entry.arrived,
                prefill=self._prefilled - self._started,
                decode=time.monotonic() - self._prefilled,
            ),
            model=self._name,
        )
