"""Dividing an article into its headline and sentences, with their offsets in the body."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from service.briefs.selecting.printing import printed_english
from service.languages import Language
from service.text.scripts import convert
from service.text.sentences import split_sentences

_ENDED = re.compile(r"[.!?。！？…:：;；][”’\"')）」』\]]*$")
_SPACE = re.compile(r"\s+")
_SITE = re.compile(
    r"\s*[-－—–_|｜]+\s*(?:中新网|新华网|人民网|新华社|央视网|Xinhuanet|Xinhua|China Daily|"
    r"People['’]s Daily(?: Online)?|[A-Z][\w .]{2,24}(?:News|Times|Post))\s*$"
)
_HEADLINE_MOST: dict[Language, int] = {"en": 160, "zh": 60}
_BROKEN = re.compile(r"(?<=[a-z]{4}\.)\s+(?=[a-z]{2,}\b)")
"""Where a scraped text lost the beginning of a sentence. The splitter would join the rest with the
sentence before. A mark of another kind may end a title: *Do They Know It's Christmas? has*.
"""
_WORDS = re.compile(r"[\u3400-\u9fff]|[A-Za-z\d][\w'’.-]*")
_NAMES_A_PAPER: dict[Language, int] = {"en": 4, "zh": 7}
"""The least words, or characters, of a headline that another line follows."""
_DIVIDED = re.compile(r"[:：|｜,，“\"?!？！]")
_DATED = re.compile(r"\d{1,2}[:：.h时][0-5]\d|^\W*\d|\b\d{4}\b|\b(?:min read|minutes? read)\b")
"""A time or a date, which is no headline if another line follows."""
_ABOVE = 3
"""How many lines may precede a headline."""
_CLOSING = "”』」’）"


class ArticleSentence(msgspec.Struct):
    """One sentence of the body ``[start, end)``, in paragraph ``block``; ``index`` counts them."""

    index: int
    text: str
    start: int
    end: int
    block: int


class Text(msgspec.Struct, frozen=True):
    """The text of an article, divided for the selection.

    ``body`` is the article's blocks joined by line breaks. Chinese is in Simplified characters, one
    for each character of the original, so that offsets are the same in both.
    """

    language: Language
    headline: str
    body: str
    sentences: tuple[ArticleSentence, ...]


def read_text(blocks: Sequence[str], title: str | None, language: Language) -> Text:
    """Divide an article into its headline and its sentences.

    The headline is the ``title``, or a first block that looks like a headline. If the first block
    repeats the ``title``, it is not one of the sentences.
    """
    blocks = [simplified_alike(block) for block in blocks] if language == "zh" else list(blocks)
    headline = (
        _SITE.sub("", simplified_alike(title) if language == "zh" else title) if title else ""
    )
    first = 0
    if headline:
        first = int(_same(blocks[0], headline))
    elif (at := _headline_at(blocks, language)) is not None:
        headline, first = _SITE.sub("", blocks[at]), at + 1
    sentences: list[ArticleSentence] = []
    start = 0
    for number, block in enumerate(blocks):
        if number >= first:
            for begin, end in _spans(block, language):
                index = len(sentences)
                text = block[begin:end]
                text = printed_english(text) if language == "en" else text
                sentences.append(ArticleSentence(index, text, start + begin, start + end, number))
        start += len(block) + 1
    return Text(language, headline.strip(), "\n".join(blocks), tuple(sentences))


def simplified_alike(text: str) -> str:
    """Return Chinese ``text`` in Simplified characters, at the same length."""
    converted = convert(text, "zh-Hans")
    if len(converted) == len(text):
        return converted
    return "".join(convert(character, "zh-Hans")[:1] or character for character in text)


def _spans(block: str, language: Language) -> list[tuple[int, int]]:
    """Return the offsets of the sentences in a block."""
    spans: list[tuple[int, int]] = []
    at = 0
    for sentence in split_sentences(block):
        place = _find(block, sentence, at)
        if place is None:
            continue
        begin, at = place
        if language == "en" and (broken := _BROKEN.search(block, begin, at)):
            spans.append((begin, broken.start()))
            begin = broken.end()
        goes_on = spans and language == "zh" and _goes_on(block[slice(*spans[-1])], sentence)
        if goes_on:
            spans[-1] = (spans[-1][0], at)
        else:
            spans.append((begin, at))
    return spans


def _find(block: str, sentence: str, at: int) -> tuple[int, int] | None:
    """Find ``sentence`` from ``at`` on. White space inside it may have been folded."""
    begin = block.find(sentence, at)
    if begin >= 0:
        return begin, begin + len(sentence)
    found = re.search(r"\s+".join(map(re.escape, sentence.split())), block[at:])
    return (at + found.start(), at + found.end()) if found else None


def _goes_on(before: str, sentence: str) -> bool:
    """Return whether the splitter cut a Chinese sentence, at ； or …… or before a closing quote."""
    return before[-1:] in "；…" or sentence[:1] in _CLOSING


def _same(block: str, headline: str) -> bool:
    return _SPACE.sub("", _SITE.sub("", block)) == _SPACE.sub("", headline)


def _headline_at(blocks: Sequence[str], language: Language) -> int | None:
    """Return which of the first blocks is the headline: the first one, or one below the name of a
    paper or section, which is a word or two.
    """
    for at, block in enumerate(blocks[: min(_ABOVE, len(blocks) - 1)]):
        if not _is_headline(block, language):
            break
        named = len(_WORDS.findall(block)) >= _NAMES_A_PAPER[language] or _DIVIDED.search(block)
        if named and not _DATED.search(block):
            return at
    return 0 if len(blocks) > 1 and _is_headline(blocks[0], language) else None


def _is_headline(block: str, language: Language) -> bool:
    if len(block) >= _HEADLINE_MOST[language] or "\n" in block:
        return False
    return not _ENDED.search(block) or (
        block[-1] in "?？!！" and len(split_sentences(block)) <= 2 and len(block) < 110
    )
