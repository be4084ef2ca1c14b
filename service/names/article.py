"""The names of one article or order: found sentence by sentence, each called alike throughout."""

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
from service.names.aligning import Replaced, Stranger, aligned
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
"""How a person whom no table knows is written in Chinese, and whether one whom a table knows has
the Latin form added once: 约翰·史密斯（John Smith）."""


class NameTables:
    """What names are found with: an ``analyzer``, if there is one, and the lexicons with the
    operator's files, read when they are first needed. Safe to share by threads.
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
            SettingsError: one of the operator's files is no table.
        """
        self.lexicon("en")
        self.lexicon("zh")

    def lexicon(self, source: Language) -> NameLexicon:
        """The lexicon of texts in ``source``."""
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
        """The names of ``text``, in ``source``, ready to be found. One that was ``traditional`` is
        not news of the mainland, where names are written in pinyin. ``analyzer`` takes the place
        of the tables' own.
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
    """Finds the names of an article's sentences. Surnames are called as the full names that the
    article gives. ``other`` is the lexicon of the other language. ``text`` is the article's,
    Chinese in Simplified characters.
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
        """The names of ``sentence``, in order; Chinese in Simplified characters. Blocks, for some
        milliseconds.
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
            # 毛卫生 before 部长 is no person where 毛里求斯 has a minister
            found = [one for one in found if not any(_overlap(one, name) for name in countries)]
            found += countries
            found.sort(key=lambda name: name.start)
        return tuple(self._in_context(one, sentence) for one in found)

    def _as_written(self, name: Name) -> Name:
        """A foreign person whose own form the article adds once: 托比亚斯（Tobias）."""
        if name.kind != "person" or (name.targets and name.origin != "pinyin"):
            return name
        found = re.search(rf"{re.escape(name.source)}\s?{_LATIN_FORM}", self.text)
        if not found:
            return name
        return msgspec.structs.replace(name, targets=(found[1].strip(),), origin="verbatim")

    def is_guessed(self, name: Name) -> bool:
        """Whether the model alone decides how a foreign person is spelled."""
        foreign = not self._domestic or "·" in fold(name.source)
        return name.kind == "person" and name.origin == "model" and foreign

    def guessed(self, names: Sequence[Name], translation: str) -> ListedName | None:
        """What the model made of a person whom nothing else vouches for: the one person of an
        English ``translation`` that is none of the other ``names``, if there is one of each.
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

    def stray(self, names: Sequence[Name], sentence: str, translation: str) -> list[Match]:
        """Where persons and places stand in the ``translation`` of a ``sentence`` that nothing in
        the article is called, and none of ``names``, those of the sentence.
        """
        target: Language = "zh" if self._source == "en" else "en"

        def found(words: Sequence[ChineseWord] = ()) -> list[Match]:
            strays = unfounded(sentence, names, translation, self._other, target, words=words)
            return [one for one in strays if not self._mentions(one, translation)]

        strays = found()
        if not strays or self._analyzer is None or target == "en":
            return strays
        return found(self._analyzer.segment([translation])[0])

    def put_in_place(
        self, names: Sequence[Name], sentence: str, translation: str, missing: Sequence[Name]
    ) -> tuple[str, tuple[Replaced, ...]]:
        """The ``translation`` of a ``sentence`` with the ``missing`` persons and places of its
        ``names`` where others stand that have no source.
        """
        wanted = [name for name in missing if name.kind in ("person", "place") and name.targets]
        if not wanted:
            return translation, ()
        strays = self.stray(names, sentence, translation)
        strangers = [Stranger(one.start, one.end, one.entry.kind) for one in strays]
        persons = (
            self.unknown_persons(names, translation)
            if self._source == "en"
            else self.strangers(names, sentence, translation)
        )
        strangers += [
            Stranger(start, end, "person")
            for start, end in persons
            if not any(start < one.end and one.start < end for one in strangers)
        ]
        return aligned(translation, wanted, sorted(strangers, key=lambda one: one.start))

    def unknown_persons(
        self, names: Sequence[Name], translation: str
    ) -> tuple[tuple[int, int], ...]:
        """Where a Chinese ``translation`` has persons, each a whole word, whom no table and none of
        ``names`` has. None are found without an analyzer.
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

    def strangers(
        self, names: Sequence[Name], sentence: str, translation: str
    ) -> list[tuple[int, int]]:
        """Where persons stand in the English ``translation`` of a ``sentence`` who have no name in
        it, and no reading in the article. Where the sentence has a person whom nothing vouches for,
        anybody may be meant.
        """
        if self._source == "en" or any(
            name.kind == "person" and not name.targets for name in names
        ):
            return []
        known = [form.lower() for name in names for form in name.targets]
        strangers = [
            one
            for one in self._entities(translation)
            if one.kind == "person"
            and one.text[0].isupper()
            and not one.text.startswith("The ")  # a band, not a person
            and not _ARTICLE.search(translation, 0, one.start)  # nor is the Desert Southwest
            and not self._is_known(_POSSESSIVE.sub("", one.text), known, sentence)
        ]
        if strangers:
            heard = self._unrendered(names, sentence)
            strangers = [
                one for one in strangers if not any(sounds_like(one.text, word) for word in heard)
            ]
        return [(one.start, one.end) for one in strangers]

    def _unrendered(self, names: Sequence[Name], sentence: str) -> list[str]:
        """What may be foreign names in a Chinese ``sentence`` beside ``names``, those that it is
        known what they are called: 尼乌吉尼航空公司, and what it begins with.
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
        """Whether an English person's name comes from the source, or from a table, which the check
        of known names sees to.
        """
        lowered = person.lower()
        if person in sentence or any(lowered in one or one in lowered for one in known):
            return True
        words = [re.sub("[^a-z]", "", word) for word in lowered.split()]
        read = all(word in self._reading for word in words)
        return read or bool(self._other.find(person))

    def _mentions(self, match: Match, translation: str) -> bool:
        """Whether the article has it somewhere, be it as part of a word or by its reading."""
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
        """All of a Chinese article in pinyin, without spaces. Takes a second for 100,000
        characters.
        """
        return "".join(lazy_reading(self.text))

    def _entities(self, text: str) -> Sequence[Entity]:
        return self._analyzer.entities([text])[0] if self._analyzer else ()


def _overlap(one: Name, other: Name) -> bool:
    return one.start < other.end and other.start < one.end
