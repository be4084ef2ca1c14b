"""Translating a brief into the other language, sentence by sentence, while it is being written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from service.briefs.drafts import Draft, Drafter, DraftSentence, join_parts, printed
from service.briefs.review import ReviewFinding, count_units
from service.languages import Language
from service.names.model import merged
from service.shared_work import SharedWork
from service.tasks import Truth
from service.translation import (
    BackReader,
    Flag,
    LatinForms,
    ReadBack,
    SentenceTranslator,
    TranslatedSentence,
    TranslationFinding,
)
from service.workers import Lane

_FALSE: frozenset[Flag] = frozenset(
    {
        "language",
        "number",
        "date",
        "negation",
        "direction",
        "empty",
        "echo",
        "reply",
        "repetition",
        "cut",
    }
)
"""Findings for which a sentence is left out if the brief is long enough without it."""


_LONG: dict[Language, int] = {"en": 27, "zh": 45}
"""Length in units above which the model often confuses who did what. Two in three longer English
sentences had a grave mistake, and one in three shorter ones. Of 41 Chinese sentences that readers
graded, 11 of 15 longer and 7 of 26 shorter ones had; the limit was set on the same sentences.
"""


class BriefTranslator:
    """Translates the brief of one article with ``sentences``. The ``reader`` reads translations
    back, and findings are collected in ``lane``. ``truth`` is the grade that people gave the
    lineup's translations.

    Sentences are translated one by one (ADR 5): given three Chinese sentences and room for three, a
    small model makes three English ones of the first. The translation of a sentence starts when the
    sentence is written, before the draft is final; :meth:`aclose` cancels those not needed.
    """

    def __init__(
        self,
        sentences: SentenceTranslator,
        lane: Lane,
        drafter: Drafter,
        source: Language,
        *,
        reader: BackReader | None = None,
        truth: Truth = "unmeasured",
    ) -> None:
        self._truth: Truth = truth
        self._reader = reader
        self._sentences = sentences
        self._lane = lane
        self._drafter = drafter
        self._source = source
        self._target: Language = "zh" if source == "en" else "en"
        self._heard = ""
        self._held: dict[str, SharedWork[TranslatedSentence]] = {}

    async def aclose(self) -> None:
        """Cancel the translations that are not needed; see :func:`contextlib.aclosing`."""
        works = list(self._held.values())
        self._held.clear()
        for work in works:
            work.release()
        for work in works:
            await work.ended()

    def on_text(self, text: str) -> None:
        """Take the next piece of a draft, and begin with the sentences that are finished."""
        self._heard += text
        draft = printed(self._heard.strip(), self._source)
        for sentence in self._drafter.parts(draft, self._source)[:-1]:
            self._begin(sentence)

    def _begin(self, text: str) -> SharedWork[TranslatedSentence]:
        if text not in self._held:
            work = SharedWork(self._translate(text))
            work.hold()
            self._held[text] = work
        return self._held[text]

    async def _translate(self, text: str) -> TranslatedSentence:
        sentence = await self._lane.run(self._sentences.mark, text)
        return await self._sentences.translate(sentence)

    async def translate(
        self, brief: Draft, *, on_sentence: Callable[[str], None] | None = None
    ) -> Draft:
        """Translate ``brief`` into the other language, sentence by sentence.

        ``on_sentence`` is called with each sentence when it and those before it are translated.

        Raises:
            ServiceError: from the engine.
        """
        originals = brief.sentences or tuple(
            map(DraftSentence, self._drafter.parts(brief.text, self._source))
        )
        wanted = {one.text for one in originals}
        works = [self._begin(one.text) for one in originals]
        for text in self._held.keys() - wanted:
            self._held.pop(text).release()
        done: list[TranslatedSentence] = []
        forms = LatinForms()
        for work in works:
            done.append(await work.result())
            if on_sentence:
                on_sentence(self._printed(forms.add(done[-1]).text))
        read = await self._reader.read(done) if self._reader else [ReadBack()] * len(done)
        return await self._lane.run(self._put_together, brief, originals, done, read)

    def _put_together(
        self,
        brief: Draft,
        originals: Sequence[DraftSentence],
        done: Sequence[TranslatedSentence],
        read: Sequence[ReadBack],
    ) -> Draft:
        shape = self._drafter.shape(self._target)
        sentences = [
            DraftSentence(
                self._printed(one.text),
                source=original.source,
                findings=(
                    *(found for found in original.findings if found.code == "reference"),
                    *(_in_article(found, original) for found in (*one.findings, *back.findings)),
                ),
                body=original.body,
                rank=original.rank,
                reasons=self._reasons(one, back),
            )
            for original, one, back in zip(
                originals, map(LatinForms().add, done), read, strict=True
            )
        ]
        return Draft(
            join_parts([one.text for one in sentences], shape.style, self._target),
            (),
            repaired=any(one.repaired for one in done),
            sentences=tuple(sentences),
            label=brief.label,
            truth=self._truth,
            names=merged(one.names for one in done),
        )

    def _printed(self, text: str) -> str:
        """Return a sentence in house style. A headline has no full stop."""
        text = printed(text, self._target)
        headline = self._drafter.shape(self._target).style == "headline"
        return re.sub(r"(?<![.A-Z])[.。]$", "", text) if headline else text

    def trim(self, translation: Draft) -> Draft:
        """Return ``translation`` without the last of its sentences that is wrong or empty, if it is
        long enough without it. The first sentence, which has the news, always stays.
        """
        shape = self._drafter.shape(self._target)
        if len(translation.sentences) <= shape.least:
            return translation
        bad = next((one for one in reversed(translation.sentences[1:]) if _is_false(one)), None)
        if bad is None:
            return translation
        sentences = tuple(one for one in translation.sentences if one is not bad)
        text = join_parts([one.text for one in sentences], shape.style, self._target)
        names = tuple(one for one in translation.names if one.target in text)
        return msgspec.structs.replace(translation, text=text, sentences=sentences, names=names)

    def _reasons(self, one: TranslatedSentence, back: ReadBack) -> tuple[str, ...]:
        """Return why a person should compare the sentence with its source, each reason once."""
        reasons: list[str] = [found.flag for found in (*one.findings, *back.findings)]
        if back.unverified:
            reasons.append("unverified")
        if count_units(one.source.text, self._source) > _LONG[self._source]:
            reasons.append("long")
        return tuple(dict.fromkeys(reasons))


def failed(translation: Draft) -> list[DraftSentence]:
    """Return the sentences after the first that are wrong, empty, or have a wrong name or term in
    spite of repair.
    """
    return [
        one
        for one in translation.sentences[1:]
        if any(finding.code in _FALSE | {"name", "term"} for finding in one.findings)
    ]


def _in_article(found: TranslationFinding, original: DraftSentence) -> ReviewFinding:
    """Turn a finding on a translation into one whose source span is in the article. The span is
    known only if the article holds the sentence in one piece.
    """
    place = found.source_span
    whole = len(original.source) == 1 and (
        original.source[0].end - original.source[0].start == len(original.text)
    )
    if place and whole:
        start = original.source[0].start
        place = (start + place[0], start + place[1])
    return ReviewFinding(found.flag, found.message, found.span, place if whole else None)


def _is_false(one: DraftSentence) -> bool:
    return any(finding.code in _FALSE for finding in one.findings)
