"""Preparing an article: its language, its text and its sentences."""

from __future__ import annotations

from typing import Literal

import msgspec

from service.briefs.model import Article
from service.briefs.review import count_units
from service.briefs.selecting.instructions import instructions, is_instruction
from service.errors import InvalidInput, TextTooShort, UnsupportedLanguage
from service.languages import Language
from service.text.cached import CachedText
from service.text.chunks import estimate_tokens
from service.text.languages import Detection, describe, detect
from service.text.scripts import convert
from service.text.sentences import join_sentences, split_sentences

LEAST_UNITS: dict[Language, int] = {"en": 15, "zh": 30}
"""Words (English) or characters (Chinese) that an article must have to be summarized."""

_ORDINARY_SENTENCE: dict[Language, int] = {"en": 25, "zh": 50}


class SourceText(msgspec.Struct, frozen=True):
    """An article as the model reads it. Chinese is in Simplified characters, whatever was sent.

    ``article`` is the title and the body, or the body alone if it opens with the title. ``tokens``
    is its estimated length. ``weight`` is the length of the body in sentences of ordinary length,
    as its own ``sentences`` may be very long.
    """

    language: Language
    script: Literal["Latn", "Hans", "Hant"]
    title: str | None
    body: str
    article: CachedText
    sentences: tuple[str, ...]
    tokens: int
    weight: int

    @property
    def text(self) -> str:
        """The article's text."""
        return self.article.text


def read_source(article: Article) -> SourceText:
    """Detect the article's language and prepare its text. Takes some tenths of a second for a long
    article.

    Raises:
        TextTooShort: it is too short to be summarized.
        UnsupportedLanguage: it is neither English nor Chinese.
        InvalidInput: it is in the other language than ``source`` says.
    """
    detection = detect("\n".join([*filter(None, [article.title]), *article.blocks]))
    language = _language(article, detection)
    title = simplified(article.title, language) if article.title else None
    body = simplified("\n".join(article.blocks), language)
    return _source_text(language, _script(language, detection), title, body)


def without_instructions(source: SourceText) -> SourceText:
    """Return the article without the sentences that give instructions to its reader, for a model to
    read. They lower the coverage.
    """
    lines = [split_sentences(line) for line in source.body.split("\n")]
    sentences = [sentence for line in lines for sentence in line]
    blocks = [number for number, line in enumerate(lines) for _ in line]
    orders = instructions(sentences, blocks)
    commanding = source.title is not None and is_instruction(source.title)
    if not orders and not commanding:
        return source
    kept: list[list[str]] = [[] for _ in lines]
    for at, (sentence, block) in enumerate(zip(sentences, blocks, strict=True)):
        if at not in orders:
            kept[block].append(sentence)
    body = "\n".join(filter(None, map(join_sentences, kept)))
    title = None if commanding else source.title
    return _source_text(source.language, source.script, title, body)


def _source_text(
    language: Language, script: Literal["Latn", "Hans", "Hant"], title: str | None, body: str
) -> SourceText:
    headed = title and not body.startswith(title)
    text = f"{title}\n{body}" if headed else body
    sentences = tuple(split_sentences(body))
    units = count_units(body, language)
    return SourceText(
        language=language,
        script=script,
        title=title,
        body=body,
        article=CachedText(text),
        sentences=sentences,
        tokens=estimate_tokens(text),
        weight=max(len(sentences), units // _ORDINARY_SENTENCE[language]),
    )


def simplified(text: str, language: Language) -> str:
    """Return Chinese ``text`` in Simplified characters, and English unchanged."""
    return convert(text, "zh-Hans") if language == "zh" else text


def count_characters(text: str) -> int:
    """Count the characters of ``text`` without white space, the unit of coverage."""
    return len("".join(text.split()))


def _script(language: Language, detection: Detection) -> Literal["Latn", "Hans", "Hant"]:
    if language == "en":
        return "Latn"
    return "Hant" if detection.script == "Hant" else "Hans"


def _language(article: Article, detection: Detection) -> Language:
    text = "\n".join(article.blocks)
    detected = detection.ours
    if detected is None and detection.language is None and article.source != "auto":
        detected = article.source
    if detected is None:
        _refuse_short(text, "zh" if detection.shares.han else "en", article.field)
        raise _unsupported(detection.language, article.field)
    if article.source == "auto" or article.source == detected:  # noqa: PLR1714 narrows the type
        language = detected
    elif detection.mixed:
        language = article.source
    else:
        raise InvalidInput(
            f"the text is in {describe(detected)}, not in {describe(article.source)}",
            field="source",
        )
    _refuse_short(text, language, article.field)
    return language


def _unsupported(code: str | None, field: str) -> UnsupportedLanguage:
    what = describe(code) if code else "a language that was not recognized"
    return UnsupportedLanguage(
        f"the text is in {what}; English and Chinese are supported",
        field=field,
        detected=code or "und",
    )


def _refuse_short(text: str, language: Language, field: str) -> None:
    units, least = count_units(text, language), LEAST_UNITS[language]
    if units < least:
        unit = f"{'word' if language == 'en' else 'character'}{'' if units == 1 else 's'}"
        raise TextTooShort(
            f"the text has {units} {unit}: nothing to shorten; at least {least} are needed",
            field=field,
        )
