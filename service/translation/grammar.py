"""The grammar that a sentence's translation is decoded under.

Words are free. Taken away is what a model may not make up or lose: digits stand only in the
source's quantities and their exact restatements, none touching another; the other language's
script stays out, but for what terms become; placeholders come out whole, each as often as in the
source, in any order. Where there are few numbers, each is written
at most as often as it stands in the source, so that none stands for its neighbour as well. The
grammar is small, since each sentence has its own: it compiles in milliseconds. Numbers in words are
left to the review.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from service.generation.ebnf import alternatives, char_class
from service.languages import Language
from service.text.numbers import (
    NUMERAL_HAN,
    Quantity,
    digit_forms,
    find_quantities,
    find_terms,
    restatements,
)
from service.text.programs import find_programs
from service.translation.segments import MarkedSentence

_ANY_ORDER = 4
"""Most placeholders and terms that may change places: the rules double with each."""

_ASCII = " !\"'(),-./:;?&"
"""What prose has; braces, percent and other signs only where the source has them."""
_GENERAL = "“”‘’–—…•·€£¥°©®™§«»‹›×÷±\u00a0"
_ACCENTED = "".join(chr(code) for code in range(0xC0, 0x250) if chr(code).isalpha())
_HAN = "".join(map(chr, range(0x4E00, 0xA000)))
_CHINESE_MARKS = "、。〈〉《》「」『』【】〔〕〖〗！（），：；？～％＋－／＝＜＞＄＃＆＊＠￥"
_SPECIAL = "\\]^-["

_RAW = re.compile(r"[A-Za-z]*\d(?:[A-Za-z0-9.,:/+-]*[A-Za-z0-9])?(?:\s?[%°])?|[①-⑳]")
_NAME = re.compile(
    r"(?<![A-Za-z])(?:[A-Z][A-Za-z'’&-]*[A-Za-z]|[A-Z]|[a-z]+[A-Z][A-Za-z]*)(?![A-Za-z])"
)
"""Words that Chinese may keep: names, abbreviations."""
_PARTED = frozenset({"date", "time", "decade", "range", "ratio", "code"})
"""Kinds of number whose parts may stand apart, or that are names."""
_STOPS: dict[Language, str] = {"zh": "。！？!?.", "en": ".!?"}
_POINT = 'point ::= "Mr." | "Mrs." | "Ms." | "Dr." | "No." | "St." | [A-Z] "." | "." [A-Za-z0-9,)]'
"""What has a point in English and ends no sentence."""
_INNER_END = re.compile(r"[.!?。！？…][\"'”’」』）)]*\s*\S")
"""A sentence that ends within the source, or what looks like one: an abbreviation, a decimal."""
_OPEN = "open_"
"""Names what stands before something that must be written yet, where no sentence ends: a model that
has ended it would only write on because it has to."""
_SMALL = 10
"""The largest number that is written in words as well as in digits."""
_NOTHING = '""'
_ENDS_IN_NUMBER = re.compile(rf"[\d{''.join(sorted(NUMERAL_HAN))}]$")


class _Must(msgspec.Struct, frozen=True):
    """What must be written, in one of its ``forms``, for what stands at ``start`` in the source."""

    start: int
    end: int
    forms: tuple[str, ...]
    kind: Literal["word", "number"]


def translation_grammar(
    sentence: MarkedSentence,
    target: Language,
    *,
    permitted: Iterable[str] = (),
    every_number: bool = False,
    strict: bool = False,
) -> str:
    """EBNF for the translation of ``sentence`` into ``target``; with ``every_number`` none of the
    numbers that the source has in digits can be left out. Terms may stand in it, and what
    is ``permitted`` besides; ``strict``, terms must.
    """
    source = sentence.free
    fenced = {char for mark in sentence.marks for char in mark.kept if char in "<>{}%@$\\`#[]_"}
    numbers = list(dict.fromkeys([*_numbers(source, target), *_verbatim(source)]))
    musts = [
        _Must(mark.start, mark.end, (mark.kept,), "word")
        for mark in (sentence.marks if strict else sentence.loose.marks)
    ]
    once = _used_once(source, target)
    many = [one for one in numbers if not any(one in forms for forms in once)]
    if every_number:
        counted = _counted(sentence, target)
        musts = sorted([*musts, *counted], key=lambda must: must.start)
        held = {form for must in counted for form in must.forms}
        numbers = [one for one in numbers if one in many or one not in held]
    licensed = [*sentence.terms, *(one for one in permitted if _needs_licence(one, target))]
    text = _text_rules(source, target, fenced, licensed)
    if not musts and 0 < len(once) <= _ANY_ORDER:
        return "\n".join([*_once_each(once, many), *text]) + "\n"
    rules = [*_structure(musts), *_runs(numbers), *text]
    if musts:
        stops = "" if _INNER_END.search(source) else _STOPS[target]
        open_text = _text_rules(source, target, {*fenced, *stops}, licensed, _OPEN)
        if stops and target == "en":
            plain = open_text[0].partition("::=")[2]
            open_text[0] = f"{_OPEN}text ::= ({plain} | point)+"
            open_text.append(_POINT)
        rules += [*_runs(numbers, _OPEN), *open_text]
    return "\n".join(rules) + "\n"


def _needs_licence(name: str, target: Language) -> bool:
    """Whether ``name`` has what free text has not: digits, and in Chinese Latin letters."""
    return any(char.isdigit() or (target == "zh" and char.isascii()) for char in name)


# ------------------------------------------------------------------ placeholders, terms


def _counted(sentence: MarkedSentence, target: Language) -> list[_Must]:
    """The source's numbers, outside its placeholders and terms: those in digits, and of those in
    words all that are larger than ten or vague.
    """
    taken = [range(mark.start, mark.end) for mark in sentence.marks]
    musts: list[_Must] = []
    at = 0
    for quantity in find_quantities(sentence.text):
        free = not any(quantity.start < one.stop and one.start < quantity.end for one in taken)
        forms = tuple(dict.fromkeys(_in_either_case(restatements(quantity, target))))
        if free and _is_told(quantity) and forms and quantity.start >= at:
            musts.append(_Must(quantity.start, quantity.end, forms, "number"))
            at = quantity.end
    return musts


def _in_either_case(forms: Iterable[str]) -> Iterator[str]:
    """The ``forms``, and as they open a sentence: Hundreds."""
    for form in filter(None, forms):
        yield form
        yield form[0].upper() + form[1:]


def _is_told(quantity: Quantity) -> bool:
    """Whether a number must be written: small ones in words have too many other forms."""
    if any(map(str.isdigit, quantity.text)):
        return True
    large = quantity.kind in ("cardinal", "money") and quantity.values and quantity.value > _SMALL
    return bool(large) or quantity.kind == "vague"


def _structure(musts: Sequence[_Must]) -> list[str]:
    """The root, and the rules that order what must be written."""
    if not musts:
        return ["root ::= some"]
    if len(musts) <= _ANY_ORDER:
        return ["root ::= s0", *_permutations(musts)]
    return [f"root ::= {' '.join(_in_order(musts))}"]


def _in_order(musts: Sequence[_Must]) -> Iterable[str]:
    """The musts in the source's order."""
    before = None
    for must in musts:
        yield _OPEN + _gap(before, must)
        yield f"({alternatives(must.forms)})"
        before = must
    yield _gap(before, None)


