"""Which sentences of an article may be quoted."""

from __future__ import annotations

from collections.abc import Sequence

from service.briefs.selecting.entries import superseded
from service.briefs.selecting.flags import NEVER, Flag
from service.briefs.selecting.kinds import Nature, is_index
from service.briefs.selecting.leads import FEATURE, LEADS
from service.briefs.selecting.opinions import ends_with_author
from service.briefs.selecting.scores import Scores
from service.briefs.selecting.sentences import Text
from service.briefs.selecting.valuation import Valuation

_SHORTLIST = 16
"""How many sentences a brief is chosen from, besides the first ones."""
_RELAXED: tuple[frozenset[Flag], ...] = (
    NEVER,
    NEVER - {Flag.SHORT, Flag.QUESTION, Flag.QUOTATION, Flag.SECOND_PERSON, Flag.REQUEST},
    frozenset({Flag.INSTRUCTION, Flag.COMMENT, Flag.FURNITURE}),
)
"""The flags that exclude a sentence. The next set is used only if the one before excludes all."""


def quotable(
    text: Text, flags: Sequence[frozenset[Flag]], nature: Nature, valuation: Valuation
) -> list[int]:
    """Return the sentences that may be quoted, in the order of the text. Those of a live report
    that a newer one supersedes may not.
    """
    late = superseded(text) if nature.form == "live" else set[int]()
    if is_index(text, flags):
        return []

    def may_stand(at: int, excluding: frozenset[Flag]) -> bool:
        against = flags[at] & excluding
        telling = valuation.tells_score(at) or valuation.thesis(at) > 0
        return not against or (against == {Flag.SHORT} and telling)

    if nature.label == "opinion" and ends_with_author(text):
        late.add(len(flags) - 1)
    every = [at for at in range(len(flags)) if at not in late]
    for excluding in _RELAXED:
        if found := [at for at in every if may_stand(at, excluding)]:
            return found
    return []


def shortlist(
    eligible: list[int],
    text: Text,
    scores: Scores,
    places: Sequence[int],
    valuation: Valuation,
) -> list[int]:
    """Return the best and the first sentences of ``eligible``, in the order of the text."""
    best = sorted(eligible, key=lambda at: -scores.total[at])[:_SHORTLIST]
    many = 3 * LEADS if len(text.sentences) >= FEATURE else LEADS + 1
    first = sorted(eligible, key=lambda at: places[at])[:many]
    argued = valuation.argued(eligible)[:LEADS]
    leading = [at - 1 for at in valuation.demands(argued) if at - 1 in eligible]
    return sorted({*best, *first, *argued, *leading})
