"""A text taken apart into what is translated at a time, and put together again.

A line of plain text or a unit of markup (:mod:`service.text.markup`) becomes *parts*: sentences,
the tags and the white space between them, and what is not translated. A sentence carries *marks*:
tags inside it, placeholders and terms, which must come out of the model as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

import msgspec

from service.languages import Language
from service.text.chunks import MIN_TOKENS, split_chunks
from service.text.markup import Tag, Unit
from service.text.placeholders import Placeholder, find_placeholders, masked
from service.text.scripts import convert
from service.text.sentences import split_sentences
from service.translation.terms import Terms

LONGEST = 400
"""Tokens of a sentence that is translated in one piece; a longer one is cut at its clauses."""

_SPACE = re.compile(r"\s")
_BULLET = re.compile(
    r"\s*(?:[-*+]\s|[•·▪◦]|\d{1,3}[.)]\s|\d{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)])\s*"
)
LETTER = re.compile(r"[^\W\d_]")
_ARTICLE = re.compile(r"(?<![\w'’-])(?:the|an?) \Z", re.IGNORECASE)


class Mark(msgspec.Struct, frozen=True):
    """What must survive: ``shown`` is what the model reads between ``start`` and ``end`` of the
    sentence, ``kept`` what it must write. Of ``tag`` marks, which have no width, order counts.
    A ``term`` mark is the caller's: its words, not the characters of a placeholder.
    """

    start: int
    end: int
    shown: str
    kept: str
    tag: bool = False
    term: bool = False


class Sentence(msgspec.Struct, frozen=True):
    """``text`` without its tags, and its ``marks`` in order, none overlapping."""

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
    def tags(self) -> tuple[Mark, ...]:
        """The marks that are tags."""
        return tuple(mark for mark in self.marks if mark.tag)

    @property
    def kept(self) -> tuple[str, ...]:
        """What must be written, but for tags."""
        return tuple(mark.kept for mark in self.marks if not mark.tag)

    @property
    def terms(self) -> tuple[str, ...]:
        """What the caller's terms must become."""
        return tuple(mark.kept for mark in self.marks if mark.term)

    @property
    def loose(self) -> Sentence:
        """The sentence without the marks of its terms."""
        return Sentence(self.text, tuple(mark for mark in self.marks if not mark.term))

    @property
    def free(self) -> str:
        """The text less its placeholders and terms."""
        return " ".join(self._pieces(lambda _: ""))

    def after(self, start: int) -> Sentence:
        """What is left of it from ``start`` on."""
        marks = (
            msgspec.structs.replace(mark, start=mark.start - start, end=mark.end - start)
            for mark in self.marks
        )
        return Sentence(self.text[start:], tuple(marks))

    @property
    def gaps(self) -> tuple[str, ...]:
        """The text between the tags."""
        cuts = [0, *(mark.start for mark in self.tags), len(self.text)]
        return tuple(self.text[a:b] for a, b in pairwise(cuts))

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


class Settled(msgspec.Struct, frozen=True):
    """A sentence that is not translated: its texts between its tags, as they stay."""

    texts: tuple[str, ...]


class Cut(msgspec.Struct, frozen=True):
    """A tag that stands between sentences."""


Part = Sentence | Settled | Kept | Cut


def split_unit(
    unit: Unit, terms: Terms, longest: int = LONGEST, *, whole: bool = False
) -> list[Part]:
    """The parts of a unit, in order; a sentence of more than ``longest`` tokens in pieces. Line
    breaks within it count as spaces. A unit that is to stay ``whole`` is one sentence.
    """
    text = _SPACE.sub(" ", "".join(unit.texts))
    places = list(accumulate(map(len, unit.texts)))[:-1]
    partners = _partners(unit.tags)
    bullet = 0 if unit.tags else _bullet(text)
    found = find_placeholders(text)
    parts: list[Part] = [Kept(text[:bullet])] if bullet else []
    at, tag = bullet, 0
    for span in _spans(masked(text, found), bullet, longest, whole=whole):
        start, end = _without_asides(text, span, found, places)
        if start == end:
            continue
        first, after = _inside(places, partners, tag, start, end)
        parts += _between(text, at, start, places[tag:first])
        own = [(places[one] - start, unit.tags[one]) for one in range(first, after)]
        parts.append(sentence_of(text[start:end], own, terms))
        at, tag = end, after
    parts += _between(text, at, len(text), places[tag:])
    return parts


def _without_asides(
    text: str, span: tuple[int, int], found: Sequence[Placeholder], places: Sequence[int]
) -> tuple[int, int]:
    """The ``span`` of a sentence less the emoji codes, hashtags and handles at its ends, which are
    no part of what it says; empty if there is nothing else.
    """
    start, end = span
    own = [one for one in found if start <= one.start and one.end <= end]
    for one in own:
        if one.start != start or not one.is_aside or not text[one.end : one.end + 1].isspace():
            break
        after = one.end + len(text[one.end : end]) - len(text[one.end : end].lstrip())
        if any(start <= place <= after for place in places):
            break
        start = after
    for one in reversed(own):
        before = len(text[: one.start].rstrip())
        alone = (
            one.is_aside and before < one.start and (one.is_emoji or not text[before - 1].isalnum())
        )
        if one.end != end or one.start < start or not alone:
            break
        if any(before <= place <= end for place in places):
            break
        end = max(start, before)
    return start, end


