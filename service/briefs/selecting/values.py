"""What the wording of a sentence adds to its value as the next one of a brief, or takes from it."""

from __future__ import annotations

import re

from service.briefs.selecting.flags import outside_quotations
from service.briefs.selecting.scores import TOTAL

_ASKS = re.compile(
    r"\b(?:asked|wondered)\b(?! (?:to|for|that)\b)[^.]*\b(?:if|whether|what|who|why|how)\b|"
    r"(?:问|询问)(?:他|她|其|道|是否|会不会)",
    re.IGNORECASE,
)
"""A question that is told, whose answer stands in the next sentence."""
_ASKING = 0.5
_TURNS = re.compile(r"(?:But|However|Yet|Nevertheless)\b|但|然而|不过|可是", re.IGNORECASE)
_CONTRASTS = 0.5
"""What speaks for a *But* right after a chosen sentence: without it that one misleads."""
_DATED = re.compile(
    r"\b(?:today|tonight|tomorrow|yesterday|this (?:morning|afternoon|evening)|last night)\b|"
    r"(?:今[天日晚早晨夜]|明[天日晚早]|昨[天日晚夜]|当晚)",
    re.IGNORECASE,
)
_OUTDATED = 0.25
"""What speaks against a sentence whose time is true on the day of the article alone."""
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


def fairness_of(text: str, told: str) -> float:
    """What speaks for a denial of an accusation that is ``told`` already, and against a day's
    figure after a total.
    """
    value = 0.0
    if _ACCUSED.search(told) and _DENIED.search(text) and not _DENIED.search(told):
        value += 0.5
    if TOTAL.search(told) and _A_DAY_S_FIGURE.search(text) and not TOTAL.search(text):
        value -= 0.5
    return value


def contrast_of(text: str) -> float:
    """What speaks for a sentence right after a chosen one that takes back a part of it."""
    return _CONTRASTS if _TURNS.match(text) else 0.0


def wording_of(text: str) -> float:
    """What speaks against a question that is told, and a time that is soon over."""
    outside = outside_quotations(text)
    return -_ASKING * bool(_ASKS.search(outside)) - _OUTDATED * bool(_DATED.search(outside))
