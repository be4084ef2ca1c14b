"""The openvino engine driven by a bare loop: no service, no queue, no second process.

    python -m bench.offline < ARTICLES    (a JSON list of texts)

Runs the domain over the engine itself, eight articles under way at any time, after one to warm up.
Prints the seconds that it took.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence

import msgspec

from bench.throughput import default_config
from service.briefs.articles import from_text
from service.briefs.model import BriefOptions
from service.briefs.summarize import Summarizer
from service.errors import GenerationFailed
from service.inference.engines import build
from service.inference.protocol import (
    Capabilities,
    Delta,
    Engine,
    Failure,
    Generation,
    GenerationRequest,
    Plan,
)

AT_A_TIME = 8


class BareGenerator:
    """A :class:`~service.inference.protocol.Generator` that is its own ticket: every request goes
    to ``engine`` at once, which a thread steps for ever.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._new: queue.SimpleQueue[GenerationRequest | None] = queue.SimpleQueue()
        self._waiting: dict[str, asyncio.Future[Generation]] = {}
        self._listening: dict[str, Callable[[str], None]] = {}
        self._loop = asyncio.get_running_loop()
        self._gone: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        """The engine's."""
        return (self._engine.capabilities,)

    @contextlib.asynccontextmanager
    async def admit(self, plan: Plan) -> AsyncIterator[BareGenerator]:  # noqa: ARG002
        """Admit every article."""
        yield self

    async def generate(
        self,
        request: GenerationRequest,
        *,
        tokens: int = 0,  # noqa: ARG002
        later_tokens: int | None = None,  # noqa: ARG002
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Run one request."""
        self._waiting[request.id] = self._loop.create_future()
        if on_text:
            self._listening[request.id] = on_text
        self._new.put(request)
        try:
            return await self._waiting[request.id]
        finally:
            self._waiting.pop(request.id, None)
            self._listening.pop(request.id, None)
            self._gone.put(request.id)

    def close(self) -> None:
        """Step no longer; the engine may be closed then. What still runs has no answer."""
        self._new.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            wait = not self._engine.busy
            with contextlib.suppress(queue.Empty):
                while True:
                    request = self._new.get(wait)
                    if request is None:
                        return
                    self._engine.submit(request)
                    wait = False
            with contextlib.suppress(queue.Empty):
                while True:
                    self._engine.cancel(self._gone.get_nowait())
            for event in self._engine.step():
                self._loop.call_soon_threadsafe(self._hear, event)

    def _hear(self, event: object) -> None:
        match event:
            case Delta(id=name, text=text) if name in self._listening:
                self._tell(name, text)
            case Generation(id=name) if name in self._waiting:
                self._waiting[name].set_result(event)
            case Failure(id=name, message=message) if name in self._waiting:
                self._waiting[name].set_exception(GenerationFailed(message))

    def _tell(self, name: str, text: str) -> None:
        """Pass ``text`` to the caller's ``on_text``. If that raises, the request ends."""
        try:
            self._listening[name](text)
        except Exception as error:
            del self._listening[name]
            self._waiting.pop(name).set_exception(error)


async def run(engine: Engine, texts: Sequence[str]) -> float:
    """Brief the first text, then the others; seconds that the others took."""
    summarizer = Summarizer(BareGenerator(engine))
    free = asyncio.Semaphore(AT_A_TIME)

    async def one(text: str) -> None:
        async with free:
            await summarizer.summarize(from_text(text, limit=10**6), BriefOptions())

    await one(texts[0])
    start = time.monotonic()
    await asyncio.gather(*map(one, texts[1:]))
    return time.monotonic() - start


if __name__ == "__main__":
    articles = msgspec.json.decode(sys.stdin.buffer.read(), type=list[str])
    print(json.dumps(asyncio.run(run(build(default_config("openvino")), articles))))
