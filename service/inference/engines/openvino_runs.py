"""What the openvino engine runs: a request is one row of its pipeline or several.

A row is what the pipeline is asked for at a time: one sequence, or the beams of a search.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import openvino_genai as genai

from service.inference.engines.ebnf import Acceptor
from service.inference.engines.text_stream import TextStream
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
"""Text of token ids."""

_SEEDS = 2**32
_FINISHES: dict[Any, FinishReason] = {
    genai.GenerationFinishReason.STOP: "stop",
    genai.GenerationFinishReason.LENGTH: "length",
}


class OutOfMemoryError(Exception):
    """The pipeline dropped a sequence for want of room for its keys and values."""


class Row:
    """One candidate. What it has ``written`` is None while it runs."""

    def __init__(self, handle: Any, decode: Decode) -> None:
        self._handle = handle
        self._decode = decode
        self._text = TextStream(decode)
        self.generated = 0
        self.written: Output | None = None

    def read(self) -> str:
        """Take what the last step wrote; return the text that became readable.

        Raises:
            OutOfMemoryError: nothing more will come.
        """
        readable = self._take()
        if not self.written and self._handle.get_status() != genai.GenerationStatus.RUNNING:
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
            self.written = Output(text, finish)
            readable.append(rest)
        return "".join(readable)

    def cancel(self) -> None:
        """Have the pipeline drop it at its next step."""
        self._handle.cancel()


class Beams(Row):
    """The beams of a search, which the pipeline shows when it has ended: ``found``, best first."""

    found: tuple[Output, ...] = ()

    def _take(self) -> str:
        if self._handle.can_read():
            beams = sorted(self._handle.read().values(), key=lambda beam: -beam.score)
            self.found = tuple(
                Output(self._decode(beam.generated_ids), _FINISHES[beam.finish_reason])
                for beam in beams
            )
            self.generated = sum(len(beam.generated_ids) for beam in beams)
            self.written = self.found[0]
        return ""


class Run:
    """One request: its candidates are sequences of their own, since the pipeline shows a group of
    them only when all have ended. The first computes the prompt; the others follow when they find
    it in the prefix cache.
    """

    def __init__(self, request: GenerationRequest, ids: Any, max_new_tokens: int) -> None:
        self.request = request
        self.ids = ids
        self.max_new_tokens = max_new_tokens
        self.rows: list[Row] = []
        self.tokens: list[int] = ids.data[0].tolist()
        self.cached = 0
        self.filled = 0
        self._submitted = time.monotonic()
        self._started = self._submitted
        self._prefilled = 0.0

    @property
    def sequences(self) -> int:
        """Sequences that it takes."""
        return self.request.sampling.sequences

    @property
    def wanted(self) -> int:
        """Rows that may start now."""
        if not self.rows:
            return 1
        return self.sequences - len(self.rows) if self._prefilled else 0

    def settings(self, candidate: int) -> Any:
        """What the pipeline is asked for one row."""
        sampling = self.request.sampling
        settings = self._greedy(self.max_new_tokens)
        if sampling.temperature:
            settings.do_sample = True
            settings.temperature = sampling.temperature
            settings.top_p = sampling.top_p
            settings.rng_seed = (sampling.seed * 1_000_003 + candidate) % _SEEDS
        if self.request.grammar is not None:
            structure = genai.StructuredOutputConfig()
            structure.grammar = self.request.grammar
            settings.structured_output_config = structure
        return settings

    def _greedy(self, max_new_tokens: int) -> Any:
        """Settings for the likeliest tokens, without a grammar."""
        return genai.GenerationConfig(
            max_new_tokens=max_new_tokens,
            apply_chat_template=False,
            repetition_penalty=self.request.sampling.repetition_penalty,
            frequency_penalty=self.request.sampling.frequency_penalty,
        )

    def add(self, handle: Any, decode: Decode) -> None:
        """Take a started row."""
        if not self.rows:
            self._started = time.monotonic()
        self.rows.append(self._row(handle, decode))

    def _row(self, handle: Any, decode: Decode) -> Row:
        return Row(handle, decode)

    def read(self, model: str) -> list[Event]:
        """What came of the last step, the :class:`Generation` included.

        Raises:
            OutOfMemoryError: it cannot be finished.
        """
        events: list[Event] = []
        for row in self.rows:
            if row.written:
                continue
            text = row.read()
            if row.generated and not self._prefilled:
                self._prefilled = time.monotonic()
                events.append(Prefilled(self.request.id))
            if text and row is self._shown:
                events.append(Delta(self.request.id, text))
        return [*events, *self._end(model)]

    @property
    def _shown(self) -> Row | None:
        """The row whose text is told while it is written."""
        return self.rows[0]

    def _end(self, model: str) -> list[Event]:
        """What is told when all rows have ended."""
        outputs = [row.written for row in self.rows if row.written]
        return [self._generation(model, outputs)] if len(outputs) == self.sequences else []

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
        """Have the pipeline drop all of it."""
        for row in self.rows:
            row.cancel()


class Search(Run):
    """One request for the likeliest text. The pipeline shows a beam search only at its end, and
    forgets the grammar in it: a row of its own computes the prompt first, and what the search has
    found is held against the grammar. If that does not take it, a greedy row follows under it.
    """

    _beams: Beams | None = None

    @property
    def wanted(self) -> int:
        """The row for the prompt, the search, the greedy row: one after the other."""
        if not all(row.written for row in self.rows):
            return 0
        return int(len(self.rows) < 2 or (len(self.rows) == 2 and not self._found))

    def settings(self, candidate: int) -> Any:
        """What the pipeline is asked for each of the three."""
        if candidate == 2:
            return super().settings(0)
        if candidate == 0:
            return self._greedy(1)
        settings = self._greedy(self.max_new_tokens)
        settings.num_beams = settings.num_return_sequences = self.sequences
        return settings

    def _row(self, handle: Any, decode: Decode) -> Row:
        if len(self.rows) != 1:
            return super()._row(handle, decode)
        self._beams = Beams(handle, decode)
        return self._beams

    @cached_property
    def _found(self) -> Output | None:
        """The best text that the search, which has ended, found and the grammar takes."""
        found = self._beams.found if self._beams else ()
        if self.request.grammar is None:
            return next(iter(found), None)
        acceptor = Acceptor(self.request.grammar)
        return next((one for one in found if acceptor.takes(one.text)), None)

    @property
    def _shown(self) -> Row | None:
        return None

    def _end(self, model: str) -> list[Event]:
        if len(self.rows) < 2 or not all(row.written for row in self.rows):
            return []
        output = self._found or (self.rows[2].written if len(self.rows) > 2 else None)
        if not output:
            return []
        return [Delta(self.request.id, output.text), self._generation(model, [output])]
