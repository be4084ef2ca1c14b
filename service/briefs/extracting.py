"""An extractive brief: the article's own sentences, each with its place in what was sent."""

from __future__ import annotations

from collections.abc import Sequence

from service.analysis import Analyzes
from service.briefs.drafts import Draft, DraftSentence, join_parts
from service.briefs.model import Article, SourceSpan, Wish
from service.briefs.review import Finding
from service.briefs.selecting import select
from service.briefs.sources import SourceText
from service.context import spanned
from service.errors import InvalidInput
from service.text.offsets import Alignment, align

_HANGING = Finding(
    "reference", "it refers to somebody or something that the brief may not have named"
)


@spanned("select")
def extract(
    article: Article,
    source: SourceText,
    wish: Wish,
    analyzer: Analyzes,
    avoid: Sequence[tuple[int, int]] = (),
) -> Draft:
    """The brief of ``article`` in its own language, without a model; after its first sentence,
    without those of the stretches to ``avoid``. Blocks: 10 to 40 ms for an ordinary article, 1 s
    for one of 200,000 characters.

    Raises:
        InvalidInput: the article has no sentence that a brief may quote.
    """
    selection = select(article.blocks, source.title, source.language, wish, analyzer, avoid=avoid)
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
            findings=(_HANGING,) if one.hangs else (),
            original=one.original,
            body=one.spans,
        )
        for one in selection.sentences
    )
    text = join_parts([one.text for one in sentences], wish.style, source.language)
    return Draft(text, (), sentences=sentences, label=selection.label)


class Places:
    """Turns offsets in an article's body into offsets in the text as it was sent."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._alignment: Alignment | None = None

    def span(self, start: int, end: int) -> SourceSpan:
        """Where ``[start, end)`` of the body stands."""
        if self._article.sent is None or self._article.sent == self._article.body:
            return SourceSpan(start, end)
        if self._alignment is None:
            self._alignment = align(self._article.sent, self._article.body)
        return SourceSpan(*self._alignment.span(start, end))
