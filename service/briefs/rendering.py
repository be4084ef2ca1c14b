"""Rendering final drafts as the briefs and warnings of an answer, in the scripts asked for."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from service.briefs.drafts import Draft, DraftSentence, join_parts
from service.briefs.model import (
    Brief,
    BriefOptions,
    BriefSentence,
    Caution,
    Label,
    SentenceWarning,
    SourceSpan,
    Tag,
)
from service.briefs.review import ReviewFinding, count_units
from service.languages import Language, LanguageTag, language_of
from service.text.languages import Script
from service.text.regional import localize
from service.text.scripts import Variant, convert

LABELS: dict[Label, dict[Language, str]] = {
    "opinion": {"en": "Opinion: ", "zh": "评论："},
    "satire": {"en": "Satire: ", "zh": "讽刺："},
    "sponsored": {"en": "Sponsored: ", "zh": "推广："},
    "corrected": {"en": "Corrected: ", "zh": "更正："},
    "interview": {"en": "Interview: ", "zh": "访谈："},
}
"""What the text of a brief opens with if its article is not plain news."""


def render_brief(draft: Draft, tag: LanguageTag, options: BriefOptions, script: Script) -> Brief:
    """Render a final draft in the script of ``tag``. ``script`` is the article's."""
    language = language_of(tag)
    sentences = tuple(_render_sentence(one, tag, options, script) for one in draft.sentences)
    if sentences:  # a text is read in the article's order, however its sentences are listed
        text = join_parts([one.text for one in sentences], options.style, language)
    else:
        text = in_script(DraftSentence(draft.text), tag, options.bare_zh, script)
    label = LABELS[draft.label][language] if draft.label else ""
    return Brief(
        text=label + text,
        language=tag,
        length=count_units(label + text, language),
        unit="words" if language == "en" else "characters",
        repaired=draft.repaired,
        label=draft.label,
        sentences=tuple(sentences[at] for at in _order_of(draft, options)),
        machine_translated=draft.truth is not None,
        truth=draft.truth,
        names=tuple(
            msgspec.structs.replace(
                one, target=in_script(DraftSentence(one.target), tag, options.bare_zh, script)
            )
            for one in draft.names
        ),
        article_names=tuple(
            msgspec.structs.replace(
                one, target=in_script(DraftSentence(one.target), tag, options.bare_zh, script)
            )
            if one.target is not None
            else one
            for one in draft.article_names
        ),
        headline=_render_sentence(draft.headline, tag, options, script) if draft.headline else None,
        tags=tuple(_render_tags(draft, tag, options, script)),
    )


def cautions(draft: Draft, tag: LanguageTag, options: BriefOptions) -> Iterator[Caution]:
    """Yield what the review of a final draft found, as warnings of the answer."""
    order = _order_of(draft, options)
    for at, finding in _all_findings(draft):
        yield Caution(
            finding.code,
            tag,
            finding.message,
            None if at is None else order.index(at),
            _span(finding.span),
            _span(finding.source_span),
        )


def _all_findings(draft: Draft) -> Iterator[tuple[int | None, ReviewFinding]]:
    """Yield the findings on the draft and on its sentences, each once, with the position of the
    sentence that it is on, if it is on one.
    """
    seen: set[str] = set()
    own = [(at, found) for at, one in enumerate(draft.sentences) for found in one.findings]
    places = {found.message: at for at, found in reversed(own)}
    whole = [(places.get(found.message), found) for found in draft.findings]
    for at, found in (*whole, *own):
        if found.message not in seen:
            seen.add(found.message)
            yield at, found


def _render_sentence(
    one: DraftSentence, tag: LanguageTag, options: BriefOptions, script: Script
) -> BriefSentence:
    return BriefSentence(
        text=in_script(one, tag, options.bare_zh, script),
        source=one.source,
        origin=one.origin,
        warnings=tuple(map(_warning, one.findings)),
        check=None if one.reasons is None else ("doubtful" if one.reasons else "checked"),
        reasons=one.reasons or (),
        translates=one.translates,
        rank=one.rank,
    )


def _render_tags(
    draft: Draft, tag: LanguageTag, options: BriefOptions, script: Script
) -> Iterator[Tag]:
    """Yield the tags in the brief's language. A translation has only those tags whose rendering is
    from a glossary, a table or the name itself.
    """
    for one in draft.tags:
        if draft.truth is None:
            own = DraftSentence(one.text, original=one.original)
            yield Tag(in_script(own, tag, options.bare_zh, script), one.kind, one.original)
        elif one.target is not None:
            text = in_script(DraftSentence(one.target), tag, options.bare_zh, script)
            yield Tag(text, one.kind, one.original, one.origin)


def _order_of(draft: Draft, options: BriefOptions) -> list[int]:
    """Return the positions of the draft's sentences in the order in which the answer lists them."""
    order = range(len(draft.sentences))
    if options.sort == "offset":
        return list(order)
    return sorted(order, key=lambda at: -(draft.sentences[at].rank or 0.0))


def _warning(found: ReviewFinding) -> SentenceWarning:
    return SentenceWarning(found.code, found.message, _span(found.span), _span(found.source_span))


def _span(span: tuple[int, int] | None) -> SourceSpan | None:
    return SourceSpan(*span) if span else None


def in_script(sentence: DraftSentence, tag: LanguageTag, bare_zh: Variant, script: Script) -> str:
    """Return the sentence in the script of ``tag``. The article's own words are not converted if
    the article is in that script: a conversion to Simplified and back would change some of them.
    """
    if tag == "en":
        return sentence.text
    variant = bare_zh if tag == "zh" else tag
    if sentence.original is None:
        return localize(sentence.text, variant)
    if variant == {"Hans": "zh-Hans", "Hant": "zh-Hant"}.get(script):
        return sentence.original
    return convert(sentence.original, variant)
