"""Reads translations back: how likely is the source, given its translation?

The model scores the source given the translation (ADR 26). If it has left a name out or replaced it
by a more famous one, the name's tokens are unlikely. This is done once the whole text is
translated, for sentences with a name that is in no table and does not keep its own letters. For
briefs, whole sentences are scored in both directions.
"""

from __future__ import annotations

import asyncio
import re
import time
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import msgspec

from service.analysis import Analyzes, Parse, Word
from service.concurrency import run_all
from service.errors import ServiceError
from service.generation.messages import inert
from service.generation.session import Session
from service.inference.protocol import TokenScore
from service.languages import Language
from service.names.forms import simplify
from service.tasks import Task, translation_task
from service.translation import styles
from service.translation.candidates import TranslatedSentence
from service.translation.likelihood import likelihood
from service.translation.model import TranslationFinding
from service.translation.review import without
from service.translation.segments import MarkedSentence
from service.workers import Lane

THRESHOLDS: dict[Language, float] = {"en": -6.0, "zh": -8.0}
"""Natural logarithm of the likelihood of a name's tokens below which it gets a warning, by the
source's language. A reader labelled the names of 160 translations of 80 sentences
(``bench/read_back.py``); set on half of the sentences, on the other half they find 72% of the wrong
ones that nothing else verifies, at 14% of the right ones, and of Chinese sources 77% at 4%."""
_SHARE, _MOST_SECONDS = 0.15, 15.0
"""Time limit for all scores of an article: a share of the caller's time, and a number of seconds.
On two idle cores a sentence takes 0.2 s in either direction."""
_AT_A_TIME = 4
"""How many translations of one order are scored at the same time."""
_UNREAD = "\n"
"""Appended to the source when its translation is scored, so that the prompt differs from the one
that was used to translate it: openvino cannot score what its prefix cache holds, and would read the
whole prompt again, examples and all, which takes five times as long. The likelihood stays the
same."""
_ENGLISH_NAMES = frozenset({"person", "organisation", "place", "nationality"})
_PROPER = frozenset({"NNP", "NNPS"})
_ORDER = re.compile(
    r"(?:(?:Tap|Click|Press|Select|Choose|Enter|Open|Close|Save|Check|Beside|Under|Visit|Call) )?"
)
"""Verbs before the name of a button in a program's texts; the analysis takes them for part of
it."""
_TIMES = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|"
    r"September|October|November|December|Mr|Mrs|Ms|Dr"
)
_CHINESE_NAMES = frozenset({"PER", "LOC", "ORG"})


class NameSpan(msgspec.Struct, frozen=True):
    """A name in a sentence, from ``start`` up to ``end`` in characters."""

    start: int
    end: int


class ReadBack(msgspec.Struct, frozen=True):
    """What came of one sentence: ``findings`` on names that the translation seems not to have, and
    the ``unverified`` names that could not be read back. ``names`` counts those that nothing but
    their likelihood verifies. ``likelihood`` is that of the sentence
    (:func:`~service.translation.likelihood.likelihood`); None if it was not scored, and
    ``is_late`` if there was no time for that.
    """

    findings: tuple[TranslationFinding, ...] = ()
    unverified: tuple[str, ...] = ()
    names: int = 0
    likelihood: float | None = None
    is_late: bool = False


class _Scores(msgspec.Struct, frozen=True):
    """The scores of the source given its translation and, if asked for, of the translation."""

    backward: tuple[TokenScore, ...]
    forward: tuple[TokenScore, ...] = ()


