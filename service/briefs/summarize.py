"""From an article and its options to reviewed briefs.

The article is briefed in its own language, by choosing among its sentences or by a model that
writes (ADR 21), then the finished brief is translated: a small model translates three sentences
better than it retells an article across languages, and both briefs say the same (ADR 5). For a
model that writes, a long article is read in parts: notes of each part, then a brief of the notes.
Every text that a model writes is decoded under a grammar made from what it must be true to,
reviewed, and repaired once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

import msgspec

from service.analysis import Analyzes
from service.briefs.checking import verified
from service.briefs.drafts import Draft, Drafter, DraftSentence
from service.briefs.events import BriefEvents, order_of, place_of, print_brief
from service.briefs.extracting import extract, rank_article
from service.briefs.extras import require_extras, with_headlines
from service.briefs.glossary import StoredGlossaries
from service.briefs.model import Article, BriefOptions, Caution, OnEvent, Source, Summary
from service.briefs.reading import Progress, Reader, Reading
from service.briefs.review import ReviewFinding
from service.briefs.sources import SourceText, count_characters, read_source, without_instructions
from service.briefs.tags import find_tags
from service.briefs.translating import BriefTranslator, failed
from service.briefs.writing import Writer
from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    InvalidInput,
    PromptTooLong,
    Unavailable,
    UnsupportedTask,
)
from service.generation.session import Session
from service.inference.protocol import Generator
from service.languages import Language, language_of
from service.names.article import ArticleNames, NameTables
from service.tasks import Method, Task, Truth, summary_task, translation_task
from service.translation.model import Effort, Term
from service.translation.read_back import BackReader
from service.translation.sentence_translator import SentenceTranslator
from service.translation.terms import Terms
from service.workers import Lane, Workers

_REPLACEMENTS = 1
"""How often other sentences are looked for in place of those whose translation failed."""
_A_TRANSLATION = 400
"""Estimated tokens of one sentence's translation, its prompt included."""


def needs_model(article: Article, options: BriefOptions, default: Method) -> bool:
    """Whether a model has to write for ``options``, by the method ``default`` where it leaves that
    open. Blocks, for some milliseconds.

    Raises:
        InputError: the article cannot be used.
    """
    method = default if options.method == "auto" else options.method
    language = read_source(article).language
    return method == "abstractive" or any(language_of(tag) != language for tag in options.languages)


class Summarizes(Protocol):
    """The domain, as those see it who have an article."""

    async def summarize(
        self,
        article: Article,
        options: BriefOptions,
        *,
        progress: Progress | None = None,
        on_event: OnEvent | None = None,
        timeout: float | None = None,
    ) -> Summary:
        """See :meth:`Summarizer.summarize`.

        Raises:
            ServiceError: it cannot be done; see :mod:`service.errors`.
        """


