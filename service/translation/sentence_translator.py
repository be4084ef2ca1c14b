"""Translates one sentence: generates drafts under a grammar, reviews them, and generates others if
they are flawed.

All translations are made here: those of ``/translate``, of the compatible protocols, and the second
language of a brief.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import msgspec

from service.concurrency import drop_all, run_all
from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    PromptTooLong,
    Unavailable,
    UnwritableGrammar,
)
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
    lacks_terms,
    least_flawed_first,
    with_label,
)
from service.translation.consensus import rank
from service.translation.decoding import (
    AGAIN,
    GREEDY,
    REDRAFTS,
    REPAIRS,
    THOROUGH,
    Decoding,
    first_decodings,
)
from service.translation.end_times import restore_end_time
from service.translation.fixed_translations import fixed_translation
from service.translation.grammar import translation_grammar
from service.translation.labels import find_label
from service.translation.model import Effort
from service.translation.naming import Masking, ModelInput, NamedSentence, Naming
from service.translation.prompts import kind_of
from service.translation.review import review
from service.translation.segments import LETTER, MarkedSentence, sentence_of
from service.translation.terms import TermIndex
from service.workers import Lane

_HELD = (*GREEDY, Decoding(AGAIN))
"""For terms that are missing: greedy decoding may lose them again, so drafts are also sampled."""


class _Redraft(msgspec.Struct, frozen=True):
    """How further drafts differ from the first. Each ``number`` uses other stand-ins for persons
    who keep their letters. With ``every_number``, the grammar requires all numbers in digits; with
    ``strict``, the caller's terms. With ``in_place``, the terms are replaced by their translations
    in the sentence that the model reads.
    """

    number: int = 0
    every_number: bool = False
    strict: bool = False
    in_place: bool = False


class SentenceTranslator:
    """Translates the sentences of one article or order from ``source``, with the requests of its
    ``session``. Grammars and reviews are computed in ``lane``.

    ``terms`` are the caller's. ``names`` finds the article's names; None if names are not checked.
    ``context`` helps the model to understand the sentence and is not translated. ``alternatives``
    is the number of further versions of each sentence. Without ``repair``, first drafts are final.
    In ``house_style``, Chinese has long numbers in 万 and 亿. With ``preserve_formatting``, a
    sentence without a full stop gets none.
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

    def cost(self, sentence: MarkedSentence) -> int:
        """Estimated tokens of a sentence's first drafts."""
        return sum(_cost(sentence, one) for one in self._first)

    async def total(self, sentences: Sequence[MarkedSentence]) -> int:
        """Estimated tokens of the first drafts of all ``sentences``."""
        return await self._lane.run(lambda: sum(map(self.cost, sentences)))

    @property
    def _first(self) -> tuple[Decoding, ...]:
        """The decodings of first drafts: those of the effort, until a quarter of the time is
        used.
        """
        if self._session.deadline.used >= THOROUGH:
            return GREEDY
        return first_decodings(self._session, self._task, self._effort)

    async def translate(
        self, sentence: MarkedSentence, *, later_tokens: int | None = None
    ) -> TranslatedSentence:
        """Translate ``sentence``. If the first draft is flawed and there is time, generate others.

        The caller's terms are given as hints. If one is missing in the draft, the terms are put
        into the sentence that the model reads; if that fails, the grammar requires them; if marks
        are still missing, the text between the marks is translated piece by piece. ``later_tokens``
        is the estimated number of tokens for later sentences, if known.

        Raises:
            UnsupportedTask: no model of the lineup serves the direction.
            Overloaded, Unavailable, DeadlineExceeded, GenerationFailed: from the engine.
        """
        known = fixed_translation(sentence.text, self._target)
        if known and not sentence.marks:
            return TranslatedSentence(sentence, (Candidate(known),))
        label = find_label(sentence.text, self._source)
        if label and all(mark.start >= label.end for mark in sentence.marks):
            rest = await self.translate(sentence.after(label.end), later_tokens=later_tokens)
            return with_label(rest, sentence, label)
        named = await self._named(sentence)
        drafts = await self._drafts(named, self._first, later_tokens)
        first = drafts[0]
        if first.findings and self._session.may_repair():
            drafts = await self._repaired(named, drafts)
            left_to_model = self._naming.leave_to_model(named, drafts[0].text)
            if left_to_model != named:
                # a stand-in that came back as another name is worse than the model's own spelling
                drafts = least_flawed_first([*await self._further(left_to_model, GREEDY), *drafts])
        for strict in (False, True):
            if self._repair and lacks_terms(drafts[0]) and sentence.loose != sentence:
                redraft = _Redraft(strict=strict, in_place=True)
                drafts = least_flawed_first([*drafts, *await self._further(named, _HELD, redraft)])
        if self._alternatives:
            others = msgspec.structs.replace(AGAIN, candidates=self._alternatives + 1)
            drafts = [*drafts, *await self._further(named, (Decoding(others),))]
        if self._repair and sentence.marks and lacks_terms(drafts[0]):
            with suppress(GenerationFailed):
                drafts = least_flawed_first([await self._piecewise(sentence), *drafts])
        return await self._lane.run(self._finished, named, drafts, repaired=drafts[0] != first)

    async def translate_text(self, text: str) -> TranslatedSentence:
        """Translate ``text``, one sentence; see :meth:`translate`."""
        return await self.translate(await self._lane.run(sentence_of, text, (), self._terms))

    async def redraft(self, sentence: MarkedSentence) -> list[TranslatedSentence]:
        """Further translations of a ``sentence`` whose first one is doubtful. Returns an empty list
        if there is no time, the engine fails, or the sentence begins with a label.
        """
        if find_label(sentence.text, self._source) or not self._session.may_repair():
            return []
        named = await self._named(sentence)
        try:
            drafts = await self._drafts(named, REDRAFTS, 0)
        except (GenerationFailed, DeadlineExceeded, Unavailable):
            self._session.leave_out()  # there is a translation already
            return []
        return [
            await self._lane.run(self._finished, named, [draft], repaired=True) for draft in drafts
        ]

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
        """Add drafts to the flawed ones until one passes the review; return all, the best first."""
        numbered = any(finding.flag == "number" for finding in drafts[0].findings)
        for number, decoding in enumerate(REPAIRS, 1):
            redraft = _Redraft(number, every_number=numbered)
            more = await self._further(named, (decoding,), redraft)
            drafts = least_flawed_first([*drafts, *more])
            if not drafts[0].findings or not self._session.may_repair():
                break
        return drafts

    async def _further(
        self,
        named: NamedSentence,
        decodings: tuple[Decoding, ...],
        redraft: _Redraft = _Redraft(),  # noqa: B008 - frozen
    ) -> list[Candidate]:
        """Further drafts; none if the engine fails on them."""
        try:
            return await self._drafts(named, decodings, 0, redraft)
        except GenerationFailed:
            return []

    async def _drafts(
        self,
        named: NamedSentence,
        decodings: tuple[Decoding, ...],
        later_tokens: int | None,
        redraft: _Redraft = _Redraft(),  # noqa: B008 - frozen
    ) -> list[Candidate]:
        """Reviewed drafts of one or more decodings: the least flawed first, and of equal ones the
        one most like all others. If the model cannot write the sentence under the grammar, or it is
        too long for one prompt, it is translated in parts.
        """
        sentence = named.sentence
        masked: Masking = "all" if redraft.number else "words"
        masked = masked if self._session.lineup.chats(self._task) else "none"
        model_input = self._naming.prepare(
            named, attempt=redraft.number, in_place=redraft.in_place, masked=masked
        )
        grammar = await self._lane.run(
            translation_grammar,
            model_input.masked(sentence),
            self._target,
            permitted=[target for _, target in model_input.hints],
            every_number=redraft.every_number,
            strict=redraft.strict,
        )
        held = sentence.marks if redraft.strict else sentence.loose.marks
        try:
            return await self._whole(named, model_input, decodings, later_tokens, grammar)
        except UnwritableGrammar:
            if not held:
                return await self._whole(named, model_input, decodings, later_tokens, None)
        except PromptTooLong:
            if self._session.lineup.chats(self._task) or len(sentence.text) < 2:
                raise
            if not sentence.marks:
                return [await self._in_halves(sentence)]
        return [await self._piecewise(sentence)]

    async def _whole(
        self,
        named: NamedSentence,
        model_input: ModelInput,
        decodings: tuple[Decoding, ...],
        later_tokens: int | None,
        grammar: str | None,
    ) -> list[Candidate]:
        (first, *others), sentence = decodings, named.sentence
        if later_tokens is not None:
            later_tokens += sum(_cost(sentence, one) for one in others)
        beside = [
            asyncio.create_task(self._ask(sentence, model_input, one, 0, grammar)) for one in others
        ]
        try:
            outputs = list(await self._ask(sentence, model_input, first, later_tokens, grammar))
            for task in beside:
                outputs += await task
        except BaseException:
            drop_all(beside)  # not awaited, so that a refusal is known before other sentences ask
            raise
        return await self._lane.run(self._reviewed, named, model_input, outputs)

    def _reviewed(
        self, named: NamedSentence, model_input: ModelInput, outputs: Sequence[Output]
    ) -> list[Candidate]:
        """Finish and review the drafts of ``outputs``; sort them by :func:`least_flawed_first`,
        then by :func:`rank`.
        """
        sentence, target = named.sentence, self._target
        drafts: list[Candidate] = []
        for output in outputs:
            stopped = output.finish == "stop"
            text = punctuation.drop_spaces(
                model_input.unmasked(" ".join(output.text.split())), target
            )
            if self._house_style and target == "zh" and not sentence.marks:
                text = print_numbers(text)  # before the review, whose spans refer to the final text
            text = punctuation.space_links(text, sentence)
            text, unnamed = self._naming.finish(named, model_input, text)
            text = restore_end_time(text, sentence.text)
            text = punctuation.match_source(
                text, sentence, target, finished=stopped, drop_added_stop=self._preserve_formatting
            )
            findings = review(sentence, text, target, finished=stopped)
            drafts.append(Candidate(text, (*findings, *unnamed)))
        return least_flawed_first(drafts[at] for at in rank([draft.text for draft in drafts]))

    async def _ask(
        self,
        sentence: MarkedSentence,
        model_input: ModelInput,
        decoding: Decoding,
        later_tokens: int | None,
        grammar: str | None,
    ) -> Sequence[Output]:
        generation = await self._session.generate(
            self._task,
            text=model_input.text,
            messages=styles.translate(
                self._session.lineup.prompting(self._task),
                model_input.sentence,
                self._target,
                hints=(*model_input.hints, *model_input.phrases),
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
        """Translate the text between the marks piece by piece, and join the pieces and marks."""
        ends = [0, *(mark.end for mark in sentence.marks)]
        starts = [*(mark.start for mark in sentence.marks), len(sentence.text)]
        texts = [sentence.text[a:b] for a, b in zip(ends, starts, strict=True)]
        pieces = await run_all(map(self._piece, texts))
        text = punctuation.join_pieces(pieces, sentence.marks, self._target)
        return await self._checked(
            sentence, punctuation.space_links(punctuation.drop_spaces(text, self._target), sentence)
        )

    async def _in_halves(self, sentence: MarkedSentence) -> Candidate:
        """Translate a sentence without marks that has more tokens than estimated in two halves."""
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
        # the model may add a full stop, but this is only part of a sentence
        return (
            text[:start]
            + punctuation.drop_full_stop(drafts[0].text, piece)
            + text[start + len(body) :]
        )


def _most(sentence: MarkedSentence) -> int:
    """Most tokens of a translation of ``sentence``."""
    return 2 * estimate_tokens(sentence.shown) + 24


def _cost(sentence: MarkedSentence, decoding: Decoding) -> int:
    """Estimated tokens of the prompt and the drafts of one decoding."""
    return estimate_tokens(sentence.text) + _most(sentence) * decoding.sampling.sequences
