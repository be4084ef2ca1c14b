"""Reading the whole article: in one prompt if it fits, else in parts, with notes of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from service.briefs import prompts
from service.briefs.calls import Calls, run_all, summary_task
from service.briefs.grounding import brief_grammar
from service.briefs.model import Wish
from service.briefs.shape import shape_of
from service.briefs.sources import SourceText, count_characters
from service.errors import PromptTooLong
from service.inference.protocol import Generation, Sampling
from service.text.chunks import Chunk, estimate_tokens, halve, split_chunks
from service.text.sentences import split_sentences

Progress = Callable[[float, str], None]
"""Called with the share done (0 to 1) and what is going on."""

DIRECT_TOKENS = 2400
"""Estimated tokens of an article that is read in one piece; longer ones are read in parts."""
PART_TOKENS = 1500
"""Estimated tokens of one part: a small model overlooks what stands in the middle of more."""

_NOTES = Sampling(repetition_penalty=1.05)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[。！？]")


class Reading(msgspec.Struct, frozen=True):
    """What a brief is written from: the article's own text, or the notes taken of its parts.

    ``characters`` of the body, white space aside, stood in prompts that were generated from.
    """

    text: str
    characters: int


class Reader:
    """Reads one article through ``calls``."""

    def __init__(self, calls: Calls, source: SourceText, progress: Progress) -> None:
        self._calls = calls
        self._source = source
        self._progress = progress
        self._task = summary_task(source.language)

    async def read(self) -> Reading:
        """The article itself if it fits one prompt, else notes of all its parts."""
        if estimate_tokens(self._source.text) <= self._window(DIRECT_TOKENS):
            return Reading(self._source.text, count_characters(self._source.body))
        return await self._in_parts(self._source.sentences)

    async def shorten(self, reading: Reading) -> Reading:
        """Notes of what turned out too long for one prompt after all."""
        shorter = await self._in_parts(split_sentences(reading.text), share=0.5)
        return Reading(shorter.text, reading.characters)

    async def _in_parts(self, sentences: Sequence[str], *, share: float = 1.0) -> Reading:
        chunks = split_chunks(sentences, int(self._window(PART_TOKENS) * share))
        done = 0

        async def one(chunk: Chunk) -> Reading:
            nonlocal done
            notes = await self._notes(chunk)
            done += 1
            self._progress(0.6 * done / len(chunks), f"reading, part {done} of {len(chunks)}")
            return notes

        notes = _joined(await run_all(one(chunk) for chunk in chunks))
        too_long = estimate_tokens(notes.text) > self._window(DIRECT_TOKENS)
        if too_long and estimate_tokens(notes.text) < estimate_tokens(" ".join(sentences)):
            again = await self._in_parts(split_sentences(notes.text))
            return Reading(again.text, notes.characters)
        return notes

    async def _notes(self, chunk: Chunk) -> Reading:
        chats = self._calls.chats(self._task)
        wish = Wish(length="medium" if chats else "short")
        shape = shape_of(wish, self._source.language, source_sentences=10)
        try:
            generation = await self._calls.ask(
                self._task,
                text=chunk.text,
                messages=prompts.take_notes(chunk.text, self._source.language),
                shape=shape,
                grammar=brief_grammar(chunk.text, shape, article=self._source.text),
                sampling=_NOTES,
            )
        except PromptTooLong:
            return _joined(await run_all(self._notes(half) for half in halve(chunk)))
        read = sum(count_characters(piece.text) for piece in chunk.own)
        return Reading(_whole_sentences(generation), read)

    def _window(self, tokens: int) -> int:
        return min(tokens, self._calls.room(self._task))


def _joined(notes: Sequence[Reading]) -> Reading:
    return Reading("\n".join(one.text for one in notes), sum(one.characters for one in notes))


def _whole_sentences(generation: Generation) -> str:
    """The text of a generation without a last sentence that was cut off."""
    output = generation.outputs[0]
    if output.finish == "stop":
        return output.text.strip()
    ends = [match.end() for match in _SENTENCE_END.finditer(output.text)]
    return output.text[: ends[-1] if ends else None].strip()
