"""Finds the role of a number in a change: *from*, *to* or *by* it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from service.text.consistency.model import Inconsistency
from service.text.numbers import Language, Quantity

Relation = Literal["from", "to", "by", ""]

_RISES = (
    r"(?:r[io]s(?:e|es|en|ing)|grow(?:s|n|ing|th)?|grew|increas(?:e|es|ed|ing)|climb(?:s|ed|ing)?|"
    r"jump(?:s|ed|ing)?|surg(?:e|es|ed|ing)|soar(?:s|ed|ing)?|gain(?:s|ed|ing)?|expand(?:s|ed|ing)?|"
    r"advanc(?:e|es|ed|ing)|up(?! to)|rais(?:e|es|ed|ing)|hik(?:e|es|ed|ing)|lift(?:s|ed|ing)?|"
    r"widen(?:s|ed|ing)?|boost(?:s|ed|ing)?|doubl(?:e|es|ed|ing)|tripl(?:e|es|ed|ing)|quadrupled)"
)
_FALLS = (
    r"(?:f[ae]ll(?:s|en|ing)?|drop(?:s|ped|ping)?|declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|"
    r"slip(?:s|ped|ping)?|plung(?:e|es|ed|ing)|plummet(?:s|ed|ing)?|tumbl(?:e|es|ed|ing)|"
    r"s[aiu]nk(?:s|ing)?|shr[aiu]nk(?:s|ing)?|cuts?|cutting|lower(?:s|ed|ing)?|"
    r"reduc(?:e|es|ed|ing|tions?)|slash(?:es|ed|ing)?|down|trim(?:s|med|ming)?|"
    r"narrow(?:s|ed|ing)?)"
)
_CHANGE = f"(?:{_RISES}|{_FALLS})"
_HEDGE = (
    r"(?:about |around |nearly |almost |more than |over |less than |roughly |some |just |the |a |"
    r"an estimated |approximately |another |an additional |a further |a record )?"
)
_ENGLISH_FROM_CHANGE = re.compile(rf"\b{_CHANGE}\b[^.;:!?]{{0,50}}\bfrom {_HEDGE}$", re.IGNORECASE)
_ENGLISH_FROM = re.compile(rf"\bfrom {_HEDGE}$", re.IGNORECASE)
_ENGLISH_GOES_TO = re.compile(r"[^.;:!?]{0,24}\bto\b", re.IGNORECASE)
_ENGLISH_TO = re.compile(rf"\b{_CHANGE}\b[^.;:!?]{{0,60}}\bto {_HEDGE}$", re.IGNORECASE)
_ENGLISH_BY = re.compile(
    rf"\b{_CHANGE}\b(?:[^.;:!?]{{0,40}}\bby|(?: sharply| slightly| steadily)?) {_HEDGE}$",
    re.IGNORECASE,
)
_ENGLISH_NOUN = re.compile(
    r"^ (?:increase|rise|growth|gain|jump|surge|drop|fall|decline|decrease|reduction|cut|hike)\b",
    re.IGNORECASE,
)
_RISES_HAN = r"(?:增长|增加|增|上涨|涨|上升|升|提高|提升|上调|扩大|攀升|飙升|加息|猛增|激增|扩充)"
_FALLS_HAN = (
    r"(?:下降|降(?![雨水雪温临])|下跌|跌|减少|减|下调|缩小|缩减|回落|下滑|放缓|收窄|"
    r"降低|降息|锐减|骤降)"
)
_VERB = f"(?:{_RISES_HAN}|{_FALLS_HAN})"
_ABOUT = r"(?:约|近|将近|超过?|逾|大约|接近|不到|至少)?"
_CHINESE_TO = re.compile(rf"{_VERB}[^，。；！？]{{0,8}}?(?:至|到|为|达到?|成){_ABOUT}\s*$")
_CHINESE_BY = re.compile(rf"{_VERB}(?:了|幅度?[为达是]?|幅?约|率[为达是])?{_ABOUT}\s*$")
_CHINESE_FROM = re.compile(rf"(?:从|由)[^，。；！？]{{0,14}}?{_ABOUT}\s*$")
_CHINESE_GOES_TO = re.compile(
    rf"^[^，。；！？]{{0,12}}(?:{_VERB}[^，。；！？]{{0,6}}?)(?:至|到|为|了)"
)
_REACH = 90
_DIRECTIONS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(rf"\b(?:(?P<up>{_RISES})|(?P<down>{_FALLS}))\b", re.IGNORECASE),
    "zh": re.compile(f"(?P<up>{_RISES_HAN})|(?P<down>{_FALLS_HAN})"),
}
_NOUN_OF = re.compile(
    r"\b(?:rise|increase|growth|gain|jump|surge|fall|drop|decline|decrease|reduction|cut) of "
    rf"{_HEDGE}$",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[.;:!?]\s|[，。；：！？、]|, ")
_NEAR: dict[Language, int] = {"en": 36, "zh": 12}


def relation_of(text: str, quantity: Quantity, language: Language) -> Relation:
    """The number's relation, according to the words next to it; empty if they do not show any."""
    before = text[max(0, quantity.start - _REACH) : quantity.start]
    after = text[quantity.end : quantity.end + _REACH // 2]
    return _english(before, after) if language == "en" else _chinese(before, after)


def _english(before: str, after: str) -> Relation:
    starts = _ENGLISH_FROM.search(before) and _ENGLISH_GOES_TO.match(after)
    if starts or _ENGLISH_FROM_CHANGE.search(before):
        return "from"
    if _ENGLISH_BY.search(before) or _ENGLISH_NOUN.match(after):
        return "by"
    return "to" if _ENGLISH_TO.search(before) else ""


def _chinese(before: str, after: str) -> Relation:
    if _CHINESE_TO.search(before):
        return "to"
    if _CHINESE_BY.search(before):
        return "by"
    starts = _CHINESE_FROM.search(before) and _CHINESE_GOES_TO.match(after)
    return "from" if starts else ""


def direction_of(text: str, quantity: Quantity, language: Language) -> Literal["up", "down", ""]:
    """Whether the number belongs to a rise or a fall, according to the words of change before it in
    its clause or the noun after it; empty if there is none or they disagree.
    """
    before = text[max(0, quantity.start - _REACH) : quantity.start]
    after = text[quantity.end : quantity.end + _REACH // 2]
    if language == "en" and (noun := _ENGLISH_NOUN.match(after)):
        before = noun[0]
    elif not relation_of(text, quantity, language) and not _NOUN_OF.search(before):
        return ""
    near = _CLAUSES.split(before)[-1][-_NEAR[language] :]
    found = {match.lastgroup for match in _DIRECTIONS[language].finditer(near)}
    return "" if len(found) != 1 else "up" if "up" in found else "down"


_THAN_A_SHARE = re.compile(r"比(?:[^，。；]{0,3})?\d[\d.]*%(?:高|低|多|少|更)")
_SHARE_MORE = re.compile(
    r"\d[\d.]* ?(?:%|percent|per cent) (?:higher|lower|more|less|fewer|above|below|up|down)\b",
    re.IGNORECASE,
)


def check_comparison(source: str, translation: str, target: Language) -> Iterator[Inconsistency]:
    """Report *higher than 20%* (比20%高) if the source says *higher by 20%*."""
    if target != "zh":
        return
    found, meant = _THAN_A_SHARE.search(translation), _SHARE_MORE.search(source)
    if found and meant:
        message = f"the source says by how much, not than what: {meant[0]!r}"
        yield Inconsistency("relation", message, found.span(), meant.span())
