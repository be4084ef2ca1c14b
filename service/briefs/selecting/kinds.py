"""The form of an article, and the label of its brief, where they decide what the brief must say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from service.briefs.model import Label
from service.briefs.selecting.dialogue import dialogue
from service.briefs.selecting.flags import NEVER, Flag, count_units, outside_quotations
from service.briefs.selecting.labels import column_of, printed_label
from service.briefs.selecting.openings import entry_time
from service.briefs.selecting.opinions import is_opinion
from service.briefs.selecting.results import decides, reports_match
from service.briefs.selecting.sentences import Text
from service.languages import Language

Form = Literal["report", "match", "interview", "live", "list"]
"""How the text is built: a report, a report of a match, questions and answers, timed entries, or
independent numbered items.
"""

_ITEM = re.compile(r"^(?:\d{1,2}[.)、．]\s*(?=[^\d\s])|[一二三四五六七八九十]{1,3}、)")
_BULLET = re.compile(r"^[•·▪◦‣●■◆]\s*(?=\S)")
_SCORE = re.compile(
    r"(?<![\d.,])\d{1,3}\s?[-–]\s?\d{1,3}(?![\dA-Za-z%-]|[.,]\d)|\d{1,3}\s?比\s?\d{1,3}|"
    r"[一二三四五六七八九十零]{1,3}比[一二三四五六七八九十零]{1,3}"
)
_NUMERALS = str.maketrans("零一二三四五六七八九", "0123456789")
_SCORE_LINE = re.compile(
    r"^[A-Z][\w.'’ ]{1,30}? \d{1,3}(?: ?\([^()]{1,80}\))?,? {0,2}(?:[-–] )?"
    r"[A-Z][\w.'’ ]{1,30}? \d{1,3}(?: ?\([^()]{1,80}\))?$"
)
_ZH_SCORE_LINE = re.compile(
    r"^[\u4e00-\u9fffA-Za-z]{2,10}\s*\d{1,3}\s?[:：\-–比]\s?\d{1,3}\s*[\u4e00-\u9fffA-Za-z]{2,10}$"
)
_SCORE_LINES = 6
"""How many first paragraphs are searched for the line with the score."""
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
    r"^(?:and|but|or|so|how|why|what|when|where|who|which|here['’]s|this|that|these|those|it|he|"
    r"she|they|watch)\b|"
    r"^(?:如何|怎样|怎么|为什么|为何|谁|什么|哪|[他她它](?!国|乡|日)|这(?!里|位|些国)|那(?!么))|"
    r"如何|凭什么|为什么|为何|怎么[办样]",
    re.IGNORECASE,
)
"""Headlines that announce an explanation."""
_SPEAKS = re.compile(
    r"\b(?:I|I['’]\w+|[Mm]y|[Ww]e|[Oo]ur|[Yy]ou|[Yy]our)\b|[我你您咱](?!国|省|市|军|校|院|方)"
)
"""Headlines that are quotations."""
_STATEMENT: dict[Language, int] = {"en": 5, "zh": 8}
"""The least units of a headline that says what happened."""


_INDEX = 8
"""The least lines of a page of teasers."""
_TEASER: dict[Language, int] = {"en": 10, "zh": 18}
"""A line of so many units is no teaser."""


class Nature(msgspec.Struct, frozen=True):
    """The article's ``form``, and the ``label`` that its brief must carry, if any."""

    form: Form = "report"
    label: Label | None = None

    @property
    def is_news_report(self) -> bool:
        """Whether it is a report that nothing marks as an opinion."""
        return self.form == "report" and self.label != "opinion"


def nature_of(text: Text, flags: Sequence[frozenset[Flag]]) -> Nature:
    """Return the form and the label of an article."""
    form = _form(text)
    return Nature(form, _label(text, flags, form))


def has_score(sentence: str) -> bool:
    """Return whether it says the result of a match."""
    return bool(_SCORE.search(sentence)) or decides(sentence)


def tells_result(sentence: str, headline: str) -> bool:
    """Return whether it has the result of the match. If the ``headline``, or a line with both sides
    and their goals, has the result, another score is not it: it may be that at half-time.
    """
    result = _SCORE.search(headline)
    if result is None and not _tells_result(headline):
        return has_score(sentence)
    wanted = _sides(result[0] if result else headline)
    return any(_sides(one[0]) == wanted for one in _SCORE.finditer(sentence))


def _sides(score: str) -> list[str]:
    found = re.findall(r"\d+|[一二三四五六七八九十零]+", score)
    return sorted(one.translate(_NUMERALS) for one in found)


def score_line(blocks: Sequence[str]) -> str | None:
    """Return the line above a report of a match that has both sides and their goals, if any."""
    return next((one for one in blocks[:_SCORE_LINES] if _tells_result(one)), None)


def _tells_result(line: str) -> bool:
    return bool(_SCORE_LINE.match(line) or _ZH_SCORE_LINE.match(line))


def is_index(text: Text, flags: Sequence[frozenset[Flag]]) -> bool:
    """Return whether it is a page of teasers: many lines, most of them short, and none long."""
    brief = sum(not own.isdisjoint({Flag.SHORT, Flag.QUESTION}) for own in flags)
    if len(flags) < _INDEX or brief * 5 < len(flags) * 4:
        return False
    quotable = (
        one.text for one, own in zip(text.sentences, flags, strict=True) if own.isdisjoint(NEVER)
    )
    return all(count_units(one, text.language) < _TEASER[text.language] for one in quotable)


def item_number(block: str) -> int:
    """Return the length of the number or bullet that opens a paragraph; 0 if there is none."""
    found = _ITEM.match(block) or _BULLET.match(block)
    return found.end() if found else 0


def teases(headline: str) -> bool:
    """Return whether it announces an explanation: *How the bridge was saved*."""
    return bool(_TEASES.search(headline))


def is_statement(headline: str, language: Language) -> bool:
    """Return whether a headline says what happened, like a sentence of a brief."""
    if re.search(r"[?!？！]|……", headline) or teases(headline):
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
    return "match" if _is_of_match(text, blocks) else "report"


def _is_of_match(text: Text, blocks: Sequence[str]) -> bool:
    """Return whether the headline, the first sentences or a line above them have a score, or a
    sentence after a scene has the result of a match.
    """
    opening = " ".join([text.headline, *(one.text for one in text.sentences[:2])])
    if len(_SPORT.findall(text.body)) >= 2 and (has_score(opening) or score_line(blocks)):
        return True
    return reports_match([one.text for one in text.sentences])


def _label(text: Text, flags: Sequence[frozenset[Flag]], form: Form) -> Label | None:
    # a label stands before the article or is explained at its end
    edge = [one.text for one in (*text.sentences[:2], *text.sentences[-3:])]
    printed = printed_label(text.headline, text.body.split("\n"), edge)
    reports = bool(column_of(text.headline))  # if it argued, it would have that label
    if printed in {None, "corrected"} and form not in {"interview", "live"} and not reports:
        return "opinion" if is_opinion(text, flags) else printed
    return printed
