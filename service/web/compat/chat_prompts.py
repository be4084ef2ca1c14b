"""Reads the instructions of a chat request. Programs that summarize or translate through OpenAI's
protocol wrap the text in an instruction. The wrappings of known programs are recognized here, so
that the instruction is not taken for part of the article. Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec
import regex

from service.briefs.model import LengthName, SentenceCount, Style
from service.languages import LanguageTag
from service.web.compat.chat_languages import foreign_language, named_language
from service.web.compat.chat_orders import separate

MOST_SENTENCES: Final = 10
"""Most sentences that a request may ask for."""
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
_OTHER_FORM: Final = regex.compile(
    r"(?:please |can you |could you )*(?:re-?write|turn|convert|transform|make)\s+"
    r"(?:the|this|that|these|it)\b[^.:\n]{0,80}\b(?:as|into|to)\s+(?:an?\s+)?(?:\w+\s+){0,2}"
    r"(?:poem|song|haiku|tweets?|thread|script|e-?mail|letter|joke|code|quiz|rap|limerick|podcast"
    r"|press release|linkedin post|blog post)\b|"
    r"(?:请|帮我)?[把将](?:以下|下面|这篇|上面)[^。：:\n]{0,20}改写?[成为](?:一[首封篇条])?"
    r"(?:诗|歌|邮件|信|推文|剧本|笑话|微博|代码)",
    regex.IGNORECASE,
)
_QUESTION_END: Final = regex.compile(r"[?？][\s\"”』」]*$")
_CHAT_CHARACTERS: Final = 400
"""A message of one paragraph with at most so many characters may be a question or a request; an
article that opens so is longer.
"""
_SHORT: Final = 24
"""No sentence of an article is as short as this and names a language in itself."""
_FIRST: Final = regex.compile(r"\s*[^\n.:!?。：]{1,200}[\n.:!?。：]+")
_FOREIGN_ORDER: Final = regex.compile(
    # to summarize or translate, in the languages that name themselves
    r"zusammen|übersetz|kürze|résum|tradui|resum|traduc|traduz|riassum|sintet|samenvat|vertaal"
    r"|sammanfatt|översätt|sammendrag|oversæt|oversett|tiivistä|käännä|streszcz|podsumuj"
    r"|przetłumacz|shrň|přelož|кратк|обобщ|резюм|перевед|підсум|переклад|özet|çevir|tóm tắt|dịch"
    r"|ringkas|terjemah|要約|まとめ|翻訳|訳して|요약|번역|لخص|ترجم|सारांश|अनुवाद|สรุป|แปล|summar"
    r"|translat",
    regex.IGNORECASE,
)
_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten".split(), start=1
    )
}
_PLAIN = r"(?:(?:short|concise|clear|simple|plain|complete|full)[ \t]+)*"
_SENTENCES: Final = regex.compile(
    r"(?<![\d-])(?:(?P<least>\d{1,2})[ \t]*(?:-|–|to|or)[ \t]*)?(?P<most>\d{1,2})"
    rf"[ \t]+{_PLAIN}sentences?\b|"
    rf"\b(?:(?P<few>\L<words>)[ \t]*(?:-|–|to|or)[ \t]*)?(?P<many>\L<words>)[ \t-]+{_PLAIN}"
    r"sentences?\b|"
    r"(?P<chinese>\d{1,2}|[一二两三四五六七八九十])[ \t]*句话?",
    regex.IGNORECASE,
    words=list(_NUMBERS),
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
    """Separate a known program's instruction, or an order that somebody wrote around the text, from
    the text of the ``message``. An instruction that is not recognized is taken for text, unless it
    names another language in that language.
    """
    for wrapping in _WRAPPINGS:
        if found := wrapping.match(message):
            return Unwrapped(message[found.end() :].strip(), found.group())
    text, orders = separate(message)
    if not orders and (first := _foreign_order(text)):
        return Unwrapped(text[len(first) :].strip() or text.strip(), first)
    return Unwrapped(text.strip(), orders)


def asks_for_other_work(message: str) -> bool:
    """Whether the message asks for something other than a brief or a translation, such as tags as
    JSON, which karakeep asks for too. Only the first and the last lines are checked, because the
    article between them may say anything.
    """
    lines = [line for line in message.strip().splitlines() if line.strip()]
    return any(_OTHER_WORK.search(line) for line in (*lines[:1], *lines[-2:]))


def is_chat(message: str) -> bool:
    """Whether the message is a question to the model or asks it to write something, and is no
    article: one short paragraph that opens as a request or ends with a question mark, or a request
    to make something else of a text.
    """
    text = message.strip()
    if _OTHER_FORM.match(text):
        return True
    if "\n" in text or len(text) > _CHAT_CHARACTERS:
        return False
    return bool(_CHAT.match(text) or _QUESTION_END.search(text))


def read_options(instructions: str) -> ChatOptions:
    """Read the language, the style and the length that instructions name: what stands in the system
    message, and around the text.
    """
    language, unknown = named_language(instructions, _wrapped_languages(instructions))
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


def _foreign_order(message: str) -> str:
    """The first sentence, if it is an order in a language that it names itself."""
    first = _FIRST.match(message)
    if first is None or not foreign_language(first[0]):
        return ""
    ordered = len(first[0]) <= _SHORT or _FOREIGN_ORDER.search(first[0])
    return first[0] if ordered else ""


def _wrapped_languages(instructions: str) -> Iterator[str]:
    wrappings = (one.match(instructions) for one in _WRAPPINGS)
    return (match["language"] for match in wrappings if match and "language" in match.groupdict())


def _read_length(instructions: str) -> LengthName | SentenceCount | None:
    if found := _LENGTH.search(instructions):
        return next(name for name in _LENGTHS if name == found[1].lower())
    if found := _SENTENCES.search(instructions):
        said = next(filter(None, found.groups())).lower()
        count = _CHINESE_NUMBERS.get(said) or _NUMBERS.get(said) or int(said)
        return SentenceCount(count) if 1 <= count <= MOST_SENTENCES else None
    return None
