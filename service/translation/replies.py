"""Detects drafts that reply to a text or comment on it instead of translating it.

Given "能否帮忙跟进一下？", an instruct model may write "Sure, I can help you with that." Each
pattern of such a reply is paired with a pattern of source texts of which it is a correct
translation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.languages import Language

_REPLIES: dict[Language, Sequence[tuple[str, str]]] = {
    "en": (
        (
            r"^(?:Sure|Certainly|Absolutely|Of course)\b",
            "当然|好|行|没问题|可以|肯定|一定|确实|绝对|必然|是的|嗯|对",
        ),
        (
            r"^(?:I'm|I am)? ?(?:sorry|unable|afraid)\b.{0,20}\b(?:can't|cannot|unable|not able)\b",
            "抱歉|对不起|不好意思|歉|遗憾|恐怕|不能|无法|没法",
        ),
        (
            r"\b(?:the|this) (?:chinese|english|original|source) (?:text|sentence|phrase)\b",
            "英文|英语|中文|汉语|原文|原作|文本|句",
        ),
        (
            r"\btranslat\w+ (?:in|to|into|as|is|of)\b|^(?:\w+ ){0,2}(?:translation|original):",
            "译|英文|英语|中文|汉语|原文|原作|文本|句",
        ),
        (r"\bas an ai\b", "AI|人工智能"),
        (
            r"(?:^|[.!?] )(?:(?:main|key) (?:facts?|points?|news)|(?:in )?summary):",
            "[:：]|主要|要点|摘要|总结|概括|总之",
        ),
        (r"\(Note:", "注|备|附|说明"),
        (r"\((?:also|otherwise) (?:known as|called)\b", "又|也|亦|称|叫|别名|俗|原名|即|[（(]"),
        (
            r"\bis (?:a|the) (?:Chinese|Japanese|English) (?:phrase|word|name|idiom|term)\b",
            "词|名|字|成语|短语|俗语|叫|称|语",
        ),
    ),
    "zh": (
        (
            r"^(?:好的|当然|没问题)(?:可以)?[，,！!。：:]",
            r"\b(?:ok|okay|sure|course|certainly|yes|yeah|fine|right|good|great|well|problem)\b",
        ),
        (
            r"^(?:抱歉|对不起|很遗憾)[，,].{0,8}(?:无法|不能)",
            r"\b(?:sorry|apolog\w+|afraid|regret\w*|unfortunately|pardon|excuse)\b",
        ),
        (
            r"^(?:译文|翻译|原文|翻译如下|以下是.{0,8}(?:翻译|译文))[:：]|这(?:句话|段文字|段英文)的?翻译",
            r"translat|\boriginal\b|\btext\b|\bsentence\b|\benglish\b|\bchinese\b",
        ),
        (r"(?:翻译|译)(?:为|成|作)|译法", r"translat|\brender|\binterpret"),
        (r"译名[：:]", r"translat|\bnames?\b"),
        (
            r"[（(](?:也|又|亦|或)被?(?:称|叫)",
            r"\b(?:also|known|called|alias|aka|nicknam\w+|dubbed|named|or)\b|[(（]",
        ),
        (
            r"以下(?:命令|代码|选项|内容|文本|句子|步骤)",
            r"\b(?:follow\w*|below|here|this|these|next|under|beneath)\b|:",
        ),
        (r"作为一?[个名]?(?:AI|人工智能)", r"\bai\b|artificial"),
        (
            r"(?:^|[。！？])(?:主要(?:事实|内容|新闻)|要点|摘要|总结|概括)[：:]",
            r":|\bmain\b|\bkey\b|\bpoints?\b|\bsummar|\bfacts?\b",
        ),
    ),
}
_COMPILED = {
    target: [(re.compile(reply, re.I), re.compile(call, re.I)) for reply, call in pairs]
    for target, pairs in _REPLIES.items()
}


def find_reply(source: str, text: str, target: Language) -> str:
    """The words of ``text``, in ``target``, that reply to ``source`` or comment on it; empty if
    there are none, or ``source`` justifies them.
    """
    for reply, call in _COMPILED[target]:
        found = reply.search(text)
        if found and not call.search(source):
            return found.group()
    return ""
