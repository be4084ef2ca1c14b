"""Decoding settings for the drafts of a sentence's translation."""

from __future__ import annotations

import msgspec

from service.generation.session import Session
from service.inference.protocol import Sampling
from service.tasks import Task
from service.translation.model import Effort

THOROUGH = 0.25
"""Share of the caller's time in which sentences are decoded with the ``best`` effort, which takes
several times as long as greedy decoding."""


class Decoding(msgspec.Struct, frozen=True):
    """How drafts are generated: the ``sampling``, and whether the prompt contains ``examples`` even
    into English, where the usual prompt has none.
    """

    sampling: Sampling
    examples: bool = False


GREEDY = (Decoding(Sampling()),)
_DRAWN = Decoding(
    Sampling(temperature=0.5, top_p=0.95, candidates=4, seed=1),
    examples=True,
)
# with and without examples: a mistake that one prompt causes is rarely caused by the other
_BY_SEARCH = (Decoding(Sampling(beams=4)), _DRAWN)
_BY_DRAFTS = (Decoding(Sampling(temperature=0.5, top_p=0.95, candidates=4, seed=2)), _DRAWN)
AGAIN = Sampling(temperature=0.7, top_p=0.95, candidates=4, seed=1)
"""For alternatives that the caller asked for, and for redrafts when terms are missing."""
REPAIRS = tuple(
    Decoding(msgspec.structs.replace(AGAIN, candidates=2, seed=seed)) for seed in (1, 2)
)
"""Rounds of repair. The second is run only if all drafts of the first are flawed: a draft costs
nearly as much as the first translation did, and one of the first two often passes."""

REDRAFTS = (
    msgspec.structs.replace(
        _DRAWN, sampling=msgspec.structs.replace(_DRAWN.sampling, candidates=2)
    ),
)
"""For translations that are unlikely to be right. Of four drafts the last two seldom helped."""


def first_decodings(session: Session, task: Task, effort: Effort) -> tuple[Decoding, ...]:
    """The decodings of a sentence's first drafts. With the ``best`` effort, drafts are sampled and,
    if the engine supports it, found by beam search; the draft most like the others is then chosen.
    The benefit was measured only with instruct models, so other models decode greedily.

    Raises:
        UnsupportedTask: no model of the lineup serves ``task``.
    """
    if effort != "best" or not session.lineup.chats(task):
        return GREEDY
    return _BY_SEARCH if session.lineup.searches(task) else _BY_DRAFTS
