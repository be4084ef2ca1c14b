"""All names of an article with their forms in the other language, for an editor to correct.

The analyzers and the tables of names find them. A name that neither a glossary, a table nor its own
reading renders is listed without a form, unless the brief's translation has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from service.analysis import Analyzes
from service.briefs.model import Article, ArticleName
from service.briefs.sources import SourceText
from service.briefs.tags import untitled
from service.languages import Language
from service.names.article import ArticleNames
from service.names.checking import is_distinctive
from service.names.lexicon import NameLexicon
from service.names.model import ListedName, Name
from service.names.tables import Kind
from service.translation import Term, index_of

MOST: Final = 500
READ: Final = 400
"""The most names that are listed, and the most sentences that are read for them."""
_AT_ONCE: Final = 50
"""Sentences that are analyzed while others wait for the analyzer."""
_ENTITIES: Final[Mapping[str, Kind]] = {
    "person": "person",
    "organisation": "organisation",
    "place": "place",
    "PER": "person",
    "ORG": "organisation",
    "LOC": "place",
}
"""The analyzers' names for what has a name."""
_BEFORE: Final = re.compile(r"(?:[^\w]+|(?:the|an?)\s+)+", re.IGNORECASE)
_AFTER: Final = re.compile(r"(?:['’]s?|[^\w)）”》]+)$")
_HAN: Final = re.compile("[\u3400-\u9fff]")


class NameFinder:
    """Finds the names of one article: ``names`` and ``lexicon`` are those of its language,
    ``terms`` are the caller's, which win.
    """

    def __init__(
        self,
        names: ArticleNames,
        lexicon: NameLexicon,
        analyzer: Analyzes,
        terms: tuple[Term, ...],
        language: Language,
    ) -> None:
        self._names = names
        self._lexicon = lexicon
        self._analyzer = analyzer
        self._terms = index_of(terms, language)
        self._language: Language = language

    def find(self, article: Article, source: SourceText) -> tuple[ArticleName, ...]:
        """Return the names of ``article``, which ``source`` was made of, each once, in the order of
        the text and in its script. Blocks for some milliseconds a sentence.
        """
        found: dict[str, ArticleName] = {}
        sentences = [*([source.title] if source.title else []), *source.sentences[:READ]]
        for at in range(0, len(sentences), _AT_ONCE):
            for name in self._find(sentences[at : at + _AT_ONCE]):
                if found.setdefault(name.source, name).target is None and name.target:
                    found[name.source] = name
            if len(found) >= MOST:
                break
        listed = tuple(_without_parts(found.values()))[:MOST]
        return tuple(_as_written(one, article, source) for one in listed)

    def _find(self, sentences: Sequence[str]) -> Iterator[ArticleName]:
        spans = self._recognized(sentences)
        for sentence, recognized in zip(sentences, spans, strict=True):
            yield from self._of_sentence(sentence, recognized)

    def _of_sentence(
        self, sentence: str, recognized: Iterable[tuple[int, int, str]]
    ) -> Iterator[ArticleName]:
        """Yield the caller's terms, the names that have a form, and what else the analyzer takes
        for a name, none of which overlap.
        """
        taken: list[tuple[int, int]] = []

        def take(start: int, end: int) -> bool:
            free = not any(start < after and before < end for before, after in taken)
            taken.append((start, end))
            return free

        for match in self._terms.find(sentence):
            take(match.start, match.end)
            written = sentence[match.start : match.end]
            yield ArticleName(written, "term", match.term.target, "glossary")
        for name in self._names.find(sentence):
            if take(name.start, name.end) and is_distinctive(name):
                yield _listed(untitled(name, self._lexicon))
        for start, end, tag in recognized:
            written = _bare(sentence[start:end])
            if tag in _ENTITIES and take(start, end) and _is_name(written):
                yield ArticleName(written, _ENTITIES[tag])

    def _recognized(self, sentences: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        """Where the analyzer finds words and entities, and what it calls them."""
        if self._language == "en":
            entities = self._analyzer.entities(sentences)
            return [[(one.start, one.end, one.kind) for one in found] for found in entities]
        words = self._analyzer.segment(sentences)
        return [[(one.start, one.end, one.tag) for one in found] for found in words]


def with_forms(
    names: Iterable[ArticleName], listed: Sequence[ListedName]
) -> tuple[ArticleName, ...]:
    """Return ``names`` with the forms that a translation has, which are ``listed``, and then those
    that it alone has.
    """
    forms = {one.source: one for one in listed}
    given = [
        msgspec.structs.replace(name, target=form.target, origin=form.origin)
        if (form := forms.pop(name.source, None))
        else name
        for name in names
    ]
    others = (ArticleName(one.source, "term", one.target, one.origin) for one in forms.values())
    return (*given, *others)


def _listed(name: Name) -> ArticleName:
    if not name.targets or name.origin == "model":
        return ArticleName(name.source, name.kind)
    return ArticleName(name.source, name.kind, name.targets[0], name.origin)


def _bare(written: str) -> str:
    """A name without the article, the marks and the possessive around it."""
    begin = _BEFORE.match(written)
    return _AFTER.sub("", written[begin.end() if begin else 0 :])


def _is_name(written: str) -> bool:
    """Whether it can be one: it has two Chinese characters, or begins with a capital or a digit."""
    if _HAN.search(written):
        return len(written) > 1
    return len(written) > 1 and (written[0].isupper() or written[0].isdigit())


def _as_written(name: ArticleName, article: Article, source: SourceText) -> ArticleName:
    """The name in the article's own script."""
    at, body = source.body.find(name.source), article.body
    if at < 0 or len(body) != len(source.body):
        return name
    return msgspec.structs.replace(name, source=body[at : at + len(name.source)])


def _without_parts(names: Iterable[ArticleName]) -> Iterator[ArticleName]:
    """The names but those without a form that are part of another."""
    names = list(names)
    everything = "\n".join(one.source for one in names)
    for one in names:
        if one.target is not None or everything.count(one.source) == 1:
            yield one
