"""Translating a brief into the other language, sentence by sentence, while it is being written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from service.briefs.doubt import Doubts
from service.briefs.drafts import Draft, Drafter, DraftSentence, join_parts, printed
from service.briefs.redrafting import Redrafter
from service.briefs.review import ReviewFinding, count_units
from service.languages import Language
from service.names.model import ListedName, merged
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

_FAILED: frozenset[Flag] = frozenset(
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
        "name",
        "term",
    }
)
"""Findings for which another sentence is taken, or the brief is made without it."""


_LONG: dict[Language, int] = {"en": 27, "zh": 45}
"""Length in units above which the model often confuses who did what. Two in three longer English
sentences had a grave mistake, and one in three shorter ones. Of 41 Chinese sentences that readers
graded, 11 of 15 longer and 7 of 26 shorter ones had; the limit was set on the same sentences.
"""

_UNMATCHED = 1 / 3
"""Share of the words of content of an English sentence and its translation that a dictionary cannot
match, from which the sentence is doubtful. It tells something of a translator that is right where
it is literal: human translators are freer, and two in five of their sentences are above it. See
ADR 26 for the readings that it was set on.
"""


class BriefTranslator:
    """Translates the brief of one article with ``sentences``. The ``reader`` reads translations
    back, ``doubts`` say how doubtful they are, and the ``redrafter`` makes others of doubtful ones.
    Findings are collected in ``lane``. ``truth`` is the grade that people gave the lineup's
    translations.

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
        redrafter: Redrafter | None = None,
        doubts: Doubts,
        truth: Truth = "unmeasured",
    ) -> None:
        self._truth: Truth = truth
        self._redrafter = redrafter
        self._reader = reader
        self._doubts = doubts
        self._sentences = sentences
        self._lane = lane
        self._drafter = drafter
        self._source = source
        self._target: Language = "zh" if source == "en" else "en"
        self._received = ""
        self._held: dict[str, SharedWork[TranslatedSentence]] = {}
        self._better: dict[str, TranslatedSentence] = {}

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
        self._received += text
        draft = printed(self._received.strip(), self._source)
        for sentence in self._drafter.parts(draft, self._source)[:-1]:
            self._begin(sentence)

    def _begin(self, text: str) -> SharedWork[TranslatedSentence]:
        if text not in self._held:
            work = SharedWork(self._sentences.translate_text(text))
            work.hold()
            self._held[text] = work
        return self._held[text]

    async def translate(
        self,
        brief: Draft,
        *,
        on_sentence: Callable[[str], None] | None = None,
        redrafts: bool = True,
    ) -> Draft:
        """Translate ``brief`` into the other language, sentence by sentence.

        ``on_sentence`` is called with each sentence when it and those before it are translated.
        Unless ``redrafts`` is off, further drafts are made of doubtful ones.

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
        if self._reader is None:
            read = [ReadBack()] * len(done)
        else:
            done = [self._better.get(one.source.text, one) for one in done]
            read = await self._reader.read(done)
            if redrafts and self._redrafter is not None:
                for at, one in (await self._redrafter.redraft(done, read)).items():
                    self._better[done[at].source.text] = one.translation
                    done[at], read[at] = one.translation, one.back
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
                    *(
                        _in_article(found, original, one.source.text)
                        for found in (*one.findings, *back.findings)
                    ),
                ),
                body=original.body,
                rank=original.rank,
                reasons=self._reasons(one, back),
                translates=_left_of(original, one.source.text),
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
            names=merged(map(_as_written, (one.names for one in done), originals)),
        )

    def _printed(self, text: str) -> str:
        """Return a sentence in house style. A headline has no full stop."""
        text = printed(text, self._target)
        headline = self._drafter.shape(self._target).style == "headline"
        return re.sub(r"(?<![.A-Z])[.。]$", "", text) if headline else text

    def spared(self, brief: Draft, translation: Draft, *, least: int) -> tuple[Draft, Draft]:
        """Return ``brief`` and ``translation`` without the last sentences whose translation failed,
        as long as there are more than the ``least``. The first, which has the news, always stays.
        """
        size = len(translation.sentences)
        bad = failed(translation)
        while size > least and any(one is translation.sentences[size - 1] for one in bad):
            size -= 1
        if size == len(translation.sentences) or len(brief.sentences) != len(translation.sentences):
            return brief, translation
        return self._cut(brief, size, self._source), self._cut(translation, size, self._target)

    def _cut(self, draft: Draft, size: int, language: Language) -> Draft:
        sentences = draft.sentences[:size]
        style = self._drafter.shape(language).style
        text = join_parts([one.text for one in sentences], style, language)
        names = tuple(one for one in draft.names if one.target in text)
        return msgspec.structs.replace(draft, text=text, sentences=sentences, names=names)

    def _reasons(self, one: TranslatedSentence, back: ReadBack) -> tuple[str, ...]:
        """Return why a person should compare the sentence with its source, each reason once. How
        long it is and which words have no counterpart tell little of one whose likelihood is known.
        """
        reasons: list[str] = [found.flag for found in (*one.findings, *back.findings)]
        if back.unverified or back.is_late:
            reasons.append("unverified")
        doubted = self._doubts.of(one, back)
        if doubted is not None:
            if doubted >= self._doubts.threshold:
                reasons.append("unlikely")
            return tuple(dict.fromkeys(reasons))
        if count_units(one.source.text, self._source) > _LONG[self._source]:
            reasons.append("long")
        if self._doubts.unmatched(one) >= _UNMATCHED:
            reasons.append("unmatched")
        return tuple(dict.fromkeys(reasons))


def _as_written(names: Sequence[ListedName], original: DraftSentence) -> tuple[ListedName, ...]:
    """Return the names of a sentence in the article's own script."""
    written = original.original or ""
    if len(written) != len(original.text):
        return tuple(names)
    return tuple(
        msgspec.structs.replace(name, source=written[at : at + len(name.source)])
        if (at := original.text.find(name.source)) >= 0
        else name
        for name in names
    )


def failed(translation: Draft) -> list[DraftSentence]:
    """Return the sentences after the first that are wrong or empty, have a wrong name or term, say
    little of what their source says, or are unlikely to be right, in spite of repair.
    """
    return [
        one
        for one in translation.sentences[1:]
        if any(finding.code in _FAILED for finding in one.findings)
        or {"unmatched", "unlikely"} & {*(one.reasons or ())}
    ]


def _left_of(original: DraftSentence, translated: str) -> str | None:
    """Return what was translated of a sentence, in the article's script; None if that is all."""
    if translated == original.text:
        return None
    written = original.original or ""
    if len(written) != len(original.text):
        return translated
    kept: list[str] = []
    at = 0
    for char in translated:
        place = original.text.find(char, at)
        kept.append(char if place < 0 else written[place])
        at = at if place < 0 else place + 1
    return "".join(kept)


def _in_article(
    found: TranslationFinding, original: DraftSentence, translated: str
) -> ReviewFinding:
    """Turn a finding on a translation into one whose source span is in the article. The span is
    known only if the article holds the ``translated`` sentence in one piece.
    """
    place = found.source_span
    whole = (
        translated == original.text
        and len(original.source) == 1
        and (original.source[0].end - original.source[0].start == len(original.text))
    )
    if place and whole:
        start = original.source[0].start
        place = (start + place[0], start + place[1])
    return ReviewFinding(found.flag, found.message, found.span, place if whole else None)
