"""Splits a text into sentences for translation, and joins the results.

A line of plain text or a unit of markup (:mod:`service.text.markup`) becomes *parts*: sentences,
the tags and white space between them, and text that is not translated. A sentence has *marks*:
placeholders and terms, which the translation must contain. Inline tags are not part of the
sentence; they are placed once it is translated (:mod:`service.translation.inline`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from service.languages import Language
from service.text.chunks import MIN_TOKENS, split_chunks
from service.text.markup import Filled, Unit
from service.text.placeholders import Placeholder, find_placeholders, masked
from service.text.scripts import convert
from service.text.sentences import split_sentences
from service.text.verbatim import is_emoji
from service.translation.alignment.spans import Element
from service.translation.flat import Flat, flatten
from service.translation.instructions import order_end
from service.translation.terms import TermIndex

LONGEST = 400
"""Most tokens of a sentence that is translated in one piece; longer ones are split at clauses."""

_SPACE = re.compile(r"\s")
_BULLET = re.compile(
    r"\s*(?:[-*+]\s|[•·▪◦]|\d{1,3}[.)]\s|\d{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)])\s*"
)
LETTER = re.compile(r"[^\W\d_]")
_SIGN = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-z]\s?)?[<>≤≥]=?\s?[-+]?\d[\d.,]*(?<![.,])(?:\s?%)?|(?<=\s)&(?=\s)"
)
"""Comparisons with a number, and ``&``. They are kept because a model reverses comparisons when it
writes them in words."""
_ARTICLE = re.compile(r"(?<![\w'’-])(?:the|an?) \Z", re.IGNORECASE)


class Mark(msgspec.Struct, frozen=True):
    """A passage from ``start`` up to ``end`` of a sentence that must survive the translation:
    ``shown`` is what the model reads in its place, ``kept`` what it must write. A ``term`` mark is
    one of the caller's terms; others are placeholders. A ``whole`` mark is never joined with an
    adjacent one.
    """

    start: int
    end: int
    shown: str
    kept: str
    term: bool = False
    whole: bool = False


class MarkedSentence(msgspec.Struct, frozen=True):
    """``text`` and its ``marks``, in order and without overlaps."""

    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def shown(self) -> str:
        """The sentence as an instruct model reads it, with the ``shown`` form of its marks."""
        return convert("".join(self._pieces(lambda mark: mark.shown)), "zh-Hans")

    @property
    def simplified(self) -> str:
        """The text, with Chinese in Simplified characters."""
        return convert(self.text, "zh-Hans")

    @property
    def kept(self) -> tuple[str, ...]:
        """What the translation must contain."""
        return tuple(mark.kept for mark in self.marks)

    @property
    def terms(self) -> tuple[str, ...]:
        """The translations of the caller's terms."""
        return tuple(mark.kept for mark in self.marks if mark.term)

    @property
    def loose(self) -> MarkedSentence:
        """The sentence without the marks of its terms."""
        return MarkedSentence(self.text, tuple(mark for mark in self.marks if not mark.term))

    @property
    def free(self) -> str:
        """The text without its placeholders and terms."""
        return " ".join(self._pieces(lambda _: ""))

    def after(self, start: int) -> MarkedSentence:
        """The rest of the sentence from ``start`` on."""
        marks = (
            msgspec.structs.replace(mark, start=mark.start - start, end=mark.end - start)
            for mark in self.marks
        )
        return MarkedSentence(self.text[start:], tuple(marks))

    def _pieces(self, show: Callable[[Mark], str]) -> Iterator[str]:
        at = 0
        for mark in self.marks:
            yield self.text[at : mark.start]
            yield show(mark)
            at = mark.end
        yield self.text[at:]


class Kept(msgspec.Struct, frozen=True):
    """Text that is not translated: white space, a bullet."""

    text: str


class Cut(msgspec.Struct, frozen=True):
    """A tag between sentences, by its number in the unit."""

    tag: int


class Tagged(msgspec.Struct, frozen=True):
    """A sentence and its inline ``elements``. If ``kept_language`` is set, the sentence is not
    translated: it is in that language (``other``: neither of ours, empty: it has no letters).
    """

    sentence: MarkedSentence
    elements: tuple[Element, ...] = ()
    kept_language: str | None = None


Part = Tagged | Kept | Cut


