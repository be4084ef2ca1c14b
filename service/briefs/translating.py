"""Translating a brief into the other language, sentence by sentence, while it is being written."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import msgspec

from service.briefs import prompts
from service.briefs.drafts import Draft, Drafter, DraftSentence, printed
from service.briefs.glossary import check_terms, terms_in
from service.briefs.grounding import brief_grammar
from service.briefs.model import GlossaryTerm
from service.briefs.review import review_sentence
from service.briefs.sources import SourceText
from service.generation.calls import Calls, run_all, translation_task
from service.inference.protocol import Generation, Message, Sampling
from service.languages import Language
from service.shared_work import SharedWork
from service.text.cached import CachedText
from service.workers import Lane

_TRANSLATION = Sampling(repetition_penalty=1.03)


class Translator:
    """Translates the brief of one article through ``calls``; grammars are made in ``lane``.

    It goes sentence by sentence (ADR 5), each under a grammar of its own: given three Chinese
    sentences and room for three, a small model makes three English ones of the first. A sentence
    is begun as soon as it is heard, on the chance that the draft will stand; what is never asked
    for is cancelled by :meth:`aclose`.
    """

    def __init__(
        self,
        calls: Calls,
        source: SourceText,
        lane: Lane,
        drafter: Drafter,
        glossary: Sequence[GlossaryTerm] = (),
    ) -> None:
        self._calls = calls
        self._glossary = glossary
        # what grammar and review let stand beside the article's own names
        self._known = source.article
        if glossary:
            names = "\n".join(one.target for one in glossary)
            self._known = CachedText(f"{source.text}\n{names}")
        self._source = source
        self._lane = lane
        self._drafter = drafter
        self._target: Language = "zh" if source.language == "en" else "en"
        self._task = translation_task(source.language)
        self._heard = ""
        self._first = _Attempt(self._translate_last, _TRANSLATION)

    async def aclose(self) -> None:
        """Drop what was begun and is not asked for; see :func:`contextlib.aclosing`."""
        await self._first.close()

    def hear(self, text: str) -> None:
        """Take the next piece of a draft, and begin with the sentences that are finished."""
        self._heard += text
        draft = printed(self._heard.strip(), self._source.language)
        finished = self._drafter.parts(draft, self._source.language)[:-1]
        if finished:
            self._first.begin(tuple(finished))

    async def translate(
        self, brief: Draft, *, on_sentence: Callable[[str], None] | None = None
    ) -> Draft:
        """``brief`` in the other language, its numbers those of the brief, sentence for sentence.

        A flawed sentence is left out only if a repair of the whole did not cure it.
        ``on_sentence`` is called with each of the first draft when it is finished.
        """
        parts = tuple(one.text for one in brief.sentences) or tuple(
            self._drafter.parts(brief.text, self._source.language)
        )
        full = self._drafter.shape(self._target)
        whole = msgspec.structs.replace(full, least=len(parts), most=max(full.most, len(parts)))
        shorter = msgspec.structs.replace(whole, least=min(full.least, len(parts)))

        async def draft(sampling: Sampling) -> Draft:
            first = sampling is _TRANSLATION
            attempt = self._first if first else _Attempt(self._translate_last, sampling)
            try:
                generations = await attempt.finish(parts, on_sentence if first else None)
            finally:
                await attempt.close()
            made = await self._drafter.draft(generations, whole, translated=brief.text)
            return await self._lane.run(self._with_sentences, made, generations, brief)

        best = await self._drafter.settle(draft, _TRANSLATION)
        return await self._drafter.shorten(best, shorter, translated=brief.text)

    def _with_sentences(
        self, made: Draft, generations: Sequence[Generation], brief: Draft
    ) -> Draft:
        """``made`` with its sentences, each reviewed against the one that it translates and traced
        to where that one comes from.
        """
        sentences = [
            DraftSentence(
                text,
                source=original.source,
                findings=(
                    *(one for one in original.findings if one.code == "reference"),
                    *review_sentence(text, self._target, original.text, self._known),
                    *check_terms(text, terms_in(original.text, self._glossary)),
                ),
            )
            for original, generation in zip(brief.sentences, generations, strict=False)
            for text in (printed(generation.outputs[0].text.strip(), self._target),)
            if text in made.text
        ]
        missing = check_terms(made.text, terms_in(brief.text, self._glossary))
        return msgspec.structs.replace(
            made,
            findings=(*made.findings, *missing),
            sentences=tuple(sentences),
            label=brief.label,
        )

    async def _translate_last(
        self,
        parts: tuple[str, ...],
        earlier: list[SharedWork[Generation]],
        sampling: Sampling,
    ) -> Generation:
        """Translate the last of ``parts``.

        Chinese is written on from the ``earlier`` sentences' translations, so that it calls a
        person by one name throughout. English is not: it would run ahead. Nor is a repair, since
        Chinese too may have fallen behind the sentences, or run ahead of them.
        """
        text, said = parts[-1], ""
        full = self._drafter.shape(self._target)
        writes_on = self._target == "zh" and sampling is _TRANSLATION
        if writes_on and self._calls.chats(self._task):
            joint = "\n" if full.style == "bullets" else ""
            generations = await run_all(one.result() for one in earlier)
            said = "".join(one.outputs[0].text.strip() + joint for one in generations)
            text = (joint or " ").join(parts)
        terms = terms_in(text, self._glossary)
        messages = prompts.translate(text, self._target, terms)
        style = "headline" if full.style == "headline" else "paragraph"
        single = msgspec.structs.replace(full, style=style, least=1, most=1, shortest=1)
        grammar = await self._lane.run(brief_grammar, parts[-1], single, article=self._known)
        return await self._calls.ask(
            self._task,
            text=parts[-1],
            messages=(*messages, Message("assistant", said)) if said else messages,
            target=single.language,
            most=single.max_new_tokens,
            grammar=grammar,
            sampling=sampling,
        )


class _Attempt:
    """A translation under one sampling: for each beginning of a brief, the work that translates
    its last sentence. The attempt holds all that it began until it is known not to be wanted.
    """

    def __init__(
        self,
        translate_last: Callable[
            [tuple[str, ...], list[SharedWork[Generation]], Sampling],
            Coroutine[Any, Any, Generation],
        ],
        sampling: Sampling,
    ) -> None:
        self._translate_last = translate_last
        self._sampling = sampling
        self._held: dict[tuple[str, ...], SharedWork[Generation]] = {}

    def begin(self, parts: tuple[str, ...]) -> list[SharedWork[Generation]]:
        """The work of all ``parts``, begun where it is not."""
        works: list[SharedWork[Generation]] = []
        for end in range(1, len(parts) + 1):
            beginning = parts[:end]
            if beginning not in self._held:
                work = SharedWork(self._translate_last(beginning, works.copy(), self._sampling))
                work.hold()
                self._held[beginning] = work
            works.append(self._held[beginning])
        return works

    async def finish(
        self, parts: tuple[str, ...], on_sentence: Callable[[str], None] | None
    ) -> list[Generation]:
        """The translations of all ``parts``; whatever else was begun is dropped. ``on_sentence`` is
        called with each when it and those before it are there.

        Raises:
            ServiceError: from the engine.
        """
        wanted = self.begin(parts)
        for beginning in [one for one, work in self._held.items() if work not in wanted]:
            self._held.pop(beginning).release()
        generations: list[Generation] = []
        for work in wanted:
            generations.append(await work.result())
            if on_sentence:
                on_sentence(generations[-1].outputs[0].text)
        return generations

    async def close(self) -> None:
        """End what still runs."""
        works = list(self._held.values())
        self._held.clear()
        for work in works:
            work.release()
        for work in works:
            await work.ended()