def _permutations(musts: Sequence[_Must]) -> list[str]:
    """Rules by which of ``musts`` are written: ``s5`` when the first and the third are. Numbers
    have text around them, whichever comes first.
    """
    number = next((must for must in musts if must.kind == "number"), None)
    rules = []
    for written in range(2 ** len(musts)):
        missing = [at for at in range(len(musts)) if not written >> at & 1]
        steps = [f"({alternatives(musts[at].forms)}) s{written | 1 << at}" for at in missing]
        further = f" ({' | '.join(steps)})" if steps else ""
        gap = _gap(number if written else None, number if missing else None)
        rules.append(f"s{written} ::= {_OPEN if missing else ''}{gap}{further}")
    return rules


def _gap(before: _Must | None, after: _Must | None) -> str:
    """The rule for what stands between two musts: numbers never touch a number."""
    numbered = [must is not None and must.kind == "number" for must in (before, after)]
    if all(numbered):
        return "inner"
    return "inner?" if any(numbered) else "run"


# ------------------------------------------------------------------ what stands between them


def _text_rules(
    source: str,
    target: Language,
    fenced: Iterable[str],
    terms: Sequence[str],
    prefix: str = "",
) -> list[str]:
    """``text``: words and signs; ``after``: the same behind a number that ends in a numeral; both
    with a ``prefix``.

    In Chinese no numeral stands right after such a number: a licensed 585 and a free 万 would make
    an invented 585万.
    """
    letters = _letters(source, target, set(fenced))
    kept = [*_NAME.findall(source), *find_programs(source)] if target == "zh" else []
    names = [*dict.fromkeys([*kept, *terms])]
    word = f"({letters} | name)+" if names else f"{letters}+"
    after = f"{prefix}text"
    if target == "zh":
        safe = _letters(source, target, {*fenced, *NUMERAL_HAN})
        after = f"({safe} | name) {after}?" if names else f"{safe} {after}?"
    name = [f"name ::= {alternatives(names)}"] if names and not prefix else []
    return [f"{prefix}text ::= {word}", f"{prefix}after ::= {after}", *name]


