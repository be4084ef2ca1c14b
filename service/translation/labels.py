"""Labels that newsrooms print before a text, such as *Opinion:* or 评论：. They are translated by a
table, because a model translates them inconsistently or leaves them out.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from service.languages import Language

_LABELS: Final[tuple[tuple[str, str], ...]] = (
    ("Opinion", "评论"),
    ("Commentary", "评论"),
    ("Editorial", "社论"),
    ("Analysis", "分析"),
    ("Explainer", "解读"),
    ("Satire", "讽刺"),
    ("Sponsored", "推广"),
    ("Advertisement", "广告"),
    ("Corrected", "更正"),
    ("Correction", "更正"),
    ("Clarification", "澄清"),
    ("Interview", "访谈"),
    ("Exclusive", "独家"),
    ("Breaking news", "突发新闻"),
    ("Breaking", "突发"),
    ("Update", "更新"),
    ("Obituary", "讣告"),
    ("Fact check", "事实核查"),
)
_FORMS: Final[dict[Language, dict[str, str]]] = {
    "en": {english.lower(): f"{chinese}：" for english, chinese in _LABELS},
    "zh": {chinese: f"{english}: " for english, chinese in reversed(_LABELS)},
}
_LEADING: Final[dict[Language, re.Pattern[str]]] = {
    source: re.compile(
        rf"({'|'.join(sorted(forms, key=len, reverse=True))})[:：]\s*(?=[\w“\"‘'《])",
        re.IGNORECASE,
    )
    for source, forms in _FORMS.items()
}


class Label(msgspec.Struct, frozen=True):
    """A label that ends at ``end`` of a text, and its ``translation``, with the colon."""

    end: int
    translation: str


def find_label(text: str, source: Language) -> Label | None:
    """The label that ``text`` begins with; None if it has none or nothing follows it."""
    found = _LEADING[source].match(text)
    return Label(found.end(), _FORMS[source][found[1].lower()]) if found else None
