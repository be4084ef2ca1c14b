"""Detects sentences that are instructions about a text. A small model may follow such a sentence
instead of translating it: asked to translate 请把下面这句话译成法语：猫在睡觉。 into English, one
wrote French.
"""

from __future__ import annotations

import re
from typing import Final

_ENGLISH: Final = re.compile(
    r"(?:(?:now|then|next|and|also|just|could you|can you|would you|i want you to|you must|always)"
    r",? |please,? )*"
    r"(?:translate|summari[sz]e|rewrite|rephrase|paraphrase|reword|proofread|"
    r"(?:answer|respond|reply|ignore|disregard|forget|repeat|output|print|correct|explain|complete|"
    r"continue|shorten|convert|generate|write|list|say|tell|give|describe|pretend|act|act as|"
    r"improve|classify|extract|count|finish|edit|name|spell|define)\b(?=[^.?!]*(?:"
    r"\b(?:text|sentence|paragraph|passage|story|poem|word|words|above|below|following|previous|"
    r"instructions?|prompt|question|grammar|essay|letter|article|answer|number|yes|voice|me|only|"
    r"as|in|about|five|three|ten|reasons|examples)\b|[:\"“])))",
    re.IGNORECASE,
)
_CHINESE: Final = re.compile(
    r"(?:请|麻烦|帮我|你|现在|然后|再|务必|必须|只|不要|先|给我)*"
    r"(?:(?:把|将|对|用|以|按|根据|从|忽略|无视).{0,24}?)?"
    r"(?:翻译|译[成为]|改写|改[成为]|概括|总结|归纳|缩写|扩写|续写|润色|重写|纠正|改正|校对|回答|答复|"
    r"写一|写[个首篇段]|列出|列举|输出|忽略|无视|忘记|复述|重复|解释|说明|介绍一下|扮演|仿写|生成|描述|造句)"
)
_LANGUAGES: Final = (
    ("French", "法语|法文|法国"),
    ("German", "德语|德文|德国"),
    ("Spanish", "西班牙|西语|西文"),
    ("Italian", "意大利|意语"),
    ("Portuguese", "葡萄牙|葡语|葡文"),
    ("Russian", "俄语|俄文|俄罗斯|俄国"),
    ("Japanese", "日语|日文|日本"),
    ("Korean", "韩语|韩文|朝鲜语|韩国|朝语"),
    ("Arabic", "阿拉伯"),
    ("Latin", "拉丁"),
    ("Greek", "希腊"),
    ("Dutch", "荷兰"),
    ("Thai", "泰语|泰文|泰国"),
    ("Vietnamese", "越南"),
)
_COLON: Final = re.compile(r"[:：](?=\s|[\u3400-\u9fff“‘「])")
_WORD: Final = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]{2,}")
_SPOKEN: Final = re.compile("(?:语|文)(?![字化学])")


def is_instruction(text: str) -> bool:
    """Whether ``text``, an English or Chinese sentence, asks the reader to work on a text: to
    translate, summarise, rewrite, answer or write something.
    """
    start = text.lstrip(" “\"'‘（(")
    return bool(_ENGLISH.match(start) or _CHINESE.match(start))


def order_end(sentence: str) -> int:
    """The end of the instruction in a ``sentence`` whose text follows a colon; 0 if it has no such
    form. The model translates both parts correctly if they are separated.
    """
    colon = _COLON.search(sentence)
    if colon is None or not is_instruction(sentence[: colon.end()]):
        return 0
    return colon.end() if _WORD.search(sentence, colon.end()) else 0


def lost_language(source: str, translation: str) -> str:
    """A language that ``source``, an instruction, names and ``translation`` does not; empty if
    there is none. If one is missing, the instruction was followed or part of it was lost.
    """
    if not is_instruction(source):
        return ""
    for english, chinese in _LANGUAGES:
        if re.search(rf"\b{english}\b", source) and not re.search(chinese, translation):
            return english
        named = re.search(chinese, source)
        if named and _SPOKEN.search(source, named.start()) and english not in translation:
            return named[0]
    return ""
