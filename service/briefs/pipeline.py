"""The steps from one article to its briefs: read, select or write, translate, review."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

import msgspec

from service.analysis import Analyzes
from service.briefs.checking import verified
from service.briefs.compressing import Compressor
from service.briefs.doubt import Doubts
from service.briefs.drafts import Draft, Drafter, DraftSentence
from service.briefs.events import BriefEvents
from service.briefs.extracting import extract
from service.briefs.model import Article, BriefOptions
from service.briefs.reading import Progress, Reader, Reading
from service.briefs.redrafting import Redrafter
from service.briefs.sources import SourceText
from service.briefs.translating import BriefTranslator, failed
from service.briefs.writing import Writer
from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    PromptTooLong,
    Unavailable,
    UnsupportedTask,
)
from service.generation.session import Session
from service.languages import Language, language_of
from service.tasks import Task, Truth, summary_task, translation_task
from service.translation import BackReader, SentenceTranslator
from service.workers import Lane

_REPLACEMENTS = 1
"""How many times sentences whose translation failed are replaced by others of the article."""
_TRANSLATION_TOKENS = 400
"""Estimated tokens of one sentence's translation, including its prompt."""


@dataclass(frozen=True)
class BriefPipeline:
    """Makes the briefs of one article. :meth:`extract` selects sentences of the article, and
    :meth:`compose` has a model write; both then translate.

    With an ``analyzer``, what a model writes is verified and what it translates is read back.
    ``prepare`` is awaited before a model is first needed. ``truth`` is the grade of the lineup's
    translations, which translated briefs repeat.
    """

    article: Article
    source: SourceText
    options: BriefOptions
    session: Session
    lane: Lane
    drafter: Drafter
    sentences: SentenceTranslator
    events: BriefEvents
    report: Progress
    analyzer: Analyzes | None
    prepare: Callable[[], Awaitable[None]] | None
    truth: Truth

    @property
    def _others(self) -> set[Language]:
        return {language_of(tag) for tag in self.options.languages} - {self.source.language}

    async def extract(self, analyzer: Analyzes) -> dict[Language, Draft]:
        """Select sentences of the article, and translate them if another language is wanted."""
        language = self.source.language
        if self._others:
            task = translation_task(language)
            await self._require_tasks([task])
            await self.session.admit(
                task, _TRANSLATION_TOKENS, concurrent_tokens=2 * _TRANSLATION_TOKENS
            )
        extracted = await self._extract(analyzer)
        drafts = {language: extracted}
        self.events.on_brief(language, extracted)
        async with aclosing(self.translator(sentences=True)) as translator:
            await self._translate(translator, drafts, analyzer)
        return drafts

    async def _extract(self, analyzer: Analyzes, avoid: Sequence[tuple[int, int]] = ()) -> Draft:
        return await self.lane.run(
            extract, self.article, self.source, self.options, analyzer, avoid
        )

    async def compose(self) -> tuple[dict[Language, Draft], int]:
        """Have a model write the brief, and translate it if another language is wanted.

        Returns:
            The drafts, and how many characters of the article the model read.
        """
        language, session = self.source.language, self.session
        needed = [summary_task(language)]
        needed += [translation_task(language)] if self._others else []
        await self._require_tasks(needed)
        reader = Reader(session, self.source, self.lane, self.report)
        written = self.drafter.shape(language).max_new_tokens
        await session.admit(
            summary_task(language),
            reader.first_tokens(written),
            concurrent_tokens=reader.concurrent_tokens,
        )
        writer = Writer(session, self.source, self.lane, self.drafter)
        reading = await reader.read()
        self.report(0.6, "writing")
        async with aclosing(self.translator()) as translator:

            def on_text(text: str) -> None:
                self.events.on_text(language, text)
                if self._others:
                    translator.on_text(text)

            draft = await _write(writer, reader, reading, on_text)
            drafts = {language: await self._verified(draft)}
            self.events.on_brief(language, drafts[language])
            await self._translate(translator, drafts)
        return drafts, reading.characters

    async def _verified(self, draft: Draft) -> Draft:
        """Return ``draft`` with each sentence traced to the article and verified against it."""
        if self.analyzer is None:
            parts = self.drafter.parts(draft.text, self.source.language)
            return msgspec.structs.replace(draft, sentences=tuple(map(DraftSentence, parts)))
        return await self.lane.run(
            verified, draft, self.article, self.source, self.options, self.analyzer
        )

    async def _translate(
        self,
        translator: BriefTranslator,
        drafts: dict[Language, Draft],
        analyzer: Analyzes | None = None,
    ) -> None:
        """Add the drafts in the other languages that are wanted. With an ``analyzer``, sentences
        whose translation failed are replaced by others of the article.
        """
        for other in self._others:
            self.report(0.8, "translating")
            drafts[other] = await translator.translate(
                drafts[self.source.language], on_sentence=partial(self.events.on_sentence, other)
            )
            if analyzer is not None:
                await self._replace_failed(analyzer, translator, drafts, other)
            language, drafter = self.source.language, self.drafter
            written = drafts[language]
            least = drafter.fewest(language) if analyzer else drafter.shape(language).least
            drafts[language], drafts[other] = translator.spared(written, drafts[other], least=least)
            if drafts[language] is not written:
                self.events.on_brief(language, drafts[language])
            self.events.on_brief(other, drafts[other])

    async def _replace_failed(
        self,
        analyzer: Analyzes,
        translator: BriefTranslator,
        drafts: dict[Language, Draft],
        other: Language,
    ) -> None:
        """Replace each sentence whose translation failed in spite of repair by the next best
        sentence of the article, in both languages, if the translation of that one is not doubtful.
        """
        language = self.source.language
        avoid: list[tuple[int, int]] = []
        for _ in range(_REPLACEMENTS):
            bad = failed(drafts[other])
            if not bad or not self.session.may_repair():
                return
            avoid += [span for one in bad for span in one.body]
            brief = await self._extract(analyzer, avoid)
            try:
                translation = await translator.translate(brief, redrafts=False)
            except (GenerationFailed, DeadlineExceeded, Unavailable):
                self.session.leave_out()  # the briefs are complete without it
                return
            known = {one.text for one in drafts[other].sentences}
            fresh = [one for one in translation.sentences[1:] if one.text not in known]
            # an engine that cannot score leaves most names unverified
            scores = self.session.lineup.scores(translation_task(language))
            usual = set() if scores else {"unverified"}
            if any({*(one.reasons or ())} - usual for one in fresh):
                return  # one doubt would take the place of another
            clean = len(brief.sentences) - len(left := failed(translation))
            kept = len(drafts[language].sentences) - len(bad)
            # a shorter brief is better if it has as many right sentences and no wrong one
            if clean > kept or (clean == kept and not left):
                drafts |= {language: brief, other: translation}
                self.events.on_brief(language, brief)

    def translator(
        self, drafter: Drafter | None = None, *, sentences: bool = False
    ) -> BriefTranslator:
        """Return a translator of texts in the form that ``drafter`` makes; of briefs by default.
        With ``sentences``, whole sentences are scored, if the lineup's truth is low.
        """
        language = self.source.language
        doubts = Doubts(language, analyzer=self.analyzer, truth=self.truth)
        reader = redrafter = None
        if self.analyzer is not None:
            scored = sentences and self.truth == "low"
            reader = BackReader(self.session, self.lane, self.analyzer, language, sentences=scored)
            redrafter = Redrafter(
                self.session,
                self.lane,
                self.sentences,
                language,
                reader=reader,
                doubts=doubts,
                compressor=Compressor(self.session, self.lane, self.analyzer, language),
            )
        return BriefTranslator(
            self.sentences,
            self.lane,
            drafter or self.drafter,
            language,
            reader=reader,
            redrafter=redrafter,
            doubts=doubts,
            truth=self.truth,
        )

    async def _require_tasks(self, needed: Iterable[Task]) -> None:
        """Refuse the article before any work if the lineup lacks a model for a step.

        Raises:
            UnsupportedTask: the lineup has no model for one of the tasks.
            Unavailable: the engine is not ready, or cannot be made ready.
        """
        if self.prepare:
            await self.prepare()
        for task in needed:
            if not self.session.lineup.serves(task):
                raise UnsupportedTask(f"no model of the lineup serves {task}")


async def _write(
    writer: Writer, reader: Reader, reading: Reading, on_text: Callable[[str], None]
) -> Draft:
    """Write the brief from ``reading``, or from notes of it if it is too long for the model after
    all: its tokens are only estimated.
    """
    try:
        return await writer.write(reading, on_text=on_text)
    except PromptTooLong:
        return await writer.write(await reader.shorten(reading))
