"""Wagtail's language codes and the service's tags."""

from __future__ import annotations

import re
from collections import Counter

_TAGS = {
    "zh": "zh",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-hans": "zh-Hans",
    "zh-hant": "zh-Hant",
    "zh-tw": "zh-TW",
    "zh-hk": "zh-HK",
    "zh-mo": "zh-HK",
}
_MARKUP = re.compile(r"<[^<>]*>")


def tag_of(code: str) -> str:
    """The service's tag for a language code of Django's, with the script that it says; empty for a
    language that is neither English nor Chinese.
    """
    code = code.lower().replace("_", "-")
    return _TAGS.get(code, "") or ("en" if code.split("-")[0] == "en" else "")


def language_of(tag: str) -> str:
    """``en`` or ``zh``."""
    return tag.split("-", maxsplit=1)[0].lower()


def same_markup(source: str, translation: str) -> bool:
    """Whether a translation has the tags of its source, each as often, attributes and all."""
    return Counter(_MARKUP.findall(source)) == Counter(_MARKUP.findall(translation))
