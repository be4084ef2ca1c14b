"""When a translated sentence is doubtful though no check finds anything wrong with it (ADR 26)."""

from __future__ import annotations

from typing import Final

from service.analysis import Analyzes
from service.languages import Language
from service.tasks import Truth
from service.translation import ReadBack, TranslatedSentence, unmatched

_NAME: Final = 20.0
"""What a name that nothing verifies adds: with two of them, six in seven translations were
wrong."""
_UNMATCHED: Final = 40.0
"""What words without a counterpart add, times their share. Of English sentences alone: in a Chinese
one's translation they tell nothing."""
DOUBTFUL: Final[dict[Language, float]] = {"en": 58.0, "zh": 48.0}
"""Doubt from which another translation is looked for, by the source's language. It was set at 67 on
translations of the default model that readers had graded (``bench/doubt.py``), and lowered after
four other readings, in the last three of which 11 of 68 true sentences of English articles and 18
of 48 of Chinese ones were above it."""


def doubt(likelihood: float, *, names: int, unmatched: float) -> float:
    """How doubtful a translation is, in natural logarithms. It is the more so the less likely it is
    (:func:`service.translation.likelihood.likelihood`), the more ``names`` of its source nothing
    verifies, and the larger the share of ``unmatched`` words (0 for a Chinese source).
    """
    return _NAME * names - likelihood + _UNMATCHED * unmatched


class Doubts:
    """How doubtful the translations of sentences in ``source`` are. With an ``analyzer``, and if
    the lineup's ``truth`` is low, sentences are matched with their translations word by word.
    """

    def __init__(self, source: Language, *, analyzer: Analyzes | None, truth: Truth) -> None:
        self._source: Language = source
        self._analyzer = analyzer if truth == "low" else None

    @property
    def threshold(self) -> float:
        """The doubt from which a translation is doubtful."""
        return DOUBTFUL[self._source]

    def of(self, one: TranslatedSentence, back: ReadBack) -> float | None:
        """Return how doubtful a translation is, or None if it was not scored."""
        if back.likelihood is None:
            return None
        share = self.unmatched(one) if self._source == "en" else 0.0
        return doubt(back.likelihood, names=back.names, unmatched=share)

    def unmatched(self, one: TranslatedSentence) -> float:
        """Return the share of words that do not match, of an English and a Chinese sentence of
        which one translates the other; 0 if nothing is matched.
        """
        if self._analyzer is None:
            return 0.0
        english, chinese = one.source.text, one.text
        names = [(name.source, name.target) for name in one.names]
        if self._source == "zh":
            english, chinese = chinese, english
            names = [(target, source) for source, target in names]
        parse = self._analyzer.parse([english])[0]
        return unmatched(english, parse, chinese, names).share
