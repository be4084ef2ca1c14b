"""From texts to reviewed translations, sentence by sentence.

A text is taken apart into sentences (:mod:`service.translation.plan`); each distinct one is
translated once, many side by side, under a grammar of its own; reviewed, drafted again if it is
flawed, and put back in its place. What no repair cured is told in the translation's warnings.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from service.errors import PromptTooLong, UnsupportedTask, UnwritableGrammar
from service.generation.calls import Calls, drop_all, end_all, run_all, translation_task
from service.inference.protocol import Generator, Output, Sampling, Task
from service.languages import Language, language_of
from service.text.chunks import Chunk, Piece, estimate_tokens, halve
from service.text.scripts import Variant, convert
from service.translation import prompts
from service.translation.consensus import rank
from service.translation.grammar import translation_grammar
from service.translation.model import (
    Effort,
    Order,
    Progress,
    Translated,
    Translation,
    Warned,
)
from service.translation.plan import Finished, Planned, plan, variant_of
from service.translation.review import Finding, penalty, review, split_tags
from service.translation.segments import LETTER, LONGEST, Sentence
from service.translation.terms import Terms
from service.workers import Lane, Workers

WIDTH = 64
"""Sentences of one order that are under way at a time."""

_THOROUGH = 0.25
"""Share of the caller's time in which sentences are decoded at their best: it takes several times
as long."""


class Way(msgspec.Struct, frozen=True):
    """How drafts are made: the ``sampling``, and whether the prompt has ``examples`` wherever there
    are any.
    """

    sampling: Sampling
    examples: bool = False


_GREEDY = (Way(Sampling()),)
_DRAWN = Way(Sampling(temperature=0.5, top_p=0.95, candidates=4, seed=1), examples=True)
# of two prompts: what one of them misleads the model to, the other does not
_BY_SEARCH = (Way(Sampling(beams=4)), _DRAWN)
_BY_DRAFTS = (Way(Sampling(temperature=0.5, top_p=0.95, candidates=4, seed=2)), _DRAWN)
_AGAIN = Sampling(temperature=0.7, top_p=0.95, candidates=4, seed=1)


class Draft(msgspec.Struct, frozen=True):
    """A sentence's translation with its marks, and what its review found."""

    text: str
    findings: tuple[Finding, ...] = ()


class Translator:
    """A :class:`~service.translation.model.Translates` over ``generator``.

    ``effort`` is the usual one, where an :class:`Order` asks for no other. ``grounding`` off
    decodes without grammars, and first drafts stand: for measuring what both are worth. ``workers``
    do what would hold up the event loop; without any, it has its own.
    """

    def __init__(
        self,
        generator: Generator,
        *,
        effort: Literal["quick", "best"] = "quick",
        grounding: bool = True,
        workers: Workers | None = None,
    ) -> None:
        self._generator = generator
        self._workers = workers or Workers()
        self._effort: Effort = effort
        self._grounding = grounding

    async def translate(
        self, order: Order, *, progress: Progress | None = None, patience: float | None = None
    ) -> Translated:
        """Translate; see :class:`~service.translation.model.Translates`.

        Raises:
            UnsupportedLanguage: no text is English or Chinese; ``field`` names one.
            InvalidInput: a text's markup cannot be read; ``field`` names it.
            UnsupportedTask: the lineup has no model for the direction.
            Overloaded, Unavailable, DeadlineExceeded, GenerationFailed: from the engine.
        """
        report = progress or (lambda _: None)
        calls = Calls(self._generator, grounding=self._grounding, patience=patience)
        target = language_of(order.target)
        source: Language = "en" if target == "zh" else "zh"
        task = translation_task(source)
        longest = min(LONGEST, calls.room(task)) if calls.serves(task) else LONGEST
        lane = self._workers.lane()
        terms = await lane.run(Terms, order.terms, source)
        texts = await lane.run(plan, order, terms, longest=longest)
        wanted = await lane.run(_distinct, texts)
        if wanted and not calls.serves(task):
            raise UnsupportedTask(f"no model of the lineup serves {task}")
        effort = self._effort if order.effort == "usual" else order.effort
        first = _thorough(calls, task) if wanted and effort == "best" else _GREEDY
        maker = _Maker(
            calls, lane, order, terms, task=task, target=target, first=first, repair=self._grounding
        )
        drafts = await _all(maker, wanted, report)
        return Translated(
            translations=await lane.run(_put_together, texts, drafts, order),
            model=calls.models,
            usage=calls.usage,
            timings=calls.timings,
        )


def _distinct(texts: Sequence[Planned]) -> list[Sentence]:
    """The sentences of all texts, in order, each once."""
    return list(dict.fromkeys(one for text in texts for one in text.sentences))


def _thorough(calls: Calls, task: Task) -> tuple[Way, ...]:
    """How a sentence is decoded at its best: drafts are drawn, and the likeliest texts searched for
    where the engine can; of all, the one most like the others is taken. What that is worth was
    measured with instruct models alone.
    """
    if not calls.chats(task):
        return _GREEDY
    return _BY_SEARCH if calls.searches(task) else _BY_DRAFTS


