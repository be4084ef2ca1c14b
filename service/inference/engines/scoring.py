"""Which characters of a scored text each of its tokens writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from service.inference.protocol import TokenScore

_BROKEN = "\ufffd"


def first_difference(prompt: Sequence[int], whole: Sequence[int]) -> int:
    """How many tokens of ``whole``, a prompt and the text after it, are the ``prompt`` alone."""
    for at, (one, other) in enumerate(zip(prompt, whole, strict=False)):
        if one != other:
            return at
    return min(len(prompt), len(whole))


def align_scores(
    text: str,
    ids: Sequence[int],
    logprobs: Sequence[float],
    decode: Callable[[Sequence[int]], str],
) -> tuple[TokenScore, ...]:
    """The scores of ``text``, whose tokens are ``ids``. Tokens that only together write a character
    share its place.
    """
    scores: list[TokenScore] = []
    start, first = 0, 0
    for last in range(1, len(ids) + 1):
        written = decode(ids[first:last])
        whole = written and _BROKEN not in written and text.startswith(written, start)
        if not whole and last < len(ids):
            continue
        end = start + len(written) if whole else len(text)
        scores += [TokenScore(start, end, logprobs[at]) for at in range(first, last)]
        start, first = end, last
    return tuple(scores)
