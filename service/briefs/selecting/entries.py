"""Live reports and lists: the order of their entries, and which of them a brief may have."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from service.briefs.selecting.amounts import Amount
from service.briefs.selecting.flags import NEVER, Flag
from service.briefs.selecting.kinds import item_number
from service.briefs.selecting.openings import entry_time
from service.briefs.selecting.scores import content_words
from service.briefs.selecting.sentences import Text
from service.languages import Language

_NEWEST = 4
"""How many of the newest entries of a live report are up to date."""
_SAME_MATTER = 0.2
"""Sentences that share this part of the shorter one's words have figures of the same thing."""
_MOST = 0.5
"""The same for a figure of harm and another figure."""
_FIGURE = re.compile(
    r"\d[\d.,]*|[一二三四五六七八九十百千万两]+(?:人|名|例|起|座|辆|架|次|户|家|间)|"
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|scores|hundreds|"
    r"thousands)\b|\b(?:second|third|fourth|fifth|sixth) (?:victim|death|fatality|person)\b|"
    r"第[二三四五六]名|\b(?:half|a third|two thirds|a quarter|three quarters) of\b|半数|一半|分之",
    re.IGNORECASE,
)
_NOT_FIGURES = re.compile(
    r"\d{1,2}[:：.h时]\d{2}|(?<=, )\d{1,3}(?=[,.]| from\b)|\b(?:aged )\d{1,3}\b|"
    r"\b\d{1,3}-year-old\b|\d{1,3}岁"
)
"""Times of entries, and ages."""
_ONE = re.compile(
    r"\b(?:one (?:person|man|woman|child)|a (?:man|woman|boy|girl|driver|child|cyclist|walker))\b|"
    r"[一1]人|一名",
    re.IGNORECASE,
)
_EXPECTED = re.compile(
    r"\b(?:expected|forecast|predicted|due|likely) to\b|\b(?:will|could|may)\b|预计|预报|或将|将于",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\b(?:broken|broke) out\b|\b(?:is|are) (?:burning|ablaze)\b|\bcaught fire\b|起火|着火|"
    r"\b(?:polls|voting) (?:have|has) (?:opened|begun)\b",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:reached|hit|struck|made landfall|landed|crossed|passed|has|have)\b|已|了", re.IGNORECASE
)
_SPEAKS_OF_ITSELF = re.compile(
    r"\bwelcome to\b|\b(?:our|this) (?:live|rolling)\b|\blive (?:coverage|blog)\b|"
    r"\bwe(?:['’]re| are|['’]ll| will) (?:now )?(?:closing|ending|pausing|wrapping|leaving|be back|"
    r"bring)\b|\bthanks? (?:you )?for (?:reading|following|joining)\b|"
    r"\b(?:good (?:morning|evening|afternoon)|that['’]s (?:all|it) from us)\b|"
    r"(?:感谢|欢迎).{0,8}(?:关注|收看|阅读)|直播(?:到此|就此|至此|结束)|本次直播|"
    r"我们将(?:持续|继续)(?:关注|更新)",
    re.IGNORECASE,
)


_HARM = {
    "dead": re.compile(
        r"\b(?:dead|died|dies|deaths?|killed)\b|死亡|遇难|丧生|身亡|罹难|死于|牺牲", re.I
    ),
    "hurt": re.compile(r"\b(?:injur\w+|wounded|hurt)\b|受伤|轻伤|重伤|伤者", re.I),
    "missing": re.compile(r"\bmissing\b|失踪|失联", re.I),
    "homeless": re.compile(
        r"\b(?:evacuat\w+|homeless|out of their homes|leave their homes)\b|撤离|转移|疏散", re.I
    ),
    "power": re.compile(
        r"\b(?:without power|power cuts?|blackouts?|power (?:is|has been|was) (?:back|restored))\b|"
        r"停电|断电|恢复供电|电力(?:已|全部|基本|陆续)*恢复|复电",
        re.I,
    ),
}
"""What the figures of a live report count, in different words."""
_WEIGHTS = {"dead": 1.0, "missing": 0.5, "hurt": 0.5, "homeless": 0.3, "power": 0.3}
_TURN = re.compile(
    r"\b(?:made landfall|under control|contained|is (?:out|over)|has (?:ended|ebbed|passed)|"
    r"reopened|lifted|all clear|final result|has won|was found)\b|"
    r"登陆|扑灭|得到控制|解除|结束|恢复通|决堤|溃坝",
    re.IGNORECASE,
)
"""Words for the continuation or end of the event itself."""


def order_of_entries(text: Text) -> list[int]:
    """The order of a live report's sentences, the newest entry first. A sentence without a time
    belongs to the entry above it. Sentences before the first entry come last.
    """
    minutes = _minutes(text)
    order = sorted(range(len(minutes)), key=lambda at: (-minutes[at], at))
    places = [0] * len(minutes)
    for place, at in enumerate(order):
        places[at] = place
    return places


