"""The grammar that a sentence's translation is decoded under.

Words are free; the grammar restricts what a model must not invent or lose. Digits are allowed only
in the source's quantities and their exact restatements, and no two of these may touch. The other
language's script is excluded, except in the caller's terms. Every placeholder is written exactly as
often as in the source, in any order. If there are few numbers, each is written at most as often as
in the source, so that none is written in place of its neighbour. Each sentence has a grammar of its
own, so it is kept small and compiles in milliseconds. Numbers in words are checked by the review.
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
"""Most placeholders and terms that may be written in any order: each doubles the rules."""

_ASCII = " !\"'(),-./:;?&"
"""Signs of ordinary prose. Braces, percent and others are allowed only if the source has them."""
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
"""Kinds of number whose parts may be written separately, or that are names."""
_STOPS: dict[Language, str] = {"zh": "。！？!?.", "en": ".!?"}
_POINT = 'point ::= "Mr." | "Mrs." | "Ms." | "Dr." | "No." | "St." | [A-Z] "." | "." [A-Za-z0-9,)]'
"""English uses of the full stop that do not end a sentence."""
_INNER_END = re.compile(r"[.!?。！？…][\"'”’」』）)]*\s*\S")
"""The end of a sentence within the source, or what looks like one: an abbreviation, a decimal."""
_OPEN = "open_"
"""Prefix of the rules for text before a required string, in which no sentence may end. A model that
had ended the sentence early would be forced to write on, and write nonsense."""
_SMALL = 10
"""The largest number that is often written in words."""
_NOTHING = '""'
_ENDS_IN_NUMBER = re.compile(rf"[\d{''.join(sorted(NUMERAL_HAN))}]$")


class _Required(msgspec.Struct, frozen=True):
    """A string that must be written, in one of its ``forms``; ``start`` and ``end`` in the
    source.
    """

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
    """The EBNF grammar for a translation of ``sentence`` into ``target``. With ``every_number``, no
    number that the source has in digits can be left out. The caller's terms and the ``permitted``
    strings are allowed; with ``strict``, the terms are required.
    """
    source = sentence.free
    protected = {char for mark in sentence.marks for char in mark.kept if char in "<>{}%@$\\`#[]_"}
    numbers = list(dict.fromkeys([*_numbers(source, target), *_verbatim(source)]))
    required = [
        _Required(mark.start, mark.end, (mark.kept,), "word")
        for mark in (sentence.marks if strict else sentence.loose.marks)
    ]
    once = _used_once(source, target)
    many = [one for one in numbers if not any(one in forms for forms in once)]
    if every_number:
        counted = _counted(sentence, target)
        required = sorted([*required, *counted], key=lambda item: item.start)
        required_forms = {form for item in counted for form in item.forms}
        numbers = [one for one in numbers if one in many or one not in required_forms]
    allowed = [*sentence.terms, *(one for one in permitted if _needs_permission(one, target))]
    text = _text_rules(source, target, protected, allowed)
    if not required and 0 < len(once) <= _ANY_ORDER:
        return "\n".join([*_once_each(once, many), *text]) + "\n"
    rules = [*_structure(required), *_runs(numbers), *text]
    if required:
        stops = "" if _INNER_END.search(source) else _STOPS[target]
        open_text = _text_rules(source, target, {*protected, *stops}, allowed, _OPEN)
        if stops and target == "en":
            plain = open_text[0].partition("::=")[2]
            open_text[0] = f"{_OPEN}text ::= ({plain} | point)+"
            open_text.append(_POINT)
        rules += [*_runs(numbers, _OPEN), *open_text]
    return "\n".join(rules) + "\n"


def _needs_permission(name: str, target: Language) -> bool:
    """Whether ``name`` has characters that free text excludes: digits, in Chinese Latin letters."""
    return any(char.isdigit() or (target == "zh" and char.isascii()) for char in name)


# ------------------------------------------------------------------ placeholders, terms


def _counted(sentence: MarkedSentence, target: Language) -> list[_Required]:
    """The source's numbers outside its placeholders and terms. Numbers in words are included if
    they are larger than ten or vague.
    """
    taken = [range(mark.start, mark.end) for mark in sentence.marks]
    required: list[_Required] = []
    at = 0
    for quantity in find_quantities(sentence.text):
        free = not any(quantity.start < one.stop and one.start < quantity.end for one in taken)
        forms = tuple(dict.fromkeys(_in_either_case(restatements(quantity, target))))
        if free and _is_required(quantity) and forms and quantity.start >= at:
            required.append(_Required(quantity.start, quantity.end, forms, "number"))
            at = quantity.end
    return required


def _in_either_case(forms: Iterable[str]) -> Iterator[str]:
    """Yield each form as it is, and with a capital for the start of a sentence."""
    for form in filter(None, forms):
        yield form
        yield form[0].upper() + form[1:]


def _is_required(quantity: Quantity) -> bool:
    """Whether a number must be written. Small ones in words have too many other forms."""
    if any(map(str.isdigit, quantity.text)):
        return True
    large = quantity.kind in ("cardinal", "money") and quantity.values and quantity.value > _SMALL
    return bool(large) or quantity.kind == "vague"


def _structure(required: Sequence[_Required]) -> list[str]:
    """The root, and the rules for the order of the required strings."""
    if not required:
        return ["root ::= some"]
    if len(required) <= _ANY_ORDER:
        return ["root ::= s0", *_permutations(required)]
    return [f"root ::= {' '.join(_in_order(required))}"]


def _in_order(required: Sequence[_Required]) -> Iterable[str]:
    """The required strings in the source's order, with text between them."""
    before = None
    for item in required:
        yield _OPEN + _gap(before, item)
        yield f"({alternatives(item.forms)})"
        before = item
    yield _gap(before, None)


