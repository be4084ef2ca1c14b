"""Finds the names of an English sentence: those of the lexicon, and persons that are in no
table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from service.analysis.model import Entity
from service.names.lexicon import Match, NameLexicon
from service.names.model import Name

_TITLE: Final = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Father|Sister|President|"
    r"Vice|Prime|Minister|Chancellor|Senator|Sen|Gov|Governor|Secretary|Judge|Justice|Captain|Capt|"
    r"Sgt|Sergeant|Lt|Lieutenant|Col|Colonel|Gen|General|Maj|Major|Chief|King|Queen|Prince|"
    r"Princess|Pope|Rep|Representative|Mayor|Inspector|Detective|Officer|Constable|Coach|Nurse|"
    r"Economist|Chairman|Chairwoman|Former|Ambassador|Commissioner|Cllr|Councillor|Shadow|Home|"
    r"Foreign|Defen[cs]e|Health|Education|Transport|Environment|Pensions|Culture|Treasury|Finance|"
    r"Interior|Attorney|Solicitor|Treasurer|Deputy|Premier|Speaker|Archbishop|Bishop|Cardinal|"
    r"Sheriff|Marshal|Admiral|Brigadier|Superintendent)"
)
_TITLES: Final = re.compile(rf"(?:{_TITLE}\.?\s+)+")
_TITLED: Final = re.compile(rf"\b{_TITLE}\.?\s+$")
_NAME_WORD: Final = (
    r"(?:[A-ZÀ-Þ][\w’'-]*[^\W\d_]|[A-Z]\.|"
    r"(?:de|la|van|von|der|den|bin|al|el|da|di|du|le|ter|ten)(?= ))"
)
_PERSON: Final = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,4}}")
_FORENAMES: Final = re.compile(r"(?:(?<![\w’'-])[A-ZÀ-Þ][a-zß-ÿ]+ )+$")
_OPENERS: Final = re.compile(
    r"(?:(?:Then|Later|Meanwhile|However|Instead|Still|Now|Also|Once|Since|Although|Though|Because|"
    r"Earlier|Afterwards?|Soon|Perhaps|Maybe|Even|Only|Until|Before|After|When|While|As|If|But|And|"
    r"Or|Yet|Despite|Like|Unlike|Both|Today|Yesterday|Tomorrow|Again|Finally|Recently|Besides|"
    r"Moreover|Nevertheless|Thus|Hence|Here|There|Why|How|Did|Does|Is|Was|Has|Had|Could|Should|"
    r"Would|With|Without|From|For|To|In|At|By|On|Unless|Whether|Where)\s+)+(?=[A-ZÀ-Þ])"
)
"""Words that begin a sentence before a name and are not forenames."""
_QUOTES: Final = "“”‘’\"'( "
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_NOT_IN_NAMES: Final = frozenset(
    "the a an and or of in on at for to by from with mr mrs ms monday tuesday wednesday thursday "
    "friday saturday sunday january february march july september october november december he she "
    "it they we i his her their our its this that these those but if as when while after before "
    "today yesterday tomorrow act bill law covid brexit parliament county sheriff street road "
    "avenue park city town village river lake weather warfare war show awards cup league club "
    "company university college school hospital church party news times post daily press capt "
    "lifeguard police force bank group house court rings games island prize day week festival "
    "museum hq officer members assembly settings device editors award rate shipping duty ratings "
    "forest description payment sellers templates hosting silver gold diamond wedding standard "
    "free new national federal international sen sgt gov rep am department democratic republican "
    "society protector policy refund support".split()
)
"""Words that do not occur in names of persons, or that a recogniser mistakes for one."""

FullName = Callable[[str], str]
"""The full name that the article gives for a surname; empty if it gives none."""
FindEntities = Callable[[str], Iterable[Entity]]
"""Finds the entities of a passage."""
_FULL: Final = rf"({_NAME_WORD}(?: {_NAME_WORD}){{1,2}})"
_SPEAKERS: Final = (
    re.compile(rf"\b[a-z]+, {_FULL}(?=,| of )"),
    re.compile(rf"\b(?:said|says|told|added|asked|according to) {_FULL}(?=[,. ])"),
    re.compile(rf"(?:^|[,.“”\"] ?){_FULL}(?= (?:said|says|told|added|asked|warned|denied)\b)"),
)
_LONG_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_SMALL: Final = frozenset(
    "and the for but nor yet off per via out not with from over into after than that upon amid "
    "onto under about".split()
)
_CAPITAL_AFTER: Final = re.compile(r"[ -](?:[A-ZÀ-Þ]|class\b)")
_CAPITAL_BEFORE: Final = re.compile(r"\w [A-ZÀ-Þ][\w’'-]* $")
_AROUND: Final = 100
"""How many characters before and after a name are analyzed with it."""
_MOST_MENTIONS: Final = 3
_ALONE: Final = re.compile(
    r"(?<![\w'’-])(?<![A-ZÀ-Þ]\. )(?<!\w [A-ZÀ-Þ]\. )[A-ZÀ-Þ][\w’'-]*[^\W\d_](?! [A-ZÀ-Þ])(?![\w-])"
)


def names_in(
    text: str, entities: Iterable[Entity], lexicon: NameLexicon, full_name: FullName
) -> list[Name]:
    """The names of ``text``, in order and without overlaps. A surname is translated like the full
    name; a person who is in no table keeps the Latin letters.
    """
    matches = [one for one in lexicon.find(text) if not _is_part_of_a_name(text, one)]
    if _is_heading(text):  # every word has a capital
        return sorted((_from_table(text, one) for one in matches), key=lambda name: name.start)
    persons: list[Name] = []
    entities = list(entities)
    # a recogniser takes a surname that stands alone for a place or a company
    sure = [one for one in entities if one.kind == "person" or " " in one.text]
    taken = [(one.start, one.end) for one in sure] + [(one.start, one.end) for one in matches]
    speakers = list(speakers_in(text, taken))
    taken += [(one.start, one.end) for one in speakers]
    for entity in (*entities, *speakers, *surnames_in(text, taken)):
        if entity.kind != "person" or not (span := _person_in(text, entity)):
            continue
        start, end = _without_country(text, *span, matches)
        inside = [one for one in matches if one.start < end and start < one.end]
        titled = bool(_TITLED.search(text[:start]))
        full = full_name(text[start:end]) if " " not in text[start:end] else text[start:end]
        covered = any(one.start <= start and end <= one.end for one in inside)
        alone = " " not in text[start:end]
        if (covered and not (alone and full)) or (alone and not (full or titled)):
            continue
        person = _person(text[start:end], start, full, lexicon)
        persons.append(person)
        matches = [one for one in matches if one not in inside]
    found = [*persons, *(_from_table(text, one) for one in matches)]
    return sorted(found, key=lambda name: name.start)


def _from_table(text: str, match: Match) -> Name:
    entry = match.entry
    before = text[: match.start]
    named_before = _CAPITAL_BEFORE.search(before) and not _TITLED.search(before)
    longer = bool(_CAPITAL_AFTER.match(text, match.end) or named_before)
    return Name(
        entry.source, match.start, match.end, entry.kind, entry.targets, "lexicon", implied=longer
    )


def _is_part_of_a_name(text: str, match: Match) -> bool:
    """Whether an ordinary word has a capital because it is part of a name that is in no table:
    Museum of Liverpool. Rare words with capitals are never matched: *Arctic Fox* may be a ship.
    """
    word = text[match.start : match.end]
    if match.entry.kind == "word":
        first = 1 if match.start == 0 and " " in word else 0  # a sentence may begin with it
        return word[first:] != word[first:].lower()
    return match.entry.kind == "term" and " " not in word and match.start > 0 and word.istitle()


def _is_heading(text: str) -> bool:
    """Whether all words except small ones such as *with* have a capital, as in headings of English
    newspapers.
    """
    words: list[str] = _LONG_WORD.findall(text)
    return len(words) > 1 and all(word[0].isupper() or word in _SMALL for word in words)


def _without_country(text: str, start: int, end: int, matches: Iterable[Match]) -> tuple[int, int]:
    """The span of a person's name without the country and office before it: Polish President Jan
    Kos.
    """
    for match in matches:
        if match.start <= start < match.end < end and match.entry.kind in ("place", "term"):
            start = match.end + len(text[match.end : end]) - len(text[match.end : end].lstrip())
    titles = _TITLES.match(text, start, end)
    return (titles.end() if titles else start), end


def _person_in(text: str, entity: Entity) -> tuple[int, int] | None:
    """The span of the name of a person entity: without titles and possessive, but with the
    forenames that the recogniser left out.
    """
    first = _FORENAMES.search(text[: entity.start])
    begin = first.start() if first else entity.start
    if not text[:begin].strip(_QUOTES):  # "Then Marisol Okonkwo"; said Even Hansen
        opener = _OPENERS.match(text, begin, entity.end)
        begin = opener.end() if opener else begin
    titles = _TITLES.match(text[begin : entity.end])
    start = begin + (titles.end() if titles else 0)
    found = _PERSON.match(text, start, entity.end)
    if not found:
        return None
    name = _POSSESSIVE.sub("", found[0])
    words = name.split()
    if name.isupper() or any(word.lower() in _NOT_IN_NAMES for word in words):
        return None
    return (start, start + len(name)) if name[:1].isupper() and len(name) > 1 else None


def _person(written: str, start: int, full: str, lexicon: NameLexicon) -> Name:
    """The person who is ``written`` so here. ``full`` is the full name that the article gives;
    empty if it gives none.
    """
    end = start + len(written)
    known = lexicon.get(full or written)
    if known and known.kind == "person":
        targets = known.targets
        if full and full != written:
            short = [target.rpartition("·")[2] for target in targets]
            targets = tuple(dict.fromkeys([*short, *targets]))
        return Name(written, start, end, "person", targets, "lexicon")
    targets = (written, full) if full and full != written else (written,)
    return Name(written, start, end, "person", targets, "verbatim")


class FullNames:
    """Finds the full names that ``article`` gives for surnames. ``entities`` recognises persons.
    Each surname is looked up once.
    """

    def __init__(self, article: str, entities: FindEntities) -> None:
        self._article = article
        self._entities = entities
        self._known: dict[str, str] = {}

    def __call__(self, surname: str) -> str:
        """The full name that ends in ``surname``; empty if there is none."""
        if surname not in self._known:
            self._known[surname] = self._find(surname)
        return self._known[surname]

    def _find(self, surname: str) -> str:
        pattern = rf"(?:{_NAME_WORD} ){{1,3}}{re.escape(surname)}(?![\w-])"
        for at, found in enumerate(re.finditer(pattern, self._article)):
            if at == _MOST_MENTIONS:
                break
            start, end = found.span()
            before = self._article[max(0, start - _AROUND) : start].rpartition("\n")[2]
            after = self._article[end : end + _AROUND].partition("\n")[0]
            context = before + found[0] + after
            for entity in self._entities(context):
                person = _person_in(context, entity) if entity.kind == "person" else None
                name = context[slice(*person)] if person else ""
                if " " in name and name.split()[-1] == surname:
                    return name
        return ""


def speakers_in(text: str, taken: Iterable[tuple[int, int]]) -> Iterator[Entity]:
    """Names of two or three words, outside of the spans ``taken``, of somebody with an office (*the
    mayor, Ana Ruiz,*) or of a speaker (*said Ana Ruiz*).
    """
    spans = list(taken)
    for pattern in _SPEAKERS:
        for found in pattern.finditer(text):
            start, end = found.span(1)
            if not any(start < last and first < end for first, last in spans):
                spans.append((start, end))
                yield Entity(found[1], start, end, "person")


def surnames_in(text: str, taken: Iterable[tuple[int, int]]) -> Iterator[Entity]:
    """Single words with a capital, outside of the spans ``taken``, that may be surnames."""
    spans = list(taken)
    for word in _ALONE.finditer(text):
        start = word.start()
        name = _POSSESSIVE.sub("", word[0])
        end = start + len(name)
        if _FORENAMES.search(text[:start]):
            continue
        if name.lower() not in _NOT_IN_NAMES and not any(
            start < last and first < end for first, last in spans
        ):
            yield Entity(name, start, end, "person")
