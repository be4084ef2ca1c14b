"""Answers that are sent while they are made, as server-sent events (ADR 37)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
from litestar.response.sse import ServerSentEventMessage

from service.briefs.model import Brief, OnEvent, Sentence
from service.concurrency import end_all
from service.web import problems
from service.web.schemas import SummarizeAnswer

_SILENCE_SECONDS = 15.0
"""After this long a comment is sent, so that proxies do not take the connection for dead."""


class EventStream:
    """Runs ``work`` and sends the events that it reports: ``sentence`` and ``brief``, then the
    whole ``answer``, or a problem as ``error``.
    """

    def __init__(
        self,
        work: Callable[[OnEvent], Awaitable[SummarizeAnswer]],
        *,
        silence: float = _SILENCE_SECONDS,
    ) -> None:
        self._work = work
        self._silence = silence
        self._events: asyncio.Queue[ServerSentEventMessage | None] = asyncio.Queue()
        self._first: ServerSentEventMessage | None = None
        self._error: Exception | None = None
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Start the work and wait for its first event.

        Raises what the work raises before it has reported anything.
        """
        self._task = asyncio.create_task(self._run())
        try:
            self._first = await self._events.get()
        except asyncio.CancelledError:
            await end_all([self._task])
            raise
        if self._first is None and self._error:
            raise self._error

    async def messages(self) -> AsyncIterator[ServerSentEventMessage]:
        """Yield all events. Closing the stream cancels the work."""
        try:
            event = self._first
            while event is not None:
                yield event
                event = await self._next()
            if self._error:
                yield _event("error", problems.to_problem(self._error))
        finally:
            await end_all([self._task] if self._task else [])

    async def _run(self) -> None:
        try:
            answer = await self._work(self._send)
            self._events.put_nowait(_event("answer", answer))
        except Exception as error:
            self._error = error
        finally:
            self._events.put_nowait(None)

    def _send(self, part: Sentence | Brief) -> None:
        self._events.put_nowait(_event("sentence" if isinstance(part, Sentence) else "brief", part))

    async def _next(self) -> ServerSentEventMessage | None:
        try:
            async with asyncio.timeout(self._silence):
                return await self._events.get()
        except TimeoutError:
            # with data it would be an event, though an empty one
            return ServerSentEventMessage(comment="still working", data=None)


def _event(name: str, data: Any) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=name, data=msgspec.json.encode(data).decode())