class Summarizer:
    """Makes briefs, with ``generator`` where a model is needed.

    ``method`` is how briefs are made if a request leaves it open. Extractive briefs need an
    ``analyzer``; with one, what a model writes is verified against the article. ``names`` find what
    translated sentences call persons, places and bodies. ``prepare`` is
    awaited before a model is first needed for an article. ``effort`` is how much is done for each
    sentence that is translated. ``grounding`` off decodes without
    grammars and lets first drafts stand, for measuring what both are worth. ``workers`` do what
    would hold up the event loop; without any, it has its own. ``truth`` is what people found of the
    lineup's translations, which translated briefs repeat.
    """

    def __init__(
        self,
        generator: Generator,
        *,
        grounding: bool = True,
        method: Method = "abstractive",
        effort: Literal["quick", "best"] = "quick",
        analyzer: Analyzes | None = None,
        names: NameTables | None = None,
        glossaries: StoredGlossaries | None = None,
        prepare: Callable[[], Awaitable[None]] | None = None,
        workers: Workers | None = None,
        truth: Truth = "unmeasured",
    ) -> None:
        self._truth: Truth = truth
        self._glossaries = glossaries
        self._prepare = prepare
        self._generator = generator
        self._workers = workers or Workers()
        self._grounding = grounding
        self._method: Method = method
        self._effort: Effort = effort
        self._analyzer = analyzer
        self._names = names

    async def summarize(
        self,
        article: Article,
        options: BriefOptions,
        *,
        progress: Progress | None = None,
        on_event: OnEvent | None = None,
        timeout: float | None = None,
    ) -> Summary:
        """Brief ``article`` in every language of ``options``.

        ``progress`` is called with the share done (0 to 1) and the stage, ``on_event`` with
        sentences and briefs as they are finished. The article is refused if it would not be
        finished within ``timeout`` seconds. An extractive brief in the article's language needs no
        model, ready or not.

        Raises:
            TextTooShort: there is nothing to shorten.
            UnsupportedLanguage: the article is neither English nor Chinese.
            InvalidInput: ``source`` names the other language of the two, or the article has no
                sentence that may be quoted.
            UnsupportedTask: the lineup cannot serve a language, directly or composed.
            Overloaded, Unavailable, DeadlineExceeded, GenerationFailed: from the engine.
        """
        async with Session(self._generator, grounding=self._grounding, timeout=timeout) as session:
            return await self._summarize(
                session, article, options, progress=progress, on_event=on_event
            )

    async def _summarize(
        self,
        session: Session,
        article: Article,
        options: BriefOptions,
        *,
        progress: Progress | None,
        on_event: OnEvent | None,
    ) -> Summary:
        lane = self._workers.lane()
        whole = await lane.run(read_source, article)
        method = self._method if options.method == "auto" else options.method
        require_extras(options, method, self._analyzer, self._names)
        source = whole
        if method == "abstractive":
            source = await lane.run(_for_a_model, whole, article)
        glossary = await self._terms(options, source.language)
        drafter = Drafter(
            source,
            options,
            lane,
            repair=self._grounding,
            may_repair=session.may_repair,
        )
        making = _Making(
            article=article,
            source=source,
            options=options,
            session=session,
            lane=lane,
            drafter=drafter,
            sentences=SentenceTranslator(
                session,
                lane,
                source=source.language,
                terms=await lane.run(Terms, glossary, source.language),
                names=await lane.run(self._find_names, source),
                effort=self._effort,
                repair=self._grounding,
                house_style=True,
            ),
            events=BriefEvents(drafter, options, source.script, on_event),
            report=progress or (lambda _share, _what: None),
            analyzer=self._analyzer if self._grounding else None,
            prepare=self._prepare,
            truth=self._truth,
        )
        if method == "extractive":
            if self._analyzer is None:
                raise UnsupportedTask("extractive briefs need the analyzers, which are not here")
            drafts, read = await making.extract(self._analyzer), count_characters(source.body)
        else:
            drafts, read = await making.compose()
        ranked = drafts[source.language].ranked
        if options.sentences_all and not ranked and self._analyzer is not None:
            ranked = await lane.run(rank_article, article, whole, options, self._analyzer)
        if "headline" in options.extras and self._analyzer is not None:
            drafts = await with_headlines(
                drafts,
                article,
                source,
                options,
                analyzer=self._analyzer,
                session=session,
                lane=lane,
                translator_of=making.translator,
            )
        if "tags" in options.extras and self._names is not None:
            tags = await lane.run(
                find_tags,
                article,
                source,
                self._names.article(source.text, source.language),
                self._names.lexicon(source.language),
                glossary,
            )
            drafts = {
                language: msgspec.structs.replace(draft, tags=tags)
                for language, draft in drafts.items()
            }
        making.report(1.0, "done")
        return Summary(
            source=Source(
                language=source.language,
                script=source.script,
                characters=sum(map(len, article.blocks)),
                coverage=round(read / count_characters(whole.body), 4),
                text=article.reference if options.include_text else None,
                sentences=ranked,
            ),
            method=method,
            briefs={
                tag: print_brief(drafts[language_of(tag)], tag, options, source.script)
                for tag in options.languages
            },
            model=session.spending.models,
            warnings=tuple(
                Caution(
                    finding.code,
                    tag,
                    finding.message,
                    None if at is None else order_of(drafts[language_of(tag)], options).index(at),
                    place_of(finding.span),
                    place_of(finding.source_span),
                )
                for tag in options.languages
                for at, finding in _all_findings(drafts[language_of(tag)])
            ),
            usage=session.spending.usage,
            timings=session.spending.timings,
            cut_short=session.cut_short,
        )

    def _find_names(self, source: SourceText) -> ArticleNames | None:
        if self._names is None:
            return None
        return self._names.article(
            source.text, source.language, traditional=source.script == "Hant"
        )

    async def _terms(self, options: BriefOptions, source: Language) -> tuple[Term, ...]:
        """The terms of the glossary that the request names.

        Raises:
            InvalidInput: the operator has none of that name for this direction.
        """
        if not isinstance(options.glossary, str):
            return options.glossary
        if self._glossaries is None:
            raise InvalidInput("there are no named glossaries here", field="glossary")
        other: Language = "zh" if source == "en" else "en"
        return await asyncio.to_thread(self._glossaries.get, options.glossary, source, other)


