"""Detects references of a Chinese sentence to other sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.analysis import ChineseWord

_NAMES = frozenset({"LOC", "ORG", "PER"})
_ZH_ALSO = re.compile(
    r"^(?!再|即使|就算|哪怕|连|谁)[^，。：“”]{1,12}也(?=(?:一直)?(?:在|有|是|将|会|已|曾|都在))"
)
"""*He too is telephoning*: the sentence before says who else is."""
_ZH_PAIR = re.compile(r"两国|双方|两者")
_ZH_COUNTED = re.compile(
    r"(?:^|，)[这那](?:\d+|[两三四五六七八九十]+)余?(?:多)?[名位头只匹条架辆艘座家件份个支](?!月)"
)
"""*These 150 cattle*, which another sentence has introduced."""
_ZH_REPORT = re.compile(
    r"^(?:报道|文章)(?:还|又|最后)?(?:称|说|指出|认为|介绍|提到)[，：]?[^。]{0,60}这(?:样的|[种类])"
)
"""*The report says that such* a thing: neither is named."""
_ZH_LATER = re.compile(r"^[^，。,]{0,14}(?:随后|随即|其后)(?=[^，。,])")
"""What somebody did *then*."""
_SOURCE = re.compile(r"^据[^，。]{2,24}(?:报道|消息|介绍)")
_ZH_REFERS = re.compile(
    r"(?:(?<![应不本活理早就])该(?![做怎不有是来去由让如给罚当说拿用管付还得为何])|上述|[这那][一个种项次名位些起件份家座支张批类届])(?![春夏秋冬]|周末|月|学期|假期|长假|赛季)([\u4e00-\u9fff]{1,2})"
)


def chinese_refers_back(text: str, words: Sequence[ChineseWord]) -> bool:
    """Whether a Chinese sentence refers to *this* or *the said* thing without naming it."""
    if re.search(r"^[^，。]{0,4}其中|[是为]其中|^\d{4}\s*[:：]", text) or _continues(text):
        return True
    pair = _ZH_PAIR.search(text)
    if pair and sum(word.tag in _NAMES and word.start < pair.start() for word in words) < 2:
        return True
    for found in _ZH_REFERS.finditer(text):
        before = text[: found.start()]
        if re.search(r"[，；：]", before):
            break  # a later clause refers to an earlier one
        # 平浦市…，该市: the antecedent has one character
        if found[1] not in before and not (found[0][0] == "该" and found[1][0] in before):
            return True
    person = thing = False
    for word in words:
        if word.tag in {"PER", "ORG", "LOC", "n", "nz", "nw", "nt"}:
            thing = True
            person = person or word.tag == "PER" or word.text[-1] in _PERSONS
        human = word.text in {"他", "她", "他们", "她们"}
        if word.tag == "r" and human and not person:
            return True
        if word.tag == "r" and word.text in {"它", "它们"} and not thing:
            return True
    return False


_PERSONS = frozenset("人员者长师生民手孩子女男工友星家王妃帝僧警官兵总席统客妇婴童嫌犯属")
"""Endings of Chinese words for persons."""


def _continues(text: str) -> bool:
    """Return whether a Chinese sentence opens with *also*, *then*, *the report says that such*, or
    speaks of *these 150* before any other number.
    """
    if _ZH_ALSO.search(text) or _ZH_LATER.match(text) or _ZH_REPORT.match(text):
        return True
    counted = _ZH_COUNTED.search(text)
    before = _SOURCE.sub("", text[: counted.start()]) if counted else ""
    return counted is not None and not re.search(r"\d|[两三四五六七八九十]", before)


def chinese_lacks_subject(words: Sequence[ChineseWord]) -> bool:
    """Whether the first clause of a Chinese sentence lacks a subject: it opens with its only verb.
    If there is a second verb, the first is part of a noun phrase (往返本岛的交通船增为四班).
    """
    verbs = 0
    for at, word in enumerate(words):
        if word.tag == "w" and word.text in "，。；：":
            following = words[at + 1].tag if at + 1 < len(words) else "w"
            named = at > 0 and words[at - 1].tag in {"n", "nz", "nw", "w"}
            return verbs == 1 and not (named and following in {"t", "TIME", "d"})
        verbs += word.tag == "v"
        if not verbs and word.tag in _SUBJECTS:
            return False
    return verbs == 1


def has_verb(words: Sequence[ChineseWord]) -> bool:
    """Whether a Chinese sentence has a predicate: a verb or an adjective."""
    return any(word.tag in {"v", "vd", "a", "xc"} for word in words)


def has_predicate(words: Sequence[ChineseWord]) -> bool:
    """The same for a headline, in which an adjective before a noun (特大暴雨) is not a
    predicate.
    """
    for word, after in zip(words, [*words[1:], None], strict=True):
        if word.tag in {"v", "vd", "xc"}:
            return True
        if word.tag == "a" and (after is None or after.tag not in {"n", "nz", "vn", "a", "an"}):
            return True
    return False


_SUBJECTS = frozenset("n nz nw PER LOC ORG r m TIME t s f vn an".split())
