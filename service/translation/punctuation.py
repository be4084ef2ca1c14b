"""Marks and spaces of a translation, as its language writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from service.languages import Language
from service.text.verbatim import bare_emoji, emoji
from service.translation.segments import Mark, MarkedSentence

_END = re.compile(r"[.。]$")
_STOPPED_WITHIN = re.compile(r"[。！？!?]|[a-z]\. [A-Z]")
_ABBREVIATED = re.compile(
    r"\b(?:[A-Za-z]|etc|Inc|Ltd|Co|Corp|Jr|Sr|St|Ave|Dr|Mr|Mrs|Ms|No|vs|approx|[ap]\.m|[A-Z]\.[A-Z])\.$"
)
_OPEN_HAN = re.compile(r"([\u3400-\u9fff0-9%])\.?$")
_COLON = re.compile(r"[:：]$")
_STOP = re.compile(r"[.。,，;；]$")
_LINKED = re.compile(
    r"[#@$:]|https?://|ftp://|www\.|[\w.+-]+@|[\w.-]+\.[a-z]+(?:/|$)", re.IGNORECASE
)
_ENGLISH_MARKS = str.maketrans("，。！？：；（）、", ",.!?:;(),")
_UNBROKEN = re.compile("(\\S+)\u00a0(?=(\\S+))")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff，。；：、]) +(?=[\u3400-\u9fff])")


def spaced(text: str, target: Language) -> str:
    """``text`` without the spaces that Chinese does not have between its characters."""
    return _BETWEEN_HAN.sub("", text) if target == "zh" else text


def apart(text: str, sentence: MarkedSentence) -> str:
    """``text`` with a space around the hashtags, handles and addresses of ``sentence`` where a
    letter touches them: in Chinese, whatever follows would become a part of them; and one between
    spans of code.
    """
    every = {mark.kept for mark in sentence.marks if not mark.term}
    for kept in sorted(every):
        if any(kept in one for one in every - {kept}):
            continue
        if kept[0] == kept[-1] == "`":
            text = text.replace(f"{kept}`", f"{kept} `")  # two spans of code, not one
        if not _LINKED.match(kept):
            continue
        parts = text.split(kept)
        joined = parts[0]
        for part in parts[1:]:
            before = " " if kept[0] in "#@" and joined[-1:].isalnum() else ""
            opens = part[:1].isalnum() or part[:1] == "("
            after = " " if opens and (kept[-1] != "#" or part[0].isascii()) else ""
            joined += before + kept + after + part
        text = joined
    return text


def as_in(
    text: str, sentence: MarkedSentence, target: Language, *, finished: bool, unended_too: bool
) -> str:
    """``text`` with the marks, emoji and spaces of ``sentence``: with those of its end if the text
    is ``finished``, and without any if that has none and ``unended_too``.
    """
    if finished:
        text = unstopped(introduced(ended(text, sentence, target), sentence, target), sentence)
    if unended_too:
        text = unended(text, sentence)
    return unbroken(pictured(text, sentence, target), sentence)


def ended(text: str, sentence: MarkedSentence, target: Language) -> str:
    """``text`` with a mark at its end if ``sentence`` has one there, as the target writes it."""
    if not _END.search(sentence.text):
        return text
    if target == "zh":
        return _OPEN_HAN.sub(r"\1。", text)
    return text + "." if text[-1:].isalnum() else text


def introduced(text: str, sentence: MarkedSentence, target: Language) -> str:
    """``text`` with a colon at its end if ``sentence`` has one there."""
    if not _COLON.search(sentence.text) or not text or _COLON.search(text):
        return text
    return _STOP.sub("", text) + ("：" if target == "zh" else ":")


def unstopped(text: str, sentence: MarkedSentence) -> str:
    """``text`` without the full stop that a heading, a label or a caption has not got, if it is one
    sentence and does not end with an abbreviation.
    """
    body = _END.sub("", text)
    if not sentence.text[-1:].isalnum() or body == text or _STOPPED_WITHIN.search(body):
        return text
    return text if _ABBREVIATED.search(text) else body


def unended(text: str, sentence: MarkedSentence) -> str:
    """``text`` without the full stop that ``sentence`` does not have at its end."""
    return text if _END.search(sentence.text) else _END.sub("", text)


def unbroken(text: str, sentence: MarkedSentence) -> str:
    """``text`` with those spaces that do not break in ``sentence``, where the same words or signs
    stand on both sides of them.
    """
    for match in _UNBROKEN.finditer(sentence.text):
        before, after = match.groups()
        text = text.replace(f"{before} {after}", f"{before}\u00a0{after}")
    return text


def pieced(pieces: Sequence[str], marks: Iterable[Mark], target: Language) -> str:
    """A sentence put together from its translated ``pieces`` and the ``marks`` between them. In
    English a word beside a term has a space, and what is between words has English marks.
    """
    text = ""
    after_term = False
    for piece, mark in zip_longest(pieces, marks):
        part = piece.translate(_ENGLISH_MARKS) if target == "en" else piece
        text = _beside(text, part, target) if after_term else text + part
        if mark is not None:
            after_term = mark.term
            text = _beside(text, mark.kept, target) if after_term else text + mark.kept
    return text


def _beside(text: str, part: str, target: Language) -> str:
    """``text`` and ``part``, with a space between two words of English."""
    joined = target == "en" and text[-1:].isalnum() and part[:1].isalnum()
    return f"{text} {part}" if joined else text + part


def pictured(text: str, sentence: MarkedSentence, target: Language) -> str:
    """``text`` with the emoji of ``sentence``, each run as it is there and as often; what the
    translation has not got at all is put behind it.
    """
    waiting = [sentence.text[start:end] for start, end in emoji(sentence.text)]
    if not waiting:
        return text
    text = bare_emoji(text)
    parts: list[str] = []
    at = 0
    for start, end in emoji(text):
        written = text[start:end]
        meant = [one for one in waiting if bare_emoji(one) == written]
        meant += [one for one in waiting if {*written} <= {*one}]
        parts.append(text[at:start])
        at = end
        if meant:
            parts.append(meant[0])
            waiting.remove(meant[0])
        elif text[at : at + 1] == " ":
            at += 1
    between = " " if target == "en" else ""
    return "".join([*parts, text[at:], *(between + one for one in waiting)])
