"""Finds the names of one article, sentence by sentence, and gives each one rendering throughout."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec

from service.analysis.model import Analyzes, ChineseWord, Entity
from service.names import chinese, english
from service.names.aligning import Replaced, UnsourcedName, aligned
from service.names.checking import half_of, unfounded
from service.names.countries import abbreviated, countries_in
from service.names.forms import fold, is_simplified, lower
from service.names.lexicon import LexiconEntry, Match, NameLexicon
from service.names.model import ListedName, Name
from service.names.pinyin import lazy_reading
from service.names.sounds import sounds_like
from service.text.numbers.model import Language
from service.text.scripts import convert

_LATIN_FORM = r"[（(]([A-ZÀ-Þ][\w.’'-]*(?: [\w.’'-]+){0,3})[）)]"

_PROPER = frozenset({"PER", "LOC", "ORG", "nz", "nw", "nr", "ns", "nt"})
"""Tags of words that may be names."""
_ARTICLE = re.compile(r"\b(?:the|an?) $", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")

Style = Literal["latin", "both"]
"""How persons are written in Chinese. Those that no table has keep their Latin form in both styles;
``both`` also adds it once to those that a table has: 约翰·史密斯（John Smith）."""


class NameTables:
    """The lexicons of both languages, with the operator's ``files``, and an optional ``analyzer``.
    Lexicons are read when they are first needed. Threads may share an instance.
    """

    def __init__(
        self,
        analyzer: Analyzes | None = None,
        files: Sequence[Path] = (),
        *,
        style: Style = "latin",
    ) -> None:
        self._analyzer = analyzer
        self._files = tuple(files)
        self.style: Style = style
        self._lexicons: dict[Language, NameLexicon] = {}
        self._lock = threading.Lock()

    def load(self) -> None:
        """Read both lexicons.

        Raises:
            SettingsError: one of the operator's files is not a table of names.
        """
        self.lexicon("en")
        self.lexicon("zh")

    def lexicon(self, source: Language) -> NameLexicon:
        """Return the lexicon for texts in ``source``."""
        with self._lock:
            if source not in self._lexicons:
                self._lexicons[source] = NameLexicon.load(source, self._files)
            return self._lexicons[source]

    def article(
        self,
        text: str,
        source: Language,
        *,
        traditional: bool = False,
        analyzer: Analyzes | None = None,
    ) -> ArticleNames:
        """Return a finder for the names of ``text``, which is in ``source``. If the text was in
        ``traditional`` characters, Chinese persons do not get pinyin, which is for news of the
        mainland. ``analyzer`` replaces the tables' own.
        """
        other: Language = "zh" if source == "en" else "en"
        return ArticleNames(
            text,
            source,
            self.lexicon(source),
            other=self.lexicon(other),
            analyzer=analyzer or self._analyzer,
            style=self.style,
            domestic=not traditional and is_simplified(text),
        )


class ArticleNames:
    """Finds the names in the sentences of an article. A surname alone is rendered as the full name
    that the article gives. ``other`` is the lexicon of the other language. ``text`` is the text of
    the article; Chinese is converted to Simplified characters.
    """

    def __init__(
        self,
        article: str,
        source: Language,
        lexicon: NameLexicon,
        *,
        other: NameLexicon,
        analyzer: Analyzes | None,
        style: Style = "latin",
        domestic: bool = True,
    ) -> None:
        self.style: Style = style
        self._other = other
        self._source: Language = source
        self._lexicon = lexicon
        self._analyzer = analyzer
        self._full_name = english.FullNames(article if source == "en" else "", self._entities)
        simplified = convert(article, "zh-Hans") if source == "zh" else article
        self.text = simplified
        self._domestic = domestic and chinese.is_domestic(simplified, lexicon)
        self._agency = domestic and source == "zh" and chinese.is_from_agency(simplified)

    def find(self, sentence: str) -> tuple[Name, ...]:
        """Return the names in ``sentence``, in order. Chinese must be in Simplified characters.
        Blocks for some milliseconds.
        """
        if self._source == "en":
            entities = self._entities(sentence)
            found = english.names_in(sentence, entities, self._lexicon, self._full_name)
        else:
            words = self._analyzer.segment([sentence])[0] if self._analyzer else ()
            found = chinese.names_in(
                sentence, words, self._lexicon, domestic=self._domestic, agency=self._agency
            )
            found = [self._as_written(one) for one in found]
            countries = [
                one
                for one in countries_in(sentence, self._abbreviated)
                if not any(_overlap(one, name) for name in found if name.kind != "person")
            ]
            # 毛卫生部长 is the health minister of 毛里求斯, not a person called 毛卫生
            found = [one for one in found if not any(_overlap(one, name) for name in countries)]
            found += countries
            found.sort(key=lambda name: name.start)
        return tuple(self._in_context(one, sentence) for one in found)

    def _as_written(self, name: Name) -> Name:
        """Give a foreign person the Latin form that the article adds once: 托比亚斯（Tobias）."""
        if name.kind != "person" or (name.targets and name.origin != "pinyin"):
            return name
        found = re.search(rf"{re.escape(name.source)}\s?{_LATIN_FORM}", self.text)
        if not found:
            return name
        return msgspec.structs.replace(name, targets=(found[1].strip(),), origin="verbatim")

    def is_guessed(self, name: Name) -> bool:
        """Return whether only the model decides how this foreign person is spelled."""
        foreign = not self._domestic or "·" in fold(name.source)
        return name.kind == "person" and name.origin == "model" and foreign

    def guessed(self, names: Sequence[Name], translation: str) -> ListedName | None:
        """Return how the model rendered the one person of ``names`` that has no known rendering:
        the only person in the English ``translation`` that is none of the other names. None unless
        there is exactly one of each.
        """
        unknown = {name.source for name in names if self.is_guessed(name)}
        if len(unknown) != 1 or self._source == "en":
            return None
        known = {form.lower() for name in names for form in name.targets}
        persons = {
            one.text
            for one in self._entities(translation)
            if one.kind == "person" and not any(one.text.lower() in form for form in known)
        }
        if len(persons) != 1:
            return None
        return ListedName(unknown.pop(), persons.pop(), "model")

    def _in_context(self, name: Name, sentence: str) -> Name:
        source = sentence[name.start : name.end]
        elsewhere = name.kind in ("place", "organisation") and self.text.count(
            source
        ) > sentence.count(source)
        return msgspec.structs.replace(name, source=source, implied=name.implied or elsewhere)

    def unsourced(self, names: Sequence[Name], sentence: str, translation: str) -> list[Match]:
        """Find names of the tables in the ``translation`` of a ``sentence`` that are neither among
        ``names``, those of the sentence, nor anywhere in the article.
        """
        target: Language = "zh" if self._source == "en" else "en"

        def found(words: Sequence[ChineseWord] = ()) -> list[Match]:
            matches = unfounded(sentence, names, translation, self._other, target, words=words)
            return [one for one in matches if not self._mentions(one, translation)]

        matches = found()
        if not matches or self._analyzer is None or target == "en":
            return matches
        return found(self._analyzer.segment([translation])[0])

    def put_in_place(
        self, names: Sequence[Name], sentence: str, translation: str, missing: Sequence[Name]
    ) -> tuple[str, tuple[Replaced, ...]]:
        """Return the ``translation`` of a ``sentence`` in which the ``missing`` persons and places
        of its ``names`` take the places of names that have no source.
        """
        wanted = [name for name in missing if name.kind in ("person", "place") and name.targets]
        if not wanted:
            return translation, ()
        matches = self.unsourced(names, sentence, translation)
        unsourced = [UnsourcedName(one.start, one.end, one.entry.kind) for one in matches]
        persons = (
            self.unknown_persons(names, translation)
            if self._source == "en"
            else self.unsourced_persons(names, sentence, translation)
        )
        unsourced += [
            UnsourcedName(start, end, "person")
            for start, end in persons
            if not any(start < one.end and one.start < end for one in unsourced)
        ]
        return aligned(translation, wanted, sorted(unsourced, key=lambda one: one.start))

    def unknown_persons(
        self, names: Sequence[Name], translation: str
    ) -> tuple[tuple[int, int], ...]:
        """Find persons in a Chinese ``translation`` that neither a table nor ``names`` has: the
        start and end of each, which is a whole word. Finds none without an analyzer.
        """
        words = self._analyzer.segment([translation])[0] if self._analyzer else ()
        known = self._other.find(translation, words)
        forms = [form for name in names for form in name.targets]
        return tuple(
            (word.start, word.end)
            for word in words
            if word.tag == "PER"
            and not any(one.start < word.end and word.start < one.end for one in known)
            and not any(word.text in form for form in forms)
        )

    def unsourced_persons(
        self, names: Sequence[Name], sentence: str, translation: str
    ) -> list[tuple[int, int]]:
        """Find persons in the English ``translation`` of a ``sentence`` whose names have no source
        in the sentence, and are not the pinyin of any words in the article. Finds none if the
        sentence has a person without a known rendering, since any name may be that person's.
        """
        if self._source == "en" or any(
            name.kind == "person" and not name.targets for name in names
        ):
            return []
        known = [form.lower() for name in names for form in name.targets]
        unsourced = [
            one
            for one in self._entities(translation)
            if one.kind == "person"
            and one.text[0].isupper()
            and not one.text.startswith("The ")  # a band rather than a person
            and not _ARTICLE.search(translation, 0, one.start)  # the Desert Southwest
            and not self._is_known(_POSSESSIVE.sub("", one.text), known, sentence)
        ]
        if unsourced:
            words = self._unrendered(names, sentence)
            unsourced = [
                one for one in unsourced if not any(sounds_like(one.text, word) for word in words)
            ]
        return [(one.start, one.end) for one in unsourced]

    def _unrendered(self, names: Sequence[Name], sentence: str) -> list[str]:
        """Return possible foreign names in a Chinese ``sentence`` other than those of ``names``
        that have a rendering: each proper noun, and its beginnings (尼乌吉尼 of 尼乌吉尼航空公司).
        """
        words = self._analyzer.segment([sentence])[0] if self._analyzer else ()
        rendered = [(name.start, name.end) for name in names if name.targets]
        unknown = [
            word.text
            for word in words
            if word.tag in _PROPER
            and not any(start < word.end and word.start < end for start, end in rendered)
        ]
        return [word[:size] for word in unknown for size in range(2, len(word) + 1)]

    def _is_known(self, person: str, known: Sequence[str], sentence: str) -> bool:
        """Return whether the name of an English person comes from the source, or from a table; the
        check of known names covers the latter.
        """
        lowered = person.lower()
        if person in sentence or any(lowered in one or one in lowered for one in known):
            return True
        words = [re.sub("[^a-z]", "", word) for word in lowered.split()]
        read = all(word in self._reading for word in words)
        return read or bool(self._other.find(person))

    def _mentions(self, match: Match, translation: str) -> bool:
        """Return whether the article has a form of the name, even inside a word or as pinyin."""
        forms = [lower(fold(form)) for form in match.entry.targets]
        if any(form in self._folded for form in forms):
            return True
        if match.entry.kind == "organisation":  # 省教育厅: Ministry of Education
            return any(half_of(form, self._folded, self._source) for form in forms)
        written = translation[match.start : match.end].lower()
        return self._source == "zh" and re.sub("[^a-z]", "", written) in self._reading

    @cached_property
    def _abbreviated(self) -> dict[str, LexiconEntry]:
        return abbreviated(self._lexicon.find(self.text))

    @cached_property
    def _folded(self) -> str:
        return lower(fold(self.text))

    @cached_property
    def _reading(self) -> str:
        """The whole Chinese article in pinyin, without spaces. Takes a second for 100,000
        characters.
        """
        return "".join(lazy_reading(self.text))

    def _entities(self, text: str) -> Sequence[Entity]:
        return self._analyzer.entities([text])[0] if self._analyzer else ()


def _overlap(one: Name, other: Name) -> bool:
    return one.start < other.end and other.start < one.end
