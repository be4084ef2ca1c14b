"""An analyzer that remembers, for work that asks about the same sentences more than once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from service.analysis.model import Analyzes, ChineseWord, Entity, Parse

T = TypeVar("T")


class RememberingAnalyzer:
    """An :class:`~service.analysis.model.Analyzes` over another ``analyzer``, for one thread and
    one article: the entities and the words of a sentence are found once.
    """

    def __init__(self, analyzer: Analyzes) -> None:
        self._analyzer = analyzer
        self._entities: dict[str, tuple[Entity, ...]] = {}
        self._words: dict[str, tuple[ChineseWord, ...]] = {}

    def parse(self, sentences: Sequence[str]) -> list[Parse]:
        """See :meth:`service.analysis.model.Analyzes.parse`."""
        return self._analyzer.parse(sentences)

    def tree(self, sentences: Sequence[str]) -> list[Parse]:
        """See :meth:`service.analysis.model.Analyzes.tree`."""
        return self._analyzer.tree(sentences)

    def entities(self, sentences: Sequence[str]) -> list[tuple[Entity, ...]]:
        """See :meth:`service.analysis.model.Analyzes.entities`."""
        return _remembered(self._entities, sentences, self._analyzer.entities)

    def segment(self, texts: Sequence[str]) -> list[tuple[ChineseWord, ...]]:
        """See :meth:`service.analysis.model.Analyzes.segment`."""
        return _remembered(self._words, texts, self._analyzer.segment)


def _remembered(
    known: dict[str, T], texts: Sequence[str], find: Callable[[Sequence[str]], list[T]]
) -> list[T]:
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if new:
        known.update(zip(new, find(new), strict=True))
    return [known[text] for text in texts]
