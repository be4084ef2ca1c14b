"""Translates texts sentence by sentence.

A text is split into sentences (:mod:`service.translation.plan`). Each distinct sentence is
translated once, many at the same time (:mod:`service.translation.sentence_translator`), and the
results are put back in place. Defects that could not be repaired become warnings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Literal

import msgspec

from service.analysis import Analyzes
from service.concurrency import run_all
from service.errors import UnsupportedTask
from service.generation.lineup import PROMPT_OVERHEAD
from service.generation.session import Session
from service.inference.protocol import Generator
from service.languages import Language, language_of
from service.names.article import ArticleNames, NameTables
from service.names.model import ListedName, merged
from service.tasks import translation_task
from service.text.markup import Filled
from service.text.regional import localize
from service.text.scripts import Variant
from service.translation.alignment.lexicon import builtin
from service.translation.candidates import TranslatedSentence
from service.translation.house_glossary import HouseGlossary
from service.translation.inline import inline
from service.translation.latin_forms import LatinForms
from service.translation.model import (
    Effort,
    Order,
    Progress,
    Span,
    Term,
    Translated,
    Translation,
    Warned,
)
from service.translation.plan import Planned, plan, variant_of
from service.translation.read_back import BackReader, with_findings
from service.translation.segments import LONGEST, MarkedSentence, Tagged
from service.translation.sentence_translator import SentenceTranslator
from service.translation.terms import TermIndex, index_of
from service.workers import Workers

WIDTH = 64
"""Sentences of one order that are translated at the same time."""


class Translator:
    """A :class:`~service.translation.model.Translates` over ``generator``.

    ``names`` has the tables for names in the sentences. ``effort`` applies if an :class:`Order`
    does not set one. ``grounding=False`` decodes without grammars and keeps first drafts, to
    measure what both are worth. With an ``analyzer``, names that nothing else verifies are read
    back at the end. ``workers`` run what would block the event loop; by default, the translator has
    its own. All translations follow the glossary of the ``house``.
    """

    def __init__(
        self,
        generator: Generator,
        *,
        names: NameTables | None = None,
        effort: Literal["quick", "best"] = "quick",
        grounding: bool = True,
        analyzer: Analyzes | None = None,
        workers: Workers | None = None,
        house: HouseGlossary | None = None,
    ) -> None:
        self._house = house
        self._analyzer = analyzer
        self._generator = generator
        self._workers = workers or Workers()
        self._effort: Effort = effort
        self._grounding = grounding
        self._names = names

    async def translate(
        self, order: Order, *, progress: Progress | None = None, timeout: float | None = None
    ) -> Translated:
        """Translate; see :class:`~service.translation.model.Translates`.

        Raises:
            UnsupportedLanguage: no text is English or Chinese; ``field`` names one.
            InvalidInput: a text's markup cannot be read; ``field`` names it.
            UnsupportedTask: the lineup has no model for the direction.
            Overloaded, Unavailable, DeadlineExceeded, GenerationFailed: from the engine.
        """
        async with Session(self._generator, grounding=self._grounding, timeout=timeout) as session:
            return await self._translate(session, order, progress or (lambda _: None))

    async def _translate(self, session: Session, order: Order, report: Progress) -> Translated:
        target = language_of(order.target)
        source: Language = "en" if target == "zh" else "zh"
        task = translation_task(source)
        served = session.lineup.serves(task)
        longest = min(LONGEST, session.lineup.room(task)) if served else LONGEST
        lane = self._workers.lane()
        terms = await lane.run(self._index, order.terms, source)
        texts = await lane.run(plan, order, terms, longest=longest)
        wanted = await lane.run(_distinct, texts)
        if wanted and not served:
            raise UnsupportedTask(f"no model of the lineup serves {task}")
        effort = self._effort if order.effort == "usual" else order.effort
        translator = SentenceTranslator(
            session,
            lane,
            source=source,
            terms=terms,
            names=await lane.run(self._find_names, wanted, source),
            effort=effort,
            context=order.context,
            alternatives=order.alternatives,
            repair=self._grounding,
            preserve_formatting=order.preserve_formatting,
        )
        if wanted:
            total = await translator.total(wanted)
            first = translator.cost(wanted[0])
            await session.admit(
                task, PROMPT_OVERHEAD + first, later_tokens=(total - first) // WIDTH
            )
        done = await _all(translator, wanted, report)
        if self._analyzer is not None and self._grounding and done:
            reader = BackReader(session, lane, self._analyzer, source)
            read = await reader.read(list(done.values()))
            done = dict(zip(done, map(with_findings, done.values(), read), strict=True))
        return Translated(
            translations=await lane.run(_put_together, texts, done, order),
            model=session.spending.models,
            usage=session.spending.usage,
            timings=session.spending.timings,
        )

    def _index(self, terms: tuple[Term, ...], source: Language) -> TermIndex:
        return index_of(self._house.with_terms(terms, source) if self._house else terms, source)

    def _find_names(
        self, sentences: Sequence[MarkedSentence], source: Language
    ) -> ArticleNames | None:
        if self._names is None:
            return None
        return self._names.article("\n".join(one.text for one in sentences), source)


def _distinct(texts: Sequence[Planned]) -> list[MarkedSentence]:
    """The sentences of all texts, in order, each once."""
    return list(dict.fromkeys(one for text in texts for one in text.sentences))


async def _all(
    translator: SentenceTranslator, sentences: Sequence[MarkedSentence], report: Progress
) -> dict[MarkedSentence, TranslatedSentence]:
    """All ``sentences`` translated, :data:`WIDTH` of them at a time."""
    done: dict[MarkedSentence, TranslatedSentence] = {}
    waiting = iter(sentences)
    rest = await translator.total(sentences)

    async def work() -> None:
        nonlocal rest
        for sentence in waiting:
            rest -= translator.cost(sentence)
            done[sentence] = await translator.translate(sentence, later_tokens=rest // WIDTH)
            report(len(done) / len(sentences))

    await run_all(work() for _ in range(min(WIDTH, len(sentences))))
    return done


# ------------------------------------------------------------------ results


def _put_together(
    texts: Sequence[Planned], done: dict[MarkedSentence, TranslatedSentence], order: Order
) -> tuple[Translation, ...]:
    """The translations of all texts, with the requested number of alternatives, if they differ."""
    variant = variant_of(order)
    return tuple(_translation(text, done, order.alternatives, variant) for text in texts)


def _translation(
    text: Planned,
    done: dict[MarkedSentence, TranslatedSentence],
    alternatives: int,
    variant: Variant | None,
) -> Translation:
    forms = LatinForms()
    own = {sentence: forms.add(done[sentence]) for sentence in dict.fromkeys(text.sentences)}
    first, *others = [
        _Inlining(own, version, variant) for version in range(_versions(own, alternatives))
    ]
    written = text.render(first.fill)
    rest = [text.render(other.fill) for other in others]
    return Translation(
        text=written,
        language=text.language,
        confidence=text.confidence,
        warnings=(*text.foreign, *_warned(text, own, first.unplaced, variant)),
        alternatives=tuple(dict.fromkeys(other for other in rest if other != written)),
        names=tuple(
            _convert_name(name, variant) for name in merged(one.names for one in own.values())
        ),
    )


def _warned(
    text: Planned,
    done: dict[MarkedSentence, TranslatedSentence],
    unplaced: Sequence[tuple[MarkedSentence, str]],
    variant: Variant | None,
) -> Iterator[Warned]:
    places = _places(text)
    for sentence, at in places.items():
        for finding in done[sentence].findings:
            yield Warned(
                finding.flag,
                sentence.text,
                finding.message,
                variant or "en",
                at,
                Span(*finding.span) if finding.span else None,
                Span(*finding.source_span) if finding.source_span else None,
            )
    for sentence, words in dict.fromkeys(unplaced):
        message = f"the place of the tag around {words!r} is a guess"
        yield Warned("tag", sentence.text, message, variant or "en", places[sentence])


def _versions(done: dict[MarkedSentence, TranslatedSentence], alternatives: int) -> int:
    """The number of versions of a text: the first, and at most ``alternatives`` others."""
    most = max((len(one.candidates) for one in done.values()), default=1)
    return min(most, alternatives + 1)


class _Inlining:
    """Puts the tags into one ``version`` of a text's sentences, and converts it to the requested
    script. ``unplaced`` collects the tags whose words were not found.
    """

    def __init__(
        self,
        done: dict[MarkedSentence, TranslatedSentence],
        version: int,
        variant: Variant | None,
    ) -> None:
        self._done = done
        self._version = version
        self._variant = variant
        self.unplaced: list[tuple[MarkedSentence, str]] = []

    def fill(self, part: Tagged) -> Filled:
        """The translation of a sentence, with its tags."""
        one = self._done[part.sentence]
        different = list(dict.fromkeys(draft.text for draft in one.candidates))
        target: Language = "zh" if self._variant else "en"
        inlined = inline(
            part,
            different[min(self._version, len(different) - 1)],
            target,
            names=one.names,
            lexicon=builtin,
            write=partial(self._write, part.sentence.kept),
        )
        self.unplaced += [(part.sentence, words) for words in inlined.unplaced]
        return inlined.pieces

    def _write(self, kept: Sequence[str], text: str) -> str:
        return _convert_around(text, kept, self._variant) if self._variant else text


def _convert_name(name: ListedName, variant: Variant | None) -> ListedName:
    """Convert ``name`` to the script of the text; the caller's terms keep their characters."""
    if variant is None or name.origin == "glossary":
        return name
    return msgspec.structs.replace(name, target=localize(name.target, variant))


def _places(text: Planned) -> dict[MarkedSentence, int]:
    """The index of the first occurrence of each sentence of a text."""
    places: dict[MarkedSentence, int] = {}
    for at, sentence in enumerate(text.sentences):
        places.setdefault(sentence, at)
    return places


def _convert_around(text: str, kept: Sequence[str], variant: Variant) -> str:
    """Convert ``text`` to another script, except the ``kept`` strings."""
    if not kept:
        return localize(text, variant)
    ordered = sorted(set(kept), key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, ordered))})", text)
    return "".join(part if at % 2 else localize(part, variant) for at, part in enumerate(parts))
