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
_SECTIONS: Final[dict[str, str]] = {
    "时政": "Politics",
    "国内": "China",
    "国际": "World",
    "国际新闻": "World",
    "港澳台": "Hong Kong, Macao and Taiwan",
    "台港澳": "Hong Kong, Macao and Taiwan",
    "社会": "Society",
    "社会广角": "Society",
    "社会新闻": "Society",
    "法治": "Law",
    "法制": "Law",
    "财经": "Finance",
    "经济": "Economy",
    "行情": "Markets",
    "科技": "Science and technology",
    "科教": "Science and education",
    "教育": "Education",
    "文化": "Culture",
    "文体": "Culture and sports",
    "文物考古": "Archaeology",
    "娱乐": "Entertainment",
    "体育": "Sports",
    "生态": "Environment",
    "环境": "Environment",
    "健康": "Health",
    "医卫": "Health",
    "军事": "Military",
    "农村": "Countryside",
    "三农": "Agriculture",
    "旅游": "Travel",
    "突发": "Breaking",
    "快讯": "Newsflash",
    "锐新闻": "News",
    "简讯": "In brief",
    "特稿": "Feature",
    "新华时评": "Commentary",
}
"""Sections that Chinese agencies print in brackets before a headline: （财经·行情）."""
_SECTION: Final = re.compile(
    rf"[（(]({'|'.join(sorted(_SECTIONS, key=len, reverse=True))})"
    r"(?:·([^（）()]{1,12}))?[）)]\s*(?=\S)"
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
    section = _SECTION.match(text) if source == "zh" else None
    if section and (not section[2] or section[2] in _SECTIONS):
        parts = [_SECTIONS[one] for one in section.groups() if one]
        return Label(section.end(), f"({' - '.join(parts)}) ")
    found = _LEADING[source].match(text)
    return Label(found.end(), _FORMS[source][found[1].lower()]) if found else None
