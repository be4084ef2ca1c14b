"""MTranServer's protocol, and those of the browser extensions that it serves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from service import __version__
from service.keys import add_key
from service.settings import Settings
from service.translation.fake import FakeTranslator
from tests.unit.web.apps import client_of, fake_app


@pytest.fixture
def translator() -> FakeTranslator:
    return FakeTranslator()


@pytest.fixture
async def client(translator: FakeTranslator) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(fake_app(translator=translator)) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "body", "answer"),
    [
        # what pot's and Bob's plug-ins send
        ("/translate", {"from": "en", "to": "zh-Hans", "text": "Hi"}, {"result": "[zh-Hans] Hi"}),
        (
            "/translate",
            {"from": "auto", "to": "zh-Hant", "text": "Hi", "html": False},
            {"result": "[zh-Hant] Hi"},
        ),
        (
            "/translate/batch",
            {"from": "en", "to": "zh-Hans", "texts": ["Hi", "", "Bye"]},
            {"results": ["[zh-Hans] Hi", "", "[zh-Hans] Bye"]},
        ),
        # Immersive Translate
        (
            "/imme",
            {
                "source_lang": "auto",
                "target_lang": "zh-CN",
                "text_list": ["Hello there", "Good night"],
            },
            {
                "translations": [
                    {"detected_source_lang": "en", "text": "[zh-Hans] Hello there"},
                    {"detected_source_lang": "en", "text": "[zh-Hans] Good night"},
                ]
            },
        ),
        # KISS Translator
        (
            "/kiss",
            {"from": "en", "to": "zh-TW", "text": "Hi"},
            {"text": "[zh-TW] Hi", "src": "en"},
        ),
        (
            "/kiss",
            {"from": "en", "to": "zh-CN", "texts": ["Hi", "Bye"]},
            {
                "translations": [
                    {"text": "[zh-Hans] Hi", "src": "en"},
                    {"text": "[zh-Hans] Bye", "src": "en"},
                ]
            },
        ),
        # 划词翻译: the first language that the text is not in already
        (
            "/hcfy",
            {"name": "x", "text": "It rains.\nIt pours.", "destination": ["中文(简体)", "英语"]},
            {
                "text": "It rains.\nIt pours.",
                "from": "英语",
                "to": "中文(简体)",
                "result": ["[zh-Hans] It rains.", "It pours."],
            },
        ),
        (
            "/hcfy",
            {"name": "x", "text": "Bye", "destination": ["中文(简体)", "英语"], "source": ""},
            {"text": "Bye", "from": "英语", "to": "中文(简体)", "result": ["[zh-Hans] Bye"]},
        ),
        (
            "/hcfy",
            {"name": "x", "text": "今天下雨。", "destination": ["中文(简体)", "日语", "英语"]},
            {
                "text": "今天下雨。",
                "from": "中文(简体)",
                "to": "英语",
                "result": ["[en] 今天下雨。"],
            },
        ),
    ],
)
async def test_each_of_them_is_answered_in_its_own_shape(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], answer: dict[str, Any]
) -> None:
    response = await client.post(path, json=body)
    assert (response.status_code, response.json()) == (200, answer)


async def test_html_is_translated_as_html(
    client: httpx.AsyncClient, translator: FakeTranslator
) -> None:
    body = {"from": "en", "to": "zh", "text": "<p>Hi</p>", "html": True}
    await client.post("/translate", json=body)
    assert translator.orders[-1].markup == "html"


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/translate", {"text": "Hi"}, "Invalid request: from: is missing; from, to, text are "),
        ("/translate/batch", {"from": "en", "to": "zh", "texts": "Hi"}, "texts: is not a list"),
        ("/imme", {"source_lang": "en", "target_lang": "zh"}, "text_list: is missing"),
        ("/kiss", {"from": "en", "to": "zh"}, "text: is missing"),
        ("/kiss", {"from": "en", "to": "de", "text": "Hi"}, "de is not supported"),
        ("/hcfy", {"text": "Hi"}, "destination: is missing"),
        ("/hcfy", {"text": ["Hi"], "destination": ["英语"]}, "text: is not a string"),
        ("/hcfy", {"text": "Hello there", "destination": ["日语"]}, "日语 is not supported"),
    ],
)
async def test_what_is_wrong_is_told_in_their_shape(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], message: str
) -> None:
    refused = await client.post(path, json=body)
    assert refused.status_code == 400
    assert list(refused.json()) == ["error"]
    assert message in refused.json()["error"]


async def test_what_its_programs_ask_before_they_translate_is_answered(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get("/version")).json() == {"version": __version__}
    assert (await client.get("/models")).json() == {"models": ["enzh", "zhen"]}
    for path in ("/__heartbeat__", "/__lbheartbeat__"):
        answer = await client.get(path)
        assert (answer.status_code, answer.content) == (200, b"")
    wrong = await client.post("/version")
    assert (wrong.status_code, [*wrong.json()]) == (405, ["error"])


async def test_a_key_is_a_token_of_the_address_or_of_the_header(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    key = add_key(keys, "reader")
    body = {"source_lang": "en", "target_lang": "zh", "text_list": ["Hi"]}
    async with client_of(fake_app(settings=Settings(keys_file=keys))) as client:
        assert (await client.post("/imme", json=body)).status_code == 403
        assert (await client.post(f"/imme?token={key}", json=body)).status_code == 200
        shown = {"Authorization": f"Bearer {key}"}
        assert (await client.post("/imme", json=body, headers=shown)).status_code == 200
