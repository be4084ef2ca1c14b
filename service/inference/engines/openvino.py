"""The openvino engine: decoder models on a CPU, with continuous batching and a prefix cache.

Reads a GGUF (converted once, see :mod:`service.inference.engines.openvino_model`) or a directory
with OpenVINO's own files. ``EngineConfig.extra`` holds properties for OpenVINO, by their own names
(``KV_CACHE_PRECISION``, ``INFERENCE_PRECISION_HINT``).

Limits of the library that show:

- It does not say what came from the prefix cache: ``Usage.cached`` is an estimate by the same rule
  (:mod:`service.inference.engines.prefix_ledger`).
- Each sequence has its own seed, but its logits differ in the last bits depending on the batch: a
  sampled text is reproducible only under the same load.
- ``frequency_penalty`` raises a logit that is below zero, where it should lower it further.
- If a grammar allows the characters of a special token's name (``<|im_start|>``), the model may
  generate that token, which is then missing from the text.
- It prints a grammar and parses it again, and would read a quoted ``£`` together with a following
  hexadecimal digit, so grammars must be quoted with :func:`service.generation.ebnf.literal`.
- Prompts are scored separately, see :mod:`service.inference.engines.openvino_scoring`.
- Beam search ignores the grammar, and returns no text before it ends.
- It keeps every grammar that it ever compiled, 4 MB for that of an article. When the process has
  grown by a third of ``EngineResources.growth_mb``, the pipeline is reopened in the next pause.
  When it has grown by all of it, no request is started until the running ones have ended and the
  pipeline was reopened.
"""

from __future__ import annotations

import gc
import itertools
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from service.inference.config import EngineConfig
from service.inference.engines.common import describe, refuse_task
from service.inference.engines.ebnf import grammar_error
from service.inference.engines.openvino_growth import Growth, resident_bytes
from service.inference.engines.openvino_model import (
    STEP_TOKENS,
    Prompts,
    measure_memory,
    open_pipeline,
)
from service.inference.engines.openvino_runs import OpenVinoRun, OutOfMemoryError
from service.inference.engines.openvino_scoring import Incomplete, ScoredRun
from service.inference.engines.prefix_ledger import PrefixLedger
from service.inference.protocol import (
    Capabilities,
    Event,
    Failure,
    Generation,
    GenerationRequest,
    Prefilled,
)

log = logging.getLogger(__name__)

_CLEANING_STEPS = 3
_IDLE_SHARE = 1 / 3
_PAUSE_SECONDS = 5.0
"""Shorter pauses occur between an article's requests."""
_TICK_SECONDS = 0.05
_MARKS = itertools.count()
"""Numbers that make a prompt unknown to the prefix cache; a pipeline may outlive its engine."""