class BackReader:
    """Reads back translations of texts in ``source``, through the ``session`` that made them. With
    ``sentences``, whole sentences are scored in both directions, and not only their names.
    """

    def __init__(
        self,
        session: Session,
        lane: Lane,
        analyzer: Analyzes,
        source: Language,
        *,
        sentences: bool = False,
    ) -> None:
        self._session = session
        self._lane = lane
        self._analyzer = analyzer
        self._source: Language = source
        self._sentences = sentences
        self._known: dict[tuple[str, str], ReadBack] = {}
        self._backward: dict[tuple[str, str], tuple[TokenScore, ...]] = {}
        self._spent = 0.0
        self._target: Language = "zh" if source == "en" else "en"

    async def read(self, done: Sequence[TranslatedSentence]) -> list[ReadBack]:
        """Score the names of each translation. Engines may score only when they have nothing to
        generate. Names that are not scored in time, or whose engine cannot score, are returned as
        ``unverified``.

        Raises:
            Unavailable: the engine is not ready and never was.
        """
        distinct = {(one.source.text, one.text): one for one in done}
        new = [one for key, one in distinct.items() if key not in self._known]
        found = await self._lane.run(self._unverified, new)
        both = self._scores_sentences
        wanted = [at for at, places in enumerate(found) if places or both]
        scores: dict[int, _Scores] = {}
        if wanted and self._scores_into(self._source):
            scores = await self._scores({at: new[at] for at in wanted}, both=both)
        for at, (one, places) in enumerate(zip(new, found, strict=True)):
            self._known[one.source.text, one.text] = self._judge(one, places, scores.get(at))
        return [self._known[one.source.text, one.text] for one in done]

    async def likeliest(
        self, drafts: Sequence[Sequence[TranslatedSentence]]
    ) -> list[TranslatedSentence | None]:
        """Of each sentence's ``drafts``, the one given which the source is the likeliest. None if
        there are none, or none was scored in time.

        Raises:
            Unavailable: the engine is not ready and never was.
        """
        distinct = [
            one for some in drafts for one in {draft.text: draft for draft in some}.values()
        ]
        if distinct and self._scores_into(self._source):
            await self._scores(dict(enumerate(distinct)), both=False)

        def rank(one: TranslatedSentence) -> float:
            return likelihood((), self._backward[one.source.text, one.text])

        return [
            max(
                (one for one in some if (one.source.text, one.text) in self._backward),
                key=rank,
                default=None,
            )
            for some in drafts
        ]

    def _judge(
        self, one: TranslatedSentence, places: Sequence[NameSpan], scores: _Scores | None
    ) -> ReadBack:
        backward = scores.backward if scores else None
        read = judge(one.source.text, places, backward, THRESHOLDS[self._source])
        if scores is None or not scores.forward:
            late = self._scores_sentences and bool(one.text)
            return msgspec.structs.replace(read, is_late=late)
        sure = likelihood(scores.forward, scores.backward)
        return msgspec.structs.replace(read, names=len(places), likelihood=sure)

    @property
    def _scores_sentences(self) -> bool:
        directions: tuple[Language, Language] = (self._source, self._target)
        return self._sentences and all(map(self._scores_into, directions))

    def _scores_into(self, target: Language) -> bool:
        return self._session.lineup.scores(_task_into(target))

    async def _scores(
        self, done: dict[int, TranslatedSentence], *, both: bool
    ) -> dict[int, _Scores]:
        scores: dict[int, _Scores] = {}
        waiting = iter(done.items())

        async def work() -> None:
            for at, one in waiting:
                # a sentence is scored whole, with the caller's terms and what is kept as it is
                text = one.text if self._sentences else without(one.text, one.source).strip()
                source = simplify(one.source.text)  # the prompt asks for Simplified characters
                key = (one.source.text, one.text)
                if key not in self._backward:
                    self._backward[key] = await self._score(text, source, self._source)
                scores[at] = _Scores(self._backward[key])
                if both and text:
                    forward = await self._score(source + _UNREAD, text, self._target)
                    scores[at] = _Scores(self._backward[key], forward)

        began = time.monotonic()
        allotted = self._session.deadline.allot(_SHARE, at_most=_MOST_SECONDS)
        try:
            async with asyncio.timeout(max(0.0, allotted - self._spent)):
                await run_all(work() for _ in range(_AT_A_TIME))
        except (ServiceError, TimeoutError):
            self._session.leave_out()  # an answer without this check is better than none
        self._spent += time.monotonic() - began
        return scores

    async def _score(self, text: str, scored: str, target: Language) -> tuple[TokenScore, ...]:
        """Score a translation of ``text`` into ``target``."""
        task, inserted = _task_into(target), inert(scored)
        found = await self._session.score(
            task,
            messages=styles.translate(
                self._session.lineup.prompting(task), MarkedSentence(text), target
            ),
            scored=inserted,
            target=target,
        )
        return moved(found, scored, inserted)

    def _unverified(self, done: Sequence[TranslatedSentence]) -> list[list[NameSpan]]:
        texts = [simplify(one.source.text) for one in done]
        return [
            [place for place in places if not _is_verified(one, place)]
            for one, places in zip(done, self._names(texts), strict=True)
        ]

    def _names(self, texts: Sequence[str]) -> Iterable[list[NameSpan]]:
        if self._source == "en":
            yield from map(english_names, self._analyzer.parse(texts))
        else:
            for words in self._analyzer.segment(texts):
                yield [NameSpan(one.start, one.end) for one in words if one.tag in _CHINESE_NAMES]


