"""The rank of each sentence of an article: how much of the news it holds, from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from service.briefs.selecting.flags import NEVER, Flag
from service.briefs.selecting.sentences import ArticleSentence

_REFUSED = frozenset({Flag.INSTRUCTION, Flag.COMMENT, Flag.FURNITURE})
"""Flags of sentences that no brief quotes."""
_NOT_ALONE = 0.5
"""The share of its score for a sentence that says little without its neighbours."""


class Ranked(msgspec.Struct, frozen=True):
    """A sentence at ``[start, end)`` of the article's body, and its ``rank``."""

    start: int
    end: int
    rank: float


def rank_sentences(
    sentences: Sequence[ArticleSentence], flags: Sequence[frozenset[Flag]], totals: Sequence[float]
) -> tuple[Ranked, ...]:
    """Rank all ``sentences``, in their order, by their scores (``totals``); the best one has 1.
    Sentences that no brief quotes (captions, comments, instructions to the reader) have 0. The
    score of questions, fragments and others that depend on their neighbours is halved.
    """
    scores = [_score(total, flagged) for total, flagged in zip(totals, flags, strict=True)]
    best = max(scores, default=0.0) or 1.0
    return tuple(
        Ranked(one.start, one.end, round(score / best, 4))
        for one, score in zip(sentences, scores, strict=True)
    )


def _score(total: float, flags: frozenset[Flag]) -> float:
    if flags & _REFUSED:
        return 0.0
    return max(0.0, total) * (_NOT_ALONE if flags & NEVER else 1.0)


def rank_of(spans: Sequence[tuple[int, int]], ranked: Sequence[Ranked]) -> float:
    """Return the rank of a quotation from ``spans``: that of the sentence in which it begins, or
    the best one within its first span. A headline, which is not one of the sentences, has 1.
    """
    if not spans:
        return 1.0
    start, end = spans[0]
    held = [one.rank for one in ranked if one.start < end and start < one.end]
    return max(held, default=1.0)
