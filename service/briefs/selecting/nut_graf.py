"""Finds the sentence of an English report that tells its news, if its first sentence does not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from service.briefs.selecting.following import owed_to
from service.briefs.selecting.scores import Scores
from service.briefs.selecting.sentences import Text

_SOME = 0.15
"""A sentence with this share of the headline is about its news."""
_NAMED = 0.15
"""The bonus of a sentence with one of the headline's names."""
_TRIED = 6
"""How many sentences are analyzed."""


def nut_graf(
    candidates: Iterable[int],
    text: Text,
    scores: Scores,
    names: Collection[str],
    stands_alone: Callable[[int], bool],
) -> int | None:
    """The candidate with the largest share of the headline and with its ``names`` that
    ``stands_alone``; None if no candidate has a fair share.
    """
    texts: Sequence[str] = [one.text for one in text.sentences]

    def value(at: int) -> float:
        named = any(name in texts[at] for name in names)
        event = owed_to(text.headline, texts[at])
        central = 0.3 * scores.centrality[at]
        return scores.headline[at] + _NAMED * named + 0.5 * event + central - 0.01 * at

    def is_about_the_news(at: int) -> bool:
        named = any(name in texts[at] for name in names)
        share = scores.headline[at]
        event = owed_to(text.headline, texts[at]) > 0
        return share >= _SOME or event or (named and share > 0)

    wanted = sorted(filter(is_about_the_news, candidates), key=lambda at: -value(at))
    return next((at for at in wanted[:_TRIED] if stands_alone(at)), None)
