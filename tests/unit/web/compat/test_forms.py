"""Bodies that are JSON or forms."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, post

from service.web import problems
from service.web.compat.forms import read_body
from tests.unit.web.apps import client_of

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


def _app() -> Litestar:
    @post("/body", status_code=200)
    async def body(request: Request[Any, Any, Any]) -> dict[str, Any]:
        return await read_body(request)

    @post("/both", status_code=200)
    async def both(request: Request[Any, Any, Any]) -> dict[str, Any]:
        return await read_body(request, query=True)

    return Litestar(
        [body, both],
        exception_handlers={Exception: problems.to_response},
        openapi_config=None,
        logging_config=None,
    )


async def _send(content: bytes, kind: str, path: str = "/body", **more: str) -> httpx.Response:
    async with client_of(_app()) as client:
        headers = {"Content-Type": kind, **more} if kind else more
        return await client.post(path, content=content, headers=headers)


def _part(name: str, value: str, more: str = "") -> str:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'


@pytest.mark.parametrize(
    ("content", "kind", "fields"),
    [
        ('{"q": ["a", ""], "n": 2, "o": null}', JSON, {"q": ["a", ""], "n": 2, "o": None}),
        ('{"q": "中文"}', f"{JSON}; charset=UTF-8", {"q": "中文"}),
        (r'{"q": "a\ud83d"}', JSON, {"q": "a�"}),
        ("q=a+b&target=zh", FORM, {"q": "a b", "target": "zh"}),
        ("q=a&q=&q=c", FORM, {"q": ["a", "", "c"]}),
        ("q=%E4%B8%AD&x=中", f"{FORM}; charset=utf-8", {"q": "中", "x": "中"}),
        ("q=", FORM, {"q": ""}),
        ("", FORM, {}),
        ("", "", {}),
        (_part("q", "a\r\n") + _part("x", "中") + "--b--", MULTIPART, {"q": "a\r\n", "x": "中"}),
        (_part("q", "a") + _part("q", "") + "--b--\r\n", MULTIPART, {"q": ["a", ""]}),
        (_part("f", "x", '; filename="x.txt"') + _part("q", "a") + "--b--", MULTIPART, {"q": "a"}),
    ],
)  # fmt: skip
async def test_each_kind_of_body_gives_the_same_fields(
    content: str, kind: str, fields: dict[str, Any]
) -> None:
    response = await _send(content.encode(), kind)
    assert response.status_code == 200, response.text
    assert response.json() == fields


async def test_the_body_goes_before_the_query_string() -> None:
    response = await _send(b"q=body", FORM, "/both?q=query&api_key=k&t=%E4%B8%AD")
    assert response.json() == {"q": "body", "api_key": "k", "t": "中"}


async def test_without_being_asked_the_query_string_is_not_read() -> None:
    assert (await _send(b"q=body", FORM, "/body?api_key=k")).json() == {"q": "body"}


@pytest.mark.parametrize(
    ("content", "kind", "more", "status"),
    [
        (b'{"q": "a"', JSON, {}, 400),
        (b'{"q": "\xff"}', JSON, {}, 400),
        (b'{"q":' + b"[" * 9_000, JSON, {}, 400),
        (b'["q"]', JSON, {}, 422),
        (b"q=%FF", FORM, {}, 400),
        (b"q=\xff", FORM, {}, 400),
        (_part("q", "a").encode(), MULTIPART, {}, 400),
        (b"q", "multipart/form-data", {}, 400),
        (_part("q", "a").encode().replace(b"a\r", b"\xff\r") + b"--b--", MULTIPART, {}, 400),
        (b"q=a", f"{FORM}; charset=gbk", {}, 415),
        (b"q=a", FORM, {"Content-Encoding": "gzip"}, 415),
        (b"q=a", "text/plain", {}, 415),
        (b"q=a", "", {}, 415),
    ],
)
async def test_what_cannot_be_read_is_refused(
    content: bytes, kind: str, more: dict[str, str], status: int
) -> None:
    assert (await _send(content, kind, **more)).status_code == status


async def test_a_query_string_that_is_not_utf8_is_refused() -> None:
    assert (await _send(b"", "", "/both?q=%FF")).status_code == 400
