"""Articles of any length, made of the seeds."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Literal

SEEDS = Path(__file__).parents[2] / "seeds"
_NAMES = {
    "en": ("coastal-grid-report", "harbour-tunnel", "river-restoration"),
    "zh": ("china-technology", "tea-county", "metro-night-bus"),
}


def long_article(language: Literal["en", "zh"], characters: int, *, seed: int = 1) -> str:
    """News in ``language``, of so many ``characters``: the seeds, again and again, with other
    numbers each time.
    """
    chance = random.Random(seed)  # noqa: S311 - nothing depends on its being hard to guess
    texts = [(SEEDS / f"{name}.txt").read_text(encoding="utf-8") for name in _NAMES[language]]

    def other(number: re.Match[str]) -> str:
        size = len(number[0])
        return str(chance.randrange(10 ** (size - 1), 10**size))

    parts: list[str] = []
    while sum(map(len, parts)) < characters:
        parts.append(re.sub(r"\d+", other, chance.choice(texts)))
    return "\n".join(parts)[:characters]
