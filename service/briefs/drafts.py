"""Drafts of briefs: made from generations, reviewed, and repaired once if they have flaws."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import msgspec

from service.briefs.model import (
    ArticleName,
    BriefOptions,
    Label,
    RankedSentence,
    SentenceOrigin,
    SourceSpan,
    Style,
)
from service.briefs.review import ReviewFinding, penalty, review, shorter_versions
from service.briefs.shape import Shape, shape_of
from service.briefs.sources import SourceText, simplified
from service.briefs.tags import ArticleTag
from service.concurrency import end_all
from service.errors import GenerationFailed
from service.inference.protocol import Generation, Sampling
from service.languages import Language
from service.names.model import ListedName
from service.tasks import Truth
from service.text.house_style import print_numbers
from service.text.repetition import sentences_of
from service.workers import Lane

_RETRIES = (
    Sampling(temperature=0.6, top_p=0.9, repetition_penalty=1.1, seed=1),
    Sampling(temperature=0.9, top_p=0.9, repetition_penalty=1.15, seed=2),
)
"""A repair samples two drafts at once: with the prompt in the prefix cache, the second is cheap."""


class DraftSentence(msgspec.Struct, frozen=True):
    """One sentence of a draft and where it comes from. ``original`` is a Chinese sentence in the
    article's own script, ``body`` the spans of the article's body that it was made of. ``reasons``
    say why a translated sentence is doubtful; they are empty if it was checked, and None if it was
    not translated, and ``translates`` is its source if that was shortened for it. ``rank`` is that
    of its source among the article's sentences.
    """

    text: str
    source: tuple[SourceSpan, ...] = ()
    origin: SentenceOrigin = "written"
    findings: tuple[ReviewFinding, ...] = ()
    original: str | None = None
    body: tuple[tuple[int, int], ...] = ()
    reasons: tuple[str, ...] | None = None
    translates: str | None = None
    rank: float | None = None


class Draft(msgspec.Struct, frozen=True):
    """A text, and the findings on it as a whole and on each of its ``sentences``. A translation has
    the ``names`` that it translates, and the ``truth`` of its lineup. ``ranked`` are the article's
    sentences; they, the ``headline``, the ``tags`` and the ``article_names`` are there if the
    request asked for them.
    """

    text: str
    findings: tuple[ReviewFinding, ...]
    repaired: bool = False
    sentences: tuple[DraftSentence, ...] = ()
    label: Label | None = None
    truth: Truth | None = None
    names: tuple[ListedName, ...] = ()
    ranked: tuple[RankedSentence, ...] = ()
    headline: DraftSentence | None = None
    tags: tuple[ArticleTag, ...] = ()
    article_names: tuple[ArticleName, ...] = ()


async def settle(
    draft: Callable[[Sampling], Coroutine[Any, Any, Draft]],
    first: Sampling,
    *,
    may_repair: Callable[[], bool],
) -> Draft:
    """Return the first draft if it has no findings or ``may_repair`` returns False, else the best
    one after a repair. Of the drafts of a repair, the first without findings is taken at once. If
    the engine fails on a repair, the other drafts count.
    """
    flawed = await draft(first)
    if not flawed.findings or not may_repair():
        return flawed

    async def again(retry: Sampling) -> Draft:
        try:
            return await draft(retry)
        except GenerationFailed:
            return flawed

    retries = [asyncio.create_task(again(retry)) for retry in _RETRIES]
    try:
        drafts = [flawed]
        for retry in retries:
            drafts.append(await retry)
            if not drafts[-1].findings:
                break
    finally:
        await end_all(retries)
    best = min(drafts, key=lambda one: penalty(one.findings))
    return msgspec.structs.replace(best, repaired=best is not flawed)


class Drafter:
    """Makes reviewed drafts of one article's briefs. Reviews run in ``lane``. Without ``repair``,
    flawed sentences are not left out; another draft is sampled only if ``may_repair`` returns True.
    """

    def __init__(
        self,
        source: SourceText,
        options: BriefOptions,
        lane: Lane,
        *,
        repair: bool,
        may_repair: Callable[[], bool],
    ) -> None:
        self._source = source
        self._options = options
        self._lane = lane
        self._repair = repair
        self._may_repair = may_repair

    @property
    def style(self) -> Style:
        """The style of the briefs."""
        return self._options.style

    def shape(self, language: Language) -> Shape:
        """Return the shape of a brief in ``language``."""
        return shape_of(self._options, language, source_sentences=self._source.weight)

    def fewest(self, language: Language) -> int:
        """Return how many sentences an extractive brief keeps even if their translation failed. If
        the number of sentences is not given, the first is enough, because it has the news.
        """
        named = isinstance(self._options.length, str)
        return 1 if named and self.style == "paragraph" else self.shape(language).least

    def parts(self, text: str, language: Language) -> list[str]:
        """The sentences of a brief, its bullets without their dashes, or its headline."""
        return parts_of(text, self._options.style, language)

    async def draft(self, generations: Sequence[Generation], shape: Shape) -> Draft:
        """Return the generated text with its findings, or without the one sentence that has them
        all.
        """
        return await self._lane.run(self._drafted, generations, shape)

    def _drafted(self, generations: Sequence[Generation], shape: Shape) -> Draft:
        outputs = [generation.outputs[0] for generation in generations]
        finished = all(output.finish == "stop" for output in outputs)
        text = printed(
            join_parts([output.text.strip() for output in outputs], shape.style, shape.language),
            shape.language,
        )
        findings = self._review(text, shape, finished=finished)
        if findings and self._repair:
            for shorter in shorter_versions(text, shape):
                if not self._review(shorter, shape):
                    return Draft(shorter, ())
        return Draft(text, findings)

    def _review(
        self, text: str, shape: Shape, *, finished: bool = True
    ) -> tuple[ReviewFinding, ...]:
        return review(
            text,
            shape=shape,
            source=self._source.article,
            source_language=self._source.language,
            title=self._source.title,
            finished=finished,
        )

    async def settle(
        self, draft: Callable[[Sampling], Coroutine[Any, Any, Draft]], first: Sampling
    ) -> Draft:
        """See :func:`settle`."""
        return await settle(draft, first, may_repair=self._may_repair)


def printed(text: str, language: Language) -> str:
    """Return the model's text in house style."""
    return print_numbers(simplified(text, "zh")) if language == "zh" else text


def parts_of(text: str, style: Style, language: Language) -> list[str]:
    """The sentences of a brief, its bullets without their dashes, or its headline."""
    match style:
        case "headline":
            return [text]
        case "bullets":
            return [line.removeprefix("- ") for line in text.splitlines()]
        case "paragraph":
            return sentences_of(text, language)


def join_parts(texts: Sequence[str], style: Style, language: Language) -> str:
    """Join sentences, bullets or a headline to the text of a brief."""
    if style == "bullets":
        return "\n".join(text if text.startswith("- ") else f"- {text}" for text in texts)
    return ("" if language == "zh" else " ").join(texts)