def _task_into(target: Language) -> Task:
    return translation_task("zh" if target == "en" else "en")


def moved(scores: Iterable[TokenScore], text: str, scored: str) -> tuple[TokenScore, ...]:
    """Convert the offsets of ``scores`` from ``scored``, which is ``text`` with added spaces, to
    those in ``text``.
    """
    places: list[int] = []
    for character in text:
        places.append(scored.index(character, places[-1] + 1 if places else 0))
    return tuple(
        msgspec.structs.replace(
            one, start=bisect_left(places, one.start), end=bisect_left(places, one.end)
        )
        for one in scores
    )


def english_names(parse: Parse) -> list[NameSpan]:
    """The names of a sentence: the entities that the analysis found, and runs of proper nouns that
    it missed. A run does not include the first word of the sentence, which has a capital anyway
    (*Tap Repair*, *Shark injures boy*).
    """
    if not any(word.text.islower() for word in parse.words):
        return []  # all in capitals: nothing shows which words are names
    found = [
        NameSpan(one.start + len(_ORDER.match(one.text)[0]), one.end)  # type: ignore[index]
        for one in parse.entities
        if one.kind in _ENGLISH_NAMES and one.text != one.text.lower()
    ]
    first = next((word for word in parse.words if word.text[0].isalnum()), None)
    run: list[Word] = []
    for word in (*parse.words, None):
        if word is not None and word.tag in _PROPER and not _TIMES.fullmatch(word.text):
            if word is not first and word.text != word.text.lower():
                run.append(word)
            continue
        if run and not any(
            one.start < run[-1].end and run[0].start < one.end for one in parse.entities
        ):
            found.append(NameSpan(run[0].start, run[-1].end))
        run = []
    return sorted(found, key=lambda place: place.start)


def _is_verified(one: TranslatedSentence, place: NameSpan) -> bool:
    """Whether something else verifies the name (the translation keeps its letters, its form there
    comes from a table or from its reading, or it is one of the caller's terms), or another check
    has already reported it.
    """
    forms = {text[place.start : place.end] for text in (one.source.text, simplify(one.source.text))}
    marked = any(mark.start < place.end and place.start < mark.end for mark in one.source.marks)
    known = any(
        listed.origin != "model" and (name in listed.source or listed.source in name)
        for listed in one.names
        for name in forms
    )
    reported = any(
        found.flag in {"name", "term"} and name in found.message
        for found in one.findings
        for name in forms
    )
    return marked or known or reported or any(name.lower() in one.text.lower() for name in forms)


def with_findings(one: TranslatedSentence, read: ReadBack) -> TranslatedSentence:
    """Add the findings of the reading back to a translation."""
    if not read.findings:
        return one
    best, *others = one.candidates
    best = msgspec.structs.replace(best, findings=(*best.findings, *read.findings))
    return msgspec.structs.replace(one, candidates=(best, *others))


def judge(
    text: str,
    places: Sequence[NameSpan],
    scores: Sequence[TokenScore] | None,
    threshold: float,
) -> ReadBack:
    """Report the names of ``text`` whose likelihood is below ``threshold``. Without ``scores``, all
    names are unverified.
    """
    if scores is None:
        return ReadBack(unverified=tuple(text[one.start : one.end] for one in places))
    return ReadBack(
        tuple(
            TranslationFinding(
                "name",
                f"{text[one.start : one.end]!r} may be another name in the translation",
                source_span=(one.start, one.end),
            )
            for one in places
            if name_likelihood(scores, one) < threshold
        )
    )


def name_likelihood(scores: Iterable[TokenScore], place: NameSpan) -> float:
    """Natural logarithm of the likelihood of the tokens that overlap ``place``."""
    return sum(one.logprob for one in scores if one.start < place.end and place.start < one.end)