def _partners(tags: Sequence[Tag]) -> dict[int, int]:
    """For each ``open`` tag its ``close``, and the other way round."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    for at, tag in enumerate(tags):
        if tag.kind == "open":
            opened.append(at)
        elif tag.kind == "close" and opened:
            partners[at] = opened.pop()
            partners[partners[at]] = at
    return partners


def _inside(
    places: Sequence[int], partners: dict[int, int], tag: int, start: int, end: int
) -> tuple[int, int]:
    """Which tags, from ``tag`` on, belong to the sentence from ``start`` to ``end``: the first, and
    one past the last. Of those at its two ends, such as have their partner strictly inside.
    """

    def belongs(one: int) -> bool:
        partner = places[partners[one]] if one in partners else start
        return start < places[one] < end or start < partner < end

    near = [one for one in range(tag, len(places)) if start <= places[one] <= end]
    own = [one for one in near if belongs(one)]
    if own:
        return own[0], own[-1] + 1
    first = next((one for one in range(tag, len(places)) if places[one] > start), len(places))
    return first, first


def _bullet(text: str) -> int:
    bullet = _BULLET.match(text)
    return bullet.end() if bullet and LETTER.search(text, bullet.end()) else 0


def _between(text: str, start: int, end: int, places: Iterable[int]) -> list[Part]:
    """What lies between two sentences: white space and tags."""
    parts: list[Part] = []
    for place in places:
        if place > start:
            parts.append(Kept(text[start:place]))
        parts.append(Cut())
        start = place
    if end > start:
        parts.append(Kept(text[start:end]))
    return parts


def _spans(text: str, at: int, longest: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    """Where the sentences of ``text`` stand, from ``at`` on; overlong ones in pieces."""
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
        yield start, at


def sentence_of(text: str, tags: Sequence[tuple[int, Tag]], terms: Terms) -> Sentence:
    """One sentence with its ``tags`` and where they stand, its placeholders and its terms."""
    marks = [
        Mark(place, place, shown, shown, tag=True)
        for (place, tag) in tags
        for shown in [show_tag(tag)]
    ]
    taken = {place for place, _ in tags}
    found = [Mark(one.start, one.end, one.text, one.text) for one in find_placeholders(text)]
    for one in terms.find(text):
        start = _article(text, one.start, taken) if terms.are_english else one.start
        found.append(Mark(start, one.end, text[start : one.end], one.term.target, term=True))
    at = 0
    for mark in sorted(found, key=lambda mark: (mark.start, -mark.end)):
        if mark.start >= at and not any(mark.start < place < mark.end for place in taken):
            marks.append(mark)
            at = mark.end
    ordered = sorted(marks, key=lambda mark: (mark.start, mark.end))
    return Sentence(text, tuple(_joined(ordered)))


def _article(text: str, start: int, taken: set[int]) -> int:
    """Where the article before the term at ``start`` begins, which Chinese has no word for: left
    alone, it is put into quotes or explained. ``start`` if there is none, or a tag in between.
    """
    article = _ARTICLE.search(text, max(0, start - 8), start)
    if not article or any(article.start() < place <= start for place in taken):
        return start
    return article.start()


def _joined(marks: Iterable[Mark]) -> Iterator[Mark]:
    """The marks in order, placeholders that touch each other (``%d%%``) as one."""
    last: Mark | None = None
    for mark in marks:
        if last is None:
            last = mark
        elif mark.start == last.end and not (mark.tag or mark.term or last.tag or last.term):
            last = Mark(last.start, mark.end, last.shown + mark.shown, last.kept + mark.kept)
        else:
            yield last
            last = mark
    if last is not None:
        yield last


def show_tag(tag: Tag) -> str:
    """A tag as the model reads and writes it: without its attributes."""
    name = tag.name if re.fullmatch(r"[a-z][a-z0-9]{0,9}", tag.name) else "x"
    text = " ".join(tag.text.split()).translate({ord("<"): "‹", ord(">"): "›"})
    match tag.kind:
        case "open":
            return f"<{name}>"
        case "close":
            return f"</{name}>"
        case "void":
            return f"<{name}>{text}</{name}>" if text else f"<{name}/>"


# ------------------------------------------------------------------ and together again


def join_parts(
    parts: Sequence[Part], translations: Sequence[Sequence[str]], target: Language
) -> list[str]:
    """The new texts of a unit, one more than it has tags. ``translations`` holds, for each sentence
    of ``parts``, its texts between its tags.

    White space between sentences becomes that of the target: none in Chinese, one in English.
    """
    texts = [""]
    finished = iter(translations)
    for at, part in enumerate(parts):
        match part:
            case Kept(text):
                inner = 0 < at < len(parts) - 1 and not text.strip()
                if not (inner and target == "zh" and _is_chinese_joint(parts, at)):
                    texts[-1] += text
            case Cut():
                texts.append("")
            case Sentence() | Settled():
                first, *others = next(finished) if isinstance(part, Sentence) else part.texts
                if target == "en" and first[:1].isalnum() and _needs_space(texts):
                    texts[-1] += " "
                texts[-1] += first
                texts += others
    return texts


def _is_chinese_joint(parts: Sequence[Part], at: int) -> bool:
    """Whether the white space at ``at`` stands between two sentences."""
    kinds = Sentence | Settled
    before = any(isinstance(part, kinds) for part in parts[:at])
    return before and any(isinstance(part, kinds) for part in parts[at:])


def _needs_space(texts: Sequence[str]) -> bool:
    """Whether English that is added now would stick to what stands before it."""
    last = next((text for text in reversed(texts) if text), "")
    return bool(re.search(r"[.!?;:,)\]”’\"']$", last))
