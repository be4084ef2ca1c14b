"""How the wording of a sentence raises or lowers its value as the next one of a brief."""

from __future__ import annotations

import re

from service.briefs.selecting.flags import outside_quotations
from service.briefs.selecting.scores import TOTAL

_ASKS = re.compile(
    r"\b(?:asked|wondered)\b(?! (?:to|for|that)\b)[^.]*\b(?:if|whether|what|who|why|how)\b|"
    r"(?:问|询问)(?:他|她|其|道|是否|会不会)",
    re.IGNORECASE,
)
"""A rhetorical question, which the next sentence answers."""
_ASKING = 10.0
_PERSON = (
    r"(?:man|woman|men|women|teenagers?|boys?|girls?|drivers?|cyclists?|pupils?|students?|mothers?|"
    r"fathers?|couple|brothers|sisters|friends|players?|officers?|soldiers?|worker|victim|suspect|"
    r"\d{1,3}-year-old)"
)
_UNNAMED = re.compile(
    rf"\b(?:an?|two|three|another) (?:[\w-]+ ){{0,3}}{_PERSON}\b|^The \w+ who\b|"
    r"(?:一|两|三)[名位个对]",
    re.IGNORECASE,
)
_NAME_FIRST = re.compile(
    r"(?:[A-Z][\w'’-]+ ){1,3}[A-Z][\w'’-]+(?=,| (?:was|were|is|has|had|and|who)\b)|"
    r"[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,6}"
)
_ACCIDENT = re.compile(
    r"\b(?:earthquakes?|quakes?|(?<!open )(?<!opened )(?<!opening )fires?|blaze|explosion|blast|"
    r"crash(?:ed)?|collision|floods?|landslide|avalanche|derail\w+|collapsed|storm|hurricane|typhoon)\b|"
    r"地震|火灾|起火|爆炸|坠毁|坠机|相撞|车祸|洪水|山洪|滑坡|塌方|雪崩|脱轨|坍塌|台风|飓风",
    re.IGNORECASE,
)
_CASUALTIES = re.compile(
    r"\b(?:nobody|no one|people|were|was|(?:have|has) been)\b[^.]{0,40}\b(?:killed|"
    r"injured|hurt|wounded|unharmed)\b|\b(?:killing|injuring) \w+|\b(?:no|without|\d+) "
    r"(?:casualties|injuries|deaths)\b|\binjuries were\b|"
    r"伤亡|死亡|遇难|受伤|丧生|身亡|失踪|伤者|死者",
    re.IGNORECASE,
)
_SUSPECTED = re.compile(
    r"\b(?:police|court|prosecutors?|arrested|questioned|charged|accused|suspected)\b|"
    r"警方|法院|检方|被捕|涉嫌|被控|嫌疑",
    re.IGNORECASE,
)
_CLEARED = re.compile(
    r"\b(?:(?:was|were|been) (?:released|cleared|acquitted)|without charge|charges (?:were|have "
    r"been) dropped|(?:is|are) not suspected)\b|无罪|获释|撤销指控|不予起诉|排除嫌疑",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:considering|plans? to|proposes?|proposal|draft|weighing|is studying|may|could)\b|"
    r"考虑|拟|计划|研究是否|草案|提议|或将",
    re.IGNORECASE,
)
_UNDECIDED = re.compile(
    r"\b(?:(?:nothing|no(?:thing)? final|no decision) (?:has|have) been|not (?:yet )?been "
    r"decided|no decision|yet to decide|must still|still has to|needs? the approval)\b|"
    r"尚未决定|没有决定|尚无定论|尚无结论|还没有定|有待批准|仍需",
    re.IGNORECASE,
)
_NAMING = 0.5
_CONCRETE = re.compile(r"\d|(?<=[a-z,] )[A-Z][a-z]+|[\u4e00-\u9fff]·[\u4e00-\u9fff]")
_SAME_PERSON = re.compile(r"(?:He|She)\b")
_ELSEWHERE = re.compile(
    r"(?:Meanwhile|Elsewhere|Separately|At the same time|In other|Its|His|Her|Their)\b|"
    r"与此同时|同时|另[外据]|此外|在其他|其(?!中|实|他)|[他她它]们?的"
)
_TURNS = re.compile(r"(?:But|However|Yet|Nevertheless)\b|但|然而|不过|可是", re.IGNORECASE)
_CONTRASTS = 0.5
"""The value of a *But* right after a chosen sentence, which misleads without it."""
_DATED = re.compile(
    r"\b(?:today|tonight|tomorrow|yesterday|this (?:morning|afternoon|evening)|last night)\b|"
    r"(?:今[天日晚早晨夜]|明[天日晚早]|昨[天日晚夜]|当晚)",
    re.IGNORECASE,
)
_OUTDATED = 0.25
"""The penalty of a sentence whose time is right only on the day of the article."""
_ACCUSED = re.compile(
    r"\b(?:charged|accused|indicted|suspected|alleg\w+|sued|reported(?:ly)?)\b|"
    r"(?:涉嫌|被控|指控|起诉|被诉|报道称|据报道|报道说)",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|pleaded|not guilty|reject\w* the|protest\w* (?:his|her|their) "
    r"innocence)\b|(?:否认|不认罪|无罪|喊冤)",
    re.IGNORECASE,
)
_A_DAY_S_FIGURE = re.compile(
    r"\b(?:new (?:cases|infections|deaths)|in (?:a single|one|the (?:last|past)) day|"
    r"on \w+day (?:alone|only)|only \w+ (?:new )?cases)\b|(?:新增|当[天日]|单日|仅报告)",
    re.IGNORECASE,
)


