"""A :class:`~service.inference.protocol.Generator` in memory, for tests and for trying things."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence

import msgspec

from service.errors import Overloaded
from service.inference.protocol import (
    Capabilities,
    Generation,
    GenerationRequest,
    Output,
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
    """Answers each request with what ``answer`` says of it, and records it in ``requests``.

    A string becomes every candidate's text and is streamed by words; an exception is raised; a
    :class:`Generation` is given back under the request's id, its first output streamed.
    ``capabilities`` are given back as they are. ``turns`` says how often a request gives way to
    other tasks before its answer begins; those under way are in ``running``. A text to be scored
    is answered by ``score``, which is given the request and one word after the other.
    """

    def __init__(
        self,
        answer: Callable[[GenerationRequest], Answer],
        *,
        capabilities: Sequence[Capabilities] = (INSTRUCT,),
        turns: Callable[[GenerationRequest], int] = lambda _: 1,
        score: Callable[[GenerationRequest, str], float] = lambda *_: 0.0,
    ) -> None:
        self._answer = answer
        self._score = score
        self._turns = turns
        self._capabilities = tuple(capabilities)
        self.requests: list[GenerationRequest] = []
        self.running: list[GenerationRequest] = []

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        """What was passed in."""
        return self._capabilities

    def require_room(self, request: GenerationRequest) -> None:
        """There always is."""

    async def generate(
        self,
        request: GenerationRequest,
        *,
        on_text: Callable[[str], None] | None = None,
        on_accepted: Callable[[], None] | None = None,
    ) -> Generation:
        """Answer one request; gives way to other tasks between words.

        Raises whatever ``answer`` returned as an exception. All but :class:`Overloaded` has been
        accepted before.
        """
        self.requests.append(request)
        answer = self._scored(request) if request.scored else self._answer(request)
        if isinstance(answer, Overloaded):  # a queue says so at once
            raise answer
        if on_accepted:
            on_accepted()
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
