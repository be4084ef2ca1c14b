"""Articles that are sent as files, or that the service is told the address of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from service.app import create_app
from service.inference.fake import FakeGenerator
from service.settings import Settings
from tests.unit.documents.pages import LOCAL_PAPER, PAGES
from tests.unit.documents.test_files import LINES, pdf_file, word_file
from tests.unit.web.apps import client_of, fake_app

HERE = Settings(jobs_url="memory:", fetch_hosts="127.0.0.1")
FORM = {"languages": "en", "length": '{"sentences": 1}'}


@asynccontextmanager
async def paper(*contents: bytes) -> AsyncIterator[str]:
    """The address of a server that answers everything with the pages in turn, the last one again
    and again; with a local paper's story, if none are given.
    """
    pages = list(contents) or [LOCAL_PAPER.html.encode()]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
        writer.write(head + (pages.pop(0) if len(pages) > 1 else pages[0]))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/story"


async def post_file(
    client: httpx.AsyncClient, name: str, body: bytes, fields: dict[str, Any] | None = None
) -> httpx.Response:
    return await client.post("/summarize", files={"file": (name, body)}, data=fields or FORM)


def error_of(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    return answer.status_code, body["errors"][0]["field"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("story.txt", "\n".join(LINES).encode()),
        ("story.docx", word_file(*LINES)),
        ("story.pdf", pdf_file(*LINES)),
        ("story.html", "".join(f"<p>{line}</p>" for line in LINES).encode()),
    ],
)
async def test_a_file_is_briefed_like_its_text(name: str, body: bytes) -> None:
    async with client_of(fake_app(settings=HERE)) as client:
        answer = await post_file(client, name, body)
        assert answer.status_code == 200, answer.text
        assert [*answer.json()["summaries"]] == ["en"]
        as_text = await client.post(
            "/summarize", json={"text": "\n".join(LINES), "languages": ["en"]}
        )
    characters = as_text.json()["source"]["characters"]
    assert answer.json()["source"]["characters"] == characters


async def test_a_forms_fields_are_those_of_the_json() -> None:
    async with client_of(fake_app(settings=HERE)) as client:
        fields = {"languages": "zh-Hant, en", "style": "headline", "length": "short"}
        answer = await post_file(client, "story.txt", LINES[0].encode(), fields)
        assert [*answer.json()["summaries"]] == ["zh-Hant", "en"]
        repeated = await post_file(
            client, "story.txt", LINES[0].encode(), {"languages": ["en", "zh"]}
        )
        assert [*repeated.json()["summaries"]] == ["en", "zh"]


@pytest.mark.parametrize(
    ("fields", "tags"),
    [
        ({"languages": '["en"]'}, ["en"]),
        ({"languages": ' ["zh-Hant", "en"] '}, ["zh-Hant", "en"]),
        ({"languages": "zh , en"}, ["zh", "en"]),
        ({"languages": ["zh", "en"]}, ["zh", "en"]),
        ({"languages": ["zh", '["en"]']}, ["zh", "en"]),
        ({"languages": "en", "extras": '["tags"]'}, ["en"]),
        ({"languages": "en", "length": '{"sentences": 2}'}, ["en"]),
        ({"languages": "en", "include_text": "true"}, ["en"]),
        ({"languages": "en", "glossary": '{"Alder": "阿尔德"}'}, ["en"]),
        ({"languages": "[]", "sentences_all": "true"}, []),
    ],
)
async def test_a_forms_lists_are_repeated_or_with_commas_or_json(
    fields: dict[str, Any], tags: list[str]
) -> None:
    async with client_of(fake_app(settings=HERE)) as client:
        answer = await post_file(client, "story.txt", LINES[0].encode(), fields)
    assert answer.status_code == 200, answer.text
    assert [*answer.json()["summaries"]] == tags


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"languages": '["en"'}, "languages"),
        ({"languages": "[en]"}, "languages"),
        ({"languages": '["en", 3]'}, "languages[1]"),
        ({"languages": "en, klingon"}, "languages[1]"),
        ({"languages": ["en", "klingon"]}, "languages[1]"),
        ({"languages": '{"en": true}'}, "languages[0]"),
        ({"extras": '["poem"]'}, "extras[0]"),
        ({"length": '{"sentences": 99}'}, "length.sentences"),
        ({"length": "huge"}, "length"),
        ({"include_text": "perhaps"}, "include_text"),
        ({"glossary": '{"Alder": '}, "glossary"),
        ({"glossary": '["Alder"]'}, "glossary"),
    ],
)
async def test_a_forms_value_that_cannot_be_read_is_named(
    fields: dict[str, Any], field: str
) -> None:
    async with client_of(fake_app(settings=HERE)) as client:
        answer = await post_file(client, "story.txt", LINES[0].encode(), fields)
    assert error_of(answer) == (422, field), answer.text


async def test_a_form_that_cannot_be_used_names_its_field() -> None:
    async with client_of(fake_app(settings=HERE)) as client:
        story = LINES[0].encode()
        assert error_of(await post_file(client, "scan.pdf", pdf_file())) == (422, "file")
        assert error_of(await post_file(client, "photo.png", b"\x89PNG")) == (422, "file")
        assert error_of(await post_file(client, "story.txt", b"")) == (422, "file")
        assert error_of(await post_file(client, "story.txt", b"word " * 50_000)) == (413, "file")
        assert error_of(await post_file(client, "a.txt", story, {"text": "x"})) == (422, "text")
        assert error_of(await post_file(client, "a.txt", story, {"style": "poem"})) == (
            422,
            "style",
        )
        assert error_of(await post_file(client, "a.txt", story, {"stile": "x"})) == (422, "stile")
        two = [("file", ("a.txt", story)), ("file", ("b.txt", story))]
        assert error_of(await client.post("/summarize", files=two)) == (422, "file")
        none = await client.post("/summarize", files={"article": ("a.txt", story)})
        assert error_of(none) == (422, "file")
        broken = await client.post(
            "/summarize",
            content=b"--x\r\nnonsense",
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
        assert error_of(broken) == (400, "body")


async def test_a_page_is_fetched_and_its_address_is_told() -> None:
    async with client_of(fake_app(settings=HERE)) as client, paper() as url:
        answer = await client.post("/summarize", json={"url": url, "languages": ["en"]})
        assert answer.status_code == 200, answer.text
        source = answer.json()["source"]
        assert (source["url"], source["title"]) == (url, LOCAL_PAPER.title)


async def test_what_the_page_says_of_the_article_is_told() -> None:
    portal = PAGES["a portal of line breaks"]
    async with client_of(fake_app(settings=HERE)) as client, paper(portal.html.encode()) as url:
        answer = await client.post("/summarize", json={"url": url, "languages": ["zh"]})
        mine = await client.post(
            "/summarize", json={"url": url, "languages": ["zh"], "title": "我的标题"}
        )
    source = answer.json()["source"]
    assert source["title"] == portal.title
    assert source["author"] == "何清源, 沈岚"
    assert source["date"] == "2025-03-03"
    assert mine.json()["source"]["title"] == "我的标题"


async def test_a_whole_page_that_is_sent_as_html_is_read_like_a_fetched_one() -> None:
    portal = PAGES["a portal with comments"]
    app = create_app(HERE, generator=FakeGenerator(lambda _: "No."))
    body = {"html": portal.html, "languages": ["zh"], "include_text": True}
    async with client_of(app) as client:
        answer = await client.post("/summarize", json=body)
    assert answer.status_code == 200, answer.text
    text = answer.json()["source"]["text"]
    assert all(held in text for held in portal.held)
    assert not any(one in text for one in portal.left_out)
    (first, *_) = answer.json()["summaries"]["zh"]["sentences"]
    (place, *_) = first["source"]
    assert text[place["start"] : place["end"]].startswith("3月3日")


async def test_errors_of_an_article_name_the_field_that_it_came_in() -> None:
    """Too short, too long, in another language: as text, as a page, as a file."""
    french = "Le conseil municipal a approuvé mardi la réparation de trois ponts de la ville. " * 9
    articles = {"short": "Rain fell.", "long": "The council met again. " * 60, "french": french}
    settings = Settings(jobs_url="memory:", fetch_hosts="127.0.0.1", max_article_characters=1000)
    app = create_app(settings, generator=FakeGenerator(lambda _: "No."))
    async with client_of(app) as client:
        for text in articles.values():
            page = f"<html><body><p>{text}</p></body></html>"
            async with paper(page.encode()) as url:
                by_url = await client.post("/summarize", json={"url": url, "method": "extractive"})
            by_file = await post_file(
                client, "a.txt", text.encode(), {"languages": "en", "method": "extractive"}
            )
            by_text = await client.post("/summarize", json={"text": text, "method": "extractive"})
            assert error_of(by_url)[1] == "url", by_url.text
            assert error_of(by_file)[1] == "file", by_file.text
            assert error_of(by_text)[1] == "text", by_text.text


async def test_a_page_is_fetched_for_a_job_before_it_is_accepted() -> None:
    portal = PAGES["a portal of line breaks"]
    async with paper(portal.html.encode(), LOCAL_PAPER.html.encode()) as url:
        app = fake_app(settings=HERE)
        async with app.lifespan(), client_of(app) as client, asyncio.timeout(60):
            headers = {"Prefer": "respond-async", "Idempotency-Key": "page-1"}
            body = {"url": url, "languages": ["en"]}
            accepted = await client.post("/summarize", json=body, headers=headers)
            assert accepted.status_code == 202, accepted.text
            # the same request joins it, whatever is at the address by then
            again = await client.post("/summarize", json=body, headers=headers)
            assert again.headers["Location"] == accepted.headers["Location"]
            while "ended" not in (  # noqa: ASYNC110 - another task does it
                job := (await client.get(accepted.headers["Location"])).json()
            ):
                await asyncio.sleep(0.02)
    assert job["status"] == "done"
    source = job["result"]["source"]
    assert (source["url"], source["title"]) == (url, portal.title)
    assert (source["author"], source["date"]) == (portal.author, portal.date)


async def test_a_page_that_cannot_be_used_is_refused_by_the_name_of_its_field() -> None:
    async with client_of(fake_app(settings=HERE)) as client, paper(b"<p></p>") as url:
        for body in (
            {"url": url},
            {"url": "http://10.0.0.1/"},
            {"url": "ftp://127.0.0.1/story"},
            {"url": "", "languages": ["en"]},
            {"url": url, "text": "Some text."},
        ):
            assert error_of(await client.post("/summarize", json=body)) == (422, "url")
        line = b'{"url": "http://127.0.0.1/"}\n'
        batch = await client.post(
            "/batch", content=line, headers={"Content-Type": "application/x-ndjson"}
        )
        assert '"field":"url"' in batch.text


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        (Settings(jobs_url="memory:", fetch_hosts="127.0.0.1"), 200),
        (Settings(jobs_url="memory:", fetch_hosts="127.0.0.1", fetch_urls="off"), 422),
        (Settings(jobs_url="memory:", fetch_hosts="127.0.0.1", host="0.0.0.0"), 422),  # noqa: S104
        (
            Settings(jobs_url="memory:", fetch_hosts="127.0.0.1", host="0.0.0.0", fetch_urls="on"),  # noqa: S104
            200,
        ),
        (Settings(jobs_url="memory:"), 422),
    ],
)
async def test_pages_are_fetched_where_the_operator_allows_it(
    settings: Settings, status: int
) -> None:
    async with client_of(fake_app(settings=settings)) as client, paper() as url:
        answer = await client.post("/summarize", json={"url": url, "languages": ["en"]})
    assert answer.status_code == status
