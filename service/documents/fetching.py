"""Pages that are fetched for a caller, from public addresses or hosts that the operator names.

Each address is judged as a webhook's is (:mod:`service.jobs.addresses`): after the name was
resolved, at every redirect, and the connection goes to the very address that was judged.
"""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple, Protocol

import httpx
import msgspec

from service.documents.files import read_file
from service.documents.model import Document, UnreadableDocument
from service.errors import InvalidInput
from service.jobs.addresses import Destinations, Forbidden, Resolve, resolve_host, usual_authorities

FIELD = "url"
_REDIRECTS = 5
_SECONDS = 20.0
"""For all of it: names, redirects, and the last byte."""
_MOST_BYTES = 10_000_000


class FetchesDocuments(Protocol):
    """Gives the document at an address.

    Implementations: :class:`Fetcher`, and :class:`NoFetcher` where pages are not fetched.
    """

    async def fetch(self, url: str) -> Document:
        """Fetch and read it.

        Raises:
            InvalidInput: it may not be fetched, cannot be had, or holds no article.
        """


class NoFetcher:
    """Fetches nothing: the operator did not switch it on."""

    async def fetch(self, url: str) -> Document:  # noqa: ARG002
        """See :class:`FetchesDocuments`."""
        raise InvalidInput(
            "this service fetches no pages (JIANBAO_FETCH_URLS): send the article as text or as "
            "html",
            field=FIELD,
        )


class _Fetched(NamedTuple):
    url: str
    body: bytes
    media_type: str
    charset: str


class Fetcher:
    """Fetches from where ``allowed`` allows. ``verify`` is what certificates are checked with, by
    default the usual authorities.
    """

    def __init__(
        self,
        allowed: Destinations,
        resolve: Resolve = resolve_host,
        *,
        verify: ssl.SSLContext | None = None,
        seconds: float = _SECONDS,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._verify = verify or usual_authorities()
        self._seconds = seconds
        self._most_bytes = most_bytes

    async def fetch(self, url: str) -> Document:
        """See :class:`FetchesDocuments`."""
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._follow(url.strip())
        except TimeoutError:
            raise _refused(f"did not arrive within {self._seconds:g} seconds") from None
        except Forbidden as error:
            raise _refused(str(error)) from None
        except (OSError, httpx.HTTPError) as error:
            raise _refused("cannot be reached") from error
        return await asyncio.to_thread(_read, found)

    async def _follow(self, url: str) -> _Fetched:
        for _ in range(_REDIRECTS + 1):
            async with self._request(url) as answer:
                if not answer.has_redirect_location:
                    return await self._take(url, answer)
                url = str(httpx.URL(url).join(answer.headers["Location"]))
        raise _refused(f"leads from one address to the next more than {_REDIRECTS} times")

    @asynccontextmanager
    async def _request(self, url: str) -> AsyncIterator[httpx.Response]:
        target = await self._allowed.resolve(url, self._resolve)
        headers = {
            "Accept": "text/html, application/pdf;q=0.5, text/plain;q=0.5",
            # what is packed may unpack to anything; some servers pack all the same
            "Accept-Encoding": "identity",
        }
        async with (
            # a client for each hop: no cookies go from one to the next
            httpx.AsyncClient(
                verify=self._verify, trust_env=False, timeout=self._seconds
            ) as client,
            target.stream(client, "GET", headers) as answer,
        ):
            yield answer

    async def _take(self, url: str, answer: httpx.Response) -> _Fetched:
        if answer.status_code != httpx.codes.OK:
            raise _refused(f"the server answered {answer.status_code}")
        unpack = _unpacker(answer.headers.get("Content-Encoding", "identity"))
        body = bytearray()
        async for chunk in answer.aiter_raw():
            body += unpack(chunk, self._most_bytes + 1 - len(body))
            if len(body) > self._most_bytes:
                raise _refused(f"has more than {self._most_bytes} bytes")
        media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return _Fetched(url, bytes(body), media_type, answer.charset_encoding or "")


def _refused(why: str) -> UnreadableDocument:
    return UnreadableDocument(why, field=FIELD)


class _Unpack(Protocol):
    def __call__(self, chunk: bytes, most: int) -> bytes:
        """Unpack a chunk, to ``most`` bytes."""


def _unpacker(encoding: str) -> _Unpack:
    name = encoding.strip().lower()
    if name == "identity":
        return lambda chunk, most: chunk[:most]
    if name not in {"gzip", "x-gzip", "deflate"}:
        raise _refused(f"is packed as {name}, which was not asked for")
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def unpack(chunk: bytes, most: int) -> bytes:
        try:
            return unpacking.decompress(chunk, max(most, 1))
        except zlib.error as error:
            raise _refused("is packed wrongly") from error

    return unpack


def _read(found: _Fetched) -> Document:
    document = read_file(
        found.body,
        name=httpx.URL(found.url).path,
        media_type=found.media_type or "text/html",
        charset=found.charset,
        field=FIELD,
    )
    return msgspec.structs.replace(document, url=found.url)
