"""Other translations of sentences whose first one is doubtful: further drafts, and those of a
shortened source.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.briefs.compressing import Compressor
from service.briefs.doubt import Doubts
from service.concurrency import end_all, run_all
from service.errors import DeadlineExceeded, GenerationFailed, Unavailable
from service.generation.session import Session
from service.languages import Language
from service.text.repetition import sentences_of
from service.translation import (
    BackReader,
    ReadBack,
    SentenceTranslator,
    TranslatedSentence,
    penalty,
)
from service.workers import Lane


@dataclass
class Weighed:
    """A translation with what was found when it was read back, and how doubtful it is."""

    translation: TranslatedSentence
    back: ReadBack
    doubt: float

    @property
    def flaws(self) -> int:
        """The weight of all findings on it."""
        return penalty((*self.translation.findings, *self.back.findings))


class Redrafter:
    """Makes other translations of an article's sentences, which are in the language ``source``.
    They are read back by ``reader``, ``doubts`` weighs them, and the ``compressor`` shortens what
    is to be translated.
    """

    def __init__(
        self,
        session: Session,
        lane: Lane,
        sentences: SentenceTranslator,
        source: Language,
        *,
        reader: BackReader,
        doubts: Doubts,
        compressor: Compressor,
    ) -> None:
        self._session = session
        self._lane = lane
        self._sentences = sentences
        self._target: Language = "zh" if source == "en" else "en"
        self._reader = reader
        self._doubts = doubts
        self._compressor = compressor

    async def redraft(
        self, done: Sequence[TranslatedSentence], read: Sequence[ReadBack]
    ) -> dict[int, Weighed]:
        """Return better translations than those ``done``, by their positions. Of one that is
        doubtful, the likeliest of several others that are not more flawed and have no more
        sentences is better, unless it is as flawed and more doubtful. If that is doubtful too, a
        translation of its shortened source is better if it is no more flawed and not doubtful.
        """
        weighed = await self._weigh(done, read)
        weak = {
            at: one for at, one in enumerate(weighed) if one and one.doubt >= self._doubts.threshold
        }
        if not weak:
            return {}
        sources = [one.translation.source.text for one in weak.values()]
        # scores wait until nothing is being written, so all drafts and shortened sources come first
        shortening = asyncio.create_task(run_all(map(self._compressor.compress, sources)))
        try:
            drafts = await run_all(
                self._sentences.redraft(one.translation.source) for one in weak.values()
            )
            shorts = dict(zip(weak, await shortening, strict=True))
        finally:
            await end_all([shortening])
        better = await self._drafted(weak, drafts)
        left = {
            at: one for at, one in (weak | better).items() if one.doubt >= self._doubts.threshold
        }
        return better | await self._shortened(left, shorts)

    async def _drafted(
        self, weak: Mapping[int, Weighed], drafts: Sequence[Sequence[TranslatedSentence]]
    ) -> dict[int, Weighed]:
        """Return those of the ``drafts`` of the ``weak`` ones that are better."""
        found = await self._reader.likeliest(
            [
                [draft for draft in some if self._may_replace(one, draft)]
                for one, some in zip(weak.values(), drafts, strict=True)
            ]
        )
        others = {at: one for at, one in zip(weak, found, strict=True) if one}
        return {
            at: one
            for at, one in (await self._read(others)).items()
            if (one.flaws, one.doubt) < (weak[at].flaws, weak[at].doubt)
        }

    def _may_replace(self, first: Weighed, draft: TranslatedSentence) -> bool:
        texts = (first.translation.text, draft.text)
        parts, others = (len(sentences_of(text, self._target)) for text in texts)
        return penalty(draft.findings) <= first.flaws and others <= parts

    async def _shortened(
        self, weak: Mapping[int, Weighed], shorts: Mapping[int, str | None]
    ) -> dict[int, Weighed]:
        """Return translations of what the sources of the ``weak`` ones were shortened to, if they
        are better.
        """
        wanted = {at: short for at, short in shorts.items() if short is not None and at in weak}
        if not wanted or not self._session.may_repair():
            return {}
        translated = await run_all(map(self._translate, wanted.values()))
        others = await self._read(
            {at: one for at, one in zip(wanted, translated, strict=True) if one is not None}
        )
        return {
            at: one
            for at, one in others.items()
            if one.doubt < self._doubts.threshold and one.flaws <= weak[at].flaws
        }

    async def _translate(self, text: str) -> TranslatedSentence | None:
        try:
            return await self._sentences.translate_text(text)
        except (GenerationFailed, DeadlineExceeded, Unavailable):
            self._session.leave_out()  # there is a translation already
            return None

    async def _read(self, others: Mapping[int, TranslatedSentence]) -> dict[int, Weighed]:
        """Return those that could be scored in time."""
        translations = list(others.values())
        weighed = await self._weigh(translations, await self._reader.read(translations))
        return {at: one for at, one in zip(others, weighed, strict=True) if one}

    async def _weigh(
        self, translations: Sequence[TranslatedSentence], read: Sequence[ReadBack]
    ) -> list[Weighed | None]:
        return await self._lane.run(
            lambda: [
                None
                if (doubted := self._doubts.of(one, back)) is None
                else Weighed(one, back, doubted)
                for one, back in zip(translations, read, strict=True)
            ]
        )
