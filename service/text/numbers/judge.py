"""Checks a brief's numbers against its source, and lists the forms that a grammar may allow."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import zip_longest

import regex as re

from service.text.cached import CachedText
from service.text.numbers.lexicon import (
    COMMON_HAN_WORDS,
    HAN_ANNIVERSARIES,
    HAN_NAMES,
    MULTIPLES_EN,
    NUMBER_WORDS_EN,
    NUMERAL_HAN,
    ORDINALS_EN,
    PLURAL_SCALES_EN,
    SCALES_EN,
    TENS_EN,
    TERM_TRANSLATIONS,
    TWO_WORDS,
    UNITS_EN,
)
from service.text.numbers.model import (
    AlphanumericTerm,
    Fact,
    Language,
    Quantity,
    code_key,
    licenses,
    readings,
)
from service.text.numbers.numerals import parse_han
from service.text.numbers.patterns import Found, common_words, normalise
from service.text.numbers.restate import restatements
from service.text.numbers.scan import scan

DIGIT_FORMS = 600
"""Most forms of :func:`digit_forms`; a grammar with so many compiles in well under a second."""

_HALF = re.compile(r"\bhal(?:f|ves|ved)\b|半", re.IGNORECASE)
_WORDS_LICENSE: tuple[tuple[re.Pattern[str], frozenset[Fact]], ...] = (
    (
        re.compile("|".join(TWO_WORDS), re.IGNORECASE),
        frozenset({("number", 2), ("bare", 2), ("times", 2)}),
    ),
    (re.compile("倍"), frozenset({("times", 2)})),
    (_HALF, frozenset({("share", Fraction(1, 2))})),
    (
        re.compile(r"\b(?:one|once|single|sole|an?)\b|[一壹单首某]", re.IGNORECASE),
        frozenset({("number", 1), ("bare", 1)}),
    ),
    (
        re.compile(r"\bteen", re.IGNORECASE),  # a teenage boy is 十几岁的男孩
        frozenset({("number", 10)}),
    ),
    (
        re.compile(r"\bfirst\b|第一|首", re.IGNORECASE),
        frozenset({("ordinal", 1), ("number", 1)}),
    ),
    (
        re.compile(r"\b(?:zero|nil|none|no)\b|[零〇无未]", re.IGNORECASE),
        frozenset({("number", 0), ("share", 0)}),
    ),
)
"""Words that are not quantities, and what they nevertheless license if a source has them."""
_LONE_SCALE = re.compile(
    "(?<![零一二两三四五六七八九十百千万亿数几上近半\\d.,])[百千万亿](?![百千万亿])"
)
_NUMERALS = re.compile("[二三四五六七八九十]+")
_LATIN = re.compile(r"[a-z]+")
_DIGITS = re.compile(r"\d+")


class _Licence:
    """All numbers that a source allows, collected once."""

    def __init__(self, source: str) -> None:
        items = scan(source)
        self.plain = _term_key(normalise(source))
        self.facts = _facts_of_words(source)
        for item in items:
            if isinstance(item, Quantity):
                self.facts |= licenses(item)
            else:
                self.facts |= _facts_of_term(item)
        self.term_digits = {
            digits
            for item in items
            for digits in _DIGITS.findall(normalise(item.text))
            if isinstance(item, AlphanumericTerm) or any(fact[0] == "named" for fact in item.also)
        }
        self.terms = {_term_key(item.text) for item in items if isinstance(item, AlphanumericTerm)}
        self.terms |= {
            _term_key(name) for word, name in TERM_TRANSLATIONS.items() if word in source
        }

    def allows(self, item: Found) -> bool:
        if isinstance(item, AlphanumericTerm):
            return self._allows_term(item)
        if item.kind == "code" and code_key(item.text) in self.plain:
            return True
        if item.parts and all(map(self.allows, item.parts)):
            return True
        return not self.facts.isdisjoint(readings(item))

    def _allows_term(self, term: AlphanumericTerm) -> bool:
        key = _term_key(term.text)
        if key in self.terms:
            return True
        head = _LATIN.search(key)
        translated = head is None or head[0] not in self.plain
        return translated and set(_DIGITS.findall(key)) <= self.term_digits


_licence_of = lru_cache(maxsize=32)(_Licence)


def _term_key(text: str) -> str:
    return re.sub(r"[\s\-‐‑–]", "", normalise(text).lower())


def _facts_of_words(source: str) -> set[Fact]:
    """Facts licensed by words that are not quantities: 两国 is "the two countries"."""
    norm = normalise(source)
    facts: set[Fact] = set()
    for pattern, licensed in _WORDS_LICENSE:
        if pattern.search(norm):
            facts |= licensed
    for numeral in _LONE_SCALE.findall(norm):
        facts |= {(kind, parse_han("一" + numeral)) for kind in ("number", "bare")}
    for word, (month, day) in HAN_ANNIVERSARIES.items():
        if word in norm:
            facts |= {("date", None, month, day), ("date", None, month, None)}
    return facts | _facts_of_common_words(norm)


def _facts_of_common_words(norm: str) -> set[Fact]:
    """Facts of numerals in words: 四轮 is four-wheeled, 第三方 a third party; but not in 四川."""
    facts: set[Fact] = set()
    for start, end in common_words(norm):
        if norm[start:end] in HAN_NAMES:
            continue
        for numeral in _NUMERALS.findall(norm[start:end]):
            if value := parse_han(numeral):
                facts |= {("number", value), ("ordinal", value)}
    return facts


def _facts_of_term(term: AlphanumericTerm) -> set[Fact]:
    """Facts of a term, whose digits are allowed only in a name (波音737 for "Boeing 737")."""
    return {("named", digits) for digits in _DIGITS.findall(term.text)}


def unsupported(brief: str, source: str | CachedText) -> list[Quantity]:
    """The quantities of ``brief`` that ``source`` does not state in any form, in order.

    A term whose digits the source lacks is included as a quantity of kind ``code``.
    """
    items = scan(brief)
    if not items:
        return []
    licence = source.get(_licence_of) if isinstance(source, CachedText) else _licence_of(source)
    return [_as_quantity(item) for item in items if not licence.allows(item)]


def is_licensed(quantity: Quantity, source: str | CachedText) -> bool:
    """Whether ``source`` states the ``quantity`` of another text in any form."""
    licence = source.get(_licence_of) if isinstance(source, CachedText) else _licence_of(source)
    return licence.allows(quantity)


def lost(source: str, translation: str) -> list[Quantity]:
    """The quantities that ``source`` has in digits and ``translation`` does not have in any
    form.
    """
    return [
        quantity
        for quantity in unsupported(source, translation)
        if any(map(str.isdigit, quantity.text))
    ]


def _as_quantity(item: Found) -> Quantity:
    if isinstance(item, Quantity):
        return item
    return Quantity(text=item.text, start=item.start, end=item.end, kind="code")


_WORD_FACTS: dict[str, frozenset[Fact]] = {
    **{word: frozenset({("number", value)}) for word, value in (UNITS_EN | TENS_EN).items()},
    **{word: frozenset({("ordinal", value)}) for word, value in ORDINALS_EN.items()},
    **{word: frozenset({("times", value)}) for word, value in MULTIPLES_EN.items()},
    **{word: frozenset({("vague", value)}) for word, value in PLURAL_SCALES_EN.items()},
}
_WORD_FACTS |= {
    "twice": frozenset({("times", 2), ("number", 2)}),
    "dozens": frozenset({("vague", 10)}),
    "half": frozenset({("share", 1 / 2)}),
}


def licensed_words(source: str, language: Language) -> frozenset[str]:
    """Number words that a brief may use freely, in addition to the quantities.

    English: the words of :data:`NUMBER_WORDS_EN` whose meaning the source states in any form ("two"
    for 两). Scale words ("million", "hundred", "percent", "dozen") are excluded, because they would
    turn an allowed 5 into 5 million; they only occur inside the items of :func:`digit_forms`.

    Chinese: all of :data:`COMMON_HAN_WORDS`; and each numeral of the source that is not part of a
    quantity (names, idioms), together with the character before or after it.
    """
    if language == "zh":
        return frozenset(COMMON_HAN_WORDS | _numerals_in_names(source))
    facts = _licence_of(source).facts
    scales = set(SCALES_EN) | {"percent", "percentage", "dozen"}
    words = {
        word for word in NUMBER_WORDS_EN - scales if not facts.isdisjoint(_WORD_FACTS.get(word, ()))
    }
    return frozenset(words | ({"half"} if _HALF.search(source) else set()))


def _numerals_in_names(source: str) -> set[str]:
    norm = normalise(source)
    taken: set[int] = set()
    for item in scan(source):
        lone = len(item.text) == 1 and item.text in "三四五六七八九"
        if not lone:
            taken.update(range(item.start, item.end))
    words: set[str] = set()
    for at, char in enumerate(norm):
        if char not in NUMERAL_HAN or at in taken:
            continue
        for start in (at - 1, at):
            pair = norm[max(start, 0) : start + 2]
            other = pair.replace(char, "", 1)
            if len(pair) == 2 and "\u4e00" <= other <= "\u9fff" and other not in NUMERAL_HAN:
                words.add(pair)
    return words


def digit_forms(source: str, language: Language, *, limit: int = DIGIT_FORMS) -> list[str]:
    """All forms of the source's quantities and terms for a brief in ``language``, without
    duplicates, the longest first.

    There are at most ``limit`` forms. They are taken in turns, in the order of the source: first
    the most natural form of every quantity, then the second, and so on. So many figures cost
    alternative forms, and a number is left out only if there are more numbers than ``limit``.
    """
    columns: list[tuple[str, ...]] = []
    for item in scan(source):
        if isinstance(item, Quantity):
            columns.append(restatements(item, language))
        elif language == "zh" or not re.search(r"[\u4e00-\u9fff]", item.text):
            columns.append((item.text,))
    columns += [(name,) for word, name in TERM_TRANSLATIONS.items() if word in source]
    rows = zip_longest(*dict.fromkeys(columns))
    forms = dict.fromkeys(form for row in rows for form in row if form)
    return sorted(list(forms)[:limit], key=len, reverse=True)
