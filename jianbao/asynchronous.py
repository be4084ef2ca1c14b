"""The client for asyncio; it does what :class:`~jianbao.Client` does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self, Unpack

import httpx
import msgspec
from httpx_sse import EventSource

from jianbao import protocol
from jianbao.errors import Unreachable
from jianbao.options import SummarizeOptions, TranslateOptions
from jianbao.protocol import Call, Event, Translation
from jianbao.retries import Attempts
from service.web.schemas import BatchResult, JobView, SummarizeAnswer


class _AsyncConnection:
    """The connections to the service, and how requests are sent again."""

    def __init__(self, http: httpx.AsyncClient, patience: float) -> None:
        self._http = http
        self._patience = patience

    async def aclose(self) -> None:
        """Close them."""
        await self._http.aclose()

    @asynccontextmanager
    async def opened(self, call: Call) -> AsyncIterator[httpx.Response]:
        """The answer of ``call`` while it comes."""
        answer = await self.send(call, stream=True)
        try:
            if not answer.is_success:
                await answer.aread()
                protocol.require_success(answer)
            yield answer
        except httpx.TransportError as error:
            raise Unreachable(f"the connection broke off: {error}") from error
        finally:
            await answer.aclose()

    async def send(self, call: Call, *, stream: bool = False) -> httpx.Response:
        """The answer to ``call``; with ``stream`` its body has not been read."""
        attempts = Attempts(str(self._http.base_url), self._patience)
        while True:
            try:
                answer = await self._http.send(call.request(self._http), stream=stream)
            except httpx.TransportError as error:
                wait = attempts.wait_after_failure(error)
            else:
                if (asked := attempts.wait_after(answer)) is None:
                    return answer
                await answer.aclose()
                wait = asked
            await asyncio.sleep(wait)


class AsyncJobs:
    """See :class:`~jianbao.Jobs`."""

    def __init__(self, connection: _AsyncConnection) -> None:
        self._connection = connection

    async def submit(
        self, *, key: str = "", callback_url: str = "", **options: Unpack[SummarizeOptions]
    ) -> JobView:
        """See :meth:`~jianbao.Jobs.submit`."""
        call = protocol.submit(options, key=key, callback_url=callback_url)
        return protocol.read(await self._connection.send(call), JobView)

    async def get(self, job_id: str) -> JobView:
        """See :meth:`~jianbao.Jobs.get`."""
        return protocol.read(await self._connection.send(protocol.job(job_id)), JobView)

    async def wait(self, job_id: str, *, seconds: float = 600.0) -> JobView:
        """See :meth:`~jianbao.Jobs.wait`."""
        until = time.monotonic() + seconds
        found = await self.get(job_id)
        while found.ended is None and time.monotonic() < until:
            await asyncio.sleep(protocol.POLL_SECONDS)
            found = await self.get(job_id)
        return found

    async def results(self, job_id: str) -> AsyncIterator[BatchResult]:
        """See :meth:`~jianbao.Jobs.results`."""
        async with self._connection.opened(protocol.results(job_id)) as answer:
            async for line in answer.aiter_lines():
                yield msgspec.json.decode(line, type=BatchResult)

    async def cancel(self, job_id: str) -> None:
        """See :meth:`~jianbao.Jobs.cancel`."""
        protocol.require_success(await self._connection.send(protocol.cancel(job_id)))


class AsyncClient:
    """A client of the service at ``address``, as :class:`~jianbao.Client` is one, with the same
    arguments and errors; close it, or use it in an ``async with`` block.
    """

    def __init__(
        self,
        address: str,
        *,
        key: str = "",
        patience: float = 60.0,
        timeout: float = 600.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._connection = _AsyncConnection(
            httpx.AsyncClient(
                base_url=address,
                headers=protocol.headers_of(key),
                timeout=protocol.timeout_of(timeout),
                transport=transport,
            ),
            patience,
        )
        self.jobs = AsyncJobs(self._connection)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close its connections."""
        await self._connection.aclose()

    async def summarize(self, **options: Unpack[SummarizeOptions]) -> SummarizeAnswer:
        """See :meth:`~jianbao.Client.summarize`."""
        return protocol.read(
            await self._connection.send(protocol.summarize(options)), SummarizeAnswer
        )

    async def stream(self, **options: Unpack[SummarizeOptions]) -> AsyncIterator[Event]:
        """See :meth:`~jianbao.Client.stream`."""
        async with self._connection.opened(protocol.summarize(options, stream=True)) as answer:
            async for event in EventSource(answer).aiter_sse():
                if (read := protocol.read_event(event)) is not None:
                    yield read

    async def translate(
        self, text: str, target: str, **options: Unpack[TranslateOptions]
    ) -> Translation:
        """See :meth:`~jianbao.Client.translate`."""
        return (await self.translate_all([text], target, **options))[0]

    async def translate_all(
        self, texts: Sequence[str], target: str, **options: Unpack[TranslateOptions]
    ) -> list[Translation]:
        """See :meth:`~jianbao.Client.translate_all`."""
        return protocol.read_translations(
            await self._connection.send(protocol.translate(texts, target, options))
        )

    async def batch(
        self, articles: Iterable[Mapping[str, Any]], *, key: str = "", callback_url: str = ""
    ) -> JobView:
        """See :meth:`~jianbao.Client.batch`."""
        call = protocol.batch(articles, key=key, callback_url=callback_url)
        return protocol.read(await self._connection.send(call), JobView)
