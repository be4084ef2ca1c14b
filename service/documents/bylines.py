"""Who wrote an article, by its lines and by what its page declares. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_HAN_NAME: Final = r"[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,6})*"
_HAN_NAMES: Final = (
    rf"(?P<names>{_HAN_NAME}(?:(?:[ \u3000]*[、，,&][ \u3000]*|[ \u3000]+){_HAN_NAME})*)"
)
_ROLE: Final = (
    r"(?:(?:\S{0,8}?(?:见习|实习|首席|特约|本报|本台|本网|驻\S{2,6}))?记者"
    r"|通讯员|特约撰稿人?|专栏作者|实习生)"
)
_END: Final = (
    r"(?=[ \u3000]*(?:[）)】\]|｜/／;；。]|$)"
    r"|[ \u3000]+(?:发自|报道|摄|编辑|责编|校对|审校|整合|综合|编译|摄影|通讯员|实习生|发布|\d))"
)
_CHINESE: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # a line of its own, or in brackets at the beginning or the end of one
        rf"^[（(【\[]?\S{{0,8}}?{_ROLE}[ \u3000:：/|丨]*{_HAN_NAMES}{_END}",
        rf"[（(【\[](?:\S{{0,10}}?[/／ ])?\S{{0,8}}?{_ROLE}[ \u3000:：/|丨]*{_HAN_NAMES}{_END}",
        (
            r"^[（(【\[ ]*(?:文|采写|撰文|撰稿|作者|执笔|编写)[ \u3000]*[:：/／|丨]"
            rf"[ \u3000]*(?:\S{{0,8}}?{_ROLE}[ \u3000]*)?{_HAN_NAMES}{_END}"
        ),
        rf"作者[:：][ \u3000]*{_HAN_NAMES}{_END}",
        rf"[（(]文/图[ \u3000]+{_HAN_NAMES}[）)]$",
    )
)
_SIGNATURE: Final = re.compile(r"[。！？”][（(](?P<names>[\u4e00-\u9fff]{2,3})[）)]$")
"""A name in brackets behind the last sentence."""
_WORK: Final = frozenset(
    "整合 综合 编译 报道 摄影 发自 编辑 整理 实习 翻译 作者 本刊 本报 本网 完 全文完".split()
)
"""What stands beside names and is none."""
_WORD: Final = r"[A-Z][\w'’.-]*"
_ENGLISH: Final = re.compile(
    r"^\W*(?i:(?:words|written|reporting|story)\s+)?(?:[Bb]y|BY):?\s+"
    rf"(?P<names>{_WORD}(?:\s+(?:(?:de|van|von|der|la|al|bin)\s+)*{_WORD}){{1,3}}"
    rf"(?:(?:,?\s+and\s+|\s*&\s*){_WORD}(?:\s+{_WORD}){{1,3}})*)"
    r"(?=\s*(?:[,|·•—–-]|in\s|for\s|$))"
)
_LINES: Final = 6
"""So many first and last lines are read."""
_LONGEST: Final = 80
_NO_PERSON: Final = re.compile(
    r"@|https?:|www\.|[ .](?:com|net|cn)\b|\d{2}|[:：]|编辑|责编|授权|关注|版权|网友|未知|佚名"
    r"|管理员|登录|回复|来源|复制|客户端|通讯社"
    r"|\b(?:no author|edited|january|february|march|april|june|july|august|september|october"
    r"|november|december|e-?mail|admin|editor|name|comment|login|subscribe|follow|unknown"
    r"|anonymous|guest)\b",
    re.IGNORECASE,
)
_LATIN: Final = re.compile(r"[A-Za-z]")
_HAN_ONLY: Final = re.compile(rf"{_HAN_NAME}$")
_LABEL: Final = re.compile(
    r"^(?:(?:view all posts |posted |written |words )?by|author|作者[:：])\s+|\s+says$",
    re.IGNORECASE,
)
_SEPARATORS: Final = re.compile(r"\s*[;；、,，&]\s*|[ 　]+(?=[\u4e00-\u9fff])|\s+and\s+")
_OUTLETS: Final = re.compile(r"(?:网|报|社|台|频道|新闻|财经|科技|日报|晚报|周刊|杂志|公众号)$")


def author_of(lines: Sequence[str], declared: Iterable[str]) -> str:
    """Return the authors, with commas: those of a byline in the first or the last ``lines``, else
    the first of those ``declared`` that can be a name. Empty if there are none.
    """
    read = lines if len(lines) <= 2 * _LINES else [*lines[:_LINES], *lines[-_LINES:]]
    for line in read:
        if found := _byline(line):
            return ", ".join(found)
    if lines and (signed := _SIGNATURE.search(lines[-1])) and signed["names"] not in _WORK:
        return signed["names"]
    for one in declared:
        names = list(_names(one))
        if names and all(map(_can_be_author, names)):
            return ", ".join(names)
    return ""


def _byline(line: str) -> list[str]:
    if len(line) <= _LONGEST and (found := _ENGLISH.match(line)):
        return list(_names(found["names"]))
    for pattern in _CHINESE:
        # a reporter in brackets also opens the first paragraph, which is long
        found = pattern.search(line[:_LONGEST]) or pattern.search(line[-_LONGEST:])
        if found:
            return [name for name in _names(found["names"]) if name not in _WORK]
    return []


def _names(text: str) -> Iterator[str]:
    seen: set[str] = set()
    for name in _SEPARATORS.split(text.strip()):
        bare = _LABEL.sub("", name.strip())
        if bare and bare not in seen:
            seen.add(bare)
            yield bare


def _can_be_author(name: str) -> bool:
    """Whether a declared author can be one: a person, or the name that somebody writes under."""
    if len(name) > _LONGEST // 2 or _NO_PERSON.search(name) or _OUTLETS.search(name):
        return False
    return bool(_HAN_ONLY.match(name) or _LATIN.search(name) or len(name) <= 12)
