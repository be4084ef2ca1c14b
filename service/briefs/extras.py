"""What a request may ask for besides briefs: ranks, headlines, tags and all names."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from typing import Final

import msgspec

from service.analysis import Analyzes
from service.briefs.article_names import NameFinder, with_forms
from service.briefs.drafts import Draft, Drafter
from service.briefs.extracting import extract
from service.briefs.model import Article, BriefOptions
from service.briefs.sources import SourceText
from service.briefs.translating import BriefTranslator
from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    InvalidInput,
    Unavailable,
    UnsupportedTask,
)
from service.generation.session import Session
from service.languages import Language
from service.names.article import NameTables
from service.tasks import Method
from service.workers import Lane

Drafts = dict[Language, Draft]
NO_NAMES: Final = "names need the analyzers and the tables of names, which are not here"


def require_extras(
    options: BriefOptions, method: Method, analyzer: Analyzes | None, names: NameTables | None
) -> None:
    """Refuse a request for extras that cannot be made, before any work.

    Raises:
        InvalidInput: sentences are to be sorted by rank, which those of a model do not have.
        UnsupportedTask: the analyzers or the tables of names are not installed.
    """
    if options.sort == "rank" and method == "abstractive":
        raise InvalidInput("only extractive briefs have ranks to sort by", field="sort")
    if options.sentences_all and analyzer is None:
        raise UnsupportedTask("ranks need the analyzers, which are not here")
    if "headline" in options.extras and analyzer is None:
        raise UnsupportedTask("headlines need the analyzers, which are not here")
    if "tags" in options.extras and names is None:
        raise UnsupportedTask("tags need the tables of names, which are not here")
    if "names" in options.extras and (names is None or analyzer is None):
        raise UnsupportedTask(NO_NAMES)


async def with_headlines(
    drafts: Drafts,
    article: Article,
    source: SourceText,
    options: BriefOptions,
    *,
    analyzer: Analyzes,
    session: Session,
    lane: Lane,
    translator_of: Callable[[Drafter], BriefTranslator],
) -> Drafts:
    """Give each of the ``drafts`` a headline: the article's own or its news in one line, translated
    for the other language. If the engine fails, only the translated headline is left out.
    """
    options = msgspec.structs.replace(options, style="headline", sentences_all=False)
    try:
        own = await lane.run(extract, article, source, options, analyzer)
    except InvalidInput:  # a model may summarize what an extractive brief cannot quote
        return drafts
    lines = {source.language: own}
    drafter = Drafter(source, options, lane, repair=False, may_repair=session.may_repair)
    async with aclosing(translator_of(drafter)) as translator:
        for other in drafts.keys() - {source.language}:
            try:
                lines[other] = await translator.translate(own)
            except (GenerationFailed, DeadlineExceeded, Unavailable):
                session.leave_out()
    return {
        language: msgspec.structs.replace(draft, headline=lines[language].sentences[0])
        if language in lines
        else draft
        for language, draft in drafts.items()
    }


async def with_article_names(
    drafts: Drafts,
    article: Article,
    source: SourceText,
    make_finder: Callable[[], NameFinder],
    lane: Lane,
) -> Drafts:
    """Give each translated brief of the ``drafts`` all names of the article."""
    if all(draft.truth is None for draft in drafts.values()):
        return drafts
    finder = await lane.run(make_finder)
    names = await lane.run(finder.find, article, source)
    return {
        language: draft
        if draft.truth is None
        else msgspec.structs.replace(draft, article_names=with_forms(names, draft.names))
        for language, draft in drafts.items()
    }
