"""The capabilities of the lineup's models, for one article."""

from __future__ import annotations

from collections.abc import Sequence

from service.errors import UnsupportedTask
from service.inference.protocol import Capabilities, Generator, Prompting
from service.tasks import Task

PROMPT_OVERHEAD = 300
"""Tokens of the instructions and the chat template."""
_ANSWER = 1024
"""Tokens kept free for the answer in a decoder's context."""


class LineupCapabilities:
    """The capabilities of ``generator``. They are requested once, because the engine may be
    restarting later, and serves the same tasks when it is back.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._known: Sequence[Capabilities] = ()

    def serves(self, task: Task) -> bool:
        """Whether there is a model for ``task``.

        Raises:
            Unavailable: the engine is not ready and never was.
        """
        return any(task in one.tasks for one in self._capabilities)

    def model_for(self, task: Task) -> Capabilities:
        """The capabilities of the model that serves ``task``.

        Raises:
            UnsupportedTask: there is none.
            Unavailable: as :meth:`serves`.
        """
        for one in self._capabilities:
            if task in one.tasks:
                return one
        raise UnsupportedTask(f"no model of the lineup serves {task}")

    def chats(self, task: Task) -> bool:
        """Whether the model for ``task`` takes instructions as messages."""
        return self.model_for(task).chats

    def prompting(self, task: Task) -> Prompting:
        """The kind of prompt that the model for ``task`` reads."""
        return self.model_for(task).prompting

    def searches(self, task: Task) -> bool:
        """Whether the engine for ``task`` supports beam search."""
        return self.model_for(task).beams

    def scores(self, task: Task) -> bool:
        """Whether the engine for ``task`` can score texts; False if there is none."""
        return any(one.scores for one in self._capabilities if task in one.tasks)

    def room(self, task: Task) -> int:
        """Tokens of text that one prompt for ``task`` can hold."""
        one = self.model_for(task)
        if not one.chats:
            return max(32, one.context - 8)
        return max(64, one.context - min(one.max_output, _ANSWER) - PROMPT_OVERHEAD)

    @property
    def _capabilities(self) -> Sequence[Capabilities]:
        self._known = self._known or tuple(self._generator.capabilities)
        return self._known
