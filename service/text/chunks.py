"""Dividing an article into chunks that fit a model: cut between sentences, of nearly equal size."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

import msgspec

from service.text.sentences import separator

MIN_TOKENS: Final = 16
"""The smallest budget that :func:`split_chunks` accepts."""

_RUN = re.compile(
    r"(?P<word>[A-Za-z]+)|(?P<han>[\u4e00-\u9fff]+)|(?P<blank>[ \t]+)|(?P<line>\n+)"
    r"|(?P<plain>[\x00-\uffff])|(?P<rare>.)",
    re.DOTALL,
)
_LETTERS_A_TOKEN = 6
_TOKENS_A_RARE_CHARACTER = 4
_CLAUSE = re.compile(r"(?<=[，、；：。！？…])|(?<=[,;:.!?])(?=\s)")
_WORD = re.compile(r"\S+|\s+")


def estimate_tokens(text: str) -> int:
    """Estimate the model's tokens for ``text``, rather too many than too few.

    A Latin word costs a token for every six letters begun (two letters in capitals), a Han
    character 0.8, a digit or punctuation mark 1, a character beyond the basic plane 4; a space is
    part of the word after it.

    Measured with Qwen2.5's tokenizer on WMT22 news, e-commerce and chat (7,824 lines): English
    has 0.20 to 0.22 tokens a character, Simplified Chinese 0.62 to 0.64, Traditional 0.76. The
    estimate is 1.16 to 1.19 times the truth in English, 1.26 to 1.27 times in Simplified and 1.06
    times in Traditional Chinese. Over twenty consecutive lines it was never below 1.04 (English),
    1.08 (Simplified) and 0.92 (Traditional); single lines full of rare names reach 0.67.

    The estimate of two texts together never exceeds the sum of their estimates.
    """
    tokens = han = 0
    for run in _RUN.finditer(text):
        length = run.end() - run.start()
        match run.lastgroup:
            case "word":
                shouted = length > 1 and run[0].isupper()
                tokens += -(-length // (2 if shouted else _LETTERS_A_TOKEN))
            case "han":
                han += length
            case "blank":
                pass
            case "rare":
                tokens += _TOKENS_A_RARE_CHARACTER
            case _:
                tokens += 1
    return tokens + -(-han * 4 // 5)


class Piece(msgspec.Struct, frozen=True):
    """A sentence, or a part of one that is too long for a chunk. ``sentence`` is its index;
    ``before`` is what separates it from the piece before: nothing, a space or a line break.
    """

    sentence: int
    text: str
    before: str


class Chunk(msgspec.Struct, frozen=True):
    """Consecutive pieces of a text. The first ``repeated`` pieces also end the previous chunk."""

    pieces: tuple[Piece, ...]
    repeated: int = 0

    @property
    def text(self) -> str:
        """The chunk as the model reads it, including the repeated pieces."""
        first, *rest = self.pieces
        return first.text + "".join(piece.before + piece.text for piece in rest)

    @property
    def own(self) -> tuple[Piece, ...]:
        """The pieces that are not repeated from the previous chunk; never empty."""
        return self.pieces[self.repeated :]

    @property
    def start(self) -> int:
        """Index of the first sentence that is not repeated."""
        return self.own[0].sentence

    @property
    def end(self) -> int:
        """One past the index of the last sentence."""
        return self.pieces[-1].sentence + 1

    @property
    def characters(self) -> int:
        """Characters of the pieces that are not repeated. Over all chunks they add up to the text
        without the white space between pieces.
        """
        return sum(len(piece.text) for piece in self.own)


def split_chunks(sentences: Sequence[str], max_tokens: int, *, overlap: int = 0) -> list[Chunk]:
    """Split a text into as few chunks as fit, of nearly equal size.

    Chunks end between sentences. A sentence that is over the budget by itself is cut at its
    clauses, then at spaces, then anywhere but inside a number.

    Args:
        sentences: as :func:`service.text.sentences.split_sentences` gives them.
        max_tokens: no chunk's text is estimated at more, ``overlap`` included.
        overlap: at most so many tokens of whole pieces from the end of a chunk open the next.

    Returns:
        Every sentence, in order; empty for no sentences.

    Raises:
        ValueError: ``overlap`` is negative or leaves less than :data:`MIN_TOKENS`.
    """
    if overlap < 0 or max_tokens - overlap < MIN_TOKENS:
        raise ValueError(f"{max_tokens} tokens, {overlap} of them overlap, leave too few to fill")
    whole = _pieces(sentences, max_tokens)
    if sum(map(_cost, whole)) <= max_tokens:
        return [Chunk(whole)] if whole else []
    budget = max_tokens - overlap
    pieces = _pieces(sentences, budget) if overlap else whole
    chunks: list[Chunk] = []
    for own in _balanced(pieces, budget):
        context = _tail(chunks[-1].own, overlap) if chunks else ()
        chunks.append(Chunk(context + own, repeated=len(context)))
    return chunks


def halve(chunk: Chunk) -> tuple[Chunk, Chunk]:
    """Split a chunk that is too long for a model in spite of the estimate into two of nearly equal
    size. Together they have the chunk's own text, without the repeated context.

    Raises:
        ValueError: the chunk is a single character.
    """
    pieces = chunk.own
    if len(pieces) == 1:
        pieces = tuple(_cut(pieces[0], estimate_tokens(pieces[0].text) // 2))
    if len(pieces) == 1:
        pieces = _cut_in_the_middle(pieces[0])
    sums = list(accumulate(map(_cost, pieces)))
    middle = min(range(1, len(pieces)), key=lambda end: abs(2 * sums[end - 1] - sums[-1]))
    return Chunk(pieces[:middle]), Chunk(pieces[middle:])


def _cost(piece: Piece) -> int:
    return estimate_tokens(piece.before) + estimate_tokens(piece.text)


def _pieces(sentences: Sequence[str], budget: int) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    previous = ""
    for index, sentence in enumerate(sentences):
        piece = Piece(index, sentence, separator(previous, sentence))
        pieces += [piece] if _cost(piece) <= budget else _cut(piece, budget)
        previous = sentence
    return tuple(pieces)


def _cut(piece: Piece, budget: int) -> Iterator[Piece]:
    """Cut a piece into parts of at most ``budget`` tokens, at the best places that allow it."""
    room = max(1, budget - estimate_tokens("\n"))
    before = piece.before
    for part in _parts(piece.text, room):
        if part[0].isspace():
            before = before or " "
        if text := part.strip():
            yield Piece(piece.sentence, text, before)
            before = " " if part[-1].isspace() else ""


def _parts(text: str, room: int) -> Iterator[str]:
    width = max(1, room // _TOKENS_A_RARE_CHARACTER)
    slices = re.compile(rf"[\d.,%]{{1,{width}}}|[^\s\d.,%]{{1,{width}}}|\s+")
    for clause in filter(None, _CLAUSE.split(text)):
        fits = estimate_tokens(clause) <= room
        for word in [clause] if fits else _WORD.findall(clause):
            yield from [word] if estimate_tokens(word) <= room else slices.findall(word)


def _cut_in_the_middle(piece: Piece) -> tuple[Piece, Piece]:
    middle = len(piece.text) // 2
    if not middle:
        raise ValueError("a single character cannot be halved")
    return (
        Piece(piece.sentence, piece.text[:middle], piece.before),
        Piece(piece.sentence, piece.text[middle:], ""),
    )


def _balanced(pieces: Sequence[Piece], budget: int) -> Iterator[tuple[Piece, ...]]:
    """Return the fewest groups that fit the budget, each as near as possible to an equal share.

    Linear in the pieces: hostile text can have a hundred thousand.
    """
    sums = [0, *accumulate(map(_cost, pieces))]
    reach = [bisect_right(sums, sums[start] + budget) - 1 for start in range(len(pieces))]
    groups = [0] * (len(pieces) + 1)
    for start in reversed(range(len(pieces))):
        groups[start] = 1 + groups[reach[start]]
    start = 0
    while start < len(pieces):
        wanted = sums[start] + (sums[-1] - sums[start]) / groups[start]
        near = min(bisect_right(sums, wanted), reach[start])
        end = max(start + 1, near - 1 if wanted - sums[near - 1] <= sums[near] - wanted else near)
        while groups[end] > groups[start] - 1:
            end += 1
        yield tuple(pieces[start:end])
        start = end


def _tail(pieces: Sequence[Piece], tokens: int) -> tuple[Piece, ...]:
    first = len(pieces)
    while first and (cost := _cost(pieces[first - 1])) <= tokens:
        tokens -= cost
        first -= 1
    return tuple(pieces[first:])