class OpenVINOEngine:
    """Implements :class:`service.inference.protocol.Engine`.

    A request enters the pipeline once there is room for all of its keys and values; otherwise it
    waits, because the pipeline would accept it and drop it later. An exception from :meth:`step`
    drops the running requests and leaves the others waiting; to retry a dropped request, submit it
    again.
    """

    def __init__(
        self,
        config: EngineConfig,
        pipeline: Any = None,
        *,
        resident: Callable[[], int] | None = None,
        pause_seconds: float = _PAUSE_SECONDS,
    ) -> None:
        """Load the model that ``config`` names, or use the idle ``pipeline`` instead. ``resident``
        returns the memory of this process, in bytes; ``pause_seconds`` without work count as a
        pause.
        """
        self._config = config
        self._growth = Growth(config, resident or resident_bytes)
        self._pause_seconds = pause_seconds
        self._last_work = time.monotonic()
        self._closed = False
        self._take(pipeline or open_pipeline(config))
        self._waiting: deque[OpenVinoRun] = deque()
        self._running: dict[str, OpenVinoRun] = {}
        self._to_score: deque[ScoredRun] = deque()
        self._scoring: dict[str, ScoredRun] = {}
        self._failures: list[Failure] = []
        self._sequences = 0

    def _take(self, pipeline: Any) -> None:
        """Use ``pipeline`` from now on; nothing may be running."""
        self._pipeline: Any = pipeline
        self._prompts = Prompts(pipeline.get_tokenizer(), self._config)
        self._memory = measure_memory(pipeline)
        self._context = min(self._config.context, self._memory.tokens)
        self._ledger = PrefixLedger(
            block_tokens=self._memory.block_tokens, blocks=self._memory.blocks
        )
        self._growth.restart()

    def _has_grown(self, share: float) -> bool:
        """Whether the process, without its keys and values, has grown by more than ``share`` of the
        allowed growth.
        """
        return self._growth.exceeds(share, cache=len(self._ledger) / self._memory.blocks)

    def _slim(self) -> None:
        """Drop the idle pipeline if it has grown too much, or has grown and there is a pause."""
        if self._waiting or self._to_score:
            if self._has_grown(1.0):
                self._drop()
        elif self._has_grown(_IDLE_SHARE):
            if time.monotonic() - self._last_work >= self._pause_seconds:
                self._drop()
            else:
                time.sleep(_TICK_SECONDS)  # short, so that new requests are read in between

    def _drop(self) -> None:
        """Drop the pipeline: only that frees its compiled grammars. The next step reopens it; if
        that fails, each further step tries again.
        """
        log.info("the engine has grown to %d MB: it is reopened", self._growth.resident // 10**6)
        self._pipeline = None
        del self._prompts
        gc.collect()

    @property
    def capabilities(self) -> Capabilities:
        """The configuration, within the limits of the memory."""
        return describe(
            self._config,
            context=self._context,
            grammar=True,
            prefix_cache=True,
            beams=True,
            scores=self._config.prompt.prompting != "plain",
        )

    def submit(self, request: GenerationRequest) -> None:
        """Tokenize and queue a request; it replaces one of the same id."""
        self.cancel(request.id)
        match self._accept(request):
            case OpenVinoRun() as run:
                self._waiting.append(run)
            case ScoredRun() as scored:
                self._to_score.append(scored)
            case Failure() as failure:
                self._failures.append(failure)

    def _accept(
        self, request: GenerationRequest, mark: str = ""
    ) -> OpenVinoRun | ScoredRun | Failure:
        if self._pipeline is None:
            raise RuntimeError(f"the engine is {'closed' if self._closed else 'not open'}")
        if refused := refuse_task(self._config, request):
            return refused
        run: OpenVinoRun | ScoredRun
        try:
            if request.scored:
                run = ScoredRun(request, self._prompts.encode, mark)
            else:
                run = self._run(request, self._prompts.encode(request))
        except ValueError as error:
            return Failure(request.id, "engine_error", str(error))
        size = run.ids.size
        limit = min(
            max(0, self._context - run.max_new_tokens),
            self._memory.prompt_limit(run.max_new_tokens, run.sequences),
        )
        if size > limit:
            return Failure(
                request.id,
                "prompt_too_long",
                f"the prompt has {size} tokens, at most {limit} fit",
                tokens=size,
                limit=limit,
            )
        if isinstance(run, ScoredRun):
            return run
        # a bad grammar would raise in the pipeline's step and stop all running requests
        if request.grammar is not None and (complaint := grammar_error(request.grammar)):
            return Failure(request.id, "bad_grammar", complaint)
        return run

    def _run(self, request: GenerationRequest, ids: Any) -> OpenVinoRun:
        most = max(1, min(request.max_new_tokens, self._config.max_output))
        # a request with more beams than sequences would wait for ever
        beams = min(request.sampling.beams, self._config.resources.batch_sequences)
        sampling = msgspec.structs.replace(request.sampling, beams=beams)
        return OpenVinoRun(
            msgspec.structs.replace(request, sampling=sampling), ids, most, self._prompts.stop_ids
        )

    def cancel(self, request_id: str) -> None:
        """Drop a request; a running one leaves the pipeline at its next step."""
        self._waiting = deque(run for run in self._waiting if run.request.id != request_id)
        self._to_score = deque(run for run in self._to_score if run.request.id != request_id)
        self._failures = [event for event in self._failures if event.id != request_id]
        if run := self._running.pop(request_id, None):
            run.cancel()
        if scored := self._scoring.pop(request_id, None):
            scored.cancel()

    def step(self) -> Sequence[Event]:
        """Run at most one forward pass, of the running sequences and a slice of the prompts."""
        if self._closed:
            return []
        if self._pipeline is not None and not self._is_working:
            self._slim()
        if self._pipeline is None:
            self._take(open_pipeline(self._config))
        if not self._has_grown(1.0) and not self._scoring:
            self._admit_runs()
        self._start_runs()
        self._start_scoring()
        if self._pipeline.has_non_finished_requests():
            self._last_work = time.monotonic()
            try:
                self._pipeline.step()
            except Exception:
                self._abandon()
                raise
        events: list[Event] = [*self._failures]
        self._failures = []
        for run in list(self._running.values()):
            events += self._read(run)
        for scored in list(self._scoring.values()):
            events += self._read_scored(scored)
        return events

    def _admit_runs(self) -> None:
        while self._waiting and self._has_room(self._waiting[0]):
            run = self._waiting.popleft()
            self._running[run.request.id] = run

    def _start_runs(self) -> None:
        for run in list(self._running.values()):
            try:
                self._start_rows(run)
            except RuntimeError:
                log.exception("the pipeline refused %s", run.request.id)
                self.cancel(run.request.id)
                message = "the engine cannot sample as the request asks"
                self._failures.append(Failure(run.request.id, "engine_error", message))

    def _has_room(self, run: OpenVinoRun) -> bool:
        together = [*self._running.values(), run]
        blocks = sum(
            self._memory.blocks_for(one.ids.size, one.max_new_tokens, one.sequences)
            for one in together
        )
        sequences = sum(one.sequences for one in together)
        fits = blocks <= self._memory.blocks and sequences <= self._config.resources.batch_sequences
        return fits or not self._running

    def _start_scoring(self) -> None:
        """Score while nothing is generated, and only about as many tokens at a time as one step
        computes, because new requests have to wait for it.
        """
        if self._is_working:
            return
        tokens = 0
        while self._to_score and len(self._scoring) < self._config.resources.batch_sequences:
            run = self._to_score[0]
            tokens += len(run.tokens) - self._ledger.cached(run.tokens)
            if self._scoring and tokens > STEP_TOKENS:
                return
            self._scoring[run.request.id] = self._to_score.popleft()
            self._sequences += 1
            run.start(self._pipeline, self._sequences)

    def _read_scored(self, run: ScoredRun) -> list[Event]:
        request = run.request
        try:
            events = run.read(self._config.model, self._prompts.decode)
        except Incomplete:
            del self._scoring[request.id]
            if run.marked:
                message = "the engine cannot score what it has read before"
                return [Failure(request.id, "engine_error", message)]
            # the mark makes the prompt longer, so it may no longer fit
            again = self._accept(request, mark=f"{next(_MARKS)}\n")
            if isinstance(again, Failure):
                return [again]
            if isinstance(again, ScoredRun):
                self._to_score.appendleft(again)
            return []
        except OutOfMemoryError:
            self.cancel(request.id)
            return [_no_room(request.id)]
        if events:
            del self._scoring[request.id]
            self._ledger.add(run.tokens)
        return events

    def _start_rows(self, run: OpenVinoRun) -> None:
        for _ in range(run.wanted):
            self._sequences += 1
            if not run.rows:
                run.cached = self._ledger.cached(run.tokens)
            handle = self._pipeline.add_request(
                self._sequences, run.ids, run.settings(len(run.rows))
            )
            run.add(handle, self._prompts.decode)

    def _read(self, run: OpenVinoRun) -> list[Event]:
        request_id = run.request.id
        try:
            events = run.read(self._config.model)
        except OutOfMemoryError:
            self.cancel(request_id)
            return [_no_room(request_id)]
        if any(isinstance(event, Prefilled) for event in events):
            self._ledger.add(run.tokens)
        self._count_written(run)
        if events and isinstance(events[-1], Generation):
            del self._running[request_id]
        return events

    def _count_written(self, run: OpenVinoRun) -> None:
        """Update the ledger with the blocks that the request's output fills."""
        filled = sum(self._memory.blocks_beyond(run.ids.size, row.generated) for row in run.rows)
        self._ledger.fill(filled - run.filled)
        run.filled = filled

    def _abandon(self) -> None:
        """Empty the pipeline after an exception, which leaves it in the middle of a step. Further
        exceptions are only logged, since the first one is raised.
        """
        runs: list[OpenVinoRun | ScoredRun] = [*self._running.values(), *self._scoring.values()]
        for run in runs:
            run.cancel()
        self._running.clear()
        self._scoring.clear()
        for _ in range(_CLEANING_STEPS):
            if not self._pipeline.has_non_finished_requests():
                return
            try:
                self._pipeline.step()
            except Exception as error:
                log.warning("the pipeline is not empty yet: %s", type(error).__name__)

    @property
    def busy(self) -> bool:
        """Whether a request waits, runs or has yet to leave the pipeline, or a failure has to be
        reported.
        """
        if self._pipeline is None:
            return not self._closed
        if self._waiting or self._to_score or self._failures or self._is_working:
            return True
        return self._has_grown(_IDLE_SHARE)

    @property
    def _is_working(self) -> bool:
        """Whether a request runs, or has yet to leave the pipeline."""
        runs = self._running or self._scoring
        return bool(runs or self._pipeline.has_non_finished_requests())

    def close(self) -> None:
        """Release the model; requests are forgotten."""
        runs: list[OpenVinoRun | ScoredRun] = [*self._running.values(), *self._scoring.values()]
        for run in runs:
            run.cancel()
        for queue in (self._waiting, self._to_score):
            queue.clear()
        self._running.clear()
        self._scoring.clear()
        self._failures.clear()
        self._pipeline = None
        self._closed = True


def _no_room(request_id: str) -> Failure:
    message = "there is no memory left for the request's keys and values"
    return Failure(request_id, "engine_error", message)
