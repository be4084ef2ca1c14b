"""What the openvino engine runs: a request is one row of its pipeline or several.

A row is what the pipeline is asked for at a time: one sequence, or the beams of a search.
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
"""Text of token ids."""

_SEEDS = 2**32
_FINISHES: dict[Any, FinishReason] = {
    genai.GenerationFinishReason.STOP: "stop",
    genai.GenerationFinishReason.LENGTH: "length",
}


class OutOfMemoryError(Exception):
    """The pipeline dropped a sequence for want of room for its keys and values."""


class SequenceRow:
    """One candidate. What it has ``written`` is None while it runs."""

    def __init__(self, handle: Any, decode: Decode) -> None:
        self._handle = handle
        self._decode = decode
        self._text = IncrementalDetokenizer(decode)
        self.generated = 0
        self.written: tuple[Output, ...] | None = None

    def read(self) -> str:
        """Take what the last step wrote; return the text that became readable.

        Raises:
            OutOfMemoryError: nothing more will come.
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
        """Have the pipeline drop it at its next step."""
        self._handle.cancel()


class Search(SequenceRow):
    """The beams of a search, which the pipeline shows when it has ended, and in which it forgets
    the grammar: ``written`` are those that the grammar takes, the likeliest first.
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
    """One request: its candidates are sequences of their own, since the pipeline shows a group of
    them only when all have ended. The first computes the prompt; the others follow when they find
    it in the prefix cache, and so does the search, if one is asked for.
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
        """Sequences that it takes."""
        return self.request.sampling.sequences

    @property
    def wanted(self) -> int:
        """Rows that may start now."""
        if not self.rows:
            return 1
        return self._all - len(self.rows) if self._prefilled else 0

    def settings(self, at: int) -> Any:
        """What the pipeline is asked for row ``at``: the search is the last one."""
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
        """Take a started row."""
        if not self.rows:
            self._started = time.monotonic()
        if len(self.rows) < self._drawn:
            self.rows.append(SequenceRow(handle, decode))
        else:
            self.rows.append(Search(handle, decode, self.request.grammar))

    def read(self, model: str) -> list[Event]:
        """What came of the last step, the :class:`Generation` included.

        Raises:
            OutOfMemoryError: it cannot be finished.
        """
        events: list[Event] = []
        for row in self.rows:
            if row.written is not None:
                continue
            text = row.read()
            if row.generated and not self._prefilled:
                self._prefilled = time.monotonic()
                events.append(Prefilled(self.request.id))
            # what a search finds comes first, and is known at its end
            if text and row is self.rows[0] and not self._searches:
                events.append(Delta(self.request.id, text))
        return [*events, *self._end(model)]

    def _end(self, model: str) -> list[Event]:
        """What is told when all rows have ended."""
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
        """Have the pipeline drop all of it."""
        for row in self.rows:
            row.cancel()
