"""Rules of a Chinese brief: Han but for numerals, and the Latin terms that the article holds."""

from __future__ import annotations

import re
from functools import lru_cache

from service.briefs.shape import Shape
from service.generation.ebnf import alternatives, char_class
from service.text.cached import CachedText
from service.text.numbers import NUMERAL_HAN, digit_forms, find_terms, licensed_words
from service.text.units import measured_forms
from service.text.weekdays import chinese_weekdays, weekdays_in

_HAN_FIRST, _HAN_LAST = 0x4E00, 0x9FFF
_FREE_NUMERALS = frozenset("数几双數幾雙")
"""Numerals of vague or plain words (数据, 几乎, 双方): alone they state no number."""
_FREE_HAN = frozenset(
    char
    for char in map(chr, range(_HAN_FIRST, _HAN_LAST + 1))
    if char != "一" and (char not in NUMERAL_HAN or char in _FREE_NUMERALS)
)
_HAN_UNITS = "年月日号时時点點分秒岁度成折倍代届级％天周週米吨噸亩畝克元公平英美欧"
"""What turns a bare number into another quantity; offered only inside items."""
_POSSESSIVE = re.compile(r"['’]s$")
_NO_YEAR = "".join(
    f"(?<!\\b{word} )" for word in "in since by of from until before after the early late".split()
)
"""What does not stand before a four-digit number that counts something in English."""
_UNITS_OF_ONE = "时時点點月日号號成倍"
"""What makes 一 a number beyond doubt."""
_LATIN_TERM = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9]*(?:[&.+'’/@-][A-Za-zÀ-ɏ0-9]+)*\+*")
_MAX_TERMS = 200
_STRETCH = 5
"""A clause of more plain Han than these makes a sentence of any shape that asks for more."""
_AFTER = {"closed": "run", "bare": "counted run?"}
"""The text that may follow a number: one that ends in a number takes no unit besides its own."""
_HARMFUL_PREFIXES = ("百分", "百万", "千万", "亿万", "十月")
"""Common words that begin like this could follow a number and change it (13个百分点)."""


def chinese_rules(source: str, article: CachedText, shape: Shape) -> list[str]:
    """All rules but the root; see :func:`service.briefs.grounding.brief_grammar`.

    A sentence is clauses of plain text (``text``) or of numbers and text (``numbered``), with
    marks between them; their number and length bound it. Shorter than ``shape.shortest`` it can
    be only in three clauses or with a number, longer than ``shape.longest`` only in many clauses,
    to which the review objects.

    Plain Han stand in one rule, ``run``, for speed: whether a token of several Han fits is worked
    out beforehand if it ends within the rule it begins in, and at every step if not. What may be a
    number (一 is one in 一时) never stands right before a number.
    """
    items = list(
        dict.fromkeys(
            [*_chinese_numbers(source), *article.get(_terms), *article.get(allowed_latin)]
        )
    )
    numbers = {
        "closed": [item for item in items if not _ends_in_number(item)],
        "bare": [item for item in items if _ends_in_number(item)],
    }
    kinds = [kind for kind, forms in numbers.items() if forms]
    common = _common(source)
    free = _free_han_but("")
    run, joints = max(8, shape.longest * 11 // 20), max(5, shape.longest // 11)
    long = "(long | word run) more" if shape.shortest > _STRETCH else "text"
    further = "(mark text | mark? numbered)"
    bodies = [
        f"({long} | numbered) {further}{{0,{joints}}}",
        f"text (mark {long} | mark? numbered) {further}{{0,{joints}}}",
        f"text mark text {further}{{1,{joints}}}",
    ]
    last = "one | values" if kinds else "one"
    body = f"({' | '.join(bodies)}) (mark? ({last}))?"
    numbered = ["one mark plain"]
    numbered += [f"{kind} ({_AFTER[kind]} | quoted run?) more" for kind in kinds]
    numbered += ["values mark plain"] if kinds else []
    return [
        f"sentence ::= {body}{'' if shape.style == 'headline' else ' end'}",
        'end ::= "。" | mark? "“" inside "。”"',
        "text ::= plain | ones more",
        "plain ::= (run | word run?) more",
        f"numbered ::= {' | '.join(numbered)}",
        "more ::= (word run? | ones){0,6}",
        "ones ::= one lone run?",
        'one ::= "一"',
        f"long ::= {' '.join(['han'] * _STRETCH)} run",
        f"run ::= {free}{{1,{run}}}",
        f"han ::= {free}",
        f"lone ::= {_free_han_but(_UNITS_OF_ONE)}",
        f"counted ::= {_free_han_but(_HAN_UNITS)}",
        'mark ::= "，" | "、" | "；" | "：" | "·" | "——"',
        "pause ::= [，、；：！？·]",
        'quoted ::= "“" inside "”" | "《" inside "》" | "（" inside "）" | "‘" inside "’"',
        f"inside ::= pause* ({last} | spoken pause* ({last})? pause*)",
        "spoken ::= (text | numbered) (pause+ text | pause* numbered)*",
        "word ::= common | quoted" if common else "word ::= quoted",
        *([f"common ::= {alternatives(common)}"] if common else []),
        *(f"{kind} ::= {alternatives(numbers[kind])}" for kind in kinds),
        *([f"value ::= {' | '.join(kinds)}"] if kinds else []),
        *(['values ::= value (("、" | "，") value)*'] if kinds else []),
    ]


@lru_cache
def _free_han_but(excluded: str) -> str:
    """The class of all Han that state no number, less those ``excluded``."""
    return char_class(char for char in _FREE_HAN if char not in excluded)


def _common(source: str) -> list[str]:
    """Words that hold a numeral and state no number, and the weekdays of ``source``."""
    words = sorted(
        word
        for word in licensed_words(source, "zh")
        if not word.startswith(_HARMFUL_PREFIXES)
        and (not NUMERAL_HAN.issuperset(word.replace("一", "")) or word in source)
    )
    words += chinese_weekdays(weekdays_in(source))
    return [word for word in words if not _FREE_HAN.issuperset(word)]


def allowed_latin(source: str) -> list[str]:
    """Latin terms of ``source`` that a Chinese brief may hold, in order of appearance.

    From a Chinese article all of them: its author left them untranslated. From an English one
    those that Chinese prints as they are: acronyms (NPC), names with an inner capital (ChatGPT)
    and, by way of ``digit_forms``, terms with digits (5G).
    """
    terms = list(dict.fromkeys(match[0] for match in _LATIN_TERM.finditer(source)))
    if not _is_chinese(source):
        names = [_POSSESSIVE.sub("", term) for term in terms]
        terms = list(dict.fromkeys(filter(_is_untranslated, names)))
    return terms[:_MAX_TERMS]


def _is_chinese(source: str) -> bool:
    han = sum("\u4e00" <= char <= "\u9fff" for char in source)
    return 3 * han > sum(char.isascii() and char.isalpha() for char in source)


def _is_untranslated(term: str) -> bool:
    letters = [char for char in term if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    if "'" in term or "’" in term:  # I'm, CAN'T
        return False
    all_capital = len(letters) >= 2 and capitals == len(letters)
    inner_capital = any(char.isupper() for char in letters[1:]) and "-" not in term
    return all_capital or inner_capital


def _chinese_numbers(source: str) -> list[str]:
    """Number items for a Chinese brief; no bare year (2004) where 2004年 is meant."""
    measured, needless = measured_forms(source, "zh")
    forms = [*measured, *(form for form in digit_forms(source, "zh") if form not in needless)]
    known = set(forms)
    return [form for form in forms if f"{form}年" not in known or _counts(source, form)]


def _counts(source: str, number: str) -> bool:
    """Whether ``number``, which may be a year, counts something in ``source``: 1850人 or 1850
    people; in 1850 and 1850年 do not.
    """
    digits = re.escape(number)
    chinese = rf"(?<![\d.,]){digits}\s*(?![年\s])[\u4e00-\u9fff]"
    english = rf"(?<![\d.,$]){_NO_YEAR}{digits} (?:[a-z-]+ )?(?:[a-z]+s|people)\b"
    return bool(re.search(f"{chinese}|{english}", source))


def _terms(article: str) -> list[str]:
    return list(dict.fromkeys(term.text for term in find_terms(article)))[:_MAX_TERMS]


def _ends_in_number(item: str) -> bool:
    return item[-1].isdigit() or item[-1] in NUMERAL_HAN or item[-1] == "一"
