"""What kind of text an article is, where that decides what its brief must hold or say of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from service.briefs.model import Label
from service.briefs.selecting.flags import Flag, count_units, outside_quotations
from service.briefs.selecting.openings import entry_time
from service.briefs.selecting.sentences import Text
from service.languages import Language

Form = Literal["report", "match", "interview", "live", "list"]
"""How the text is built: a report, a report of a match, questions and answers, timed entries,
numbered items that have nothing to do with one another.
"""

_SATIRE = re.compile(
    r"^\W*(?:satire|satirical|humou?r|parody|spoof)\b\s*[.:|–—-]|\b(?:this|it) is (?:a |"
    r"an )?(?:piece of )?(?:satire|satirical|humou?r(?:ous)?|parody|spoof|joke)|"
    r"\b(?:satirical|humorous|parody|spoof) (?:piece|article|column|site|website|page|story)\b|"
    r"\bnone of (?:it|this) is true\b|\bapril fools?['’]?s?\b|"
    r"^\W*(?:讽刺|戏仿|幽默|恶搞)\s*[|｜：:·】]|(?:本文|此文|以上内容|本故事)(?:为|系|属|"
    r"是)?(?:讽刺|戏仿|虚构|恶搞|玩笑)|纯属虚构|讽刺(?:文章|作品|专栏)|愚人节(?:玩笑|作品)",
    re.IGNORECASE,
)
_SPONSORED = re.compile(
    r"^\W*(?:sponsored|advertorial|advertisement(?: feature)?|paid post|promoted)\b\s*[.:|–—-]|"
    r"^\W*(?:sponsored (?:content|post|by|article)|paid (?:content|post|partnership|for by)|"
    r"promoted content|partner content)\b|"
    r"\bthis (?:article|content|post|story) (?:is|was) (?:sponsored|paid for|"
    r"produced in partnership)|"
    r"^\W*(?:广告|推广|赞助内容|商业推广|品牌推广|合作推广|软文)\s*[|｜：:·】]|本文(?:为|系|"
    r"是)(?:广告|推广|赞助|商业合作)",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"^\W*(?:correction|corrected|clarification|editor['’]s note)\b\s*[.:(|–—-]|\b(?:this|"
    r"the) (?:article|story|report) (?:was|has been) (?:amended|corrected|updated to correct)|"
    r"\ban earlier version of this (?:article|story|report)\b|^\W*(?:更正|勘误|订正|"
    r"更正声明)\s*[|｜：:·】（]|(?:本文|此前报道)(?:已|有误|的?早前版本).{0,12}(?:更正|修正|"
    r"有误)",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^\W*(?:satire|satirical|humou?r|parody|spoof|sponsored(?: (?:content|post))?|advertorial|"
    r"advertisement(?: feature)?|paid post|promoted|correction|corrected|clarification|opinion|"
    r"comment|editorial|op-ed|commentary|live|as it happened|讽刺|戏仿|广告|推广|赞助内容|软文|"
    r"更正|勘误|评论|观点|直播)\s*(?:[.:|–—]|\s-|[｜：·】])\s*",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^(?:\d{1,2}[.)、．]\s*(?=[^\d\s])|[一二三四五六七八九十]{1,3}、)")
_OPINION_HEAD = re.compile(
    r"(?:[–—|-]\s*\S+ comment\b|^\W*(?:opinion|comment|editorial|op-ed|commentary|letters?|"
    r"column)\b\s*[.:|–—-]|\b(?:op-ed|editorial)\b|"
    r"(?:^|[｜|：:【\s])\S{0,4}(?:评论|短评|时评|社论|观点|快评|锐评|漫评|杂谈|随笔)(?:[｜|：:】\s]|$)|"
    r"\breview\s*[-–—:|]|[-–—:|]\s*\S* ?review\b|评论\s*[-–—]|影评|书评|剧评|乐评|"
    r"评论员|论学习|^\S{2,4}(?:思考|视点|时论|论坛|茶座|感言)\s*[:：])",
    re.IGNORECASE,
)
_EN_FIRST = re.compile(r"\b(?:I|I['’]\w+|[Ww]e|[Ww]e['’]\w+|[Mm]y|[Oo]ur|us|me)\b")
_EN_OUGHT = re.compile(r"\b(?:should|must|ought to|needs? to)\b")
_ZH_FIRST = re.compile(r"(?:我(?!国|省|市|县|区|军|校|院|党|驻)|咱|你)")
_ZH_OUGHT = re.compile(
    r"(?:应当|应该|必须|不能|不应|须|要(?:靠|以|把|坚持|紧紧)|才能|更需要|亟需|不妨|呼唤|何以|岂)"
)
_SAYING: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:said|says|told|added|according to|announced|tweeted|explained|insisted)\b"
    ),
    "zh": re.compile(
        r"(?:表示|说(?!明|法)|[^名]称(?!为|号|呼)|透露|指出|告诉|宣布|强调|承认|认为)"
    ),
}
_LONG_QUOTATION = 10
"""Sentences of one quotation; what was opened longer ago was opened by mistake."""
_QUESTION_LINE = re.compile(
    r"^(?:Q(?:uestion)?\s*[.:：]|(?:问|记者|主持人)\s*[：:])\s*", re.IGNORECASE
)
_ANSWER_LINE = re.compile(
    r"^(?:A(?:nswer)?\s*[.:：]|(?:答|[\u4e00-\u9fff·]{2,8})\s*[：:])\s*", re.IGNORECASE
)
_SCORE = re.compile(
    r"(?<![\d.,])\d{1,3}\s?[-–]\s?\d{1,3}\b(?![.,]?\d|%|-)|\d{1,3}\s?比\s?\d{1,3}|"
    r"[一二三四五六七八九十零]{1,3}比[一二三四五六七八九十零]{1,3}"
)
_SPORT = re.compile(
    r"\b(?:goals?|scored?|match|league|cup|final|semi-?final|half-time|penalty|striker|"
    r"midfielder|defender|goalkeeper|coach|innings|wicket|sets?|quarter(?:back)?|touchdown|"
    r"season|unbeaten|visitors|hosts|home side|championship|tournament|playoffs?)\b|"
    r"(?:比赛|联赛|决赛|半决赛|进球|主场|客场|球队|主教练|赛季|积分榜|男篮|女篮|男足|女足|女排|"
    r"男排|夺冠|晋级|点球)",
    re.IGNORECASE,
)


_TEASES = re.compile(
    r"^(?:and|but|or|so|how|why|what|when|where|who|which|here['’]s|this is|watch)\b|"
    r"^(?:如何|怎样|怎么|为什么|为何|谁|什么|哪)|凭什么|怎么[办样]",
    re.IGNORECASE,
)
"""Headlines that promise to tell something."""
_SPEAKS = re.compile(
    r"\b(?:I|I['’]\w+|[Mm]y|[Ww]e|[Oo]ur|[Yy]ou|[Yy]our)\b|[我你您咱](?!国|省|市|军|校|院|方)"
)
"""Headlines that are somebody's words."""
_STATEMENT: dict[Language, int] = {"en": 5, "zh": 8}
"""Units that a headline has at least which says what has happened."""


