"""Tags of an article: the people, places, organisations and topics that it is about.

The analyzers and the tables of names find them in the article. Their names in the other language
come from the caller's glossary, a table, or the name's reading in pinyin, never from a model.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from service.briefs.model import Article, TagKind
from service.briefs.sources import SourceText
from service.names.article import ArticleNames
from service.names.lexicon import NameLexicon
from service.names.model import Name, Origin
from service.names.topics import offices, topics
from service.translation import Term

MOST: Final = 7
LEAST: Final = 3
_OF_A_KIND: Final = 3
"""The most tags of one kind, if there are :data:`LEAST` tags with that limit."""
_READ: Final = 40
"""How many sentences are searched: an article names what it is about in the first ones."""
_TITLE: Final = 2.0
"""How many mentions a mention in the title counts as."""
_FADES: Final = 0.15
"""How much less a mention counts for each sentence before it."""
_TOPIC: Final = 0.6
_ONE_WORD: Final = 0.5
"""Weights of the mentions of a topic, and of a person whom only the analyzer finds and the article
calls by a single name.
"""
_LEAD: Final = 3
"""A topic or a place that is named only once must be named in so many first sentences."""
_COUNTED: Final = re.compile(
    r"(?:[\d〇零一二两三四五六七八九十百千万亿半几多余每]|\d-|"
    r"\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|half|dozen|hundred|thousand|"
    r"million|billion)[ -])\s*$",
    re.IGNORECASE,
)
"""A number or a quantity before a unit, or before things that are counted."""
_ACRONYM: Final = re.compile(r"(?:[A-Z]\.?){2,6}")


class ArticleTag(msgspec.Struct, frozen=True):
    """A tag in the article's language: ``text`` in Simplified characters, ``original`` in the
    article's script. ``target`` is its translation, if one is known, and ``origin`` its source.
    """

    kind: TagKind
    text: str
    original: str
    target: str | None
    origin: Origin


class _Candidate:
    """A name or topic, by all the forms that the article has of it."""

    def __init__(self, kind: TagKind, name: Name) -> None:
        self.kind: TagKind = kind
        self.name = name
        self.forms: Counter[str] = Counter()
        self.score = 0.0
        self.mentions = 0
        self.first = _READ

    def mention(self, form: str, at: int, worth: float) -> None:
        """Count one as ``form`` in sentence ``at``."""
        self.forms[form] += 1
        self.mentions += 1
        self.first = min(self.first, at)
        self.score += worth

    def add(self, other: _Candidate) -> None:
        """Count the mentions of ``other``, which is the same."""
        self.forms += other.forms
        self.mentions += other.mentions
        self.first = min(self.first, other.first)
        self.score += other.score

    @property
    def is_slight(self) -> bool:
        """Whether the article only touches upon it, or it may be no name at all."""
        if self.kind in ("topic", "place"):
            return self.mentions < 2 and self.first >= _LEAD
        return self._is_doubtful and self.mentions < 2

    @property
    def _is_doubtful(self) -> bool:
        """Whether it is a person whom the analyzer alone knows, and by one name."""
        unknown = self.kind == "person" and self.name.origin in ("verbatim", "model")
        return unknown and not set(" ·") & set(self.form)

    @property
    def weight(self) -> float:
        """What speaks for it."""
        share = _TOPIC if self.kind == "topic" else _ONE_WORD if self._is_doubtful else 1.0
        return share * self.score

    @property
    def form(self) -> str:
        """What the article calls it: people and bodies in full, the rest as it mostly does."""
        full = [form for form in self.forms if not _ACRONYM.fullmatch(form)] or [*self.forms]
        if self.kind in ("person", "organisation"):
            return max(full, key=lambda form: (len(form), form))
        return max(full, key=lambda form: (self.forms[form], len(form), form))


def find_tags(
    article: Article,
    source: SourceText,
    names: ArticleNames,
    lexicon: NameLexicon,
    terms: Sequence[Term],
) -> tuple[ArticleTag, ...]:
    """Return up to :data:`MOST` tags, the most telling first. Blocks, for some hundred milliseconds
    of a long article.

    ``lexicon`` is that of the article's language, ``terms`` are the caller's.
    """
    candidates = sorted(
        _candidates(source, names, lexicon), key=lambda one: (-one.weight, one.first, one.form)
    )
    glossary = {term.source: term.target for term in terms}
    return tuple(_tagged(one, article, source, glossary) for one in _chosen(candidates))


def _candidates(
    source: SourceText, names: ArticleNames, lexicon: NameLexicon
) -> Iterable[_Candidate]:
    found: dict[tuple[TagKind, str], _Candidate] = {}
    read = [(sentence, at) for at, sentence in enumerate(source.sentences[:_READ])]
    for sentence, at in [*([(source.title, 0)] if source.title else []), *read]:
        worth = _TITLE if sentence is source.title else 1 / (1 + _FADES * at)
        for name in map(lambda one: untitled(one, lexicon), names.find(sentence)):  # noqa: C417
            kind = _kind(name)
            counted = kind == "topic" and _COUNTED.search(sentence[: name.start])
            if kind is None or counted:
                continue
            key = (kind, name.targets[0] if name.targets else name.source)
            candidate = found.setdefault(key, _Candidate(kind, name))
            candidate.mention(name.source, at, worth)
    return _with_full_names([*found.values()])


def _with_full_names(candidates: list[_Candidate]) -> list[_Candidate]:
    """The candidates, persons who are called by a part of another's name taken for that one."""
    persons = sorted(
        (one for one in candidates if one.kind == "person"), key=lambda one: -len(one.form)
    )
    full: list[_Candidate] = []
    for one in persons:
        bearer = next((other for other in full if one.form in other.form), None)
        if bearer is None:
            full.append(one)
        else:
            bearer.add(one)
    return [one for one in candidates if one.kind != "person" or one in full]


