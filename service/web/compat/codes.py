"""Language codes as clients of other services write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from service.languages import LanguageTag
from service.text.scripts import Variant

Listed = Literal["en", "zh", "zh-Hans", "zh-Hant", "zh-CN", "zh-TW", "zh-HK"]

NAMES: Final[Mapping[Listed, str]] = {
    "en": "English",
    "zh": "Chinese",
    "zh-Hans": "Chinese (simplified)",
    "zh-Hant": "Chinese (traditional)",
    "zh-CN": "Chinese (China)",
    "zh-TW": "Chinese (Taiwan)",
    "zh-HK": "Chinese (Hong Kong)",
}
"""The codes that are listed to clients, with their English names. Others are accepted too. Some
clients (Mastodon since 4.4) send a reader's region only if it is listed.
"""

_TAGS: Final[Mapping[str, LanguageTag]] = {
    "en": "en",
    "en-us": "en",
    "en-gb": "en",
    "zh": "zh",
    "zh-hans": "zh-Hans",
    "zh-hans-cn": "zh-Hans",
    "zh-hans-sg": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-hant": "zh-Hant",
    "zt": "zh-Hant",
    "zh-hant-tw": "zh-TW",
    "zh-tw": "zh-TW",
    "zh-hant-hk": "zh-HK",
    "zh-hk": "zh-HK",
    "zh-hant-mo": "zh-HK",
    "zh-mo": "zh-HK",
}


def read_code(code: str) -> LanguageTag | None:
    """Return our tag for a code (any case, ``_`` for ``-``), None if it is not supported."""
    return _TAGS.get(code.strip().replace("_", "-").lower())


def read_source(code: str) -> LanguageTag | Literal["auto"] | None:
    """Return the tag as :func:`read_code` does; ``auto`` stays as it is."""
    return "auto" if code.strip().lower() == "auto" else read_code(code)


def emitted(language: str, bare_zh: Variant) -> str:
    """Return the code under which a detected language is reported. Chinese is reported with its
    script, ``bare_zh`` if that is unknown; other codes stay as they are.
    """
    if language == "zh":
        language = bare_zh
    return "zh-Hant" if language in {"zh-TW", "zh-HK"} else language
