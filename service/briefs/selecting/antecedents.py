"""Resolves the opening of an English sentence, such as *he* or *the striker's*, from the sentences
before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence

import msgspec

from service.analysis import Analyzes, ChineseWord, Parse
from service.briefs.selecting.chinese_persons import ChineseAntecedents
from service.briefs.selecting.persons import subject_person
from service.briefs.selecting.sentences import Text

_BACK = 4
"""How many sentences before it are searched for the person."""
_OPENS = re.compile(
    r"^(?:(?P<pronoun>He|She)\b|"
    r"(?P<owner>His|Her)(?= (?:header|shot|goal|penalty|strike|free[- ]kick|try|volley|winner)\b)|"
    r"The (?P<role>substitute|striker|forward|winger|midfielder|defender|captain|goalkeeper|guard|"
    r"teenager)(?=['’]s\b)|"
    r"(?P<phrase>(?:For|Over|In|Every|Each|On|Since|At|Until|By)\b[^,.“”\"]{2,40}?,? )(?:he|she)\b)"
)
_SOMEBODY = re.compile(
    r"\b(?:he|she|man|woman|boy|girl|mother|father|wife|husband|son|daughter|friend|colleague|"
    r"driver|officer|neighbour|neighbor)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"^[^。]{0,20}(?:该(?![校国市省县区]|[\u4e00-\u9fff]{2,6}[ （(]+[A-Z])|上述|这[名位])"
)
_ZH_POINTS = re.compile(r"^(?:[^，。]{0,12}起，?)?[这该][条座个家所项种艘部]")


class Person(msgspec.Struct, frozen=True):
    """The full ``name`` of the person that a sentence refers to, in Chinese with a role, and its
    ``place``, an offset in the body.
    """

    name: str
    place: int


class Antecedents:
    """Finds the person that the opening of a sentence of ``text`` refers to. ``parses`` are the
    parse trees of English sentences so far, without entities; missing ones are added. ``words``
    segments a Chinese sentence.
    """

    def __init__(
        self,
        text: Text,
        parses: MutableMapping[int, Parse],
        analyzer: Analyzes,
        words: Callable[[int], Sequence[ChineseWord]],
    ) -> None:
        self._text = text
        self._parses = parses
        self._analyzer = analyzer
        self._known: dict[int, Person | None] = {}
        self._chinese = ChineseAntecedents(
            [one.text for one in text.sentences],
            [one.start for one in text.sentences],
            headline=text.headline,
            body=text.body,
            segments=analyzer.segment,
            words=words,
        )

    def person(self, at: int) -> Person | None:
        """The only person in the sentences before sentence ``at``, if it opens with a pronoun or a
        similar reference; else None.
        """
        chinese = self._text.language == "zh"
        if not chinese and not _OPENS.match(self._text.sentences[at].text):
            return None
        if at not in self._known:
            self._known[at] = self._find_chinese(at) if chinese else self._find(at)
        return self._known[at]

    def _find_chinese(self, at: int) -> Person | None:
        found = self._chinese.person(at)
        return None if found is None else Person(found.text, found.start)

    def _find(self, at: int) -> Person | None:
        for before in range(at - 1, max(-1, at - 1 - _BACK), -1):
            sentence = self._text.sentences[before]
            (entities,) = self._analyzer.entities([sentence.text])
            if any(one.kind == "person" for one in entities):
                if before not in self._parses:
                    (self._parses[before],) = self._analyzer.tree([sentence.text])
                name = subject_person(self._parses[before], entities)
                if name is None:
                    return None
                return Person(name, sentence.start + max(0, sentence.text.find(name)))
            if _SOMEBODY.search(sentence.text):
                return None
        return None


def with_person(text: str, name: str) -> str:
    """Replace the reference that opens the sentence by ``name``."""
    found = _OPENS.match(text)
    if not found:
        return text
    rest = text[found.end() :]
    if found["owner"]:
        return f"{name}’s{rest}"
    if found["role"]:
        return f"{found['role'].capitalize()} {name}{rest}"
    return f"{found['phrase'] or ''}{name}{rest}"


def points_to_said(sentence: str) -> bool:
    """Whether a Chinese sentence refers to somebody or something as mentioned before."""
    return bool(_SAID.search(sentence))


def points_to_line_before(text: str) -> bool:
    """Whether a Chinese sentence refers to *this* route, house or rule, which the sentence before
    it in the same paragraph describes.
    """
    return bool(_ZH_POINTS.match(text))
