"""Tags of an article: the people, places, organisations and topics that it is about.

The analyzers and the tables of names find them in the article. Their names in the other language
come from the caller's glossary, a table, or the name's reading in pinyin, never from a model. An
article that names little gets everyday topics that it mentions (:mod:`service.names.topics`).
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
from service.names.topics import everyday, offices, topics
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


_KINDS: Final = re.compile(
    r"[ -]?(?:季风|信风|季候风|风(?!险|暴|格|情|景|云|波|光|味|电|力|尚|筝|雨|灾|区|机)|气旋|寒流"
    r"|暖流|脑炎|出血热|梧桐|红杉|虎(?!门)|豹|狼|鹅|龟|蟹|虾|鳄|牛(?!津)|猪|羊(?!城)|鸡|鸭|鲟|兔|鼠|猫|犬|牧羊犬|短毛猫|斗牛犬|金丝猴"
    r"|面(?!临|对|向|积|前|貌|世|试|部|包|粉|板|值|上|谈|孔|议|商)|炒饭|烤鸭|大饼|轮盘|方块|队长|套娃|脚(?!步|本|下)"
    r"|(?:monsoons?|nuts?|pigs?|fries|shepherds?|terriers?|bulldogs?|shorthairs?|setters?|hens?"
    r"|tigers?|turtles?|geese|goose|encephalitis|sprouts?|oven|roulette|winds?|waltz|fever)\b)",
    re.IGNORECASE,
)
"""What makes a kind of something out of a place's name."""


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
    tags = [_tagged(one, article, source, glossary) for one in _chosen(candidates)]
    return tuple(_filled(tags, article, source, glossary))


def _read_sentences(source: SourceText) -> Iterator[tuple[str, int, float]]:
    """The title and the sentences that are searched, their positions, and a mention's worth."""
    if source.title:
        yield source.title, 0, _TITLE
    for at, sentence in enumerate(source.sentences[:_READ]):
        yield sentence, at, 1 / (1 + _FADES * at)


def _filled(
    tags: list[ArticleTag], article: Article, source: SourceText, glossary: dict[str, str]
) -> Iterator[ArticleTag]:
    """The tags, and as many everyday topics as lack to :data:`LEAST` that both languages have."""
    yield from tags
    lack = LEAST - sum(tag.target is not None for tag in tags)
    if lack <= 0:
        return
    told = [text.lower() for tag in tags for text in (tag.text, tag.target) if text]
    room = min(lack, MOST - len(tags))
    for form, target in _everyday_topics(source):
        if room and not any(form in text or target in text for text in told):
            room -= 1
            told += [form, target]
            origin: Origin = "glossary" if form in glossary else "lexicon"
            original = _original(form, article, source)
            yield ArticleTag("topic", form, original, glossary.get(form, target), origin)


def _everyday_topics(source: SourceText) -> list[tuple[str, str]]:
    """The everyday topics that the article mentions, in both languages, the most told first."""
    worth: defaultdict[tuple[str, str], float] = defaultdict(float)
    for sentence, _, each in _read_sentences(source):
        for form, target, _ in everyday().find(sentence, source.language):
            worth[form, target] += each
    return sorted(worth, key=lambda one: -worth[one])


def _candidates(
    source: SourceText, names: ArticleNames, lexicon: NameLexicon
) -> Iterable[_Candidate]:
    found: dict[tuple[TagKind, str], _Candidate] = {}
    for sentence, at, worth in _read_sentences(source):
        for name in map(lambda one: untitled(one, lexicon), names.find(sentence)):  # noqa: C417
            kind = _kind(name)
            counted = kind == "topic" and _COUNTED.search(sentence[: name.start])
            if kind is None or counted or (kind == "place" and _is_of_a_kind(sentence, name)):
                continue
            key = (kind, name.targets[0] if name.targets else name.source)
            candidate = found.setdefault(key, _Candidate(kind, name))
            candidate.mention(name.source, at, worth)
    return _with_full_names([*found.values()])


def _is_of_a_kind(sentence: str, name: Name) -> bool:
    """Whether the place only names a kind of wind, animal, plant, dish or illness: 东北季风,
    *Brazil nuts*.
    """
    return _KINDS.match(sentence, name.start + len(name.source)) is not None


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
    form = one.form
    original = _original(form, article, source)
    for written in (form, *one.forms):
        if written in glossary:
            return ArticleTag(one.kind, form, original, glossary[written], "glossary")
    target = one.name.targets[0] if one.name.targets and one.name.origin != "model" else None
    return ArticleTag(one.kind, form, original, target, one.name.origin)


def _original(form: str, article: Article, source: SourceText) -> str:
    """The form in the article's own script."""
    body, at = article.body, source.body.find(form)
    return body[at : at + len(form)] if at >= 0 and len(body) == len(source.body) else form
