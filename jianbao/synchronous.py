"""The client for programs without asyncio."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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


class _Connection:
    """The connections to the service, and how requests are sent again."""

    def __init__(self, http: httpx.Client, patience: float) -> None:
        self._http = http
        self._patience = patience

    def close(self) -> None:
        """Close them."""
        self._http.close()

    @contextmanager
    def opened(self, call: Call) -> Iterator[httpx.Response]:
        """The answer of ``call`` while it comes."""
        answer = self.send(call, stream=True)
        try:
            if not answer.is_success:
                answer.read()
                protocol.require_success(answer)
            yield answer
        except httpx.TransportError as error:
            raise Unreachable(f"the connection broke off: {error}") from error
        finally:
            answer.close()

    def send(self, call: Call, *, stream: bool = False) -> httpx.Response:
        """The answer to ``call``; with ``stream`` its body has not been read."""
        attempts = Attempts(str(self._http.base_url), self._patience)
        while True:
            try:
                answer = self._http.send(call.request(self._http), stream=stream)
            except httpx.TransportError as error:
                wait = attempts.wait_after_failure(error)
            else:
                if (asked := attempts.wait_after(answer)) is None:
                    return answer
                answer.close()
                wait = asked
            time.sleep(wait)


class Jobs:
    """The jobs of a client's key: handing articles in, and asking what became of them. Many
    articles are handed in with :meth:`Client.batch`.
    """

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    def submit(
        self, *, key: str = "", callback_url: str = "", **options: Unpack[SummarizeOptions]
    ) -> JobView:
        """Hand an article in as a job. The same ``key`` (``Idempotency-Key``) and article are one
        job however often they are sent; ``callback_url`` is told its end.
        """
        call = protocol.submit(options, key=key, callback_url=callback_url)
        return protocol.read(self._connection.send(call), JobView)

    def get(self, job_id: str) -> JobView:
        """Return how a job stands."""
        return protocol.read(self._connection.send(protocol.job(job_id)), JobView)

    def wait(self, job_id: str, *, seconds: float = 600.0) -> JobView:
        """Return a job once it has ended, or as it stands after so many ``seconds``."""
        until = time.monotonic() + seconds
        while (found := self.get(job_id)).ended is None and time.monotonic() < until:
            time.sleep(protocol.POLL_SECONDS)
        return found

    def results(self, job_id: str) -> Iterator[BatchResult]:
        """Return what comes of a job's articles, in the order in which they end, until all have."""
        with self._connection.opened(protocol.results(job_id)) as answer:
            for line in answer.iter_lines():
                yield msgspec.json.decode(line, type=BatchResult)

    def cancel(self, job_id: str) -> None:
        """End a job, or forget one that has ended."""
        protocol.require_success(self._connection.send(protocol.cancel(job_id)))


class Client:
    """A client of the service at ``address``, with its API ``key`` if it has one.

    A request that is refused because the service is busy or loading (429, 503), or that reaches
    nobody, is sent again after the time that the service asks for, for ``patience`` seconds. An
    answer may take ``timeout`` seconds. Close it, or use it in a ``with`` block. ``jobs`` is what
    the service works on without anybody waiting.

    Every method raises :class:`~jianbao.errors.Unreachable` if nothing answers, and
    :class:`~jianbao.errors.ProblemError` if the service refuses or fails;
    :class:`~jianbao.errors.Busy` if it is busy for longer than the patience.
    """

    def __init__(
        self,
        address: str,
        *,
        key: str = "",
        patience: float = 60.0,
        timeout: float = 600.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._connection = _Connection(
            httpx.Client(
                base_url=address,
                headers=protocol.headers_of(key),
                timeout=protocol.timeout_of(timeout),
                transport=transport,
            ),
            patience,
        )
        self.jobs = Jobs(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._connection.close()

    def summarize(self, **options: Unpack[SummarizeOptions]) -> SummarizeAnswer:
        """Return the briefs of an article."""
        return protocol.read(self._connection.send(protocol.summarize(options)), SummarizeAnswer)

    def stream(self, **options: Unpack[SummarizeOptions]) -> Iterator[Event]:
        """Return the briefs of an article as they are made; see :data:`~jianbao.Event`."""
        with self._connection.opened(protocol.summarize(options, stream=True)) as answer:
            for event in EventSource(answer).iter_sse():
                if (read := protocol.read_event(event)) is not None:
                    yield read

    def translate(self, text: str, target: str, **options: Unpack[TranslateOptions]) -> Translation:
        """Return the translation of a text into the language of the tag ``target``."""
        return self.translate_all([text], target, **options)[0]

    def translate_all(
        self, texts: Sequence[str], target: str, **options: Unpack[TranslateOptions]
    ) -> list[Translation]:
        """Return the translations of several texts, in their order."""
        return protocol.read_translations(
            self._connection.send(protocol.translate(texts, target, options))
        )

    def batch(
        self, articles: Iterable[Mapping[str, Any]], *, key: str = "", callback_url: str = ""
    ) -> JobView:
        """Hand in many articles as one job, each with the fields of :meth:`summarize` and an ``id``
        of its own if it has one.
        """
        call = protocol.batch(articles, key=key, callback_url=callback_url)
        return protocol.read(self._connection.send(call), JobView)