class Nature(msgspec.Struct, frozen=True):
    """The article's ``form``, and the ``label`` that its brief must carry, if any."""

    form: Form = "report"
    label: Label | None = None


def nature_of(text: Text, flags: Sequence[frozenset[Flag]]) -> Nature:
    """Tell what kind of article it is."""
    return Nature(_form(text), _label(text, flags))


def has_score(sentence: str) -> bool:
    """Whether it tells the result of a match."""
    return bool(_SCORE.search(sentence))


def is_question_line(sentence: str) -> bool:
    """Whether it opens as an interviewer's line."""
    return bool(_QUESTION_LINE.match(sentence))


def is_answer_line(sentence: str) -> bool:
    """Whether it opens as the answer in an interview."""
    return bool(_ANSWER_LINE.match(sentence)) and not is_question_line(sentence)


def item_number(block: str) -> int:
    """How many characters of a paragraph are the number of an item; 0 if it has none."""
    found = _ITEM.match(block)
    return found.end() if found else 0


def without_label(headline: str) -> str:
    """The headline without the word that says what kind of article it is."""
    return _LABELLED.sub("", headline) or headline


def is_statement(headline: str, language: Language) -> bool:
    """Whether a headline says what has happened, as a sentence of a brief does."""
    if re.search(r"[?!？！]", headline) or _TEASES.search(headline):
        return False
    if _SPEAKS.search(outside_quotations(headline)):
        return False
    quoted = len(headline) - len(outside_quotations(headline).strip())
    least = _STATEMENT[language]
    return quoted * 2 < len(headline) and count_units(headline, language) >= least


