"""Finds the label of an article: satire, sponsored, corrected, opinion."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.briefs.model import Label

_SATIRE = re.compile(
    r"^\W*(?:satire|satirical|humou?r|parody|spoof)\b\s*[.:|–—-]|\b(?:(?:this|it)|(?:this|the) "
    r"(?:article|story|piece|report|column|page)) is (?:a |an )?(?:work of |piece of )?(?:satire|"
    r"satirical|humou?r(?:ous)?|parody|spoof|joke)|"
    r"\b(?:satirical|humorous|parody|spoof) (?:piece|article|column|(?:news ?)?site|website|page|"
    r"story|publication|magazine|newspaper)\b|"
    r"\bmade-up (?:news|stories)\b|\bnone of (?:it|this) is true\b|\bapril fools?['’]?s?\b|"
    r"\ball (?:names|quotes|quotations|persons|characters)[^.]{0,30} (?:are|is) (?:made up|"
    r"invented|fictitious)|"
    r"^\W*(?:讽刺|戏仿|幽默|恶搞)\s*[|｜：:·】]|(?:本文|此文|以上内容|本故事)(?:为|系|属|"
    r"是)?(?:讽刺|戏仿|虚构|恶搞|玩笑)|纯属虚构|讽刺(?:文章|作品|专栏|媒体|网站)|"
    r"愚人节(?:玩笑|作品|特稿)|纯属娱乐|(?:请勿|切勿|不必)当真",
    re.IGNORECASE,
)
_SPONSORED = re.compile(
    r"^\W*(?:sponsored|advertorial|ad(?:vertisement|vertising)? feature|advertisement|paid post|"
    r"promoted|promotion)\b\s*[.:|–—-]|"
    r"^\W*(?:sponsored (?:content|post|by|article)|paid (?:content|post|partnership|for by)|"
    r"promoted content|(?:partner|branded?) content|presented by|in association with)\b|"
    r"\bthis (?:article|content|post|story) (?:is|was) (?:sponsored|paid for|"
    r"produced in partnership|supported by|brought to you)|"
    r"^\W*(?:广告|推广|赞助内容|商业推广|品牌推广|合作推广|软文|企业供稿)\s*[|｜：:·】]|"
    r"(?:本文|本内容|以上内容)(?:为|系|是|由)[^。]{0,12}(?:广告|推广|赞助|商业合作|商业信息|特约刊登)|"
    r"广告(?:内容|信息)，?(?:不代表|仅供)",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"^\W*(?:correction|corrected|clarification|editor['’]s note)\b\s*[.:(|–—-]|"
    r"^\W*correction to this\b|\b(?:this|"
    r"the) (?:article|story|report) (?:was|has been) (?:amended|corrected|updated to correct)|"
    r"\b(?:an earlier|a previous|the first|the original) version of this (?:article|story|"
    r"report)\b|^\W*(?:更正|勘误|订正|更正声明|更正启事)\s*[|｜：:·】（]|"
    r"(?:本文|此前报道|本报[^。]{0,12}报道)(?:已|有误|的?早前版本)[^。]{0,12}(?:更正|修正|有误)|"
    r"特此更正|(?:早前|此前|先前|初)版本?[^。]{0,16}(?:有误|误作|误为|已更正)",
    re.IGNORECASE,
)
_KICKERS: tuple[tuple[Label, re.Pattern[str]], ...] = (
    ("satire", re.compile(r"^\W*(?:satire|humou?r|parody|spoof|讽刺|幽默|戏仿|段子)\W*$", re.I)),
    (
        "sponsored",
        re.compile(
            r"^\W*(?:sponsored|advertorial|ad(?:vertising)? feature|promotion|品牌推广|商业推广|"
            r"推广|软文|企业供稿|合作内容|专题推广)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "opinion",
        re.compile(
            r"^\W*(?:opinion|comment|commentary|editorial|op-ed|viewpoint|perspective|guest essay|"
            r"column|leader|letters?(?: to the editor)?|our view|评论|社论|时评|短评|快评|观点|"
            r"读者来信|来信|来论|专栏|杂文|随笔|议论风生)\W*$",
            re.IGNORECASE,
        ),
    ),
    ("corrected", re.compile(r"^\W*(?:corrections?|clarifications?|更正|勘误)\W*$", re.I)),
)
"""Labels on a line of their own above the article."""
_KICKER_LINES = 4
"""How many paragraphs above the article are searched for such a line."""
_LETTER = re.compile(
    r"^\W*(?:sirs?|madam|dear (?:sirs?|madam|editors?))\b\s*(?:[,–—:-]|or madam)|"
    r"^to the editor\s*:|"
    r"^(?:尊敬的|亲爱的)?(?:编辑(?:部|同志|先生|女士|老师)?|主编)(?:您好|你好)?[：:，！]",
    re.IGNORECASE,
)
"""The beginning of a reader's letter."""
_LABELLED = re.compile(
    r"^\W*(?:satire|satirical|humou?r|parody|spoof|sponsored(?: (?:content|post))?|advertorial|"
    r"ad(?:vertisement|vertising)?(?: feature)?|paid post|promoted|correction|corrected|"
    r"clarification|opinion|"
    r"comment|editorial|op-ed|commentary|live|as it happened|讽刺|戏仿|广告|推广|赞助内容|软文|"
    r"更正|勘误|评论|观点|直播|[锐短时快微热漫]评|社论|杂谈|随笔|观赛|特写|图集|组图|独家|快讯|突发|"
    r"访谈|专访|深度|综述|述评|解读|聚焦|视频|盘点|年鉴)\s*(?:[.:|–—]|\s-|[｜：·】])\s*",
    re.IGNORECASE,
)