async def _all(
    maker: _Maker, sentences: Sequence[Sentence], report: Progress
) -> dict[Sentence, list[Draft]]:
    """Drafts of all ``sentences``, the best of each first; :data:`WIDTH` of them at a time."""
    drafts: dict[Sentence, list[Draft]] = {}
    waiting = iter(sentences)
    rest = await maker.total(sentences)

    async def work() -> None:
        nonlocal rest
        for sentence in waiting:
            rest -= maker.cost(sentence)
            drafts[sentence] = await maker.make(sentence, to_come=rest // WIDTH)
            report(len(drafts) / len(sentences))

    # the first one alone asks for admission; what follows belongs to what was accepted
    first = asyncio.create_task(work())
    try:
        await maker.until_accepted(first)
        if first.done():
            first.result()
        await run_all([_result(first), *(work() for _ in range(min(WIDTH, len(sentences)) - 1))])
    finally:
        await end_all([first])
    return drafts


async def _result(task: asyncio.Task[None]) -> None:
    await task


class _Maker:
    """Makes drafts of an order's sentences through ``calls``; grammars and reviews are made in
    ``lane``.
    """

    def __init__(
        self,
        calls: Calls,
        lane: Lane,
        order: Order,
        terms: Terms,
        *,
        task: Task,
        target: Language,
        first: tuple[Way, ...],
        repair: bool,
    ) -> None:
        self._calls = calls
        self._lane = lane
        self._wanted = first
        self._task = task
        self._target = target
        self._order = order
        self._repair = repair
        self._terms = terms

    async def until_accepted(self, beginning: asyncio.Future[None]) -> None:
        """Wait until none of the order's sentences can be refused any more, or until ``beginning``,
        which makes the first of them, has ended.
        """
        await self._calls.until_accepted(beginning)

    def cost(self, sentence: Sentence) -> int:
        """Estimated tokens of a sentence's first drafts."""
        return sum(_cost(sentence, way) for way in self._first)

    async def total(self, sentences: Sequence[Sentence]) -> int:
        """Estimated tokens of the first drafts of all ``sentences``."""
        return await self._lane.run(lambda: sum(map(self.cost, sentences)))

    @property
    def _first(self) -> tuple[Way, ...]:
        """How a sentence is decoded first: as wanted, until a quarter of the time is gone."""
        return self._wanted if self._calls.spent < _THOROUGH else _GREEDY

    async def make(self, sentence: Sentence, *, to_come: int) -> list[Draft]:
        """Drafts of ``sentence``, the best first: if the first is flawed and there is time, others
        are drawn; should marks be lost all the same, what stands between them is translated in
        pieces.
        """
        in_pieces = bool(sentence.tags) and not self._calls.chats(self._task)
        drafts = [] if in_pieces else await self._drafts(sentence, self._first, to_come)
        if drafts and drafts[0].findings and self._calls.may_repair():
            numbered = any(finding.flag == "number" for finding in drafts[0].findings)
            again = await self._drafts(sentence, (Way(_AGAIN),), 0, every_number=numbered)
            drafts = _sorted([*drafts, *again])
        if drafts and self._order.alternatives:
            others = msgspec.structs.replace(_AGAIN, candidates=self._order.alternatives + 1)
            drafts = [*drafts, *await self._drafts(sentence, (Way(others),), 0)]
        lost = in_pieces or any(finding.flag == "term" for finding in drafts[0].findings)
        if in_pieces or (self._repair and sentence.marks and lost):
            drafts = _sorted([await self._piecewise(sentence), *drafts])
        return drafts

    async def _drafts(
        self,
        sentence: Sentence,
        ways: tuple[Way, ...],
        to_come: int,
        *,
        every_number: bool = False,
    ) -> list[Draft]:
        """Reviewed drafts in one or more ways: the least flawed first, of equals the one most like
        all others. What the model cannot write under the grammar, or read in one piece, it is
        given in parts.
        """
        grammar = await self._lane.run(
            translation_grammar, sentence, self._target, every_number=every_number
        )
        try:
            return await self._whole(sentence, ways, to_come, grammar)
        except UnwritableGrammar:
            if not sentence.marks:
                return await self._whole(sentence, ways, to_come, None)
        except PromptTooLong:
            if self._calls.chats(self._task) or len(sentence.text) < 2:
                raise
            if not sentence.marks:
                return [await self._in_halves(sentence)]
        return [await self._piecewise(sentence)]

    async def _whole(
        self, sentence: Sentence, ways: tuple[Way, ...], to_come: int, grammar: str | None
    ) -> list[Draft]:
        first, *others = ways
        to_come += sum(_cost(sentence, way) for way in others)
        # they begin after the first has asked: should that be refused, they never do
        beside = [asyncio.create_task(self._ask(sentence, way, 0, grammar)) for way in others]
        try:
            outputs = list(await self._ask(sentence, first, to_come, grammar))
            for task in beside:
                outputs += await task
        except BaseException:
            drop_all(beside)  # unawaited, so that a refusal is known before others ask
            raise
        return await self._lane.run(_reviewed, sentence, self._target, outputs)

    async def _ask(
        self, sentence: Sentence, way: Way, to_come: int, grammar: str | None
    ) -> Sequence[Output]:
        terms = [span.term for span in self._terms.find(sentence.text)]
        context = self._order.context
        alike = not (terms or context)
        generation = await self._calls.generate(
            self._task,
            text=sentence.simplified,
            messages=prompts.translate(
                sentence, self._target, terms=terms, context=context, examples=way.examples
            ),
            target=self._target,
            most=_most(sentence),
            grammar=grammar,
            sampling=way.sampling,
            family=f"{self._task} {bool(sentence.marks)} {way.examples}" if alike else "",
            to_come=to_come,
        )
        return generation.outputs

    async def _piecewise(self, sentence: Sentence) -> Draft:
        """What stands between the marks, translated by itself, and the marks as they must be."""
        ends = [0, *(mark.end for mark in sentence.marks)]
        starts = [*(mark.start for mark in sentence.marks), len(sentence.text)]
        texts = [sentence.text[a:b] for a, b in zip(ends, starts, strict=True)]
        pieces = await run_all(map(self._piece, texts))
        kept = [*(mark.kept for mark in sentence.marks), ""]
        return await self._checked(sentence, "".join(map("".join, zip(pieces, kept, strict=True))))

    async def _in_halves(self, sentence: Sentence) -> Draft:
        """An unmarked sentence that has more tokens than were estimated."""
        halves = halve(Chunk((Piece(0, sentence.text, ""),)))
        texts = await run_all(self._piece(half.text) for half in halves)
        return await self._checked(sentence, (" " if self._target == "en" else "").join(texts))

    async def _checked(self, sentence: Sentence, text: str) -> Draft:
        return Draft(text, await self._lane.run(review, sentence, text, self._target))

    async def _piece(self, text: str) -> str:
        if not LETTER.search(text):
            return text
        body = text.strip()
        start = text.index(body)
        drafts = await self._drafts(Sentence(body), self._first, 0)
        return text[:start] + drafts[0].text + text[start + len(body) :]


def _reviewed(sentence: Sentence, target: Language, outputs: Sequence[Output]) -> list[Draft]:
    """The drafts of ``outputs`` with what is wrong with them, in the order of :func:`_sorted` and
    of :func:`rank`.
    """
    texts = [" ".join(output.text.split()) for output in outputs]
    finished = [output.finish == "stop" for output in outputs]
    return _sorted(
        Draft(texts[at], review(sentence, texts[at], target, finished=finished[at]))
        for at in rank(texts)
    )


def _most(sentence: Sentence) -> int:
    """Tokens that a translation of ``sentence`` may take."""
    return 2 * estimate_tokens(sentence.shown) + 24


def _cost(sentence: Sentence, way: Way) -> int:
    """Estimated tokens of what is read and written in one way."""
    return estimate_tokens(sentence.text) + _most(sentence) * way.sampling.sequences


def _sorted(drafts: Iterable[Draft]) -> list[Draft]:
    return sorted(drafts, key=lambda draft: penalty(draft.findings))


# ------------------------------------------------------------------ back in place


def _put_together(
    texts: Sequence[Planned], drafts: dict[Sentence, list[Draft]], order: Order
) -> tuple[Translation, ...]:
    """The translations of all texts, and as many other versions as were asked for and differ."""
    variant = variant_of(order)
    most = max(map(len, drafts.values()), default=1)
    count = min(most, order.alternatives + 1)
    versions: list[Finished] = [
        {
            sentence: _texts(sentence, different[min(at, len(different) - 1)], variant)
            for sentence, ranked in drafts.items()
            for different in [list(dict.fromkeys(draft.text for draft in ranked))]
        }
        for at in range(count)
    ] or [{}]
    return tuple(_translation(text, drafts, versions) for text in texts)


def _translation(
    text: Planned, drafts: dict[Sentence, list[Draft]], versions: Sequence[Finished]
) -> Translation:
    first, *others = [text.render(version) for version in versions]
    warned = [
        Warned(finding.flag, sentence.text, finding.message)
        for sentence in dict.fromkeys(text.sentences)
        for finding in drafts[sentence][0].findings
    ]
    return Translation(
        text=first,
        language=text.language,
        confidence=text.confidence,
        warnings=(*text.strange, *warned),
        alternatives=tuple(dict.fromkeys(other for other in others if other != first)),
    )


def _texts(sentence: Sentence, draft: str, variant: Variant | None) -> list[str]:
    """A draft's texts between its tags, in the script that was asked for. Should its tags be lost,
    all of it stands before them.
    """
    texts = split_tags(draft, sentence) or [draft, *[""] * len(sentence.tags)]
    if variant is None:
        return texts
    return [_convert_around(text, sentence.kept, variant) for text in texts]


def _convert_around(text: str, kept: Sequence[str], variant: Variant) -> str:
    """``text`` in another script, but for what is to be ``kept``."""
    if not kept:
        return convert(text, variant)
    ordered = sorted(set(kept), key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, ordered))})", text)
    return "".join(part if at % 2 else convert(part, variant) for at, part in enumerate(parts))