@dataclass(frozen=True)
class _Making:
    """One article's briefs being made."""

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
        """The article's own sentences, and their translation if it is wanted."""
        language = self.source.language
        if self._others:
            task = translation_task(language)
            await self._require_tasks([task])
            await self.session.admit(task, _A_TRANSLATION, concurrent_tokens=2 * _A_TRANSLATION)
        extracted = await self._extract(analyzer)
        drafts = {language: extracted}
        self.events.on_brief(language, extracted)
        async with aclosing(self.translator()) as translator:
            await self._translate(translator, drafts, analyzer)
        return drafts

    async def _extract(self, analyzer: Analyzes, avoid: Sequence[tuple[int, int]] = ()) -> Draft:
        return await self.lane.run(
            extract, self.article, self.source, self.options, analyzer, avoid
        )

    async def _replace_failed(
        self,
        analyzer: Analyzes,
        translator: BriefTranslator,
        drafts: dict[Language, Draft],
        other: Language,
    ) -> None:
        """Take the next best sentence of the article, in both languages, for each whose translation
        failed although it was repaired, if that one's does not.
        """
        language = self.source.language
        avoid: list[tuple[int, int]] = []
        for _ in range(_REPLACEMENTS):
            bad = failed(drafts[other])
            if not bad or not self.session.may_repair():
                return
            avoid += [place for one in bad for place in one.body]
            brief = await self._extract(analyzer, avoid)
            try:
                translation = await translator.translate(brief)
            except (GenerationFailed, DeadlineExceeded, Unavailable):
                self.session.leave_out()  # what there is, is an answer
                return
            clean = len(brief.sentences) - len(left := failed(translation))
            kept = len(drafts[language].sentences) - len(bad)
            # a brief of fewer sentences is no loss if it has as many that are right and none else
            if clean > kept or (clean == kept and not left):
                drafts |= {language: brief, other: translation}
                self.events.on_brief(language, brief)

    async def compose(self) -> tuple[dict[Language, Draft], int]:
        """What a model writes, verified if there is an analyzer; and how many characters of the
        article it read.
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

    async def _require_tasks(self, needed: Iterable[Task]) -> None:
        """Refuse before any work what the lineup cannot finish.

        Raises:
            UnsupportedTask: it has no model for a step.
            Unavailable: the engine is not ready, or cannot be made so.
        """
        if self.prepare:
            await self.prepare()
        for task in needed:
            if not self.session.lineup.serves(task):
                raise UnsupportedTask(f"no model of the lineup serves {task}")

    def translator(self, drafter: Drafter | None = None) -> BriefTranslator:
        """Return what translates texts of the form that ``drafter`` makes, a brief's without it."""
        language = self.source.language
        reader = None
        if self.analyzer is not None:
            reader = BackReader(self.session, self.lane, self.analyzer, language)
        return BriefTranslator(
            self.sentences,
            self.lane,
            drafter or self.drafter,
            language,
            reader=reader,
            truth=self.truth,
        )

    async def _translate(
        self,
        translator: BriefTranslator,
        drafts: dict[Language, Draft],
        analyzer: Analyzes | None = None,
    ) -> None:
        """Add the drafts in the other languages that are wanted; with an ``analyzer``, other
        sentences of the article are taken in place of those whose translation failed.
        """
        for other in self._others:
            self.report(0.8, "translating")
            drafts[other] = await translator.translate(
                drafts[self.source.language], on_sentence=partial(self.events.on_sentence, other)
            )
            if analyzer is not None:
                await self._replace_failed(analyzer, translator, drafts, other)
            drafts[other] = translator.trim(drafts[other])
            self.events.on_brief(other, drafts[other])

    async def _verified(self, draft: Draft) -> Draft:
        """``draft`` with its sentences, traced and verified."""
        if self.analyzer is None:
            parts = self.drafter.parts(draft.text, self.source.language)
            return msgspec.structs.replace(draft, sentences=tuple(map(DraftSentence, parts)))
        return await self.lane.run(
            verified, draft, self.article, self.source, self.options, self.analyzer
        )


def _for_a_model(whole: SourceText, article: Article) -> SourceText:
    """What a model is shown of an article.

    Raises:
        InvalidInput: nothing but instructions stands in it.
    """
    source = without_instructions(whole)
    if not source.sentences:
        raise InvalidInput("the text holds instructions and nothing else", field=article.field)
    return source


def _all_findings(draft: Draft) -> Iterator[tuple[int | None, ReviewFinding]]:
    """The findings on the draft's sentences, with their positions, and on the whole, each once."""
    seen: set[str] = set()
    own = [(at, found) for at, one in enumerate(draft.sentences) for found in one.findings]
    places = {found.message: at for at, found in reversed(own)}
    whole = [(places.get(found.message), found) for found in draft.findings]
    for at, found in (*whole, *own):
        if found.message not in seen:
            seen.add(found.message)
            yield at, found


async def _write(
    writer: Writer, reader: Reader, reading: Reading, on_text: Callable[[str], None]
) -> Draft:
    """Write from ``reading``, or from notes of it if its tokens were estimated too low."""
    try:
        return await writer.write(reading, on_text=on_text)
    except PromptTooLong:
        return await writer.write(await reader.shorten(reading))
