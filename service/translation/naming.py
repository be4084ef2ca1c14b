"""The names of a sentence on their way through the model: given to it as hints or replaced by
stand-ins, put back, and looked for in what it wrote.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
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
from service.names.standins import StandIn
from service.text.casing import readable
from service.translation.model import Flag, TranslationFinding
from service.translation.phrases import phrases
from service.translation.prompts import MOST_HINTS
from service.translation.segments import Mark, MarkedSentence
from service.translation.terms import TermMatch

_BY_KIND: Final = ("person", "organisation", "place", "term")
"""Which names are given first where there are too many: what the model invents most."""
Veiled = Literal["none", "words", "all"]
"""Which placeholders a model reads as letters: with ``words`` those of markup that are words of
some language, which it would translate."""
_WORDS: Final = re.compile(r"[^\W\d_]{2,}(?:[ '’-][^\W\d_]+)*")
_VEIL: Final = re.compile(r"\{[a-z]\}")
_LEAST_PHRASES: Final = 2
"""Quantities and moments that are told however many names there are."""


class NamedSentence(msgspec.Struct, frozen=True):
    """A ``sentence`` and its ``names``, those of the caller's glossary first."""

    sentence: MarkedSentence
    names: tuple[Name, ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """What the model is asked: the ``sentence`` as it reads it, ``hints`` of what names become,
    ``phrases`` that it often gets wrong, with what they become, ``standins`` for names that keep
    their letters, and what must stay with the ``veils`` that stand for it.
    """

    sentence: MarkedSentence
    hints: tuple[tuple[str, str], ...] = ()
    phrases: tuple[tuple[str, str], ...] = ()
    standins: tuple[StandIn, ...] = ()
    veils: tuple[tuple[str, str], ...] = ()

    def veiled(self, sentence: MarkedSentence) -> MarkedSentence:
        """``sentence`` with what must be written as the model reads it."""
        veils = dict(self.veils)
        marks = (
            mark
            if mark.term
            else msgspec.structs.replace(mark, kept=veils.get(mark.kept, mark.kept))
            for mark in sentence.marks
        )
        return MarkedSentence(sentence.text, tuple(marks))

    def unveiled(self, draft: str) -> str:
        """``draft`` with what must stay in its place again."""
        kept = {veil: kept for kept, veil in self.veils}
        return _VEIL.sub(lambda veil: kept.get(veil[0], veil[0]), draft)

    @property
    def text(self) -> str:
        """The sentence as a model reads it that is trained to translate and told nothing else."""
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
    Without an ``article`` there are those of the caller's terms alone. Blocks, for milliseconds.
    """

    def __init__(self, article: ArticleNames | None, target: Language) -> None:
        self._article = article
        self._target: Language = target

    def find(self, sentence: MarkedSentence, terms: Iterable[TermMatch] = ()) -> NamedSentence:
        """The names of ``sentence`` that stand outside its tags, placeholders and terms; then its
        ``terms``.
        """
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
            if not any(_meets(name, mark) for mark in sentence.marks)
        ]
        return NamedSentence(sentence, (*glossary, *free))

    def bare(self, named: NamedSentence, draft: str) -> NamedSentence:
        """``named`` with those persons left to the model that should have kept their letters and
        are not in ``draft``.
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

    def ask(
        self,
        named: NamedSentence,
        *,
        turn: int = 0,
        in_place: bool = False,
        veiled: Veiled = "none",
    ) -> Asked:
        """What the model is asked, in one of several turns: each has other stand-ins. ``in_place``
        it reads the caller's terms as they are to be written, in the sentence itself. It
        reads ``{a}`` for the first of what is ``veiled``, ``{b}`` for the second.
        """
        sentence = named.sentence
        own = [
            msgspec.structs.replace(mark, shown=mark.kept) if in_place and mark.term else mark
            for mark in sentence.marks
        ]
        veils = _veils(sentence, veiled)
        own = [
            msgspec.structs.replace(mark, shown=veils.get(mark.kept, mark.shown)) for mark in own
        ]
        marks: list[Mark] = []
        replaced: tuple[StandIn, ...] = ()
        if self._target == "zh":
            forms = standins.choose(sentence.text, named.names, turn=turn)
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
        turns = self._phrases(named)[: _room_for_phrases(named_ones)]
        given = dict.fromkeys(
            (name.source, name.targets[0])
            for name in _most_wanted(named_ones, MOST_HINTS - len(turns))
        )
        return Asked(shown, tuple(given), turns, replaced, tuple(veils.items()))

    def _phrases(self, named: NamedSentence) -> tuple[tuple[str, str], ...]:
        """Quantities and moments outside the sentence's marks and names."""
        text = named.sentence.text
        found = phrases(text if self._target == "zh" else simplify(text), self._target)
        taken = [(mark.start, mark.end) for mark in named.sentence.marks]
        taken += [
            (name.start, name.end)
            for name in named.names
            if name.kind != "term" or name.origin == "glossary"
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
        self, named: NamedSentence, asked: Asked, draft: str
    ) -> tuple[str, tuple[TranslationFinding, ...]]:
        """A ``draft`` with its names put back, and what is wrong with its names."""
        if self._article is None:
            return draft, ()
        find_persons = partial(self._article.unknown_persons, named.names)
        text, lost = standins.restore(draft, asked.standins, find_persons)
        names = [name for name in named.names if name.origin != "glossary"]
        missing = self._missed(names, text, asked, lost)
        source = simplify(named.sentence.text)
        text, replaced = self._article.put_in_place(named.names, source, text, missing)
        findings = [_missing(name) for name in self._missed(names, text, asked, lost)]
        findings += [_exchanged(one) for one in replaced if not one.alike]
        findings += [
            _unfounded(match, text, whole=not named.sentence.marks)
            for match in self._article.stray(named.names, source, text)
        ]
        return text, tuple(dict.fromkeys(findings))

    def _missed(
        self, names: Sequence[Name], text: str, asked: Asked, lost: Sequence[str]
    ) -> list[Name]:
        return [
            name
            for name in checking.missing(names, text, self._target)
            if name.origin != "verbatim" or name.source in lost or not asked.standins
        ]

    def listed(self, named: NamedSentence, text: str) -> tuple[ListedName, ...]:
        """The names that the translation ``text`` has, with the form that stands there."""
        found = checking.listed(named.names, text, self._target)
        guessed = self._article.guessed(named.names, text) if self._article else None
        return (*found, guessed) if guessed else tuple(found)

    def latin_forms(self, named: NamedSentence) -> tuple[tuple[str, str], ...]:
        """What the known persons with a full name are called, each with the Latin form that is to
        be added once a text, if that is the style.
        """
        if self._article is None or self._article.style != "both" or self._target == "en":
            return ()
        return tuple(
            (name.targets[0], name.source)
            for name in named.names
            if name.kind == "person" and name.origin == "lexicon" and " " in name.source
        )

    def notes(self, named: NamedSentence) -> tuple[TranslationFinding, ...]:
        """What no further draft would mend: persons whose spelling is the model's own."""
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
            if self._article.is_guessed(name)
        )


