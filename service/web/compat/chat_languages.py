"""Names of languages in the instructions of a chat request: those that briefs are written in, and
those that are refused by name. Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from service.languages import LanguageTag

_LANGUAGES: Final[dict[str, LanguageTag]] = {
    "en": "en",
    "english": "en",
    "american english": "en",
    "british english": "en",
    "英文": "en",
    "英语": "en",
    "英語": "en",
    "zh": "zh",
    "chinese": "zh",
    "mandarin": "zh",
    "mandarin chinese": "zh",
    "中文": "zh",
    "汉语": "zh",
    "漢語": "zh",
    "普通话": "zh",
    "华语": "zh",
    "華語": "zh",
    "simplified chinese": "zh-Hans",
    "chinese (simplified)": "zh-Hans",
    "chinese simplified": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-hans": "zh-Hans",
    "简体中文": "zh-Hans",
    "簡體中文": "zh-Hans",
    "traditional chinese": "zh-Hant",
    "chinese (traditional)": "zh-Hant",
    "chinese traditional": "zh-Hant",
    "zh-tw": "zh-TW",
    "zh-hk": "zh-HK",
    "zh-hant": "zh-Hant",
    "繁体中文": "zh-Hant",
    "繁體中文": "zh-Hant",
}
_OTHERS: Final = frozenset(
    """
    afrikaans albanian amharic arabic armenian assamese azerbaijani basque belarusian bengali
    bosnian bulgarian burmese cantonese catalan cebuano corsican croatian czech danish dutch
    esperanto estonian filipino finnish flemish french galician georgian german greek gujarati
    hausa hawaiian hebrew hindi hmong hungarian icelandic igbo indonesian irish italian
    japanese javanese kannada kazakh khmer kinyarwanda klingon korean kurdish kyrgyz lao latin
    latvian lingala lithuanian luxembourgish macedonian malagasy malay malayalam maltese maori
    marathi mongolian nepali norwegian odia oromo pashto persian farsi polish portuguese
    punjabi quechua romanian russian samoan sanskrit serbian shona sindhi sinhala slovak
    slovenian somali spanish sundanese swahili swedish tagalog tajik tamil tatar telugu thai
    tibetan tigrinya turkish turkmen ukrainian urdu uyghur uzbek vietnamese welsh wolof xhosa
    yiddish yoruba zulu
    """.split()
)
_QUALIFIED: Final = r"(?:(?:brazilian|european|latin american|swiss|canadian|mexican|standard)\s+)?"
_NAMED: Final = regex.compile(
    rf"\b(?:(?P<into>into|to)|in|language[ \t]*(?:[:=]|is|must be|should be))[ \t]+(?:the[ \t]+)?"
    rf"(?P<language>{_QUALIFIED}\L<names>)(?![\w-])",
    regex.IGNORECASE,
    names=[*_LANGUAGES, *_OTHERS],
)
_NO_LANGUAGE: Final = (
    "全 原 本 正 课 论 下 上 一 短 散 语 术 词 口 书面 成 母 白话 文言 行 作 外 双 俗 敬 旁".split()
)
"""What stands before 语 and 文 in words that are not the names of languages."""
_HAN_NAMED: Final = regex.compile(
    r"(?:用|使用|以|说|(?:翻?译|改写|转换?|写)(?:为|成|到)|语言(?:为|是|[:：]))[ \t]*"
    r"(?P<language>简体中文|繁体中文|簡體中文|繁體中文|普通话|(?!(?:\L<none>)[语語文])\p{Han}{1,5}?[语語文])",
    none=_NO_LANGUAGE,
)
_FOREIGN: Final[dict[str, str]] = {
    r"auf deutsch|ins deutsche": "German",
    r"en français|au français": "French",
    r"en español|al español": "Spanish",
    r"in italiano": "Italian",
    r"em português|para o português": "Portuguese",
    r"in het nederlands|op zijn nederlands": "Dutch",
    r"på svenska": "Swedish",
    r"på norsk": "Norwegian",
    r"på dansk": "Danish",
    r"suomeksi": "Finnish",
    r"po polsku|w języku polskim|na polski": "Polish",
    r"v češtině|česky": "Czech",
    r"по-русски|на русском|на русский": "Russian",
    r"українською": "Ukrainian",
    r"türkçe": "Turkish",
    r"bằng tiếng việt|tiếng việt": "Vietnamese",
    r"dalam bahasa indonesia|bahasa indonesia": "Indonesian",
    r"日本語で|日本語に": "Japanese",
    r"한국어로": "Korean",
    r"بالعربية|باللغة العربية": "Arabic",
    r"हिन्दी में|हिंदी में": "Hindi",
    r"เป็นภาษาไทย": "Thai",
}
"""How people name a language in it."""
_IN_ITSELF: Final = tuple(
    (
        regex.compile(
            rf"(?<![\p{{Latin}}\p{{Cyrillic}}])(?:{phrase})(?!\p{{Latin}})", regex.IGNORECASE
        ),
        name,
    )
    for phrase, name in _FOREIGN.items()
)


def named_language(instructions: str, wrapped: Iterator[str]) -> tuple[LanguageTag | None, str]:
    """Return the language that ``instructions`` name, or the name of one that is not supported.
    ``wrapped`` are names that stand where a known program's instruction has its language; a
    language to translate into takes precedence over one to write in.
    """
    found = list(filter(None, wrapped))
    named = list(_NAMED.finditer(instructions))
    found += [match["language"] for match in named if match["into"]]
    found += [match["language"] for match in named if not match["into"]]
    found += [match["language"] for match in _HAN_NAMED.finditer(instructions)]
    for name in found:
        return (tag, "") if (tag := language_of(name)) else (None, name.strip())
    return None, foreign_language(instructions)


def foreign_language(text: str) -> str:
    """Return the English name of a language that ``text`` names in that language, else nothing."""
    return next((name for phrase, name in _IN_ITSELF if phrase.search(text)), "")


def language_of(name: str) -> LanguageTag | None:
    """Return the tag of a language's name, None if it is not supported."""
    name = " ".join(name.lower().split()).removesuffix(" language").removeprefix("the ")
    return _LANGUAGES.get(name)
