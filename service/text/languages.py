"""Detecting the language and the script of a text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final, Literal

import msgspec
from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from service.text import latin
from service.text.latin import Judgement, is_prose, judge
from service.text.scripts import Variant, convert, simplified_only, traditional_only

Script = Literal["Latn", "Hans", "Hant"]

# Languages that share an alphabet other than Latin, and are distinguished by lingua.
_SHARED_ALPHABETS: Final[dict[str, tuple[Language, ...]]] = {
    "CYRILLIC": (Language.RUSSIAN, Language.UKRAINIAN),
    "ARABIC": (Language.ARABIC, Language.PERSIAN),
}
# Scripts that belong to one language.
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
CODES: Final = (
    latin.CODES
    | {*_OWN_ALPHABETS.values()}
    | {one.iso_code_639_1.name.lower() for shared in _SHARED_ALPHABETS.values() for one in shared}
)
"""The languages that :func:`detect` can return, as ISO 639-1 codes."""
_NAMES: Final[dict[str, str]] = {
    "ar": "Arabic",
    "bn": "Bengali",
    "cs": "Czech",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "km": "Khmer",
    "ko": "Korean",
    "lo": "Lao",
    "my": "Burmese",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "ta": "Tamil",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
# The information of a character, in Latin letters. A news translation has 3.1 to 3.8 letters per
# Han character (WMT22, English to Chinese and Chinese to English).
_INFORMATION: Final[dict[str, float]] = {"HAN": 3.4, "KANA": 2.0, "HANGUL": 2.5}
_SAMPLE = 1500
_MIXED_FROM = 0.10
_KANA_FROM = 0.10
# A text with at least this share of Chinese is never refused.
_CHINESE_FROM = 0.30
# Han next to kana or hangul counts as Chinese from this share of characters that only Chinese has.
# They are a quarter of Simplified text, and far fewer of Japanese text that quotes a name.
_CHINESE_CHARACTERS_FROM = 0.10
_GRAMMAR_FROM = 0.15
_CHINESE_ALONE: Final = frozenset("你妳您她吧呢哪啥咖啡")
_RARE_FROM = "\uffff"
_SURROGATES = re.compile("[\ud800-\udfff]")
# Text without a language: placeholders, tags, entities, addresses.
_NO_WORDS = re.compile(
    r"#[A-Z][A-Z0-9_]*#|%\(\w+\)[a-z]|%\d*\$?[a-z]\b|\{[^{}\s]{0,40}\}"
    r"|</?[A-Za-z][^<>]{0,400}>|&#?\w{1,12};|\bhttps?://[!-~]+|\bwww\.[!-~]+"
    r"|[\w.+-]{1,64}@[A-Za-z0-9-]{1,64}\.[A-Za-z0-9.-]{1,64}"
)
_REGIONS: Final[tuple[Variant, ...]] = ("zh-TW", "zh-HK")


class Shares(msgspec.Struct, frozen=True):
    """Shares of the text's information by script, from 0 to 1. They add up to 1 unless all are
    0.
    """

    han: float = 0.0
    latin: float = 0.0
    other: float = 0.0


class Detection(msgspec.Struct, frozen=True):
    """What :func:`detect` found.

    ``language`` is an ISO 639-1 code. It is None if the text has no evidence of a language (digits,
    emoji, placeholders, addresses, a letter or two) or is in an unknown script. ``confidence`` is
    from 0 to 1; if the text is only names, or a word or two, another language gets at most half of
    it. ``ours`` is which of the two languages the text is treated as: None if ``language`` is None,
    or if the text is surely in another language. ``script`` is set for Latin and Chinese text; it
    is None for Chinese whose characters are all both Simplified and Traditional. ``mixed`` says
    that a text in one of ours has at least a tenth of its information in the script of the other.
    """

    language: str | None = None
    confidence: float = 0.0
    ours: Literal["en", "zh"] | None = None
    script: Script | None = None
    mixed: bool = False
    shares: Shares = Shares()


def detect(text: str) -> Detection:
    """Detect the language that carries most of the text's information.

    Reads 1,500 characters each of the beginning, the middle and the end, without placeholders,
    tags and addresses. Scripts are counted first, a Han character as 3.4 Latin letters, so that an
    English name in Chinese weighs little; with a tenth of kana, Han is Japanese, unless there are
    characters that only Chinese writes. What is written in Latin letters is English unless another
    language is much likelier; beside Chinese, words that make no sentence are names. Safe to call
    from many threads.
    """
    sample = _SURROGATES.sub(" ", _NO_WORDS.sub(" ", _sample(text)))
    letters = Counter(_alphabet(character) for character in sample)
    del letters[""]
    weights = {name: n * _INFORMATION.get(name, 1.0) for name, n in letters.items()}
    total = sum(weights.values())
    if not total:
        return Detection()
    latin, han = weights.get("LATIN", 0.0) / total, weights.get("HAN", 0.0) / total
    shares = Shares(han=han, latin=latin, other=max(0.0, 1.0 - han - latin))

    kana = weights.get("KANA", 0.0)
    # a foreign name in Chinese text, as in 优の良品, does not change the language
    chinese = han >= _CHINESE_FROM and latin + han < 1.0 and _is_chinese(sample)
    if kana and letters["KANA"] >= _KANA_FROM * (letters["KANA"] + letters["HAN"]) and not chinese:
        weights["KANA"] = kana + weights.pop("HAN", 0.0)
    alphabet = max(weights, key=lambda name: weights[name])
    if alphabet in {"KANA", "HANGUL"} and chinese:
        alphabet = "HAN"
    words = _words("LATIN", sample) if latin else []
    if alphabet == "LATIN" and han >= _MIXED_FROM and not is_prose(words):
        alphabet = "HAN" if "HAN" in weights else "KANA"
    judgement = _judge(alphabet, words, sample)
    language = judgement.language
    if language is None:
        return Detection(shares=shares)
    ours = _ours(language, alphabet, sure=judgement.sure, han=han)
    return Detection(
        language=language,
        confidence=weights[alphabet] / total * judgement.certainty,
        ours=ours,
        script=_script(language, alphabet, sample),
        mixed={"en": han, "zh": latin, None: 0.0}[ours] >= _MIXED_FROM,
        shares=shares,
    )


def load() -> None:
    """Load the Latin languages and the tables of Chinese characters, for which the first text would
    have to wait (0.3 s and 30 MB). No other thread runs meanwhile.
    """
    latin.load()
    simplified_only()
    traditional_only()


def describe(code: str) -> str:
    """Name a language that was detected, with its code: ``French (fr)``."""
    return f"{_NAMES[code]} ({code})"


def _judge(alphabet: str, words: Sequence[str], sample: str) -> Judgement:
    if alphabet == "LATIN":
        return judge(words)
    if alphabet in _SHARED_ALPHABETS:
        return _among(alphabet, sample)
    return Judgement(_OWN_ALPHABETS.get(alphabet), 1.0, sure=True)


def _ours(language: str, alphabet: str, *, sure: bool, han: float) -> Literal["en", "zh"] | None:
    if language in {"en", "zh"}:
        return "en" if language == "en" else "zh"
    if han >= _CHINESE_FROM and alphabet not in {"KANA", "HANGUL"}:
        return "zh"
    return None if sure else "en"


def _is_chinese(sample: str) -> bool:
    """Whether enough of the Han characters are not used in Japanese, and the other characters are
    only a name: katakana, hangul or の, without Japanese grammar.
    """
    letters = [character for character in sample if _alphabet(character) in {"HAN", "KANA"}]
    han = [character for character in letters if _alphabet(character) == "HAN"]
    grammar = sum("ぁ" <= character <= "ゖ" and character != "の" for character in letters)
    return grammar < _GRAMMAR_FROM * len(letters) and sum(
        map(_chinese_only, han)
    ) >= _CHINESE_CHARACTERS_FROM * len(han)


@lru_cache(maxsize=8192)
def _chinese_only(character: str) -> bool:
    """Whether a character is neither in the Japanese standard (JIS X 0213) nor in Windows' Japanese
    code page, or only used in Chinese although it is. Rare ones are in no standard; 𠮷 is Japanese.
    """
    if character in _CHINESE_ALONE:
        return True
    if character > _RARE_FROM:
        return False
    return not any(_can_encode(character, encoding) for encoding in ("euc_jis_2004", "cp932"))


def _can_encode(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _sample(text: str) -> str:
    if len(text) <= 3 * _SAMPLE:
        return text
    middle = (len(text) - _SAMPLE) // 2
    parts = (text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:])
    return "\n".join(parts)


@lru_cache(maxsize=8192)
def _alphabet(character: str) -> str:
    """Return the script of a letter as Unicode names it; empty for other characters."""
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


def _among(alphabet: str, sample: str) -> Judgement:
    """Return the most likely of the languages that share an alphabet, and its confidence."""
    text = " ".join(_words(alphabet, sample))
    ranked = _lingua(alphabet).compute_language_confidence_values(text)
    best = max(ranked, key=lambda one: one.value)
    if not best.value:
        return Judgement()
    return Judgement(best.language.iso_code_639_1.name.lower(), best.value, sure=True)


def _words(alphabet: str, sample: str) -> list[str]:
    """Return the words in an alphabet, with straight apostrophes."""
    kept = (c if _alphabet(c) == alphabet or c == "'" else " " for c in sample.replace("’", "'"))
    return "".join(kept).split()


def _script(language: str, alphabet: str, sample: str) -> Script | None:
    if alphabet == "LATIN":
        return "Latn"
    if language != "zh":
        return None
    simplified = sum(character in simplified_only() for character in sample)
    traditional = sum(character in traditional_only() for character in sample)
    if simplified == traditional:
        return _script_of_phrases(sample)
    return "Hans" if simplified > traditional else "Hant"


def _script_of_phrases(sample: str) -> Script | None:
    """Determine the script from characters that both scripts have, but in different words: 然后 is
    Simplified, 皇后 may be either. Several regional tables are used because they differ in the
    Traditional form (裏, 裡; 台).
    """
    to_simplified = convert(sample, "zh-Hans") != sample
    to_traditional = all(convert(sample, region) != sample for region in _REGIONS)
    if to_simplified:
        return "Hant"
    return "Hans" if to_traditional else None
