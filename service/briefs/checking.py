"""Verifying what a model wrote against the article, sentence by sentence."""

from __future__ import annotations

import msgspec

from service.analysis import Analyzes
from service.briefs.drafts import Draft, DraftSentence, join_parts, parts_of
from service.briefs.extracting import Places, extract
from service.briefs.model import Article, BriefOptions
from service.briefs.review import ReviewFinding
from service.briefs.selecting.instructions import instructions
from service.briefs.selecting.sentences import simplified_alike
from service.briefs.sources import SourceText
from service.briefs.verifying import Reference, verify
from service.context import spanned
from service.errors import InvalidInput


@spanned("verify")
def verified(
    draft: Draft, article: Article, source: SourceText, options: BriefOptions, analyzer: Analyzes
) -> Draft:
    """Return ``draft`` with each sentence traced to the article. A sentence that the article does
    not support is replaced by the selected sentence that covers the same passage. If there is none,
    or it is in the brief already, the sentence keeps its findings. Blocks for about 50 ms a
    sentence.
    """
    language = source.language
    body = simplified_alike(article.body) if language == "zh" else article.body
    reference = Reference(body, language, analyzer)
    # instructions to the reader, and what they introduce, are not news
    blocks = [body.count("\n", 0, span.start) for span in reference.spans]
    ordered = {reference.sentences[at] for at in instructions(reference.sentences, blocks)}
    places = Places(article)
    replacements: list[DraftSentence] | None = None
    sentences: list[DraftSentence] = []
    for text in parts_of(draft.text, options.style, language):
        verdict = verify(text, reference, instructs=ordered.__contains__)
        written = DraftSentence(
            text,
            source=tuple(places.span(one.start, one.end) for one in verdict.evidence),
            findings=tuple(ReviewFinding(one.code, one.message) for one in verdict.findings),
        )
        better = None
        if verdict.findings:
            if replacements is None:
                replacements = _selected(article, source, options, analyzer)
            better = _covering(written, replacements)
            if better is not None:
                replacements.remove(better)
        sentences.append(better or written)
    text = join_parts([one.text for one in sentences], options.style, language)
    return msgspec.structs.replace(draft, text=text, sentences=tuple(sentences))


def _selected(
    article: Article, source: SourceText, options: BriefOptions, analyzer: Analyzes
) -> list[DraftSentence]:
    """Return the sentences that may replace others."""
    try:
        return list(extract(article, source, options, analyzer).sentences)
    except InvalidInput:
        return []


def _covering(written: DraftSentence, selected: list[DraftSentence]) -> DraftSentence | None:
    """Return the selected sentence from the passage that the written one comes from."""
    for one in selected:
        for span in one.source:
            if any(span.start < other.end and other.start < span.end for other in written.source):
                return one
    return None