def _kind(name: Name) -> TagKind | None:
    if name.kind != "term":
        return None if name.kind == "word" else name.kind
    return "topic" if name.source.lower() in topics() else None


def untitled(name: Name, lexicon: NameLexicon) -> Name:
    """An English person without the office before the name: *Premier Li Keqiang*."""
    if name.kind != "person" or name.origin != "verbatim" or not name.targets:
        return name
    words = name.targets[0].split()
    titles = [at for at, word in enumerate(words[:-1]) if word.lower() in offices()]
    if not titles:
        return name
    bare = " ".join(words[titles[-1] + 1 :])
    known = lexicon.get(bare)
    if known and known.targets:
        return msgspec.structs.replace(name, source=bare, targets=known.targets, origin="lexicon")
    return msgspec.structs.replace(name, source=bare, targets=(bare,))


def _chosen(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The first ones, but no more than some of a kind unless there are few of the others."""
    chosen: list[_Candidate] = []
    of_kind: defaultdict[TagKind, int] = defaultdict(int)
    for one in _told_once(candidates):
        if len(chosen) < MOST and of_kind[one.kind] < _OF_A_KIND and not one.is_slight:
            chosen.append(one)
            of_kind[one.kind] += 1
    rest = [one for one in candidates if one not in chosen]
    chosen += rest[: max(0, LEAST - len(chosen))]
    return sorted(chosen, key=candidates.index)


def _told_once(candidates: Sequence[_Candidate]) -> Iterator[_Candidate]:
    """The candidates without those whose name is part of one that comes before."""
    forms: list[str] = []
    for one in candidates:
        if not any(one.form in form for form in forms):
            forms.append(one.form)
            yield one


def _tagged(
    one: _Candidate, article: Article, source: SourceText, glossary: dict[str, str]
) -> ArticleTag:
    form, body = one.form, article.body
    at = source.body.find(form)
    original = body[at : at + len(form)] if at >= 0 and len(body) == len(source.body) else form
    for written in (form, *one.forms):
        if written in glossary:
            return ArticleTag(one.kind, form, original, glossary[written], "glossary")
    target = one.name.targets[0] if one.name.targets and one.name.origin != "model" else None
    return ArticleTag(one.kind, form, original, target, one.name.origin)
