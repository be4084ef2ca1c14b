"""Reading the whole article: in one prompt if it fits, else in parts, of which notes are taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from service.briefs import prompts
from service.briefs.drafts import Draft, settle
from service.briefs.grounding import brief_grammar
from service.briefs.model import BriefOptions
from service.briefs.review import (
    check_ending,
    check_language,
    check_names,
    check_numbers,
    check_repetition,
)
from service.briefs.shape import Shape, shape_of
from service.briefs.sources import SourceText, count_characters
from service.concurrency import run_all
from service.errors import PromptTooLong
from service.generation.lineup import PROMPT_OVERHEAD
from service.generation.session import Session
from service.inference.protocol import Generation, Output, Sampling
from service.tasks import summary_task
from service.text.chunks import Chunk, estimate_tokens, halve, split_chunks
from service.text.sentences import split_sentences
from service.workers import Lane

Progress = Callable[[float, str], None]
"""Called with the share done (0 to 1) and the current stage."""

DIRECT_TOKENS = 2400
"""Estimated tokens up to which an article is read in one piece. Longer ones are read in parts."""
PART_TOKENS = 700
"""Estimated tokens of one part, of which one sentence is noted. Of a longer part, a small model
notes only the beginning, and confuses who did what.
"""

_ONE_SENTENCE = BriefOptions(length="short")
_NOTES = Sampling(repetition_penalty=1.05)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[。！？]")


class Reading(msgspec.Struct, frozen=True):
    """What a brief is written from: the article's own text, or ``notes`` of its parts in order.

    ``characters`` counts those of the body, without white space, that were in prompts.
    """

    text: str
    characters: int
    notes: tuple[str, ...] = ()


class Reader:
    """Reads one article through ``session``. Grammars and reviews are made in ``lane``."""

    def __init__(
        self, session: Session, source: SourceText, lane: Lane, progress: Progress
    ) -> None:
        self._session = session
        self._source = source
        self._lane = lane
        self._progress = progress
        self._task = summary_task(source.language)
        self._shape = shape_of(_ONE_SENTENCE, source.language, source_sentences=10)
        self._tokens = source.tokens
        self._is_direct = self._tokens <= self._window(DIRECT_TOKENS)

    def first_tokens(self, written: int) -> int:
        """Return the estimated tokens of the first request, for a brief of ``written`` tokens."""
        if self._is_direct:
            return PROMPT_OVERHEAD + self._tokens + written
        return PROMPT_OVERHEAD + self._first_part + self._shape.max_new_tokens

    @property
    def concurrent_tokens(self) -> int:
        """Estimated tokens of the concurrent requests, which take notes of the other parts."""
        if self._is_direct:
            return 0
        parts = -(-self._tokens // self._window(PART_TOKENS))
        return self._tokens - self._first_part + (parts - 1) * self._shape.max_new_tokens

    @property
    def _first_part(self) -> int:
        """Estimated tokens of the article that the first request reads at least."""
        return min(self._tokens, self._window(PART_TOKENS) // 2)

    async def read(self) -> Reading:
        """Return the article itself if it fits one prompt, else notes of all its parts."""
        if self._is_direct:
            return Reading(self._source.text, count_characters(self._source.body))
        return await self._in_parts(self._source.sentences)

    async def shorten(self, reading: Reading) -> Reading:
        """Return notes of a reading that is too long for one prompt in spite of the estimate."""
        shorter = await self._in_parts(split_sentences(reading.text), share=0.5)
        return msgspec.structs.replace(shorter, characters=reading.characters)

    async def _in_parts(self, sentences: Sequence[str], *, share: float = 1.0) -> Reading:
        budget = int(self._window(PART_TOKENS) * share)
        chunks = await self._lane.run(split_chunks, sentences, budget)
        done = 0

        async def one(chunk: Chunk) -> Reading:
            nonlocal done
            # the tokens of later requests are counted once, with the first notes
            notes = await self._notes(chunk, later_tokens=None if chunk is chunks[0] else 0)
            done += 1
            self._progress(0.6 * done / len(chunks), f"reading, part {done} of {len(chunks)}")
            return notes

        notes = _joined(await run_all(one(chunk) for chunk in chunks))
        tokens = estimate_tokens(notes.text)
        if tokens > self._window(DIRECT_TOKENS) and tokens < await self._lane.run(
            estimate_tokens, " ".join(sentences)
        ):
            again = await self._in_parts(split_sentences(notes.text))
            return msgspec.structs.replace(again, characters=notes.characters)
        return notes

    async def _notes(self, chunk: Chunk, *, later_tokens: int | None) -> Reading:
        shape = self._shape
        messages = prompts.take_notes(chunk.text, self._source.language)
        grammar = await self._lane.run(
            brief_grammar, chunk.text, shape, article=self._source.article
        )

        async def draft(sampling: Sampling) -> Draft:
            generation = await self._session.generate(
                self._task,
                text=chunk.text,
                messages=messages,
                target=shape.language,
                max_new_tokens=shape.max_new_tokens,
                grammar=grammar,
                sampling=sampling,
                later_tokens=later_tokens,
            )
            return await self._lane.run(self._reviewed, generation, shape)

        try:
            note = await settle(draft, _NOTES, may_repair=self._session.may_repair)
        except PromptTooLong:
            return _joined(
                await run_all(self._notes(half, later_tokens=0) for half in halve(chunk))
            )
        read = sum(count_characters(piece.text) for piece in chunk.own)
        return Reading(note.text, read, (note.text,))

    def _reviewed(self, generation: Generation, shape: Shape) -> Draft:
        output = generation.outputs[0]
        language, source = self._source.language, self._source.article
        findings = [
            *check_language(output.text, language, source),
            *check_numbers(output.text, source),
            *check_ending(output.text, shape, finished=output.finish == "stop"),
            *check_repetition(output.text, language),
            *(check_names(output.text, source) if language == "en" else ()),
        ]
        return Draft(_whole_sentences(output), tuple(findings))

    def _window(self, tokens: int) -> int:
        return min(tokens, self._session.lineup.room(self._task))


def _joined(notes: Sequence[Reading]) -> Reading:
    every = tuple(note for one in notes for note in one.notes)
    return Reading("\n".join(every), sum(one.characters for one in notes), every)


def _whole_sentences(output: Output) -> str:
    """Return the text of ``output`` without an unfinished last sentence."""
    if output.finish == "stop":
        return output.text.strip()
    ends = [match.end() for match in _SENTENCE_END.finditer(output.text)]
    return output.text[: ends[-1] if ends else None].strip()