def split_unit(
    unit: Unit, terms: TermIndex, longest: int = LONGEST, *, whole: bool = False
) -> list[Part]:
    """Split a unit into parts, in order. Sentences of more than ``longest`` tokens are split into
    pieces. Line breaks within a sentence count as spaces. A ``whole`` unit is one sentence.
    """
    flat = flatten(unit)
    text = flat.text
    bullet = 0 if unit.tags else _bullet(text)
    found = find_placeholders(text)
    parts: list[Part] = [Kept(text[:bullet])] if bullet else []
    at, tag = bullet, 0
    for span in _spans(masked(flat.masked, found), flat.breaks, bullet, longest, whole=whole):
        start, end = _without_asides(flat, span, found)
        if start == end:
            continue
        first, after = flat.inside(tag, start, end)
        parts += _between(text, at, start, flat.places[tag:first], tag)
        own = range(first, after)
        marks = [
            Mark(place - start, stop - start, shown, shown, whole=True)
            for place, stop in flat.texts(own)
            for shown in [text[place:stop]]
        ]
        sentence = sentence_of(text[start:end], marks, terms)
        parts.append(Tagged(sentence, flat.elements(own, start, end)))
        at, tag = end, after
    parts += _between(text, at, len(text), flat.places[tag:], tag)
    return parts


def _without_asides(
    flat: Flat, span: tuple[int, int], found: Sequence[Placeholder]
) -> tuple[int, int]:
    """The ``span`` of a sentence without the emoji, emoji codes, hashtags and handles at its ends,
    and without elements that contain nothing else. It is empty if nothing is left.
    """
    text, (start, end) = flat.text, span
    own = [one for one in found if start <= one.start and one.end <= end]
    for one in own:
        apart = one.is_picture or text[one.end : one.end + 1].isspace()
        if one.start != start or not one.is_aside or not apart:
            break
        after = one.end + len(text[one.end : end]) - len(text[one.end : end].lstrip())
        if not flat.has_whole(start, one.end) or any(
            one.end < place <= after for place, _ in flat.places
        ):
            break
        start = after
    trail = _trail(text, own, end)
    if start < trail < end and flat.has_whole(trail + 1, end):
        end = trail
    for one in reversed(own):
        if one.start >= end:
            continue
        before = len(text[: one.start].rstrip())
        alone = one.is_picture or (
            one.is_aside and before < one.start and (one.is_emoji or not text[before - 1].isalnum())
        )
        if one.end != end or one.start < start or not alone:
            break
        if not flat.has_whole(before + 1, end):
            break
        end = max(start, before)
    return start, end


def _trail(text: str, own: Sequence[Placeholder], end: int) -> int:
    """The start of the hashtags and addresses at the end of a post; ``end`` unless there are two or
    more.
    """
    at, count = end, 0
    for one in reversed(own):
        is_trail = one.text[0] == "#" or one.text.startswith(("http://", "https://", "www."))
        if one.end != at or not is_trail or not text[one.start - 1 : one.start].isspace():
            break
        at, count = len(text[: one.start].rstrip()), count + 1
    return at if count > 1 else end


def _bullet(text: str) -> int:
    bullet = _BULLET.match(text)
    return bullet.end() if bullet and LETTER.search(text, bullet.end()) else 0


def _between(
    text: str, start: int, end: int, places: Iterable[tuple[int, int]], tag: int
) -> list[Part]:
    """The white space and tags between two sentences; the first tag has the number ``tag``."""
    parts: list[Part] = []
    for number, (first, after) in enumerate(places, tag):
        if first > start:
            parts.append(Kept(text[start:first]))
        parts.append(Cut(number))
        start = max(start, after)
    if end > start:
        parts.append(Kept(text[start:end]))
    return parts


def _spans(
    text: str, breaks: Sequence[int], at: int, longest: int, *, whole: bool
) -> Iterator[tuple[int, int]]:
    """The spans of the sentences of ``text`` from ``at`` on. Sentences end at ``breaks``; overlong
    ones are split.
    """
    if whole:
        yield from _spans_of_line(text, at, longest, whole=True)
        return
    for first, end in pairwise([at, *breaks, len(text)]):
        yield from _spans_of_line(text[:end], first, longest, whole=False)


