"""A :class:`~service.inference.protocol.Generator` in memory, for tests and for trying things."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec

from service.errors import ServiceError
from service.inference.protocol import (
    Capabilities,
    Generation,
    GenerationRequest,
    Output,
    Plan,
    TokenScore,
    Usage,
)

INSTRUCT = Capabilities(
    model="fake",
    tasks=("summarize:en", "summarize:zh", "translate:en-zh", "translate:zh-en"),
    prompting="chat",
    context=32_768,
    max_output=4_096,
    grammar=True,
    prefix_cache=True,
    streaming=True,
    concurrency=32,
)
"""A model that serves every task."""

Answer = str | Exception | Generation


class FakeGenerator:
    """Answers each request with what ``answer`` says of it, and records it in ``requests``, the
    plan of its article in ``plans``. An article for whose plan ``refuse`` returns an error is
    refused with it.

    A string becomes every candidate's text and is streamed by words; an exception is raised; a
    :class:`Generation` is given back under the request's id, its first output streamed.
    ``capabilities`` are given back as they are. ``turns`` says how often a request gives way to
    other tasks before its answer begins; those under way are in ``running``. A text to be scored
    is answered by ``score``, which is given the request and one word after the other.
    ``later_tokens`` are those that the requests were sent with.
    """

    def __init__(
        self,
        answer: Callable[[GenerationRequest], Answer],
        *,
        capabilities: Sequence[Capabilities] = (INSTRUCT,),
        turns: Callable[[GenerationRequest], int] = lambda _: 1,
        score: Callable[[GenerationRequest, str], float] = lambda *_: 0.0,
        refuse: Callable[[Plan], ServiceError | None] = lambda _: None,
    ) -> None:
        self._answer = answer
        self._refuse = refuse
        self._score = score
        self._turns = turns
        self._capabilities = tuple(capabilities)
        self.plans: list[Plan] = []
        self.requests: list[GenerationRequest] = []
        self.later_tokens: list[int | None] = []
        self.running: list[GenerationRequest] = []

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        """What was passed in."""
        return self._capabilities

    @asynccontextmanager
    async def admit(self, plan: Plan) -> AsyncIterator[FakeTicket]:
        """Admit an article, unless ``refuse`` returns an error for its plan."""
        self.plans.append(plan)
        if error := self._refuse(plan):
            raise error
        yield FakeTicket(self)

    async def generate(
        self, request: GenerationRequest, *, on_text: Callable[[str], None] | None = None
    ) -> Generation:
        """Answer one request of an admitted article; gives way to other tasks between words.

        Raises whatever ``answer`` returned as an exception.
        """
        self.requests.append(request)
        answer = self._scored(request) if request.scored else self._answer(request)
        self.running.append(request)
        try:
            return await self._run(request, answer, on_text)
        finally:
            self.running.remove(request)

    async def _run(
        self, request: GenerationRequest, answer: Answer, on_text: Callable[[str], None] | None
    ) -> Generation:
        for _ in range(self._turns(request)):
            await asyncio.sleep(0)
        if isinstance(answer, Exception):
            raise answer
        generation = (
            self._generation(request, answer)
            if isinstance(answer, str)
            else msgspec.structs.replace(answer, id=request.id)
        )
        if on_text:
            for word in re.findall(r"\s*\S+|\s+$", generation.outputs[0].text):
                on_text(word)
                await asyncio.sleep(0)
        return generation

    def _scored(self, request: GenerationRequest) -> Generation:
        return Generation(
            id=request.id,
            outputs=(Output("", "stop"),),
            usage=Usage(prompt=len(request.scored)),
            scores=tuple(
                TokenScore(*word.span(), self._score(request, word[0]))
                for word in re.finditer(
                    r"[^\W\u3400-\u9fff]+|[\u3400-\u9fff]|[^\w\s]", request.scored
                )
            ),
        )

    def _generation(self, request: GenerationRequest, text: str) -> Generation:
        prompt = sum(len(message.content) for message in request.messages) + len(request.text)
        candidates = max(request.sampling.candidates, 1)
        model = next((one.model for one in self._capabilities if request.task in one.tasks), "")
        return Generation(
            id=request.id,
            outputs=(Output(text, "stop"),) * candidates,
            usage=Usage(prompt=prompt, generated=len(text) * candidates),
            model=model,
        )


class FakeTicket:
    """The admission of one article by a :class:`FakeGenerator`."""

    def __init__(self, generator: FakeGenerator) -> None:
        self._generator = generator

    async def generate(
        self,
        request: GenerationRequest,
        *,
        tokens: int = 0,  # noqa: ARG002
        later_tokens: int | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Have the generator answer."""
        self._generator.later_tokens.append(later_tokens)
        return await self._generator.generate(request, on_text=on_text)
