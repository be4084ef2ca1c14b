"""Writing a brief and translating it: draft, review, one repair."""

from __future__ import annotations

from functools import partial

import msgspec

from service.briefs import prompts
from service.briefs.calls import Calls, run_all, summary_task, translation_task
from service.briefs.drafts import Draft, settle
from service.briefs.grounding import brief_grammar
from service.briefs.model import Language, Wish
from service.briefs.reading import Reading
from service.briefs.review import review, sentences_of, shorter_versions
from service.briefs.shape import Shape, shape_of
from service.briefs.sources import SourceText, simplified
from service.inference.protocol import Generation, Message, Sampling
from service.text.house_style import print_numbers

_FIRST = Sampling(repetition_penalty=1.05)
_TRANSLATION = Sampling(repetition_penalty=1.03)
_SENTENCES_A_PORTION = 2
"""Most sentences that are written in one go from notes."""


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
        portions = _portions(reading, shape)
        grammars = [
            brief_grammar(portion.text, portion.shape, article=self._source.text)
            for portion in portions
        ]

        async def one(portion: _Portion, grammar: str, sampling: Sampling) -> Generation:
            return await self._calls.ask(
                task,
                text=portion.text,
                messages=portion.messages,
                shape=portion.shape,
                grammar=grammar,
                sampling=sampling,
                shares_article=len(portions) == 1,
            )

        async def draft(sampling: Sampling) -> Draft:
            pairs = zip(portions, grammars, strict=True)
            generations = await run_all(one(*pair, sampling) for pair in pairs)
            return self._draft(generations, shape)

        return await settle(draft, _FIRST, repair=self._repair)

    async def translate(self, brief: Draft) -> Draft:
        """``brief`` in the other language, its numbers those of the brief.

        English goes sentence by sentence: given three Chinese sentences and room for three, a
        model makes three of the first and leaves out the rest. Chinese does not do that, and
        written in one go it calls a person by one name throughout.
        """
        target: Language = "zh" if self._source.language == "en" else "en"
        chats = self._calls.chats(translation_task(self._source.language))
        one_by_one = target == "en" or not chats

        async def draft(sampling: Sampling) -> Draft:
            if one_by_one:
                return await self._translate_sentences(brief.text, target, sampling)
            return await self._translate_whole(brief.text, target, sampling)

        return await settle(draft, _TRANSLATION, repair=self._repair)

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
                messages=prompts.translate(part, target),
                shape=single,
                grammar=brief_grammar(part, single, article=self._source.text),
                sampling=sampling,
            )
            for part in parts
        )
        count = len(parts)
        shape = msgspec.structs.replace(
            full, least=min(full.least, count), most=max(full.most, count)
        )
        return self._draft(generations, shape, translated=text)

    # --- drafts ----------------------------------------------------------------------------

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


class _Portion(msgspec.Struct, frozen=True):
    """What one generation of a brief is written from, and its share of the brief's ``shape``."""

    text: str
    shape: Shape
    messages: tuple[Message, ...]


def _portions(reading: Reading, shape: Shape) -> list[_Portion]:
    """The article or a few notes in one piece. Many sentences are written from many notes in
    portions: a small model would copy the first notes and never come to the last.
    """
    language = shape.language
    if not reading.notes:
        return [_Portion(reading.text, shape, prompts.summarize(reading.text, language, shape))]
    count = min(-(-shape.most // _SENTENCES_A_PORTION), len(reading.notes))
    sizes = (_shares(total, count) for total in (len(reading.notes), shape.least, shape.most))
    portions: list[_Portion] = []
    at = 0
    for notes, least, most in zip(*sizes, strict=True):
        text = "\n".join(reading.notes[at : at + notes])
        own = msgspec.structs.replace(shape, least=max(1, least), most=most)
        ending = at + notes == len(reading.notes)
        messages = prompts.condense(text, language, own, opening=not at, ending=ending)
        portions.append(_Portion(text, own, messages))
        at += notes
    return portions


def _shares(total: int, count: int) -> list[int]:
    """``total`` in ``count`` nearly equal parts, the larger ones first."""
    return [total // count + (at < total % count) for at in range(count)]


def _joined(texts: list[str], shape: Shape) -> str:
    """Several generations' texts put together in their style."""
    if shape.style == "bullets":
        return "\n".join(text if text.startswith("- ") else f"- {text}" for text in texts)
    return ("" if shape.language == "zh" else " ").join(texts)
