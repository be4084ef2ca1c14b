"""Compares the numbers of a translation with those of its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from service.text.consistency.heads import exclude, head_of, names_head
from service.text.consistency.model import Inconsistency
from service.text.consistency.relations import Relation, direction_of, relation_of
from service.text.numbers import (
    Fact,
    Language,
    Quantity,
    find_quantities,
    is_licensed,
    licenses,
    readings,
    unsupported,
)
from service.text.units import unit_of

_FEW = 4
"""Numbers in words up to this one may be added without a number in the source: *the three of them*,
*a second time*."""
_REQUIRED_IN_WORDS = frozenset(
    {"vague", "percent", "points", "discount", "multiple", "money", "fraction"}
)
"""Kinds that must not be missing even if the source has them in words."""


_FROM = re.compile(r"(?:\bfrom |从|由)$", re.IGNORECASE)
_ANY_CURRENCY = re.compile(
    r"[$€£¥₹₩元块角镑币圆鎊]|法郎|卢布|卢比|比索|里拉|克朗|先令|兰特|雷亚尔|日元|第纳尔|"
    r"\b(?:dollars?|cents?|bucks?|euros?|pounds?|pence|yuan|renminbi|yen|won|rupees?|francs?|pesos?|"
    r"roubles?|rubles?|lira|kron[ae]r?|crowns?|zloty|rand|baht|ringgit|riyals?|dinars?|shillings?|"
    r"[A-Z]{3}(?= ?\d)|US|USD|EUR|GBP|CNY|RMB|HKD|JPY)\b"
)
"""Signs and words of the currencies that occur in news."""
_BESIDE = 16
_WEIGHED = re.compile(
    r"\b(?:weigh\w*|heav\w+|lbs?|overweight|obes\w+|ton(?:ne)?s?|lift\w*|meat|fish|baby|sack|bag)\b"
    r"|\d-pound\b",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"\b(?:cost\w*|pa(?:y|ys|id|ying)|price\w*|worth|salar\w+|fin(?:e|es|ed)|fund\w*|spen[dt]\w*|"
    r"earn\w*|debt\w*|budget\w*|bills?|rent\w*|tax\w*|wages?|invest\w*|sold|s[eo]ll\w*|bought|fees?|"
    r"million|billion|bn|savings?|profit\w*|donat\w+|rais\w+)\b",
    re.IGNORECASE,
)
"""Words that distinguish pounds of money from pounds of weight in an English sentence."""


_REPORTED_IN_WORDS = frozenset({"vague", "discount", "multiple", "points", "range"})
"""Kinds that are reported as lost even if the source has them in words."""


Facts = frozenset[Fact]


class _Leaf(msgspec.Struct, frozen=True):
    """A single number, or one end of a range."""

    quantity: Quantity
    whole: Quantity

    @property
    def room(self) -> int:
        """How many numbers of the translation it may become: a date up to three."""
        if self.quantity.kind == "date":
            return 3
        return 2 if self.quantity.parts else 1


def check_numbers(source: str, translation: str, target: Language) -> Iterator[Inconsistency]:
    """Report numbers that were changed, invented or lost, or have another unit or relation."""
    ours, theirs = _leaves(translation), _leaves(source)
    pairs, spare, missing = _match(theirs, ours)
    strange = {one.start for one in unsupported(translation, source)}
    lost = [one for one in missing if _is_missed(one, translation)]
    for leaf in spare:
        replaced = next((one for one in lost if _comparable(leaf, one)), None)
        if replaced is not None:
            lost.remove(replaced)
            yield _changed(leaf, replaced)
        elif _repeats(leaf, theirs, ours):
            message = f"{leaf.whole.text!r} occurs more often than in the source"
            yield Inconsistency("invented", message, _span(leaf))
        elif leaf.whole.start in strange and not _is_incidental(leaf.quantity):
            message = f"{leaf.whole.text!r} is not in the source"
            yield Inconsistency("invented", message, _span(leaf))
    for one in lost:
        if _digits(one.whole) or one.whole.kind in _REPORTED_IN_WORDS:
            yield Inconsistency("lost", f"{one.whole.text!r} was lost", None, _span(one))
    doubtful = {leaf.quantity.values for leaf in spare}
    yield from _check_parts(pairs)
    for one, leaf in pairs:
        yield from _compare(source, one, translation, leaf, target)
        if leaf.quantity.values not in doubtful:
            yield from _compare_heads(source, one, translation, leaf, target)


def pair_numbers(source: str, translation: str) -> list[tuple[Quantity, Quantity]]:
    """Pairs of a number of ``source`` and the number of ``translation`` that states it, in the
    order of the translation. Unmatched numbers are left out.
    """
    pairs, _, _ = _match(_leaves(source), _leaves(translation))
    whole = {leaf.whole.start: (one.whole, leaf.whole) for one, leaf in pairs}
    return [whole[start] for start in sorted(whole)]


def _check_parts(pairs: Sequence[tuple[_Leaf, _Leaf]]) -> Iterator[Inconsistency]:
    """Report *four in ten* if one of its two numbers changed: ten in ten."""
    for one in {id(one): one for one, _ in pairs}.values():
        told = [leaf for other, leaf in pairs if other is one and leaf.quantity.kind == "cardinal"]
        if one.whole.kind != "fraction" or not one.whole.parts or not told:
            continue
        if one.whole.parts[0].value == 1 and len(told) == 1:
            continue  # one in five: 五人中有一人, whose 一 is no number
        if sorted(leaf.quantity.value for leaf in told) != sorted(
            part.value for part in one.whole.parts
        ):
            yield _changed(told[0], one)


def _leaves(text: str) -> list[_Leaf]:
    leaves: list[_Leaf] = []
    for whole in find_quantities(text):
        parts = whole.parts if whole.kind in {"range", "ratio"} else (whole,)
        leaves += [_Leaf(part, whole) for part in parts]
    return leaves


def _match(
    theirs: Sequence[_Leaf], ours: Sequence[_Leaf]
) -> tuple[list[tuple[_Leaf, _Leaf]], list[_Leaf], list[_Leaf]]:
    """Match numbers of the source with numbers of the translation that can have the same meaning.
    Return the pairs, then the unmatched numbers of the translation, then those of the source. The
    matching is maximal and prefers exact pairs (augmenting paths).
    """
    facts = [(readings(one.quantity), licenses(one.quantity)) for one in theirs]
    options = [_exact_first(leaf, theirs, facts) for leaf in ours]
    taken: dict[int, list[int]] = {at: [] for at in range(len(theirs))}

    def place(number: int, seen: set[int]) -> bool:
        for at in options[number]:
            if at in seen:
                continue
            seen.add(at)
            if len(taken[at]) < theirs[at].room:
                taken[at].append(number)
                return True
            for other in taken[at]:
                if place(other, seen):
                    taken[at].remove(other)
                    taken[at].append(number)
                    return True
        return False

    spare = [leaf for number, leaf in enumerate(ours) if not place(number, set())]
    pairs = [(theirs[at], ours[number]) for at, numbers in taken.items() for number in numbers]
    return pairs, spare, [theirs[at] for at, numbers in taken.items() if not numbers]


def _exact_first(
    leaf: _Leaf, theirs: Sequence[_Leaf], facts: Sequence[tuple[Facts, Facts]]
) -> list[int]:
    found = _partners(leaf.quantity, theirs, facts)
    return sorted(found, key=lambda at: theirs[at].quantity.values != leaf.quantity.values)


def _partners(
    other: Quantity, theirs: Sequence[_Leaf], facts: Sequence[tuple[Facts, Facts]]
) -> Iterator[int]:
    """Indices of the numbers of the source that ``other`` can state. ``facts`` has what each of
    them states and licenses.
    """
    states, licensed = readings(other), licenses(other)
    for at, (leaf, (theirs_state, theirs_license)) in enumerate(zip(theirs, facts, strict=True)):
        one = leaf.quantity
        same = not states.isdisjoint(theirs_license) or not theirs_state.isdisjoint(licensed)
        if {one.kind, other.kind} == {"cardinal", "ordinal"}:  # the 65th minute is 65分钟
            same = same or one.value == other.value
        elif one.kind == other.kind == "code":
            same = same or one.text == other.text
        if same:
            yield at


def _repeats(leaf: _Leaf, theirs: Sequence[_Leaf], ours: Sequence[_Leaf]) -> bool:
    """Whether a time, percentage or amount is repeated that the source has only once: from 9 to
    9.
    """
    if leaf.quantity.kind not in {"time", "percent", "money"} or not _digits(leaf.whole):
        return False
    same = [
        sum(one.quantity.values == leaf.quantity.values for one in side) for side in (theirs, ours)
    ]
    return 0 < same[0] < same[1]


def _is_missed(leaf: _Leaf, translation: str) -> bool:
    """Whether an unmatched number of the source is a defect of the translation."""
    quantity = leaf.quantity
    if quantity.kind == "code":
        return False
    if is_licensed(leaf.whole, translation):
        return False
    return (
        _digits(leaf.whole) or quantity.kind in _REQUIRED_IN_WORDS or not _is_incidental(quantity)
    )


def _is_incidental(quantity: Quantity) -> bool:
    """Whether it is a small number in words, such as 两人 for "they" or 第二次 for "again"."""
    if quantity.kind not in {"cardinal", "ordinal"} or _digits(quantity):
        return False
    return quantity.value <= _FEW and quantity.value.denominator == 1


def _comparable(leaf: _Leaf, other: _Leaf) -> bool:
    """Whether one may have been written in place of the other."""
    kinds = {leaf.quantity.kind, other.quantity.kind}
    if len(kinds) == 1:
        return True
    return not kinds & {"date", "time", "decade", "code", "ordinal"}


def _changed(leaf: _Leaf, other: _Leaf) -> Inconsistency:
    message = f"{leaf.whole.text!r} replaces {other.whole.text!r}"
    return Inconsistency("changed", message, _span(leaf), _span(other))


def _compare(
    source: str, one: _Leaf, translation: str, leaf: _Leaf, target: Language
) -> Iterator[Inconsistency]:
    other: Language = "en" if target == "zh" else "zh"
    spans = _span(leaf), _span(one)
    theirs, ours = unit_of(source, one.whole), unit_of(translation, leaf.whole)
    if theirs and ours and theirs != ours:
        message = f"{leaf.whole.text!r} has another unit than {one.whole.text!r}"
        yield Inconsistency("unit", message, *spans)
        return
    if _invents_a_currency(source, one, leaf) and ours != "磅":
        message = f"{leaf.whole.text!r} has a currency, {one.whole.text!r} has none"
        yield Inconsistency("unit", message, *spans)
        return
    if theirs == "磅" or ours == "磅":
        yield from _pounds(source, one, translation, leaf)
    if one.whole.kind in {"date", "time", "decade"}:
        return
    was, became = _relation(source, one, other), _relation(translation, leaf, target)
    if was and became and was != became:
        message = f"the source says {was} {one.whole.text!r}, the translation {became}"
        yield Inconsistency("relation", message, *spans)
    rose = direction_of(source, one.whole, other)
    rises = direction_of(translation, leaf.whole, target)
    if rose and rises and rose != rises and min(*one.quantity.values, *leaf.quantity.values) > 0:
        message = f"the source says {rose}, not {rises}, of {one.whole.text!r}"
        yield Inconsistency("direction", message, *spans)
    if one.whole.bound and leaf.whole.bound and one.whole.bound != leaf.whole.bound:
        more = {"over": "more than", "under": "less than"}[one.whole.bound]
        message = f"the source says {more} {one.whole.text!r}"
        yield Inconsistency("bound", message, *spans)


def _invents_a_currency(source: str, one: _Leaf, leaf: _Leaf) -> bool:
    """Whether a bare number became an amount in a currency that the source does not mention."""
    return (
        (one.whole.kind, leaf.whole.kind) == ("cardinal", "money")
        and bool(leaf.whole.currencies)
        and "CNY" not in leaf.whole.currencies  # the default in Chinese news
        and not _ANY_CURRENCY.search(source)
    )


def _compare_heads(
    source: str, one: _Leaf, translation: str, leaf: _Leaf, target: Language
) -> Iterator[Inconsistency]:
    other: Language = "en" if target == "zh" else "zh"
    if not one.whole.kind == leaf.whole.kind == "cardinal":
        return
    if unit_of(source, one.whole) or unit_of(translation, leaf.whole):
        return  # as in "a 20-year-old man", which does not count men
    counted, told = head_of(source, one.whole, other), head_of(translation, leaf.whole, target)
    if counted and told and exclude(counted, told) and names_head(source, told, other):
        message = f"{leaf.whole.text!r} counts {told}, in the source {counted}"
        yield Inconsistency("head", message, _span(leaf), _span(one))


def _relation(text: str, leaf: _Leaf, language: Language) -> Relation:
    """The number's relation. The ends of a range are *from* and *to* if it describes a change."""
    if leaf.whole.kind not in {"range", "ratio"}:
        return relation_of(text, leaf.whole, language)
    if not _FROM.search(text[: leaf.whole.start]):
        return ""
    return "from" if leaf.quantity == leaf.whole.parts[0] else "to"


