"""What an answer may have besides its briefs: ranks, headlines, tags."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing

import msgspec

from service.analysis import Analyzes
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


def require_extras(
    options: BriefOptions, method: Method, analyzer: Analyzes | None, names: NameTables | None
) -> None:
    """Refuse what cannot be added, before any work.

    Raises:
        InvalidInput: sentences that a model writes have no rank to be sorted by.
        UnsupportedTask: what ranks sentences, or finds headlines or names, is not here.
    """
    if options.sort == "rank" and method == "abstractive":
        raise InvalidInput("only extractive briefs have ranks to sort by", field="sort")
    if options.sentences_all and analyzer is None:
        raise UnsupportedTask("ranks need the analyzers, which are not here")
    if "headline" in options.extras and analyzer is None:
        raise UnsupportedTask("headlines need the analyzers, which are not here")
    if "tags" in options.extras and names is None:
        raise UnsupportedTask("tags need the tables of names, which are not here")


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
    """Give each of the ``drafts`` a headline: the article's own, or its news in one line, and the
    translation of that. An engine that fails costs the translated headline alone.
    """
    options = msgspec.structs.replace(options, style="headline", sentences_all=False)
    try:
        own = await lane.run(extract, article, source, options, analyzer)
    except InvalidInput:  # a model may write of what no brief would quote
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
