"""Marks and spaces of a translation, as its language writes them."""

from __future__ import annotations

import re

from service.languages import Language
from service.translation.segments import Sentence

_END = re.compile(r"[.。]$")
_OPEN_HAN = re.compile(r"([\u3400-\u9fff0-9%])\.?$")
_COLON = re.compile(r"[:：]$")
_STOP = re.compile(r"[.。,，;；]$")
_LINKED = re.compile(
    r"[#@$:]|https?://|ftp://|www\.|[\w.+-]+@|[\w.-]+\.[a-z]+(?:/|$)", re.IGNORECASE
)
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff，。；：、]) +(?=[\u3400-\u9fff])")


def spaced(text: str, target: Language) -> str:
    """``text`` without the spaces that Chinese does not have between its characters."""
    return _BETWEEN_HAN.sub("", text) if target == "zh" else text


def apart(text: str, sentence: Sentence) -> str:
    """``text`` with a space around the hashtags, handles and addresses of ``sentence`` where a
    letter touches them: in Chinese, whatever follows would become a part of them.
    """
    every = {mark.kept for mark in sentence.marks if not mark.term}
    for kept in sorted(every):
        if not _LINKED.match(kept) or any(kept in one for one in every - {kept}):
            continue
        parts = text.split(kept)
        joined = parts[0]
        for part in parts[1:]:
            before = " " if kept[0] in "#@" and joined[-1:].isalnum() else ""
            after = " " if kept[-1] != "#" and part[:1].isalnum() else ""
            joined += before + kept + after + part
        text = joined
    return text


def ended(text: str, sentence: Sentence, target: Language) -> str:
    """``text`` with a mark at its end if ``sentence`` has one there, as the target writes it."""
    if not _END.search(sentence.text):
        return text
    if target == "zh":
        return _OPEN_HAN.sub(r"\1。", text)
    return text + "." if text[-1:].isalnum() else text


def introduced(text: str, sentence: Sentence, target: Language) -> str:
    """``text`` with a colon at its end if ``sentence`` has one there."""
    if not _COLON.search(sentence.text) or not text or _COLON.search(text):
        return text
    return _STOP.sub("", text) + ("：" if target == "zh" else ":")


def unended(text: str, sentence: Sentence) -> str:
    """``text`` without the full stop that ``sentence`` does not have at its end."""
    return text if _END.search(sentence.text) else _END.sub("", text)
