"""The grammar that a sentence's translation is decoded under.

Words are free. Taken away is what a model may not make up or lose: digits stand only in the
source's quantities and their exact restatements, none touching another; the other language's
script stays out; placeholders and terms come out whole, each as often as in the source, in any
order; tags come in the source's order. The grammar is small, since each sentence has its own:
it compiles in milliseconds. Numbers in words are left to the review.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence

from service.briefs.grounding.ebnf import alternatives, char_class
from service.briefs.model import Language
from service.text.numbers import NUMERAL_HAN, digit_forms, find_terms
from service.translation.segments import Sentence

_ANY_ORDER = 4
"""Most placeholders and terms that may change places: the rules double with each."""

_ASCII = "".join(chr(code) for code in range(0x20, 0x7F) if not chr(code).isalnum())
_GENERAL = "“”‘’–—…•·€£¥°©®™§«»‹›×÷±\u00a0"
_ACCENTED = "".join(chr(code) for code in range(0xC0, 0x250) if chr(code).isalpha())
_HAN = "".join(map(chr, range(0x4E00, 0xA000)))
_CHINESE_MARKS = "、。〈〉《》「」『』【】〔〕〖〗！（），：；？～％＋－／＝＜＞＄＃＆＊＠￥"
_SPECIAL = "\\]^-["

_RAW = re.compile(r"[A-Za-z]*\d(?:[A-Za-z0-9.,:/+-]*[A-Za-z0-9])?(?:\s?[%°])?|[①-⑳]")
_INNER_CAPITAL = re.compile(r"\b[a-z]+[A-Z][A-Za-z]*\b")
_ENDS_IN_NUMBER = re.compile(rf"[\d{''.join(sorted(NUMERAL_HAN))}]$")


def translation_grammar(sentence: Sentence, target: Language) -> str:
    """EBNF for the translation of ``sentence`` into ``target``."""
    source = sentence.free
    fenced = {char for mark in sentence.marks for char in mark.kept if char in "<>{}%@$\\"}
    numbers = list(dict.fromkeys([*_numbers(source, target), *_RAW.findall(source)]))
    return (
        "\n".join(
            [
                *_structure(sentence),
                *_free_text(source, target, numbers, fenced),
            ]
        )
        + "\n"
    )


# ------------------------------------------------------------------ tags, placeholders, terms


def _structure(sentence: Sentence) -> list[str]:
    """The root, and the rules that order the marks."""
    marks = sentence.marks
    if not marks:
        return ["root ::= some"]
    if not sentence.tags and len(marks) <= _ANY_ORDER:
        return ["root ::= s0", *_permutations([mark.kept for mark in marks])]
    return [f"root ::= {' '.join(_in_order(sentence))}"]


def _in_order(sentence: Sentence) -> Iterable[str]:
    """The marks in the source's order. An element that has words in the source has some here."""
    at, before = 0, ""
    for mark in sentence.marks:
        words = any(map(str.isalpha, sentence.text[at : mark.start]))
        inside = mark.tag and mark.kept == before.replace("<", "</")
        yield "some" if words and inside else "run"
        yield alternatives([mark.kept])
        at, before = mark.end, mark.kept if mark.tag else ""
    yield "run"


def _permutations(kept: Sequence[str]) -> list[str]:
    """Rules by which of ``kept`` are written: ``s5`` when the first and the third are."""
    rules = []
    for written in range(2 ** len(kept)):
        missing = [at for at in range(len(kept)) if not written >> at & 1]
        steps = [f"{alternatives([kept[at]])} s{written | 1 << at}" for at in missing]
        further = f" ({' | '.join(steps)})" if steps else ""
        rules.append(f"s{written} ::= run{further}")
    return rules


# ------------------------------------------------------------------ what stands between them


def _free_text(
    source: str, target: Language, numbers: Sequence[str], fenced: Iterable[str]
) -> list[str]:
    """``run``: text and numbers in turn; ``some``: the same, not empty.

    In Chinese no numeral stands right after a number that ends in one: a licensed 585 and a free
    万 would make an invented 585万.
    """
    letters = _letters(source, target, set(fenced))
    word = [f"text ::= {letters}+"]
    if target == "zh":
        names = [*dict.fromkeys(_INNER_CAPITAL.findall(source))]
        listed = f" | {alternatives(names)}" if names else ""
        word = [f"text ::= ({letters} | name)+", f"name ::= [A-Z] [A-Za-z'’&]*{listed}"]
    if not numbers:
        return ["run ::= text?", "some ::= text", *word]
    bare = [one for one in numbers if _ENDS_IN_NUMBER.search(one)]
    closed = [one for one in numbers if not _ENDS_IN_NUMBER.search(one)]
    kinds = [name for name, forms in (("closed", closed), ("bare", bare)) if forms]
    steps = {"closed": "closed text", "bare": "bare after"}
    counted = " | ".join(steps[kind] for kind in kinds)
    after = "after ::= text"
    if target == "zh":
        safe = _letters(source, target, {*fenced, *NUMERAL_HAN})
        after = f"after ::= ({safe} | name) text?"
    return [
        f"run ::= text? ({counted})* number?",
        f"some ::= text ({counted})* number? | ({counted})+ number? | number",
        f"number ::= {' | '.join(kinds)}",
        *([f"closed ::= {alternatives(closed)}"] if closed else []),
        *([f"bare ::= {alternatives(bare)}", after] if bare else []),
        *word,
    ]


def _letters(source: str, target: Language, without: set[str]) -> str:
    """The class of the target's letters, of punctuation, and of the source's other signs."""
    signs = {char for char in source if not char.isalnum() and ord(char) > 0x7F and char != "\n"}
    if target == "en":
        signs -= {*_CHINESE_MARKS}
        every = string.ascii_letters + _ASCII + _GENERAL + _ACCENTED
    else:
        every = _ASCII + _GENERAL + _CHINESE_MARKS + _HAN
    chosen = ({*every} | signs) - without
    escaped = "".join("\\" + char for char in _SPECIAL if char in chosen)
    plain = char_class(char for char in chosen if char not in _SPECIAL)
    return f"{plain[:-1]}{escaped}]"


def _numbers(source: str, target: Language) -> list[str]:
    names = [term.text for term in find_terms(source)]
    usable = [name for name in names if target == "zh" or name.isascii()]
    return [*digit_forms(source, target), *usable]
