"""Writing a brief and translating it: draft, review, one repair."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import msgspec

from service.briefs import prompts
from service.briefs.calls import Calls, run_all, summary_task, translation_task
from service.briefs.grounding import brief_grammar
from service.briefs.model import Language, Wish
from service.briefs.reading import Reading
from service.briefs.review import Finding, penalty, review, sentences_of, shorter_versions
from service.briefs.shape import Shape, shape_of
from service.briefs.sources import SourceText, simplified
from service.errors import GenerationFailed
from service.inference.protocol import Generation, Sampling
from service.text.house_style import print_numbers

_FIRST = Sampling(repetition_penalty=1.05)
_TRANSLATION = Sampling(repetition_penalty=1.03)
_RETRIES = (
    Sampling(temperature=0.6, top_p=0.9, repetition_penalty=1.1, seed=1),
    Sampling(temperature=0.9, top_p=0.9, repetition_penalty=1.15, seed=2),
)
"""A repair draws two drafts at once: the prompt is in the prefix cache, so the second is cheap."""


class Draft(msgspec.Struct, frozen=True):
    """A text and what its review found."""

    text: str
    findings: tuple[Finding, ...]
    repaired: bool = False


class Writer:
    """Writes the briefs of one article through ``calls``; without ``repair`` first drafts stand."""

    def __init__(self, calls: Calls, source: SourceText, wish: Wish, *, repair: bool) -> None:
        self._calls = calls
        self._source = source
        self._wish = wish
        self._repair = repair

    async def write(self, reading: Reading) -> Draft:
        """The brief of ``reading`` in the article's language."""
        language = self._source.language
        task = summary_task(language)
        shape = self._shape(language)
        if not self._calls.chats(task):  # trained summarizers often say all in one sentence
            shape = msgspec.structs.replace(shape, least=1)
        messages = prompts.summarize(reading.text, language, shape)
        grammar = brief_grammar(reading.text, shape, article=self._source.text)

        async def draft(sampling: Sampling) -> Draft:
            generation = await self._calls.ask(
                task,
                text=reading.text,
                messages=messages,
                shape=shape,
                grammar=grammar,
                sampling=sampling,
                shares_article=True,
            )
            return self._draft([generation], shape)

        return await self._settle(draft, _FIRST)

    async def translate(self, brief: Draft) -> Draft:
        """``brief`` in the other language, its numbers those of the brief."""
        target: Language = "zh" if self._source.language == "en" else "en"
        task = translation_task(self._source.language)
        one_by_one = not self._calls.chats(task)

        async def draft(sampling: Sampling) -> Draft:
            if one_by_one:
                return await self._translate_sentences(brief.text, target, sampling)
            return await self._translate_whole(brief.text, target, sampling)

        return await self._settle(draft, _TRANSLATION)

    async def _translate_whole(self, text: str, target: Language, sampling: Sampling) -> Draft:
        count = len(self._parts(text, self._source.language))
        shape = self._shape(target)
        exact = self._wish.style == "bullets"
        least = count if exact else min(shape.least, count)
        shape = msgspec.structs.replace(shape, least=least, most=count)
        generation = await self._calls.ask(
            translation_task(self._source.language),
            text=text,
            messages=prompts.translate(text, target),
            shape=shape,
            grammar=brief_grammar(text, shape, article=self._source.text),
            sampling=sampling,
        )
        return self._draft([generation], shape, translated=text)

    async def _translate_sentences(self, text: str, target: Language, sampling: Sampling) -> Draft:
        """For sequence-to-sequence models, which are trained on single sentences."""
        full = self._shape(target)
        single = msgspec.structs.replace(
            full, style="headline" if full.style == "headline" else "paragraph", least=1, most=1
        )
        single = msgspec.structs.replace(single, shortest=1)
        parts = self._parts(text, self._source.language)
        generations = await run_all(
            self._calls.ask(
                translation_task(self._source.language),
                text=part,
                messages=(),
                shape=single,
                grammar=brief_grammar(part, single, article=self._source.text),
                sampling=sampling,
            )
            for part in parts
        )
        shape = msgspec.structs.replace(full, least=1, most=max(full.most, len(parts)))
        return self._draft(generations, shape, translated=text)

    # --- drafts ----------------------------------------------------------------------------

    async def _settle(
        self, draft: Callable[[Sampling], Coroutine[Any, Any, Draft]], sampling: Sampling
    ) -> Draft:
        """The first draft if its review is clean, else the best after one repair. A repair that
        the engine gives up on costs nothing but itself.
        """
        first = await draft(sampling)
        if not first.findings or not self._repair:
            return first

        async def again(retry: Sampling) -> Draft:
            try:
                return await draft(retry)
            except GenerationFailed:
                return first

        retries = await run_all(again(retry) for retry in _RETRIES)
        best = min([first, *retries], key=lambda one: penalty(one.findings))
        return msgspec.structs.replace(best, repaired=best is not first)

    def _draft(
        self, generations: list[Generation], shape: Shape, *, translated: str | None = None
    ) -> Draft:
        """The generated text, or the text less one sentence if that alone cures it."""
        outputs = [generation.outputs[0] for generation in generations]
        finished = all(output.finish == "stop" for output in outputs)
        text = _joined([output.text.strip() for output in outputs], shape)
        if shape.language == "zh":
            text = print_numbers(simplified(text, "zh"))
        check = partial(
            review,
            shape=shape,
            source=self._source.text,
            source_language=self._source.language,
            title=self._source.title,
            translated=translated,
        )
        findings = check(text, finished=finished)
        if findings and self._repair:
            for shorter in shorter_versions(text, shape):
                if not check(shorter):
                    return Draft(shorter, ())
        return Draft(text, findings)

    def _shape(self, language: Language) -> Shape:
        return shape_of(self._wish, language, source_sentences=self._source.weight)

    def _parts(self, text: str, language: Language) -> list[str]:
        """The sentences of a brief, its bullets without their dashes, or its headline."""
        match self._wish.style:
            case "headline":
                return [text]
            case "bullets":
                return [line.removeprefix("- ") for line in text.splitlines()]
            case "paragraph":
                return sentences_of(text, language)


def _joined(texts: list[str], shape: Shape) -> str:
    """One generation's text as it is; those of single sentences put together in their style."""
    if len(texts) == 1 and (shape.style != "bullets" or texts[0].startswith("- ")):
        return texts[0]
    if shape.style == "bullets":
        return "\n".join(f"- {text}" for text in texts)
    return ("" if shape.language == "zh" else " ").join(texts)
