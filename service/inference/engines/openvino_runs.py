"""The running requests of the openvino engine: each is one or several rows of its pipeline.

A row is one request to the pipeline: for one sequence, or for the beams of a search.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

import openvino_genai as genai

from service.inference.engines.ebnf import Acceptor
from service.inference.engines.text_stream import IncrementalDetokenizer
from service.inference.protocol import (
    Delta,
    Event,
    FinishReason,
    Generation,
    GenerationRequest,
    Output,
    Prefilled,
    Timings,
    Usage,
)

Decode = Callable[[Sequence[int]], str]
"""Returns the text of token ids."""

_SEEDS = 2**32
_FINISHES: dict[Any, FinishReason] = {
    genai.GenerationFinishReason.STOP: "stop",
    genai.GenerationFinishReason.LENGTH: "length",
}


class OutOfMemoryError(Exception):
    """The pipeline dropped a sequence because its key-value cache is full."""


class SequenceRow:
    """One candidate. ``written`` is its output, None while it runs."""

    def __init__(self, handle: Any, decode: Decode) -> None:
        self._handle = handle
        self._decode = decode
        self._text = IncrementalDetokenizer(decode)
        self.generated = 0
        self.written: tuple[Output, ...] | None = None

    def read(self) -> str:
        """Read the tokens of the last step; return the text that they complete.

        Raises:
            OutOfMemoryError: the pipeline dropped the row.
        """
        readable = self._take()
        running = self._handle.get_status() == genai.GenerationStatus.RUNNING
        if self.written is None and not running:
            raise OutOfMemoryError
        return readable

    def _take(self) -> str:
        """See :meth:`read`."""
        readable = []
        finish: FinishReason | None = None
        while self._handle.can_read():
            for part in self._handle.read().values():
                self.generated += len(part.generated_ids)
                readable += [self._text.push(token) for token in part.generated_ids]
                finish = _FINISHES.get(part.finish_reason)
        if finish is not None:
            rest, text = self._text.finish()
            self.written = (Output(text, finish),)
            readable.append(rest)
        return "".join(readable)

    def cancel(self) -> None:
        """Make the pipeline drop the row at its next step."""
        self._handle.cancel()


class Search(SequenceRow):
    """The beams of a search. The pipeline returns them when the search has ended, and does not
    apply the grammar to them: ``written`` holds those that match it, the most likely first.
    """

    def __init__(self, handle: Any, decode: Decode, grammar: str | None) -> None:
        super().__init__(handle, decode)
        self._grammar = grammar

    def _take(self) -> str:
        if self._handle.can_read():
            beams = sorted(self._handle.read().values(), key=lambda beam: -beam.score)
            found = [
                Output(self._decode(beam.generated_ids), _FINISHES[beam.finish_reason])
                for beam in beams
            ]
            self.generated = sum(len(beam.generated_ids) for beam in beams)
            acceptor = Acceptor(self._grammar) if self._grammar is not None else None
            self.written = tuple(one for one in found if not acceptor or acceptor.takes(one.text))
        return ""


class OpenVinoRun:
    """One request. Each candidate is a row of its own, because the pipeline returns a group of
    sequences only when all have ended. The first row computes the prompt. The other candidates,
    and the search if there is one, start once the prompt is in the prefix cache.
    """

    def __init__(
        self,
        request: GenerationRequest,
        ids: Any,
        max_new_tokens: int,
        stop_ids: Collection[int] = (),
    ) -> None:
        self.request = request
        self.ids = ids
        self.max_new_tokens = max_new_tokens
        self._stop_ids = set(stop_ids)
        self.rows: list[SequenceRow] = []
        self.tokens: list[int] = ids.data[0].tolist()
        self.cached = 0
        self.filled = 0
        self._drawn = request.sampling.drawn
        self._searches = request.sampling.searches
        self._all = self._drawn + self._searches
        self._submitted = time.monotonic()
        self._started = self._submitted
        self._prefilled = 0.0

    @property
    def sequences(self) -> int:
        """Number of sequences that the request needs."""
        return self.request.sampling.sequences

    @property
    def wanted(self) -> int:
        """Number of rows that may start now."""
        if not self.rows:
            return 1
        return self._all - len(self.rows) if self._prefilled else 0

    def settings(self, at: int) -> Any:
        """Return the generation config of row ``at``; the search is the last row."""
        sampling = self.request.sampling
        settings = genai.GenerationConfig(
            max_new_tokens=self.max_new_tokens,
            apply_chat_template=False,
            repetition_penalty=sampling.repetition_penalty,
            frequency_penalty=sampling.frequency_penalty,
        )
        if self._stop_ids:  # the pipeline adds the checkpoint's own
            settings.stop_token_ids = self._stop_ids
        if at == self._drawn:
            settings.num_beams = settings.num_return_sequences = sampling.beams
            return settings
        if sampling.temperature:
            settings.do_sample = True
            settings.temperature = sampling.temperature
            settings.top_p = sampling.top_p
            settings.rng_seed = (sampling.seed * 1_000_003 + at) % _SEEDS
        if self.request.grammar is not None:
            structure = genai.StructuredOutputConfig()
            structure.grammar = self.request.grammar
            settings.structured_output_config = structure
        return settings

    def add(self, handle: Any, decode: Decode) -> None:
        """Add a row that has been started."""
        if not self.rows:
            self._started = time.monotonic()
        if len(self.rows) < self._drawn:
            self.rows.append(SequenceRow(handle, decode))
        else:
            self.rows.append(Search(handle, decode, self.request.grammar))

    def read(self, model: str) -> list[Event]:
        """Return the events of the last step, with the :class:`Generation` if it ended the request.

        Raises:
            OutOfMemoryError: the request cannot be finished.
        """
        events: list[Event] = []
        for row in self.rows:
            if row.written is not None:
                continue
            text = row.read()
            if row.generated and not self._prefilled:
                self._prefilled = time.monotonic()
                events.append(Prefilled(self.request.id))
            # the output of a search comes first, and is known only at its end
            if text and row is self.rows[0] and not self._searches:
                events.append(Delta(self.request.id, text))
        return [*events, *self._end(model)]

    def _end(self, model: str) -> list[Event]:
        """Return the last events, once all rows have ended."""
        written = [row.written for row in self.rows if row.written is not None]
        if len(written) < self._all:
            return []
        found, drawn = written[self._drawn :], written[: self._drawn]
        generation = self._generation(model, [one for row in (*found, *drawn) for one in row])
        if not self._searches:
            return [generation]
        return [Delta(self.request.id, generation.outputs[0].text), generation]

    def _generation(self, model: str, outputs: Sequence[Output]) -> Generation:
        return Generation(
            self.request.id,
            tuple(outputs),
            usage=Usage(
                prompt=self.ids.size,
                cached=self.cached,
                generated=sum(row.generated for row in self.rows),
            ),
            timings=Timings(
                queue=self._started - self._submitted,
                prefill=self._prefilled - self._started,
                decode=time.monotonic() - self._prefilled,
            ),
            model=model,
        )

    def cancel(self) -> None:
        """Make the pipeline drop all rows."""
        for row in self.rows:
            row.cancel()
