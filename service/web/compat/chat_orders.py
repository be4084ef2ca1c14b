"""Instructions that people write around a text: a sentence before it, often on the text's own line,
sentences that go with it, and one after the text. Each must be an order to summarize or translate
from its first word to its last, so that no sentence of an article is taken for one. Pure functions.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import regex

_LONGEST: Final = 400
"""Longest order that is read, in characters."""
_LABEL_CHARACTERS: Final = 80
"""So many last characters may hold the label of an answer."""
_TEXT = (
    r"(?:text|article|story|news|content|contents|page|post|passage|document|paragraphs?|webpage"
    r"|message|input|report|entry|transcript|item|email|following|below|above|it|this|that)"
)
_OBJECT = (
    rf"(?:(?:the|this|that|these|my|all|of|following|attached|above|below|next|given|provided|entire"
    rf"|whole|full|news|web|blog|english|chinese|short|long)\s+){{0,4}}{_TEXT}(?:\s+{_TEXT}){{0,2}}"
)
_KIND = (
    r"(?:summary|brief|abstract|synopsis|digest|tl;?\s?dr|headline|translation|overview|recap"
    r"|bullet points?|(?:key|main) (?:points?|takeaways?|facts?)|takeaways?)"
)
_NUMBER = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|a few)"
_AMOUNT = (
    rf"(?:(?:about|around|exactly|at most|no more than|up to|fewer than|less than|under|only)\s+)?"
    rf"{_NUMBER}(?:\s*(?:-|–|to|or)\s*{_NUMBER})?[\s-]+"
    rf"(?:(?:short|concise|clear|simple|key|main|bullet)\s+)*"
    rf"(?:sentences?|words?|lines?|paragraphs?|bullet\s?points?|bullets?|points?|characters?)"
)
_LANGUAGE = (
    r"(?-i:\p{Lu}[\p{L}()-]*(?:\s+[(]?\p{Lu}[\p{L}()-]*){0,2}|\p{Ll}{2}(?:-[A-Za-z]{2,4})?\b)"
)
_LOWER = (
    r"(?:english|(?:simplified |traditional )?chinese|mandarin|german|french|spanish|japanese"
    r"|korean|russian|italian|portuguese|arabic|hindi)"
)
_MODIFIER = (
    rf"(?:,?\s*(?:and\s+)?(?:"
    rf"(?:in|into|to|from|using|as|with|by)\s+(?:an?\s+|the\s+)?"
    rf"(?:{_AMOUNT}|(?:the\s+)?(?:{_LANGUAGE}|{_LOWER})(?:\s+language)?|"
    rf"(?:(?:short|concise|clear|simple|brief|formal|neutral|plain|numbered|bulleted|single|few|own"
    rf"|your)\s+)*(?:bullet\s?points?|bullets|list|paragraphs?|sentences?|words|tone|style|language"
    rf"|form|headline))"
    rf"|briefly|concisely|shortly|please|for me|only|{_KIND}"
    rf"|(?:delimited|enclosed|surrounded|marked)\s+(?:by|in|with)\s+[^.:\n]{{1,30}}"
    rf"|(?:between|inside|within)\s+[^.:\n]{{1,30}}"
    rf"|(?:responding|respond|answering|output|return|reply)(?:\s+with)?\s+(?:only\s+)?[^.:\n]{{0,60}}"
    rf"|(?:do not|don't|without|keeping|focusing|preserving|maintaining|highlighting|including)"
    rf"\s+[^.:\n]{{1,80}}"
    rf"))"
)
_ASK = (
    r"(?:(?:please|kindly|can you|could you|would you|i want you to|your (?:task|job) is to)"
    r"[,\s]+)*"
)
_SUMMARIZE = r"(?:summari[sz]e|sum up|condense|shorten|abridge|translate)"
_WRITE = (
    r"(?:(?:write|give|create|provide|generate|make|produce|prepare|extract|list)(?:\s+me)?"
    r"|i(?:\s+need|\s+want|\s+would like|['’]d like))"
    rf"(?:\s+(?:an?|the|{_AMOUNT}))?(?:\s+(?:short|brief|concise|clear|detailed|one-paragraph|news"
    rf"|neutral|quick|simple|{_NUMBER}-sentence|{_NUMBER}|bullet-point|english|chinese))*\s+{_KIND}"
)
_BEFORE = (
    rf"(?:\s*(?:you are (?:an?|the)\s[^.:\n]{{1,100}}|act as\s[^.:\n]{{1,80}}"
    rf"|(?:here|below) (?:is|are) (?:an?|the|my|some)\s[^.:\n]{{0,40}}{_TEXT}"
    r"[^.:\n]{0,20})[.:]\s+)*"
)
"""What a model is told before the order: who it is, and that an article follows."""
_STOP = r"\s*(?:[.:!?。：]+|\n)\s*"
_ENGLISH: Final = regex.compile(
    rf"{_BEFORE}\s*{_ASK}(?:"
    rf"(?:{_SUMMARIZE}\s+{_OBJECT}|{_WRITE}\s+(?:of|for|about|from)\s+{_OBJECT}){_MODIFIER}*{_STOP}"
    # without a word for the text it must be an order all the same: by its colon, or what follows
    rf"|(?:{_SUMMARIZE}|{_WRITE}|tl;?\s?dr)(?:{_MODIFIER}+{_STOP}|\s*[:：]\s+|\s*\n\s*))",
    regex.IGNORECASE,
)
_GOES_WITH: Final = regex.compile(
    r"(?:(?:please\s+)?(?:use|write|answer|respond|reply|keep|output|return|do not|don't|only|be"
    r"|make|include|focus|limit|avoid|give|provide|format|present|translate)\b|(?:the|your)\s+"
    r"(?:summary|answer|response|output|translation)\s+(?:must|should|has to)\b)"
    r"(?=[^.:!?\n]{0,60}\b(?:summary|sentences?|words?|bullets?|points?|english|chinese|language"
    r"|concise|brief|neutral|explanations?|comments?|notes?|only|translation|markdown|text|format"
    r"|opinions?|introduction|facts?|preamble|title)\b)[^.:!?\n]{0,160}[.:!]\s*",
    regex.IGNORECASE,
)
_HAN_TEXT = (
    r"(?:文章|文字|文本|内容|新闻|报道|正文|段落|消息|网页|全文|稿件|资料|这篇|此文|本文|一下)"
)
_HAN_DO = r"(?:总结|概括|摘要|归纳|概述|提炼|缩写|翻译|译成|译为|總結|摘錄|翻譯|歸納)"
_CHINESE: Final = regex.compile(
    r"\s*(?:你是一[名位个][^。：:，\n]{1,24}[。，]\s*)?(?:请你?|請|帮我|麻烦(?:你)?|你的任务是)?"
    rf"(?:(?:请|帮我)?用[^，。：:\n]{{1,16}}?|(?:请|帮我)?[将把对])?"
    rf"(?:以下|下面|下列|上面|上述|这篇|这段|该|此)?(?:的)?(?:英文|中文|英语|新闻)?{_HAN_TEXT}?"
    rf"(?:进行|做|写)?(?:一个|一份)?(?:简短|简要|简洁|详细)?(?:的)?"
    rf"{_HAN_DO}"
    rf"[^，。：:\n]{{0,24}}(?:[，,][^。：:\n]{{1,40}}){{0,3}}(?:[：:]\s*|。\s*|\n\s*)"
)
_CHINESE_SURE: Final = regex.compile(
    rf"以下|下面|下列|上面|上述|这篇|这段|{_HAN_TEXT}|[一二两三四五六七八九十\d]\s*(?:句|个?要点|条|字)"
    r"|用\S{1,8}[语文]|[成为]\S{0,3}[语文]|^\s*\S{2,4}[：:]"
)
_CHINESE_GOES_WITH: Final = regex.compile(
    r"(?:请|要求[：:]?|不要|不得|只|仅|务必|必须|输出|使用|用|保持|字数|语言|控制在|摘要(?:应|要))"
    r"[^。！\n]{0,60}[。！]\s*"
)
_LABEL: Final = regex.compile(
    r"\s*(?:(?:here is |this is )?(?:the )?(?:article|text|content|input|news|story|document"
    r"|passage|body)|原文|文章|正文|内容|新闻|文本|全文)(?:\s*(?:is|如下|是))?\s*[:：]\s*",
    regex.IGNORECASE,
)
_ABOUT: Final = regex.compile(
    # lines that say what the text is, before its label
    r"(?:\s*(?:title|url|link|author|source|date|published|标题|链接|作者|来源|日期)\s*[:：][^\n]*\n)+"
    r"\s*(?:content|text|article|body|内容|正文|原文)\s*[:：]\s*",
    regex.IGNORECASE,
)
_TITLE: Final = regex.compile(r"\s*(?:title|标题)\s*[:：][ \t]*([^\n]+)", regex.IGNORECASE)
_TAIL_LABEL: Final = regex.compile(
    r"\n\s*(?:(?:concise |short |brief |final )?(?:summary|translation)|摘要|总结|译文|翻译)"
    r"\s*[:：]\s*$",
    regex.IGNORECASE,
)
_FENCES: Final = tuple(
    regex.compile(pattern, regex.DOTALL)
    for pattern in (
        r'^"""\s*(.*?)\s*"""$',
        r"^'''\s*(.*?)\s*'''$",
        r"^```\w*\s*(.*?)\s*```$",
        r"^-{3,}\s*\n(.*?)\n\s*-{3,}$",
        r"^<(article|text|content|input|document|news|TEXT_CONTENT)>\s*(.*?)\s*</\1>$",
        r'^"(?=[^"]*"$)(.*)"$',
    )
)


class Separated(NamedTuple):
    """A text, and the orders that stood around it."""

    text: str
    orders: str


def separate(message: str) -> Separated:
    """Separate the orders before and after a text from it; ``orders`` is empty if there are none,
    and then the text is the whole message.
    """
    head = _head(message)
    text, tail = _tail(message[head:])
    if not head and not tail:
        return Separated(message, "")
    text = _bare(text, labelled=bool(head))
    if not text:
        return Separated(message, "")
    return Separated(text, f"{message[:head].strip()}\n{tail.strip()}".strip())


def _head(message: str) -> int:
    """Where the text begins after the orders before it."""
    start = message[:_LONGEST]
    if found := _ENGLISH.match(start):
        more = _GOES_WITH
    elif (found := _CHINESE.match(start)) and _CHINESE_SURE.search(found[0]):
        more = _CHINESE_GOES_WITH
    else:
        return 0
    end = found.end()
    while (further := more.match(message, end)) and further.end() > end:
        end = further.end()
    return end


def _tail(text: str) -> tuple[str, str]:
    """The text without an order below it, and that order."""
    end = max(0, len(text) - _LABEL_CHARACTERS)
    if label := _TAIL_LABEL.search(text[end:]):
        text = text[: end + label.start()]
    body, _, last = text.rstrip().rpartition("\n")
    order = last.strip() + "\n"
    if not body.strip() or len(order) > _LONGEST:
        return text, ""
    if _ENGLISH.fullmatch(order):
        return body, order
    chinese = _CHINESE.fullmatch(order)
    return (body, order) if chinese and _CHINESE_SURE.search(order) else (text, "")


def _bare(text: str, *, labelled: bool) -> str:
    """The text without the labels and the quotation marks that programs put around it."""
    text = text.strip()
    if labelled and (about := _ABOUT.match(text)):
        title = _TITLE.match(text)
        text = (f"{title[1].strip()}\n\n" if title else "") + text[about.end() :]
    elif labelled and (label := _LABEL.match(text)):
        text = text[label.end() :]
    for fence in _FENCES:
        if found := fence.match(text):
            return str(found[found.lastindex or 1]).strip()
    return text
