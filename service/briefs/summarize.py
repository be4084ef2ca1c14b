"""From an article and a wish to reviewed briefs.

The article is briefed in its own language, then the finished brief is translated: a small model
translates three sentences better than it retells an article across languages, and both briefs
say the same (ADR 5). A long article is read in parts: notes of each part, then a brief of the
notes. Every text is decoded under a grammar made from what it must be true to, reviewed, and
repaired once.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any, Literal, TypeVar

import msgspec

from service.briefs import prompts
from service.briefs.grounding import brief_grammar
from service.briefs.model import (
    Article,
    Brief,
    Caution,
    Language,
    LanguageTag,
    Source,
    Summary,
    Wish,
)
from service.briefs.review import (
    Finding,
    count_units,
    penalty,
    review,
    sentences_of,
    shorter_versions,
)
from service.briefs.shape import Shape, shape_of
from service.errors import (
    InvalidInput,
    PromptTooLong,
    TextTooShort,
    UnsupportedLanguage,
    UnsupportedTask,
)
from service.inference.protocol import (
    Capabilities,
    Generation,
    GenerationRequest,
    Generator,
    Message,
    Sampling,
    Task,
    Timings,
    Usage,
)
from service.text.chunks import Chunk, estimate_tokens, halve, split_chunks
from service.text.languages import Detection, detect
from service.text.scripts import Variant, convert
from service.text.sentences import split_sentences

T = TypeVar("T")
Progress = Callable[[float, str], None]
"""Called with the share done (0 to 1) and what is going on."""

DIRECT_TOKENS = 2400
"""Estimated tokens of an article that is read in one piece; longer ones are read in parts."""
PART_TOKENS = 1500
"""Estimated tokens of one part: a small model overlooks what stands in the middle of more."""
PROMPT_OVERHEAD = 300
"""Tokens of the instruction and of the chat template."""
LEAST_UNITS: dict[Language, int] = {"en": 15, "zh": 30}
"""Words (English) or characters (Chinese) below which there is nothing to shorten."""

_FIRST = Sampling(repetition_penalty=1.05)
_TRANSLATION = Sampling(repetition_penalty=1.03)
_RETRIES = (
    Sampling(temperature=0.6, top_p=0.9, repetition_penalty=1.1, seed=1),
    Sampling(temperature=0.9, top_p=0.9, repetition_penalty=1.15, seed=2),
)
_LANGUAGE_NAMES = {"ja": "Japanese", "ko": "Korean", "fr": "French", "de": "German"}
_LANGUAGE_NAMES |= {"es": "Spanish", "ru": "Russian", "pt": "Portuguese", "it": "Italian"}
_LANGUAGE_NAMES |= {"ar": "Arabic", "nl": "Dutch", "vi": "Vietnamese", "th": "Thai"}


class _Reading(msgspec.Struct, frozen=True):
    """What the model is given: the whole article, or the notes taken of its parts."""

    text: str
    characters_read: int


class _Draft(msgspec.Struct, frozen=True):
    """A text and what its review found."""

    text: str
    findings: tuple[Finding, ...]
    repaired: bool = False


class Summarizer:
    """Makes briefs with ``generator``.

    ``bare_zh`` is the script that a wish for plain ``zh`` gets. ``grounding`` off decodes without
    grammars and skips repair, for measuring what they are worth.
    """

    def __init__(
        self, generator: Generator, *, bare_zh: Variant = "zh-Hans", grounding: bool = True
    ) -> None:
        self._generator = generator
        self._bare_zh = bare_zh
        self._grounding = grounding

    async def summarize(
        self, article: Article, wish: Wish, *, progress: Progress | None = None
    ) -> Summary:
        """Brief ``article`` in every language of ``wish``.

        Raises:
            TextTooShort: there is nothing to shorten.
            UnsupportedLanguage: the article is neither English nor Chinese.
            InvalidInput: ``source`` names the other language of the two.
            UnsupportedTask: the lineup cannot serve a language, directly or composed.
            Overloaded, Unavailable, DeadlineExceeded, GenerationFailed: from the engine.
        """
        detection = detect("\n".join([*filter(None, [article.title]), *article.blocks]))
        language = _source_language(article, detection)
        work = _Work(
            self._generator,
            article,
            wish,
            language,
            grounding=self._grounding,
            progress=progress,
        )
        drafts = await work.run()
        characters = sum(len("".join(block.split())) for block in article.blocks)
        return Summary(
            source=Source(
                language=language,
                script="Latn" if language == "en" else _script(detection),
                characters=sum(map(len, article.blocks)),
                coverage=round(min(1.0, work.characters_read / characters), 4),
            ),
            briefs={tag: self._brief(drafts[_language_of(tag)], tag) for tag in wish.languages},
            model=" + ".join(dict.fromkeys(one.model for one in work.generations)),
            warnings=tuple(
                Caution(code=finding.code, language=tag, message=finding.message)
                for tag in wish.languages
                for finding in drafts[_language_of(tag)].findings
            ),
            usage=_total_usage(work.generations),
            timings=_total_timings(work.generations),
        )

    def _brief(self, draft: _Draft, tag: LanguageTag) -> Brief:
        language = _language_of(tag)
        text = draft.text
        if tag != "en":
            text = convert(text, self._bare_zh if tag == "zh" else tag)
        return Brief(
            text=text,
            language=tag,
            length=count_units(text, language),
            unit="words" if language == "en" else "characters",
            repaired=draft.repaired,
        )


class _Work:
    """One article's way through the model."""

    def __init__(
        self,
        generator: Generator,
        article: Article,
        wish: Wish,
        language: Language,
        *,
        grounding: bool,
        progress: Progress | None,
    ) -> None:
        self._generator = generator
        self._wish = wish
        self._language = language
        self._grounding = grounding
        self._progress = progress or (lambda _share, _what: None)
        self._family = uuid.uuid4().hex
        self._title = _simplified(article.title, language) if article.title else None
        self._body = _simplified("\n".join(article.blocks), language)
        self._sentences = split_sentences(self._body)
        self._source = "\n".join(filter(None, [self._heading(article), self._body]))
        self.generations: list[Generation] = []
        self.characters_read = 0

    def _heading(self, article: Article) -> str | None:
        """The title, unless the text opens with it."""
        opens_with_it = self._title and article.blocks and self._body.startswith(self._title)
        return None if opens_with_it else self._title

    async def run(self) -> dict[Language, _Draft]:
        """Drafts by language, of those that the wish needs."""
        wanted = list(dict.fromkeys(map(_language_of, self._wish.languages)))
        route = _route(self._language, wanted, self._generator.capabilities)
        reading = await self._read()
        self._progress(0.6, "writing")
        drafts = {route.written: await self._write(reading, route.written)}
        for target in route.translated:
            self._progress(0.8, "translating")
            drafts[target] = await self._translate(drafts[route.written], route.written, target)
        self._progress(1.0, "done")
        return drafts

    # --- reading ---------------------------------------------------------------------------

    async def _read(self) -> _Reading:
        """The article itself if it fits one prompt, else notes of all its parts."""
        room = self._room()
        if estimate_tokens(self._source) <= min(DIRECT_TOKENS, room):
            return _Reading(self._source, len("".join(self._body.split())))
        chunks = split_chunks(self._sentences, min(PART_TOKENS, room))
        return await self._notes_of(chunks)

    async def _notes_of(self, chunks: Sequence[Chunk]) -> _Reading:
        done = 0

        async def one(chunk: Chunk) -> tuple[str, int]:
            nonlocal done
            note = await self._notes(chunk)
            done += 1
            self._progress(0.6 * done / len(chunks), f"reading, part {done} of {len(chunks)}")
            return note

        notes = await _all(one(chunk) for chunk in chunks)
        text = "\n".join(note for note, _ in notes)
        characters = sum(count for _, count in notes)
        if len(chunks) > 1 and estimate_tokens(text) > min(DIRECT_TOKENS, self._room()):
            again = split_chunks(split_sentences(text), min(PART_TOKENS, self._room()))
            if len(again) < len(chunks):
                text = (await self._notes_of(again)).text
        return _Reading(text, characters)

    async def _notes(self, chunk: Chunk) -> tuple[str, int]:
        """Notes of one part, and how many of its characters the model read."""
        shape = shape_of(self._wish_for_notes(), self._language, source_sentences=10)
        try:
            generation = await self._generate(
                task=_summary_task(self._language),
                source=self._language,
                messages=prompts.take_notes(chunk.text, self._language),
                text=chunk.text,
                grammar=brief_grammar(chunk.text, shape, article=self._source),
                shape=shape,
                sampling=_FIRST,
                family="",
            )
        except PromptTooLong:
            halves = await _all(self._notes(half) for half in halve(chunk))
            return "\n".join(text for text, _ in halves), sum(count for _, count in halves)
        return _whole_sentences(generation), chunk.characters

    def _wish_for_notes(self) -> Wish:
        return Wish(length="medium" if self._chats("summarize") else "short")

    def _room(self) -> int:
        """Tokens of article text that one prompt can hold."""
        one = _server(_summary_task(self._language), self._generator.capabilities)
        if one is None or one.prompting == "chat":
            context = one.context if one else DIRECT_TOKENS
            return max(64, context - min(one.max_output if one else 0, 1024) - PROMPT_OVERHEAD)
        return max(32, one.context - 8)

    # --- writing ---------------------------------------------------------------------------

    async def _write(self, reading: _Reading, language: Language) -> _Draft:
        """The reviewed brief of what was read."""
        self.characters_read = reading.characters_read
        shape = shape_of(self._wish, language, source_sentences=len(self._sentences))
        if not self._chats("summarize"):
            shape = msgspec.structs.replace(shape, least=1)
        grammar = brief_grammar(reading.text, shape, article=self._source)

        async def draft(sampling: Sampling) -> _Draft:
            generation = await self._generate(
                task=_summary_task(language),
                source=self._language,
                messages=prompts.summarize(reading.text, self._language, shape),
                text=reading.text,
                grammar=grammar,
                shape=shape,
                sampling=sampling,
                family=self._family,
            )
            return self._reviewed(generation, shape)

        try:
            return await self._settle(draft, _FIRST)
        except PromptTooLong:
            chunks = split_chunks(split_sentences(reading.text), self._room() // 2)
            notes = await self._notes_of(chunks)
            return await self._write(_Reading(notes.text, reading.characters_read), language)

    async def _translate(self, brief: _Draft, source: Language, target: Language) -> _Draft:
        """``brief`` in the other language, its numbers those of the brief."""
        parts = brief.text.splitlines() if self._wish.style == "bullets" else [brief.text]
        shape = shape_of(self._wish, target, source_sentences=len(self._sentences))
        count = _count_sentences(brief.text, source, parts, self._wish)
        shape = msgspec.structs.replace(
            shape, least=count if len(parts) > 1 else min(shape.least, count), most=max(count, 1)
        )
        grammar = brief_grammar(brief.text, shape, article=self._source)

        async def draft(sampling: Sampling) -> _Draft:
            if not self._chats("translate", source):
                return await self._translate_by_sentence(brief.text, source, target, sampling)
            generation = await self._generate(
                task=_translation_task(source),
                source=source,
                messages=prompts.translate(brief.text, target),
                text=brief.text,
                grammar=grammar,
                shape=shape,
                sampling=sampling,
                family="",
            )
            return self._reviewed(generation, shape)

        return await self._settle(draft, _TRANSLATION)

    async def _translate_by_sentence(
        self, text: str, source: Language, target: Language, sampling: Sampling
    ) -> _Draft:
        """For sequence-to-sequence models, which are trained on single sentences."""
        bulleted = self._wish.style == "bullets"
        lines = [line.removeprefix("- ") for line in text.splitlines()]
        sentences = lines if bulleted else split_sentences(text)
        wish = Wish(style="headline") if self._wish.style == "headline" else Wish(length="short")
        shape = msgspec.structs.replace(
            shape_of(wish, target, source_sentences=2), shortest=1, style=wish.style
        )

        async def one(sentence: str) -> Generation:
            return await self._generate(
                task=_translation_task(source),
                source=source,
                messages=(),
                text=sentence,
                grammar=brief_grammar(sentence, shape, article=self._source),
                shape=shape,
                sampling=sampling,
                family="",
            )

        generations = await _all(one(sentence) for sentence in sentences)
        texts = [generation.outputs[0].text.strip() for generation in generations]
        joint = "\n- " if bulleted else ("" if target == "zh" else " ")
        whole = ("- " if bulleted else "") + joint.join(texts)
        finished = all(one.outputs[0].finish == "stop" for one in generations)
        full = msgspec.structs.replace(
            shape_of(self._wish, target, source_sentences=99), least=1, most=10
        )
        return self._draft(whole, full, finished=finished)

    # --- drafts ----------------------------------------------------------------------------

    async def _settle(
        self, draft: Callable[[Sampling], Awaitable[_Draft]], sampling: Sampling
    ) -> _Draft:
        """The first draft if its review is clean, else the best after one repair."""
        first = await draft(sampling)
        if not first.findings or not self._grounding:
            return first
        retries = await _all(_as_coroutine(draft(retry)) for retry in _RETRIES)
        best = min([first, *retries], key=lambda one: penalty(one.findings))
        return msgspec.structs.replace(best, repaired=best is not first)

    def _reviewed(self, generation: Generation, shape: Shape) -> _Draft:
        output = generation.outputs[0]
        return self._draft(output.text.strip(), shape, finished=output.finish == "stop")

    def _draft(self, text: str, shape: Shape, *, finished: bool) -> _Draft:
        """The text, or the text less one sentence if that alone cures it."""
        text = _simplified(text, shape.language)
        found = self._findings(text, shape, finished=finished)
        if found and self._grounding:
            for shorter in shorter_versions(text, shape):
                if not self._findings(shorter, shape, finished=True):
                    return _Draft(shorter, ())
        return _Draft(text, found)

    def _findings(self, text: str, shape: Shape, *, finished: bool) -> tuple[Finding, ...]:
        return review(
            text,
            shape,
            source=self._source,
            source_language=self._language,
            title=self._title,
            finished=finished,
        )

    # --- the model -------------------------------------------------------------------------

    async def _generate(
        self,
        *,
        task: Task,
        source: Language,
        messages: tuple[Message, ...],
        text: str,
        grammar: str,
        shape: Shape,
        sampling: Sampling,
        family: str,
    ) -> Generation:
        one = _server(task, self._generator.capabilities)
        if one is None:
            raise UnsupportedTask(f"no model of the lineup serves {task}")
        most = min(shape.max_new_tokens, one.max_output)
        chats = one.prompting == "chat"
        prompt = "".join(message.content for message in messages) if chats else text
        request = GenerationRequest(
            id=uuid.uuid4().hex,
            task=task,
            source=source,
            target=shape.language,
            messages=messages if chats else (),
            text="" if chats else text,
            grammar=grammar if self._grounding and one.grammar else None,
            max_new_tokens=most,
            sampling=sampling,
            family=family,
            cost=estimate_tokens(prompt) + most,
            follow_up=bool(self.generations),
        )
        generation = await self._generator.generate(request)
        self.generations.append(generation)
        return generation

    def _chats(self, kind: Literal["summarize", "translate"], source: Language = "en") -> bool:
        task = _summary_task(self._language) if kind == "summarize" else _translation_task(source)
        one = _server(task, self._generator.capabilities)
        return one is not None and one.prompting == "chat"


class _Route(msgspec.Struct, frozen=True):
    """Which language is written from the article, and which are translated from that."""

    written: Language
    translated: tuple[Language, ...]


def _route(
    source: Language, wanted: Sequence[Language], capabilities: Sequence[Capabilities]
) -> _Route:
    """Brief in the source language and translate, or write the one other language directly."""
    others = tuple(language for language in wanted if language != source)
    direct = _server(_summary_task(source), capabilities) is not None
    across = _server(_translation_task(source), capabilities) is not None
    if direct and (across or not others):
        return _Route(source, others)
    if not direct:
        raise UnsupportedTask(f"no model of the lineup serves {_summary_task(source)}")
    raise UnsupportedTask(f"no model of the lineup serves {_translation_task(source)}")


def _server(task: Task, capabilities: Sequence[Capabilities]) -> Capabilities | None:
    return next((one for one in capabilities if task in one.tasks), None)


def _summary_task(language: Language) -> Task:
    return "summarize:en" if language == "en" else "summarize:zh"


def _translation_task(source: Language) -> Task:
    return "translate:en-zh" if source == "en" else "translate:zh-en"


def _source_language(article: Article, detection: Detection) -> Language:
    """The language to read the article in.

    Raises:
        UnsupportedLanguage, InvalidInput, TextTooShort: see :meth:`Summarizer.summarize`.
    """
    text = "\n".join(article.blocks)
    language: Language
    if detection.language in ("en", "zh"):
        language = "en" if detection.language == "en" else "zh"
    elif detection.language is None and article.source != "auto":
        language = article.source
    else:
        _refuse_short(text, "zh" if detection.shares.han else "en", article.field)
        code = detection.language or "und"
        name = _LANGUAGE_NAMES.get(code, code) if detection.language else "no known language"
        raise UnsupportedLanguage(
            f"the text is in {name} ({code}); English and Chinese are supported",
            field=article.field,
            detected=code,
        )
    if article.source != "auto" and article.source != language:  # noqa: PLR1714 narrows the type
        if not detection.mixed:
            names = {"en": "English", "zh": "Chinese"}
            raise InvalidInput(
                f"the text is in {names[language]}, not in {names[article.source]}", field="source"
            )
        language = article.source
    _refuse_short(text, language, article.field)
    return language


def _refuse_short(text: str, language: Language, field: str) -> None:
    units, least = count_units(text, language), LEAST_UNITS[language]
    if units < least:
        unit = "words" if language == "en" else "characters"
        raise TextTooShort(
            f"the text has {units} {unit}: nothing to shorten; at least {least} are needed",
            field=field,
        )


def _script(detection: Detection) -> Literal["Hans", "Hant"]:
    return "Hant" if detection.script == "Hant" else "Hans"


def _language_of(tag: str) -> Language:
    return "en" if tag == "en" else "zh"


def _simplified(text: str, language: Language) -> str:
    return convert(text, "zh-Hans") if language == "zh" else text


def _whole_sentences(generation: Generation) -> str:
    """The text of a generation without a last sentence that was cut off."""
    output = generation.outputs[0]
    if output.finish == "stop":
        return output.text.strip()
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s|$)|[。！？]", output.text)]
    return output.text[: ends[-1] if ends else None].strip()


def _count_sentences(text: str, language: Language, lines: Sequence[str], wish: Wish) -> int:
    if wish.style == "headline":
        return 1
    if wish.style == "bullets":
        return len(lines)
    return len(sentences_of(text, language))


def _total_usage(generations: Iterable[Generation]) -> Usage:
    usages = [one.usage for one in generations]
    return Usage(
        prompt=sum(one.prompt for one in usages),
        cached=sum(one.cached for one in usages),
        generated=sum(one.generated for one in usages),
    )


def _total_timings(generations: Iterable[Generation]) -> Timings:
    timings = [one.timings for one in generations]
    return Timings(
        queue=round(sum(one.queue for one in timings), 3),
        prefill=round(sum(one.prefill for one in timings), 3),
        decode=round(sum(one.decode for one in timings), 3),
    )


async def _as_coroutine(awaitable: Awaitable[T]) -> T:
    return await awaitable


async def _all(coroutines: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run all at once, in order; the first failure cancels the rest and is raised as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in coroutines]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