def fairness_of(text: str, brief: str) -> float:
    """Return the value of a sentence after the text of the ``brief``. It is above 0 for the denial
    of an accusation, for the people hurt in an accident, for a plan that is undecided and for a
    suspect who is cleared; below 0 for the figure of one day after a total.
    """
    value = 0.0
    if _ACCUSED.search(brief) and _DENIED.search(text) and not _DENIED.search(brief):
        value += 0.5
    if TOTAL.search(brief) and _A_DAY_S_FIGURE.search(text) and not TOTAL.search(text):
        value -= 0.5
    if _ACCIDENT.search(brief) and _CASUALTIES.search(text) and not _CASUALTIES.search(brief):
        value += 0.5
    if _SUSPECTED.search(brief) and _CLEARED.search(text) and not _CLEARED.search(brief):
        value += 0.5
    if _PLANNED.search(brief) and _UNDECIDED.search(text) and not _UNDECIDED.search(brief):
        value += 0.3
    return value


def naming_of(text: str, brief: str) -> float:
    """Return the value of a sentence that opens with the name of a person whom the sentence before
    it mentions without a name.
    """
    name = _NAME_FIRST.match(text)
    unnamed = name and _UNNAMED.search(brief) and re.split("[ ·]", name[0])[-1] not in brief
    return _NAMING if unnamed else 0.0


def goes_on(text: str) -> bool:
    """Return whether a sentence continues the news of the first one without sharing a word with it:
    it has names or figures, and does not turn to another subject.
    """
    return bool(_CONCRETE.search(text)) and not _ELSEWHERE.match(text)


def tells_of_same(text: str) -> bool:
    """Return whether a sentence says what the person of the one before did."""
    return bool(_SAME_PERSON.match(text))


def contrast_of(text: str) -> float:
    """Return the value of a sentence that takes back a part of the chosen one before it."""
    return _CONTRASTS if _TURNS.match(text) else 0.0


_PLAY = re.compile(
    r"接到?[^，。]{0,8}传球|直塞|回传|横传|传中|晃过|带球|劲射|抽射|推射|头球|远射|突破|射门|任意球|角球"
)
_PLAYED_WHEN = re.compile(
    r"得分|破门|入网|进球|打进|洞穿|网窝|首开纪录|扳平|\d+\s?分钟|\d+\s?秒|补时|[\d一二三四五六七八九十]+\s?[比:：-]\s?[\d一二三四五六七八九十]+"
)
_PART_OF_A_MOVE = 0.6
"""The penalty of a move in a match that does not follow what led to it."""
_ROUTINE = re.compile(
    r"高度重视|第一时间|(?:赶赴|赶到)(?:现场|一线)|迅速(?:响应|启动)|全力(?:开展|做好|以赴)|得到[^，。]{2,12}(?:肯定|好评)|"
    r"(?:重要|重大|深远)(?:的)?(?:现实|历史)?意义|圆满(?:成功|结束)|社会各界|广泛(?:好评|赞誉)"
)
_ROUTINE_SAYS = 0.4
"""The penalty of a sentence that could be in every report of its kind."""


def move_of(text: str) -> float:
    """Return the penalty of a sentence of a match report about one move, if it does not say which
    goal it led to.
    """
    return -_PART_OF_A_MOVE * bool(_PLAY.search(text) and not _PLAYED_WHEN.search(text))


def wording_of(text: str) -> float:
    """Return the penalty of rhetorical questions, times that soon pass, and routine."""
    outside = outside_quotations(text)
    value = -_ASKING * bool(_ASKS.search(outside)) - _OUTDATED * bool(_DATED.search(outside))
    routine = _ROUTINE.search(outside) and not re.search(r"\d", outside)
    return value - _ROUTINE_SAYS * bool(routine)
