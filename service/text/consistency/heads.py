"""Finds what a number counts, if that is certain: the killed, the injured, the missing …"""

from __future__ import annotations

import re
from typing import Literal

from service.text.numbers import Language, Quantity, find_quantities

_HEADS: dict[str, tuple[str, str]] = {
    "the dead": (
        r"killed|killing|dead|died|deaths?|fatalit\w+|bodies",
        r"死亡|遇难|身亡|丧生|遇害|罹难|死",
    ),
    "the injured": (
        r"injur\w+|wounded|wounding|hurt|hospitali[sz]ed",
        r"受伤|重伤|轻伤|伤者|送医|伤",
    ),
    "the missing": (r"missing|unaccounted for", r"失踪|下落不明"),
    "the arrested": (r"arrest(?:s|ed|ing)|detained|detaining", r"被捕|逮捕|拘留|被拘|抓获"),
    "the rescued": (r"rescu(?:ed|ing)", r"获救|救出|营救"),
    "men": (r"m[ae]n|boys?|male", r"^男|^[名个位]男"),
    "women": (r"wom[ae]n|girls?|female", r"^女|^[名个位]女"),
}
_NAMES = tuple(_HEADS)


_VERBS = 5
"""The first so many heads are verbs, which may precede their number."""


def _either(
    language: Literal[0, 1], before: str, after: str, most: int = len(_NAMES)
) -> re.Pattern[str]:
    named = list(enumerate(_NAMES))[:most]
    words = "|".join(f"(?P<h{at}>{_HEADS[name][language]})" for at, name in named)
    return re.compile(f"{before}(?:{words}){after}", re.IGNORECASE)


_AFTER = {"en": _either(0, r"\b", r"\b"), "zh": _either(1, "", "")}
_BEFORE = {
    "en": _either(
        0, r"\b", r" (?:about |at least |nearly |some |more than |another |around |over )?$", _VERBS
    ),
    "zh": _either(1, "", "(?:了|约|至少|近|超过|者|人数)?$", _VERBS),
}
_ENDS = re.compile(r"[;；。.!?！？]")
_REACH = 36


def exclude(one: str, other: str) -> bool:
    """Whether nobody can be counted under both heads. A man may be injured; the dead are not."""
    kinds = [_NAMES.index(head) < _VERBS for head in (one, other)]
    return one != other and kinds[0] == kinds[1]


def names_head(text: str, head: str, language: Language) -> bool:
    """Whether the text mentions ``head`` at all."""
    words = _HEADS[head][0 if language == "en" else 1].replace("^", "")
    return (
        re.search(rf"\b(?:{words})\b" if language == "en" else words, text, re.IGNORECASE)
        is not None
    )


def head_of(text: str, quantity: Quantity, language: Language) -> str:
    """The head that the number counts; empty if it is none of the known ones."""
    numbers = [one for one in find_quantities(text) if one.kind != "code"]
    last = max((one.end for one in numbers if one.end <= quantity.start), default=0)
    following = min((one.start for one in numbers if one.start >= quantity.end), default=len(text))
    match = _BEFORE[language].search(text[last : quantity.start])
    if match is None:
        behind = text[quantity.end : min(following, quantity.end + _REACH)]
        match = _AFTER[language].search(_ENDS.split(behind)[0])
    if match is None:
        return ""
    return _NAMES[int(next(name for name, value in match.groupdict().items() if value)[1:])]