def _runs(numbers: Sequence[str], prefix: str = "") -> list[str]:
    """``run``: text and ``numbers`` in turn, each as often as may be; ``some``: the same, not
    empty; ``inner``: the same, with text at both ends; all with a ``prefix``.
    """
    p = prefix
    if not numbers:
        return [f"{p}run ::= {p}text?", f"{p}some ::= {p}text", f"{p}inner ::= {p}text"]
    named = _by_end("", numbers)
    counted = " | ".join(f"{name} {p}{follows}" for name, follows, _ in named)
    runs = [
        f"{p}run ::= {p}text? ({counted})* number?",
        f"{p}some ::= {p}text ({counted})* number? | ({counted})+ number? | number",
        f"{p}inner ::= {p}text ({counted})*",
    ]
    if prefix:
        return runs
    return [
        *runs,
        f"number ::= {' | '.join(name for name, _, _ in named)}",
        *(f"{name} ::= {alternatives(forms)}" for name, _, forms in named),
    ]


def _by_end(name: str, numbers: Sequence[str]) -> list[tuple[str, str, list[str]]]:
    """``numbers`` by what may follow them: a rule's name, the rule that follows, its forms."""
    bare = [one for one in numbers if _ENDS_IN_NUMBER.search(one)]
    closed = [one for one in numbers if not _ENDS_IN_NUMBER.search(one)]
    kinds = ((f"closed{name}", "text", closed), (f"bare{name}", "after", bare))
    return [kind for kind in kinds if kind[2]]


def _once_each(once: Sequence[Sequence[str]], many: Sequence[str]) -> list[str]:
    """The root, where each number of ``once`` is written at most as often as it stands in the
    source, and those of ``many``, which have parts or are names, as often as may be: ``c5`` when
    the first and the third are written. So no number can stand for its neighbour as well.
    """
    named = [_by_end(str(at), forms) for at, forms in enumerate(once)]
    others = _by_end("", many)
    rules = []
    for written in range(2 ** len(once)):
        steps = [
            f"{name} ({follows} c{written | 1 << at})?"
            for at, kinds in enumerate(named)
            if not written >> at & 1
            for name, follows, _ in kinds
        ]
        steps += [f"{name} ({follows} c{written})?" for name, follows, _ in others]
        if written == 0:
            rules.append(f"root ::= text c0 | {' | '.join(steps)}")
        rules.append(f"c{written} ::= " + " | ".join([*steps, _NOTHING]))
    kinds = [kind for group in (*named, others) for kind in group]
    return [*rules, *(f"{name} ::= {alternatives(forms)}" for name, _, forms in kinds)]


def _used_once(source: str, target: Language) -> list[tuple[str, ...]]:
    """The forms of each number of the source that may be written once: not of dates and ranges,
    whose parts may stand apart. Only what has digits is held; words are free.
    """
    found = find_quantities(source)
    parted = {form for one in found if one.kind in _PARTED for form in restatements(one, target)}
    columns = [restatements(one, target) for one in found if one.kind not in _PARTED]
    own = [tuple(form for form in column if form not in parted) for column in columns]
    return [forms for forms in own if any(any(map(str.isdigit, form)) for form in forms)]


def _letters(source: str, target: Language, without: set[str]) -> str:
    """The class of the target's letters, of punctuation, and of the source's other signs."""
    signs = {char for char in source if not char.isalnum() and char.isprintable()}
    return _class_of(target, frozenset(signs), frozenset(without))


@lru_cache(maxsize=512)
def _class_of(target: Language, signs: frozenset[str], without: frozenset[str]) -> str:
    if target == "en":
        signs -= {*_CHINESE_MARKS}
        every = string.ascii_letters + _ASCII + _GENERAL + _ACCENTED
    else:
        every = _ASCII + _GENERAL + _CHINESE_MARKS + _HAN
    chosen = ({*every} | signs) - without
    escaped = "".join("\\" + char for char in _SPECIAL if char in chosen)
    plain = char_class(char for char in chosen if char not in _SPECIAL)
    return f"{plain[:-1]}{escaped}]"


def _verbatim(source: str) -> list[str]:
    """What has digits and stays as it is: versions, times, names of models. The digits of a larger
    quantity are not among it: 1200万 is 12 million, and 1200 of anything is made up.
    """
    quantities = [(one.start, one.end) for one in find_quantities(source)]

    def is_whole(start: int, end: int) -> bool:
        return all(
            last <= start or end <= first or (start <= first and last <= end)
            for first, last in quantities
        )

    return [one.group() for one in _RAW.finditer(source) if is_whole(*one.span())]


def _numbers(source: str, target: Language) -> list[str]:
    names = [term.text for term in find_terms(source)]
    usable = [name for name in names if target == "zh" or name.isascii()]
    return [*digit_forms(source, target), *usable]
