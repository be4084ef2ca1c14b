"""Events while briefs are made: their sentences, then whole briefs, in the scripts asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from service.briefs.drafts import Draft, Drafter, DraftSentence, join_parts, printed
from service.briefs.model import (
    Brief,
    BriefOptions,
    BriefSentence,
    Label,
    OnEvent,
    Sentence,
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
"""How a brief says what its article is."""


class BriefEvents:
    """Calls ``on_event`` with the parts of one article's briefs: each sentence of a first draft
    when it is finished, the other sentences and the whole brief when it is final. A repaired brief
    may differ from the sentences that were sent before; the brief replaces them.
    """

    def __init__(
        self,
        drafter: Drafter,
        options: BriefOptions,
        script: Script,
        on_event: OnEvent | None,
    ) -> None:
        self._script = script
        self._drafter = drafter
        self._tags = options.languages
        self._options = options
        self._on_event = on_event
        self._written = ""
        self._sent: defaultdict[Language, list[str]] = defaultdict(list)

    def on_text(self, language: Language, text: str) -> None:
        """Take the next piece of the draft in ``language``, which is the article's."""
        if self._on_event is None:
            return
        self._written += text
        draft = printed(self._written.strip(), language)
        for sentence in self._drafter.parts(draft, language)[:-1][len(self._sent[language]) :]:
            self._send(language, DraftSentence(sentence))

    def on_sentence(self, language: Language, text: str) -> None:
        """Take the next sentence of the translation into ``language``."""
        self._send(language, DraftSentence(printed(text.strip(), language)))

    def on_brief(self, language: Language, draft: Draft) -> None:
        """Take the final brief in ``language``."""
        if self._on_event is None:
            return
        sent = self._sent[language]
        sentences = draft.sentences or tuple(
            map(DraftSentence, self._drafter.parts(draft.text, language))
        )
        if [one.text for one in sentences[: len(sent)]] == sent:
            for sentence in sentences[len(sent) :]:
                self._send(language, sentence)
        for tag in self._tags:
            if language_of(tag) == language:
                self._on_event(print_brief(draft, tag, self._options, self._script))

    def _send(self, language: Language, sentence: DraftSentence) -> None:
        if self._on_event is None:
            return
        sent = self._sent[language]
        for tag in self._tags:
            if language_of(tag) == language:
                text = _in_script(sentence, tag, self._options.bare_zh, self._script)
                position = len(sent)
                self._on_event(Sentence(tag, position, text, sentence.source, sentence.origin))
        sent.append(sentence.text)


def print_brief(draft: Draft, tag: LanguageTag, options: BriefOptions, script: Script) -> Brief:
    """A settled draft in the script of ``tag``. ``script`` is the article's."""
    language = language_of(tag)
    sentences = tuple(_print_sentence(one, tag, options, script) for one in draft.sentences)
    if sentences:  # a text is read in the article's order, however its sentences are listed
        text = join_parts([one.text for one in sentences], options.style, language)
    else:
        text = _in_script(DraftSentence(draft.text), tag, options.bare_zh, script)
    label = LABELS[draft.label][language] if draft.label else ""
    return Brief(
        text=label + text,
        language=tag,
        length=count_units(label + text, language),
        unit="words" if language == "en" else "characters",
        repaired=draft.repaired,
        label=draft.label,
        sentences=tuple(sentences[at] for at in order_of(draft, options)),
        machine_translated=draft.truth is not None,
        truth=draft.truth,
        names=tuple(
            msgspec.structs.replace(
                one, target=_in_script(DraftSentence(one.target), tag, options.bare_zh, script)
            )
            for one in draft.names
        ),
        headline=_print_sentence(draft.headline, tag, options, script) if draft.headline else None,
        tags=tuple(_print_tags(draft, tag, options, script)),
    )


def _print_sentence(
    one: DraftSentence, tag: LanguageTag, options: BriefOptions, script: Script
) -> BriefSentence:
    return BriefSentence(
        text=_in_script(one, tag, options.bare_zh, script),
        source=one.source,
        origin=one.origin,
        warnings=tuple(map(_warning, one.findings)),
        check=None if one.reasons is None else ("doubtful" if one.reasons else "checked"),
        reasons=one.reasons or (),
        rank=one.rank,
    )


def _print_tags(
    draft: Draft, tag: LanguageTag, options: BriefOptions, script: Script
) -> Iterator[Tag]:
    """The tags as the brief's language has them; of a translation, without those that nothing
    vouches for.
    """
    for one in draft.tags:
        if draft.truth is None:
            own = DraftSentence(one.text, original=one.original)
            yield Tag(_in_script(own, tag, options.bare_zh, script), one.kind, one.original)
        elif one.target is not None:
            text = _in_script(DraftSentence(one.target), tag, options.bare_zh, script)
            yield Tag(text, one.kind, one.original, one.origin)


def order_of(draft: Draft, options: BriefOptions) -> list[int]:
    """The positions of the draft's sentences in the order in which the answer lists them."""
    order = range(len(draft.sentences))
    if options.sort == "offset":
        return list(order)
    return sorted(order, key=lambda at: -(draft.sentences[at].rank or 0.0))


def _warning(found: ReviewFinding) -> SentenceWarning:
    return SentenceWarning(
        found.code, found.message, place_of(found.span), place_of(found.source_span)
    )


def place_of(span: tuple[int, int] | None) -> SourceSpan | None:
    """Return a place in the article as events give it, if it is known."""
    return SourceSpan(*span) if span else None


def _in_script(sentence: DraftSentence, tag: LanguageTag, bare_zh: Variant, script: Script) -> str:
    """The sentence in the script of ``tag``. The article's own words stay as they are if that is
    its script: a conversion there and back would change some.
    """
    if tag == "en":
        return sentence.text
    variant = bare_zh if tag == "zh" else tag
    if sentence.original is None:
        return localize(sentence.text, variant)
    if variant == {"Hans": "zh-Hans", "Hant": "zh-Hant"}.get(script):
        return sentence.original
    return convert(sentence.original, variant)
