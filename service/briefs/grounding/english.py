"""Rules of an English brief: free words, but for those that state a number, a month or a day."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from functools import lru_cache

from service.briefs.shape import Shape
from service.generation.ebnf import alternatives, char_class
from service.text.cached import CachedText
from service.text.numbers import (
    NUMBER_WORDS_EN,
    digit_forms,
    find_quantities,
    find_terms,
    licensed_words,
)
from service.text.units import measured_forms
from service.text.weekdays import WEEKDAYS, weekdays_in

_MONTHS = tuple(
    "january february april june july august september october november december".split()
)
_MONTHS_BY_CAPITAL = {"march": "", "may": "梅"}
"""Months that are ordinary words in small letters, and the Han of a name like one (Theresa May)."""
_TITLES = "Mr Mrs Ms Dr Prof St Gen Sen Gov Lt Col Capt Rep Rev Jr Sr Inc Ltd Co Corp".split()
_COMPOUND = re.compile(r"[A-Za-z]+(?:[&/@+][A-Za-z&/@+]*)+")
_MAX_TERMS = 200
_SELF_REFERENCE = frozenset({"article", "articles"})
"""A brief reports the news; it does not say that "the article discusses" it."""
_COMMITTED = ("millio", "billio", "trillio", "thousa", "hundre")
"""Beginnings that a word of scale alone has: to leave it here ("millioon") is to misspell one."""
_LOOKALIKES: dict[str, str] = {
    "secondary": "中学|中职|中等|次要|次生",
    "secondly": "其次",
    "seconds": "秒",
    "halfway": "中途|半途",
    "millionaire": "百万富翁",
    "millionaires": "百万富翁",
    "billionaire": "亿万富",
    "billionaires": "亿万富",
    "thirdly": "再次",
    "percentages": "百分比|比例",
    "augustine": "奥古斯丁",
    "augusta": "奥古斯塔",
}
"""Words that begin like a number word or a month, and the Chinese that calls for them.