def _spans_of_line(text: str, at: int, longest: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    body = text[at:]
    sentences = [body.strip()] if whole and body.strip() else split_sentences(body)
    chunks = split_chunks(sentences, max(longest, MIN_TOKENS))
    for piece in (piece for chunk in chunks for piece in chunk.own):
        start = text.find(piece.text, at)
        if start < 0:  # the splitter changed the text: keep the rest in one piece
            rest = text[at:].strip()
            start = text.index(rest, at)
            yield start, start + len(rest)
            return
        at = start + len(piece.text)
        if not whole and (cut := order_end(piece.text)):
            yield start, start + cut
            start += cut + len(piece.text[cut:]) - len(piece.text[cut:].lstrip())
        yield start, at


def sentence_of(text: str, marks: Sequence[Mark], terms: TermIndex) -> MarkedSentence:
    """Mark the placeholders and terms of a sentence, besides the ``marks`` that it already has."""
    taken = list(marks)
    found = [
        Mark(one.start, one.end, one.text, one.text)
        for one in find_placeholders(text)
        if not one.is_picture  # a model that had to write an emoji would add text for it
    ]
    found += [Mark(*one.span(), one[0], one[0]) for one in _SIGN.finditer(text)]
    for one in terms.find(text):
        start = _article(text, one.start) if terms.are_english else one.start
        found.append(Mark(start, one.end, text[start : one.end], one.term.target, term=True))
    at = 0
    for mark in sorted(found, key=lambda mark: (mark.start, -mark.end)):
        if mark.start >= at and not any(_meet(mark, other) for other in marks):
            taken.append(mark)
            at = mark.end
    return MarkedSentence(text, tuple(_joined(sorted(taken, key=lambda mark: mark.start))))


def _meet(one: Mark, other: Mark) -> bool:
    return one.start < other.end and other.start < one.end


def _article(text: str, start: int) -> int:
    """The start of the English article before the term at ``start``; ``start`` if there is none.
    The article belongs to the mark, since the model would quote or explain it if it stood alone.
    """
    article = _ARTICLE.search(text, max(0, start - 8), start)
    return article.start() if article else start


def _joined(marks: Iterable[Mark]) -> Iterator[Mark]:
    """The marks in order; adjacent placeholders (``%d%%``) are joined."""
    last: Mark | None = None
    for mark in marks:
        if last is None:
            last = mark
        elif mark.start == last.end and not any(one.term or one.whole for one in (mark, last)):
            last = Mark(last.start, mark.end, last.shown + mark.shown, last.kept + mark.kept)
        else:
            yield last
            last = mark
    if last is not None:
        yield last


# ------------------------------------------------------------------ joining


def join_parts(parts: Sequence[Part], done: Sequence[Filled], target: Language) -> Filled:
    """Join the parts of a unit. ``done`` has the translation of each sentence, with its tags.

    Between sentences, Chinese gets no space and English gets one.
    """
    pieces: list[str | int] = []
    finished = iter(done)
    for at, part in enumerate(parts):
        match part:
            case Kept(text):
                inner = 0 < at < len(parts) - 1 and not text.strip()
                stuck = not text[:1].isspace() and _needs_space(pieces)
                if target == "en" and stuck and _is_aside(text.strip()):
                    pieces.append(" ")
                if not (inner and target == "zh" and _is_chinese_joint(parts, at)):
                    pieces.append(text)
            case Cut(tag):
                pieces.append(tag)
            case Tagged():
                new = next(finished)
                first = next((piece for piece in new if isinstance(piece, str) and piece), "")
                begins = first[:1].isalnum() or first[:1] in {*"[({“‘$`"}
                if target == "en" and begins and _needs_space(pieces):
                    pieces.append(" ")
                pieces += new
    return pieces


def _is_chinese_joint(parts: Sequence[Part], at: int) -> bool:
    """Whether the white space at ``at`` is between two sentences."""
    before = any(isinstance(part, Tagged) for part in parts[:at])
    return before and any(isinstance(part, Tagged) for part in parts[at:])


def _is_aside(text: str) -> bool:
    """Whether ``text`` is an emoji, an emoji code, a hashtag or a handle."""
    return is_emoji(text) or re.match(r"[#@:]\w", text) is not None


def _needs_space(pieces: Sequence[str | int]) -> bool:
    """Whether English text needs a space after ``pieces``."""
    texts = (piece for piece in reversed(pieces) if isinstance(piece, str) and piece)
    return bool(re.search(r"[.!?;:,)\]”’\"']$", next(texts, "")))
