"""Detects sentences that tell a reader or a machine what to do, rather than what happened.

No text of an article may control the service: such a sentence is never selected, nor is one that it
introduces. A report that somebody gave an order is news.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Sequence

from service.briefs.selecting import chinese_orders as chinese
from service.briefs.selecting import english_orders as english

_ROLE_TAG = re.compile(
    r"<\|[^|>\n]{1,40}\|>|</?\s*(?:article|system|user|assistant|human|instructions?|prompt|"
    r"s)\s*/?>|"
    r"\[/?(?:INST|SYS|SYSTEM)\]|<</?SYS>>|#{2,}\s*(?:system|instructions?|user|assistant|"
    r"response)\b|"
    r"\"role\"\s*:\s*\"(?:system|user|assistant)\"|\{\{[#/]?(?:system|user|assistant)|"
    r"(?:^|(?<=[\s>。.!！?？”\"]))(?:system|assistant|user|human|developer|系统|用户|助手|助理|"
    r"人类|开发者)\s*[:：]",
    re.IGNORECASE,
)
_REGIONS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(
            rf"\b(?:notes?|notice|message|instructions?|memo)\b[^.!?]{{0,16}}\b(?:to|for) (?:all |"
            rf"any |the )?{english.MACHINE}\b|{chinese.LETTER}",
            re.IGNORECASE,
        ),
        re.compile(
            r"\bend (?:of )?(?:the |this )?(?:note|instructions?|prompt|message)\b|"
            r"(?:指令|提示|说明)(?:结束|完毕)",
            re.IGNORECASE,
        ),
    ),
    (
        re.compile(
            r"<\|[^|>]*start[^|>]*\|>|\[INST\]|<<SYS>>|<(?:system|instructions?|prompt)>", re.I
        ),
        re.compile(
            r"<\|[^|>]*end[^|>]*\|>|\[/INST\]|<</SYS>>|</(?:system|instructions?|prompt)>", re.I
        ),
    ),
)
"""The beginning and the end of a note to machines."""
_ANNOUNCES = re.compile(
    r"[:：]\W*$|\b(?:the )?following\b(?! (?:day|week|month|year))|\bas follows\b|"
    r"(?<!article )(?<!page )(?<!story )\bbelow\b|"
    r"\bnext (?:\w+ )?(?:paragraphs?|sentences?|lines?|text)\b|\b(?:this )?instead[.:]?\W*$|"
    r"以下|下面|下列|下文|如下|下一[段句]",
    re.IGNORECASE,
)
"""An instruction whose object follows it, perhaps in the next paragraph."""
_REPLACES = re.compile(
    r"\b(?:above|so far|precedes|preceding|before (?:this|here))\b|以上|上文|前文|上述|上面|前面",
    re.IGNORECASE,
)
"""An instruction to replace the text before it."""
_REPLACES_ALL = re.compile(
    r"\b(?:the|this) (?:article|text|story|report)\b|本文|文章|全文", re.IGNORECASE
)
"""The same, if the article does not begin after it."""
_COMPLETE = re.compile(
    r"\b(?:say|write|state|report|print|output|mention|answer|reply)\b|[“\"]|写|说|输出|回答|报道",
    re.IGNORECASE,
)
"""An instruction that contains the text to write."""
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」|『[^』]*』")
_QUOTES = re.compile(
    r"\b(?:said|says?|told|read|reads|reading|wrote|written|asked|replied|answered|such as|like|"
    r"called|titled|words?|added|shouted)\b|说|称|写道|写着|写有|印着|藏|表示|要求|回答|例如|诸如|内容为",
    re.IGNORECASE,
)
"""The attribution of a quotation."""
_REGION_MOST = 8
"""Most sentences of a note to machines; without an end within them, there is no note."""
_ENCODED = re.compile(
    r"[A-Za-z0-9+/]{24,}={0,2}|(?:\\x[0-9a-f]{2}|%[0-9A-F]{2}|&#x?[0-9a-f]+;){6,}", re.IGNORECASE
)
_DISGUISED = re.compile(
    r"(?:\b[A-Za-z] ){5,}[A-Za-z]\b|"
    r"[A-Za-z][\u0370-\u04ff][A-Za-z]|[\u0370-\u04ff][A-Za-z]{2}[\u0370-\u04ff]|"
    r"[=＝#*]{3,}[^=＝#*\n]{2,40}[=＝#*]{3,}"
)
"""Disguised words: letters separated by spaces, or mixed with those of another alphabet; and
banners that begin another text.
"""
_LATIN, _HAN = re.compile("[A-Za-z]{2}"), re.compile("[\u4e00-\u9fff]")
_WIDE = re.compile(r"[\uff21-\uff5a]")


def is_instruction(sentence: str) -> bool:
    """Whether the sentence addresses the reader or a program that processes the article, or quotes
    somebody who does.
    """
    return _is_dressed(sentence) or _is_order(sentence)


def is_request(sentence: str) -> bool:
    """Whether the sentence asks its reader to do something, as an order, advice or the step of a
    recipe does.
    """
    return english.is_english_request(sentence) or chinese.is_chinese_request(sentence)


def instructions(sentences: Sequence[str], blocks: Sequence[int]) -> set[int]:
    """Indices of the sentences that are instructions, or that an instruction introduces.

    ``blocks`` has the paragraph of each sentence. The text after an instruction in its paragraph
    counts as the text that it asks for: all of it, or only the next sentence if the paragraph is
    most of the article. So does the next paragraph, if the instruction announces it or says that it
    replaces the text before. All sentences between the beginning and the end of a note to machines
    belong to it. An attributed quotation introduces nothing.
    """
    found: set[int] = set()
    for at, sentence in enumerate(sentences):
        ends = any(end.search(sentence) for _, end in _REGIONS)
        if not ends and not is_instruction(sentence):
            continue
        region = _region(sentences, at)
        found |= {at, *region}
        if not ends and not _only_quotes(sentence):
            last = region[-1] if region else at
            found |= set(_ordered(sentences, blocks, last))
    return found


def _is_dressed(sentence: str) -> bool:
    return bool(_ROLE_TAG.search(sentence) or _DISGUISED.search(sentence) or _hides_text(sentence))


def _is_order(text: str) -> bool:
    if _WIDE.search(text):
        text = unicodedata.normalize("NFKC", text)
    in_latin, in_han = _LATIN.search(text), _HAN.search(text)
    return bool(
        (in_latin and english.is_english_order(text)) or (in_han and chinese.is_chinese_order(text))
    )


def _only_quotes(sentence: str) -> bool:
    """Whether the instruction is in a quotation that the rest of the sentence attributes."""
    rest = _QUOTED.sub(" ", sentence)
    return (
        rest != sentence
        and bool(_QUOTES.search(rest))
        and not _is_dressed(sentence)
        and not _is_order(rest)
    )


def _region(sentences: Sequence[str], begin: int) -> range:
    """The sentences of a note that begins at ``begin``, up to its end; empty if it has no end."""
    for opening, ending in _REGIONS:
        opened = opening.search(sentences[begin])
        if not opened or ending.search(sentences[begin], opened.end()):
            continue
        for at in range(begin + 1, min(len(sentences), begin + 1 + _REGION_MOST)):
            if ending.search(sentences[at]):
                return range(begin + 1, at + 1)
    return range(0)


def _ordered(sentences: Sequence[str], blocks: Sequence[int], at: int) -> range:
    """The sentences that the instruction ``at`` asks to write."""
    following = at + 1
    if any(end.search(sentences[at]) for _, end in _REGIONS) or following >= len(sentences):
        return range(0)
    end = _end_of_block(blocks, following) if blocks[following] == blocks[at] else following
    if end > following and (end - following) * 3 > len(sentences):
        return range(following, following + 1)
    last = end - 1
    announces = _ANNOUNCES.search(sentences[last])
    replaces = end == following and not _COMPLETE.search(sentences[at])
    replaces = replaces and bool(
        _REPLACES.search(sentences[at])
        or (blocks[at] != blocks[0] and _REPLACES_ALL.search(sentences[at]))
    )
    if end < len(sentences) and (announces or replaces):
        after = _end_of_block(blocks, end)
        end = after if (after - end) * 2 <= len(sentences) else end + 1
    return range(following, end)


def _end_of_block(blocks: Sequence[int], at: int) -> int:
    """The index of the first sentence after the paragraph of ``at``."""
    end = at
    while end < len(blocks) and blocks[end] == blocks[at]:
        end += 1
    return end


def _hides_text(sentence: str) -> bool:
    """Whether part of the sentence is encoded, which does not occur in newspapers."""
    for found in _ENCODED.finditer(sentence):
        if found[0][0] in "\\%&":
            return True
        if not re.search(r"[a-z]", found[0]) or not re.search(r"[A-Z0-9+/]", found[0]):
            continue  # a long word, or part of a serial number
        try:
            decoded = base64.b64decode(found[0] + "=" * (-len(found[0]) % 4), validate=True)
        except (binascii.Error, ValueError):
            continue
        if decoded and sum(32 <= byte < 127 or byte >= 0x80 for byte in decoded) >= 0.9 * len(
            decoded
        ):
            return True
    return False