def _permutations(required: Sequence[_Required]) -> list[str]:
    """One rule for each set of strings already written: ``s5`` if the first and the third are.
    Numbers are always surrounded by text, since any of them may come first.
    """
    number = next((item for item in required if item.kind == "number"), None)
    rules = []
    for written in range(2 ** len(required)):
        missing = [at for at in range(len(required)) if not written >> at & 1]
        steps = [f"({alternatives(required[at].forms)}) s{written | 1 << at}" for at in missing]
        further = f" ({' | '.join(steps)})" if steps else ""
        gap = _gap(number if written else None, number if missing else None)
        rules.append(f"s{written} ::= {_OPEN if missing else ''}{gap}{further}")
    return rules


def _gap(before: _Required | None, after: _Required | None) -> str:
    """The rule for what stands between two required: numbers never touch a number."""
    numbered = [item is not None and item.kind == "number" for item in (before, after)]
    if all(numbered):
        return "inner"
    return "inner?" if any(numbered) else "run"


# ------------------------------------------------------------------ the text between them


def _text_rules(
    source: str,
    target: Language,
    protected: Iterable[str],
    terms: Sequence[str],
    prefix: str = "",
) -> list[str]:
    """The rules ``text`` (words and signs) and ``after`` (text after a number that ends in a
    numeral), whose names begin with ``prefix``.

    In Chinese, no numeral may follow such a number: an allowed 585 and a free 万 would make an
    invented 585万.
    """
    letters = _letters(source, target, set(protected))
    kept = [*_NAME.findall(source), *find_programs(source)] if target == "zh" else []
    names = [*dict.fromkeys([*kept, *terms])]
    word = f"({letters} | name)+" if names else f"{letters}+"
    after = f"{prefix}text"
    if target == "zh":
        safe = _letters(source, target, {*protected, *NUMERAL_HAN})
        after = f"({safe} | name) {after}?" if names else f"{safe} {after}?"
    name = [f"name ::= {alternatives(names)}"] if names and not prefix else []
    return [f"{prefix}text ::= {word}", f"{prefix}after ::= {after}", *name]


def _runs(numbers: Sequence[str], prefix: str = "") -> list[str]:
    """The rules ``run`` (text and any of ``numbers`` in turn), ``some`` (the same, but not empty)
    and ``inner`` (the same, with text at both ends). Their names begin with ``prefix``.
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
    """Group ``numbers`` by what may follow: (rule name, name of the following rule, forms)."""
    bare = [one for one in numbers if _ENDS_IN_NUMBER.search(one)]
    closed = [one for one in numbers if not _ENDS_IN_NUMBER.search(one)]
    kinds = ((f"closed{name}", "text", closed), (f"bare{name}", "after", bare))
    return [kind for kind in kinds if kind[2]]


def _once_each(once: Sequence[Sequence[str]], many: Sequence[str]) -> list[str]:
    """The rules of a sentence in which each number of ``once`` is written at most as often as in
    the source, so that no number is written in place of its neighbour. Those of ``many``, which
    have parts or are names, may be repeated. In rule ``c5``, the first and the third are written.
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
    whose parts may stand apart. Only what has digits is required_forms; words are free.
    """
    found = find_quantities(source)
    parted = {form for one in found if one.kind in _PARTED for form in restatements(one, target)}
    columns = [restatements(one, target) for one in found if one.kind not in _PARTED]
    own = [tuple(form for form in column if form not in parted) for column in columns]
    return [forms for forms in own if any(any(map(str.isdigit, form)) for form in forms)]


def _letters(source: str, target: Language, without: set[str]) -> str:
    """The character class of the target's letters, punctuation, and the source's other signs."""
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
    """Strings with digits that are copied: versions, times, names of models. The digits of a larger
    quantity are excluded: 1200万 is 12 million, so a bare 1200 would be an invention.
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
