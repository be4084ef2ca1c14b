"""Running one request as an article of its own."""

from __future__ import annotations

from collections.abc import Callable

from service.inference.protocol import Generation, GenerationRequest, Generator, Plan
from service.tasks import Priority


async def generate(
    generator: Generator,
    request: GenerationRequest,
    *,
    tokens: int = 0,
    on_text: Callable[[str], None] | None = None,
    started: float = 0.0,
    timeout: float | None = None,
    priority: Priority = "normal",
) -> Generation:
    """Have an article of this one request admitted, and run it. It counts for ``tokens``, but never
    for less than it may generate.
    """
    least = request.max_new_tokens * request.sampling.sequences
    plan = Plan(
        task=request.task,
        tokens=max(tokens, least),
        started=started,
        timeout=timeout,
        priority=priority,
    )
    async with generator.admit(plan) as ticket:
        return await ticket.generate(request, tokens=tokens, on_text=on_text)
