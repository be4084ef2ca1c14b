"""Sentences that tell a reader or a machine what to do, rather than what happened.

Nothing that stands in an article steers the service: such a sentence is never selected, nor is one
that it introduces. The patterns are wide on purpose, for a sentence that is left out does no harm.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence

_MACHINE = (
    r"(?:(?:large )?language[- ]models?|LLMs?|chat ?bots?|ChatGPT|GPT-?\d*|Claude|Gemini|"
    r"A\.?I\.?(?: (?:systems?|assistants?|models?|readers?|agents?|tools?|bots?|summari[sz]ers?))?|"
    r"(?:summari[sz]ation|summary|translation) (?:systems?|tools?|services?|models?|bots?|"
    r"software)|"
    r"(?:automated|automatic|machine) (?:readers?|systems?|summari[sz]ers?|translators?)|"
    r"summari[sz]ers?|assistants?|bots?)"
)
_WRITING = (
    r"(?:summari[sz]e|summari[sz]ing|translat(?:e|ing)|rewrit(?:e|ing)|writ(?:e|ing)|"
    r"brief(?:ing)?|report(?:ing)? on|process(?:ing)?|read(?:ing)?)"
)
_TEXT = (
    r"(?:summar(?:y|ies)|briefs?|translations?|outputs?|responses?|answers?|repl(?:y|ies)|"
    r"digests?|abstracts?)"
)
_ORDER = (
    r"(?:say|state|write|add|include|mention|claim|report|output|print|insert|append|note|begin|"
    r"start|"
    r"end|finish|repeat|respond|answer|reply|tell|use|put|replace|call|describe|make|omit|"
    r"leave out)"
)
_YOUR_TEXT = (
    r"your (?:summary|brief|translation|output|response|answer|reply|digest|abstract|TL;?DR|"
    r"headline)"
)
_MAKING = r"(?:generat|creat|writ|mak|prepar|produc|compos|draft)(?:e|ing|)"
_ENGLISH_ADDRESSED = re.compile(
    "|".join(
        [
            rf"\b{_YOUR_TEXT}\b",
            rf"\b(?:for|to) (?:the |any |all |every )?{_MACHINE}[^.!?]{{0,10}}:",
            r"\b(?:the|any|every|this) TL;?DR\b",
            (
                r"^\W*(?:please |kindly |also |then )*(?:include|add|insert|put|mention|write|say|"
                rf"state|print)\b[^.!?]{{0,30}}\b(?:in|to|into|of) (?:the|any|every|each) {_TEXT}\b"
            ),
            (
                r"\b(?:make sure|be sure|ensure|remember|take care)\b[^.!?]{0,24}\b(?:the user|"
                r"summar(?:y|ies)|translation|output|brief)\b"
            ),
            (
                r"\b(?:whoever|anyone who|any \w+ that|those who)\b[^.!?]{0,16}\b(?:summari[sz]es?|"
                r"process(?:es)? this|translates?)\b"
            ),
            rf"\bfrom now on\b[^.!?]{{0,20}}\b(?:{_ORDER}|you)\b",
            r"\bstop (?:here|reading|summari[sz]ing|translating)\b",
            (
                r"^\W*(?:summari[sz]e|translate|rewrite|paraphrase) (?:this|the|it|everything|all|"
                r"only)\b"
            ),
            r"^\W*replace the (?:summary|text|article|headline|title)\b",
            r"^\W*(?:output|response|answer)\s*:",
            (
                rf"\b(?:when|while|before|after|if|in) (?:you (?:are )?)?{_MAKING} (?:an?|the|your|"
                rf"any) (?:{_TEXT}|headline)\b"
            ),
            (
                rf"\b(?:if|when) (?:you are |you're )?asked (?:for|to) (?:an? |the )?(?:{_TEXT}|"
                r"summari[sz]e|translate)\b"
            ),
            (
                r"(?:^\W*|\b(?:please|remember to|must|should) )tell (?:the |your |every )"
                r"(?:users?|readers?)\b"
            ),
            r"\byour (?:new |only |real |sole )*(?:task|job|role|goal|purpose) (?:is|are)\b",
            r"\bnew task\s*:",
            r"\bsystem override\b",
        ]
    ),
    re.IGNORECASE,
)
"""Orders told by whom they address and by the text that is to be written."""
_ENGLISH = re.compile(
    "|".join(
        [
            (
                rf"\b(?:dear|hi|hey|hello|greetings|attention|important|notes?|notice|message|instructions?|"
                rf"warning|memo)\b[^.!?]{{0,24}}\b(?:to|for)?\s*(?:all |any |"
                rf"the )?{_MACHINE}\b[^.!?]{{0,4}}[,:!—–-]"
            ),
            rf"\b(?:if|when|since|as) you(?:'re|’re| are)? (?:an? |the )?{_MACHINE}\b",
            (
                rf"\b{_MACHINE}\b[^.!?]{{0,30}}\b(?:must|should|shall|please|are (?:asked|told|"
                rf"instructed|required) to|is (?:asked|told|instructed|"
                rf"required) to)\b[^.!?]{{0,20}}\b{_ORDER}\b"
            ),
            (
                r"\b(?:ignore|disregard|forget|override|skip)\b[^.!?]{0,24}\b(?:previous|prior|"
                r"above|preceding|earlier|foregoing|instructions?|prompts?|this (?:article|text|"
                r"page|story)|the (?:article|text|page|story|rest)|everything|all (?:of )?(?:that|"
                r"this))\b"
            ),
            (
                rf"\b(?:when|while|whenever|before|after|if|in|"
                rf"as) (?:you (?:are )?)?{_WRITING}\b[^.!?]{{0,30}}\b(?:this|the|"
                rf"it)\b[^.!?]{{0,30}},? (?:please |always |you (?:must|should) )?{_ORDER}\b"
            ),
            (
                rf"\b(?:in|of|to|at the (?:start|beginning|end|top) of) (?:your|the|any|every|each|"
                rf"all) {_TEXT}\b[^.!?]{{0,20}}(?:,|:)? ?(?:please |always |you (?:must|should) |"
                rf"do not )?{_ORDER}\b"
            ),
            (
                rf"\b(?:your|any|every|each|all|the) {_TEXT}(?: of (?:this|the) [a-z]+)? (?:must|"
                rf"should|shall|has to|have to|needs? to)\b"
            ),
            (
                rf"\byou (?:must|should|shall|will|are to) (?:now |only |always |never |"
                rf"not )*{_ORDER}\b[^.!?]{{0,60}}\b(?:{_TEXT}|only|instead|that)\b"
            ),
            (
                rf"\bto (?:any|all|every|the) {_MACHINE}[^.!?]{{0,24}}:|"
                rf"^\W*(?:please |instead,? |now,? |only |simply |just |do not |don't |never |"
                rf"always )+{_ORDER}(?: (?:only|that|the|this|instead))?\b"
            ),
            (
                rf"^\W*{_ORDER} (?:only|instead|nothing but|that the|the following|with the|"
                rf"it in|this in)\b"
            ),
            r"\bdo not (?:summari[sz]e|translate|brief|mention this|repeat this)\b",
            r"\b(?:system|developer|hidden) (?:prompt|message|instructions?|note)s?\b",
            (
                r"\b(?:begin|end|start) (?:of )?(?:the )?(?:note|instructions?|prompts?|message|"
                r"system)\b"
            ),
            (
                r"\bnew instructions?\b|\bfollow (?:these|the following|my) (?:instructions?|steps|"
                r"orders)\b"
            ),
            (
                r"\byou are (?:now )?(?:an?|the|in) (?:helpful|language|AI\b|assistant|chat|"
                r"unrestricted|developer mode)"
            ),
            r"\brepeat (?:it|this|that) in every language\b",
        ]
    ),
    re.IGNORECASE,
)
_ZH_MACHINE = r"(?:模型|(?<![A-Za-z])(?:AI|ＡＩ)(?![A-Za-z])|助手|机器人|系统)"
_ZH_LETTER = (
    rf"(?:^|[。！？，；\s“])(?:致|告|给)[^。！？，]{{0,6}}{_ZH_MACHINE}"
    r"(?:的[^。！？，]{0,4})?[：:，,]"
)
_CHINESE = re.compile(
    "|".join(
        [
            (
                r"(?:大?语言模型|大模型|人工智能(?:助手|系统|模型)|(?<![A-Za-z])(?:AI|ＡＩ)(?!\s?[A-Za-z])\s*(?:助手|助理|系统|"
                r"模型|读者|机器人)?|聊天机器人|智能(?:助手|助理)|ChatGPT|(?:摘要|翻译|总结|"
                r"简报)(?:系统|程序|工具|机器人|模型|服务))[^。！？]{0,16}(?:请|注意|须|必须|务必|"
                r"应当|你|您|不要|[:：])"
            ),
            rf"亲爱的[^。！？，]{{0,6}}{_ZH_MACHINE}|{_ZH_LETTER}",
            (
                r"(?<![申邀聘敬宴提恳约])请[^。！？]{0,24}(?:写明|写上|写道|注明|加上|加入|补充|输出|忽略|改写|替换|"
                r"在(?:摘要|总结|简报|译文|回答)(?:中|里))"
            ),
            (
                r"(?:写|生成|撰写|翻译|总结|概括|改写|处理|阅读)(?:本文|此文|这篇|该文|摘要|总结|"
                r"简报|译文|以上)[^。！？]{0,10}(?:时|的时候|之前|之后|后|前)?[^。！？]{0,6}(?:请|"
                r"要|须|务必|必须)"
            ),
            (
                r"(?:忽略|无视|忘记|忘掉|跳过|不理会|不要理会)(?:以上|上述|上面|之前|此前|前面|全部|"
                r"所有|一切|本文|这篇|文章|其他)"
            ),
            r"(?:只|仅|直接)(?:需|能|要|许|准|可)?(?:输出|回答|回复|写)(?:[：:“\"「]|一句)",
            r"(?:请|只需|只能|只要|只许|只准|只可)说(?:[：:“\"「]|一句)",
            (
                r"(?:不要|不得|无需|不必|请勿|别)(?:再)?(?:总结|概括|摘要|翻译|提及)(?:本文|此文|"
                r"这篇|以上|原文|文章)?"
            ),
            (
                r"(?:在|于)(?:你的|您的|你|您)?(?:摘要|总结|简报|译文|回答|回复|输出)(?:的?(?:开头|"
                r"结尾|末尾|最后))?(?:中|里)?[^。！？]{0,8}(?:写|加|注|说|提|声称|指出|输出|重复|"
                r"插入)"
            ),
            (
                r"(?:摘要|总结|简报|译文|回答|输出)(?:的?(?:开头|结尾|末尾|最后))?(?:中|里)?(?:必须|务必|须|"
                r"应当|应该|要)(?:写|"
                r"包含|包括|加|说|注明|以|声称|提到|指出)"
            ),
            r"(?:你|您)(?:现在|从现在起|接下来|将)(?:只|是|要|必须|扮演|只能)|从现在起，?(?:你|您)",
            (
                r"(?:系统|隐藏|开发者)(?:提示词?|指令|消息)|新的?指令|(?:按照|遵照|执行)(?:以下|"
                r"下列|下面|上述)(?:指令|指示|要求)(?:写|回答|输出|生成)?"
            ),
            r"(?:指令|提示|说明)(?:开始|结束|完毕)",
        ]
    )
)
_CHINESE_ADDRESSED = re.compile(
    "|".join(
        [
            r"[（(]?(?:给|致)(?:人工智能|机器人|AI|模型)[^。！？]{0,4}[）)]?\s*[：:]|机器人请",
            r"(?:摘要|总结|简报|译文|标题|回答)(?:请|应为|应写|须为|改为|写成|只写)",
            (
                r"(?:把|将)(?:以下|下列|下面|上文|以上|本文)[^。！？]{0,12}(?:作为|替换|当作|翻译成|"
                r"译成|改写)"
            ),
            r"请(?:用|以)[\u4e00-\u9fff]{1,4}(?:语|文)(?:回答|回复|输出|写|总结)",
            r"从现在(?:起|开始)，?(?:你|您)|(?:你|您)的(?:新|唯一|真正)?(?:任务|工作|职责)(?:是|：|:)",
            r"新任务[：:]|(?:^|[，。！]|请|务必|必须)告诉(?:用户|读者)",
            r"停止(?:总结|摘要|翻译|阅读)",
            r"(?:回答|回复|总结|翻译|概括|输出)时，?(?:请|务必|须|只|必须)",
            r"^(?:请)?(?:不要|别|不得)(?:提到|提及|说起|写)",
        ]
    )
)
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
            rf"any |the )?{_MACHINE}\b|{_ZH_LETTER}",
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
"""What opens a note to machines, and what ends it."""
_ANNOUNCES = re.compile(
    r"[:：]\W*$|\b(?:following|below|as follows)\b|以下|下面|下列|如下", re.IGNORECASE
)
"""An order whose object comes after it, be it in the next paragraph."""
_REGION_MOST = 8
"""Sentences that a note to a machine may have before its end is no longer believed."""
_ENCODED = re.compile(
    r"[A-Za-z0-9+/]{24,}={0,2}|(?:\\x[0-9a-f]{2}|%[0-9A-F]{2}|&#x?[0-9a-f]+;){6,}", re.IGNORECASE
)


def is_instruction(sentence: str) -> bool:
    """Whether the sentence speaks to whoever reads or processes the article."""
    return bool(
        _ROLE_TAG.search(sentence)
        or _ENGLISH.search(sentence)
        or _ENGLISH_ADDRESSED.search(sentence)
        or _CHINESE.search(sentence)
        or _CHINESE_ADDRESSED.search(sentence)
        or _hides_text(sentence)
    )


def instructions(sentences: Sequence[str], blocks: Sequence[int]) -> set[int]:
    """Indices of the sentences that are instructions, or that an instruction introduces.

    ``blocks`` tells the paragraph of each. What follows an instruction in its paragraph is taken
    for what it orders to be said: all of it, or only the next sentence where the paragraph is most
    of the article. All that stands between the beginning and the end of a note to machines belongs
    to it.
    """
    found: set[int] = set()
    for at, sentence in enumerate(sentences):
        ends = any(end.search(sentence) for _, end in _REGIONS)
        if not ends and not is_instruction(sentence):
            continue
        region = _region(sentences, at)
        found |= {at, *region}
        if not ends:
            last = region[-1] if region else at
            found |= set(_ordered(sentences, blocks, last))
    return found


def _region(sentences: Sequence[str], begin: int) -> range:
    """What a note that opens at ``begin`` holds, its end included; nothing if it has none."""
    for opening, ending in _REGIONS:
        opened = opening.search(sentences[begin])
        if not opened or ending.search(sentences[begin], opened.end()):
            continue
        for at in range(begin + 1, min(len(sentences), begin + 1 + _REGION_MOST)):
            if ending.search(sentences[at]):
                return range(begin + 1, at + 1)
    return range(0)


def _ordered(sentences: Sequence[str], blocks: Sequence[int], at: int) -> range:
    """What the instruction ``at`` orders to be said."""
    following = at + 1
    if any(end.search(sentences[at]) for _, end in _REGIONS) or following >= len(sentences):
        return range(0)
    end = following
    while end < len(sentences) and blocks[end] == blocks[at]:
        end += 1
    if end == following:
        return range(following, following + int(bool(_ANNOUNCES.search(sentences[at]))))
    return range(following, end if (end - following) * 3 <= len(sentences) else following + 1)


def _hides_text(sentence: str) -> bool:
    """Whether part of it is encoded, which no newspaper prints."""
    for found in _ENCODED.finditer(sentence):
        if found[0][0] in "\\%&":
            return True
        if not re.search(r"[a-z]", found[0]) or not re.search(r"[A-Z0-9+/]", found[0]):
            continue  # a long word, or letters of a serial number
        try:
            decoded = base64.b64decode(found[0] + "=" * (-len(found[0]) % 4), validate=True)
        except (binascii.Error, ValueError):
            continue
        if decoded and sum(32 <= byte < 127 or byte >= 0x80 for byte in decoded) >= 0.9 * len(
            decoded
        ):
            return True
    return False
