"""From an article and a wish to reviewed briefs.

The article is briefed in its own language, then the finished brief is translated: a small model
translates three sentences better than it retells an article across languages, and both briefs
say the same (ADR 5). A long article is read in parts: notes of each part, then a brief of the
notes. Every text is decoded under a grammar made from what it must be true to, reviewed, and
repaired once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from functools import partial
from typing import Protocol

from service.briefs.calls import Calls, summary_task, translation_task
from service.briefs.drafts import Draft, Drafter
from service.briefs.model import (
    Article,
    Caution,
    Language,
    Listen,
    Source,
    Summary,
    Wish,
    language_of,
)
from service.briefs.narrating import Narrator, print_brief
from service.briefs.reading import Progress, Reader, Reading
from service.briefs.sources import count_characters, read_source
from service.briefs.translating import Translator
from service.briefs.writing import Writer
from service.errors import PromptTooLong, UnsupportedTask
from service.inference.protocol import Generator


class Summarizes(Protocol):
    """The domain, as those see it who have an article."""

    async def summarize(
        self,
        article: Article,
        wish: Wish,
        *,
        progress: Progress | None = None,
        listen: Listen | None = None,
        patience: float | None = None,
    ) -> Summary:
        """See :meth:`Summarizer.summarize`.

        Raises:
            ServiceError: it cannot be done; see :mod:`service.errors`.
        """


class Summarizer:
    """Makes briefs with ``generator``.

    ``grounding`` off decodes without grammars and lets first drafts stand, for measuring what both
    are worth.
    """

    def __init__(self, generator: Generator, *, grounding: bool = True) -> None:
        self._generator = generator
        self._grounding = grounding

    async def summarize(
        self,
        article: Article,
        wish: Wish,
        *,
        progress: Progress | None = None,
        listen: Listen | None = None,
        patience: float | None = None,
    ) -> Summary:
        """Brief ``article`` in every language of ``wish``.

        ``progress`` is told the share done (0 to 1) and the stage, ``listen`` of sentences and
        briefs as they come. If what waits takes longer than ``patience`` seconds, the article is
        refused.

        Raises:
            TextTooShort: there is nothing to shorten.
            UnsupportedLanguage: the article is neither English nor Chinese.
            InvalidInput: ``source`` names the other language of the two.
            UnsupportedTask: the lineup cannot serve a language, directly or composed.
            Overloaded, Unavailable, DeadlineExceeded, GenerationFailed: from the engine.
        """
        report = progress or (lambda _share, _what: None)
        source = read_source(article)
        calls = Calls(self._generator, grounding=self._grounding, patience=patience)
        languages = [language_of(tag) for tag in wish.languages]
        _require_tasks(calls, source.language, languages)
        reader = Reader(calls, source, report)
        calls.require_room(
            summary_task(source.language), reader.least_tokens, abreast=reader.tokens_abreast
        )
        drafter = Drafter(source, wish, repair=self._grounding, may_repair=calls.may_repair)
        writer = Writer(calls, source, drafter)
        narrator = Narrator(drafter, wish, listen)
        others = {*languages} - {source.language}
        reading = await reader.read()
        report(0.6, "writing")
        async with aclosing(Translator(calls, source, drafter)) as translator:

            def hear(text: str) -> None:
                narrator.hear(source.language, text)
                if others:
                    translator.hear(text)

            drafts = {source.language: await _write(writer, reader, reading, hear)}
            narrator.settle(source.language, drafts[source.language])
            for other in others:
                report(0.8, "translating")
                drafts[other] = await translator.translate(
                    drafts[source.language], on_sentence=partial(narrator.finish, other)
                )
                narrator.settle(other, drafts[other])
        report(1.0, "done")
        return Summary(
            source=Source(
                language=source.language,
                script=source.script,
                characters=sum(map(len, article.blocks)),
                coverage=round(reading.characters / count_characters(source.body), 4),
            ),
            briefs={
                tag: print_brief(drafts[language_of(tag)], tag, wish.bare_zh)
                for tag in wish.languages
            },
            model=calls.models,
            warnings=tuple(
                Caution(code=finding.code, language=tag, message=finding.message)
                for tag in wish.languages
                for finding in drafts[language_of(tag)].findings
            ),
            usage=calls.usage,
            timings=calls.timings,
            cut_short=calls.cut_short,
        )


async def _write(
    writer: Writer, reader: Reader, reading: Reading, hear: Callable[[str], None]
) -> Draft:
    """Write from ``reading``, or from notes of it if its tokens were estimated too low."""
    try:
        return await writer.write(reading, on_text=hear)
    except PromptTooLong:
        return await writer.write(await reader.shorten(reading))


def _require_tasks(calls: Calls, source: Language, wanted: list[Language]) -> None:
    """Refuse before any work what the lineup cannot finish.

    Raises:
        UnsupportedTask: it has no model for a step.
    """
    needed = [summary_task(source)]
    if any(language != source for language in wanted):
        needed.append(translation_task(source))
    for task in needed:
        if not calls.serves(task):
            raise UnsupportedTask(f"no model of the lineup serves {task}")