def _form(text: Text) -> Form:
    blocks = text.body.split("\n")
    if sum(map(is_question_line, blocks)) >= 2 and sum(map(is_answer_line, blocks)) >= 2:
        return "interview"
    if sum(entry_time(block) is not None for block in blocks) >= 3:
        return "live"
    if sum(bool(item_number(block)) for block in blocks) >= 3:
        return "list"
    opening = " ".join([text.headline, *(one.text for one in text.sentences[:2])])
    if has_score(opening) and len(_SPORT.findall(text.body)) >= 2:
        return "match"
    return "report"


def _label(text: Text, flags: Sequence[frozenset[Flag]]) -> Label | None:
    # a label stands before the article or is explained at its end
    edge = [text.headline, *text.body.split("\n")[:2]]
    edge += [one.text for one in (*text.sentences[:2], *text.sentences[-3:])]
    if any(map(_SATIRE.search, edge)):
        return "satire"
    if any(map(_SPONSORED.search, edge)):
        return "sponsored"
    if is_opinion(text, flags):
        return "opinion"
    if any(map(_CORRECTED.search, edge)):
        return "corrected"
    return None


def _in_long_quotations(text: Text) -> set[int]:
    """Indices of the sentences from one that opens a quotation to the one that closes it, whatever
    paragraphs they stand in.
    """
    inside: set[int] = set()
    opened = -1
    for at, sentence in enumerate(text.sentences):
        one = sentence.text
        odd = one.count('"') % 2 == 1
        opens = one.count("“") > one.count("”") or (odd and opened < 0)
        closes = one.count("”") > one.count("“") or (odd and opened >= 0)
        if opened >= 0 and at - opened > _LONG_QUOTATION:
            opened = -1
        if opened >= 0 and closes:
            inside |= set(range(opened, at + 1))
            opened = -1
        elif opens:
            opened = at
    return inside


def _reports(text: Text) -> bool:
    """Whether much of the text is what others are said to have said. Then a sentence that speaks as
    I is more likely part of a long quotation than the author's own.
    """
    said = _SAYING[text.language]
    count = sum(bool(said.search(one.text)) for one in text.sentences)
    return count >= 0.2 * len(text.sentences)


def is_opinion(text: Text, flags: Sequence[frozenset[Flag]]) -> bool:
    """Whether the author speaks as I or we, or says what ought to be done, outside quotations."""
    if _OPINION_HEAD.search(text.headline):
        return True
    quoted = _in_long_quotations(text)
    said = [
        outside_quotations(one.text)
        for one, own in zip(text.sentences, flags, strict=True)
        if one.index not in quoted
        and not own & {Flag.UNFINISHED, Flag.QUOTATION, Flag.PART_OF_QUOTATION, Flag.HALF_QUOTED}
        and not own & {Flag.COMMENT, Flag.INSTRUCTION}
    ]
    language: Language = text.language
    if len(said) < (6 if language == "en" else 8) or _form(text) == "interview":
        return False
    if _reports(text):
        return False
    first, ought = (_EN_FIRST, _EN_OUGHT) if language == "en" else (_ZH_FIRST, _ZH_OUGHT)
    # an author speaks from the beginning; whoever is quoted comes in later
    opening = said[: max(3, len(said) // 4)]
    if not any(first.search(one) or ought.search(one) for one in opening):
        return False
    own = sum(bool(first.search(one)) for one in said) / len(said)
    duty = sum(bool(ought.search(one)) for one in said) / len(said)
    if language == "en":
        return own >= 0.25 or (own >= 0.1 and duty >= 0.15) or duty >= 0.3
    return duty >= 0.3 or own + duty >= 0.38
