"""What all engines have in common: how they describe themselves, and which tasks they refuse."""

from __future__ import annotations

from service.inference.config import EngineConfig
from service.inference.protocol import Capabilities, Failure, GenerationRequest


def describe(
    config: EngineConfig,
    *,
    grammar: bool,
    prefix_cache: bool,
    scores: bool,
    context: int | None = None,
    max_output: int | None = None,
    beams: bool = False,
    scores_beside: bool = False,
) -> Capabilities:
    """The capabilities of an engine: what ``config`` says of its model, and what the engine itself
    can do. ``context`` and ``max_output``, in tokens, are given where the model or the memory
    allows less than ``config``. All engines stream.
    """
    return Capabilities(
        model=config.model,
        tasks=config.tasks,
        prompting=config.prompt.prompting,
        context=config.context if context is None else context,
        max_output=config.max_output if max_output is None else max_output,
        grammar=grammar,
        prefix_cache=prefix_cache,
        streaming=True,
        concurrency=config.resources.batch_sequences,
        beams=beams,
        scores=scores,
        scores_beside=scores_beside,
    )


def refuse_task(config: EngineConfig, request: GenerationRequest) -> Failure | None:
    """The failure of a request whose task is not one of the engine's; None if it is."""
    if request.task in config.tasks:
        return None
    message = f"{config.model} does not serve {request.task}"
    return Failure(request.id, "unsupported_task", message)
