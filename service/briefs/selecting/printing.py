"""Corrects the typography of an article's sentence for a brief."""

from __future__ import annotations

import re

from service.briefs.selecting.quotations import with_closed_quote

_SPACED = re.compile(
    r"(?<=[\u3000-\u303f\uff00-\uffef“”‘’—…])[ \u3000]+|"
    r"[ \u3000]+(?=[\u3000-\u303f\uff00-\uffef“”‘’—…])"
)
"""Spaces next to Chinese punctuation, which are removed."""
_DASH = re.compile(r"(?<=[\u3400-\u9fff”》）]) (?:--?|–) (?=[\u3400-\u9fff“《])")
_APOSTROPHE = re.compile(r"(?<=s)\"(?= [A-Za-z])")
"""A quotation mark in place of a possessive apostrophe: *the miners" pay*."""
_WIDE = re.compile(r"[，。：；！？](?=[”’\"')]*(?: |$))")
"""Chinese punctuation in a translation into English."""
_NARROW = str.maketrans("，。：；！？", ",.:;!?")
_TWO_STOPS = re.compile(r"(?<=[。！？])[.。 ]+$")
_DEFINITE = re.compile(
    r"^[这该這該](?=(?:[名位家起架艘座款只隻辆輛](?![为為于於])|"
    r"[对對](?:夫妇|夫婦|夫妻|恋人|戀人|情侣|情侶|兄弟|姐妹|双胞胎|雙胞胎|父子|父女|母子|母女|搭档)))"
)
"""*This* person or thing without a sentence before it. Times have other measure words."""


_SAID_NAME = re.compile(r"^[该該](?=[\u4e00-\u9fff]{2,6}[ （(]+[A-Z])")
"""*The said* before a name with its Latin spelling, which is therefore mentioned for the first
time."""


_ALSO_SAYS = re.compile(
    r"^([^，。：“”]{1,14}?)[也还還](?=(?:表示|宣布|指出|认为|要求|呼吁|强调|介绍|透露|提到|警告|发表|認為|強調|"
    r"介紹|發表|宣佈))"
)
"""Somebody *also* says something: the brief may lack the earlier statement."""


def without_also(text: str) -> str:
    """Remove the *also* that connects a statement to an earlier one from a Chinese sentence."""
    return _ALSO_SAYS.sub(r"\1", text)


def printed_english(text: str) -> str:
    """Correct the punctuation of an English sentence. The length stays the same."""
    text = _WIDE.sub(lambda found: found[0].translate(_NARROW), text)
    return _APOSTROPHE.sub("’", text, count=1) if text.count('"') == 1 else text


def printed_chinese(text: str, *, first: bool) -> str:
    """Correct the spaces, dashes and stops of a Chinese sentence. If it is the ``first`` one of its
    article, *this man* becomes *a man*.
    """
    text = re.sub(r"—\s+—", "——", with_closed_quote(text))
    text = _DASH.sub("——", _TWO_STOPS.sub("", _SPACED.sub("", text)))
    return _DEFINITE.sub("一", _SAID_NAME.sub("", text)) if first else text


def is_indefinite(sentence: str, printed: str) -> bool:
    """Whether *this* was replaced by *a* in the printed form."""
    return printed.startswith("一") and bool(_DEFINITE.match(sentence))
