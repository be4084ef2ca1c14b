"""The remote engine: any server that speaks OpenAI's chat completions (vLLM, SGLang, TGI,
llama-server), or several of them. Nothing is loaded here; this is how the service scales out.

``EngineConfig.extra`` holds :class:`~service.inference.engines.remote_options.Options`. A thread of
its own runs the event loop that talks HTTP; the engine hands requests over and takes events back.

Limits that show:

- A server's prefix cache is its own: a family's requests go to the server that had its first, and
  what came from the cache is known only if the server says so (vLLM: with
  ``--enable-prompt-tokens-details``).
- Where a server enforces no grammar, texts are reviewed and repaired as ever, but not constrained.
- Only vLLM scores texts.
- A stream that breaks off is requested again from its beginning: no server continues half a text.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

import msgspec

from service.inference.config import EngineConfig
from service.inference.engines.common import describe, refuse_task
from service.inference.engines.remote_fleet import Fleet
from service.inference.engines.remote_options import Options
from service.inference.engines.remote_run import RemoteRun
from service.inference.protocol import (
    Capabilities,
    Event,
    Failure,
    Generation,
    GenerationRequest,
)

log = logging.getLogger(__name__)

_POLL_SECONDS = 0.02
_FIRST_TRIAL = 10.0
_ENDING = 5.0


class RemoteEngine:
    """Implements :class:`service.inference.protocol.Engine` and
    :class:`service.inference.protocol.Dependent`. Built, it has tried its servers once, for ten
    seconds at most; those that are away are tried again for as long as it lives.

    Raises:
        msgspec.ValidationError: ``config.extra`` is no :class:`Options`.
    """

    def __init__(self, config: EngineConfig) -> None:
        options = msgspec.convert(dict(config.extra), Options, strict=False)
        # at INFO it shows each address, which may hold a password
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._config = config
        self._arrivals: queue.SimpleQueue[tuple[RemoteRun, Event]] = queue.SimpleQueue()
        self._runs: dict[str, RemoteRun] = {}
        self._failures: list[Failure] = []
        self._loop = asyncio.new_event_loop()
        self._fleet = Fleet(config, options)
        self._settled = threading.Event()
        self._watching: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._talk, name="remote engine", daemon=True)
        self._thread.start()
        self._settled.wait(_FIRST_TRIAL)
        self._capabilities = self._found(options)

    def _talk(self) -> None:
        asyncio.set_event_loop(self._loop)
        with (
            asyncio.Runner(loop_factory=lambda: self._loop) as runner,
            suppress(asyncio.CancelledError),
        ):
            runner.run(self._watch())

    async def _watch(self) -> None:
        self._watching = asyncio.current_task()
        await self._fleet.run(settled=self._settled.set)

    def _found(self, options: Options) -> Capabilities:
        """What the configuration asks and the servers that were reached can do."""
        reached = [one for one in self._fleet.upstreams if not one.breaker.open]
        contexts = [one.context for one in reached if one.context]
        unable = bool(reached) and all(one.dialect == "none" for one in reached)
        return describe(
            self._config,
            context=min([self._config.context, *contexts]),
            grammar=options.grammar != "none" and not unable,
            prefix_cache=True,
            scores=bool(reached) and all(one.server == "vllm" for one in reached),
            scores_beside=True,
        )

    @property
    def capabilities(self) -> Capabilities:
        """As found when it was built; a server that is reached later may do less with a grammar."""
        return self._capabilities

    @property
    def unavailable_reason(self) -> str:
        """Why no server can be asked now; empty while one can."""
        return self._fleet.unavailable_reason

    def submit(self, request: GenerationRequest) -> None:
        """Hand a request over; one of an id that is known takes its place."""
        self.cancel(request.id)
        if refused := refuse_task(self._config, request):
            self._failures.append(refused)
            return
        run = RemoteRun(request, lambda event: self._arrivals.put((run, event)))
        self._runs[request.id] = run
        self._call(partial(self._fleet.start, run))

    def cancel(self, request_id: str) -> None:
        """Drop a request; its connection is closed, which tells the server to stop."""
        self._failures = [one for one in self._failures if one.id != request_id]
        if run := self._runs.pop(request_id, None):
            self._call(partial(_end, run))

    def step(self) -> Sequence[Event]:
        """What has come since; waits for it for a fiftieth of a second.

        Raises:
            RuntimeError: the thread that talks to the servers has ended.
        """
        events: list[Event] = [*self._failures]
        self._failures = []
        if not self._runs:
            return events
        if not self._thread.is_alive():
            raise RuntimeError("the remote engine's thread has ended")
        with suppress(queue.Empty):
            arrived = self._arrivals.get(timeout=0 if events else _POLL_SECONDS)
            while True:
                events += self._taken(*arrived)
                arrived = self._arrivals.get_nowait()
        return events

    def _taken(self, run: RemoteRun, event: Event) -> list[Event]:
        """The event, if its request was not dropped meanwhile."""
        if self._runs.get(event.id) is not run:
            return []
        if isinstance(event, Generation | Failure):
            del self._runs[event.id]
        return [event]

    @property
    def busy(self) -> bool:
        """Whether anything runs or is to be reported."""
        return bool(self._runs or self._failures)

    def close(self) -> None:
        """Close all connections; requests are forgotten."""
        self._runs.clear()
        self._failures.clear()
        if watching := self._watching:
            self._call(watching.cancel)
        self._thread.join(_ENDING)

    def _call(self, function: Callable[[], object]) -> None:
        # the loop has ended if the thread has; the next step says so
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function)


def _end(run: RemoteRun) -> None:
    if run.task:
        run.task.cancel()
