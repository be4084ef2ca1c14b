"""Choosing among several translations of one sentence: the one most like all the others.

Minimum Bayes risk decoding (Kumar and Byrne, 2004) with chrF (Popović, 2015) as the gain. It works
because drafts rarely share the same mistake.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

_ORDER = 6
"""Length of the longest character n-grams."""
_RECALL = 2.0
"""Weight of recall: chrF2."""


def rank(drafts: Sequence[str]) -> list[int]:
    """Indices of ``drafts``, the one most like the others first; ties keep their order."""
    grams = [_grams(draft) for draft in drafts]
    gains = [
        sum(_chrf(grams[at], other) for index, other in enumerate(grams) if index != at)
        for at in range(len(drafts))
    ]
    return sorted(range(len(drafts)), key=lambda at: -gains[at])


def chrf(draft: str, reference: str) -> float:
    """chrF2 of a text against a reference, from 0 to 1. White space is ignored."""
    return _chrf(_grams(draft), _grams(reference))


def _grams(text: str) -> list[Counter[str]]:
    joined = "".join(text.split())
    return [
        Counter(joined[at : at + size] for at in range(len(joined) - size + 1))
        for size in range(1, _ORDER + 1)
    ]


def _chrf(draft: Sequence[Counter[str]], reference: Sequence[Counter[str]]) -> float:
    """chrF2 from the n-gram counts of both texts, from 0 to 1."""
    precisions, recalls = [], []
    for mine, theirs in zip(draft, reference, strict=True):
        if mine and theirs:
            shared = (mine & theirs).total()
            precisions.append(shared / mine.total())
            recalls.append(shared / theirs.total())
    if not any(precisions):
        return 0.0
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    weight = _RECALL**2
    return (1 + weight) * precision * recall / (weight * precision + recall)