def superseded(text: Text) -> set[int]:
    """The sentences of a live report that are out of date: those of old entries, unless they report
    deaths; those with a figure that a newer entry updates; expectations that a newer entry reports
    as fulfilled. Also sentences in which the report refers to itself.
    """
    minutes = _minutes(text)
    newest = sorted(set(minutes), reverse=True)[:_NEWEST]
    sentences = [one.text for one in text.sentences]
    old = {at for at, one in enumerate(sentences) if _SPEAKS_OF_ITSELF.search(one)}
    old |= {
        at for at, when in enumerate(minutes) if when not in newest and not _tolls(sentences[at])
    }
    return old | _outdone(sentences, minutes, text.language) | _summed_up(sentences, minutes)


def _summed_up(sentences: Sequence[str], minutes: Sequence[int]) -> set[int]:
    """Sentences with other figures of the same harm than the summary above the first entry, if the
    newest entry comes first.
    """
    entries = [when for when in minutes if when >= 0]
    points = [at for at, when in enumerate(minutes) if when < 0]
    if entries != sorted(entries, reverse=True):
        return set()
    facts = [(_harm(sentences[at]), _figures(sentences[at])) for at in points]
    return {
        at
        for at, own in enumerate(sentences)
        if minutes[at] >= 0 and (figures := _figures(own))
        for harm, known in facts
        if known and harm & _harm(own) and not figures & known
    }


def _outdone(sentences: Sequence[str], minutes: Sequence[int], language: Language) -> set[int]:
    """Sentences whose figure a newer entry updates, or whose expectation it reports as
    fulfilled.
    """
    words = [set(content_words(one, language)) for one in sentences]
    harm = [_harm(one) for one in sentences]
    figures = [bool(_figures(one)) for one in sentences]
    expected = [bool(_EXPECTED.search(one)) for one in sentences]
    begins = [bool(_BEGINS.search(one)) for one in sentences]
    happened = [bool(_HAPPENED.search(one)) for one in sentences]
    alone = ["dead" in harm[at] and bool(_ONE.search(one)) for at, one in enumerate(sentences)]

    def is_outdone(at: int, newer: int) -> bool:
        if alone[at] and "dead" in harm[newer]:
            return True
        if figures[at] and figures[newer] and harm[at] & harm[newer]:
            return True
        if begins[at] and _TURN.search(sentences[newer]):
            return True
        came_true = expected[at] and happened[newer] and not expected[newer]
        counted = figures[at] and figures[newer]
        # a figure about a place's airport does not replace the number of those killed at the place
        alike = _MOST if harm[at] and counted else _SAME_MATTER
        return (counted or came_true) and _overlap(words[at], words[newer]) >= alike

    return {
        at
        for at, when in enumerate(minutes)
        if (figures[at] or expected[at] or alone[at] or begins[at])
        and any(later > when and is_outdone(at, newer) for newer, later in enumerate(minutes))
    }


def importance_of(text: str) -> float:
    """The importance of a sentence of a live report: high for harm to people, and for how things
    stand.
    """
    harm = _harm(text)
    value = max((_WEIGHTS[one] for one in harm), default=0.0)
    return max(value, 0.6 if _TURN.search(text) else 0.0)


def first_of_items(text: Text) -> set[int]:
    """The first sentences of the items of a list."""
    blocks = text.body.split("\n")
    firsts: set[int] = set()
    block = -1
    for sentence in text.sentences:
        if sentence.block != block and item_number(blocks[sentence.block]):
            firsts.add(sentence.index)
        block = sentence.block
    return firsts


def first_items(
    text: Text, flags: Sequence[frozenset[Flag]], amount: Amount, size: Callable[[int], int]
) -> list[int]:
    """The first sentences of as many items of a list as there is room for. ``size`` returns the
    units of a sentence.
    """
    excluded = NEVER - {Flag.SHORT}
    chosen: list[int] = []
    room = amount.high
    for at in sorted(first_of_items(text)):
        fits = size(at) <= room or not chosen
        if len(chosen) < amount.most and fits and not flags[at] & excluded:
            chosen.append(at)
            room -= size(at)
    return chosen


def _minutes(text: Text) -> list[int]:
    """The time of each sentence's entry, in minutes after midnight; -1 before the first entry."""
    blocks = text.body.split("\n")
    minutes: list[int] = []
    now, block = -1, -1
    for sentence in text.sentences:
        if sentence.block != block:
            block = sentence.block
            found = entry_time(blocks[block])
            now = now if found is None else found
        minutes.append(now)
    return minutes


def _harm(text: str) -> set[str]:
    return {name for name, words in _HARM.items() if words.search(text)}


def _tolls(text: str) -> bool:
    return "dead" in _harm(text)


def _figures(text: str) -> set[str]:
    """The figures of a text, without ages and times."""
    return {one.lower() for one in _FIGURE.findall(_NOT_FIGURES.sub("", text))}


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))
