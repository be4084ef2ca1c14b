"""Pages are fetched from where they may be, within bounds, and whatever fails is told in words."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from service.documents.fetching import Fetcher, NoFetcher
from service.documents.model import Document, UnreadableDocument
from service.errors import InvalidInput
from service.jobs.addresses import Destinations
from tests.unit.documents.pages import LOCAL_PAPER

HOST = "news.example"
HERE = Destinations((HOST,), http=True)
"""A host that the operator names, which may have a private address: that of the test's server."""
PAGE = LOCAL_PAPER.html.encode()

Respond = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


def head(status: str, *fields: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *fields, "", ""]).encode()


def page(content: bytes = PAGE, *fields: str, kind: str = "text/html") -> Respond:
    async def respond(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(head("200 OK", f"Content-Type: {kind}", *fields) + content)

    return respond


def redirect(to: str) -> Respond:
    async def respond(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(head("302 Found", f"Location: {to}"))

    return respond


class Names:
    """Resolves every name to the addresses given, one list a call, the last one again and again."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, _: int) -> Sequence[str]:
        self.asked.append(host)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@asynccontextmanager
async def serving(respond: Respond) -> AsyncIterator[tuple[str, list[str]]]:
    """Give the address of a server that answers with ``respond``, and the heads of its requests."""
    heads: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        path = heads[-1].split()[1]
        try:
            await respond(path, writer)
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://{HOST}:{server.sockets[0].getsockname()[1]}", heads


async def fetch(respond: Respond, path: str = "/story", **options: float) -> Document:
    async with serving(respond) as (address, _):
        fetcher = Fetcher(HERE, Names(["127.0.0.1"]), **options)  # type: ignore[arg-type]
        return await fetcher.fetch(address + path)


async def test_the_article_of_a_page_is_fetched() -> None:
    async with serving(page()) as (address, heads):
        found = await Fetcher(HERE, Names(["127.0.0.1"])).fetch(f" {address}/story?id=1#top ")
    assert found.title == LOCAL_PAPER.title
    assert found.url == f"{address}/story?id=1#top"
    assert LOCAL_PAPER.held[0] in found.text
    (sent,) = heads
    assert sent.startswith("GET /story?id=1 HTTP/1.1\r\n")
    assert f"Host: {address.removeprefix('http://')}\r\n" in sent
    assert "Cookie" not in sent


async def test_a_redirect_is_followed_and_its_end_is_told() -> None:
    async def respond(path: str, writer: asyncio.StreamWriter) -> None:
        await (page() if path == "/story" else redirect("/story"))(path, writer)

    assert (await fetch(respond, "/old")).url.endswith("/story")


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("http://127.0.0.1:1/", "the operator does not allow this host"),
        ("http://169.254.169.254/latest/meta-data/", "the operator does not allow this host"),
        ("http://other.example/", "the operator does not allow this host"),
        ("file:///etc/passwd", "must be http or https"),
        ("http://user:word@news.example/", "a user name or a password"),
        ("/round", "from one address to the next more than 5 times"),
    ],
)
async def test_a_redirect_leads_nowhere_else(to: str, said: str) -> None:
    with pytest.raises(UnreadableDocument, match=said) as raised:
        await fetch(redirect(to), "/round")
    assert raised.value.field == "url"


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.7"],
        ["169.254.169.254"],
        ["::1"],
        ["fd00::1"],
        ["::ffff:127.0.0.1"],
        ["93.184.215.14", "192.168.1.1"],
    ],
)
async def test_a_name_with_a_private_address_is_refused(addresses: list[str]) -> None:
    fetcher = Fetcher(Destinations(http=True), Names(addresses))
    with pytest.raises(UnreadableDocument, match="an address that is not public"):
        await fetcher.fetch("http://rebound.example/")


async def test_a_name_is_resolved_once_and_that_address_is_connected_to() -> None:
    names = Names(["127.0.0.1"], ["192.0.2.1"])
    async with serving(page()) as (address, _):
        found = await Fetcher(HERE, names).fetch(f"{address}/story")
    assert names.asked == [HOST]
    assert found.title == LOCAL_PAPER.title


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/"]
)
async def test_an_address_that_is_not_public_is_refused_however_it_is_written(url: str) -> None:
    with pytest.raises(UnreadableDocument):
        await Fetcher(Destinations(http=True), Names(["127.0.0.1"])).fetch(url)


@pytest.mark.parametrize(
    ("begun", "piece"),
    [
        (head("200 OK", "Content-Type: text/html"), b"<p>"),
        (b"HTTP/1.1 200 OK\r\n", b"X-More: a\r\n"),
        (b"", b""),
    ],
    ids=["its body", "its head", "nothing"],
)
async def test_a_page_that_trickles_is_given_up(begun: bytes, piece: bytes) -> None:
    async def trickle(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(begun)
        for _again in range(100):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.05)

    with pytest.raises(UnreadableDocument, match=r"did not arrive within 0\.5 seconds"):
        await fetch(trickle, seconds=0.5)


@pytest.mark.parametrize("fields", [(), ("Content-Encoding: gzip",)])
async def test_a_page_that_is_too_large_is_given_up_packed_or_not(fields: tuple[str, ...]) -> None:
    large = b"<p>" + b"a" * 5_000_000
    content = gzip.compress(large) if fields else large
    with pytest.raises(UnreadableDocument, match="more than 1000000 bytes"):
        await fetch(page(content, *fields), most_bytes=1_000_000)


async def test_a_packed_page_that_was_not_asked_for_is_read_all_the_same() -> None:
    found = await fetch(page(gzip.compress(PAGE), "Content-Encoding: gzip"))
    assert found.title == LOCAL_PAPER.title


@pytest.mark.parametrize(
    ("respond", "said"),
    [
        (page(b"\x89PNG", kind="image/png"), "this is image/png"),
        (page(b"", kind="text/html"), "no text"),
        (page(PAGE, "Content-Encoding: br"), "packed as br"),
        (page(b"nonsense", "Content-Encoding: gzip"), "packed wrongly"),
    ],
)
async def test_what_is_no_page_is_refused_in_words(respond: Respond, said: str) -> None:
    with pytest.raises(UnreadableDocument, match=said):
        await fetch(respond, "/photo")


async def test_an_error_of_the_server_is_told() -> None:
    async def gone(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(head("404 Not Found", "Content-Length: 0"))

    with pytest.raises(UnreadableDocument, match="the server answered 404"):
        await fetch(gone)


async def test_a_server_that_cannot_be_reached_is_told() -> None:
    async with serving(page()) as (address, _):
        pass
    with pytest.raises(UnreadableDocument, match="cannot be reached"):
        await Fetcher(HERE, Names(["127.0.0.1"])).fetch(address)


async def test_where_it_is_off_nothing_is_fetched() -> None:
    with pytest.raises(InvalidInput, match="JIANBAO_FETCH_URLS") as raised:
        await NoFetcher().fetch("http://news.example/")
    assert raised.value.field == "url"
