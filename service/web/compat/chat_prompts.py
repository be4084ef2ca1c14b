"""Reads the instructions of a chat request. Programs that summarize or translate through OpenAI's
protocol wrap the text in an instruction. The wrappings of known programs are recognized here, so
that the instruction is not taken for part of the article. Pure functions.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec
import regex

from service.briefs.model import LengthName, SentenceCount, Style
from service.languages import LanguageTag

MOST_SENTENCES: Final = 10
"""Most sentences that a request may ask for."""
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
    "中文": "zh",
    "汉语": "zh",
    "simplified chinese": "zh-Hans",
    "chinese (simplified)": "zh-Hans",
    "chinese simplified": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-hans": "zh-Hans",
    "简体中文": "zh-Hans",
    "traditional chinese": "zh-Hant",
    "chinese (traditional)": "zh-Hant",
    "chinese traditional": "zh-Hant",
    "zh-tw": "zh-TW",
    "zh-hk": "zh-HK",
    "zh-hant": "zh-Hant",
    "繁体中文": "zh-Hant",
    "繁體中文": "zh-Hant",
}
_OTHER_LANGUAGES: Final = frozenset(
    """
    arabic bengali czech danish dutch finnish french german greek hebrew hindi hungarian indonesian
    italian japanese korean malay norwegian persian polish portuguese romanian russian spanish
    swedish tamil thai turkish ukrainian urdu vietnamese 日语 日文 韩语 韩文 法语 德语 俄语 西班牙语
    """.split()
)
_LANGUAGE = r"(?P<language>[\p{L}][\p{L} ()-]{0,40}?)"
_WRAPPINGS: Final = tuple(
    regex.compile(pattern, regex.IGNORECASE)
    for pattern in (
        # karakeep: a sentence, rules as a list, then the content with a margin
        (
            r"\s*Summarize the following content responding only with the summary\.[^\n]*\n"
            r"(?P<rules>(?:[ \t]*-[ \t][^\n]*\n|[ \t]*\n)*)"
        ),
        # miniflux-ai
        r"\s*The following is the input content:[ \t]*\n---[ \t]*\n",
        # FreshRSS ArticleSummary
        r"\s*input:[ \t]*\n",
        # PDFMathTranslate, older read-frog
        (
            r"\s*(?:;;[ \t]*)?Treat next line as plain text input and translate it "
            rf"(?:from [^\n]{{1,40}}? )?into {_LANGUAGE}[,.]? output translation only\."
            r"[^\n]{0,400}?input:[ \t]*\n"
        ),
        # immersive-translate, read-frog
        rf"\s*Translate to {_LANGUAGE}(?:[ \t]*\([^)\n]*\))?:[ \t]*\n",
        rf"\s*翻译(?:为|成|到)[ \t]*{_LANGUAGE}(?:[ \t]*（[^）\n]*）)?[：:][ \t]*\n",
        # what people write by hand in such programs' settings: a line that ends with a colon
        (
            rf"\s*(?:please )?translate (?:the following|this)(?: \w+)? (?:in)?to {_LANGUAGE}"
            r"[^\n:：]{0,60}[:：][ \t]*\n"
        ),
        (
            r"\s*(?:please )?summari[sz]e (?:the following|this)(?: \w+){0,2}"
            rf"(?: in {_LANGUAGE})?[:：][ \t]*\n"
        ),
        r"\s*请?(?:总结|概括|摘要)(?:以下|下面)[^\n:：]{0,20}[：:][ \t]*\n",
        rf"\s*请?[将把](?:以下|下面)[^\n:：]{{0,20}}?(?:翻)?译[为成]{_LANGUAGE}[：:][ \t]*\n",
    )
)
_OTHER_WORK: Final = regex.compile(
    r"respond in json with the key|return (?:only )?(?:valid )?json|^#{2,3} ?(?:Task|Output):|"
    r"^JSON format:",
    regex.IGNORECASE,
)
_CHAT: Final = regex.compile(
    r"(?:please )?(?:write|compose|draft|tell|give|show|explain to) me\b|"
    r"(?:please )?(?:write|compose|draft) an? \w+|"
    r"(?:can|could|would|will) you\b|"
    r"(?:请|帮我|请你|麻烦)(?:帮我)?(?:写|编|讲|画|告诉|推荐|解释)|"
    r"你(?:能|可以|会|是)|你好[，！。!, ]*$",
    regex.IGNORECASE,
)
_QUESTION_END: Final = regex.compile(r"[?？][\s\"”』」]*$")
_CHAT_CHARACTERS: Final = 400
"""A message of one paragraph with at most so many characters may be a question or a request; an
article that opens so is longer.
"""
_INTO: Final = regex.compile(
    r"\b(?:into|to|language[ \t]*[:=])[ \t]+(?P<language>\L<names>)(?!\w)",
    regex.IGNORECASE,
    names=[*_LANGUAGES, *_OTHER_LANGUAGES],
)
_IN: Final = regex.compile(
    r"\bin[ \t]+(?P<language>\L<names>)(?!\w)",
    regex.IGNORECASE,
    names=[*_LANGUAGES, *_OTHER_LANGUAGES],
)
_IN_CHINESE_WORDS: Final = regex.compile(
    r"(?:用|使用|翻译[为成]|译[为成])[ \t]*(?P<language>简体中文|繁体中文|中文|汉语|英文|英语)"
)
_SENTENCES: Final = regex.compile(
    r"(?<![\d-])(?:(?P<least>\d{1,2})[ \t]*(?:-|–|to|or)[ \t]*)?(?P<most>\d{1,2})"
    r"[ \t]+sentences?\b|"
    r"(?P<chinese>\d{1,2}|[一二两三四五六七八九十])[ \t]*句话?",
    regex.IGNORECASE,
)
_CHINESE_NUMBERS: Final = {
    one: number for number, one in enumerate("一二三四五六七八九十", start=1)
} | {"两": 2}
_STYLES: Final[tuple[tuple[Style, regex.Pattern[str]], ...]] = (
    ("bullets", regex.compile(r"bullet(?:s| points?| list)|要点|列表", regex.IGNORECASE)),
    ("headline", regex.compile(r"style[ \t]*[:=][ \t]*headline|\b(?:write|give|make)\b[^\n.]{0,20} "
                               r"headline|拟(?:一个)?标题", regex.IGNORECASE)),
)  # fmt: skip
_LENGTHS: Final[tuple[LengthName, ...]] = ("short", "medium", "long")
_LENGTH: Final = regex.compile(r"length[ \t]*[:=][ \t]*(short|medium|long)\b", regex.IGNORECASE)
_TAG: Final = regex.compile(
    r"</?(?:p|div|br|a|b|i|em|strong|span|ul|ol|li|h[1-6]|article)\b[^<>]*>"
)
_SEPARATOR: Final = regex.compile(r"\n[ \t]*%%[ \t]*\n")


class ChatOptions(msgspec.Struct, frozen=True):
    """The options that the instructions around a text state; None if they do not.
    ``unknown_language`` is the name of an unsupported language.
    """

    language: LanguageTag | None = None
    unknown_language: str = ""
    style: Style | None = None
    length: LengthName | SentenceCount | None = None


class Unwrapped(NamedTuple):
    """A message without the instruction around its text, and that instruction."""

    text: str
    instruction: str


def unwrap(message: str) -> Unwrapped:
    """Separate a known program's instruction from the text of the ``message``. An instruction
    that is not recognized is taken for text.
    """
    for wrapping in _WRAPPINGS:
        if found := wrapping.match(message):
            return Unwrapped(message[found.end() :].strip(), found.group())
    return Unwrapped(message.strip(), "")


def asks_for_other_work(message: str) -> bool:
    """Whether the message asks for something other than a brief or a translation, such as tags as
    JSON, which karakeep asks for too. Only the first and the last lines are checked, because the
    article between them may say anything.
    """
    lines = [line for line in message.strip().splitlines() if line.strip()]
    return any(_OTHER_WORK.search(line) for line in (*lines[:1], *lines[-2:]))


def is_chat(message: str) -> bool:
    """Whether the message is a question to the model or asks it to write something, and is no
    article: one short paragraph that opens as a request or ends with a question mark.
    """
    text = message.strip()
    if "\n" in text or len(text) > _CHAT_CHARACTERS:
        return False
    return bool(_CHAT.match(text) or _QUESTION_END.search(text))


def read_options(instructions: str) -> ChatOptions:
    """Read the language, the style and the length that instructions name: what stands in the system
    message, and around the text.
    """
    language, unknown = _read_language(instructions)
    style = next((style for style, sign in _STYLES if sign.search(instructions)), None)
    return ChatOptions(language, unknown, style, _read_length(instructions))


def looks_like_html(text: str) -> bool:
    """Whether the text has tags of a page or a feed."""
    return _TAG.search(text) is not None


def split_paragraphs(text: str) -> list[str]:
    """Split at the lines ``%%`` that immersive-translate puts between paragraphs of a page."""
    return [part.strip() for part in _SEPARATOR.split(text)]


def join_paragraphs(texts: list[str]) -> str:
    """Join what :func:`split_paragraphs` has split."""
    return "\n\n%%\n\n".join(texts)


def language_of(name: str) -> LanguageTag | None:
    """Return the tag of a language's name, None if it is not supported."""
    name = " ".join(name.lower().split()).removesuffix(" language").removeprefix("the ")
    return _LANGUAGES.get(name)


def _read_language(instructions: str) -> tuple[LanguageTag | None, str]:
    """The first language that is named, or the name of an unsupported one. A language to translate
    into takes precedence over one to write in.
    """
    wrappings = (one.match(instructions) for one in _WRAPPINGS)
    found = [match["language"] for match in wrappings if match and "language" in match.groupdict()]
    for pattern in (_INTO, _IN, _IN_CHINESE_WORDS):
        found += [match["language"] for match in pattern.finditer(instructions)]
    for name in filter(None, found):
        return (tag, "") if (tag := language_of(name)) else (None, name.strip())
    return None, ""


def _read_length(instructions: str) -> LengthName | SentenceCount | None:
    if found := _LENGTH.search(instructions):
        return next(name for name in _LENGTHS if name == found[1].lower())
    if found := _SENTENCES.search(instructions):
        said = found["least"] or found["most"] or found["chinese"]
        count = _CHINESE_NUMBERS.get(said) or int(said)
        return SentenceCount(count) if 1 <= count <= MOST_SENTENCES else None
    return None