They are free where the article holds either; elsewhere they would be traps: a model that means an
invented "million" would find itself writing "millionaire".
"""


def english_rules(source: str, article: CachedText, shape: Shape) -> list[str]:
    """All rules but the root; see :func:`service.briefs.grounding.brief_grammar`."""
    measured, needless = measured_forms(source, "en")
    values = _values(source, article, measured, needless)
    or_value = " | value" if values else ""
    count = f"{{{shape.shortest - 1},{shape.longest - 1}}}"
    # `next` and `more` are rules of their own for the time it takes to compile them: what stands
    # behind a blank is then worked out once, and not wherever a word may follow
    return [
        f"sentence ::= first next{count}{'' if shape.style == 'headline' else ' end'}",
        "next ::= sep word",
        "more ::= sep inner",
        'sep ::= " " | ", " | "; " | ": " | " – " | " — "',
        'end ::= "." | sep final',
        'final ::= "\\"" inner more* [.!?] "\\"" | "“" inner more* [.!?] "”"',
        f"first ::= capital | initials | quoted{or_value}",
        f"word ::= plain | initials | title | quoted | bracketed{or_value}",
        "plain ::= w ([-'’] w)* ['’]?",
        "capital ::= c ([-'’] w)* ['’]?",
        'initials ::= [A-Z] "." ([A-Z] ".")* [A-Z] "."? | [A-Z] "."',
        f'title ::= ({alternatives(_TITLES)}) "."',
        'quoted ::= "\\"" spoken "\\"" | "“" spoken "”"',
        "spoken ::= inner more* [,.!?]?",
        'bracketed ::= "(" inner more* ")"',
        f"inner ::= plain | initials | title{or_value}",
        *([f"value ::= {' | '.join(values)}"] if values else []),
        *_words_without(
            _banned_words(source, needless),
            article.get(_lookalikes),
            article.get(_accented),
            _banned_names(source, article),
        ),
    ]


def _accented(article: str) -> str:
    """The letters beyond ASCII that ``article`` has, each once."""
    return "".join(sorted({char for char in article if "À" <= char <= "ɏ" and char.isalpha()}))


def _values(
    source: str, article: CachedText, measured: list[str], needless: frozenset[str]
) -> list[str]:
    """Choices of the rule for numbers and for names that plain words cannot spell."""
    numbers = [*measured, *(form for form in digit_forms(source, "en") if form not in needless)]
    items = list(dict.fromkeys([*numbers, *article.get(_names)]))
    bare = [item for item in items if item.replace(",", "").isdigit()]
    closed = [item for item in items if item not in set(bare)]
    choices = [f'({alternatives(bare)}) ("-" w ("-" w)*)?'] if bare else []
    return choices + ([alternatives(closed)] if closed else [])


def _names(article: str) -> list[str]:
    """Names of ``article`` with digits or signs in them, in order of appearance; not too many."""
    names = [term.text for term in find_terms(article) if term.text.isascii()]
    names += [match[0] for match in _COMPOUND.finditer(article)]
    return names[:_MAX_TERMS]


def _banned_words(source: str, needless: frozenset[str]) -> frozenset[str]:
    licensed = licensed_words(source, "en") - needless
    months = _months_of(source)
    named = weekdays_in(source)
    days = {day for at, day in enumerate(WEEKDAYS) if at not in named}
    return (NUMBER_WORDS_EN - licensed) | (set(_MONTHS) - months) | days | _SELF_REFERENCE


def _banned_names(source: str, article: CachedText) -> frozenset[str]:
    """Months that are words as well, and that neither stand in the article nor are meant there."""
    return article.get(_unnamed_months) - _months_of(source)


def _unnamed_months(article: str) -> frozenset[str]:
    """Months that are words as well, and no name in ``article``."""
    return frozenset(
        month
        for month, han in _MONTHS_BY_CAPITAL.items()
        if not re.search(rf"\b{month.title()}\b", article) and not (han and han in article)
    )


def _lookalikes(article: str) -> frozenset[str]:
    lower = article.lower()
    return frozenset(
        word for word, han in _LOOKALIKES.items() if word in lower or re.search(han, article)
    )


def _months_of(source: str) -> set[str]:
    """English names of the months that the dates of ``source`` name or number."""
    return {word for quantity in find_quantities(source) for word in _month_words(quantity.text)}


def _month_words(text: str) -> set[str]:
    """English month names that the text of a date names or numbers (3月, 2023-03-05)."""
    named = {month for month in _MONTHS if month[:3] in text.lower()}
    numbers = [int(match) for match in re.findall(r"(\d{1,2})\s*月", text)]
    every = [*_MONTHS[:2], "march", _MONTHS[2], "may", *_MONTHS[3:]]
    return named | {every[number - 1] for number in numbers if 1 <= number <= 12}


@lru_cache(maxsize=64)
def _words_without(
    banned: frozenset[str], lookalikes: frozenset[str], accented: str, names: frozenset[str]
) -> tuple[str, ...]:
    """Rules ``w`` (any word) and ``c`` (any capitalized word) over all letters, but none of
    ``banned``, in whatever case, and none of ``names`` with a capital: a trie that is left where
    a word departs from all of them.

    A banned word may not be a word's beginning either ("threeyears"), but for real words like
    that (``lookalikes``) and, after "ten", the letters that such words go on with.
    """
    words = banned | lookalikes
    stems = {word[:end] for word in words for end in range(len(word) + 1)}
    endings = {stem: _endings(stem, stems, banned, accented) for stem in stems}
    for word in lookalikes:
        endings[word] = endings[word] or ['""']
    live = {stem for stem in stems if any(endings[longer] for longer in _beyond(stem, stems))}
    # stems of names begin with a capital, and go on to those of words where they are no names
    named = {name.title()[:end] for name in names for end in range(1, len(name) + 1)}
    every = stems | {stem.lower() for stem in named}
    for stem in named:
        choices = _endings(stem.lower(), every, banned, accented)
        endings[stem] = [one for one in choices if one != '""' or stem.lower() not in names]
    rule_of: dict[str, str] = {}
    rules: dict[str, str] = {}
    for stem in sorted((live | named) - {""}, key=len, reverse=True):
        choices = endings[stem].copy()
        for char in string.ascii_lowercase:
            longer = next((one for one in (stem + char, stem.lower() + char) if one in rule_of), "")
            if longer:
                choices.append(f"[{char}{char.upper()}] {rule_of[longer]}")
        # stems that go on alike (six and seven, to teen) share a rule: each costs time to compile
        rule_of[stem] = rules.setdefault(" | ".join(choices), f"w{stem}")
    heads = {char: rule_of.get(char, "rest") for char in string.ascii_lowercase if char in every}
    capitals = [
        f'"{char.upper()}" {rule_of.get(char.upper(), rule)}' for char, rule in heads.items()
    ]
    smalls = [f'"{char}" {rule}' for char, rule in heads.items()]
    others = _other_letters(heads, accented)
    capitals.append(f"{_other_letters(heads, accented, string.ascii_uppercase)} rest")
    return (
        f"w ::= {' | '.join([*smalls, *capitals[:-1]])} | {others} rest",
        *(f"{rule} ::= {choices}" for choices, rule in rules.items()),
        f"c ::= {' | '.join(capitals)}",
        f"rest ::= {char_class(string.ascii_letters, accented)}*",
    )


def _endings(stem: str, stems: set[str], banned: frozenset[str], accented: str) -> list[str]:
    """How a word may go on from ``stem`` other than along the trie; none from a banned word."""
    children = [char for char in string.ascii_lowercase if stem + char in stems]
    if stem == "ten" and stem in banned:
        letters = [char for char in "adnostu" if char not in children]
        return [f"{char_class(letters + [char.upper() for char in letters])} rest"]
    if any(stem.startswith(word) and word != "ten" for word in banned):
        return []
    if stem.startswith(_COMMITTED):
        return []
    return [f"{_other_letters(children, accented)} rest", *(['""'] if stem else [])]


def _beyond(stem: str, stems: set[str]) -> list[str]:
    return [other for other in stems if other.startswith(stem)]


def _other_letters(used: Iterable[str], accented: str, letters: str = string.ascii_letters) -> str:
    taken = set(used)
    return char_class([char for char in letters if char.lower() not in taken], accented)
