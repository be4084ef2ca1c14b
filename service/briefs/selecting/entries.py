"""Live reports and lists: in which order their entries are told, and which may stand in a brief."""

from __future__ import annotations

import re

from service.briefs.selecting.kinds import item_number
from service.briefs.selecting.openings import entry_time
from service.briefs.selecting.scores import content_words
from service.briefs.selecting.sentences import Text

_NEWEST = 4
"""Entries of a live report that tell how things stand; older ones tell how they stood."""
_SAME_MATTER = 0.2
"""Share of the shorter one's words from which on two figures of a live report are of one thing."""
_FIGURE = re.compile(
    r"\d|[一二三四五六七八九十百千万两]+(?:人|名|例|起|座|辆|架|次|户|家|间)|"
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|scores|hundreds|"
    r"thousands)\b",
    re.IGNORECASE,
)


_HARM = {
    "dead": re.compile(
        r"\b(?:dead|died|dies|deaths?|killed)\b|死亡|遇难|丧生|身亡|罹难|死于", re.I
    ),
    "hurt": re.compile(r"\b(?:injur\w+|wounded|hurt)\b|受伤|轻伤|重伤|伤者", re.I),
    "missing": re.compile(r"\bmissing\b|失踪|失联", re.I),
    "homeless": re.compile(
        r"\b(?:evacuat\w+|homeless|out of their homes|leave their homes)\b|撤离|转移|疏散", re.I
    ),
    "power": re.compile(r"\b(?:without power|power cuts?|blackouts?)\b|停电|断电", re.I),
}
"""What figures of a live report are of, in whatever words."""


def order_of_entries(text: Text) -> list[int]:
    """The places of a live report's sentences, the newest entry first. A sentence without a time
    belongs to the entry above it; what stands before the first entry comes last.
    """
    minutes = _minutes(text)
    order = sorted(range(len(minutes)), key=lambda at: (-minutes[at], at))
    places = [0] * len(minutes)
    for place, at in enumerate(order):
        places[at] = place
    return places


def superseded(text: Text) -> set[int]:
    """The sentences of a live report that are out of date: of old entries, or with a figure of
    which a newer entry gives another.
    """
    minutes = _minutes(text)
    newest = sorted(set(minutes), reverse=True)[:_NEWEST]
    old = {at for at, when in enumerate(minutes) if when not in newest}
    words = [set(content_words(one.text, text.language)) for one in text.sentences]
    figures = [at for at, one in enumerate(text.sentences) if _FIGURE.search(_untimed(one.text))]
    for at in figures:
        newer = (other for other in figures if minutes[other] > minutes[at])
        if any(
            _overlap(words[at], words[other]) >= _SAME_MATTER
            or _harm(text.sentences[at].text) & _harm(text.sentences[other].text)
            for other in newer
        ):
            old.add(at)
    return old


def first_of_items(text: Text) -> set[int]:
    """The sentences that open the items of a list."""
    blocks = text.body.split("\n")
    firsts: set[int] = set()
    block = -1
    for sentence in text.sentences:
        if sentence.block != block and item_number(blocks[sentence.block]):
            firsts.add(sentence.index)
        block = sentence.block
    return firsts


def _minutes(text: Text) -> list[int]:
    """For each sentence the time of its entry, in minutes after midnight; -1 before the first."""
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


def _untimed(text: str) -> str:
    return re.sub(r"\d{1,2}[:：.h时]\d{2}", "", text)


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))
