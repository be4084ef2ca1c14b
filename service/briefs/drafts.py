"""A draft, and the one repair that a flawed one gets."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from service.briefs.calls import run_all
from service.briefs.review import Finding, penalty
from service.errors import GenerationFailed
from service.inference.protocol import Sampling

_RETRIES = (
    Sampling(temperature=0.6, top_p=0.9, repetition_penalty=1.1, seed=1),
    Sampling(temperature=0.9, top_p=0.9, repetition_penalty=1.15, seed=2),
)
"""A repair draws two drafts at once: the prompt is in the prefix cache, so the second is cheap."""


class Draft(msgspec.Struct, frozen=True):
    """A text and what its review found."""

    text: str
    findings: tuple[Finding, ...]
    repaired: bool = False


async def settle(
    draft: Callable[[Sampling], Coroutine[Any, Any, Draft]], first: Sampling, *, repair: bool
) -> Draft:
    """The first draft if its review is clean, else the best after one repair. A repair that the
    engine gives up on costs nothing but itself. Without ``repair`` the first draft stands.
    """
    flawed = await draft(first)
    if not flawed.findings or not repair:
        return flawed

    async def again(retry: Sampling) -> Draft:
        try:
            return await draft(retry)
        except GenerationFailed:
            return flawed

    retries = await run_all(again(retry) for retry in _RETRIES)
    best = min([flawed, *retries], key=lambda one: penalty(one.findings))
    return msgspec.structs.replace(best, repaired=best is not flawed)
