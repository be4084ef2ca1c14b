"""The two languages, as the whole service names them."""

from __future__ import annotations

from typing import Literal

from service.text.numbers import Language

__all__ = ["Language", "LanguageTag", "language_of"]

LanguageTag = Literal["en", "zh", "zh-Hans", "zh-Hant", "zh-TW", "zh-HK"]
"""What a caller may ask for; bare ``zh`` means what the caller's key or the settings say."""


def language_of(tag: LanguageTag) -> Language:
    """The language that ``tag`` names a script of."""
    return "en" if tag == "en" else "zh"
