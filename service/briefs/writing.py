"""Writing a brief in the article's own language: draft, review, one repair."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from service.briefs import prompts
from service.briefs.drafts import Draft, Drafter
from service.briefs.grounding import brief_grammar
from service.briefs.reading import Reading
from service.briefs.shape import Shape
from service.briefs.sources import SourceText
from service.concurrency import run_all
from service.generation.session import Session
from service.inference.protocol import Generation, Message, Sampling
from service.tasks import summary_task
from service.workers import Lane

_FIRST = Sampling(repetition_penalty=1.05)
_SENTENCES_A_PORTION = 2
"""The most sentences that one generation writes from notes."""


class Writer:
    """Writes the brief of one article through ``session``. Grammars are made in ``lane``."""

    def __init__(self, session: Session, source: SourceText, lane: Lane, drafter: Drafter) -> None:
        self._session = session
        self._source = source
        self._lane = lane
        self._drafter = drafter

    async def write(
        self, reading: Reading, *, on_text: Callable[[str], None] | None = None
    ) -> Draft:
        """Write the brief of ``reading`` in the article's language.

        ``on_text`` is called with the pieces of the first draft as the model writes them, if the
        draft is one generation.
        """
        language = self._source.language
        task = summary_task(language)
        shape = self._drafter.shape(language)
        if not self._session.lineup.chats(task):
            # models trained to summarize often write a single sentence
            shape = msgspec.structs.replace(shape, least=1)
        portions = _portions(reading, shape)
        grammars = [
            await self._lane.run(
                brief_grammar, portion.text, portion.shape, article=self._source.article
            )
            for portion in portions
        ]

        async def one(portion: _Portion, grammar: str, sampling: Sampling) -> Generation:
            alone = len(portions) == 1
            return await self._session.generate(
                task,
                text=portion.text,
                messages=portion.messages,
                target=portion.shape.language,
                max_new_tokens=portion.shape.max_new_tokens,
                grammar=grammar,
                sampling=sampling,
                family=self._session.family if alone else "",
                on_text=on_text if alone and sampling is _FIRST else None,
            )

        async def draft(sampling: Sampling) -> Draft:
            pairs = zip(portions, grammars, strict=True)
            generations = await run_all(one(*pair, sampling) for pair in pairs)
            return await self._drafter.draft(generations, shape)

        return await self._drafter.settle(draft, _FIRST)


class _Portion(msgspec.Struct, frozen=True):
    """What one generation of a brief is written from, and its share of the brief's ``shape``."""

    text: str
    shape: Shape
    messages: tuple[Message, ...]


def _portions(reading: Reading, shape: Shape) -> list[_Portion]:
    """Return the article or a few notes in one portion. Many sentences from many notes are written
    in several portions, as a small model would copy the first notes and never reach the last. For
    the same reason, a last portion of one sentence is written from the last note alone.
    """
    language = shape.language
    if not reading.notes:
        return [_Portion(reading.text, shape, prompts.summarize(reading.text, language, shape))]
    count = min(-(-shape.most // _SENTENCES_A_PORTION), len(reading.notes))
    notes_each, least_each, most_each = (
        _shares(total, count) for total in (len(reading.notes), shape.least, shape.most)
    )
    if count > 1 and most_each[-1] == 1:
        notes_each[-2] += notes_each[-1] - 1
        notes_each[-1] = 1
    portions: list[_Portion] = []
    at = 0
    for notes, least, most in zip(notes_each, least_each, most_each, strict=True):
        text = "\n".join(reading.notes[at : at + notes])
        own = msgspec.structs.replace(shape, least=max(1, least), most=most)
        ending = at + notes == len(reading.notes)
        messages = prompts.condense(text, language, own, opening=not at, ending=ending)
        portions.append(_Portion(text, own, messages))
        at += notes
    return portions


def _shares(total: int, count: int) -> list[int]:
    """Divide ``total`` into ``count`` nearly equal parts, the larger ones first."""
    return [total // count + (at < total % count) for at in range(count)]