def _veils(sentence: MarkedSentence, veiled: Veiled) -> dict[str, str]:
    """A letter in braces for each placeholder; none if there are too many, or braces already."""
    chosen = [
        mark.kept
        for mark in sentence.loose.marks
        if veiled == "all" or (veiled == "words" and mark.whole and _WORDS.fullmatch(mark.kept))
    ]
    kept = dict.fromkeys(chosen)
    if len(kept) > len(string.ascii_lowercase) or "{" in sentence.text:
        return {}
    return {one: f"{{{letter}}}" for one, letter in zip(kept, string.ascii_lowercase, strict=False)}


def _missing(name: Name) -> TranslationFinding:
    flag: Flag = "term" if name.kind == "term" else "name"
    return TranslationFinding(
        flag,
        f"{name.source!r} is {name.targets[0]!r}, which is missing",
        source_span=(name.start, name.end),
        soft=True,
    )


def _exchanged(replaced: Replaced) -> TranslationFinding:
    return TranslationFinding(
        "name",
        f"{replaced.written!r} was written for {replaced.name.source!r}, and "
        f"{replaced.name.targets[0]!r} put in its place",
        source_span=(replaced.name.start, replaced.name.end),
        soft=True,
    )


def _unfounded(match: Match, text: str, *, whole: bool) -> TranslationFinding:
    """A name without a source. Where it stands is known if ``text`` is ``whole``, as it will be
    read: without tags, placeholders and terms, which are taken out or put in later.
    """
    written, source = text[match.start : match.end], match.entry.targets[0]
    return TranslationFinding(
        "name",
        f"{written!r} ({source}) is not in the source",
        span=(match.start, match.end) if whole else None,
    )


def _meets(name: Name, mark: Mark) -> bool:
    """Whether a mark stands in ``name``, be it a tag without width."""
    if mark.start == mark.end:
        return name.start < mark.start < name.end
    return name.start < mark.end and mark.start < name.end


def _room_for_phrases(names: Sequence[Name]) -> int:
    """How many phrases are told beside ``names``: they go before our terms, after all else."""
    first = [name for name in names if name.origin == "glossary" or name.kind != "term"]
    return max(MOST_HINTS - len(first), _LEAST_PHRASES)


def _most_wanted(names: Sequence[Name], most: int) -> list[Name]:
    """At most so many of ``names``, the caller's own first, in their order."""
    ranked = sorted(names, key=lambda name: (name.origin != "glossary", _BY_KIND.index(name.kind)))
    chosen = ranked[:most]
    return sorted(chosen, key=lambda name: (name.origin != "glossary", name.start))
