"""Detects the questions and answers of a printed interview."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

Turn = Literal["question", "answer"]

_QUESTION = re.compile(
    r"^(?:Q(?:uestion)?\s*[.:：]|(?:问|记者|主持人|提问)\s*[：:])\s*", re.IGNORECASE
)
_ANSWER = re.compile(
    r"^(?:A(?:nswer)?\s*[.:：]|(?:答|[\u4e00-\u9fff·]{2,8})\s*[：:])\s*", re.IGNORECASE
)
_NAMED = re.compile(
    r"^(?P<name>[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}|[\u4e00-\u9fff·]{2,8})\s?[:：]\s*(?=\S)"
)
_ASKS = re.compile(r"[?？][”’\"]?$")
_ASKS_SHORTLY: dict[bool, int] = {False: 160, True: 70}
"""Most characters of a question without a name before it, by whether it is Chinese."""
_SAYS_SO = re.compile(
    r"\b(?:interview|questions? (?:for|to)|Q\s?&\s?A|in conversation|"
    r"(?:spoke|speaks|talks?|talked) (?:to|with) (?:us|our|the)|we (?:asked|spoke|talked|met)|"
    r"answers? (?:\w+ )?questions)\b|"
    r"专访|对话|访谈|答记者问|答问|采访|问答|[一二三四五六七八九十]问",
    re.IGNORECASE,
)
_HEADS = 4
"""How many paragraphs may say that the text is an interview."""
_OWN = re.compile(r"\b(?:I|I['’]\w+|we|We|my|My|our|Our)\b|[我咱]")
_OF_ONES_OWN = 3
"""With at least so many answers in the first person, questions and answers are an interview. In an
explanatory article, the author writes the answers.
"""


def is_question_line(block: str) -> bool:
    """Whether a paragraph begins like a question of an interviewer."""
    return bool(_QUESTION.match(block))


def is_answer_line(block: str) -> bool:
    """Whether a paragraph begins like an answer in an interview."""
    return bool(_ANSWER.match(block)) and not is_question_line(block)


def dialogue(headline: str, blocks: Sequence[str]) -> dict[int, Turn]:
    """The paragraphs that are questions or answers: those marked as such, those with the names of
    two alternating speakers, or, if the text says that it is an interview, those with question
    marks.
    """
    marked: dict[int, Turn] = {
        at: "question" if is_question_line(block) else "answer"
        for at, block in enumerate(blocks)
        if is_question_line(block) or is_answer_line(block)
    }
    first = min((at for at, turn in marked.items() if turn == "question"), default=None)
    if first is not None:  # a note by the editors before it has a label too, but is not an answer
        return {at: turn for at, turn in marked.items() if at >= first}
    return _by_names(blocks) or _by_marks(headline, blocks)


def _by_names(blocks: Sequence[str]) -> dict[int, Turn]:
    found = {at: _NAMED.match(block) for at, block in enumerate(blocks)}
    names = {at: match["name"] for at, match in found.items() if match}
    lines = Counter(names.values())
    speakers = {name for name, count in lines.items() if count >= 2}
    if len(speakers) < 2 or sum(lines[name] for name in speakers) * 2 < len(blocks):
        return {}
    asked = Counter(name for at, name in names.items() if _ASKS.search(blocks[at]))
    asker = max(speakers, key=lambda name: asked[name] / lines[name])
    if asked[asker] * 2 < lines[asker]:
        return {}
    return {
        at: "question" if name == asker else "answer"
        for at, name in names.items()
        if name in speakers
    }


def _by_marks(headline: str, blocks: Sequence[str]) -> dict[int, Turn]:
    turns: dict[int, Turn] = {}
    for at, block in enumerate(blocks[:-1]):
        most = _ASKS_SHORTLY[bool(re.search("[\u4e00-\u9fff]", block))]
        if block == headline or len(block) > most or not _ASKS.search(block):
            continue
        if not _ASKS.search(blocks[at + 1]):
            turns[at], turns[at + 1] = "question", "answer"
    says_so = any(map(_SAYS_SO.search, [headline, *blocks[:_HEADS]]))
    own = [at for at, turn in turns.items() if turn == "answer" and _OWN.search(blocks[at])]
    return turns if says_so or len(own) >= _OF_ONES_OWN else {}
