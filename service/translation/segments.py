"""A text taken apart into what is translated at a time, and put together again.

A line of plain text or a unit of markup (:mod:`service.text.markup`) becomes *parts*: sentences,
the tags and the white space between them, and what is not translated. A sentence carries *marks*:
placeholders and terms, which must come out of the model as they are. The inline tags in it are no
part of it: where they go is found out when it is translated (:mod:`service.translation.inline`).
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
"""Tokens of a sentence that is translated in one piece; a longer one is cut at its clauses."""

_SPACE = re.compile(r"\s")
_BULLET = re.compile(
    r"\s*(?:[-*+]\s|[•·▪◦]|\d{1,3}[.)]\s|\d{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)])\s*"
)
LETTER = re.compile(r"[^\W\d_]")
_SIGN = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-z]\s?)?[<>≤≥]=?\s?[-+]?\d[\d.,]*(?<![.,])(?:\s?%)?|(?<=\s)&(?=\s)"
)
"""Comparisons with a number, and an *and* that is a sign: in words, a model turns them round."""
_ARTICLE = re.compile(r"(?<![\w'’-])(?:the|an?) \Z", re.IGNORECASE)


class Mark(msgspec.Struct, frozen=True):
    """What must survive: ``shown`` is what the model reads between ``start`` and ``end`` of the
    sentence, ``kept`` what it must write. A ``term`` mark is the caller's: its words, not the
    characters of a placeholder. A ``whole`` one is never joined with what it touches.
    """

    start: int
    end: int
    shown: str
    kept: str
    term: bool = False
    whole: bool = False


class MarkedSentence(msgspec.Struct, frozen=True):
    """``text``, and its ``marks`` in order, none overlapping."""

    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def shown(self) -> str:
        """The sentence as a model that takes instructions reads it, its marks included."""
        return convert("".join(self._pieces(lambda mark: mark.shown)), "zh-Hans")

    @property
    def simplified(self) -> str:
        """The text, Chinese in the characters that models read best."""
        return convert(self.text, "zh-Hans")

    @property
    def kept(self) -> tuple[str, ...]:
        """What must be written."""
        return tuple(mark.kept for mark in self.marks)

    @property
    def terms(self) -> tuple[str, ...]:
        """What the caller's terms must become."""
        return tuple(mark.kept for mark in self.marks if mark.term)

    @property
    def loose(self) -> MarkedSentence:
        """The sentence without the marks of its terms."""
        return MarkedSentence(self.text, tuple(mark for mark in self.marks if not mark.term))

    @property
    def free(self) -> str:
        """The text less its placeholders and terms."""
        return " ".join(self._pieces(lambda _: ""))

    def after(self, start: int) -> MarkedSentence:
        """What is left of it from ``start`` on."""
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
    """Text that stays as it is: white space, a bullet."""

    text: str


class Cut(msgspec.Struct, frozen=True):
    """A tag that stands between sentences, by its number in the unit."""

    tag: int


class Tagged(msgspec.Struct, frozen=True):
    """A sentence and what stands in it of inline ``elements``. One that is ``settled`` is not
    translated: it is in that language, or in none that is known.
    """

    sentence: MarkedSentence
    elements: tuple[Element, ...] = ()
    settled: str | None = None


Part = Tagged | Kept | Cut


def split_unit(
    unit: Unit, terms: TermIndex, longest: int = LONGEST, *, whole: bool = False
) -> list[Part]:
    """The parts of a unit, in order; a sentence of more than ``longest`` tokens in pieces. Line
    breaks within it count as spaces. A unit that is to stay ``whole`` is one sentence.
    """
    flat = flatten(unit)
    text = flat.text
    bullet = 0 if unit.tags else _bullet(text)
    found = find_placeholders(text)
    parts: list[Part] = [Kept(text[:bullet])] if bullet else []
    at, tag = bullet, 0
    for span in _spans(masked(flat.veiled, found), flat.breaks, bullet, longest, whole=whole):
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
    """The ``span`` of a sentence less the emoji, their codes, the hashtags and handles at its ends,
    which are no part of what it says, with the elements that hold nothing else; empty if there is
    nothing else.
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
    """Where the hashtags and addresses begin that a post ends with, if there are two or more."""
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
    """What lies between two sentences: white space and tags, the first of which is ``tag``."""
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
    """Where the sentences of ``text`` stand, from ``at`` on, none across ``breaks``; overlong ones
    in pieces.
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
        if start < 0:  # the splitter changed it: what is left stays in one piece
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
    """One sentence with such ``marks`` as it has already, its placeholders and its terms."""
    taken = list(marks)
    found = [
        Mark(one.start, one.end, one.text, one.text)
        for one in find_placeholders(text)
        if not one.is_picture  # a model that had to write one would write on to do so
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
    """Where the article before the term at ``start`` begins, which Chinese has no word for: left
    alone, it is put into quotes or explained. ``start`` if there is none.
    """
    article = _ARTICLE.search(text, max(0, start - 8), start)
    return article.start() if article else start


def _joined(marks: Iterable[Mark]) -> Iterator[Mark]:
    """The marks in order, placeholders that touch each other (``%d%%``) as one."""
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


# ------------------------------------------------------------------ and together again


def join_parts(parts: Sequence[Part], done: Sequence[Filled], target: Language) -> Filled:
    """A unit put together; ``done`` holds for each sentence of ``parts`` its text with its tags.

    White space between sentences becomes that of the target: none in Chinese, one in English.
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
    """Whether the white space at ``at`` stands between two sentences."""
    before = any(isinstance(part, Tagged) for part in parts[:at])
    return before and any(isinstance(part, Tagged) for part in parts[at:])


def _is_aside(text: str) -> bool:
    """Whether ``text`` is an emoji, its code, a hashtag or a handle."""
    return is_emoji(text) or re.match(r"[#@:]\w", text) is not None


def _needs_space(pieces: Sequence[str | int]) -> bool:
    """Whether English that is added now would stick to what stands before it."""
    texts = (piece for piece in reversed(pieces) if isinstance(piece, str) and piece)
    return bool(re.search(r"[.!?;:,)\]”’\"']$", next(texts, "")))
