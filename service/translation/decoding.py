"""How drafts of a sentence's translation are decoded."""

from __future__ import annotations

import msgspec

from service.generation.session import Session
from service.inference.protocol import Sampling
from service.tasks import Task
from service.translation.model import Effort

THOROUGH = 0.25
"""Share of the caller's time in which sentences are decoded at their best: it takes several times
as long."""


class Decoding(msgspec.Struct, frozen=True):
    """How drafts are made: the ``sampling``, and whether the prompt has ``examples`` wherever there
    are any.
    """

    sampling: Sampling
    examples: bool = False


GREEDY = (Decoding(Sampling()),)
_DRAWN = Decoding(
    Sampling(temperature=0.5, top_p=0.95, candidates=4, seed=1),
    examples=True,
)
# of two prompts: what one of them misleads the model to, the other does not
_BY_SEARCH = (Decoding(Sampling(beams=4)), _DRAWN)
_BY_DRAFTS = (Decoding(Sampling(temperature=0.5, top_p=0.95, candidates=4, seed=2)), _DRAWN)
AGAIN = Sampling(temperature=0.7, top_p=0.95, candidates=4, seed=1)
"""Other versions, for a caller who wants some or beside a text that lacks terms."""
REPAIRS = tuple(
    Decoding(msgspec.structs.replace(AGAIN, candidates=2, seed=seed)) for seed in (1, 2)
)
"""Drafts of a repair, those of each round only if all before it are flawed: a draft costs nearly as
much as the sentence did, and one of the first two often passes."""


def first_decodings(session: Session, task: Task, effort: Effort) -> tuple[Decoding, ...]:
    """How a sentence is decoded first. With the ``best`` effort drafts are drawn, and the likeliest
    texts searched for where the engine can; of all, the one most like the others is taken. What
    that is worth was measured with instruct models alone.

    Raises:
        UnsupportedTask: no model of the lineup serves ``task``.
    """
    if effort != "best" or not session.lineup.chats(task):
        return GREEDY
    return _BY_SEARCH if session.lineup.searches(task) else _BY_DRAFTS
