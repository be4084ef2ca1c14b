"""Whether a sentence is one of the article less what can go without changing its sense."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from service.briefs.verifying.lexicon import CHINESE_NEGATIONS, CHINESE_SPEECH, NEGATIONS, SPEECH

_TOKEN = re.compile(r"[^\W\d_\u3400-\u9fff]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*|\S")
_RELATIVE = frozenset("who which whose where when".split())
_CONDITION = frozenset("if unless but except though although until only according".split())
_DATELINE = re.compile(r"^[^a-z]{2,60}\([^)]{2,30}\)[-–—]$|^.{2,12}社.{2,20}电$")
_SAID = frozenset(("said", "told", "thought"))
_CHINESE_KEPT = frozenset(word for word in CHINESE_SPEECH | CHINESE_NEGATIONS if word != "据") | {
    "如果",
    "若",
    "除",
    "但",
}


def is_shortened(sentence: str, source: str) -> bool:
    """Whether ``sentence`` is ``source`` without parentheses, a dateline, clauses with "which" or
    descriptions between commas, and nothing else. What says who said it, negates or makes a
    condition cannot go.
    """
    ours, theirs = _TOKEN.findall(sentence), _TOKEN.findall(source)
    if len(ours) >= len(theirs):
        return False
    kept = [_plain(token) for token in ours]
    whole = [_plain(token) for token in theirs]
    for tag, i, j, k, m in SequenceMatcher(None, whole, kept, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "insert" and set(kept[k:m]) <= {","}):
            continue
        if tag != "delete" or not _may_go(theirs, i, j):
            return False
    return True


def _plain(token: str) -> str:
    return token.lower().replace("’", "'").replace("（", "(").replace("）", ")")


def _may_go(tokens: list[str], start: int, end: int) -> bool:
    gone = tokens[start:end]
    words = {token.lower() for token in gone}
    if start == 0 and _DATELINE.match("".join(gone)):
        return True
    for first, last in ((start, end), (start - 1, end - 1), (start, end - 1), (start + 1, end)):
        # a deletion may be read with the mark before it or the one behind it
        if first >= 0 and tokens[first] in "(（" and tokens[last - 1] in ")）":
            return "(" not in "".join(tokens[first + 1 : last - 1]).replace("（", "(")
    text = "".join(gone)
    if words & (SPEECH | NEGATIONS | _CONDITION) or any(word in text for word in _CHINESE_KEPT):
        return False
    if any({word, word[:-1], word[:-2]} & SPEECH or word in _SAID for word in words):
        return False
    opened = gone[0] in {",", "，"} or (start > 0 and tokens[start - 1] in {",", "，"})
    closed = gone[-1] in {",", "，"} or (
        end < len(tokens) and tokens[end] in {",", "，", ".", "。"}
    )
    relative = next((one for one in gone if one not in {",", "，"}), "").lower() in _RELATIVE
    between = opened and closed and end < len(tokens) and tokens[end] not in {".", "。"}
    return (opened and closed and relative) or (between and start > 0)
