"""What kind of text an article is, where that decides what its brief must hold or say of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from service.briefs.model import Label
from service.briefs.selecting.dialogue import dialogue
from service.briefs.selecting.flags import NEVER, Flag, count_units, outside_quotations
from service.briefs.selecting.labels import printed_label
from service.briefs.selecting.openings import entry_time
from service.briefs.selecting.sentences import Text
from service.languages import Language

Form = Literal["report", "match", "interview", "live", "list"]
"""How the text is built: a report, a report of a match, questions and answers, timed entries,
numbered items that have nothing to do with one another.
"""

_ITEM = re.compile(r"^(?:\d{1,2}[.)、．]\s*(?=[^\d\s])|[一二三四五六七八九十]{1,3}、)")
_BULLET = re.compile(r"^[•·▪◦‣●■◆]\s*(?=\S)")
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
_ZH_I = re.compile(r"我(?!国|省|市|县|区|军|校|院|党|驻|们|方)")
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
_SCORE = re.compile(
    r"(?<![\d.,])\d{1,3}\s?[-–]\s?\d{1,3}\b(?![.,]?\d|%|-)|\d{1,3}\s?比\s?\d{1,3}|"
    r"[一二三四五六七八九十零]{1,3}比[一二三四五六七八九十零]{1,3}"
)
_SCORE_LINE = re.compile(
    r"^[A-Z][\w.'’ ]{1,30}? \d{1,3}(?: ?\([^()]{1,80}\))?,? {0,2}(?:[-–] )?"
    r"[A-Z][\w.'’ ]{1,30}? \d{1,3}(?: ?\([^()]{1,80}\))?$"
)
_ZH_SCORE_LINE = re.compile(
    r"^[\u4e00-\u9fffA-Za-z]{2,10}\s*\d{1,3}\s?[:：\-–比]\s?\d{1,3}\s*[\u4e00-\u9fffA-Za-z]{2,10}$"
)
_SCORE_LINES = 6
"""Paragraphs among which the line with the score stands."""
_LIVE = re.compile(r"\b(?:live|as it happened)\b|直播|实时|滚动", re.IGNORECASE)
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


_INDEX = 8
"""Lines that a page of teasers has at least."""
_TEASER: dict[Language, int] = {"en": 10, "zh": 18}
"""Units that none of them has."""


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


def score_line(blocks: Sequence[str]) -> str | None:
    """The line above a report of a match that has both sides with their goals, if there is one."""
    return next((one for one in blocks[:_SCORE_LINES] if _tells_result(one)), None)


def _tells_result(line: str) -> bool:
    return bool(_SCORE_LINE.match(line) or _ZH_SCORE_LINE.match(line))


def is_index(text: Text, flags: Sequence[frozenset[Flag]]) -> bool:
    """Whether it is a page of teasers: many lines, most of them short, and none that says more."""
    brief = sum(not own.isdisjoint({Flag.SHORT, Flag.QUESTION}) for own in flags)
    if len(flags) < _INDEX or brief * 5 < len(flags) * 4:
        return False
    quotable = (
        one.text for one, own in zip(text.sentences, flags, strict=True) if own.isdisjoint(NEVER)
    )
    return all(count_units(one, text.language) < _TEASER[text.language] for one in quotable)


def item_number(block: str) -> int:
    """How many characters of a paragraph are the number or the dot of an item; 0 if it has none."""
    found = _ITEM.match(block) or _BULLET.match(block)
    return found.end() if found else 0


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
    turns = list(dialogue(text.headline, blocks).values())
    if min(turns.count("question"), turns.count("answer")) >= 2:
        return "interview"
    timed = sum(entry_time(block) is not None for block in blocks)
    if timed >= 3 or (timed == 2 and _LIVE.search(text.headline)):
        return "live"
    if sum(bool(_ITEM.match(block)) for block in blocks) >= 3:
        return "list"
    dotted = sum(bool(_BULLET.match(block)) for block in blocks)
    if dotted >= 3 and dotted * 5 >= len(blocks) * 3:  # not the points of a report
        return "list"
    opening = " ".join([text.headline, *(one.text for one in text.sentences[:2])])
    if (has_score(opening) or score_line(blocks)) and len(_SPORT.findall(text.body)) >= 2:
        return "match"
    return "report"


def _label(text: Text, flags: Sequence[frozenset[Flag]]) -> Label | None:
    # a label stands before the article or is explained at its end
    edge = [one.text for one in (*text.sentences[:2], *text.sentences[-3:])]
    printed = printed_label(text.headline, text.body.split("\n"), edge)
    if printed in {None, "corrected"} and is_opinion(text, flags):
        return "opinion"
    return printed


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
    # 我 outside quotations is the author; 我们 may be the nation
    alone = sum(bool(_ZH_I.search(one)) for one in said) / len(said)
    return duty >= 0.3 or own + duty >= 0.38 or alone >= 0.25
