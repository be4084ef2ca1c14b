"""Detects line breaks that only wrap a plain text, as in wire copy and e-mail, in the middle of a
sentence. Half a sentence would be mistranslated. Lists, verse, addresses and headlines keep their
lines.

A break only wraps if the sentence continues after it, which its words show, and if the next word
did not fit on the line, which the widest line of the paragraph shows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

_HAN: Final = "\u3400-\u9fff"
_PREFIX = re.compile(r"(?P<quote>\s*(?:>[ \t]?)*)(?P<indent>[ \t]*)")
_ITEM = re.compile(
    r"(?:[-*+•·▪◦–—]\s|\d{1,3}[.)]\s|\d{1,3}[、．]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|[一二三四五六七八九十]{1,3}、|[a-zA-Z][.)]\s|#{1,6}\s|\||`{3}|~{3}|={3}|-{3}|\*{3}|_{3}"
    r"|\[[ xX]\]|\w[\w ]{0,20}[:：]\s*\S+$|[A-Za-z][\w.-]{0,15}:\s)"
)
_ENDED = re.compile(r"[.!?:;。！？：；…|][\"'”’」』）)\]*_]*$")
_STOPPED = re.compile(r"[.!?。！？…][\"'”’」』）)\]*_]*$")
_PAUSED = re.compile(r"[,，、]$")
_MARKED = re.compile(r"[，、。！？；：,.!?;:…][”’」』）)]*$")
_INNER_MARK = re.compile(r"[，、；：,“]")
_FIRST_WORD = re.compile(r"\S+")
_SMALL = re.compile(r"[\"'“‘(（]*[a-z]")
_OPEN_ENGLISH = re.compile(
    r"\b(?:the|an?|of|to|in|on|at|for|by|with|from|into|over|under|about|between|and|or|but|nor|that|"
    r"which|who|whose|where|when|while|if|because|is|are|was|were|be|been|has|have|had|will|would|"
    r"can|could|may|might|must|should|shall|not|no|as|than|before|after|until|since|its|his|her|"
    r"their|our|my|your|this|these|those|said|says|more|less|most|very|only|mr|mrs|ms|dr)$",
    re.IGNORECASE,
)
_OPEN_CHINESE = re.compile(
    r"(?:[在于的和与及将会不被把对向从由为是说称因但而并或至到以给让使已正仍还也都就才更最这那其该每各第约近"
    r"之前]|表示|宣布|指出|认为|要求|期间|之后|以后|以前|可能|应当|必须)$"
)
_GOES_ON_CHINESE = re.compile(r"[的了着过和与及并而但也都还将会不在于是被把等们之以得]")
_TAGS = re.compile(r"</?[a-z][^<>]*>|\{[^{}]*\}")
_WIDE = 50
"""In a paragraph of this width, a line that begins with a capital may continue a sentence."""
_LETTER = re.compile(r"[^\W\d_]")
_FEWEST_WORDS = 3
_FEWEST_HAN = 6
_SHORT_VERSE = 34


def wraps(lines: Sequence[str]) -> list[bool]:
    """For each of ``lines`` except the last, whether the break after it only wraps the text."""
    joined = [False] * max(0, len(lines) - 1)
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or not _may_go_on(lines[at - 1], lines[at]):
            for one in _wrapped_in([content(line) for line in lines[start:at]]):
                joined[start + one] = True
            start = at
    return joined


def wraps_cue(lines: Sequence[str]) -> list[bool]:
    """The same for the lines of one subtitle cue, which are short and always wrapped when a
    sentence does not fit.
    """
    texts = [_TAGS.sub("", content(line)) for line in lines]
    return [
        not (_ENDED.search(line) or _ITEM.match(after))
        and (
            _SMALL.match(after) is not None
            or _PAUSED.search(line) is not None
            or _OPEN_ENGLISH.search(line) is not None
            or _OPEN_CHINESE.search(line) is not None
            or _GOES_ON_CHINESE.match(after) is not None
        )
        for line, after in pairwise(texts)
    ]


def begins_item(line: str) -> bool:
    """Whether a line begins with the marker of a list, heading, table or rule."""
    return _ITEM.match(content(line)) is not None


def content(line: str) -> str:
    """A line without its indentation and the quote marks of an e-mail."""
    return line[_prefix(line).end() :].strip()


def joined(lines: Sequence[str]) -> str:
    """Join the ``lines`` of one sentence, with a space except in Chinese."""
    text = content(lines[0])
    for line in filter(None, map(content, lines[1:])):
        touching = re.search(rf"[{_HAN}，。、；：！？“”‘’（）《》]$|[a-z]-$", text)
        chinese = touching and (
            text[-1] == "-" or re.match(rf"[{_HAN}，。、；：！？“”‘’（）《》\d]", line)
        )
        text += ("" if chinese else " ") + line
    return text


def _prefix(line: str) -> re.Match[str]:
    found = _PREFIX.match(line)
    assert found is not None  # every part may be empty  # noqa: S101
    return found


def _may_go_on(line: str, following: str) -> bool:
    """Whether two lines may be in the same paragraph: neither is blank, both have the same quote
    level, and the second begins no item.
    """
    before, after = _prefix(line), _prefix(following)
    text, more = content(line), content(following)
    if not (_LETTER.search(text) and _LETTER.search(more)) or before["quote"].count(">") != after[
        "quote"
    ].count(">"):
        return False
    if _ITEM.match(more) or text.startswith(("#", "|", "```", "~~~")):
        return False
    inner = len(after[0].expandtabs(4)) - len(before[0].expandtabs(4))
    return inner <= 4 if _ITEM.match(text) else -8 <= inner <= 0


def _wrapped_in(lines: Sequence[str]) -> list[int]:
    """The breaks of one paragraph that only wrap it, by the indices of the lines before them."""
    if len(lines) < 2:
        return []
    han = sum(map(len, re.findall(f"[{_HAN}]+", "".join(lines))))
    find = _in_chinese if 3 * han > len("".join(lines)) else _in_english
    return find(lines)


def _width(text: str) -> int:
    return len(text) + len(re.findall(f"[{_HAN}\u3000-\u303f\uff00-\uffef]", text))


def _in_english(lines: Sequence[str]) -> list[int]:
    width = max(map(_width, lines))
    if _is_verse(lines, width):
        return []
    ends = _STOPPED.search(lines[-1]) is not None or (width > _WIDE and len(lines) > 2)
    sure = [
        at
        for at, (line, after) in enumerate(pairwise(lines))
        if not _ENDED.search(line)
        and (
            _OPEN_ENGLISH.search(line)
            or (
                ends
                and _SMALL.match(after)
                and len(line.split()) >= _FEWEST_WORDS
                and _is_full(line, after, width)
            )
        )
    ]
    if not sure:
        return []
    return [
        at
        for at, (line, after) in enumerate(pairwise(lines))
        if at in sure
        or (not _MARKED.search(line) and ends and _SMALL.match(after))
        or (not _ENDED.search(line) and width >= _WIDE and _is_full(line, after, width))
    ]


def _is_full(line: str, after: str, width: int) -> bool:
    """Whether the next word would not have fit on the line."""
    word = _FIRST_WORD.match(after)
    return word is not None and _width(line) + 1 + _width(word[0]) > width


def _is_verse(lines: Sequence[str], width: int) -> bool:
    """Whether these are short lines that end with punctuation or all begin with a capital."""
    if len(lines) < 3 or width > _WIDE:
        return False
    marked = sum(_MARKED.search(line) is not None for line in lines)
    capitals = sum(line[:1].isupper() for line in lines)
    return capitals == len(lines) or (width < _SHORT_VERSE and 3 * marked > 2 * len(lines))


def _in_chinese(lines: Sequence[str]) -> list[int]:
    if not _STOPPED.search(lines[-1]) or _is_chinese_verse(lines):
        return []
    width = max(map(_width, lines))
    return [
        at
        for at, (line, after) in enumerate(pairwise(lines))
        if not _ENDED.search(line)
        and len(line) >= _FEWEST_HAN - 1
        and (
            _PAUSED.search(line)
            or _OPEN_CHINESE.search(line)
            or _GOES_ON_CHINESE.match(after)
            or _INNER_MARK.search(line)
            or (len(lines) > 2 and at > 0)
            or (len(lines) > 2 and _width(line) >= width - 4)
        )
    ]


def _is_chinese_verse(lines: Sequence[str]) -> bool:
    """Whether all lines end with punctuation, and have the same length or are short and many."""
    if not all(_MARKED.search(line) for line in lines):
        return False
    lengths = {len(line) for line in lines}
    return len(lengths) == 1 or (len(lines) > 3 and max(lengths) <= 16)
