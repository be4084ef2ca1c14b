"""One article's calls to the models of the lineup, and what they cost."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from service.context import add_span, current
from service.errors import GenerationFailed, PromptTooLong, UnsupportedTask, UnwritableGrammar
from service.generation.loops import loop_start
from service.inference.protocol import (
    Capabilities,
    Generation,
    GenerationRequest,
    Generator,
    Message,
    Output,
    Prompting,
    Sampling,
    Timings,
    TokenScore,
    Usage,
)
from service.languages import Language
from service.tasks import Priority, Task, source_of
from service.text.chunks import estimate_tokens

PROMPT_OVERHEAD = 300
"""Tokens of the instruction and of the chat template."""
_REPAIRING = 1 / 3
"""Share of the caller's time in which a repair may begin: a first draft, its repair and the
translation of both take about as long each."""
_ANSWER = 1024
"""Tokens kept free for the answer in a decoder's context."""


class _LoopedError(Exception):
    """The model says the same over and over; ``text`` is what it said before."""

    def __init__(self, text: str) -> None:
        super().__init__("the model repeats itself")
        self.text = text


class Calls:
    """Sends requests for one article and keeps what comes back.

    ``grounding`` off sends no grammar and repairs nothing. Prompts that begin with the article
    share a ``family``, so that the scheduler lets the first fill the prefix cache for the others.
    ``patience`` is in how many seconds the caller wants the answer; ``priority`` is that of the
    current work unless said. Make it in a running event loop.

    The article is accepted with the first request that has a place in the engine's queue. All other
    requests follow it up: none is refused, and each waits for an engine that restarts or cannot be
    reached, as long as the caller does.
    """

    def __init__(
        self,
        generator: Generator,
        *,
        grounding: bool,
        patience: float | None = None,
        priority: Priority | None = None,
    ) -> None:
        self._work = current()
        self._priority = priority or self._work.priority
        self._generator = generator
        self._patience = patience
        self._grounding = grounding
        self._family = uuid.uuid4().hex
        self._since = time.monotonic()
        self._order = itertools.count()
        self._models: dict[str, int] = {}
        self._usage = Usage()
        self._timings = Timings()
        self._acceptance: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._known: Sequence[Capabilities] = ()
        self._begun = False
        self._size = 0
        self._abreast = 0
        self._cut_short = False

    async def until_accepted(self, beginning: asyncio.Future[Any]) -> None:
        """Wait until the article is accepted, or until ``beginning``, which asks for it, ends."""
        await asyncio.wait({beginning, self._acceptance}, return_when=asyncio.FIRST_COMPLETED)

    def _accept(self) -> None:
        if not self._acceptance.done():
            self._acceptance.set_result(None)

    def require_room(self, task: Task, tokens: int, *, abreast: int = 0) -> None:
        """Refuse work that begins with ``task`` on ``tokens`` or more, and ``abreast`` tokens
        beside it, before more is done for it.

        Raises:
            UnsupportedTask: no model of the lineup serves ``task``.
            Overloaded, Unavailable: from the engine.
        """
        source = source_of(task)
        self._size, self._abreast = tokens + abreast, abreast
        self._generator.require_room(
            GenerationRequest(
                id="",
                task=task,
                source=source,
                target=source,
                cost=tokens,
                abreast=abreast,
                patience=self._patience,
                since=self._since,
                priority=self._priority,
            )
        )

    @property
    def spent(self) -> float:
        """Share of the caller's time that is gone; 0 if it has no end."""
        if self._patience is None:
            return 0.0
        gone = time.monotonic() - self._since
        return gone / self._patience if self._patience else 1.0

    def share(self, share: float, *, at_most: float) -> float:
        """Seconds that are a ``share`` of the caller's time, of what is left of it, and no more
        than ``at_most``.
        """
        if self._patience is None:
            return at_most
        left = self._since + self._patience - time.monotonic()
        return max(0.0, min(at_most, share * self._patience, left))

    def may_repair(self) -> bool:
        """Whether a flawed draft is drawn again now: not without grounding, nor when a third of the
        caller's time is gone. Ask only about a draft that is flawed: see :attr:`cut_short`.
        """
        if not self._grounding:
            return False
        in_time = self.spent < _REPAIRING
        self._cut_short |= not in_time
        return in_time

    def leave_out(self) -> None:
        """Note that something that was due is left out; see :attr:`cut_short`."""
        self._cut_short = True

    @property
    def cut_short(self) -> bool:
        """Whether a repair or a check that was due was left out: there was no time for it, or the
        engine failed on it.
        """
        return self._cut_short

    def serves(self, task: Task) -> bool:
        """Whether the lineup has a model for ``task``.

        Raises:
            Unavailable: the engine is not ready, and was not when this was first asked.
        """
        return any(task in one.tasks for one in self._capabilities)

    def chats(self, task: Task) -> bool:
        """Whether the model for ``task`` is told what to do, rather than trained for it alone."""
        return self._server(task).chats

    def prompting(self, task: Task) -> Prompting:
        """How the model for ``task`` is told what to do."""
        return self._server(task).prompting

    def searches(self, task: Task) -> bool:
        """Whether the engine for ``task`` can search for the likeliest text."""
        return self._server(task).beams

    def scores(self, task: Task) -> bool:
        """Whether the engine for ``task`` can say how likely a text is; no model serving it, no."""
        return any(one.scores for one in self._capabilities if task in one.tasks)

    def room(self, task: Task) -> int:
        """Tokens of text that one prompt for ``task`` can hold."""
        one = self._server(task)
        if not one.chats:
            return max(32, one.context - 8)
        return max(64, one.context - min(one.max_output, _ANSWER) - PROMPT_OVERHEAD)

    async def ask(
        self,
        task: Task,
        *,
        text: str,
        messages: tuple[Message, ...],
        target: Language,
        most: int,
        grammar: str,
        sampling: Sampling,
        shares_article: bool = False,
        to_come: int | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Generate once. An instruct model is sent ``messages``, any other ``text``; ``on_text``
        is called with pieces of the answer as they come. A model that has fallen into a loop, which
        would go on to its token limit, is stopped.

        Raises:
            UnsupportedTask: no model of the lineup serves ``task``.
            Overloaded, Unavailable, DeadlineExceeded, GenerationFailed: from the engine.
        """
        return await self.generate(
            task,
            text=text,
            messages=messages,
            target=target,
            most=most,
            grammar=grammar,
            sampling=sampling,
            family=self._family if shares_article else "",
            to_come=to_come,
            on_text=on_text,
            stop_loops=True,
        )

    async def generate(
        self,
        task: Task,
        *,
        text: str,
        messages: tuple[Message, ...],
        target: Language,
        most: int,
        grammar: str | None,
        sampling: Sampling,
        family: str = "",
        to_come: int | None = None,
        on_text: Callable[[str], None] | None = None,
        stop_loops: bool = False,
    ) -> Generation:
        """Generate at most ``most`` tokens; for the rest see :meth:`ask`. ``to_come`` is the
        estimate of the tokens that later calls will take, where it is known. ``stop_loops`` ends
        a text that goes round in circles, as if it had reached ``most``.

        Raises:
            UnsupportedTask: no model of the lineup serves ``task``.
            Overloaded, Unavailable, DeadlineExceeded, GenerationFailed: from the engine.
        """
        written = ""
        # of several candidates the first alone is heard
        stops = stop_loops and self._grounding and sampling.sequences == 1

        def hear(text: str) -> None:
            nonlocal written
            self._begun = True
            written += text
            if on_text:
                on_text(text)
            if stops and (loop := loop_start(written)) is not None:
                raise _LoopedError(written[:loop])

        order = next(self._order)
        one = self._server(task)
        chats = one.chats
        prompt = "".join(message.content for message in messages) if chats else text
        most = min(most, one.max_output)
        accepted = self._acceptance.done()
        began = time.time()
        request = GenerationRequest(
            id=uuid.uuid4().hex,
            task=task,
            source=source_of(task),
            target=target,
            messages=messages if chats else (),
            text="" if chats else text,
            grammar=grammar if self._grounding and one.grammar else None,
            max_new_tokens=most,
            sampling=sampling,
            family=family,
            cost=estimate_tokens(prompt) + most * sampling.sequences,
            follow_up=accepted,
            begun=self._begun,
            patience=self._patience,
            since=self._since,
            to_come=to_come,
            abreast=0 if accepted else self._abreast,
            size=self._size,
            priority=self._priority,
            origin=self._work.request,
            trace=self._work.trace,
        )
        try:
            generation = await self._generator.generate(
                request, on_text=hear, on_accepted=self._accept
            )
        except (PromptTooLong, UnwritableGrammar):  # as it would be the next time
            raise
        except GenerationFailed:
            # an answer that is made nevertheless does without this call
            self._cut_short = True
            raise
        except _LoopedError as looped:
            generation = Generation(
                request.id,
                (Output(looped.text, "length"),),
                usage=Usage(estimate_tokens(prompt), 0, estimate_tokens(written)),
                timings=Timings(decode=time.time() - began),
                model=one.model,
            )
        self._begun = True
        _add_spans(task, began, generation)
        self._count(order, generation)
        return generation

    async def score(
        self,
        task: Task,
        *,
        messages: tuple[Message, ...],
        scored: str,
        target: Language,
    ) -> tuple[TokenScore, ...]:
        """How likely an instruct model finds ``scored`` as its answer to ``messages``, token by
        token. It goes after whatever is to be written, for anybody; ask no earlier than the article
        is accepted.

        Raises:
            UnsupportedTask: no model of the lineup serves ``task``, or its engine does not score.
            Unavailable, DeadlineExceeded, PromptTooLong, GenerationFailed: from the engine.
        """
        if not self.scores(task):
            raise UnsupportedTask(f"the engine for {task} does not score")
        order = next(self._order)
        prompt = "".join(message.content for message in messages)
        generation = await self._generator.generate(
            GenerationRequest(
                id=uuid.uuid4().hex,
                task=task,
                source=source_of(task),
                target=target,
                messages=messages,
                scored=scored,
                max_new_tokens=1,
                cost=estimate_tokens(prompt) + estimate_tokens(scored) + 1,
                follow_up=True,
                begun=True,
                patience=self._patience,
                since=self._since,
                to_come=0,
                priority="low",
                origin=self._work.request,
                trace=self._work.trace,
            )
        )
        self._count(order, generation)
        return generation.scores

    def _count(self, order: int, generation: Generation) -> None:
        first = self._models.get(generation.model, order)
        self._models[generation.model] = min(order, first)
        usage, timings = generation.usage, generation.timings
        self._usage = Usage(
            prompt=self._usage.prompt + usage.prompt,
            cached=self._usage.cached + usage.cached,
            generated=self._usage.generated + usage.generated,
        )
        self._timings = Timings(
            queue=self._timings.queue + timings.queue,
            prefill=self._timings.prefill + timings.prefill,
            decode=self._timings.decode + timings.decode,
        )

    @property
    def models(self) -> str:
        """Names of the models that answered, in the order they were asked."""
        return " + ".join(sorted(self._models, key=self._models.__getitem__))

    @property
    def usage(self) -> Usage:
        """Tokens of all calls."""
        return self._usage

    @property
    def timings(self) -> Timings:
        """Seconds of all calls, added up although some ran side by side."""
        return Timings(
            queue=round(self._timings.queue, 3),
            prefill=round(self._timings.prefill, 3),
            decode=round(self._timings.decode, 3),
        )

    @property
    def _capabilities(self) -> Sequence[Capabilities]:
        """Those of the lineup. They are asked for once: the engine may be away later, and serves
        the same tasks when it comes back.
        """
        self._known = self._known or tuple(self._generator.capabilities)
        return self._known

    def _server(self, task: Task) -> Capabilities:
        for one in self._capabilities:
            if task in one.tasks:
                return one
        raise UnsupportedTask(f"no model of the lineup serves {task}")


def _add_spans(task: Task, began: float, generation: Generation) -> None:
    """Keep the stretches of a generation, which were measured where it ran."""
    timings, usage = generation.timings, generation.usage
    told: dict[str, str | int] = {"jianbao.task": task, "gen_ai.request.model": generation.model}
    read: dict[str, str | int] = {
        "gen_ai.usage.input_tokens": usage.prompt,
        "jianbao.cached_tokens": usage.cached,
    }
    add_span("queue", began, timings.queue, told)
    began += timings.queue
    add_span("prefill", began, timings.prefill, told | read)
    began += timings.prefill
    written: dict[str, str | int] = {"gen_ai.usage.output_tokens": usage.generated}
    add_span("decode", began, timings.decode, told | written)
