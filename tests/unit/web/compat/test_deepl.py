"""DeepL's protocol; its own client is in ``tests/contract/test_deepl.py``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    Overloaded,
    Unavailable,
    UnsupportedLanguage,
    UnsupportedTask,
)
from service.inference.fake import FakeGenerator
from service.keys import Grant, Keyring, add_key
from service.settings import Settings
from service.translation.fake import FakeTranslator
from service.translation.glossary_directory import Glossaries
from service.translation.model import Term
from service.translation.translate import Translator
from service.web.access import Access
from service.web.compat.deepl import deepl_routes, to_response
from service.web.compat.libretranslate import Rules, TextLimits
from tests.unit.web.apps import client_of, fake_app


@pytest.fixture(scope="module")
def app(shared: FakeTranslator) -> Litestar:
    """One for the module: to make it takes longer than an answer."""
    settings = Settings(translate_characters=1000, max_body_bytes=20_000)
    return fake_app(settings=settings, translator=shared)


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


async def test_texts_come_back_in_order_with_their_languages_and_lengths(
    client: httpx.AsyncClient,
) -> None:
    texts = ["Hello there", "", "你好", "42"]
    response = await client.post("/v2/translate", json={"text": texts, "target_lang": "ZH-HANT"})
    assert response.status_code == 200
    assert response.json() == {
        "translations": [
            {
                "detected_source_language": "EN",
                "text": "[zh-Hant] Hello there",
                "billed_characters": 11,
            },
            {"detected_source_language": "EN", "text": "", "billed_characters": 0},
            {"detected_source_language": "ZH", "text": "你好", "billed_characters": 2},
            {"detected_source_language": "EN", "text": "42", "billed_characters": 2},
        ]
    }


async def test_what_is_still_wrong_with_a_translation_is_told() -> None:
    async with client_of(fake_app(translator=Translator(FakeGenerator(lambda _: "Hi")))) as client:
        body = {"text": ["Le conseil municipal a approuvé le budget.", "你好"], "target_lang": "EN"}
        strange, known = (await client.post("/v2/translate", json=body)).json()["translations"]
    assert strange["text"] == body["text"][0]
    assert strange["detected_source_language"] == "FR"
    assert [one["flag"] for one in strange["warnings"]] == ["language"]
    assert "warnings" not in known


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"text": ["Hello", "Bye"], "target_lang": "zh"}},
        {"json": {"text": ["Hello", "Bye"], "target_lang": "zh"}},
        {
            "files": [
                ("text", (None, b"Hello")),
                ("text", (None, b"Bye")),
                ("target_lang", (None, b"zh")),
            ]
        },
    ],
)
async def test_forms_and_json_say_the_same(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    response = await client.post("/v2/translate", **body)
    texts = [one["text"] for one in response.json()["translations"]]
    assert texts == ["[zh-Hans] Hello", "[zh-Hans] Bye"]


async def test_one_text_may_come_without_a_list(client: httpx.AsyncClient) -> None:
    response = await client.post("/v2/translate", json={"text": "Hello", "target_lang": "ZH"})
    assert len(response.json()["translations"]) == 1


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("EN", "en"),
        ("EN-US", "en"),
        ("en-gb", "en"),
        ("ZH", "zh"),
        ("ZH-HANS", "zh-Hans"),
        ("ZH-HANT", "zh-Hant"),
        ("ZH-TW", "zh-TW"),
        ("ZH-HK", "zh-HK"),
    ],
)
async def test_a_target_is_the_language_of_that_code(
    client: httpx.AsyncClient, translator: FakeTranslator, code: str, target: str
) -> None:
    response = await client.post("/v2/translate", json={"text": ["Hello"], "target_lang": code})
    assert response.status_code == 200
    assert translator.orders[0].target == target


async def test_what_is_said_of_the_texts_reaches_the_translator(
    client: httpx.AsyncClient, translator: FakeTranslator
) -> None:
    asked = {"source_lang": "EN", "context": "A menu.", "tag_handling": "html"}
    await client.post("/v2/translate", json={"text": ["Open"], "target_lang": "ZH", **asked})
    [order] = translator.orders
    assert (order.source, order.context, order.markup) == ("en", "A menu.", "html")
    assert order.field == "text"


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"source_lang": None},
        {"split_sentences": "0"},
        {"split_sentences": "nonewlines", "preserve_formatting": True},
        {"formality": "default "},
        {"formality": "prefer_more"},
        {"outline_detection": False, "splitting_tags": ["p"], "unheard_of": {"a": 1}},
        {"show_billed_characters": True, "tag_handling_version": "v2"},
    ],
)
async def test_what_changes_nothing_is_accepted(
    client: httpx.AsyncClient, translator: FakeTranslator, more: dict[str, Any]
) -> None:
    body = {"text": ["Hello"], "target_lang": "ZH", **more}
    response = await client.post("/v2/translate", json=body)
    assert response.status_code == 200, response.text
    assert translator.orders[0].source == "auto"
    assert not translator.orders[0].markup


@pytest.mark.parametrize(
    ("asked", "used", "effort"),
    [
        ("quality_optimized", "quality_optimized", "best"),
        ("prefer_quality_optimized", "quality_optimized", "best"),
        ("latency_optimized", "latency_optimized", "quick"),
    ],
)
async def test_the_models_type_chooses_how_it_is_decoded_and_is_told(
    client: httpx.AsyncClient, translator: FakeTranslator, asked: str, used: str, effort: str
) -> None:
    body = {"text": ["Hello"], "target_lang": "ZH", "model_type": asked}
    [translation] = (await client.post("/v2/translate", json=body)).json()["translations"]
    assert translation["model_type_used"] == used
    assert translator.orders[0].effort == effort


@pytest.mark.parametrize(
    ("wrong", "status", "message"),
    [
        ({"text": None}, 400, "Parameter 'text' not specified."),
        ({"text": []}, 400, "Parameter 'text' not specified."),
        ({"text": ["a", 1]}, 400, "Value for 'text' is not a string or a list of strings."),
        ({"text": ["a"] * 51}, 400, "Too many texts: 51, at most 50 are taken."),
        ({"text": ["a" * 1001]}, 413, "text: 1001 characters, at most 1000 are taken"),
        ({"context": "a" * 999}, 413, "text: 1004 characters, at most 1000 are taken"),
        ({"context": 1}, 400, "Value for 'context' is not a string."),
        ({"target_lang": None}, 400, "Value for 'target_lang' not supported."),
        ({"target_lang": "DE"}, 400, "Value for 'target_lang' not supported."),
        ({"source_lang": "DE"}, 400, "Value for 'source_lang' not supported."),
        ({"source_lang": "auto"}, 400, "Value for 'source_lang' not supported."),
        ({"formality": "more"}, 400, "'formality' is not supported for given 'target_lang'."),
        ({"formality": "less"}, 400, "'formality' is not supported for given 'target_lang'."),
        ({"formality": "polite"}, 400, "Value for 'formality' not supported."),
        ({"split_sentences": "2"}, 400, "Value for 'split_sentences' not supported."),
        ({"tag_handling": "md"}, 400, "Value for 'tag_handling' not supported."),
        ({"ignore_tags": ["a b"]}, 400, "Value for 'ignore_tags' not supported."),
        ({"model_type": "best"}, 400, "Value for 'model_type' not supported."),
        ({"glossary_id": "none", "source_lang": "EN"}, 404, "Glossary not found."),
        ({"glossary_id": "none"}, 400, "A glossary needs 'source_lang'."),
    ],
)
async def test_what_is_wrong_is_refused_and_named(
    client: httpx.AsyncClient, wrong: dict[str, Any], status: int, message: str
) -> None:
    body = {"text": ["Hello"], "target_lang": "ZH", **wrong}
    response = await client.post("/v2/translate", json=body)
    assert response.status_code == status
    assert response.json() == {"message": message}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"text=a", "text/plain", 415),
        (b"text=" + b"a" * 20_000, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_an_unreadable_body_is_refused(
    client: httpx.AsyncClient, content: bytes, kind: str, status: int
) -> None:
    headers = {"Content-Type": kind}
    response = await client.post("/v2/translate", content=content, headers=headers)
    assert response.status_code == status
    assert list(response.json()) == ["message"]


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (UnsupportedLanguage("French", field="text[0]", detected="fr"), 400, None),
        (UnsupportedTask("no model"), 400, None),
        (Overloaded("busy", retry_after=7), 429, "7"),
        (GenerationFailed("broke"), 500, None),
        (RuntimeError("secret"), 500, None),
        (Unavailable("loading", retry_after=9), 503, "9"),
        (DeadlineExceeded("late"), 504, None),
    ],
)
async def test_a_failure_keeps_the_protocols_shape(
    error: Exception, status: int, retry_after: str | None
) -> None:
    async with client_of(fake_app(translator=FakeTranslator(error))) as client:
        response = await client.post("/v2/translate", data={"text": "Hello", "target_lang": "ZH"})
    assert response.status_code == status
    assert response.headers.get("Retry-After") == retry_after
    assert list(response.json()) == ["message"]
    assert "secret" not in response.text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("how", ["params", "data"])
async def test_languages_are_listed_by_their_side(
    client: httpx.AsyncClient, method: str, how: str
) -> None:
    async def ask(kind: str) -> list[str]:
        given: dict[str, Any] = {how: {"type": kind}}
        response = await client.request(method, "/v2/languages", **given)
        return [language["language"] for language in response.json()]

    assert await ask("source") == ["EN", "ZH"]
    assert await ask("target") == ["EN-GB", "EN-US", "ZH", "ZH-HANS", "ZH-HANT"]
    assert (await client.get("/v2/languages")).json()[1] == {"language": "ZH", "name": "Chinese"}
    assert (await client.get("/v2/languages?type=both")).status_code == 400


async def test_version_3_tells_what_each_language_is_good_for(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/v3/languages?resource=translate_text")).json()
    assert [
        (one["lang"], one["usable_as_source"], one["usable_as_target"], sorted(one["features"]))
        for one in listed
    ] == [
        ("en", True, False, ["auto_detection", "glossary", "tag_handling"]),
        ("en-GB", False, True, ["glossary", "tag_handling"]),
        ("en-US", False, True, ["glossary", "tag_handling"]),
        ("zh", True, True, ["auto_detection", "glossary", "tag_handling"]),
        ("zh-Hans", False, True, ["glossary", "tag_handling"]),
        ("zh-Hant", False, True, ["glossary", "tag_handling"]),
    ]
    assert listed[4] == {
        "lang": "zh-Hans",
        "name": "Chinese (simplified)",
        "usable_as_source": False,
        "usable_as_target": True,
        "status": "stable",
        "features": {"tag_handling": {"status": "stable"}, "glossary": {"status": "stable"}},
    }
    for one in listed:
        if one["usable_as_target"]:
            fields = {"text": "Hello", "target_lang": one["lang"]}
            assert (await client.post("/v2/translate", data=fields)).status_code == 200


async def test_version_3_tells_what_is_offered_and_what_is_not(client: httpx.AsyncClient) -> None:
    (texts,) = (await client.get("/v3/languages/resources")).json()
    assert texts["name"] == "translate_text"
    assert {"name": "auto_detection", "needs_source_support": True} in texts["features"]
    assert (await client.get("/v3/languages?resource=voice")).json() == []
    for query, message in (
        ("", "Parameter 'resource' not specified."),
        ("?resource=poems", "Value for 'resource' not supported."),
    ):
        refused = await client.get(f"/v3/languages{query}")
        assert (refused.status_code, refused.json()) == (400, {"message": message})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("style_id", "7c2f"),
        ("custom_instructions", ["Use British spelling."]),
        ("translation_memory_id", "a1"),
    ],
)
async def test_what_would_change_the_translation_is_refused_by_its_name(
    client: httpx.AsyncClient, name: str, value: Any
) -> None:
    fields = {"text": ["Hello"], "target_lang": "ZH"}
    refused = await client.post("/v2/translate", json={**fields, name: value})
    assert refused.status_code == 400
    assert refused.json() == {"message": f"Parameter '{name}' is not supported."}
    assert (await client.post("/v2/translate", json={**fields, name: None})).status_code == 200
    assert (await client.post("/v2/translate", json={**fields, name: []})).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_usage_is_what_was_translated(method: str) -> None:
    async with client_of(fake_app()) as client:
        await client.post("/v2/translate", json={"text": ["Hello", "你好"], "target_lang": "ZH"})
        await client.post("/v2/translate", json={"text": ["Hello"], "target_lang": "DE"})
        usage = (await client.request(method, "/v2/usage")).json()
    assert usage == {"character_count": 7, "character_limit": 1_000_000_000_000}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v2/glossaries", 404),
        ("POST", "/v2/glossaries", 404),
        ("GET", "/v2/glossaries/some-id", 404),
        ("POST", "/v2/document", 404),
        ("POST", "/v2/write/rephrase", 404),
        ("POST", "/v3/languages", 405),
        ("POST", "/v3/glossaries", 403),
        ("GET", "/v3/glossaries/some-id", 404),
        ("GET", "/v3/style_rules", 404),
        ("GET", "/v2/translate", 405),
    ],
)
async def test_what_is_not_offered_says_so_in_the_protocols_shape(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    response = await client.request(method, path)
    assert response.status_code == status
    assert list(response.json()) == ["message"]


async def test_no_glossary_can_be_made_by_version_2(client: httpx.AsyncClient) -> None:
    response = await client.get("/v2/glossary-language-pairs")
    assert response.json() == {"supported_languages": []}


# ------------------------------------------------------------------ keys


async def test_each_caller_is_told_its_own_usage(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    first, second = add_key(keys, "first"), add_key(keys, "second", Grant("zh-Hant"))
    async with client_of(fake_app(settings=Settings(keys_file=keys))) as client:

        async def ask(path: str, key: str, **fields: str) -> Any:
            headers = {"Authorization": f"DeepL-Auth-Key {key}"}
            return (await client.post(path, data=fields, headers=headers)).json()

        done = await ask("/v2/translate", second, text="Hello", target_lang="ZH")
        assert done["translations"][0]["text"] == "[zh-Hant] Hello"
        assert (await ask("/v2/usage", first))["character_count"] == 0
        assert (await ask("/v2/usage", second))["character_count"] == 5


@pytest.mark.parametrize(
    "path",
    [
        "v2/translate",
        "v2/languages",
        "v2/usage",
        "v2/glossary-language-pairs",
        "v3/languages",
        "v3/languages/resources",
    ],
)
async def test_nobody_is_served_without_a_key(tmp_path: Path, path: str) -> None:
    keys = tmp_path / "keys.json"
    add_key(keys, "somebody")
    async with client_of(fake_app(settings=Settings(keys_file=keys))) as client:
        method = "POST" if path == "v2/translate" else "GET"
        for headers in ({}, {"Authorization": "DeepL-Auth-Key of-nobody"}):
            response = await client.request(method, f"/{path}", headers=headers)
            assert response.status_code == 403
            assert list(response.json()) == ["message"]


async def test_old_clients_send_the_key_as_a_field(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    key = add_key(keys, "somebody")
    async with client_of(fake_app(settings=Settings(keys_file=keys))) as client:
        assert (await client.get("/v2/usage", params={"auth_key": key})).status_code == 200


# ------------------------------------------------------------------ glossaries


async def test_a_glossary_is_found_by_its_name_and_direction(tmp_path: Path) -> None:
    (tmp_path / "shop.en-zh.tsv").write_text("cart\t购物车\ncheckout\t结账\n", encoding="utf-8")
    (tmp_path / "house.en-zh.tsv").write_text("cart\t推车\nhome\t首页\n", encoding="utf-8")
    translator = FakeTranslator()
    rules = Rules(TextLimits(1000, 50), 10.0)
    app = Litestar(
        deepl_routes(
            translator, rules=rules, access=Access(Keyring()), glossaries=Glossaries(tmp_path)
        ),
        exception_handlers={Exception: to_response},
        openapi_config=None,
        logging_config=None,
    )
    asked = {"text": ["Cart"], "source_lang": "EN", "target_lang": "ZH"}
    async with client_of(app) as client:
        await client.post("/v2/translate", json={**asked, "glossary_id": "shop"})
        both = {**asked, "glossary_ids": ["shop", "house"]}
        await client.post("/v2/translate", json=both)
        back = {"text": ["购物车"], "source_lang": "ZH", "target_lang": "EN-US"}
        other = await client.post("/v2/translate", json={**back, "glossary_id": "shop"})
    shop = (Term("cart", "购物车"), Term("checkout", "结账"))
    assert [order.terms for order in translator.orders] == [shop, (*shop, Term("home", "首页"))]
    assert other.status_code == 404


# ------------------------------------------------------------------ tags


@pytest.mark.parametrize(
    ("asked", "markup", "ignore"),
    [
        ({}, "", ()),
        ({"tag_handling": "xml"}, "xml", ()),
        ({"tag_handling": "HTML", "ignore_tags": "Code"}, "html", ("code",)),
        ({"tag_handling": "xml", "ignore_tags": ["x", "Y"]}, "xml", ("x", "Y")),
        ({"tag_handling": "xml", "ignore_tags": "x, Y,,x"}, "xml", ("x", "Y")),
    ],
)
async def test_how_tags_are_handled_reaches_the_translator(
    client: httpx.AsyncClient,
    translator: FakeTranslator,
    asked: dict[str, Any],
    markup: str,
    ignore: tuple[str, ...],
) -> None:
    # as Weblate sends a placeholder
    source = 'Hello <x id="6"></x>, you &amp; me<hr/>'
    body = {"text": [source], "target_lang": "ZH", **asked}
    response = await client.post("/v2/translate", json=body)
    [order] = translator.orders
    assert (order.texts, order.markup, sorted(order.tagging.ignore)) == (
        (source,),
        markup,
        sorted(ignore),
    )
    [translation] = response.json()["translations"]
    assert translation["text"] == f"[zh-Hans] {source}"
    assert translation["billed_characters"] == len(source)


@pytest.mark.parametrize(
    ("texts", "target", "place"),
    [
        (["<p>It rained.</p>", "<p>It <b>rained.</p>"], "ZH", "text[1]"),
        (["<p>It rained."], "ZH", "text"),
        (["<p>It &rained;</p>"], "ZH", "text"),
        (["<p>发现问题"], "ZH-HANT", "text"),
    ],
)
async def test_malformed_xml_is_refused_by_its_place(
    texts: list[str], target: str, place: str
) -> None:
    body = {"text": texts, "target_lang": target, "tag_handling": "xml"}
    translator = Translator(FakeGenerator(lambda _: "下雨了。"))
    async with client_of(fake_app(translator=translator)) as client:
        response = await client.post("/v2/translate", json=body)
    assert response.status_code == 400
    assert response.json()["message"].startswith(f"{place}: the XML is not well-formed")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, ("auto", False)),
        ({"split_sentences": "0", "preserve_formatting": True}, ("0", True)),
        ({"split_sentences": "1", "preserve_formatting": "1"}, ("1", True)),
        ({"split_sentences": "nonewlines", "preserve_formatting": 0}, ("nonewlines", False)),
    ],
)
async def test_where_sentences_end_and_what_keeps_its_form_is_asked_for(
    client: httpx.AsyncClient,
    translator: FakeTranslator,
    sent: dict[str, object],
    expected: tuple[str, bool],
) -> None:
    await client.post("/v2/translate", json={"text": ["Hi"], "target_lang": "ZH", **sent})
    order = translator.orders[-1]
    assert (order.split_sentences, order.preserve_formatting) == expected


@pytest.mark.parametrize("name", ["split_sentences", "preserve_formatting"])
async def test_a_wrong_choice_is_refused_by_name(client: httpx.AsyncClient, name: str) -> None:
    sent = {"text": ["Hi"], "target_lang": "ZH", name: "maybe"}
    response = await client.post("/v2/translate", json=sent)
    assert response.status_code == 400
    assert name in response.json()["message"]
