"""Extractive briefs: sentences of the article, each with its offsets in the text as sent."""

from __future__ import annotations

from collections.abc import Sequence

from service.analysis import Analyzes
from service.briefs.drafts import Draft, DraftSentence, join_parts
from service.briefs.model import Article, BriefOptions, RankedSentence, SourceSpan
from service.briefs.review import ReviewFinding
from service.briefs.selecting import select
from service.briefs.selecting.ranking import Ranked, rank_of
from service.briefs.sources import SourceText
from service.context import spanned
from service.errors import InvalidInput
from service.text.offsets import Alignment, align

_UNRESOLVED = ReviewFinding(
    "reference", "it refers to somebody or something that the brief may not have named"
)


@spanned("select")
def extract(
    article: Article,
    source: SourceText,
    options: BriefOptions,
    analyzer: Analyzes,
    avoid: Sequence[tuple[int, int]] = (),
) -> Draft:
    """Make the brief of ``article`` in its own language, without a model. After the first sentence,
    none from the spans to ``avoid`` is taken. Blocks for 10 to 40 ms with an ordinary article, and
    for 1 s with one of 200,000 characters.

    Raises:
        InvalidInput: the article has no sentence that a brief may quote.
    """
    selection = select(
        article.blocks, source.title, source.language, options, analyzer, avoid=avoid
    )
    if not selection.sentences:
        raise InvalidInput(
            "the text has no sentence that a brief may quote: only headings, links, comments or "
            "instructions",
            field=article.field,
        )
    places = Places(article)
    sentences = tuple(
        DraftSentence(
            text=one.text,
            source=tuple(places.span(*span) for span in one.spans),
            origin=one.origin,
            findings=(_UNRESOLVED,) if one.unresolved else (),
            original=one.original,
            body=one.spans,
            rank=rank_of(one.spans, selection.ranked),
        )
        for one in selection.sentences
    )
    text = join_parts([one.text for one in sentences], options.style, source.language)
    ranked = _listed(selection.ranked, article, options) if options.sentences_all else ()
    return Draft(text, (), sentences=sentences, label=selection.label, ranked=ranked)


def rank_article(
    article: Article, source: SourceText, options: BriefOptions, analyzer: Analyzes
) -> tuple[RankedSentence, ...]:
    """Rank all sentences of ``article``, for a brief that a model writes. Blocks as long as
    :func:`extract`.
    """
    selection = select(article.blocks, source.title, source.language, options, analyzer)
    return _listed(selection.ranked, article, options)


def _listed(
    ranked: Sequence[Ranked], article: Article, options: BriefOptions
) -> tuple[RankedSentence, ...]:
    places, body = Places(article), article.body
    listed = [
        RankedSentence(body[one.start : one.end], (places.span(one.start, one.end),), one.rank)
        for one in ranked
    ]
    if options.sort == "rank":
        listed.sort(key=lambda one: -one.rank)
    return tuple(listed)


class Places:
    """Turns offsets in an article's body into offsets in the text as it was sent."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._alignment: Alignment | None = None

    def span(self, start: int, end: int) -> SourceSpan:
        """Return where the characters ``[start, end)`` of the body are in the text as sent."""
        if self._article.sent is None or self._article.sent == self._article.body:
            return SourceSpan(start, end)
        if self._alignment is None:
            self._alignment = align(self._article.sent, self._article.body)
        return SourceSpan(*self._alignment.span(start, end))
