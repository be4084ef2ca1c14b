"""``POST /summarize``: what it takes, and how it refuses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from litestar import Litestar

from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    Overloaded,
    Unavailable,
    UnsupportedLanguage,
)
from service.inference.fake import FakeGenerator
from service.inference.protocol import GenerationRequest
from tests.unit.web.apps import JSON, client_of, fake_app

ARTICLE = "The council approved a budget."


@pytest.fixture(scope="module")
def app() -> Litestar:
    """One for the module: to make it takes longer than an answer."""
    return fake_app()


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


async def test_an_article_gives_a_brief_in_each_language_by_default(
    client: httpx.AsyncClient,
) -> None:
    response = await client.post("/summarize", json={"text": ARTICLE})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    answer = response.json()
    assert len(answer.pop("id")) == 32
    assert answer == {
        "source": {"language": "en", "script": "Latn", "characters": 30, "coverage": 1.0},
        "summaries": {
            "en": {"text": "A brief.", "language": "en", "length": 2, "unit": "words"},
            "zh": {"text": "A brief.", "language": "zh", "length": 2, "unit": "words"},
        },
        "method": "abstractive",
        "model": "fake",
        "warnings": [],
        "usage": {"prompt": 0, "cached": 0, "generated": 0},
        "timings": {"queue": 0.0, "prefill": 0.0, "decode": 0.0},
    }


async def test_summaries_are_keyed_by_the_tags_that_were_asked_for(
    client: httpx.AsyncClient,
) -> None:
    asked = ["zh-Hant", "en", "zh-HK", "zh"]
    response = await client.post("/summarize", json={"text": ARTICLE, "languages": asked})
    assert list(response.json()["summaries"]) == asked


@pytest.mark.parametrize(
    "body",
    [
        {"text": ARTICLE, "html": None, "title": None},
        {"html": "<p>The council approved a budget.</p><script>steal()</script>"},
        {"text": ARTICLE, "title": "t" * 500, "source": "en", "style": "headline"},
        {"text": ARTICLE, "length": {"sentences": 10}},
        {"text": ARTICLE, "length": "long"},
        {"text": ARTICLE, "sort": "rank", "sentences_all": True},
        {"text": ARTICLE, "extras": ["tags", "headline", "tags"]},
        {"text": "a\x00b\x07\u200b c\udfff"},
    ],
)
async def test_what_the_api_allows_is_served(
    client: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    response = await client.post("/summarize", content=json.dumps(body), headers=JSON)
    assert response.status_code == 200, response.text


async def test_the_model_reads_clean_text() -> None:
    generator = FakeGenerator(lambda _: "A brief.")
    async with client_of(fake_app(generator)) as client:
        body = rb'{"text": "one\u0000 \ud800two\u200b\r\n\r\nthree", "languages": ["en"]}'
        await client.post("/summarize", content=body, headers=JSON)
    assert [request.messages[0].content for request in generator.requests] == [
        "one \ufffdtwo\nthree"
    ]


REFUSED: list[tuple[Any, int, str]] = [
    # neither, both, nothing
    ({}, 422, "text"),
    ({"text": None}, 422, "text"),
    ({"text": ARTICLE, "html": "<p>x</p>"}, 422, "html"),
    ({"text": ""}, 422, "text"),
    ({"text": " \n\t\u3000"}, 422, "text"),
    ({"html": "<p> </p><!-- x -->"}, 422, "html"),
    # unknown fields
    ({"text": ARTICLE, "lang": "en"}, 422, "lang"),
    ({"text": ARTICLE, "Text": "x"}, 422, "Text"),
    ({"text": ARTICLE, "length": {"words": 3}}, 422, "length.words"),
    ({"text": ARTICLE, "length": {"sentences": 3, "words": 3}}, 422, "length.words"),
    # wrong types and values
    ({"text": 5}, 422, "text"),
    ({"text": [ARTICLE]}, 422, "text"),
    ({"text": ARTICLE, "title": "t" * 501}, 422, "title"),
    ({"text": ARTICLE, "title": 1}, 422, "title"),
    ({"text": ARTICLE, "source": "fr"}, 422, "source"),
    ({"text": ARTICLE, "languages": []}, 422, "languages"),
    ({"text": ARTICLE, "languages": [], "sentences_all": True, "extras": ["tags"]}, 422, "extras"),
    (
        {"text": ARTICLE, "languages": [], "sentences_all": True, "method": "abstractive"},
        422,
        "languages",
    ),
    ({"text": ARTICLE, "languages": "en"}, 422, "languages"),
    ({"text": ARTICLE, "languages": None}, 422, "languages"),
    ({"text": ARTICLE, "languages": ["en", "fr"]}, 422, "languages[1]"),
    ({"text": ARTICLE, "languages": ["en", "zh", "en"]}, 422, "languages[2]"),
    ({"text": ARTICLE, "style": "haiku"}, 422, "style"),
    ({"text": ARTICLE, "sort": "score"}, 422, "sort"),
    ({"text": ARTICLE, "sentences_all": "yes"}, 422, "sentences_all"),
    ({"text": ARTICLE, "extras": "tags"}, 422, "extras"),
    ({"text": ARTICLE, "extras": ["tags", "poem"]}, 422, "extras[1]"),
    ({"text": ARTICLE, "length": "tiny"}, 422, "length"),
    ({"text": ARTICLE, "length": 3}, 422, "length"),
    ({"text": ARTICLE, "length": {}}, 422, "length.sentences"),
    ({"text": ARTICLE, "length": {"sentences": 0}}, 422, "length.sentences"),
    ({"text": ARTICLE, "length": {"sentences": 11}}, 422, "length.sentences"),
    ({"text": ARTICLE, "length": {"sentences": -1}}, 422, "length.sentences"),
    ({"text": ARTICLE, "length": {"sentences": 2.5}}, 422, "length.sentences"),
    ({"text": ARTICLE, "length": {"sentences": "3"}}, 422, "length.sentences"),
    ({"text": ARTICLE, "length": {"sentences": True}}, 422, "length.sentences"),
    (b'{"text": "x", "length": {"sentences": 1e999}}', 422, "length.sentences"),
    (b'{"text": "x", "length": {"sentences": ' + b"9" * 5000 + b"}}", 422, "length.sentences"),
    # not an object
    ([], 422, "body"),
    ("text", 422, "body"),
    (None, 422, "body"),
    # too long
    ({"text": "x" * 1001}, 413, "text"),
    ({"html": f"<p>{'x' * 1001}</p>"}, 413, "html"),
    (b'{"text": "' + b"x" * 10_000 + b'"}', 413, "body"),
    # not JSON
    (b"", 400, "body"),
    (b"{", 400, "body"),
    (b'{"text": NaN}', 400, "body"),
    (b"{'text': 'x'}", 400, "body"),
    (b'{"text": "a\nb"}', 400, "body"),
    (b'{"text": "x"} {}', 400, "body"),
    (b'\xef\xbb\xbf{"text": "x"}', 400, "body"),
    (b"text=x", 400, "body"),
    # deep
    (b'{"text": ' + b"[" * 5000, 422, "text"),
    (b"[" * 9999, 422, "body"),
    (b'{"deep": ' + b'{"a":' * 1900, 422, "deep"),
    # not UTF-8
    (b'{"text": "caf\xe9"}', 400, "body"),
    (b'{"text": "\xed\xa0\x80"}', 400, "body"),
    ('{"text": "x"}'.encode("utf-16"), 400, "body"),
    (b"\x00\x01\x02", 400, "body"),
]


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _assert_problem(response: httpx.Response, status: int, field: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["errors"][0]["message"]


@pytest.mark.parametrize(("body", "status", "field"), REFUSED)
async def test_what_it_cannot_use_is_refused_with_the_fields_name(
    client: httpx.AsyncClient, body: Any, status: int, field: str
) -> None:
    response = await client.post("/summarize", content=_bytes(body), headers=JSON)
    _assert_problem(response, status, field)


async def test_an_unknown_language_is_told_the_known_ones(client: httpx.AsyncClient) -> None:
    response = await client.post("/summarize", json={"text": ARTICLE, "languages": ["fr"]})
    assert response.json()["errors"][0]["message"] == (
        "Invalid enum value 'fr'; expected one of en, zh, zh-Hans, zh-Hant, zh-TW, zh-HK"
    )


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({}, "Content-Type"),
        ({"Content-Type": "text/plain"}, "Content-Type"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "Content-Type"),
        ({"Content-Type": "application/json; charset=gb18030"}, "Content-Type"),
        ({"Content-Type": "nonsense"}, "Content-Type"),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, "Content-Encoding"),
    ],
)
async def test_another_content_type_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], field: str
) -> None:
    body = json.dumps({"text": ARTICLE}).encode()
    response = await client.post("/summarize", content=body, headers=headers)
    _assert_problem(response, 415, field)


async def test_a_declared_charset_of_utf_8_is_accepted(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    body = json.dumps({"text": ARTICLE}).encode()
    response = await client.post("/summarize", content=body, headers=headers)
    assert response.status_code == 200


async def test_a_body_without_a_declared_size_is_not_read_past_the_limit(
    client: httpx.AsyncClient,
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 1_000_000:
            sent += 1000
            yield b" " * 1000

    response = await client.post("/summarize", content=endless(), headers=JSON)
    _assert_problem(response, 413, "body")
    assert sent <= 12_000


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (Overloaded("too many requests wait", retry_after=17), 429, "17"),
        (Unavailable("the model is loading"), 503, "5"),
        (DeadlineExceeded("not finished within 300 seconds"), 504, None),
        (GenerationFailed("the engine died twice"), 500, None),
        (UnsupportedLanguage("French", field="text", detected="fr"), 422, None),
    ],
)
async def test_what_the_service_raises_is_told(
    error: Exception, status: int, retry_after: str | None
) -> None:
    async with client_of(fake_app(FakeGenerator(lambda _: error))) as client:
        response = await client.post("/summarize", json={"text": ARTICLE})
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert str(error) in response.json()["detail"]
    assert response.headers.get("Retry-After") == retry_after


async def test_an_unforeseen_error_is_a_500_that_tells_nothing() -> None:
    generator = FakeGenerator(lambda _: KeyError("a secret path"))
    async with client_of(fake_app(generator)) as client:
        response = await client.post("/summarize", json={"text": ARTICLE})
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "secret" not in response.text
    assert "KeyError" not in response.text


JSONISH = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from([ARTICLE, "en", "zh", "auto", "bullets", "short", "<p>x</p>"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["text", "html", "title", "languages", "length", "sentences", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
REQUESTS = st.fixed_dictionaries(
    {"text": JSONISH},
    optional={
        "html": JSONISH,
        "title": JSONISH,
        "source": JSONISH,
        "languages": JSONISH,
        "style": JSONISH,
        "length": JSONISH,
    },
)


@pytest.fixture(scope="module")
def posted() -> Iterator[Callable[[bytes], httpx.Response]]:
    """What one app answers to bodies: to make one takes longer than an answer."""
    app = fake_app()

    async def post(body: bytes) -> httpx.Response:
        async with client_of(app) as client:
            return await client.post("/summarize", content=body, headers=JSON)

    with asyncio.Runner() as runner:
        yield lambda body: runner.run(post(body))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    body=st.binary(max_size=200)
    | JSONISH.map(lambda value: json.dumps(value).encode())
    | REQUESTS.map(lambda value: json.dumps(value).encode())
    | REQUESTS.map(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
)
@example(rb'{"text": "\ud800"}')
@example(rb'{"\ud800": "x"}')
@example(b'{"html": "' + b"<b>" * 3000 + b'"}')
def test_no_body_is_answered_with_a_server_error(
    posted: Callable[[bytes], httpx.Response], body: bytes
) -> None:
    response = posted(body)
    assert response.status_code in {200, 400, 413, 422}
    if response.status_code != 200:
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["errors"][0]["field"]


# ------------------------------------------------------------------ repeats and deadlines


async def test_a_repeat_comes_from_memory_with_the_same_tag() -> None:
    generator = FakeGenerator(lambda _: "A brief.")
    async with client_of(fake_app(generator)) as client:
        first, again = [await client.post("/summarize", json={"text": ARTICLE}) for _ in range(2)]
        asked = len(generator.requests)
        forced = await client.post(
            "/summarize", json={"text": ARTICLE}, headers={"Cache-Control": "no-cache"}
        )
    assert first.headers["Cache-Status"] == "jianbao; fwd=miss"
    assert again.headers["Cache-Status"] == "jianbao; hit"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.json()["summaries"] == first.json()["summaries"]
    assert again.json()["id"] != first.json()["id"]
    assert forced.headers["Cache-Status"] == "jianbao; fwd=miss"
    assert len(generator.requests) == 2 * asked


async def test_who_holds_the_answer_is_told_so(client: httpx.AsyncClient) -> None:
    tag = (await client.post("/summarize", json={"text": ARTICLE})).headers["ETag"]
    held = {"If-None-Match": tag}
    response = await client.post("/summarize", json={"text": ARTICLE}, headers=held)
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == tag
    other = await client.post("/summarize", json={"text": ARTICLE, "style": "bullets"})
    assert other.status_code == 200
    forced = await client.post(
        "/summarize", json={"text": ARTICLE}, headers={**held, "Cache-Control": "no-cache"}
    )
    assert forced.status_code == 200


async def test_a_client_that_cannot_wait_is_told_in_time() -> None:
    class Slow(FakeGenerator):
        async def generate(self, request: GenerationRequest, **listening: Any) -> Any:
            self.requests.append(request)
            await asyncio.sleep(60)

    generator = Slow(lambda _: "")
    async with client_of(fake_app(generator)) as client, asyncio.timeout(10):
        response = await client.post(
            "/summarize", json={"text": ARTICLE}, headers={"Prefer": "wait=1"}
        )
    assert response.status_code == 504
    assert response.json()["detail"] == "not finished within 1 seconds"
    assert [plan.timeout for plan in generator.plans] == [1.0]


async def test_the_wait_that_was_applied_is_told(client: httpx.AsyncClient) -> None:
    body = {"text": ARTICLE}
    response = await client.post("/summarize", json=body, headers={"Prefer": "wait=100000"})
    assert response.headers["Preference-Applied"] == "wait=300"
    response = await client.post("/summarize", json=body)
    assert "Preference-Applied" not in response.headers
