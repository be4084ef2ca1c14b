"""Plans the translation of an order: splits its texts into sentences and decides which of them
are translated. No model is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import msgspec

from service.errors import InvalidInput, UnsupportedLanguage
from service.languages import Language, language_of
from service.text.cleaning import visible
from service.text.languages import Detection, describe, detect
from service.text.markup import Filled, MarkupDocument, Unit, parse_html, parse_xml
from service.text.plain import parse_plain
from service.text.regional import localize
from service.text.scripts import Variant
from service.translation.inline import inline_unchanged
from service.translation.model import Order, Warned
from service.translation.segments import MarkedSentence, Part, Tagged, join_parts, split_unit
from service.translation.terms import TermIndex

Finish = Callable[[Tagged], Filled]
"""Returns the translation of a sentence, with its tags."""

_DOUBTFUL = 0.5
_FOREIGN = "neither English nor Chinese: left as it is"


class Planned(msgspec.Struct, frozen=True):
    """One text: its ``language``, its ``units`` as lists of parts, and a function that puts the
    translated parts together. ``foreign`` has a warning for each passage that is in neither
    language and therefore not translated.
    """

    language: str
    confidence: float
    units: tuple[tuple[Part, ...], ...]
    render: Callable[[Finish], str]
    foreign: tuple[Warned, ...] = ()

    @property
    def tagged(self) -> Iterator[Tagged]:
        """The sentences to translate, in order, with their tags."""
        for parts in self.units:
            for part in parts:
                if isinstance(part, Tagged) and part.kept_language is None:
                    yield part

    @property
    def sentences(self) -> Iterator[MarkedSentence]:
        """The sentences to translate, in order."""
        return (part.sentence for part in self.tagged)


def plan(order: Order, terms: TermIndex, *, longest: int) -> list[Planned]:
    """Plan every text of ``order``. ``terms`` finds the order's terms; ``longest`` is the model's
    limit for one sentence, in tokens. Takes about a millisecond per sentence.

    Raises:
        UnsupportedLanguage: no text is English or Chinese; ``field`` names the first one that has
            a language.
        InvalidInput: a text's HTML is nested too deeply, or its XML is not well-formed; ``field``
            names it.
    """
    read = _read(order)
    if order.source == "auto":
        _require_one_of_ours(read)
    return [_plan(one, order, terms, longest) for one in read]


def variant_of(order: Order) -> Variant | None:
    """The script of the Chinese translation; None if the target is English."""
    if order.target == "en":
        return None
    return order.bare_zh if order.target == "zh" else order.target


class _Read(msgspec.Struct, frozen=True):
    """A text as received and in ``readable`` form, its detected language, and its field in the
    request.
    """

    text: str
    readable: str
    detected: Detection
    field: str

    @property
    def is_foreign(self) -> bool:
        """Whether it is certainly in another language than English or Chinese."""
        return self.detected.language is not None and self.detected.ours is None


def _read(order: Order) -> list[_Read]:
    many = len(order.texts) > 1
    fields = [f"{order.field}[{at}]" if many else order.field for at in range(len(order.texts))]
    readable = [text if order.markup else visible(text) for text in order.texts]
    return [
        _Read(text, shown, detect(shown), field)
        for text, shown, field in zip(order.texts, readable, fields, strict=True)
    ]


def _require_one_of_ours(read: Sequence[_Read]) -> None:
    """Refuse the texts if some are in another language and none is English or Chinese."""
    foreign = [one for one in read if one.is_foreign]
    if foreign and not any(one.detected.language for one in read if not one.is_foreign):
        found = str(foreign[0].detected.language)
        raise UnsupportedLanguage(
            f"is in {describe(found)}: neither English nor Chinese",
            field=foreign[0].field,
            detected=found,
        )


def _plan(read: _Read, order: Order, terms: TermIndex, longest: int) -> Planned:
    detected = read.detected
    language, confidence = _language(detected, order)
    target = language_of(order.target)
    variant = variant_of(order)
    if order.source == "auto" and read.is_foreign:
        left = (Warned("language", read.text, _FOREIGN),)
        return Planned(language, confidence, (), lambda _: read.text, left)
    if _stays(detected, order):
        changed = read.text
        if variant is not None and detected.ours == "zh" and order.source != order.target:
            changed = _convert(read.readable, variant, order, read.field)
        return Planned(language, confidence, (), lambda _: changed)
    units, assemble = _take_apart(read.readable, order, read.field)
    foreign: list[Warned] = []
    planned = tuple(
        tuple(
            _mark_kept(part, target, foreign)
            for part in split_unit(unit, terms, longest, whole=order.split_sentences == "0")
        )
        for unit in units
    )

    def written(part: Tagged, finish: Finish) -> Filled:
        if part.kept_language is None:
            return finish(part)
        return inline_unchanged(
            part, part.sentence.text, lambda text: _written(text, variant, part)
        )

    def render(finish: Finish) -> str:
        return assemble(
            [
                join_parts(
                    parts,
                    [written(part, finish) for part in parts if isinstance(part, Tagged)],
                    target,
                )
                for parts in planned
            ]
        )

    return Planned(language, confidence, planned, render, tuple(foreign))


def _language(detected: Detection, order: Order) -> tuple[str, float]:
    if order.source != "auto":
        return order.source, 1.0
    if detected.language != detected.ours and detected.ours is not None:
        # it looks like another language, but that is not certain
        return detected.ours, min(_DOUBTFUL, 1.0 - detected.confidence)
    script: dict[str | None, str] = {"Hans": "zh-Hans", "Hant": "zh-Hant"}
    return script.get(detected.script) or detected.language or "en", detected.confidence


def _stays(detected: Detection, order: Order) -> bool:
    """Whether there is nothing to translate: no letters, or only the target language."""
    if detected.language is None and not (detected.shares.han or detected.shares.latin):
        return True
    if order.source != "auto":
        return language_of(order.source) == language_of(order.target)
    return detected.ours == language_of(order.target) and not detected.mixed


def _parse(text: str, order: Order, field: str) -> MarkupDocument:
    parse = parse_xml if order.markup == "xml" else parse_html
    try:
        return parse(text, order.tagging)
    except ValueError as error:
        raise InvalidInput(str(error), field=field) from None


def _take_apart(
    text: str, order: Order, field: str
) -> tuple[Sequence[Unit], Callable[[Sequence[Filled]], str]]:
    """The units of a text, and a function that replaces their texts."""
    if order.markup:
        document = _parse(text, order, field)
        return document.units, document.render
    plain = parse_plain(text, order.split_sentences)
    return plain.units, plain.render


def _mark_kept(part: Part, target: Language, foreign: list[Warned]) -> Part:
    """Return ``part``; if it is a sentence that is not to be translated, set its kept language."""
    if not isinstance(part, Tagged):
        return part
    language = _of_sentence(part.sentence)
    if language == "other":
        foreign.append(Warned("language", part.sentence.text, _FOREIGN))
    elif language not in {target, ""}:
        return part
    return msgspec.structs.replace(part, kept_language=language)


def _written(text: str, variant: Variant | None, part: Tagged) -> str:
    """An untranslated sentence, or a piece of it, in the script of the target."""
    return localize(text, variant) if variant and part.kept_language == "zh" else text


def _of_sentence(sentence: MarkedSentence) -> Literal["en", "zh", "other", ""]:
    """The main language of a sentence, without its placeholders and terms."""
    detected = detect(sentence.free)
    shares = detected.shares
    if max(shares.han, shares.latin, shares.other) == 0.0:
        return ""
    if detected.ours == "zh":
        return "zh"
    if shares.other > max(shares.han, shares.latin):
        return "other"
    return "zh" if shares.han > shares.latin else "en"


def _convert(text: str, variant: Variant, order: Order, field: str) -> str:
    """Convert Chinese to another script, except for tags and ignored elements."""
    if not order.markup:
        return localize(text, variant)
    document = _parse(text, order, field)
    return document.render(
        [unit.refilled([localize(one, variant) for one in unit.texts]) for unit in document.units]
    )
