"""What the models of the lineup can do for one article."""

from __future__ import annotations

from collections.abc import Sequence

from service.errors import UnsupportedTask
from service.inference.protocol import Capabilities, Generator, Prompting
from service.tasks import Task

PROMPT_OVERHEAD = 300
"""Tokens of the instruction and of the chat template."""
_ANSWER = 1024
"""Tokens kept free for the answer in a decoder's context."""


class LineupCapabilities:
    """The capabilities of ``generator``, asked for once: the engine may be away later, and serves
    the same tasks when it comes back.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._known: Sequence[Capabilities] = ()

    def serves(self, task: Task) -> bool:
        """Whether there is a model for ``task``.

        Raises:
            Unavailable: the engine is not ready, and was not when this was first asked.
        """
        return any(task in one.tasks for one in self._capabilities)

    def model_for(self, task: Task) -> Capabilities:
        """Those of the model that serves ``task``.

        Raises:
            UnsupportedTask: there is none.
            Unavailable: as :meth:`serves`.
        """
        for one in self._capabilities:
            if task in one.tasks:
                return one
        raise UnsupportedTask(f"no model of the lineup serves {task}")

    def chats(self, task: Task) -> bool:
        """Whether messages tell the model for ``task`` what to do."""
        return self.model_for(task).chats

    def prompting(self, task: Task) -> Prompting:
        """The kind of prompt that the model for ``task`` reads."""
        return self.model_for(task).prompting

    def searches(self, task: Task) -> bool:
        """Whether the engine for ``task`` can search for the likeliest text."""
        return self.model_for(task).beams

    def scores(self, task: Task) -> bool:
        """Whether the engine for ``task`` can say how likely a text is; False if there is none."""
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
