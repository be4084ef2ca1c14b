"""Texts that have one fixed translation: the name of a month or a day, as in a date picker (*May*,
星期一), the closing of a letter, a function word (*of*). Without context, a model takes *May* for a
verb and invents a sentence around *of*.
"""

from __future__ import annotations

import re
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
_CLOSINGS: Final[dict[Language, dict[str, str]]] = {
    "zh": dict.fromkeys(
        ("Kind regards", "Best regards", "Regards", "With kind regards", "With best regards",
         "Yours sincerely", "Sincerely yours", "Sincerely", "Yours faithfully", "Yours truly"),
        "此致敬礼",
    )
    | dict.fromkeys(("Best wishes", "All the best", "Best"), "祝好"),
    "en": {
        "此致": "With best regards,",
        "敬礼": "Yours sincerely,",
        "此致敬礼": "Yours sincerely,",
        "祝好": "Best wishes,",
        "顺颂商祺": "With best wishes,",
    },
}  # fmt: skip
_WORDS: Final = {
    "the": "该", "a": "一个", "an": "一个", "of": "的", "and": "和", "or": "或", "but": "但",
    "with": "与",
}  # fmt: skip
"""*From*, *To*, *On* and *In* are missing because they occur as labels."""
_AFTER_CLOSING: Final = re.compile("[,，!！]$")
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


def fixed_translation(text: str, target: Language) -> str | None:
    """The translation of ``text`` into ``target``; None if ``text`` has no fixed one. English
    months and days must begin with a capital: *may* and *march* are other words.
    """
    closing = _CLOSINGS[target].get(_AFTER_CLOSING.sub("", text))
    if closing is None and target == "zh":
        closing = _WORDS.get(text.lower())
    return closing or _INTO[target].get(text.title() if text.isupper() else text)
