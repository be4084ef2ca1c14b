"""One article's requests to the models of the lineup, under one admission."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from service.context import add_span, current
from service.errors import GenerationFailed, PromptTooLong, UnsupportedTask, UnwritableGrammar
from service.generation.deadline import Deadline
from service.generation.lineup import LineupCapabilities
from service.generation.loops import loop_start
from service.generation.spending import Spending
from service.inference.protocol import (
    Generation,
    GenerationRequest,
    Generator,
    Message,
    Origin,
    Output,
    Plan,
    Sampling,
    Ticket,
    Timings,
    TokenScore,
    Usage,
)
from service.languages import Language
from service.tasks import Priority, Task, source_of
from service.text.chunks import estimate_tokens

_REPAIRING = 1 / 3
"""Share of the caller's time after which no repair is started: a first draft, its repair and the
translation take about the same time each."""


class Session:
    """Sends one article's requests and sums up their cost.

    With ``grounding=False`` it sends no grammars and makes no repairs. ``timeout`` is how many
    seconds the caller waits for the article, from the creation of the session. ``priority``
    defaults to that of the current work.

    It is an asynchronous context manager. :meth:`admit` admits the article, which then keeps its
    place until the block ends. Its requests are not refused; they wait while an engine restarts or
    cannot be reached.
    """

    def __init__(
        self,
        generator: Generator,
        *,
        grounding: bool,
        timeout: float | None = None,
        priority: Priority | None = None,
    ) -> None:
        work = current()
        self._origin = Origin(work.request, work.trace)
        self._priority = priority or work.priority
        self._generator = generator
        self._grounding = grounding
        self._stack = AsyncExitStack()
        self._ticket: Ticket | None = None
        self._order = itertools.count()
        self._cut_short = False
        self.lineup = LineupCapabilities(generator)
        self.deadline = Deadline(timeout)
        self.spending = Spending()
        self.family = uuid.uuid4().hex
        """For requests whose prompts begin with the article: they share it in the prefix cache."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ticket = None
        await self._stack.aclose()

    async def admit(
        self,
        task: Task,
        tokens: int,
        *,
        concurrent_tokens: int = 0,
        later_tokens: int | None = None,
    ) -> None:
        """Admit the article until the session ends. Its first request will be for ``task`` and take
        about ``tokens``, prompt and output together; for the other arguments see
        :class:`~service.inference.protocol.Plan`.

        Raises:
            UnsupportedTask: no model of the lineup serves ``task``.
            Overloaded, Unavailable: from the engine.
        """
        plan = Plan(
            task=task,
            tokens=tokens,
            concurrent_tokens=concurrent_tokens,
            later_tokens=later_tokens,
            started=self.deadline.started,
            timeout=self.deadline.timeout,
            priority=self._priority,
        )
        self._ticket = await self._stack.enter_async_context(self._generator.admit(plan))

    def may_repair(self) -> bool:
        """Whether to repair a flawed draft now: not without grounding, nor after a third of the
        caller's time. Call this only for a flawed draft: see :attr:`cut_short`.
        """
        if not self._grounding:
            return False
        in_time = self.deadline.used < _REPAIRING
        self._cut_short |= not in_time
        return in_time

    def leave_out(self) -> None:
        """Record that a check was left out; see :attr:`cut_short`."""
        self._cut_short = True

    @property
    def cut_short(self) -> bool:
        """Whether a repair or check was left out because there was no time, or the engine
        failed.
        """
        return self._cut_short

    async def generate(
        self,
        task: Task,
        *,
        text: str,
        messages: tuple[Message, ...],
        target: Language,
        max_new_tokens: int,
        grammar: str | None,
        sampling: Sampling,
        family: str = "",
        later_tokens: int | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Generate once. An instruct model gets ``messages``, any other ``text``. ``on_text`` is
        called with pieces of the answer as they arrive. ``later_tokens`` is the estimated number of
        tokens for later calls, if known. A model that repeats itself is stopped, as if it had
        reached ``max_new_tokens``.

        Raises:
            UnsupportedTask: no model of the lineup serves ``task``.
            Unavailable, DeadlineExceeded, PromptTooLong, GenerationFailed: from the engine.
        """
        order = next(self._order)
        model = self.lineup.model_for(task)
        prompt = "".join(message.content for message in messages) if model.chats else text
        most = min(max_new_tokens, model.max_output)
        # Of several candidates, only the first one's text is streamed.
        stops_loops = self._grounding and sampling.sequences == 1
        streamed = _Streamed(on_text, stops_loops=stops_loops)
        began = time.time()
        request = GenerationRequest(
            id=uuid.uuid4().hex,
            task=task,
            source=source_of(task),
            target=target,
            messages=messages if model.chats else (),
            text="" if model.chats else text,
            grammar=grammar if self._grounding and model.grammar else None,
            max_new_tokens=most,
            sampling=sampling,
            family=family,
            origin=self._origin,
        )
        try:
            generation = await self._admitted.generate(
                request,
                tokens=estimate_tokens(prompt) + most * sampling.sequences,
                later_tokens=later_tokens,
                on_text=streamed.on_text,
            )
        except (PromptTooLong, UnwritableGrammar):  # it would be the same the next time
            raise
        except GenerationFailed:
            # the caller may go on without the result of this call
            self._cut_short = True
            raise
        except _LoopedError as looped:
            generation = Generation(
                request.id,
                (Output(looped.text, "length"),),
                usage=Usage(estimate_tokens(prompt), 0, estimate_tokens(streamed.text)),
                timings=Timings(decode=time.time() - began),
                model=model.model,
            )
        _add_spans(task, began, generation)
        self.spending.add(order, generation)
        return generation

    async def score(
        self,
        task: Task,
        *,
        messages: tuple[Message, ...],
        scored: str,
        target: Language,
    ) -> tuple[TokenScore, ...]:
        """The log-probability of each token of ``scored`` as an instruct model's answer to
        ``messages``. It runs after all generation, of any article.

        Raises:
            UnsupportedTask: no model of the lineup serves ``task``, or its engine does not score.
            Unavailable, DeadlineExceeded, PromptTooLong, GenerationFailed: from the engine.
        """
        if not self.lineup.scores(task):
            raise UnsupportedTask(f"the engine for {task} does not score")
        order = next(self._order)
        prompt = "".join(message.content for message in messages)
        request = GenerationRequest(
            id=uuid.uuid4().hex,
            task=task,
            source=source_of(task),
            target=target,
            messages=messages,
            scored=scored,
            max_new_tokens=1,
            origin=self._origin,
        )
        generation = await self._admitted.generate(
            request,
            tokens=estimate_tokens(prompt) + estimate_tokens(scored) + 1,
            later_tokens=0,
        )
        self.spending.add(order, generation)
        return generation.scores

    @property
    def _admitted(self) -> Ticket:
        if self._ticket is None:
            raise RuntimeError("the article is not admitted, or the session has ended")
        return self._ticket


class _LoopedError(Exception):
    """The model repeats itself; ``text`` is what it wrote before."""

    def __init__(self, text: str) -> None:
        super().__init__("the model repeats itself")
        self.text = text


class _Streamed:
    """Collects the ``text`` of a generation and passes it on as it arrives."""

    def __init__(self, on_text: Callable[[str], None] | None, *, stops_loops: bool) -> None:
        self._on_text = on_text
        self._stops_loops = stops_loops
        self.text = ""

    def on_text(self, text: str) -> None:
        """Add the next piece.

        Raises:
            _LoopedError: the text ends in a loop, and generation should stop.
        """
        self.text += text
        if self._on_text:
            self._on_text(text)
        if self._stops_loops and (start := loop_start(self.text)) is not None:
            raise _LoopedError(self.text[:start])


def _add_spans(task: Task, began: float, generation: Generation) -> None:
    """Add the spans of a generation, which were measured in the inference process."""
    timings, usage = generation.timings, generation.usage
    common: dict[str, str | int] = {"jianbao.task": task, "gen_ai.request.model": generation.model}
    prompt: dict[str, str | int] = {
        "gen_ai.usage.input_tokens": usage.prompt,
        "jianbao.cached_tokens": usage.cached,
    }
    add_span("queue", began, timings.queue, common)
    began += timings.queue
    add_span("prefill", began, timings.prefill, common | prompt)
    began += timings.prefill
    output: dict[str, str | int] = {"gen_ai.usage.output_tokens": usage.generated}
    add_span("decode", began, timings.decode, common | output)
