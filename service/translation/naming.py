"""Gets names and placeholders through the model: gives names as hints or replaces them by
stand-ins, masks placeholders, restores both in the draft, and checks which names the draft lacks.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final, Literal

import msgspec

from service.languages import Language
from service.names import checking, standins
from service.names.aligning import Replaced
from service.names.article import ArticleNames
from service.names.forms import simplify
from service.names.lexicon import Match
from service.names.model import ListedName, Name
from service.names.pinyin import is_transcribed
from service.names.standins import StandIn
from service.text.casing import readable
from service.translation.alignment.lexicon import builtin
from service.translation.days import days, find_dateline, invented_month
from service.translation.model import Flag, TranslationFinding
from service.translation.phrases import phrases
from service.translation.prompts import MOST_HINTS
from service.translation.segments import Mark, MarkedSentence
from service.translation.terms import TermMatch

_BY_KIND: Final = ("person", "organisation", "place", "term", "word")
"""Which names come first if there are too many for the prompt: those that the model most often
invents."""
Masking = Literal["none", "words", "all"]
"""Which placeholders are masked by letters. ``words``: those of markup that are words of a
language, which the model would translate."""
_WORDS: Final = re.compile(r"[^\W\d_]{2,}(?:[ '’-][^\W\d_]+)*")
_MASK: Final = re.compile(r"\{[a-z]\}")
_LEAST_PHRASES: Final = 2
"""How many quantities and times are always given, however many names there are."""


class NamedSentence(msgspec.Struct, frozen=True):
    """A ``sentence`` and its ``names``; those of the caller's glossary come first."""

    sentence: MarkedSentence
    names: tuple[Name, ...] = ()


class ModelInput(msgspec.Struct, frozen=True):
    """What the model is given: the ``sentence`` as it reads it, translations of names (``hints``)
    and of ``phrases`` that it often gets wrong, and how to undo replacements: ``standins`` for
    names that keep their letters, and pairs of a placeholder and its mask (``masks``).
    """

    sentence: MarkedSentence
    hints: tuple[tuple[str, str], ...] = ()
    phrases: tuple[tuple[str, str], ...] = ()
    standins: tuple[StandIn, ...] = ()
    masks: tuple[tuple[str, str], ...] = ()

    def masked(self, sentence: MarkedSentence) -> MarkedSentence:
        """Return ``sentence`` with its placeholders replaced by their masks."""
        masks = dict(self.masks)
        marks = (
            mark
            if mark.term
            else msgspec.structs.replace(mark, kept=masks.get(mark.kept, mark.kept))
            for mark in sentence.marks
        )
        return MarkedSentence(sentence.text, tuple(marks))

    def unmasked(self, draft: str) -> str:
        """Return ``draft`` with the masks replaced by the placeholders."""
        kept = {mask: kept for kept, mask in self.masks}
        return _MASK.sub(lambda mask: kept.get(mask[0], mask[0]), draft)

    @property
    def text(self) -> str:
        """The sentence for a model that only translates and takes no instructions."""
        marks = tuple(
            mark
            for mark in self.sentence.marks
            if mark.shown in self._latin or (mark.term and mark.shown == mark.kept)
        )
        return MarkedSentence(self.sentence.text, marks).shown

    @property
    def _latin(self) -> frozenset[str]:
        return frozenset(one.latin for one in self.standins)


