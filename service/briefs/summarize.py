"""From an article and its options to reviewed briefs.

The first brief is in the article's language. Its sentences are selected from the article or written
by a model (ADR 21). The finished brief is then translated: a small model translates three sentences
better than it summarizes an article in another language, and both briefs say the same (ADR 5). If a
model writes and the article is long, the model takes notes of each part and writes from the notes.
Everything that a model writes is decoded under a grammar made from its source, reviewed, and
repaired once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Literal, Protocol

import msgspec

from service.analysis import Analyzes, RememberingAnalyzer
from service.briefs.article_names import NameFinder
from service.briefs.drafts import Draft, Drafter
from service.briefs.events import BriefEvents
from service.briefs.extracting import rank_article
from service.briefs.extras import NO_NAMES, require_extras, with_article_names, with_headlines
from service.briefs.glossary import StoredGlossaries
from service.briefs.model import Article, BriefOptions, OnEvent, RankedSentence, Source, Summary
from service.briefs.pipeline import BriefPipeline
from service.briefs.reading import Progress
from service.briefs.rendering import cautions, render_brief
from service.briefs.sources import SourceText, count_characters, read_source, without_instructions
from service.briefs.tags import find_tags
from service.errors import InvalidInput, UnsupportedTask
from service.generation.session import Session
from service.inference.protocol import Generator
from service.languages import Language, language_of
from service.names.article import ArticleNames, NameTables
from service.tasks import Method, Truth
from service.translation import Effort, HouseGlossary, SentenceTranslator, Term, index_of
from service.workers import Lane, Workers


def needs_model(article: Article, options: BriefOptions, default: Method) -> bool:
    """Return whether ``options`` need a model, if they leave the method to ``default``. Blocks for
    some milliseconds.

    Raises:
        InputError: the article cannot be used.
    """
    method = default if options.method == "auto" else options.method
    language = read_source(article).language
    return method == "abstractive" or any(language_of(tag) != language for tag in options.languages)


class Summarizes(Protocol):
    """Makes the briefs of articles. :class:`Summarizer` does, and so do those that wrap it."""

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
            ServiceError: see :mod:`service.errors`.
        """


class Summarizer:
    """Makes briefs, with ``generator`` where a model is needed.

    ``method`` is used for requests that leave the method open. Extractive briefs need an
    ``analyzer``; if there is one, what a model writes is verified against the article. ``names``
    give the names of persons, places and organisations in the other language. ``prepare`` is
    awaited before a model is first needed for an article. ``effort`` is the effort for each
    translated sentence. Without ``grounding``, models decode without grammars and first drafts are
    final, which shows what grammars and repairs are worth. ``workers`` run what would block the
    event loop; by default, the summarizer has its own. ``truth`` is the grade that people gave the
    lineup's translations, which translated briefs repeat. All briefs follow the glossary of the
    ``house``.
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
        house: HouseGlossary | None = None,
        prepare: Callable[[], Awaitable[None]] | None = None,
        workers: Workers | None = None,
        truth: Truth = "unmeasured",
    ) -> None:
        self._truth: Truth = truth
        self._glossaries = glossaries
        self._house = house
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
            InvalidInput: the article is in the other language than ``source`` says, or has no
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
        pipeline = await self._pipeline(
            session,
            lane,
            article=article,
            source=source,
            options=options,
            glossary=glossary,
            progress=progress,
            on_event=on_event,
        )
        if method == "extractive":
            if self._analyzer is None:
                raise UnsupportedTask("extractive briefs need the analyzers, which are not here")
            drafts, read = await pipeline.extract(self._analyzer), count_characters(source.body)
        else:
            drafts, read = await pipeline.compose()
        ranked = await self._rank(pipeline, whole, drafts[source.language])
        drafts = await self._add_extras(pipeline, drafts, glossary)
        pipeline.report(1.0, "done")
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
                tag: render_brief(drafts[language_of(tag)], tag, options, source.script)
                for tag in options.languages
            },
            model=session.spending.models,
            warnings=tuple(
                caution
                for tag in options.languages
                for caution in cautions(drafts[language_of(tag)], tag, options)
            ),
            usage=session.spending.usage,
            timings=session.spending.timings,
            cut_short=session.cut_short,
        )

    async def _pipeline(
        self,
        session: Session,
        lane: Lane,
        *,
        article: Article,
        source: SourceText,
        options: BriefOptions,
        glossary: tuple[Term, ...],
        progress: Progress | None,
        on_event: OnEvent | None,
    ) -> BriefPipeline:
        drafter = Drafter(
            source, options, lane, repair=self._grounding, may_repair=session.may_repair
        )
        return BriefPipeline(
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
                terms=await lane.run(index_of, glossary, source.language),
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

    async def _rank(
        self, pipeline: BriefPipeline, whole: SourceText, draft: Draft
    ) -> tuple[RankedSentence, ...]:
        """Return the ranks of all sentences of the article, if they were asked for."""
        options = pipeline.options
        if draft.ranked or not options.sentences_all or self._analyzer is None:
            return draft.ranked
        return await pipeline.lane.run(
            rank_article, pipeline.article, whole, options, self._analyzer
        )

    async def _add_extras(
        self, pipeline: BriefPipeline, drafts: dict[Language, Draft], glossary: tuple[Term, ...]
    ) -> dict[Language, Draft]:
        article, source, options = pipeline.article, pipeline.source, pipeline.options
        if "headline" in options.extras and self._analyzer is not None:
            drafts = await with_headlines(
                drafts,
                article,
                source,
                options,
                analyzer=self._analyzer,
                session=pipeline.session,
                lane=pipeline.lane,
                translator_of=pipeline.translator,
            )
        if "tags" in options.extras and self._names is not None:
            tags = await pipeline.lane.run(
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
        if "names" in options.extras:
            drafts = await with_article_names(
                drafts,
                article,
                source,
                partial(self._name_finder, source, glossary),
                pipeline.lane,
            )
        return drafts

    def _find_names(self, source: SourceText) -> ArticleNames | None:
        if self._names is None:
            return None
        return self._names.article(
            source.text, source.language, traditional=source.script == "Hant"
        )

    def _name_finder(self, source: SourceText, glossary: tuple[Term, ...]) -> NameFinder:
        """Return what finds all names of an article. Blocks for some milliseconds."""
        if self._names is None or self._analyzer is None:
            raise UnsupportedTask(NO_NAMES)
        analyzer = RememberingAnalyzer(self._analyzer)
        return NameFinder(
            self._names.article(
                source.text,
                source.language,
                traditional=source.script == "Hant",
                analyzer=analyzer,
            ),
            self._names.lexicon(source.language),
            analyzer,
            glossary,
            source.language,
        )

    async def _terms(self, options: BriefOptions, source: Language) -> tuple[Term, ...]:
        """Return the terms of the request's glossary and of the house's.

        Raises:
            InvalidInput: the operator has no glossary of that name.
        """
        terms = options.glossary
        if isinstance(terms, str):
            if self._glossaries is None:
                raise InvalidInput("there are no named glossaries here", field="glossary")
            other: Language = "zh" if source == "en" else "en"
            terms = await asyncio.to_thread(self._glossaries.for_request, terms, source, other)
        if self._house is None:
            return terms
        return await asyncio.to_thread(self._house.with_terms, terms, source)


def _for_a_model(whole: SourceText, article: Article) -> SourceText:
    """Return the part of the article that a model may read.

    Raises:
        InvalidInput: the article holds only instructions to its reader.
    """
    source = without_instructions(whole)
    if not source.sentences:
        raise InvalidInput("the text holds instructions and nothing else", field=article.field)
    return source
