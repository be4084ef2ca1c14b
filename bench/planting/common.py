"""What the planters of both languages share."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

Plant = Callable[["Soil"], str | None]


@dataclass(frozen=True)
class Soil:
    """A true sentence, and names, numbers and dates of its article's other sentences.

    ``names`` maps a kind to the names of it.
    """

    sentence: str
    names: dict[str, tuple[str, ...]]
    article: str
    strangers: tuple[str, ...]
    """Sentences of other articles."""
    rng: random.Random


def exchange(text: str, one: tuple[int, int], other: tuple[int, int]) -> str:
    """``text`` with two spans exchanged."""
    (a, b), (c, d) = sorted((one, other))
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def put(text: str, span: tuple[int, int], new: str) -> str:
    """``text`` with one span replaced."""
    return text[: span[0]] + new + text[span[1] :]


_NUMBER = re.compile(r"(?<![\w.,/-])\d[\d,]*(?:\.\d+)?(?![\w./-]*\d)")


def plain_numbers(text: str) -> list[tuple[int, int]]:
    """Spans of the numbers in digits that are no years and no part of a word."""
    return [
        match.span()
        for match in _NUMBER.finditer(text)
        if not re.fullmatch(r"(?:1[89]|20)\d\d", match[0])
    ]


def change_number(soil: Soil) -> str | None:
    """One number becomes another of the same size."""
    spans = plain_numbers(soil.sentence)
    if not spans:
        return None
    span = soil.rng.choice(spans)
    old = soil.sentence[span[0] : span[1]]
    first = old[0]
    new = str((int(first) + soil.rng.randint(1, 7)) % 9 + 1)
    return None if new == first else put(soil.sentence, span, new + old[1:])


def move_number(soil: Soil) -> str | None:
    """Two numbers of the sentence change places."""
    spans = plain_numbers(soil.sentence)
    if len(spans) < 2:
        return None
    one, other = soil.rng.sample(spans, 2)
    texts = [soil.sentence[a:b] for a, b in (one, other)]
    return None if texts[0] == texts[1] else exchange(soil.sentence, one, other)


def invent(soil: Soil) -> str | None:
    """A sentence of another article."""
    return soil.rng.choice(soil.strangers) if soil.strangers else None
