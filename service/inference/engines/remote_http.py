"""HTTP with the model servers: one client for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

import httpx
import msgspec

from service.context import current
from service.inference.engines.remote_answer import RemoteFailure, read_error
from service.inference.engines.remote_options import Options
from service.inference.engines.remote_upstream import Upstream

COMPLETIONS = "/chat/completions"
_IDLE = 64


class ServerClient:
    """Sends requests to ``upstreams``. It is an asynchronous context manager: leaving it closes
    all connections.
    """

    def __init__(self, options: Options, upstreams: Iterable[Upstream]) -> None:
        self._key = options.api_key
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {options.api_key}"} if options.api_key else {},
            timeout=httpx.Timeout(options.silence, connect=options.connect, pool=None),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=_IDLE),
            # reading the system's certificates takes a while, and serves no plain address
            verify=any(one.url.startswith("https:") for one in upstreams),
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._client.__aexit__(kind, error, traceback)

    @asynccontextmanager
    async def request(
        self, method: str, upstream: Upstream, path: str, body: dict[str, object] | None = None
    ) -> AsyncIterator[httpx.Response]:
        """An answer with status 200, its body unread.

        Raises:
            RemoteError: it is another, or there is none.
        """
        content = None if body is None else msgspec.json.encode(body)
        headers = {"Content-Type": "application/json"} if content else {}
        if trace := current().trace:
            headers["traceparent"] = trace
        try:
            streaming = self._client.stream(
                method, upstream.url + path, content=content, headers=headers
            )
            async with streaming as response:
                if response.status_code != httpx.codes.OK:
                    said, wait = await response.aread(), response.headers.get("Retry-After", "")
                    raise read_error(response.status_code, said, wait)
                yield response
        except httpx.TransportError as error:
            raise RemoteFailure(
                f"cannot be reached: {type(error).__name__} {error}".rstrip()
            ) from error
        except httpx.DecodingError as error:
            raise RemoteFailure(f"answers what cannot be decoded: {error}") from error

    def without_key(self, text: str) -> str:
        """``text``, which may be logged, without the operator's key."""
        key = self._key
        return text.replace(key, "…") if key else text