class Naming:
    """Finds and checks the names of one article's sentences, which are translated into ``target``.
    Without an ``article``, only the caller's terms are found. Methods block for milliseconds.
    """

    def __init__(self, article: ArticleNames | None, target: Language) -> None:
        self._article = article
        self._target: Language = target
        of_chinese = article is not None and target == "en"
        self._dateline = find_dateline(article.text) if article and of_chinese else None

    def find(self, sentence: MarkedSentence, terms: Iterable[TermMatch] = ()) -> NamedSentence:
        """The ``terms`` of ``sentence``, and its names outside of tags, placeholders and terms."""
        glossary = [
            Name(sentence.text[one.start : one.end], one.start, one.end, "term",
                 (one.term.target,), "glossary")
            for one in terms
        ]  # fmt: skip
        text = sentence.text if self._target == "zh" else simplify(sentence.text)
        found = self._article.find(text) if self._article else ()
        free = [
            msgspec.structs.replace(name, source=sentence.text[name.start : name.end])
            for name in found
            if not any(_overlaps(name, mark) for mark in sentence.marks)
        ]
        return NamedSentence(sentence, (*glossary, *free))

    def leave_to_model(self, named: NamedSentence, draft: str) -> NamedSentence:
        """Return ``named`` with the translation of some persons left to the model: those who should
        have kept their Latin letters, but are missing in ``draft``.
        """
        return NamedSentence(
            named.sentence,
            tuple(
                msgspec.structs.replace(name, origin="model")
                if name.origin == "verbatim" and name.source not in draft
                else name
                for name in named.names
            ),
        )

    def prepare(
        self,
        named: NamedSentence,
        *,
        attempt: int = 0,
        in_place: bool = False,
        masked: Masking = "none",
    ) -> ModelInput:
        """Prepare the input of the model. Each ``attempt`` uses other stand-ins. With ``in_place``,
        the caller's terms are replaced by their translations in the sentence itself. The first of
        the ``masked`` placeholders becomes ``{a}``, the second ``{b}``.
        """
        sentence = named.sentence
        own = [
            msgspec.structs.replace(mark, shown=mark.kept) if in_place and mark.term else mark
            for mark in sentence.marks
        ]
        masks = _masks(sentence, masked)
        own = [
            msgspec.structs.replace(mark, shown=masks.get(mark.kept, mark.shown)) for mark in own
        ]
        marks: list[Mark] = []
        replaced: tuple[StandIn, ...] = ()
        if self._target == "zh":
            forms = standins.choose(sentence.text, named.names, attempt=attempt)
            marks = [
                Mark(name.start, name.end, forms[name.source].latin, name.source, term=True)
                for name in named.names
                if name.source in forms
            ]
            replaced = tuple(dict.fromkeys(forms.values()))
        text = readable(sentence.text) if self._target == "zh" else sentence.text
        shown = MarkedSentence(text, tuple(sorted([*own, *marks], key=lambda mark: mark.start)))
        hidden = {form for one in replaced for form in (one.name, one.short)}
        named_ones = [
            name
            for name in named.names
            if name.targets
            and name.source not in hidden
            and not (in_place and name.origin == "glossary")
        ]
        own_phrases = self._phrases(named)[: _room_for_phrases(named_ones)]
        told = {phrase for phrase, _ in own_phrases}
        named_ones = [name for name in named_ones if name.kind != "term" or name.source not in told]
        given = dict.fromkeys(
            (name.source, name.targets[0])
            for name in _most_wanted(named_ones, MOST_HINTS - len(own_phrases))
        )
        return ModelInput(shown, tuple(given), own_phrases, replaced, tuple(masks.items()))

    def _phrases(self, named: NamedSentence) -> tuple[tuple[str, str], ...]:
        """Phrases outside of the sentence's marks and names."""
        text = named.sentence.text
        found = phrases(text if self._target == "zh" else simplify(text), self._target)
        if self._dateline:
            dated = days(simplify(text), self._dateline)
            found = sorted([*found, *dated], key=lambda one: one.start)
        taken = [(mark.start, mark.end) for mark in named.sentence.marks]
        taken += [
            (name.start, name.end)
            for name in named.names
            if name.kind not in ("term", "word") or name.origin == "glossary"
        ]
        free = [
            one
            for one in found
            if not any(start < one.end and one.start < end for start, end in taken)
        ]
        if self._target == "zh":
            text = readable(text)  # as the sentence is shown
        return tuple(dict.fromkeys((text[one.start : one.end], one.target) for one in free))

    def finish(
        self, named: NamedSentence, model_input: ModelInput, draft: str
    ) -> tuple[str, tuple[TranslationFinding, ...]]:
        """Restore the names in ``draft``; return it with the findings about names."""
        if self._article is None:
            return draft, ()
        find_persons = partial(self._article.unknown_persons, named.names)
        text, lost = standins.restore(draft, model_input.standins, find_persons)
        names = [name for name in named.names if name.origin != "glossary"]
        missing = self._missed(names, text, model_input, lost)
        source = simplify(named.sentence.text)
        text, replaced = self._article.put_in_place(named.names, source, text, missing)
        findings = [_missing(name) for name in self._missed(names, text, model_input, lost)]
        findings += [_replaced(one) for one in replaced if not one.alike]
        findings += [
            _without_source(match, text, whole=not named.sentence.marks)
            for match in self._article.unsourced(named.names, source, text)
        ]
        if self._target == "en":
            findings += self._invented(source, text)
        return text, tuple(dict.fromkeys(findings))

    def _invented(self, source: str, text: str) -> Iterator[TranslationFinding]:
        """A month that the model made up for a day."""
        if month := invented_month(source, text, self._dateline):
            yield TranslationFinding("date", f"{month[0]!r} is not in the source", month.span())

    def _missed(
        self, names: Sequence[Name], text: str, model_input: ModelInput, lost: Sequence[str]
    ) -> list[Name]:
        return [
            name
            for name in checking.missing(names, text, self._target)
            if name.origin != "verbatim" or name.source in lost or not model_input.standins
        ]

    def listed(self, named: NamedSentence, text: str) -> tuple[ListedName, ...]:
        """The names that the translation ``text`` contains, in the form that it uses."""
        found = checking.listed(named.names, text, self._target)
        guessed = self._article.guessed(named.names, text) if self._article else None
        return (*found, guessed) if guessed else tuple(found)

    def latin_forms(self, named: NamedSentence) -> tuple[tuple[str, str], ...]:
        """Chinese and Latin forms of the known persons with a full name; empty if the style does
        not add Latin forms.
        """
        if self._article is None or self._article.style != "both" or self._target == "en":
            return ()
        return tuple(
            (name.targets[0], name.source)
            for name in named.names
            if name.kind == "person" and name.origin == "lexicon" and " " in name.source
        )

    def notes(self, named: NamedSentence) -> tuple[TranslationFinding, ...]:
        """Findings that no further draft would fix: persons whose spelling is the model's guess."""
        if self._article is None:
            return ()
        return tuple(
            TranslationFinding(
                "name",
                f"{name.source!r} is in no table: how it is spelled is the model's guess",
                source_span=(name.start, name.end),
                soft=True,
            )
            for name in named.names
            if self._article.is_guessed(name) and not _is_ordinary(name.source)
        )


