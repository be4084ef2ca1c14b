"""How a sentence of an article is printed in a brief."""

from __future__ import annotations

import re

from service.briefs.selecting.quotations import with_closed_quote

_SPACED = re.compile(
    r"(?<=[\u3000-\u303f\uff00-\uffef“”‘’—…])[ \u3000]+|"
    r"[ \u3000]+(?=[\u3000-\u303f\uff00-\uffef“”‘’—…])"
)
"""Spaces beside Chinese punctuation, which print sets without."""
_DASH = re.compile(r"(?<=[\u3400-\u9fff”》）]) (?:--?|–) (?=[\u3400-\u9fff“《])")
_APOSTROPHE = re.compile(r"(?<=s)\"(?= [A-Za-z])")
"""A mark of a plural's owner taken for a quotation’s: *the miners" pay*."""
_WIDE = re.compile(r"[，。：；！？](?=[”’\"')]*(?: |$))")
"""Chinese punctuation in a translation into English."""
_NARROW = str.maketrans("，。：；！？", ",.:;!?")
_TWO_STOPS = re.compile(r"(?<=[。！？])[.。 ]+$")
_DEFINITE = re.compile(
    r"^[这该這該](?=(?:[名位家起架艘座款只隻辆輛](?![为為于於])|"
    r"[对對](?:夫妇|夫婦|夫妻|恋人|戀人|情侣|情侶|兄弟|姐妹|双胞胎|雙胞胎|父子|父女|母子|母女|搭档)))"
)
"""*This* person or thing where nothing is before it. Words for times have other measure words."""


_SAID_NAME = re.compile(r"^[该該](?=[\u4e00-\u9fff]{2,6}[ （(]+[A-Z])")
"""*The said* before a name, which is told with its spelling and so for the first time."""


_ALSO_SAYS = re.compile(
    r"^([^，。：“”]{1,14}?)[也还還](?=(?:表示|宣布|指出|认为|要求|呼吁|强调|介绍|透露|提到|警告|发表|認為|強調|"
    r"介紹|發表|宣佈))"
)
"""Somebody says something *too*: what was said before, and by whom, may not be in the brief."""


def without_also(text: str) -> str:
    """The Chinese sentence without the *also* that joins what is said to what was said before."""
    return _ALSO_SAYS.sub(r"\1", text)


def printed_english(text: str) -> str:
    """The sentence with its marks as print sets them, as long as it was."""
    text = _WIDE.sub(lambda found: found[0].translate(_NARROW), text)
    return _APOSTROPHE.sub("’", text, count=1) if text.count('"') == 1 else text


def printed_chinese(text: str, *, first: bool) -> str:
    """The sentence with its spaces, dashes and stops as print sets them; ``first`` if it opens its
    article: then *this man* is *a man*.
    """
    text = re.sub(r"—\s+—", "——", with_closed_quote(text))
    text = _DASH.sub("——", _TWO_STOPS.sub("", _SPACED.sub("", text)))
    return _DEFINITE.sub("一", _SAID_NAME.sub("", text)) if first else text


def is_indefinite(sentence: str, printed: str) -> bool:
    """Whether what the sentence pointed to is printed as something new."""
    return printed.startswith("一") and bool(_DEFINITE.match(sentence))
