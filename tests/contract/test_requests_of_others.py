"""What programs send that are not run here, byte for byte, and what they read of the answers.

All of it was recorded from themselves: from Mastodon's and Discourse's classes, from Weblate, and
from DeepL's Node client.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from service.translation.fake import FakeTranslator
from tests.unit.web.apps import client_of, fake_app

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def translator() -> FakeTranslator:
    return FakeTranslator()


@pytest.fixture
async def client(translator: FakeTranslator) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(fake_app(translator=translator)) as client:
        yield client


async def send(
    client: httpx.AsyncClient, path: str, body: str, headers: dict[str, str]
) -> httpx.Response:
    return await client.post(path, content=body.encode(), headers=headers)


# ------------------------------------------------------------------ Mastodon
# app/lib/translation_service/libre_translate.rb: a key that is not set is null


@pytest.mark.parametrize(
    ("less", "greater", "ampersand", "key"),
    [
        ("<", ">", "&", "null"),  # up to 4.5
        ("\\u003c", "\\u003e", "\\u0026", '""'),  # since 4.6
    ],
)
async def test_mastodon_reads_the_language_of_each_part_of_a_post(
    client: httpx.AsyncClient,
    translator: FakeTranslator,
    *,
    less: str,
    greater: str,
    ampersand: str,
    key: str,
) -> None:
    q = '["<p>Hello &amp; welcome to the new server</p>","","<p>你好，世界</p>"]'
    q = q.replace("<", less).replace(">", greater).replace("&", ampersand)
    body = f'{{"q":{q},"source":"auto","target":"zh","format":"html","api_key":{key}}}'
    answer = (await send(client, "/translate", body, JSON)).json()
    # data['translatedText'].map.with_index { data.dig('detectedLanguage', index, 'language') }
    assert answer["translatedText"] == [
        "[zh-Hans] <p>Hello &amp; welcome to the new server</p>",
        "",
        "<p>你好，世界</p>",
    ]
    assert [one["language"] for one in answer["detectedLanguage"]] == ["en", "en", "zh-Hans"]
    assert translator.orders[0].markup == "html"


async def test_mastodon_offers_translation_between_the_languages_that_posts_and_readers_have(
    client: httpx.AsyncClient,
) -> None:
    answer = (await client.get("/languages", headers=JSON)).json()
    targets = {one["code"]: [t for t in one["targets"] if t != one["code"]] for one in answer}
    # up to 4.3 the reader's is bare; since then it has its region, if that is listed
    readers = {"zh", "zh-CN", "zh-TW", "zh-HK"}
    assert readers <= {*targets["en"]}
    assert all("en" in targets[post] for post in readers)


async def test_mastodon_sends_the_region_of_a_reader(client: httpx.AsyncClient) -> None:
    body = '{"q":["<p>Hello</p>"],"source":"en","target":"zh-TW","format":"html","api_key":""}'
    answer = (await send(client, "/translate", body, JSON)).json()
    assert answer["translatedText"] == ["[zh-TW] <p>Hello</p>"]


async def test_mastodon_says_the_language_that_a_post_claims(client: httpx.AsyncClient) -> None:
    body = '{"q":["<p>Hello</p>"],"source":"en","target":"zh","format":"html","api_key":""}'
    answer = (await send(client, "/translate", body, JSON)).json()
    assert answer["translatedText"] == ["[zh-Hans] <p>Hello</p>"]
    assert answer.get("detectedLanguage") is None


# ------------------------------------------------------------------ Discourse
# discourse-translator, provider/libre_translate.rb: URI.encode_www_form, /detect comes first


async def test_discourse_detects_then_looks_then_translates(client: httpx.AsyncClient) -> None:
    found = await send(client, "/detect", "q=%E4%BD%A0%E4%BB%AC%E5%A5%BD&api_key=", FORM)
    source = found.json()[0]["language"]
    assert source == "zh-Hans"
    codes = [one["code"] for one in (await client.get("/languages")).json()]
    assert {source, "en", "zh"} <= set(codes)
    body = (
        "q=%3Cp%3E%E4%BD%A0%E4%BB%AC%E5%A5%BD+%26amp%3B+%F0%9F%98%80%3C%2Fp%3E"
        f"&source={source}&target=en&format=html&api_key="
    )
    answer = await send(client, "/translate", body, FORM)
    assert answer.json() == {"translatedText": "[en] <p>你们好 &amp; 😀</p>"}


# ------------------------------------------------------------------ Weblate 5.14.3


WEBLATE = {
    "User-Agent": "Weblate/5.14.3",
    "Accept": "application/json; charset=utf-8",
    "Accept-Encoding": "gzip, deflate",
    "Referer": "http://weblate.test",
}


async def test_weblate_through_libretranslate(client: httpx.AsyncClient) -> None:
    codes = [one["code"] for one in (await client.get("/languages", headers=WEBLATE)).json()]
    assert {"en", "zh-Hans", "zh-Hant"} <= set(codes)
    body = '{"api_key": "", "q": ["Hello [X6X]", "Save"], "source": "en", "target": "zh-Hant"}'
    answer = await send(client, "/translate", body, WEBLATE | JSON)
    assert answer.json()["translatedText"] == ["[zh-Hant] Hello [X6X]", "[zh-Hant] Save"]


async def test_weblate_through_deepl(client: httpx.AsyncClient) -> None:
    headers = WEBLATE | {"Authorization": "DeepL-Auth-Key any"}

    async def ask(path: str) -> Any:
        return (await client.get(path, headers=headers)).json()

    sources = {one["language"] for one in await ask("/v2/languages?type=source")}
    targets = {one["language"].upper() for one in await ask("/v2/languages?type=target")}
    assert ("EN" in sources, "ZH" in targets) == (True, True)
    assert await ask("/v2/glossary-language-pairs") == {"supported_languages": []}
    body = (
        r'{"text": ["Hello <x id=\"6\"></x> &amp; you"], "source_lang": "EN", "target_lang": "ZH", '
        '"formality": "default", "tag_handling": "xml", "ignore_tags": ["x"]}'
    )
    answer = await send(client, "/v2/translate", body, headers | JSON)
    assert answer.json()["translations"][0]["text"] == ('[zh-Hans] Hello <x id="6"></x> &amp; you')


# ------------------------------------------------------------------ deepl-node 1.28.0


async def test_deepl_node_sends_forms(
    client: httpx.AsyncClient, translator: FakeTranslator
) -> None:
    headers = {
        "Accept": "application/json, text/plain, */*",
        "Content-Type": "application/x-www-form-urlencoded;charset=utf-8",
        "Authorization": "DeepL-Auth-Key any-key",
        "User-Agent": "deepl-node/1.28.0 (Linux) node/20.20.2",
    }
    body = (
        "target_lang=zh-HANT&formality=prefer_more&show_billed_characters=1&text=Hello+%26+bye"
        "&text=%E4%BD%A0%E5%A5%BD&split_sentences=nonewlines&preserve_formatting=1"
        "&tag_handling=xml&context=A+menu&model_type=prefer_quality_optimized&ignore_tags=x%2Ccode"
    )
    answer = (await send(client, "/v2/translate", body, headers)).json()
    assert [one["text"] for one in answer["translations"]] == ["[zh-Hant] Hello & bye", "你好"]
    assert [one["billed_characters"] for one in answer["translations"]] == [11, 2]
    assert translator.orders[0].context == "A menu"
