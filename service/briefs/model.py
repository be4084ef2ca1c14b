"""The nouns of the domain: an article, a wish, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.inference.protocol import Timings, Usage
from service.text.scripts import Variant

Language = Literal["en", "zh"]
LanguageTag = Literal["en", "zh", "zh-Hans", "zh-Hant", "zh-TW", "zh-HK"]
"""What a caller may ask for; bare ``zh`` means what the caller's key or the settings say."""
Style = Literal["paragraph", "bullets", "headline"]
LengthName = Literal["short", "medium", "long"]


def language_of(tag: LanguageTag) -> Language:
    """The language that ``tag`` names a script of."""
    return "en" if tag == "en" else "zh"


class SentenceCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A length of exactly ``sentences`` sentences (or bullets)."""

    sentences: Annotated[int, Meta(ge=1, le=10)]


class Article(msgspec.Struct, frozen=True):
    """What is to be summarized: ``blocks`` of cleaned text (paragraphs, headings) in reading order.

    ``field`` is the request field that the text came from, for errors.
    """

    blocks: tuple[str, ...]
    title: str | None = None
    source: Literal["auto", "en", "zh"] = "auto"
    field: Literal["text", "html"] = "text"


class Wish(msgspec.Struct, frozen=True):
    """What the caller wants. ``languages`` holds each tag once, in the order asked for; a bare
    ``zh`` among them is written in ``bare_zh``.
    """

    languages: tuple[LanguageTag, ...] = ("en", "zh")
    style: Style = "paragraph"
    length: LengthName | SentenceCount = "medium"
    bare_zh: Variant = "zh-Hans"


class Source(msgspec.Struct, frozen=True):
    """What was read: ``characters`` of article text, ``coverage`` the share of them (0 to 1) that
    reached the model, counted from the prompts that were really generated from.
    """

    language: Language
    script: Literal["Latn", "Hans", "Hant"]
    characters: int
    coverage: float


class Brief(msgspec.Struct, frozen=True, omit_defaults=True):
    """One brief. ``length`` is in words for English and in characters for Chinese."""

    text: str
    language: LanguageTag
    length: int
    unit: Literal["words", "characters"]
    repaired: bool = False
    """Whether the first draft failed its review and this is the second."""


class Sentence(msgspec.Struct, frozen=True):
    """A sentence, bullet or headline of a brief that is being made. It is decoded under the grammar
    but not reviewed yet: the :class:`Brief` that follows is what counts.
    """

    language: LanguageTag
    position: int
    text: str


Listen = Callable[[Sentence | Brief], None]
"""Called with each sentence when it is finished, and with each brief when it is settled."""


class Caution(msgspec.Struct, frozen=True):
    """A review finding that repair did not cure. ``code`` is stable; ``message`` is for people."""

    code: str
    language: LanguageTag
    message: str


class Summary(msgspec.Struct, frozen=True):
    """The answer: one brief a language asked for."""

    source: Source
    briefs: dict[str, Brief]
    model: str
    warnings: tuple[Caution, ...]
    usage: Usage
    timings: Timings
    cut_short: bool = False
    """Whether a repair that was due was left out, for want of time or because the engine failed on
    it: if it is made again, the answer may be better."""
