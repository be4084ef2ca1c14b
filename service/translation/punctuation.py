"""Corrects the punctuation, spaces and emoji of a translation."""

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


def drop_spaces(text: str, target: Language) -> str:
    """Remove spaces between Chinese characters."""
    return _BETWEEN_HAN.sub("", text) if target == "zh" else text


def space_links(text: str, sentence: MarkedSentence) -> str:
    """Add a space where a letter touches a hashtag, handle or address of ``sentence``, since
    Chinese text that follows would become part of it; and a space between adjacent spans of code.
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


def match_source(
    text: str, sentence: MarkedSentence, target: Language, *, finished: bool, drop_added_stop: bool
) -> str:
    """Match the emoji and no-break spaces of ``text`` to those of ``sentence``; if the text is
    ``finished``, also its final punctuation. With ``drop_added_stop``, a full stop that
    ``sentence`` does not have is always removed.
    """
    if finished:
        text = add_full_stop(text, sentence, target)
        text = add_colon(text, sentence, target)
        text = drop_stop_of_label(text, sentence)
    if drop_added_stop:
        text = drop_full_stop(text, sentence)
    return restore_no_break_spaces(with_emoji(text, sentence, target), sentence)


def add_full_stop(text: str, sentence: MarkedSentence, target: Language) -> str:
    """Add a full stop, in the target's form, if ``sentence`` ends with one."""
    if not _END.search(sentence.text):
        return text
    if target == "zh":
        return _OPEN_HAN.sub(r"\1。", text)
    return text + "." if text[-1:].isalnum() else text


def add_colon(text: str, sentence: MarkedSentence, target: Language) -> str:
    """Add a colon if ``sentence`` ends with one."""
    if not _COLON.search(sentence.text) or not text or _COLON.search(text):
        return text
    return _STOP.sub("", text) + ("：" if target == "zh" else ":")


def drop_stop_of_label(text: str, sentence: MarkedSentence) -> str:
    """Remove the full stop if ``sentence`` is a heading, label or caption without one. A text of
    several sentences, or one that ends with an abbreviation, is unchanged.
    """
    body = _END.sub("", text)
    if not sentence.text[-1:].isalnum() or body == text or _STOPPED_WITHIN.search(body):
        return text
    return text if _ABBREVIATED.search(text) else body


def drop_full_stop(text: str, sentence: MarkedSentence) -> str:
    """Remove the full stop at the end if ``sentence`` has none."""
    return text if _END.search(sentence.text) else _END.sub("", text)


def restore_no_break_spaces(text: str, sentence: MarkedSentence) -> str:
    """Restore the no-break spaces of ``sentence`` that stand between the same two words or signs in
    ``text``.
    """
    for match in _UNBROKEN.finditer(sentence.text):
        before, after = match.groups()
        text = text.replace(f"{before} {after}", f"{before}\u00a0{after}")
    return text


def join_pieces(pieces: Sequence[str], marks: Iterable[Mark], target: Language) -> str:
    """Join the translated ``pieces`` of a sentence and the ``marks`` between them. In English, a
    space separates a word from a term, and Chinese punctuation is replaced.
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
    """Append ``part`` to ``text``, with a space between two English words."""
    joined = target == "en" and text[-1:].isalnum() and part[:1].isalnum()
    return f"{text} {part}" if joined else text + part


def with_emoji(text: str, sentence: MarkedSentence, target: Language) -> str:
    """Give ``text`` exactly the emoji of ``sentence``: each run as it is there and as often. Emoji
    that the translation lacks are added at the end.
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
