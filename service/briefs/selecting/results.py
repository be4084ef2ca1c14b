"""Finds the sentence of a match report that has the result."""

from __future__ import annotations

import re
from collections.abc import Sequence

RESULT_WITHIN = 8
"""How many first sentences of a match report are searched for the result."""
_SPORTING = 3
"""The fewest words of sport in a match report that begins with a scene."""
_SPORT = re.compile(
    r"\b(?:goals?|scored?|match|league|cup|trophy|shield|final|semi-?final|quarter-?final|"
    r"half-time|penalty|striker|midfielder|defender|goalkeeper|coach|innings|wickets?|touchdown|"
    r"unbeaten|championship|tournament|playoffs?|replay|round|team-?mates?|kick-off|home side|"
    r"title|substitute|referee|hat-trick|points|first half|second half|stoppage time)\b|"
    r"比赛|联赛|决赛|进球|主场|客场|球队|教练|赛季|积分榜|[男女][篮足排]|夺冠|晋级|点球|破门|队员|前锋|后卫",
    re.IGNORECASE,
)
_EN_DECIDES = re.compile(
    r"\b(?:win|wins|won|winning|victor(?:y|ies)|beat|beats|beating|beaten|defeat(?:s|ed|ing)?|"
    r"draw|drew|drawn|thrash(?:ed|ing)|edged|lost|losing|loss|overcame|triumph(?:ed)?|eliminated|"
    r"knocked out)\b"
)
_EN_PART = re.compile(
    r"\b(?:half-time|halftime|(?:at|by) the (?:interval|break)|in the \d+(?:st|nd|rd|th) minute|"
    r"with [\w-]+ (?:minutes?|seconds|overs|holes) (?:left|to go|remaining|to play)|"
    r"(?:first|second) half|(?:first|second|third|fourth) (?:set|quarter|period))\b",
    re.IGNORECASE,
)
_ZH_DECIDES = re.compile(
    r"战胜|险胜|大胜|完胜|小胜|[^\u3400-\u9fff]胜|击败|力克|负于|不敌|战平|打平|逼平|握手言和|取胜|获胜|淘汰|"
    r"惜败|横扫|逆转"
)
_ZH_PART = re.compile(r"半场|[首末第][一二三四五]?[节局盘]|第\d+分钟|半时")
_SCORE = re.compile(
    r"(?<![\d.,])\d{1,3}\s?[-–]\s?\d{1,3}(?![\dA-Za-z%-]|[.,]\d)|\d{1,3}\s?[比:：]\s?\d{1,3}|"
    r"[一二三四五六七八九十零]{1,3}比[一二三四五六七八九十零]{1,3}"
)
_EN_SIDES = re.compile(
    r"\b(?:beat|defeated|thrashed|edged|overcame|eliminated|knocked out|(?:win|victory|triumph) "
    r"over|(?:win|victory) against)\s+(?:the )?(?P<loser>[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)*)"
)
_ZH_SIDES = re.compile(
    r"(?:战胜|险胜|大胜|完胜|小胜|击败|力克|淘汰|横扫|逆转|胜)(?:了)?(?:卫冕冠军|榜首|对手|主队|客队)?"
    r"(?P<loser>[\u3400-\u9fff]{1,6}?队)"
)


def decides(sentence: str) -> bool:
    """Whether a sentence has the result of a match: the score, and who won or that it was a
    draw.
    """
    if not _SCORE.search(sentence):
        return False
    if _ZH_DECIDES.search(sentence):
        return not _ZH_PART.search(sentence)
    return bool(_EN_DECIDES.search(sentence)) and not _EN_PART.search(sentence)


_ZH_TITLE = re.compile(r"卫冕成功|成功卫冕|夺冠|折桂|(?:夺得|赢得|获得|夺取|摘得)[^，。]{0,16}冠军")
_ZH_ENDS = re.compile(
    rf"{_ZH_DECIDES.pattern}|{_SCORE.pattern}|[^和公水太持不]平(?!均|时|台|衡|静)|[大完小险惜狂轻连首全]?胜|[^担自欺]负|"
    rf"{_ZH_TITLE.pattern}|登顶|晋级|夺冠|加冕|出局|[冠亚季]军|决出|出线|告破|终结|折桂|取胜"
)


def ends_match(sentence: str) -> bool:
    """Whether a Chinese sentence says in any words how a match or a round ended."""
    return bool(_ZH_ENDS.search(sentence))


def wins_title(sentence: str) -> bool:
    """Whether a Chinese sentence says that somebody won a title."""
    return bool(_ZH_TITLE.search(sentence))


def reports_match(sentences: Sequence[str]) -> bool:
    """Whether these sentences of an article have the result of a match after a scene."""
    if not any(decides(one) for one in sentences[:RESULT_WITHIN]):
        return False
    return len(_SPORT.findall(" ".join(sentences))) >= _SPORTING


def is_about_loser(sentence: str, brief: str) -> bool:
    """Return whether a sentence opens with the side that lost, by the text of the ``brief``."""
    for sides in (_EN_SIDES, _ZH_SIDES):
        if not (found := sides.search(brief)):
            continue
        name = re.sub(r"(?:['’]s|\.)$", "", found["loser"])
        return bool(re.match(rf"(?:The )?{re.escape(name.split()[0])}", sentence))
    return False
