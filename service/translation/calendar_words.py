"""The name of a month or a day that stands alone, as in a date picker: *May*, 星期一. Without a
sentence around it, a model takes *May* for a verb or for any month.
"""

from __future__ import annotations

from typing import Final

from service.languages import Language

_MONTHS: Final = (
    ("January", "Jan", "一月"),
    ("February", "Feb", "二月"),
    ("March", "Mar", "三月"),
    ("April", "Apr", "四月"),
    ("May", "May", "五月"),
    ("June", "Jun", "六月"),
    ("July", "Jul", "七月"),
    ("August", "Aug", "八月"),
    ("September", "Sep", "九月"),
    ("October", "Oct", "十月"),
    ("November", "Nov", "十一月"),
    ("December", "Dec", "十二月"),
)
_DAYS: Final = (
    ("Monday", "一"),
    ("Tuesday", "二"),
    ("Wednesday", "三"),
    ("Thursday", "四"),
    ("Friday", "五"),
    ("Saturday", "六"),
    ("Sunday", "日"),
)
_INTO: Final[dict[Language, dict[str, str]]] = {
    "zh": {
        **{form: chinese for english, short, chinese in _MONTHS for form in (english, short)},
        **{english: f"星期{chinese}" for english, chinese in _DAYS},
    },
    "en": {
        **{chinese: english for english, _, chinese in _MONTHS},
        **{f"{at}月": english for at, (english, _, _) in enumerate(_MONTHS, 1)},
        **{
            f"{week}{chinese}": english
            for english, chinese in (*_DAYS, ("Sunday", "天"))
            for week in ("星期", "礼拜", "周", "週")
        },
    },
}


def calendar_word(text: str, target: Language) -> str | None:
    """What ``text`` is in ``target``, if it is a month or a day of the week and nothing else. An
    English one is written with a capital: *may* and *march* are words of other kinds.
    """
    return _INTO[target].get(text.title() if text.isupper() else text)
