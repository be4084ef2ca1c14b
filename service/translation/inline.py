"""Places the inline tags of a sentence around the right words of its translation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

import msgspec

from service.languages import Language
from service.names.model import ListedName
from service.text.markup import Filled
from service.text.numbers import find_quantities, restatements
from service.translation.alignment.lexicon import GlossLexicon
from service.translation.alignment.links import Pair, Range, align
from service.translation.alignment.spans import CrossingError, Element, ElementSpan, place
from service.translation.segments import MarkedSentence, Tagged

_DEEPEST: Final = 40
"""Elements nested deeper than this are not aligned."""


class Inlined(msgspec.Struct, frozen=True):
    """A translated sentence with its tags. ``unplaced`` has the source text of the elements whose
    words were not found in the translation; their position is a guess.
    """

    pieces: Filled
    unplaced: tuple[str, ...] = ()


def inline(
    part: Tagged,
    draft: str,
    target: Language,
    *,
    names: Iterable[ListedName],
    lexicon: Callable[[], GlossLexicon],
    write: Callable[[str], str] = str,
) -> Inlined:
    """Put the elements of ``part`` into ``draft``, its translation. ``write`` converts the text to
    another script. ``names`` are the source's names that ``draft`` contains.
    """
    if not part.elements:
        return Inlined((write(draft),))
    sentence = part.sentence
    kept = _kept(sentence, draft)
    if _is_deep(part.elements):
        return Inlined(_apart(part, _without_own(draft, kept, sentence), write), (sentence.text,))
    divided = _divided(kept, part.elements, sentence.text, draft)
    aligned = align(
        sentence.text,
        draft,
        lexicon(),
        pairs=[*_named(sentence.text, names), *_numbered(sentence.text, target)],
        kept=divided,
    )
    try:
        places = place(part.elements, aligned, len(draft), dict(divided))
    except CrossingError:
        # drop the texts that are in the wrong place; they are inserted again with their tags
        stripped = _without_own(draft, kept, sentence)
        return inline(part, stripped, target, names=names, lexicon=lexicon, write=write)
    return Inlined(
        _filled(part.elements, places, draft, write),
        tuple(_unplaced(part.elements, places, sentence.text)),
    )


def inline_unchanged(part: Tagged, text: str, write: Callable[[str], str] = str) -> Filled:
    """An untranslated sentence, with its elements where they are."""
    steps: list[int | Range] = []
    at = 0
    for number, start, end in sorted(_tags(part.elements)):
        steps += [(at, start), number]
        at = end
    return _written([*steps, (at, len(text))], text, write)


def _tags(elements: Iterable[Element]) -> Iterator[tuple[int, int, int]]:
    """The tags of elements: (number, start, end) in the source."""
    waiting = list(elements)
    while waiting:
        one = waiting.pop()
        waiting += one.within
        if one.kind in ("kept", "point"):
            yield one.tags[0], one.start, one.end
        else:
            if one.kind != "so far":
                yield one.tags[0], one.start, one.start
            if one.kind != "onward":
                yield one.tags[-1], one.end, one.end


def _is_deep(elements: Sequence[Element]) -> bool:
    """Whether elements are nested deeper than any real text needs."""
    level: Sequence[Element] = elements
    for _ in range(_DEEPEST):
        level = [inner for one in level for inner in one.within]
        if not level:
            return False
    return True


def _apart(part: Tagged, draft: str, write: Callable[[str], str]) -> Filled:
    """The text, followed by all tags."""
    return [write(draft), *(number for number, _, _ in sorted(_tags(part.elements)))]


def _kept(sentence: MarkedSentence, draft: str) -> list[tuple[Range, Range]]:
    """Pair the marks of a sentence with their places in its translation; equal marks are paired in
    order.
    """
    at: defaultdict[str, int] = defaultdict(int)
    found: list[tuple[Range, Range]] = []
    for mark in sentence.marks:
        start = draft.find(mark.kept, at[mark.kept])
        end = start + len(mark.kept)
        if start < 0 or any(start < there[1] and there[0] < end for _, there in found):
            continue
        at[mark.kept] = end
        found.append(((mark.start, mark.end), (start, end)))
    return found


def _divided(
    kept: Iterable[tuple[Range, Range]], elements: Sequence[Element], text: str, draft: str
) -> list[tuple[Range, Range]]:
    """Split the entries of ``kept`` that have tags inside, as in ``#<b>tag</b>``, if their text is
    the same in ``text`` and ``draft``.
    """
    cuts = sorted({cut for _, *both in _tags(elements) for cut in both})
    parts: list[tuple[Range, Range]] = []
    for (start, end), (first, last) in kept:
        inner = [cut for cut in cuts if start < cut < end]
        if text[start:end] != draft[first:last]:
            inner = []
        borders = [start, *inner, end]
        parts += [
            ((here, after), (first + here - start, first + after - start))
            for here, after in pairwise(borders)
        ]
    return parts


def _without_own(draft: str, kept: Iterable[tuple[Range, Range]], sentence: MarkedSentence) -> str:
    """``draft`` without the texts of elements, which are inserted with their tags."""
    own = {(mark.start, mark.end) for mark in sentence.marks if mark.whole}
    for start, end in sorted((there for here, there in kept if here in own), reverse=True):
        draft = draft[:start] + draft[end:]
    return draft


def _named(text: str, names: Iterable[ListedName]) -> Iterator[Pair]:
    for name in names:
        start = text.find(name.source)
        while start >= 0:
            yield Pair(start, start + len(name.source), (name.target,))
            start = text.find(name.source, start + len(name.source))


def _numbered(text: str, target: Language) -> Iterator[Pair]:
    for one in find_quantities(text):
        yield Pair(one.start, one.end, tuple(form for form in restatements(one, target) if form))


def _unplaced(
    elements: Sequence[Element], places: Sequence[ElementSpan], text: str
) -> Iterator[str]:
    for one, found in zip(elements, places, strict=True):
        if not found.sure:
            yield text[one.start : one.end]
        yield from _unplaced(one.within, found.within, text)


# ------------------------------------------------------------------ output


def _filled(
    elements: Sequence[Element],
    places: Sequence[ElementSpan],
    text: str,
    write: Callable[[str], str],
) -> Filled:
    return _written(list(_steps(elements, places, 0, len(text))), text, write)


def _written(steps: Sequence[int | Range], text: str, write: Callable[[str], str]) -> Filled:
    cuts = sorted({cut for step in steps if not isinstance(step, int) for cut in step})
    moved = _moved(text, cuts, write)
    whole = write(text)
    return [
        step if isinstance(step, int) else whole[moved[step[0]] : moved[step[1]]]
        for step in steps
        if isinstance(step, int) or step[0] < step[1]
    ]


def _steps(
    elements: Sequence[Element], places: Sequence[ElementSpan], start: int, end: int
) -> Iterator[int | Range]:
    """Tags by their numbers, and the ranges of the translation between them."""
    ordered = sorted(
        zip(places, elements, strict=True), key=lambda pair: (pair[0].start, pair[0].end)
    )
    for found, one in ordered:
        yield start, found.start
        inner = one.kind not in ("kept", "point")
        if one.kind in ("around", "onward"):
            yield one.tags[0]
        if inner:
            yield from _steps(one.within, found.within, found.start, found.end)
        if one.kind != "onward":
            yield one.tags[-1]
        start = found.end
    yield start, end


def _moved(text: str, cuts: Iterable[int], write: Callable[[str], str]) -> dict[int, int]:
    """Map each of ``cuts``, sorted offsets in ``text``, to its offset in the converted text. The
    text is converted as a whole, since the result for a character can depend on its neighbours.
    """
    whole = write(text)
    moved: dict[int, int] = {}
    last = 0
    for cut in cuts:
        last = max(last, _place_in(whole, text, cut, write))
        moved[cut] = last
    return moved


def _place_in(whole: str, text: str, place: int, write: Callable[[str], str]) -> int:
    if len(whole) == len(text) or place == 0:
        return place
    if whole.startswith(before := write(text[:place])):
        return len(before)
    if whole.endswith(after := write(text[place:])):
        return len(whole) - len(after)
    return round(place * len(whole) / len(text))
