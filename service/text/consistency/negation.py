# ruff: noqa: E501 - patterns stay whole
"""Finds negations that a translation dropped or added, and words that it reversed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.text.consistency.lexicon import OPPOSITES, Side
from service.text.consistency.model import Inconsistency
from service.text.numbers import Language

_NEGATED_EN = re.compile(
    r"\b(?:not|never|no one|nobody|nothing|neither|nowhere|cannot)\b|n['’]t\b", re.IGNORECASE
)
_NOT_REALLY = re.compile(
    r"\bnot (?:bad|only|just|merely|least|to mention|surprising\w*|long|far|yet|sure|necessarily|until|so much|always|all|every\w*|quite|too|many|much|really|entirely|that)\b|\bif not\b|\b(?:not|never|nothing|nobody)\b[^.;]{0,60}\b(?:until|till|unless|without)\b|n['’]t\b[^.;]{0,60}\b(?:until|till|unless|without)\b|\bwhether or not\b|\bor not\b|\bwhy not\b|n['’]t (?:just|only|until|it|they|he|she|we|you|i|the|that|this|there|always|be long|help|wait|care|mind|have to|need|want|know|think|believe|say|like|get|feel)\b|\bcan(?:no|')t (?:help|wait)\b|\bnever (?:mind|before|ever|again|been (?:so|more|better))\b|\bnothing (?:but|more|less|short|other)\b|\bneither\b|\bwon['’]t\b.*\?|\bnot .* but\b|\?",
    re.IGNORECASE,
)
_NEGATIVE_HAN = re.compile(
    r"不|没|未|无|非|莫|勿|别|拒|否|免|禁|难|缺|失|避|欠|绝|罕|尚|仍|才|只|仅|零|反|违|坏|弱|恐|忘|漏|误|漠|乏|废|取消|随时|瞒|停止|停业|停办|至少|不少|除非|除了|远离|离开|放弃|阻|消|哪|怎|岂|毫|再也|根本|从来|而是"
)
_NEGATED_HAN = re.compile(
    r"(?<![并毫绝决从])(?:并不|并未|并没|没有|不会|不能|不是(?![^。]*就是)|不再|未能|未曾|从未|从不|不允许|不同意|不支持|不接受|不承认|不相信|不需要|不应|不得(?!不)|尚未|未有|不可|还没(?!有)|没办法|[看听找买吃用想]不[到了出]|过不了|未(?:明确|公布|披露|透露|证实|确认|提供|说明|回应|通过|批准|完成|出席|参加|收到)|没有任何|未造成|未发现|未对|未予|未获|未达成|未受)"
)
_NEGATIVE_EN = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|nor|nowhere|cannot|without|fail\w*|lack\w*|refus\w*|reject\w*|den(?:y|ied|ies|ying)|declin\w*|avoid\w*|prevent\w*|stop\w*|unable|un(?!der|til|it|ion|iq|iv|less\b|to\b)\w+|in(?:ab|ac|ed|adeq|adv|ap|cap|comp|consi|corr|dif|def|dir|eff|elig|ev|ex|hum|jus|sig|suf|tol|val|vis|vol)\w{2,}|im(?:poss|prob|mat|pati|mob|mor|prac|perf|pun|plaus)\w+|irr\w+|ill\w{3,}|dis(?!cuss|tric|play|trib|ease|cov|tanc|c\b|patch|tinct|ast)\w+|non\w*|mis(?!s[iu])\w+|few\w*|little|hardly|barely|rarely|seldom|scarcely|less|free|rather|instead|except|yet|until|ban\w*|prohibit\w*|forbid\w*|bar\w*|zero|absen\w+|away|against|miss\w*|los[tes]\w*|short|rule\w* out|cease\w*|quit\w*|hard|difficult\w*|yet|doubt\w*|exclu\w+|void|withh\w+|ignor\w+|neglect\w*|forg\w+|abandon\w*|drop\w*|cancel\w*|oppos\w*|minus|out|off|anti\w*|but|beyond|different\w*|otherwise|challeng\w*|regardless|illegal\w*|unless|exactly|worse|enough|no-\w+|restrain\w*|resist\w*)\b|n['’]t\b",
    re.IGNORECASE,
)

_ANY_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|hardly|un\w+ed)\b|n['’]t\b|(?<!差)不|没|未(?!来)|无(?!线|人机|锡)|非(?!洲|常)",
    re.IGNORECASE,
)
_ASKED = re.compile(r"([是能会要可该想敢肯对行好])不\1|有没有|是否|能否|可否")
"""Questions, which are not negations: 是不是, 有没有."""

_DOUBLE: tuple[tuple[str, re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...] = (
    (
        "the source says that everybody does",
        re.compile(
            r"没有?一?个?(?:人|谁)不|没有?谁不|无人不|谁人?不(?=知|晓)|人人都|无不(?!良|妥|适)|莫不(?=是|为|都|感|如|在|以|叹|称)"
        ),
        re.compile(
            r"\b(?:every\w*|all|each|whole|no ?one (?:\w+ )?(?:does|did|was|is|do|has|had|would|could|can|will)(?:n['’]t| not)|nobody (?:\w+ )?(?:does|did|was|is|has|had|would|could|can)(?:n['’]t| not)|not (?:a single|one) .*(?:not|n['’]t|without)|widely|universally|without exception|invariably)\b",
            re.IGNORECASE,
        ),
        re.compile(r"\b(?:no ?one|no-one|nobody|none|few)\b", re.IGNORECASE),
    ),
    (
        "the source says that it must be",
        re.compile(r"不得不|不能不|不可不|不会不|非[^，。]{1,8}不可|不由得|必不可少"),
        re.compile(
            r"\b(?:had to|have to|has to|having to|must|forced?|compelled|obliged|no choice|need\w*|cannot (?:but|help)|can['’]t (?:but|help)|could(?:n['’]t| not) (?:but|help)|required?|essential|indispensable|will|would|be made|sure to|should|inevitabl\w+|reluctantly)\b",
            re.IGNORECASE,
        ),
        re.compile(r"\b(?:not|never|cannot|unable)\b|n['’]t\b", re.IGNORECASE),
    ),
    (
        "the source says that there is some",
        re.compile(
            r"并非(?:没有|不|毫无|无)|不是没有|不无(?=道理|关系|遗憾|可能|裨益|担忧|影响)|未尝不|并不是(?:没有|不)|不乏"
        ),
        re.compile(
            r"\b(?:not (?:without|un\w+|im\w+|in\w+|that|for lack|the case|free|entirely|completely|devoid)|n['’]t (?:without|un\w+|im\w+|that|for lack|the case)|some|certain|there (?:is|are|was|were|have|has)|do(?:es)?|did|plenty|many|no (?:lack|shortage)|may|might|could|can|also|abound\w*|several|quite|reason\w*)\b",
            re.IGNORECASE,
        ),
        re.compile(r"\b(?:no|not|never|without|lacks?|lacking|little)\b|n['’]t\b", re.IGNORECASE),
    ),
)
"""What two negations come to in Chinese: a message, the source, what says it in English, and what
denies it there instead."""
_DOUBLE_EN = re.compile(
    r"\b(?:no ?one|nobody) (?:\w+ )?(?:does|did|was|is|has|had|would|could|can)(?:n['’]t| not)|\bnot (?:without|un(?:common|usual|likely|aware|willing|happy|reasonable)|im(?:possible|probable))\b|\bnever (?:fail\w*|without)\b|\bno(?:t|thing) (?:\w+ ){0,2}without\b|\bcannot but\b|\bcan['’]t help but\b",
    re.IGNORECASE,
)
_ONE_NEGATION_HAN = re.compile(r"[不没未无非]")
_SPOKEN_FOR = re.compile(
    r"人人|所有|每个?人|无不|不得不|不禁|难免|不少|常见|有可能|有些|总是|并非|而是"
)

_REFUSED_EN = re.compile(
    r"\b(?:refus(?:e|es|ed|ing|al)|declin(?:e|ed|es|ing) (?:to|comment|requests?|an? (?:interview|offer|invitation)))\b",
    re.IGNORECASE,
)
_DENIED_EN = re.compile(
    r"\b(?:den(?:y|ied|ies|ying|ials?)|disput\w+|refut\w+|disavow\w*|rebut\w*|reject\w*|disclaim\w*)\b",
    re.IGNORECASE,
)
_DENIED_CLAIM_EN = re.compile(
    r"\b(?:den(?:y|ied|ies|ying)) (?:that\b|having\b|\w+ing\b|(?:the|any|all|these|those|such)? ?(?:allegations?|claims?|reports?|accusations?|charges?|wrongdoing|involvement|responsibility|rumou?rs?|knowledge|link|links)\b)",
    re.IGNORECASE,
)


def _blank(match: re.Match[str]) -> str:
    return "　" * len(match[0])


def check_negation(source: str, translation: str, target: Language) -> Iterator[Inconsistency]:
    """Report dropped and added negations, double negations that became single ones, and *deny* for
    *refuse*.
    """
    yield from _single(_ASKED.sub(_blank, source), _ASKED.sub(_blank, translation), target)
    yield from _double(source, translation, target)
    yield from _refused(source, translation, target)


def check_directions(source: str, translation: str, target: Language) -> Iterator[Inconsistency]:
    """Report the opposite of a word of the source: *rose* for *fell*, *opened* for *closed*.
    Skipped if either sentence has a negation, because the opposite may then be correct.
    """
    if _ANY_NEGATION.search(source) or _ANY_NEGATION.search(translation):
        return
    for row in OPPOSITES:
        sides = (row.one, row.also_one, row.other, row.also_other)
        for meant, also_meant, turned, also_turned in (sides, (*sides[2:], *sides[:2])):
            found = _of(meant, source, target, own=False)
            opposite = _of(turned, translation, target, own=True)
            if not found or not opposite:
                continue
            if _of(also_turned, source, target, own=False) or _of(
                also_meant, translation, target, own=True
            ):
                continue
            message = f"{opposite[0]!r} says the opposite of {found[0]!r} ({row.name})"
            yield Inconsistency("direction", message, opposite.span(), found.span())


def _of(side: Side, text: str, target: Language, *, own: bool) -> re.Match[str] | None:
    """Search a side in ``text``, which is the translation if ``own``, else the source."""
    english = (target == "en") is own
    return (side.english if english else side.chinese).search(text)


def _single(source: str, translation: str, target: Language) -> Iterator[Inconsistency]:
    if target == "zh":
        denied, negative = _NEGATED_EN.search(source), _NEGATIVE_HAN.search(translation)
        if denied and not negative and not _NOT_REALLY.search(source):
            yield Inconsistency(
                "negation", f"the source denies it: {denied[0]!r}", None, denied.span()
            )
        added = _NEGATED_HAN.search(translation)
        if added and not _NEGATIVE_EN.search(source):
            yield Inconsistency("negation", f"the source does not say {added[0]!r}", added.span())
        return
    denied = _NEGATED_HAN.search(source)
    if any(said.search(source) for _, said, _, _ in _DOUBLE):
        denied = None
    if denied and not _NEGATIVE_EN.search(translation) and not _SPOKEN_FOR.search(source):
        yield Inconsistency("negation", f"the source denies it: {denied[0]!r}", None, denied.span())
    added = _NEGATED_EN.search(translation)
    if added and not _NEGATIVE_HAN.search(source) and not _NOT_REALLY.search(translation):
        yield Inconsistency("negation", f"the source does not say {added[0]!r}", added.span())


def _double(source: str, translation: str, target: Language) -> Iterator[Inconsistency]:
    if target == "zh":
        double = _DOUBLE_EN.search(source)
        single = _ONE_NEGATION_HAN.findall(translation)
        if double and len(single) == 1 and not _SPOKEN_FOR.search(translation):
            yield Inconsistency("negation", f"{double[0]!r} denies twice", None, double.span())
        return
    for message, said, right, wrong in _DOUBLE:
        found, denied = said.search(source), wrong.search(translation)
        if found and denied and not right.search(translation):
            yield Inconsistency("negation", message, denied.span(), found.span())


def _refused(source: str, translation: str, target: Language) -> Iterator[Inconsistency]:
    """Report 拒绝 (refuse) for *deny*, and 否认 (deny) for *refuse*."""
    if target == "zh":
        refused = _REFUSED_EN.search(source)
        at = translation.find("否认")
        if refused and at >= 0 and not _DENIED_EN.search(source):
            yield Inconsistency("negation", "refused, not denied", (at, at + 2), refused.span())
        claim = _DENIED_CLAIM_EN.search(source)
        at = translation.find("拒绝")
        if claim and at >= 0 and "否认" not in translation and not _REFUSED_EN.search(source) and not re.search("拒绝承认|拒绝接受|驳斥|反驳", translation):  # fmt: skip
            yield Inconsistency("negation", "denied, not refused", (at, at + 2), claim.span())
        return
    at = source.find("拒绝")
    claim = _DENIED_CLAIM_EN.search(translation)
    if at >= 0 and claim and "否认" not in source and "拒绝承认" not in source:
        yield Inconsistency("negation", "refused, not denied", claim.span(), (at, at + 2))
    at = source.find("否认")
    refused = _REFUSED_EN.search(translation)
    if at >= 0 and refused and "拒" not in source and not _DENIED_EN.search(translation):
        yield Inconsistency("negation", "denied, not refused", refused.span(), (at, at + 2))
