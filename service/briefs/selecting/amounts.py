"""How much of an article an extractive brief may quote."""

from __future__ import annotations

import msgspec

from service.briefs.model import BriefOptions, LengthName, SentenceCount, Style
from service.languages import Language

SHARE = 4
"""A brief quotes at most one of so many words of the article."""
_ANYHOW: dict[Language, int] = {"en": 45, "zh": 72}
"""The units that a brief may have of the shortest article. It always has one sentence."""

_SEQUENCE = 30
"""Words from which on sentences that follow each other say enough."""


class Amount(msgspec.Struct, frozen=True):
    """``least`` to ``most`` sentences with ``low`` to ``high`` units in all: words in English,
    characters in Chinese. Sentences are shortened to ``each`` units if that is safe. If one
    sentence fills the brief of a short article, a second one may extend it to ``stretch`` units if
    it says what the headline says and the first does not.
    """

    least: int
    most: int
    low: int
    high: int
    each: int
    stretch: int = 0

    @property
    def extra(self) -> int:
        """Units by which the second sentence of a short article's brief may exceed ``high``."""
        return max(0, self.stretch - self.high)


_TABLE: dict[tuple[Style, LengthName, Language], Amount] = {
    ("paragraph", "short", "en"): Amount(1, 1, 0, 40, 30),
    ("paragraph", "medium", "en"): Amount(2, 3, 38, 70, 30),
    ("paragraph", "long", "en"): Amount(4, 6, 85, 150, 32),
    ("paragraph", "short", "zh"): Amount(1, 1, 0, 75, 60),
    ("paragraph", "medium", "zh"): Amount(2, 3, 72, 130, 62),
    ("paragraph", "long", "zh"): Amount(4, 6, 150, 270, 70),
    ("bullets", "short", "en"): Amount(2, 2, 24, 60, 24),
    ("bullets", "medium", "en"): Amount(3, 4, 45, 95, 24),
    ("bullets", "long", "en"): Amount(5, 7, 85, 160, 24),
    ("bullets", "short", "zh"): Amount(2, 2, 45, 105, 48),
    ("bullets", "medium", "zh"): Amount(3, 4, 80, 160, 48),
    ("bullets", "long", "zh"): Amount(5, 7, 140, 280, 48),
}
_A_SENTENCE: dict[Language, int] = {"en": 45, "zh": 90}
"""The most units of a sentence if the caller asks for a number of sentences."""


def amount_of(options: BriefOptions, language: Language, *, article_units: int) -> Amount:
    """Return how much ``options`` ask for, of an article of ``article_units``. The number of
    sentences that the caller asks for is met, whatever share of the article they are.
    """
    if options.style == "headline":
        return Amount(1, 1, 0, 16 if language == "en" else 32, 14 if language == "en" else 28)
    if isinstance(options.length, SentenceCount):
        count = options.length.sentences
        each = _A_SENTENCE[language]
        return Amount(count, count, 0, count * each, each * 2 // 3)
    amount = _TABLE[options.style, options.length, language]
    share = max(article_units // SHARE, _ANYHOW[language])
    if share >= amount.high:
        return amount
    stretch = min(amount.high, share * 3 // 2) if amount.most > 1 else 0
    return msgspec.structs.replace(
        amount, least=1, low=min(amount.low, share), high=share, stretch=stretch
    )


def for_states(amount: Amount) -> Amount:
    """Return the amount for a live report, which has several subjects: as much as may be quoted of
    any article, and half as much again if the last sentence needs it.
    """
    return msgspec.structs.replace(amount, low=amount.high, high=max(amount.high, amount.stretch))


def for_sequence(amount: Amount) -> Amount:
    """Return the amount for a paragraph of a report whose sentences follow each other: two are
    enough if they have 30 words, and one is if no other goes on with it. A number of sentences that
    was asked for, and that of a long brief, stay.
    """
    if amount.least > 2 or amount.least == amount.most:
        return amount
    return msgspec.structs.replace(amount, least=1, low=min(amount.low, _SEQUENCE))