def _is_ordinary(han: str) -> bool:
    """Whether a supposed person is a word of the dictionary that no foreign name is spelled with:
    幼崽, cub.
    """
    return han in builtin().chinese and not is_transcribed(han)


def _masks(sentence: MarkedSentence, masked: Masking) -> dict[str, str]:
    """A letter in braces for each placeholder. None if there are more than 26, or the sentence has
    braces of its own.
    """
    chosen = [
        mark.kept
        for mark in sentence.loose.marks
        if masked == "all" or (masked == "words" and mark.whole and _WORDS.fullmatch(mark.kept))
    ]
    kept = dict.fromkeys(chosen)
    if len(kept) > len(string.ascii_lowercase) or "{" in sentence.text:
        return {}
    return {one: f"{{{letter}}}" for one, letter in zip(kept, string.ascii_lowercase, strict=False)}


def _missing(name: Name) -> TranslationFinding:
    flag: Flag = "term" if name.kind in ("term", "word") else "name"
    return TranslationFinding(
        flag,
        f"{name.source!r} is {name.targets[0]!r}, which is missing",
        source_span=(name.start, name.end),
        soft=True,
    )


def _replaced(replaced: Replaced) -> TranslationFinding:
    return TranslationFinding(
        "name",
        f"the model wrote {replaced.written!r} for {replaced.name.source!r}; it was replaced by "
        f"{replaced.name.targets[0]!r}",
        source_span=(replaced.name.start, replaced.name.end),
        soft=True,
    )


def _without_source(match: Match, text: str, *, whole: bool) -> TranslationFinding:
    """The finding for a name without a source. It has a span only if ``text`` is ``whole``: tags,
    placeholders and terms, which are removed or inserted later, would move it.
    """
    written, source = text[match.start : match.end], match.entry.targets[0]
    return TranslationFinding(
        "name",
        f"{written!r} ({source}) is not in the source",
        span=(match.start, match.end) if whole else None,
    )


def _overlaps(name: Name, mark: Mark) -> bool:
    """Whether ``mark`` overlaps ``name``, or is a tag without width inside it."""
    if mark.start == mark.end:
        return name.start < mark.start < name.end
    return name.start < mark.end and mark.start < name.end


def _room_for_phrases(names: Sequence[Name]) -> int:
    """How many phrases fit beside ``names``. They take precedence over the service's terms only."""
    first = [
        name for name in names if name.origin == "glossary" or name.kind not in ("term", "word")
    ]
    return max(MOST_HINTS - len(first), _LEAST_PHRASES)


def _most_wanted(names: Sequence[Name], most: int) -> list[Name]:
    """The ``most`` important of ``names``, the caller's terms first, in text order."""
    ranked = sorted(names, key=lambda name: (name.origin != "glossary", _BY_KIND.index(name.kind)))
    chosen = ranked[:most]
    return sorted(chosen, key=lambda name: (name.origin != "glossary", name.start))