def _pounds(source: str, one: _Leaf, translation: str, leaf: _Leaf) -> Iterator[Inconsistency]:
    """Report pounds of weight that became money, or the other way round, if the source is clear."""
    english, quantity = (source, one) if one.whole.kind == "cardinal" else (translation, leaf)
    told = _said_of(english, quantity.whole)
    money = leaf if quantity is one else one
    if "GBP" in money.whole.currencies:
        wrong = told == "weight"
        message = f"{leaf.whole.text!r} is money, in the source a weight"
    else:
        wrong = told == "money"
        message = f"{leaf.whole.text!r} is a weight, in the source money"
    if wrong:
        yield Inconsistency("unit", message, _span(leaf), _span(one))


def _said_of(text: str, quantity: Quantity) -> str:
    """Whether the words near "80 pounds" are about ``money`` or ``weight``; empty if neither."""
    before = text[max(0, quantity.start - _BESIDE) : quantity.start]
    after = text[quantity.end : quantity.end + _BESIDE]
    for words in (before, after, text):
        weighed, paid = _WEIGHED.search(words), _PAID.search(words)
        if bool(weighed) != bool(paid):
            return "weight" if weighed else "money"
    return ""


def _digits(quantity: Quantity) -> bool:
    return any(map(str.isdigit, quantity.text))


def _span(leaf: _Leaf) -> tuple[int, int]:
    return leaf.whole.start, leaf.whole.end
