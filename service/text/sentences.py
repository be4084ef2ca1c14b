"""Splits English, Chinese and mixed text into sentences, and joins them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import regex as re
from sentencex import segment

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_CLOSING_ONLY = "”’」』）》】〉〕"
_CLOSING = _CLOSING_ONLY + "\"')\\]"
# A Chinese sentence ends at Chinese marks, or at half-width ones next to Han; closing quotes and
# brackets belong to it. A mark that is followed by a comma or closes a title does not end it:
# 《你好！》, “好！”、“再见！”.
_CHINESE_END = re.compile(
    rf"(?:[。！？；｡]|…{{2,}}|(?<=[{_HAN}])[!?](?![!?])|[!?](?=[{_CLOSING}]*[{_HAN}]))"
    rf"[。！？；｡!?…]*+((?:[{_CLOSING}]|\s+[{_CLOSING_ONLY}])*+)"
    rf"(?![，、；：。！？…,.;:])"
)
_QUOTES: Final = {"“": "”", "「": "」", "『": "』", "‘": "’"}
_SOFT_WRAP = re.compile(r"(?<![\s.!?:;。！？：；])\n(?=[a-z]+\b)")
_PAIRED = frozenset("\"'“”‘’„«»()（）")
_CLOSING_HERE = re.compile(rf"[{_CLOSING}»]*+(?:\s+[{_CLOSING_ONLY}»]+)*+")
_LATIN_END = re.compile(r"[.!?…]")
_LIST_NUMBER = re.compile(r"\W*(?:\d{1,3}|[A-Za-z])\.$")
_BEFORE_NUMBER = re.compile(r"\b(?:approx|vol|ch|sec|nos|para)\.$", re.IGNORECASE)
_TAIL = 16
_WINDOW = 8000
_LOWER_WORD = re.compile(r"[a-z]+\b")
_ENDED = re.compile(rf"[.!?。！？；｡…:：,，、;][{_CLOSING}]*$")


def split_sentences(text: str) -> list[str]:
    """Split English, Chinese or mixed text into sentences, trimmed and not empty.

    Only white space is lost. A line break ends a sentence (headlines and list items have no full
    stop), unless the next line begins in lower case, as in hard-wrapped plain text. ``；`` also
    ends a sentence. Latin sentences are found by sentencex, which knows abbreviations.

    Args:
        text: valid Unicode without lone surrogates (see :func:`service.text.cleaning.clean`).
    """
    sentences: list[str] = []
    for line in _SOFT_WRAP.sub(" ", text).splitlines():
        for part in _split_chinese(line):
            sentences += _split_latin(part)
    return sentences


def _split_chinese(line: str) -> Iterator[str]:
    start = 0
    for end in _CHINESE_END.finditer(line):
        if "》" in end[1] or "〉" in end[1] or _is_attributed(line, start, end):
            continue
        yield line[start : end.end()]
        start = end.end()
    yield line[start:]


def _is_attributed(line: str, start: int, end: re.Match[str]) -> bool:
    """Whether a quotation begins the sentence and is followed by Han: “……。”他说。"""
    opening = line[start : end.start()].lstrip()[:1]
    following = line[end.end() : end.end() + 1]
    return (
        bool(end[1])
        and end[1][-1] == _QUOTES.get(opening)
        and re.match(f"[{_HAN}]", following) is not None
    )


def _split_latin(part: str) -> Iterator[str]:
    held = ""
    for piece in _pieces(part.strip()):
        if held and not _goes_on(held, piece):
            yield held.strip()
            held = ""
        held += piece
    if held.strip():
        yield held.strip()


def _pieces(part: str) -> Iterator[str]:
    """Split with sentencex, on the text without its quotes and parentheses: sentencex never splits
    between two of them, so an unclosed one would keep half an article in one piece.
    """
    kept = [index for index, character in enumerate(part) if character not in _PAIRED]
    start = 0
    for last, following in _cuts("".join(part[index] for index in kept)):
        after = kept[last] + 1
        closing = _CLOSING_HERE.match(part, after, kept[following])
        end = closing.end() if closing else after
        yield part[start:end]
        start = end
    yield part[start:]


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """The boundaries that sentencex finds: index of the last character of a piece, and of the first
    of the next one. The text is processed in windows, because sentencex may take quadratic time.
    """
    start = 0
    while _LATIN_END.search(text, start):
        window = segment("en", text[start : start + _WINDOW])
        more = start + _WINDOW < len(text)
        if more and len(window) == 1:  # no sentence ends here: splitting might divide a word
            start += _WINDOW
            continue
        for piece in window[:-1] if more else window:
            last = start + len(piece.rstrip()) - 1
            start += len(piece)
            if piece.strip() and start < len(text):
                yield last, start


def _goes_on(held: str, piece: str) -> bool:
    """Whether sentencex wrongly split between the two."""
    tail, piece = held[-_TAIL:].rstrip(), piece.lstrip()
    return (
        not piece
        or not tail
        or (len(held) < _TAIL and _LIST_NUMBER.match(tail) is not None)
        or (_BEFORE_NUMBER.search(tail) is not None and piece[0].isdigit())
        or _LOWER_WORD.match(piece) is not None
    )


def join_sentences(sentences: Iterable[str]) -> str:
    """Join consecutive sentences.

    Chinese sentences are joined without a space, others with one. A sentence without final
    punctuation (a headline, a list item) stays on a line of its own.
    """
    together: list[str] = []
    previous = ""
    for sentence in sentences:
        together += [separator(previous, sentence), sentence]
        previous = sentence
    return "".join(together)


def separator(before: str, after: str) -> str:
    """The text between two sentences: nothing, a space or a line break."""
    if not before:
        return ""
    if not _ENDED.search(before[-8:]):
        return "\n"
    return "" if _is_wide(before[-1]) and _is_wide(after[:1]) else " "


def _is_wide(character: str) -> bool:
    return re.match(f"[{_HAN}\u3000-\u303f\uff00-\uffef“”‘’…—]", character) is not None
