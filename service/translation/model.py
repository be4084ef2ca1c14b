"""The nouns of translation: an order, its terms, what comes of it, and who does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

import msgspec

from service.inference.protocol import Timings, Usage
from service.languages import LanguageTag
from service.names.model import ListedName
from service.text.markup import Tagging
from service.text.plain import Splitting
from service.text.scripts import Variant

Flag = Literal[
    "language",
    "number",
    "name",
    "date",
    "negation",
    "direction",
    "term",
    "empty",
    "echo",
    "reply",
    "repetition",
    "length",
    "cut",
    "tag",
]
"""What can be wrong with a translation: a foreign word; a number that the source lacks, or that is
lost, or has another unit or relation there; another day, or from when for until when; a negation
that was dropped or added; rose for fell; a name that was changed or lost, a term or
placeholder that did not survive, no text, the source as it was, a reply to the source or talk about
it, a loop, far too short or long, a text that was not finished, an inline tag whose words were not
found in the translation."""

Effort = Literal["quick", "usual", "best"]
"""How much is done for each sentence; ``usual`` is what the operator decided."""

Markup = Literal["", "html", "xml"]
"""How a text's tags are written; empty: it has none, a ``<`` is a ``<``."""

Progress = Callable[[float], None]
"""Called with the share done, from 0 to 1."""


class TranslationFinding(msgspec.Struct, frozen=True):
    """One defect: a stable ``flag``, and a message for people. ``span`` is where it is in the
    translation, ``source_span`` where in the source, as offsets in characters ``(start, end)``, if
    that is known. A ``soft`` finding weighs less: it may be a correct translation in other words.
    """

    flag: Flag
    message: str
    span: tuple[int, int] | None = None
    source_span: tuple[int, int] | None = None
    soft: bool = False

    def moved(self, in_text: int, in_source: int) -> TranslationFinding:
        """Return the finding as it is when so many characters precede the translation and the
        source.
        """
        span, source_span = self.span, self.source_span
        return msgspec.structs.replace(
            self,
            span=span and (span[0] + in_text, span[1] + in_text),
            source_span=source_span and (source_span[0] + in_source, source_span[1] + in_source),
        )


class Term(msgspec.Struct, frozen=True):
    """What ``source`` becomes in the translation; the same text on both sides stays as it is."""

    source: str
    target: str


class Order(msgspec.Struct, frozen=True):
    """What is to be translated. ``texts``, whose number may be 0, are written in ``markup``, whose
    elements are taken as ``tagging`` says.

    ``source`` ``auto`` is decided for each text. Bare ``zh`` is written in ``bare_zh``. ``context``
    is read for its meaning and not translated. ``alternatives`` further versions of each text are
    asked for. ``effort`` ``best`` weighs several translations of each sentence, which takes several
    times as long, ``quick`` makes one, and ``usual`` is what the operator decided.
    ``split_sentences`` and ``preserve_formatting`` are DeepL's: where sentences end, and that their
    last mark stays as it was.
    """

    texts: tuple[str, ...]
    target: LanguageTag
    source: LanguageTag | Literal["auto"] = "auto"
    markup: Markup = ""
    tagging: Tagging = Tagging()
    terms: tuple[Term, ...] = ()
    context: str = ""
    alternatives: int = 0
    effort: Effort = "usual"
    bare_zh: Variant = "zh-Hans"
    split_sentences: Splitting = "auto"
    preserve_formatting: bool = False
    field: str = "q"
    """What the request calls ``texts``, for errors."""


class Span(msgspec.Struct, frozen=True):
    """Characters from ``start`` up to ``end``."""

    start: int
    end: int


class Warned(msgspec.Struct, frozen=True, omit_defaults=True):
    """A defect that repair did not cure, in the translation of ``source``: a sentence, or a text
    in neither language. ``language`` is that of the translation, ``sentence`` the position of the
    sentence in the text, from 0. Where it is known, ``span`` is the place in the sentence's
    translation and ``source_span`` that in ``source``.
    """

    flag: Flag
    source: str
    message: str
    language: str | None = None
    sentence: int | None = None
    span: Span | None = None
    source_span: Span | None = None


class Translation(msgspec.Struct, frozen=True):
    """One text's translation. ``language`` is what its source was found to be: ``en``,
    ``zh-Hans``, ``zh-Hant`` (``zh`` where both scripts write it alike), or the ISO 639-1 code of
    another language; ``confidence``, from 0 to 1, is 0 where nothing tells. ``names`` are those of
    the source that the translation has.
    """

    text: str
    language: str
    confidence: float
    warnings: tuple[Warned, ...] = ()
    alternatives: tuple[str, ...] = ()
    names: tuple[ListedName, ...] = ()


class Translated(msgspec.Struct, frozen=True):
    """What came of an order: one translation for each text, in order."""

    translations: tuple[Translation, ...]
    model: str = ""
    usage: Usage = Usage()
    timings: Timings = Timings()


class Translates(Protocol):
    """The domain, as those see it who have texts.

    Implementations: :class:`service.translation.translate.Translator` and
    :class:`service.translation.fake.FakeTranslator`.
    """

    async def translate(
        self, order: Order, *, progress: Progress | None = None, timeout: float | None = None
    ) -> Translated:
        """Translate. An empty text, or one without a letter, comes back as it is, and so does what
        is in the target language already; so does, with a warning, what is in neither language
        among others.

        Raises:
            UnsupportedLanguage: no text is English or Chinese; ``field`` names the first one that
                has a language.
            InvalidInput: a text's markup cannot be read; ``field`` names it.
            UnsupportedTask: the lineup has no model for the direction.
            Overloaded, Unavailable, DeadlineExceeded, GenerationFailed: from the engine.
        """
