"""Detects text before the news: lines above a report, and sentences that only lead up to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from service.briefs.selecting.flags import Flag, outside_quotations
from service.briefs.selecting.sentences import ArticleSentence

_LEADS_UP = re.compile(
    r"^虽然[^。]{0,24}(?:依旧|仍|已)|^(?:时值|又到|冬日|盛夏|金秋|初[春夏秋冬])|备受(?:关注|瞩目)|引[起发](?:了)?[^，。]{0,16}(?:关注|热议|讨论|争议)[。]|成为[^。]{0,40}(?:重点|焦点|热点|话题|难题|共识)。|"
    r"存在(?:着)?[^，。]{0,6}(?:争议|分歧)|(?:高发|多发)态势|越来越|家常便饭|众所周知|一直以来|长期以来|近年来|"
    r"可谓|竟(?!争|赛|选)|似乎|仿佛|随着[^，。]{2,30}，|俗话说|常言|人们常说|曾经|每逢|每年|说起|提起|谈起"
)
_DRAWS_ATTENTION = re.compile(
    r"^[^。]{0,8}(?:近期|近日|日前|近来|最近)[^。]{4,60}(?:令|使|让)[^，。]{0,16}关注度?[^，。]{0,6}(?:升温|上升|提升|提高|高涨)。$"
)
_DAY = re.compile(
    r"^(?:今年)?(?:\d{1,2}月)?\d{1,2}日(?:至\d{1,2}日)?是[^，。]{2,24}(?:[日节周天]|周年)?[^，。]{0,6}[，。]"
)
_DATED = re.compile(
    r"\d{1,2}日(?!益)|日前|近日|今天|昨天|获悉|了解到|发布|公布|宣布|表示|通报|披露|报道|启动|举行|举办|召开|开幕|签署|签约|印发|出台|新近|开展|推出"
)
_TEASES = re.compile(r"……[”’]?$|[？?！!][”’]?$")
_SCENE = re.compile(
    r"^(?:每天|每到)?(?:清晨|凌晨|黎明|傍晚|黄昏|深夜|夜里|夜幕|天刚|天还没|天不亮|天蒙蒙|早上|清早|一大早)|"
    r"^[^。]{0,48}(?:戴着|端着|握着|捧着|背着|拎着|蹲[在着]|弯着腰|低着头|眯着眼|擦了擦|系着|点上一支|抬起头|弯下腰|推开门|望着|盯着|静静|响了|牵动着|淅淅沥沥|雪花|寒风|炊烟|驼铃|晨雾|晨曦|薄雾|阳光|来回穿梭|满脸|试了试|低头看|点了?点头|攥[着紧]|"
    r"一[页针笔刀]一[页针笔刀])"
)
_NEWS = re.compile(
    r"发生|宣布|公布|表示|通报|介绍|获悉|启动|召开|举行|遇难|受伤|死亡|逝世|去世|开幕|开工|发布|抵达|"
    r"起飞|发射|成功|袭击|爆炸|记者|报道|警方|法院|政府|公司|当地时间|举办|签署|通过|突发|山洪|洪峰|地震|火灾"
)
_BACK = re.compile(
    r"^(?:这|此)(?:是|就|也|不|让|使|意味|表明|说明|并|可|里|时|样|些|一切|一点)|"
    r"^尽管[^，。]{0,16}(?:[他她它]们?|此|这|上述)"
)
"""Openings that refer back, which show that the text is an excerpt."""
_EXAMPLE = re.compile(r"^[^。]{0,12}[，,](?:例如|比如)|^(?:例如|比如)")
_BEFORE_THE_TEXT = frozenset(
    {Flag.FURNITURE, Flag.UNFINISHED, Flag.SHORT, Flag.INSTRUCTION, Flag.REQUEST}
)
"""Flags of lines above a report: captions, bylines, and texts of the page."""
SOON = 3
"""How many sentences after a preamble are searched for the news."""
_TELLS_HEADLINE = 0.15
"""The least share of the headline in that sentence."""
_ROUND = re.compile(
    r"联赛|赛季|[杯锦运]赛|大奖赛|第[\d一二三四五六七八九十]+轮|世界杯|锦标赛|运动会"
)
_WHO = re.compile(
    r"^(?:(?:今年|现年)?\d{2}岁的)?[\u4e00-\u9fff·]{2,8}是[^，。,]{0,16}(?<![他她])[师员者长工人生手]。$"
)
_WORKS = re.compile(
    r"^[他她][^。]*\d{4}年[^。]*(?:开始|创办|成立|创建|组建|发起|开办|办起)|"
    r"(?:服务|救助|帮助|资助|培训|收治|照顾)(?:过|了)?\d+"
)
_REPLIES = re.compile(r"^(?:对此|为此|据此|有鉴于此)[，,]")


def leads_up(text: str) -> bool:
    """Whether a first sentence prepares for the news: with a trend, a question, a list."""
    outside = outside_quotations(text)
    if _TEASES.search(text):
        return True
    if _DAY.match(outside) or _DRAWS_ATTENTION.match(outside):
        return True
    return bool(_LEADS_UP.search(outside)) and not _DATED.search(outside)


def is_dated(text: str) -> bool:
    """Whether a sentence says when something happened, or who announced it."""
    return bool(_DATED.search(outside_quotations(text)))


def without_reply(text: str) -> str:
    """The sentence without the *to this* that joins it to what it replies to."""
    return _REPLIES.sub("", text)


def replies(text: str) -> bool:
    """Whether a sentence opens with *to this*."""
    return bool(_REPLIES.match(text))


def paints(text: str) -> bool:
    """Whether a sentence opens like a scene, with a time of day or what somebody is doing, and
    reports no event.
    """
    return bool(_SCENE.search(text)) and not _NEWS.search(text)


def news_behind(
    opening: str, behind: Mapping[int, str], at: int, headline: Sequence[float]
) -> int | None:
    """The index of the first of the sentences ``behind`` that has the news, if the ``opening`` of
    the article, sentence ``at``, only leads up to it. ``headline`` has the share of the headline in
    each sentence of the article.
    """
    prepares = leads_up(opening)
    if is_dated(opening) and not prepares:
        return None
    # one that is no preamble by its words says little of the headline
    least = max(_TELLS_HEADLINE, headline[at] * (0.6 if prepares else 2))
    found = (one for one, text in behind.items() if is_dated(text) and headline[one] >= least)
    return next(found, None)


def points_back(text: str) -> bool:
    """Whether a sentence gives an example of, or refers to, what stood before it."""
    return bool(_EXAMPLE.search(text) or _BACK.search(text))


def opens_news(opening: str, following: Sequence[ArticleSentence]) -> bool:
    """Whether a first sentence is no scene: it says which round of matches was played, or has a
    figure that the first of the sentences ``following`` it speaks of.
    """
    if _ROUND.search(opening) and _DATED.search(opening):
        return True
    speaks = any(one.text.startswith(("这是", "这也是", "这一")) for one in following[:1])
    return speaks and bool(re.search(r"\d", opening))


def introduces_work(text: str, following: str) -> bool:
    """Whether a sentence says who somebody of a feature is, and the sentence ``following`` it since
    when, or for how many, that person works.
    """
    return bool(_WHO.match(text) and _WORKS.search(following))


def news_in(text: str, *, told: bool, quoted: bool) -> int:
    """What speaks for a sentence as the news behind a scene, from -2 to 1. It is ``told`` of in the
    headline, ``quoted`` if much of it is what somebody said.
    """
    return (told and is_dated(text)) - quoted - paints(text)


def stands_before(flags: frozenset[Flag]) -> bool:
    """Return whether a sentence may precede the first one of a report. A short *He laughed.* may
    not: it shows that the text is an excerpt.
    """
    if Flag.FURNITURE in flags:
        return True
    goes_on = Flag.CONTINUES in flags and Flag.UNFINISHED not in flags
    goes_on = goes_on or Flag.SECOND_PERSON in flags  # “Imagine that you …”
    return bool(flags & _BEFORE_THE_TEXT) and not goes_on