_COLUMN = re.compile(r"^\s*(?:（([^（）]{2,14})）|【([^【】]{2,14})】)\s*(?:（\d{1,2}）\s*)?(?=\S)")
"""The name of a column before a Chinese headline: （新华时评）, （锐视角）（4）."""
_SPECIAL = re.compile(r"^\d{1,2}月\d{1,2}日[\u4e00-\u9fff]{2,4}（([^（）]{6,})）$")
"""The headline within that of a special report: 8月16日特稿（…）."""
_ROUND = re.compile(r"^[\u4e00-\u9fff]{2,6}(?:综合|前瞻|综述|战报)(?:消息)?[：:]\s*(?=\S)")
"""What a report of all matches of a day is called: 中超联赛综合：…"""
_ARGUING_COLUMN = re.compile(
    r"评论|社论|[时述短快锐热漫点微辣网]评|评述|观察家|杂谈|随笔|论坛|(?<!·)观点|来论|我见|之声|思客"
)


def column_of(headline: str) -> str:
    """The name of the column in brackets before a Chinese headline; empty if there is none."""
    found = _COLUMN.match(headline)
    return (found[1] or found[2]) if found else ""


def without_label(headline: str) -> str:
    """The headline without its column or label."""
    if special := _SPECIAL.match(headline):
        return special[1]
    headline = _ROUND.sub("", _COLUMN.sub("", headline)) or headline
    return _LABELLED.sub("", headline) or headline


def printed_label(headline: str, blocks: Sequence[str], edge: Sequence[str]) -> Label | None:
    """The label that a page prints with an article: in its headline, in the first of its
    paragraphs ``blocks``, or in the sentences at its ``edge``, its beginning and its end.
    """
    lines = [headline, *blocks[:2], *edge]
    above = [headline, *blocks[:_KICKER_LINES]]
    kickers = {label for line in above for label, kicker in _KICKERS if kicker.match(line)}
    if "satire" in kickers or any(map(_SATIRE.search, lines)):
        return "satire"
    if "sponsored" in kickers or any(map(_SPONSORED.search, [*lines, *above])):
        return "sponsored"
    argues = _ARGUING_COLUMN.search(column_of(headline))
    if argues or "opinion" in kickers or any(map(_LETTER.search, above)):
        return "opinion"
    if "corrected" in kickers or any(map(_CORRECTED.search, lines)):
        return "corrected"
    return None
