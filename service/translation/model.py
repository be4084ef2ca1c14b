"""The types of translation: an order, its terms, its result, and the interface of a translator."""

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
"""The kinds of defects of a translation:

- ``language``: a word of another language
- ``number``: a number that was added, lost or changed, also in its unit or relation
- ``name``: a name that was changed or lost
- ``date``: another day, or a start in place of an end
- ``negation``: a negation that was dropped or added
- ``direction``: *rose* for *fell*
- ``term``: a term or placeholder that was lost or changed
- ``empty``: no text
- ``echo``: the source, untranslated
- ``reply``: a reply to the source, or a comment on it
- ``repetition``: a loop
- ``length``: a text that is far too short or too long
- ``cut``: a text that was not finished
- ``tag``: an inline tag whose words were not found in the translation
"""

Effort = Literal["quick", "usual", "best"]
"""How much work is spent on each sentence; ``usual`` is the operator's setting."""

Markup = Literal["", "html", "xml"]
"""The markup of a text. Empty: plain text, in which ``<`` has no special meaning."""

Progress = Callable[[float], None]
"""Called with the share of the work that is done, from 0 to 1."""


class TranslationFinding(msgspec.Struct, frozen=True):
    """One defect: a stable ``flag``, and a message for people. ``span`` is its place in the
    translation and ``source_span`` that in the source, as offsets ``(start, end)`` in characters,
    if known. A ``soft`` finding weighs less: the translation may be correct in other words.
    """

    flag: Flag
    message: str
    span: tuple[int, int] | None = None
    source_span: tuple[int, int] | None = None
    soft: bool = False

    def moved(self, in_text: int, in_source: int) -> TranslationFinding:
        """Return the finding with its spans moved right by ``in_text`` and ``in_source``
        characters.
        """
        span, source_span = self.span, self.source_span
        return msgspec.structs.replace(
            self,
            span=span and (span[0] + in_text, span[1] + in_text),
            source_span=source_span and (source_span[0] + in_source, source_span[1] + in_source),
        )


class Term(msgspec.Struct, frozen=True):
    """The caller's translation of ``source``. If both are equal, the term is not translated."""

    source: str
    target: str


class Order(msgspec.Struct, frozen=True):
    """A request for translations. ``texts`` may be empty; they are in ``markup``, and ``tagging``
    says how its elements are treated.

    With ``source`` ``auto``, the language of each text is detected. The target ``zh`` is written in
    the script ``bare_zh``. ``context`` helps the model to understand the texts and is not
    translated. ``alternatives`` is the number of further versions of each text. The ``effort``
    ``best`` chooses among several translations of each sentence, which takes several times as long;
    ``quick`` makes one; ``usual`` is the operator's setting. ``split_sentences`` and
    ``preserve_formatting`` are DeepL's: where sentences end, and whether their final punctuation
    stays as it was.
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
    """The name of ``texts`` in the request, for error messages."""


class Span(msgspec.Struct, frozen=True):
    """Characters from ``start`` up to ``end``."""

    start: int
    end: int


class Warned(msgspec.Struct, frozen=True, omit_defaults=True):
    """A defect that could not be repaired, in the translation of ``source``: a sentence, or a text
    in neither language. ``language`` is the language of the translation, ``sentence`` the index of
    the sentence in the text, from 0. If known, ``span`` is the place in the sentence's translation
    and ``source_span`` that in ``source``.
    """

    flag: Flag
    source: str
    message: str
    language: str | None = None
    sentence: int | None = None
    span: Span | None = None
    source_span: Span | None = None


class Translation(msgspec.Struct, frozen=True):
    """The translation of one text. ``language`` is the detected language of the source: ``en``,
    ``zh-Hans``, ``zh-Hant`` (``zh`` if the text is the same in both scripts), or the ISO 639-1 code
    of another language. ``confidence`` is from 0 to 1; 0 if the text gives no evidence. ``names``
    are the source's names that the translation contains.
    """

    text: str
    language: str
    confidence: float
    warnings: tuple[Warned, ...] = ()
    alternatives: tuple[str, ...] = ()
    names: tuple[ListedName, ...] = ()


class Translated(msgspec.Struct, frozen=True):
    """The result of an order: one translation for each text, in order."""

    translations: tuple[Translation, ...]
    model: str = ""
    usage: Usage = Usage()
    timings: Timings = Timings()


class Translates(Protocol):
    """The interface of translation, for callers that have texts.

    Implementations: :class:`service.translation.translate.Translator` and
    :class:`service.translation.fake.FakeTranslator`.
    """

    async def translate(
        self, order: Order, *, progress: Progress | None = None, timeout: float | None = None
    ) -> Translated:
        """Translate. Returned unchanged are: a text that is empty or has no letters; a text that is
        already in the target language; and, with a warning, a text in another language if the order
        also has texts in English or Chinese.

        Raises:
            UnsupportedLanguage: no text is English or Chinese; ``field`` names the first one that
                has a language.
            InvalidInput: a text's markup cannot be read; ``field`` names it.
            UnsupportedTask: the lineup has no model for the direction.
            Overloaded, Unavailable, DeadlineExceeded, GenerationFailed: from the engine.
        """
