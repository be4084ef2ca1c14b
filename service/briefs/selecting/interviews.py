"""The brief of an interview: its introduction and statements of the interviewee, with the name.
Without an introduction: questions and answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from service.briefs.selecting.amounts import Amount
from service.briefs.selecting.dialogue import dialogue
from service.briefs.selecting.flags import NEVER, Flag, count_units
from service.briefs.selecting.scores import Scores
from service.briefs.selecting.selected import Selected
from service.briefs.selecting.sentences import Text
from service.briefs.selecting.statements import quoted, speaker_of, statements
from service.languages import Language


class _Exchange(msgspec.Struct, frozen=True):
    """A question and its answer, as indices of sentences."""

    sentences: tuple[int, ...]
    units: int
    score: float


def choose(
    text: Text, flags: Sequence[frozenset[Flag]], scores: Scores, amount: Amount
) -> list[tuple[str, tuple[int, int]]]:
    """The most informative exchanges, in order, each with its place in the body."""
    exchanges = [one for one in _exchanges(text, scores) if not _is_spoiled(one, flags)]
    chosen: list[_Exchange] = []
    room = max(amount.high, min((one.units for one in exchanges), default=0))
    for one in sorted(exchanges, key=lambda one: -one.score):
        if len(chosen) < max(1, amount.most) and one.units <= room:
            chosen.append(one)
            room -= one.units
    chosen.sort(key=lambda one: one.sentences)
    return [_printed(text, one) for one in chosen]


def introduction(text: Text, flags: Sequence[frozenset[Flag]]) -> list[int]:
    """The quotable sentences before the first question, which say who is interviewed and why."""
    turns = dialogue(text.headline, text.body.split("\n"))
    first = min((at for at, turn in turns.items() if turn == "question"), default=0)
    return [
        one.index
        for one in text.sentences
        if one.block < first
        and not flags[one.index] & (NEVER - {Flag.SHORT})
        and (not _ANNOUNCES.search(one.text) or _tells_more(one.text, text.language))
    ]


_ANNOUNCES = re.compile(
    r"以下(?:为|是)|专访|采访|回答.{0,4}提问|本刊|本报|访谈|"
    r"\b(?:interview|conversation|(?:spoke|talked) (?:to|with) us|edited)\b",
    re.IGNORECASE,
)
"""Sentences that announce the interview itself."""


_TO_US = re.compile(r"\b(spoke|speaks|talked|talks) (?:to|with) us\b")
_NOTHING_MORE = re.compile(
    r"以下(?:为|是)|\bedited\b|(?:本刊|本报).{0,12}(?:专访|采访)", re.IGNORECASE
)
_TELLS_MORE: dict[Language, int] = {"en": 18, "zh": 32}
"""A sentence of this length that announces the interview also has other news."""


def _tells_more(sentence: str, language: Language) -> bool:
    long = count_units(sentence, language) >= _TELLS_MORE[language]
    return long and not _NOTHING_MORE.search(sentence)


def of_introduction(one: Selected) -> Selected:
    """Shorten *spoke to us*, because the brief does not name the publication."""
    text = _TO_US.sub(r"\1", one.text)
    if text == one.text:
        return one
    original = _TO_US.sub(r"\1", one.original)
    return msgspec.structs.replace(one, text=text, original=original, origin="shortened")


def as_statements(
    text: Text, flags: Sequence[frozenset[Flag]], scores: Scores, amount: Amount, room: int
) -> Iterator[tuple[str, int]]:
    """Statements of the interviewee, with the name, and the indices of their sentences. The most
    informative comes first; ``amount`` and ``room``, in units, limit them. Empty if the article
    does not name the interviewee.
    """
    turns = dialogue(text.headline, text.body.split("\n"))
    speaker = speaker_of(text, turns)
    used = 0
    for at in statements(text, flags, scores, turns) if speaker else ():
        one = quoted(text.sentences[at].text, speaker, text.language, again=used > 0)
        units = count_units(one, text.language)
        if used < amount.most and units <= room:
            used += 1
            room -= units
            yield one, at


def _exchanges(text: Text, scores: Scores) -> list[_Exchange]:
    found: list[_Exchange] = []
    turns = dialogue(text.headline, text.body.split("\n"))
    by_block: dict[int, list[int]] = {}
    for sentence in text.sentences:
        by_block.setdefault(sentence.block, []).append(sentence.index)
    for at in sorted(by_block):
        if turns.get(at) != "question" or at + 1 not in by_block or turns.get(at + 1) != "answer":
            continue
        own = (*by_block[at], *by_block[at + 1])
        units = sum(count_units(text.sentences[one].text, text.language) for one in own)
        score = sum(scores.centrality[one] + scores.headline[one] for one in own) / len(own)
        found.append(_Exchange(own, units, score))
    return found


def _is_spoiled(one: _Exchange, flags: Sequence[frozenset[Flag]]) -> bool:
    return any(Flag.INSTRUCTION in flags[at] or Flag.COMMENT in flags[at] for at in one.sentences)


def _printed(text: Text, one: _Exchange) -> tuple[str, tuple[int, int]]:
    first, last = text.sentences[one.sentences[0]], text.sentences[one.sentences[-1]]
    span = (first.start, last.end)
    return joined(text.body, span, text.language), span


def joined(body: str, span: tuple[int, int], language: Language) -> str:
    """A span of the body on one line."""
    return body[slice(*span)].replace("\n", "" if language == "zh" else " ")
