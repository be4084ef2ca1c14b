"""The shape of a brief: how many sentences it has, and how long they are. The prompt, the grammar
and the review use the same table.
"""

from __future__ import annotations

import msgspec

from service.briefs.model import BriefOptions, LengthName, SentenceCount, Style
from service.languages import Language


class Shape(msgspec.Struct, frozen=True):
    """The bounds of one brief: ``least`` to ``most`` sentences (bullets, or one headline) of
    ``shortest`` to ``longest`` units each. Units are words in English and characters in Chinese.
    """

    style: Style
    language: Language
    least: int
    most: int
    shortest: int
    longest: int

    @property
    def max_new_tokens(self) -> int:
        """The most tokens that a brief of this shape takes, with some more for closing quotes."""
        per_unit = 2.2 if self.language == "en" else 1.3
        return int(self.most * (self.longest * per_unit + 8)) + 16


_SENTENCES: dict[LengthName, tuple[int, int]] = {"short": (1, 1), "medium": (2, 3), "long": (4, 6)}
_BULLETS: dict[LengthName, tuple[int, int]] = {"short": (2, 2), "medium": (3, 4), "long": (5, 7)}
_UNITS: dict[tuple[Style, Language], tuple[int, int]] = {
    ("paragraph", "en"): (6, 53),
    ("paragraph", "zh"): (10, 110),
    ("bullets", "en"): (4, 35),
    ("bullets", "zh"): (6, 70),
    ("headline", "en"): (4, 16),
    ("headline", "zh"): (6, 32),
}


def shape_of(options: BriefOptions, language: Language, *, source_sentences: int) -> Shape:
    """Return the shape that ``options`` ask for, of an article of ``source_sentences`` sentences.

    The brief of a very short article has at most half as many sentences as the article, unless the
    caller gave a number.
    """
    shortest, longest = _UNITS[options.style, language]
    if options.style == "headline":
        return Shape(options.style, language, 1, 1, shortest, longest)
    if isinstance(options.length, SentenceCount):
        least = most = options.length.sentences
    else:
        table = _BULLETS if options.style == "bullets" else _SENTENCES
        least, most = table[options.length]
        half = max(1, source_sentences // 2)
        least, most = min(least, half), min(most, half)
    return Shape(options.style, language, least, most, shortest, longest)
