"""Which language a text is written in, and in which script."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache, lru_cache
from typing import Final, Literal

import msgspec
from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from service.text.scripts import simplified_only, traditional_only

Script = Literal["Latn", "Hans", "Hant"]

# Languages that share an alphabet and are therefore told apart by lingua. Few, and in its low
# accuracy mode: 27 MB and 0.15 s to load for the Latin ones. All 75 languages take 82 MB and
# mistake more English; the accurate models take 570 MB and help with single short lines only.
_SHARED_ALPHABETS: Final[dict[str, tuple[Language, ...]]] = {
    "LATIN": (
        Language.ENGLISH,
        Language.FRENCH,
        Language.GERMAN,
        Language.SPANISH,
        Language.PORTUGUESE,
        Language.ITALIAN,
        Language.DUTCH,
        Language.POLISH,
        Language.TURKISH,
        Language.VIETNAMESE,
        Language.INDONESIAN,
        Language.SWEDISH,
        Language.CZECH,
        Language.ROMANIAN,
        Language.HUNGARIAN,
    ),
    "CYRILLIC": (Language.RUSSIAN, Language.UKRAINIAN),
    "ARABIC": (Language.ARABIC, Language.PERSIAN),
}
# Scripts that tell the language by themselves.
_OWN_ALPHABETS: Final[dict[str, str]] = {
    "HAN": "zh",
    "KANA": "ja",
    "HANGUL": "ko",
    "GREEK": "el",
    "HEBREW": "he",
    "THAI": "th",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "KHMER": "km",
    "LAO": "lo",
    "MYANMAR": "my",
    "BOPOMOFO": "zh",
}
# What one character says, in Latin letters. A news translation spends 3.1 to 3.8 letters on a Han
# character (WMT22, English to Chinese and Chinese to English).
_INFORMATION: Final[dict[str, float]] = {"HAN": 3.4, "KANA": 2.0, "HANGUL": 2.5}
_SAMPLE = 1500
_MIXED_FROM = 0.10
_KANA_FROM = 0.10
# English wins unless another language is ten times as likely: a refused English article is worse
# than a French one that is let through, and news is full of foreign names. On single lines this
# lifts the recall of English from 96% to 99%.
_ENGLISH_FAVOUR = 10.0


class Shares(msgspec.Struct, frozen=True):
    """Parts of the text's information, from 0 to 1, by script; together 1 unless all are 0."""

    han: float = 0.0
    latin: float = 0.0
    other: float = 0.0


class Detection(msgspec.Struct, frozen=True):
    """What :func:`detect` saw.

    ``language`` is an ISO 639-1 code, or None where nothing tells: digits, emoji, a letter or two,
    a script that stands in no table here. ``confidence`` is from 0 to 1. ``script`` is set for
    Latin and Chinese text; it is None for Chinese whose every character is common to Simplified
    and Traditional. ``mixed`` says that an English or Chinese text carries at least a tenth of its
    information in the other's script.
    """

    language: str | None = None
    confidence: float = 0.0
    script: Script | None = None
    mixed: bool = False
    shares: Shares = Shares()


def detect(text: str) -> Detection:
    """Detect the language that carries most of the text's information.

    Reads 1,500 characters each of the beginning, the middle and the end. Scripts are counted
    first, a Han character as 3.4 Latin letters, so that an English name in Chinese weighs little;
    with a tenth of kana, Han is Japanese. Safe to call from many threads.
    """
    sample = _sample(text)
    letters = Counter(_alphabet(character) for character in sample)
    del letters[""]
    weights = {name: n * _INFORMATION.get(name, 1.0) for name, n in letters.items()}
    total = sum(weights.values())
    if not total:
        return Detection()
    latin, han = weights.get("LATIN", 0.0) / total, weights.get("HAN", 0.0) / total
    shares = Shares(han=han, latin=latin, other=max(0.0, 1.0 - han - latin))

    kana = weights.get("KANA", 0.0)
    if kana and letters["KANA"] >= _KANA_FROM * (letters["KANA"] + letters["HAN"]):
        weights["KANA"] = kana + weights.pop("HAN", 0.0)
    alphabet = max(weights, key=lambda name: weights[name])
    share = weights[alphabet] / total
    if alphabet in _SHARED_ALPHABETS:
        language, certainty = _among(alphabet, sample)
    else:
        language, certainty = _OWN_ALPHABETS.get(alphabet), 1.0
    if language is None:
        return Detection(shares=shares)
    return Detection(
        language=language,
        confidence=share * certainty,
        script=_script(language, alphabet, sample),
        mixed={"en": han, "zh": latin}.get(language, 0.0) >= _MIXED_FROM,
        shares=shares,
    )


def _sample(text: str) -> str:
    if len(text) <= 3 * _SAMPLE:
        return text
    middle = (len(text) - _SAMPLE) // 2
    parts = (text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:])
    return "\n".join(parts)


@lru_cache(maxsize=8192)
def _alphabet(character: str) -> str:
    """Name of the letter's script, as the Unicode names spell it; empty if it is no letter."""
    if not character.isalpha():
        return ""
    name = unicodedata.name(unicodedata.normalize("NFKC", character)[0], "").split(" ")[0]
    if name.startswith(("HIRAGANA", "KATAKANA")):
        return "KANA"
    return "HAN" if name in {"CJK", "IDEOGRAPHIC"} else name


@cache
def _lingua(alphabet: str) -> LanguageDetector:
    languages = _SHARED_ALPHABETS[alphabet]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


def _among(alphabet: str, sample: str) -> tuple[str | None, float]:
    """The likeliest of the languages that share an alphabet, and how sure that is."""
    words = "".join(c if _alphabet(c) == alphabet or c in "'’" else " " for c in sample)
    values = _lingua(alphabet).compute_language_confidence_values(words)
    ranked = {value.language: value.value for value in values}
    best = max(ranked, key=lambda language: ranked[language])
    if not ranked[best]:
        return None, 0.0
    if ranked.get(Language.ENGLISH, 0.0) * _ENGLISH_FAVOUR >= ranked[best]:
        best = Language.ENGLISH
    return best.iso_code_639_1.name.lower(), ranked[best]


def _script(language: str, alphabet: str, sample: str) -> Script | None:
    if alphabet == "LATIN":
        return "Latn"
    if language != "zh":
        return None
    simplified = sum(character in simplified_only() for character in sample)
    traditional = sum(character in traditional_only() for character in sample)
    if simplified == traditional:
        return None
    return "Hans" if simplified > traditional else "Hant"
