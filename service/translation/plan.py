"""What is to be done with each text of an order, before any model is asked."""

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
from service.translation.inline import settled
from service.translation.model import Order, Warned
from service.translation.segments import MarkedSentence, Part, Tagged, join_parts, split_unit
from service.translation.terms import TermIndex

Finish = Callable[[Tagged], Filled]
"""The translation of a sentence, with its tags in it."""

_DOUBTFUL = 0.5
_STRANGE = "neither English nor Chinese: left as it is"


class Planned(msgspec.Struct, frozen=True):
    """One text: what its ``language`` was found to be, its units as ``parts``, and how they are
    put together. ``strange`` is what is in neither language, and stays.
    """

    language: str
    confidence: float
    units: tuple[tuple[Part, ...], ...]
    render: Callable[[Finish], str]
    strange: tuple[Warned, ...] = ()

    @property
    def tagged(self) -> Iterator[Tagged]:
        """The sentences that are to be translated, in order, with their tags."""
        for parts in self.units:
            for part in parts:
                if isinstance(part, Tagged) and part.settled is None:
                    yield part

    @property
    def sentences(self) -> Iterator[MarkedSentence]:
        """All that is to be translated, in order."""
        return (part.sentence for part in self.tagged)


def plan(order: Order, terms: TermIndex, *, longest: int) -> list[Planned]:
    """Plan every text of ``order``, whose ``terms`` are those of the source; the model takes
    ``longest`` tokens at once. Takes about a millisecond a sentence.

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
    """The script that Chinese is written in; None if the target is English."""
    if order.target == "en":
        return None
    return order.bare_zh if order.target == "zh" else order.target


class _Read(msgspec.Struct, frozen=True):
    """A text as it came, as it is ``readable``, what it was ``seen`` to be, and what the request
    calls it.
    """

    text: str
    readable: str
    seen: Detection
    field: str

    @property
    def is_strange(self) -> bool:
        """Whether it has a language, and surely neither of ours."""
        return self.seen.language is not None and self.seen.ours is None


def _read(order: Order) -> list[_Read]:
    many = len(order.texts) > 1
    fields = [f"{order.field}[{at}]" if many else order.field for at in range(len(order.texts))]
    readable = [text if order.markup else visible(text) for text in order.texts]
    return [
        _Read(text, shown, detect(shown), field)
        for text, shown, field in zip(order.texts, readable, fields, strict=True)
    ]


def _require_one_of_ours(read: Sequence[_Read]) -> None:
    """Refuse texts of which none is English or Chinese, although some are something else."""
    strange = [one for one in read if one.is_strange]
    if strange and not any(one.seen.language for one in read if not one.is_strange):
        found = str(strange[0].seen.language)
        raise UnsupportedLanguage(
            f"is in {describe(found)}: neither English nor Chinese",
            field=strange[0].field,
            detected=found,
        )


def _plan(read: _Read, order: Order, terms: TermIndex, longest: int) -> Planned:
    seen = read.seen
    language, confidence = _language(seen, order)
    target = language_of(order.target)
    variant = variant_of(order)
    if order.source == "auto" and read.is_strange:
        left = (Warned("language", read.text, _STRANGE),)
        return Planned(language, confidence, (), lambda _: read.text, left)
    if _stays(seen, order):
        changed = read.text
        if variant is not None and seen.ours == "zh" and order.source != order.target:
            changed = _convert(read.readable, variant, order, read.field)
        return Planned(language, confidence, (), lambda _: changed)
    units, assemble = _take_apart(read.readable, order, read.field)
    strange: list[Warned] = []
    planned = tuple(
        tuple(
            _settle(part, target, strange)
            for part in split_unit(unit, terms, longest, whole=order.split_sentences == "0")
        )
        for unit in units
    )

    def written(part: Tagged, finish: Finish) -> Filled:
        if part.settled is None:
            return finish(part)
        return settled(part, part.sentence.text, lambda text: _written(text, variant, part))

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

    return Planned(language, confidence, planned, render, tuple(strange))


def _language(seen: Detection, order: Order) -> tuple[str, float]:
    if order.source != "auto":
        return order.source, 1.0
    if seen.language != seen.ours and seen.ours is not None:
        # it looks like something else, but not surely
        return seen.ours, min(_DOUBTFUL, 1.0 - seen.confidence)
    script: dict[str | None, str] = {"Hans": "zh-Hans", "Hant": "zh-Hant"}
    return script.get(seen.script) or seen.language or "en", seen.confidence


def _stays(seen: Detection, order: Order) -> bool:
    """Whether there is nothing to translate: no letters, or the target language throughout."""
    if seen.language is None and not (seen.shares.han or seen.shares.latin):
        return True
    if order.source != "auto":
        return language_of(order.source) == language_of(order.target)
    return seen.ours == language_of(order.target) and not seen.mixed


def _parse(text: str, order: Order, field: str) -> MarkupDocument:
    parse = parse_xml if order.markup == "xml" else parse_html
    try:
        return parse(text, order.tagging)
    except ValueError as error:
        raise InvalidInput(str(error), field=field) from None


def _take_apart(
    text: str, order: Order, field: str
) -> tuple[Sequence[Unit], Callable[[Sequence[Filled]], str]]:
    """The units of a text, and what puts new texts in their place."""
    if order.markup:
        document = _parse(text, order, field)
        return document.units, document.render
    plain = parse_plain(text, order.split_sentences)
    return plain.units, plain.render


def _settle(part: Part, target: Language, strange: list[Warned]) -> Part:
    """``part``; if it is a sentence that is not to be translated, settled."""
    if not isinstance(part, Tagged):
        return part
    language = _of_sentence(part.sentence)
    if language == "other":
        strange.append(Warned("language", part.sentence.text, _STRANGE))
    elif language not in {target, ""}:
        return part
    return msgspec.structs.replace(part, settled=language)


def _written(text: str, variant: Variant | None, part: Tagged) -> str:
    """A settled sentence, or a piece of it, in the script that Chinese is written in."""
    return localize(text, variant) if variant and part.settled == "zh" else text


def _of_sentence(sentence: MarkedSentence) -> Literal["en", "zh", "other", ""]:
    """The language that most of a sentence is in, its placeholders and terms aside."""
    seen = detect(sentence.free)
    shares = seen.shares
    if max(shares.han, shares.latin, shares.other) == 0.0:
        return ""
    if seen.ours == "zh":
        return "zh"
    if shares.other > max(shares.han, shares.latin):
        return "other"
    return "zh" if shares.han > shares.latin else "en"


def _convert(text: str, variant: Variant, order: Order, field: str) -> str:
    """Chinese in another script, its tags and what is ignored as they were."""
    if not order.markup:
        return localize(text, variant)
    document = _parse(text, order, field)
    return document.render(
        [unit.refilled([localize(one, variant) for one in unit.texts]) for unit in document.units]
    )
