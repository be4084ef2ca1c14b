"""One sentence translated: drafted under a grammar of its own, reviewed, drafted again if it is
flawed.

Everything that translates goes this way: ``/translate``, ``/v2/translate`` and the second language
of a brief.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import msgspec

from service.concurrency import drop_all, run_all
from service.errors import GenerationFailed, PromptTooLong, UnwritableGrammar
from service.generation.session import Session
from service.inference.protocol import Output
from service.languages import Language
from service.names.article import ArticleNames
from service.tasks import translation_task
from service.text.chunks import Chunk, Piece, estimate_tokens, halve
from service.text.house_style import print_numbers
from service.translation import punctuation, styles
from service.translation.candidates import (
    Candidate,
    TranslatedSentence,
    labelled,
    lacks_terms,
    least_flawed_first,
)
from service.translation.consensus import rank
from service.translation.decoding import (
    AGAIN,
    GREEDY,
    REPAIRS,
    THOROUGH,
    Decoding,
    first_decodings,
)
from service.translation.endings import until_when
from service.translation.grammar import translation_grammar
from service.translation.labels import leading
from service.translation.model import Effort
from service.translation.naming import Asked, NamedSentence, Naming, Veiled
from service.translation.prompts import kind_of
from service.translation.review import review
from service.translation.segments import LETTER, MarkedSentence, sentence_of
from service.translation.standing_alone import alone
from service.translation.terms import TermIndex
from service.workers import Lane

_HELD = (*GREEDY, Decoding(AGAIN))
"""Where terms are missing, the likeliest text may lose them again: others are drawn beside it."""


class _Turn(msgspec.Struct, frozen=True):
    """How further drafts differ from the first: persons whose letters are kept have other stand-ins
    by the ``number``; no number in digits may be left out with ``every_number``; the grammar holds
    the caller's terms if ``strict``; ``in_place`` they are shown where they are to be written.
    """

    number: int = 0
    every_number: bool = False
    strict: bool = False
    in_place: bool = False


class SentenceTranslator:
    """Translates sentences in ``source``, those of one article or order, through its ``session``;
    grammars and reviews are made in ``lane``.

    ``terms`` are the caller's; ``names`` those of the article, if they are looked for. ``context``
    is read for its meaning and not translated. ``alternatives`` further versions of each sentence
    are drawn. Without ``repair`` first drafts stand. In ``house_style`` Chinese has long numbers in
    万 and 亿. With ``preserve_formatting`` a sentence without a full stop gets none.
    """

    def __init__(
        self,
        session: Session,
        lane: Lane,
        *,
        source: Language,
        terms: TermIndex,
        names: ArticleNames | None = None,
        effort: Effort = "quick",
        context: str = "",
        alternatives: int = 0,
        repair: bool = True,
        house_style: bool = False,
        preserve_formatting: bool = False,
    ) -> None:
        self._preserve_formatting = preserve_formatting
        self._house_style = house_style
        self._session = session
        self._lane = lane
        self._terms = terms
        self._effort: Effort = effort
        self._context = context
        self._alternatives = alternatives
        self._repair = repair
        self._source: Language = source
        self._task = translation_task(source)
        self._target: Language = "zh" if source == "en" else "en"
        self._naming = Naming(names, self._target)

    def mark(self, text: str) -> MarkedSentence:
        """``text``, one sentence, with its placeholders and terms found."""
        return sentence_of(text, (), self._terms)

    def cost(self, sentence: MarkedSentence) -> int:
        """Estimated tokens of a sentence's first drafts."""
        return sum(_cost(sentence, one) for one in self._first)

    async def total(self, sentences: Sequence[MarkedSentence]) -> int:
        """Estimated tokens of the first drafts of all ``sentences``."""
        return await self._lane.run(lambda: sum(map(self.cost, sentences)))

    @property
    def _first(self) -> tuple[Decoding, ...]:
        """How a sentence is decoded first: as wanted, until a quarter of the time is gone."""
        if self._session.deadline.used >= THOROUGH:
            return GREEDY
        return first_decodings(self._session, self._task, self._effort)

    async def translate(
        self, sentence: MarkedSentence, *, later_tokens: int | None = None
    ) -> TranslatedSentence:
        """Translate ``sentence``: if the first draft is flawed and there is time, others are drawn.
        The caller's terms are asked for; where they are missing all the same, they are put into
        the sentence that the model reads, then held by the grammar; and should marks be lost even
        then, what stands between them is translated in pieces. ``later_tokens`` is the estimate of
        the tokens that later sentences will take, where it is known.

        Raises:
            UnsupportedTask: no model of the lineup serves the direction.
            Overloaded, Unavailable, DeadlineExceeded, GenerationFailed: from the engine.
        """
        known = alone(sentence.text, self._target)
        if known and not sentence.marks:
            return TranslatedSentence(sentence, (Candidate(known),))
        lead = leading(sentence.text, self._source)
        if lead and all(mark.start >= lead.end for mark in sentence.marks):
            rest = await self.translate(sentence.after(lead.end), later_tokens=later_tokens)
            return labelled(rest, sentence, lead)
        named = await self._named(sentence)
        drafts = await self._drafts(named, self._first, later_tokens)
        first = drafts[0]
        if first.findings and self._session.may_repair():
            drafts = await self._repaired(named, drafts)
            bare = self._naming.bare(named, drafts[0].text)
            if bare != named:
                # a stand-in that came back as another name is worse than what the model makes of it
                drafts = least_flawed_first([*await self._further(bare, GREEDY), *drafts])
        for strict in (False, True):
            if self._repair and lacks_terms(drafts[0]) and sentence.loose != sentence:
                turn = _Turn(strict=strict, in_place=True)
                drafts = least_flawed_first([*drafts, *await self._further(named, _HELD, turn)])
        if self._alternatives:
            others = msgspec.structs.replace(AGAIN, candidates=self._alternatives + 1)
            drafts = [*drafts, *await self._further(named, (Decoding(others),))]
        if self._repair and sentence.marks and lacks_terms(drafts[0]):
            with suppress(GenerationFailed):
                drafts = least_flawed_first([await self._piecewise(sentence), *drafts])
        return await self._lane.run(self._finished, named, drafts, repaired=drafts[0] != first)

    def _finished(
        self, named: NamedSentence, drafts: Sequence[Candidate], *, repaired: bool
    ) -> TranslatedSentence:
        best, *others = drafts
        best = Candidate(best.text, (*best.findings, *self._naming.notes(named)))
        names = self._naming.listed(named, best.text)
        latin = self._naming.latin_forms(named)
        return TranslatedSentence(named.sentence, (best, *others), repaired, names, latin)

    async def _named(self, sentence: MarkedSentence) -> NamedSentence:
        terms = self._terms.find(sentence.text)
        return await self._lane.run(self._naming.find, sentence, terms)

    async def _repaired(self, named: NamedSentence, drafts: list[Candidate]) -> list[Candidate]:
        """The flawed ``drafts`` and others, the best first: more are drawn until one passes."""
        numbered = any(finding.flag == "number" for finding in drafts[0].findings)
        for number, decoding in enumerate(REPAIRS, 1):
            turn = _Turn(number, every_number=numbered)
            more = await self._further(named, (decoding,), turn)
            drafts = least_flawed_first([*drafts, *more])
            if not drafts[0].findings or not self._session.may_repair():
                break
        return drafts

    async def _further(
        self,
        named: NamedSentence,
        decodings: tuple[Decoding, ...],
        turn: _Turn = _Turn(),  # noqa: B008 - frozen
    ) -> list[Candidate]:
        """Drafts beside those that there are; none if the engine fails on them."""
        try:
            return await self._drafts(named, decodings, 0, turn)
        except GenerationFailed:
            return []

    async def _drafts(
        self,
        named: NamedSentence,
        decodings: tuple[Decoding, ...],
        later_tokens: int | None,
        turn: _Turn = _Turn(),  # noqa: B008 - frozen
    ) -> list[Candidate]:
        """Reviewed drafts in one or more ways: the least flawed first, of equals the one most like
        all others. What the model cannot write under the grammar, or read in one piece, it is
        given in parts.
        """
        sentence = named.sentence
        veiled: Veiled = "all" if turn.number else "words"
        veiled = veiled if self._session.lineup.chats(self._task) else "none"
        asked = self._naming.ask(named, turn=turn.number, in_place=turn.in_place, veiled=veiled)
        grammar = await self._lane.run(
            translation_grammar,
            asked.veiled(sentence),
            self._target,
            permitted=[target for _, target in asked.hints],
            every_number=turn.every_number,
            strict=turn.strict,
        )
        held = sentence.marks if turn.strict else sentence.loose.marks
        try:
            return await self._whole(named, asked, decodings, later_tokens, grammar)
        except UnwritableGrammar:
            if not held:
                return await self._whole(named, asked, decodings, later_tokens, None)
        except PromptTooLong:
            if self._session.lineup.chats(self._task) or len(sentence.text) < 2:
                raise
            if not sentence.marks:
                return [await self._in_halves(sentence)]
        return [await self._piecewise(sentence)]

    async def _whole(
        self,
        named: NamedSentence,
        asked: Asked,
        decodings: tuple[Decoding, ...],
        later_tokens: int | None,
        grammar: str | None,
    ) -> list[Candidate]:
        (first, *others), sentence = decodings, named.sentence
        if later_tokens is not None:
            later_tokens += sum(_cost(sentence, one) for one in others)
        beside = [
            asyncio.create_task(self._ask(sentence, asked, one, 0, grammar)) for one in others
        ]
        try:
            outputs = list(await self._ask(sentence, asked, first, later_tokens, grammar))
            for task in beside:
                outputs += await task
        except BaseException:
            drop_all(beside)  # unawaited, so that a refusal is known before others ask
            raise
        return await self._lane.run(self._reviewed, named, asked, outputs)

    def _reviewed(
        self, named: NamedSentence, asked: Asked, outputs: Sequence[Output]
    ) -> list[Candidate]:
        """The drafts of ``outputs`` with what is wrong with them, in the order of
        :func:`least_flawed_first` and of :func:`rank`.
        """
        sentence, target = named.sentence, self._target
        drafts: list[Candidate] = []
        for output in outputs:
            stopped = output.finish == "stop"
            text = punctuation.spaced(asked.unveiled(" ".join(output.text.split())), target)
            if self._house_style and target == "zh" and not sentence.marks:
                text = print_numbers(text)  # before the review, whose spans are of what is printed
            text = punctuation.apart(text, sentence)
            text, unnamed = self._naming.finish(named, asked, text)
            text = until_when(text, sentence.text)
            text = punctuation.as_in(
                text, sentence, target, finished=stopped, unended_too=self._preserve_formatting
            )
            findings = review(sentence, text, target, finished=stopped)
            drafts.append(Candidate(text, (*findings, *unnamed)))
        return least_flawed_first(drafts[at] for at in rank([draft.text for draft in drafts]))

    async def _ask(
        self,
        sentence: MarkedSentence,
        asked: Asked,
        decoding: Decoding,
        later_tokens: int | None,
        grammar: str | None,
    ) -> Sequence[Output]:
        generation = await self._session.generate(
            self._task,
            text=asked.text,
            messages=styles.translate(
                self._session.lineup.prompting(self._task),
                asked.sentence,
                self._target,
                hints=(*asked.hints, *asked.phrases),
                context=self._context,
                examples=decoding.examples,
            ),
            target=self._target,
            max_new_tokens=_most(sentence),
            grammar=grammar,
            sampling=decoding.sampling,
            family=(
                ""
                if self._context
                else f"{self._task} {bool(sentence.loose.marks)} {decoding.examples} "
                f"{kind_of(sentence, self._target)}"
            ),
            later_tokens=later_tokens,
        )
        return generation.outputs

    async def _piecewise(self, sentence: MarkedSentence) -> Candidate:
        """What stands between the marks, translated by itself, and the marks as they must be."""
        ends = [0, *(mark.end for mark in sentence.marks)]
        starts = [*(mark.start for mark in sentence.marks), len(sentence.text)]
        texts = [sentence.text[a:b] for a, b in zip(ends, starts, strict=True)]
        pieces = await run_all(map(self._piece, texts))
        text = punctuation.pieced(pieces, sentence.marks, self._target)
        return await self._checked(
            sentence, punctuation.apart(punctuation.spaced(text, self._target), sentence)
        )

    async def _in_halves(self, sentence: MarkedSentence) -> Candidate:
        """An unmarked sentence that has more tokens than were estimated."""
        halves = halve(Chunk((Piece(0, sentence.text, ""),)))
        texts = await run_all(self._piece(half.text) for half in halves)
        return await self._checked(sentence, (" " if self._target == "en" else "").join(texts))

    async def _checked(self, sentence: MarkedSentence, text: str) -> Candidate:
        return Candidate(text, await self._lane.run(review, sentence, text, self._target))

    async def _piece(self, text: str) -> str:
        if not LETTER.search(text):
            return text
        body = text.strip()
        start = text.index(body)
        piece = MarkedSentence(body)
        drafts = await self._drafts(await self._named(piece), self._first, 0)
        # a model ends what it takes for a sentence, and this is a part of one
        return text[:start] + punctuation.unended(drafts[0].text, piece) + text[start + len(body) :]


def _most(sentence: MarkedSentence) -> int:
    """Tokens that a translation of ``sentence`` may take."""
    return 2 * estimate_tokens(sentence.shown) + 24


def _cost(sentence: MarkedSentence, decoding: Decoding) -> int:
    """Estimated tokens of what is read and written in one way."""
    return estimate_tokens(sentence.text) + _most(sentence) * decoding.sampling.sequences
