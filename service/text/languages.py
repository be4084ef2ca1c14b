"""Which language a text is written in, and in which script."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from typing import Final, Literal

import msgspec
from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from service.text.scripts import Variant, convert, simplified_only, traditional_only

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
_SURROGATES = re.compile("[\ud800-\udfff]")
# What is in no language: placeholders, tags, entities, addresses.
_NO_WORDS = re.compile(
    r"#[A-Z][A-Z0-9_]*#|%\(\w+\)[a-z]|%\d*\$?[a-z]\b|\{[^{}\s]{0,40}\}"
    r"|</?[A-Za-z][^<>]{0,400}>|&#?\w{1,12};|\bhttps?://[!-~]+|\bwww\.[!-~]+"
    r"|[\w.+-]{1,64}@[A-Za-z0-9-]{1,64}\.[A-Za-z0-9.-]{1,64}"
)
# English wins unless another language is a hundred times as likely: a text that is wrongly refused
# is worse than a French one that is let through, and lingua's three letters in a row tell little
# of one word (it takes "Password" for Italian).
_ENGLISH_FAVOUR = 100.0
# What a common word says for or against English. Letters with accents speak against it.
_WORD_SAYS = 30.0
_ACCENT_SAYS = 100.0
# Common words that no other of the Latin languages above writes, and those of user interfaces.
_ENGLISH_WORDS: Final = frozenset(
    """the of and to is were be been being have has had does did will would can could should may
    might must you your yours we our they them their she he his him it its this that these those
    what which who whose when where why how there here not with from for by about into than then
    because if but or my i'm it's don't can't i'll any some each other more most many much very
    just only also own out up down over after before please get got make made used using see show
    view edit add save delete remove open close search find send log sign file files help name
    date time user users page settings password email change create update download upload select
    yes ok okay hello thanks thank sorry welcome""".split()
)
# Two letters tell lingua nothing; these stand alone on buttons and in chats.
_SHORT_WORDS: Final = frozenset("ad am go hi id me no off on pm tv us".split())
# Common words of the other languages that English does not write.
_OTHER_WORDS: Final = frozenset(
    """le la les des du et est dans que qui sur avec pas ce cette vous nous aux ou der die das und
    ist ein eine nicht mit für zu den dem von auf im werden wird sie wurde el los las una del con
    para se su es al como más il lo gli di che per della sono nel è os uma não em da dos com het een
    van niet voor op met te en de och att är inte det som av för na się jest w z bir bu ve için ile
    yang dan untuk dengan tidak dari ini si pe sau cu este az és egy nem hogy je že pro không của
    và""".split()
)
_SHORT: Final = _ENGLISH_WORDS | _SHORT_WORDS
# The least share of common words in prose. A line with so many English words, and none of the
# others', needs no closer look.
_PROSE = 0.2
_REGIONS: Final[tuple[Variant, ...]] = ("zh-TW", "zh-HK")


class Shares(msgspec.Struct, frozen=True):
    """Parts of the text's information, from 0 to 1, by script; together 1 unless all are 0."""

    han: float = 0.0
    latin: float = 0.0
    other: float = 0.0


class Detection(msgspec.Struct, frozen=True):
    """What :func:`detect` saw.

    ``language`` is an ISO 639-1 code, or None where nothing tells: digits, emoji, placeholders,
    addresses, a letter or two, a script that stands in no table here. ``confidence`` is from 0 to
    1. ``script`` is set for Latin and Chinese text; it is None for Chinese whose every character
    both Simplified and Traditional may write here. ``mixed`` says that an English or Chinese text
    carries at least a tenth of its information in the other's script.
    """

    language: str | None = None
    confidence: float = 0.0
    script: Script | None = None
    mixed: bool = False
    shares: Shares = Shares()


def detect(text: str) -> Detection:
    """Detect the language that carries most of the text's information.

    Reads 1,500 characters each of the beginning, the middle and the end, without placeholders,
    tags and addresses. Scripts are counted first, a Han character as 3.4 Latin letters, so that an
    English name in Chinese weighs little; with a tenth of kana, Han is Japanese. What is written in
    Latin letters is English unless another language is much likelier; beside Chinese, words that
    make no sentence are names. Safe to call from many threads.
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
    if kana and letters["KANA"] >= _KANA_FROM * (letters["KANA"] + letters["HAN"]):
        weights["KANA"] = kana + weights.pop("HAN", 0.0)
    alphabet = max(weights, key=lambda name: weights[name])
    if alphabet == "LATIN" and han >= _MIXED_FROM and not _is_prose(sample):
        alphabet = "HAN" if "HAN" in weights else "KANA"
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
    text = _words(alphabet, sample)
    words = text.lower().split()
    english, others = _known(words)
    if alphabet == "LATIN" and english >= max(2, _PROSE * len(words)) and not others:
        return "en", 1.0
    values = _lingua(alphabet).compute_language_confidence_values(text)
    ranked = {value.language: value.value for value in values}
    if not any(ranked.values()):
        return ("en", 0.5) if words and _SHORT.issuperset(words) else (None, 0.0)
    if Language.ENGLISH in ranked:
        accents = 1.0 if text.isascii() else _ACCENT_SAYS
        ranked[Language.ENGLISH] *= _ENGLISH_FAVOUR * _says(english - others) / accents
    best = max(ranked, key=lambda language: ranked[language])
    return best.iso_code_639_1.name.lower(), ranked[best] / sum(ranked.values())


def _words(alphabet: str, sample: str) -> str:
    """The words in an alphabet, between spaces, with straight apostrophes."""
    return "".join(
        c if _alphabet(c) == alphabet or c == "'" else " " for c in sample.replace("’", "'")
    )


def _is_prose(sample: str) -> bool:
    """Whether words in Latin letters make a sentence, rather than names."""
    words = _words("LATIN", sample).lower().split()
    return sum(_known(words)) >= max(2, _PROSE * len(words))


def _known(words: list[str]) -> tuple[int, int]:
    """Number of common English words, and of common words of other languages."""
    return sum(word in _ENGLISH_WORDS for word in words), sum(
        word in _OTHER_WORDS for word in words
    )


def _says(words: int) -> float:
    # beyond a few words lingua knows better, and floating point ends
    return float(_WORD_SAYS ** max(-4, min(4, words)))


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
    """Judge by characters that both scripts have in other words: 然后 is Simplified, 皇后 may be
    either. The regions are asked because they differ in what they call Traditional (裏, 裡; 台).
    """
    to_simplified = convert(sample, "zh-Hans") != sample
    to_traditional = all(convert(sample, region) != sample for region in _REGIONS)
    if to_simplified:
        return "Hant"
    return "Hans" if to_traditional else None
