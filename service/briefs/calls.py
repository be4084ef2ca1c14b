"""One article's calls to the models of the lineup, and what they cost."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from service.briefs.model import Language
from service.briefs.shape import Shape
from service.errors import UnsupportedTask
from service.inference.protocol import (
    Capabilities,
    Generation,
    GenerationRequest,
    Generator,
    Message,
    Sampling,
    Task,
    Timings,
    Usage,
)
from service.text.chunks import estimate_tokens

T = TypeVar("T")

PROMPT_OVERHEAD = 300
"""Tokens of the instruction and of the chat template."""
_ANSWER = 1024
"""Tokens kept free for the answer in a decoder's context."""


def summary_task(language: Language) -> Task:
    """The task of summarizing an article in ``language`` in that language."""
    return "summarize:en" if language == "en" else "summarize:zh"


def translation_task(source: Language) -> Task:
    """The task of translating from ``source`` into the other language."""
    return "translate:en-zh" if source == "en" else "translate:zh-en"


class Calls:
    """Sends requests for one article and keeps what comes back.

    ``grounding`` off sends no grammar. Prompts that begin with the article share a ``family``, so
    that the scheduler lets the first fill the prefix cache for the others. ``patience`` is in how
    many seconds the caller wants the answer.
    """

    def __init__(
        self, generator: Generator, *, grounding: bool, patience: float | None = None
    ) -> None:
        self._generator = generator
        self._patience = patience
        self._grounding = grounding
        self._family = uuid.uuid4().hex
        self._order = itertools.count()
        self._answers: dict[int, Generation] = {}
        self._accepted = False

    def serves(self, task: Task) -> bool:
        """Whether the lineup has a model for ``task``."""
        return any(task in one.tasks for one in self._generator.capabilities)

    def chats(self, task: Task) -> bool:
        """Whether the model for ``task`` is told what to do, rather than trained for it alone."""
        return self._server(task).prompting == "chat"

    def room(self, task: Task) -> int:
        """Tokens of text that one prompt for ``task`` can hold."""
        one = self._server(task)
        if one.prompting == "plain":
            return max(32, one.context - 8)
        return max(64, one.context - min(one.max_output, _ANSWER) - PROMPT_OVERHEAD)

    async def ask(
        self,
        task: Task,
        *,
        text: str,
        messages: tuple[Message, ...],
        shape: Shape,
        grammar: str,
        sampling: Sampling,
        shares_article: bool = False,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Generate once. An instruct model is sent ``messages``, any other ``text``; ``on_text``
        is called with pieces of the answer as they come.

        Raises:
            UnsupportedTask: no model of the lineup serves ``task``.
            Overloaded, Unavailable, DeadlineExceeded, GenerationFailed: from the engine.
        """

        def hear(text: str) -> None:
            self._accepted = True
            if on_text:
                on_text(text)

        order = next(self._order)
        one = self._server(task)
        chats = one.prompting == "chat"
        prompt = "".join(message.content for message in messages) if chats else text
        most = min(shape.max_new_tokens, one.max_output)
        generation = await self._generator.generate(
            GenerationRequest(
                id=uuid.uuid4().hex,
                task=task,
                source=_source_of(task),
                target=shape.language,
                messages=messages if chats else (),
                text="" if chats else text,
                grammar=grammar if self._grounding and one.grammar else None,
                max_new_tokens=most,
                sampling=sampling,
                family=self._family if shares_article else "",
                cost=estimate_tokens(prompt) + most,
                follow_up=self._accepted,
                patience=self._patience,
            ),
            on_text=hear,
        )
        self._accepted = True
        self._answers[order] = generation
        return generation

    @property
    def _generations(self) -> list[Generation]:
        """What came back, in the order of asking."""
        return [generation for _, generation in sorted(self._answers.items())]

    @property
    def models(self) -> str:
        """Names of the models that answered, in the order they were asked."""
        return " + ".join(dict.fromkeys(one.model for one in self._generations))

    @property
    def usage(self) -> Usage:
        """Tokens of all calls."""
        usages = [one.usage for one in self._generations]
        return Usage(
            prompt=sum(one.prompt for one in usages),
            cached=sum(one.cached for one in usages),
            generated=sum(one.generated for one in usages),
        )

    @property
    def timings(self) -> Timings:
        """Seconds of all calls, added up although some ran side by side."""
        timings = [one.timings for one in self._generations]
        return Timings(
            queue=round(sum(one.queue for one in timings), 3),
            prefill=round(sum(one.prefill for one in timings), 3),
            decode=round(sum(one.decode for one in timings), 3),
        )

    def _server(self, task: Task) -> Capabilities:
        for one in self._generator.capabilities:
            if task in one.tasks:
                return one
        raise UnsupportedTask(f"no model of the lineup serves {task}")


def _source_of(task: Task) -> Language:
    return "en" if task in ("summarize:en", "translate:en-zh") else "zh"


async def run_all(coroutines: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run all at once, in order; the first failure cancels the rest and is raised as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in coroutines]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


async def end_all(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel what still runs and wait for its end; how each one ended is nobody's concern."""
    ending = list(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
