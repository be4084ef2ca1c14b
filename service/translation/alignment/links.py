"""Computes how strongly each word of a sentence is linked to each word of its translation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from service.translation.alignment.lexicon import GlossEntry, GlossLexicon
from service.translation.alignment.words import AlignmentWord, words_of

Range = tuple[int, int]
"""Start and end offsets in a text, in characters."""

Matrix = list[list[float]]
"""``matrix[i][j]``: the link between word i of the source and word j of the translation."""

_ANCHOR: Final = 2.0
"""The score of a known translation: a name, a number, a placeholder."""
_SIGN: Final = 0.4
_HALF: Final = 0.25
"""A two-character word is split if each character has at least this frequency in the equivalents of
a different English word."""
_MOST: Final = 0.8
"""The score of 最 and a superlative."""
_ORDINALS: Final = {
    english: f"第{chinese}"
    for english, chinese in zip(
        "first second third fourth fifth sixth seventh eighth ninth tenth one two three four five"
        " six seven eight nine ten".split(),
        "一二三四五六七八九十" * 2,
        strict=True,
    )
}
"""*The second chapter* and *chapter two* are 第二章."""
_WEAK: Final = 0.15
"""A word whose best link is weaker than this counts as unlinked."""
_LEFT_OVER: Final = 0.3
"""The strongest link that two unlinked words get because of their positions."""
_ALONE: Final = 0.4
_REACH: Final = 3.0
_NEIGHBOURS: Final = 0.5
"""Bonus for a link next to another link."""
_DISTANCE: Final = 0.5
"""Penalty for a link between the start of one text and the end of the other; less in between."""

_SIGNS: Final = {
    one: kind
    for kind, signs in enumerate((",，、", ".。", "!！", "?？", ":：", ";；", "(（", ")）",
                                  "\"“”「」『』", "'‘’", "《》〈〉", "-–—"))
    for one in signs
}  # fmt: skip


class Pair(msgspec.Struct, frozen=True):
    """A passage of the source, from ``start`` up to ``end``, and its known translations."""

    start: int
    end: int
    targets: tuple[str, ...]


class Aligned(msgspec.Struct, frozen=True):
    """The words of both texts, and the strength of their links."""

    source: list[AlignmentWord]
    target: list[AlignmentWord]
    links: Matrix


def align(
    source: str,
    target: str,
    lexicon: GlossLexicon,
    *,
    pairs: Iterable[Pair] = (),
    kept: Sequence[tuple[Range, Range]] = (),
) -> Aligned:
    """Link the words of ``source`` and ``target``, one of which is English and the other Chinese.
    ``pairs`` are known translations. ``kept`` has passages that are the same in both texts, in the
    order of the source.
    """
    ours = words_of(source, lexicon.chinese, [here for here, _ in kept])
    theirs = words_of(target, lexicon.chinese, sorted(there for _, there in kept))
    ours, theirs = _divided(ours, theirs, lexicon), _divided(theirs, ours, lexicon)
    scores = [[_score(one, other, lexicon) for other in theirs] for one in ours]
    for pair in pairs:
        _anchor(scores, ours, theirs, target, pair)
    places = {(one.start, one.end): at for at, one in enumerate(theirs)}
    for here, there in kept:
        row = next(at for at, one in enumerate(ours) if (one.start, one.end) == here)
        scores[row] = [0.0] * len(theirs)
        for other in scores:
            other[places[there]] = 0.0
        scores[row][places[there]] = _ANCHOR
    _weigh_by_place(scores)
    links = _compete(scores)
    _support(scores, links)
    links = _compete(scores)
    _link_left_over(links, ours, theirs)
    return Aligned(ours, theirs, links)


def _score(one: AlignmentWord, other: AlignmentWord, lexicon: GlossLexicon) -> float:
    if one.is_sign or other.is_sign:
        kind = _SIGNS.get(one.text)
        same = one.text == other.text or (kind is not None and kind == _SIGNS.get(other.text))
        return _SIGN if same else 0.0
    if one.key == other.key:
        return _ANCHOR
    if one.is_chinese == other.is_chinese:
        return 0.0
    english, chinese = (other, one) if one.is_chinese else (one, other)
    if chinese.text == "最" and english.text.endswith("est"):
        return _MOST
    if chinese.text == _ORDINALS.get(english.text.lower()):
        return 1.0
    return lexicon.entry(english.key).score(chinese.key)


def _divided(
    words: Sequence[AlignmentWord], others: Sequence[AlignmentWord], lexicon: GlossLexicon
) -> list[AlignmentWord]:
    """Split the Chinese ``words`` that translate two words of the other text: a tag may cover one
    half of 油价, *oil price*.
    """
    entries = [lexicon.entry(key) for key in {one.key for one in others if one.text.isascii()}]
    divided: list[AlignmentWord] = []
    for one in words:
        if _says_two(one, entries):
            middle = one.start + 1
            divided.append(AlignmentWord(one.start, middle, one.text[0], one.text[0]))
            divided.append(AlignmentWord(middle, one.end, one.text[1], one.text[1]))
        else:
            divided.append(one)
    return divided


def _says_two(one: AlignmentWord, entries: Iterable[GlossEntry]) -> bool:
    if len(one.text) != 2 or not one.is_chinese:
        return False
    glossed = [entry for entry in entries if 0 < entry.words.get(one.text, 0) < 1]
    halves = [
        max(glossed, key=lambda entry: entry.characters.get(character, 0.0), default=None)
        for character in one.text
    ]
    return halves[0] is not halves[1] and all(
        half is not None and half.characters.get(character, 0.0) >= _HALF
        for half, character in zip(halves, one.text, strict=True)
    )


def _anchor(
    scores: Matrix,
    ours: Sequence[AlignmentWord],
    theirs: Sequence[AlignmentWord],
    target: str,
    pair: Pair,
) -> None:
    """Raise the scores of the words of a known translation."""
    rows = [at for at, one in enumerate(ours) if one.start < pair.end and pair.start < one.end]
    for written in pair.targets:
        start = target.lower().find(written.lower())
        while start >= 0 and written:
            end = start + len(written)
            for at, other in enumerate(theirs):
                if other.start < end and start < other.end:
                    for row in rows:
                        scores[row][at] = max(scores[row][at], _ANCHOR)
            start = target.lower().find(written.lower(), end)


def _weigh_by_place(scores: Matrix) -> None:
    for i, row in enumerate(scores):
        for j, score in enumerate(row):
            if score:
                apart = abs((i + 0.5) / len(scores) - (j + 0.5) / len(row))
                row[j] = score * (1 - _DISTANCE * apart)


def _compete(scores: Matrix) -> Matrix:
    """Reduce each score in proportion to the other scores of its two words."""
    rows = [sum(row) for row in scores]
    columns = [sum(column) for column in zip(*scores, strict=True)]
    return [
        [
            min(1.0, score) * math.sqrt(score / rows[i] * score / columns[j]) if score else 0.0
            for j, score in enumerate(row)
        ]
        for i, row in enumerate(scores)
    ]


def _support(scores: Matrix, links: Matrix) -> None:
    """Raise the scores of words whose neighbours are linked."""
    for i, row in enumerate(scores):
        for j, score in enumerate(row):
            if score:
                near = max(
                    (
                        links[a][b]
                        for a in (i - 1, i + 1)
                        for b in (j - 1, j, j + 1)
                        if 0 <= a < len(links) and 0 <= b < len(row)
                    ),
                    default=0.0,
                )
                row[j] = score * (1 + _NEIGHBOURS * near)


def _link_left_over(
    links: Matrix, ours: Sequence[AlignmentWord], theirs: Sequence[AlignmentWord]
) -> None:
    """Link unlinked words by their positions relative to the linked ones."""
    rows = [at for at, one in enumerate(ours) if _is_word(one)]
    columns = [at for at, one in enumerate(theirs) if _is_word(one)]
    anchors: dict[int, int] = {}
    taken: set[int] = set()
    for place, i in enumerate(rows):
        best = max(columns, key=links[i].__getitem__, default=None)
        if best is not None and links[i][best] >= _WEAK:
            anchors[place] = columns.index(best)
    for place, j in enumerate(columns):
        if any(row[j] >= _WEAK for row in links):
            taken.add(place)
    for place, i in enumerate(rows):
        if place in anchors:
            continue
        expected = _expected(place, anchors, len(rows), len(columns))
        for other, j in enumerate(columns):
            if other not in taken:
                near = 1 - min(abs(one - other) for one in expected) / _REACH
                links[i][j] = max(links[i][j], _LEFT_OVER * near)
    _join_alone(links, theirs)


def _join_alone(links: Matrix, theirs: Sequence[AlignmentWord]) -> None:
    """Give an unlinked word of the translation the links of the word before it or of the next
    linked one, because a translation may need more words: *all over the world* is 世界各地.
    """
    best = [max((row[at] for row in links), default=0.0) for at in range(len(theirs))]
    for at, word in enumerate(theirs):
        if not _is_word(word) or best[at] >= _WEAK:
            continue
        for other in (at - 1, _next_linked(at, theirs, best)):
            if other >= 0 and _is_word(theirs[other]) and best[other] >= _WEAK:
                for row in links:
                    row[at] = max(row[at], _ALONE * row[other] / best[other])


def _next_linked(at: int, theirs: Sequence[AlignmentWord], best: Sequence[float]) -> int:
    """The next linked word after ``at``; -1 if a sign comes first or there is none."""
    for other in range(at + 1, len(theirs)):
        if theirs[other].is_sign:
            break
        if not theirs[other].is_particle and best[other] >= _WEAK:
            return other
    return -1


def _is_word(one: AlignmentWord) -> bool:
    return not one.is_sign and not one.is_particle


def _expected(place: int, anchors: Mapping[int, int], size: int, other: int) -> list[float]:
    """Positions where the translation of a word is expected: next to the translations of its
    neighbours, else between those of the nearest linked words.
    """
    beside = [anchors[one] + step for one in (place - 1, place + 1) if one in anchors
              for step in (-1.0, 1.0)]  # fmt: skip
    if beside:
        return beside
    before = max((one for one in anchors if one < place), default=None)
    after = min((one for one in anchors if one > place), default=None)
    low, left = (before, anchors[before]) if before is not None else (-1, -1)
    high, right = (after, anchors[after]) if after is not None else (size, other)
    return [left + (place - low) / (high - low) * (right - left)]
