"""LibreTranslate's protocol: what it takes, what it answers, and how it refuses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar
from openapi_spec_validator import validate

from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    InvalidInput,
    Overloaded,
    Unavailable,
    UnsupportedLanguage,
    UnsupportedTask,
)
from service.keys import Grant, Keyring, add_key
from service.names.model import ListedName
from service.settings import Settings
from service.translation.fake import FakeTranslator
from service.translation.model import (
    Order,
    Progress,
    Term,
    Translated,
    Translates,
    Translation,
    Warned,
)
from service.web import problems
from service.web.access import Access
from service.web.compat import libretranslate
from service.web.compat.libretranslate import Rules, TextLimits, libretranslate_routes
from service.web.health import IDLE, Observed
from service.web.metrics import Metrics
from tests.unit.web.apps import client_of, fake_app
from tests.unit.web.test_routes import Fixed

SETTINGS = Settings(max_body_bytes=10_000, translate_characters=50, translate_items=4)
ASK = {"q": "Hello", "source": "en", "target": "zh-Hans"}


class Found:
    """Answers each text with the language that it names, ``zh 0.5``."""

    async def translate(
        self, order: Order, *, progress: Progress | None = None, timeout: float | None = None
    ) -> Translated:
        pairs = (text.split() for text in order.texts)
        return Translated(
            tuple(
                Translation("t", language, float(sure), (Warned("echo", "s", "m"),), ("u", "v"))
                for language, sure in pairs
            )
        )


class Stuck:
    """Never answers; tells when it was asked and whether it was cancelled."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.cancelled = False

    async def translate(
        self, order: Order, *, progress: Progress | None = None, timeout: float | None = None
    ) -> Translated:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        raise AssertionError


@pytest.fixture(scope="module")
def app(shared: FakeTranslator) -> Litestar:
    """One for the module: to make it takes longer than an answer."""
    return fake_app(settings=SETTINGS, translator=shared)


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


async def _ask(translator: Translates, fields: dict[str, Any], **headers: str) -> httpx.Response:
    app = fake_app(settings=SETTINGS, translator=translator)
    async with client_of(app) as client:
        return await client.post("/translate", json={**ASK, **fields}, headers=headers)


# ---------------------------------------------------------------------- /translate


async def test_a_text_is_answered_with_a_text_and_nothing_that_was_not_asked_for(
    client: httpx.AsyncClient, translator: FakeTranslator
) -> None:
    response = await client.post("/translate", json=ASK)
    assert response.status_code == 200
    assert response.json() == {"translatedText": "[zh-Hans] Hello"}
    assert translator.orders == [Order(("Hello",), "zh-Hans", "en")]


async def test_a_list_is_answered_with_a_list_of_equal_length_empty_texts_in_place(
    client: httpx.AsyncClient,
) -> None:
    response = await client.post("/translate", json={**ASK, "q": ["Hello", "", "Tree"]})
    assert response.json() == {"translatedText": ["[zh-Hans] Hello", "", "[zh-Hans] Tree"]}


@pytest.mark.parametrize(("q", "answer"), [("", ""), ([], []), ([""], [""])])
async def test_nothing_comes_back_as_nothing(
    client: httpx.AsyncClient, q: object, answer: object
) -> None:
    response = await client.post("/translate", json={**ASK, "q": q, "source": "auto"})
    assert response.status_code == 200
    assert response.json()["translatedText"] == answer


async def test_forms_are_read_like_json(
    client: httpx.AsyncClient, translator: FakeTranslator
) -> None:
    fields = {"source": "auto", "target": "zh", "format": "html", "alternatives": "2"}
    one = await client.post("/translate", data={"q": "<b>Hello</b>", **fields})
    assert one.json()["translatedText"] == "[zh-Hans] <b>Hello</b>"
    many = await client.post("/translate", data={"q": ["Hello", ""], **fields})
    assert many.json()["translatedText"] == ["[zh-Hans] Hello", ""]
    parts = [(name, (None, value)) for name, value in [("q", "a"), ("q", "b"), *fields.items()]]
    multipart = await client.post("/translate", files=parts)
    assert len(multipart.json()["translatedText"]) == 2
    query = await client.post("/translate", params={"q": "Hello", **fields})
    assert query.json()["translatedText"] == "[zh-Hans] Hello"
    assert {(order.markup, order.alternatives) for order in translator.orders} == {("html", 2)}


async def test_each_text_has_its_own_language_told_by_its_script() -> None:
    q = ["en 0.83", "zh-Hant 1", "zh 0.5", "fr 0.4567", "en 0"]
    app = fake_app(translator=Found())
    async with client_of(app) as client:
        answer = await client.post("/translate", json={**ASK, "q": q, "source": "auto"})
        single = await client.post("/translate", json={**ASK, "q": q[0], "source": "auto"})
    assert answer.json()["detectedLanguage"] == [
        {"confidence": 83.0, "language": "en"},
        {"confidence": 100.0, "language": "zh-Hant"},
        {"confidence": 50.0, "language": "zh-Hans"},
        {"confidence": 45.7, "language": "fr"},
        {"confidence": 0.0, "language": "en"},
    ]
    assert single.json()["detectedLanguage"] == {"confidence": 83.0, "language": "en"}


@pytest.mark.parametrize("many", [False, True])
async def test_what_is_still_wrong_with_a_translation_is_told(many: bool) -> None:
    told = [{"flag": "echo", "source": "s", "message": "m"}]
    response = await _ask(Found(), {"q": ["en 1", "fr 1"] if many else "en 1"})
    assert response.json()["warnings"] == ([told, told] if many else told)


@pytest.mark.parametrize("many", [False, True])
def test_the_names_of_each_text_are_told_if_any_text_has_one(many: bool) -> None:
    name = ListedName("何莹", "He Ying", "pinyin")
    texts = [Translation("He Ying came.", "zh", 1.0, names=(name,)), Translation("Yes.", "zh", 1.0)]
    order = Order(("何莹来了。", "是。"), "en", source="zh")
    shown = libretranslate.show(Translated(tuple(texts[: 2 if many else 1])), order, many=many)
    told = [{"source": "何莹", "target": "He Ying", "from": "pinyin"}]
    assert msgspec.to_builtins(shown["names"]) == ([told, []] if many else told)
    assert "names" not in libretranslate.show(Translated((texts[1],)), order, many=False)


async def test_an_address_may_end_in_a_slash(client: httpx.AsyncClient) -> None:
    url = f"{client.base_url}//translate"
    response = await client.post(url, json=ASK)
    assert response.json() == {"translatedText": "[zh-Hans] Hello"}
    refused = await client.post(url, json={"q": "Hello"})
    assert refused.json() == {"error": "Invalid request: missing source parameter"}


@pytest.mark.parametrize(
    ("fields", "alternatives"),
    [
        ({}, None),
        ({"alternatives": 0}, None),
        ({"alternatives": 2}, ["u", "v"]),
        ({"alternatives": "2"}, ["u", "v"]),
        ({"alternatives": 2, "q": ["en 1", "en 1"]}, [["u", "v"], ["u", "v"]]),
    ],
)
async def test_alternatives_come_only_when_they_are_asked_for(
    fields: dict[str, Any], alternatives: object
) -> None:
    response = await _ask(Found(), {"q": "en 1", **fields})
    assert response.json().get("alternatives") == alternatives


@pytest.mark.parametrize(
    ("fields", "order"),
    [
        ({"format": "html"}, Order(("Hello",), "zh-Hans", "en", markup="html")),
        ({"format": None}, Order(("Hello",), "zh-Hans", "en")),
        ({"source": "AUTO", "target": "zh_tw"}, Order(("Hello",), "zh-TW", "auto")),
        ({"source": "zt", "target": "en-GB"}, Order(("Hello",), "en", "zh-Hant")),
        ({"context": "A novel."}, Order(("Hello",), "zh-Hans", "en", context="A novel.")),
        ({"from": "en", "detect": True, "secret": {}}, Order(("Hello",), "zh-Hans", "en")),
        ({"glossary": ""}, Order(("Hello",), "zh-Hans", "en")),
        (
            {"glossary": [["Nile", "尼罗河"], ["IBM", "IBM"]]},
            Order(("Hello",), "zh-Hans", "en", terms=(Term("Nile", "尼罗河"), Term("IBM", "IBM"))),
        ),
        (
            {"glossary": {"Nile": "尼罗河"}},
            Order(("Hello",), "zh-Hans", "en", terms=(Term("Nile", "尼罗河"),)),
        ),
        (
            {"glossary": ' {"Nile": "尼罗河"}'},
            Order(("Hello",), "zh-Hans", "en", terms=(Term("Nile", "尼罗河"),)),
        ),
    ],
)
async def test_what_is_asked_becomes_the_order(
    client: httpx.AsyncClient, translator: FakeTranslator, fields: dict[str, Any], order: Order
) -> None:
    response = await client.post("/translate", json={**ASK, **fields})
    assert response.status_code == 200, response.text
    assert translator.orders == [order]


@pytest.mark.parametrize("source", ["en", "auto"])
async def test_a_glossary_may_be_named(tmp_path: Path, source: str) -> None:
    (tmp_path / "rivers.en-zh.tsv").write_text("Nile\t尼罗河\n", encoding="utf-8")
    translator = FakeTranslator()
    app = fake_app(settings=Settings(glossaries_dir=tmp_path), translator=translator)
    async with client_of(app) as client:
        fields = {**ASK, "source": source, "glossary": "rivers"}
        assert (await client.post("/translate", data=fields)).status_code == 200
    assert translator.orders[0].terms == (Term("Nile", "尼罗河"),)


async def test_ten_thousand_texts_are_taken_and_the_empty_ones_stay_in_place() -> None:
    q = ["" if position % 3 else "Tree" for position in range(10_000)]
    async with client_of(fake_app(settings=Settings(), translator=FakeTranslator())) as client:
        json = await client.post("/translate", json={**ASK, "q": q})
        form = await client.post("/translate", data={**ASK, "q": q})
    expected = ["[zh-Hans] Tree" if text else "" for text in q]
    assert json.json()["translatedText"] == expected
    assert form.json()["translatedText"] == expected


@pytest.mark.parametrize(("path", "slash"), [("/translate", ""), ("/detect", "/")])
async def test_a_trailing_slash_is_no_hindrance(
    client: httpx.AsyncClient, path: str, slash: str
) -> None:
    assert (await client.post(path + slash, json=ASK)).status_code == 200


# ---------------------------------------------------------------------- refusals of /translate


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"q": None}, "Invalid request: missing q parameter"),
        ({"source": None}, "Invalid request: missing source parameter"),
        ({"source": ""}, "Invalid request: missing source parameter"),
        ({"target": None}, "Invalid request: missing target parameter"),
        ({"q": 5}, "Invalid request: q is not a string"),
        ({"q": {"a": "b"}}, "Invalid request: q is not a string"),
        ({"q": ["a", None, 3]}, "Invalid request: q[1] is not a string"),
        ({"q": [["a"]]}, "Invalid request: q[0] is not a string"),
        ({"source": 5}, "Invalid request: source is not a string"),
        ({"source": "fr"}, "fr is not supported"),
        ({"target": "auto"}, "auto is not supported"),
        ({"target": "ZH-xx"}, "ZH-xx is not supported"),
        ({"format": "xml"}, "xml format is not supported"),
        ({"q": "x" * 51}, "Invalid request: request (51) exceeds text limit (50)"),
        ({"q": ["x" * 30, "y" * 31]}, "Invalid request: request (61) exceeds text limit (50)"),
        ({"context": "x" * 50}, "Invalid request: request (55) exceeds text limit (50)"),
        ({"q": [""] * 5}, "Invalid request: request (5) exceeds text limit (4)"),
        ({"context": ["a"]}, "Invalid request: context is not a string"),
        ({"alternatives": 6}, "Invalid request: alternatives is not a number from 0 to 5"),
        ({"alternatives": -1}, "Invalid request: alternatives is not a number from 0 to 5"),
        ({"alternatives": "many"}, "Invalid request: alternatives is not a number from 0 to 5"),
        (
            {"glossary": "rivers"},
            "Invalid request: glossary: no glossary of that name for this direction",
        ),
        ({"glossary": "[1"}, "Invalid request: glossary: is not JSON"),
        ({"glossary": 5}, "Invalid request: glossary: Expected object | array, got int"),
        (
            {"glossary": [["a", "b"], ["c"]]},
            "Invalid request: glossary[1]: Expected array of length 2, got 1",
        ),
        (
            {"glossary": [["a", 5]]},
            "Invalid request: glossary[0][1]: Expected str, got int",
        ),
        ({"glossary": [["a", ""]]}, "Invalid request: glossary: term 1: the target is empty"),
    ],
)
async def test_each_wrong_field_has_its_text(
    client: httpx.AsyncClient, translator: FakeTranslator, fields: dict[str, Any], text: str
) -> None:
    response = await client.post("/translate", json={**ASK, **fields})
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {"error": text}
    assert translator.orders == []


@pytest.mark.parametrize(
    ("error", "status", "text", "retry"),
    [
        (
            UnsupportedLanguage("the text is in fr", field="q[3]", detected="fr"),
            400,
            "Invalid request: q[3]: the text is in fr",
            None,
        ),
        (InvalidInput("is odd", field="q"), 400, "Invalid request: q: is odd", None),
        (Overloaded("the queue is full", retry_after=7), 429, "Slowdown: the queue is full", "7"),
        (Unavailable("loading", retry_after=9), 503, "loading", "9"),
        (DeadlineExceeded("not finished"), 504, "not finished", None),
        (GenerationFailed("it gave up"), 500, "it gave up", None),
        (UnsupportedTask("no model for it"), 501, "no model for it", None),
        (
            ValueError("secret"),
            500,
            "An internal error; the log has the details under this request's id.",
            None,
        ),
    ],
)
async def test_each_error_of_the_domain_has_its_status_and_text(
    error: Exception, status: int, text: str, retry: str | None
) -> None:
    response = await _ask(FakeTranslator(error), {})
    assert response.status_code == status
    assert response.json() == {"error": text}
    assert response.headers.get("Retry-After") == retry


@pytest.mark.parametrize(
    ("content", "kind", "status", "text"),
    [
        (b'{"q": "\xff"}', "application/json", 400, "not UTF-8"),
        (b"q=%FF&source=en&target=zh", "application/x-www-form-urlencoded", 400, "not UTF-8"),
        (b'{"q": ', "application/json", 400, "not JSON"),
        (b"[]", "application/json", 400, "Expected object, got array"),
        (b"q=x", "text/plain", 400, "expected application/json or a form"),
        (b"x" * 10_001, "application/json", 413, "larger than this service accepts"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_in_the_same_shape(
    client: httpx.AsyncClient, content: bytes, kind: str, status: int, text: str
) -> None:
    for path in ("/translate", "/detect"):
        response = await client.post(path, content=content, headers={"Content-Type": kind})
        assert response.status_code == status
        assert list(response.json()) == ["error"]
        assert text in response.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/translate", 405),
        ("GET", "/detect", 405),
        ("POST", "/languages", 405),
        ("POST", "/health", 405),
        ("GET", "/suggest", 405),
        ("DELETE", "/frontend/settings", 405),
        ("GET", "/translate/nothing", 404),
    ],
)
async def test_what_never_reaches_a_route_is_refused_in_the_same_shape(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    response = await client.request(method, path)
    assert response.status_code == status
    assert list(response.json()) == ["error"]
    assert (status == 405) == ("Allow" in response.headers)


async def test_elsewhere_errors_stay_problems(client: httpx.AsyncClient) -> None:
    for path in ("/nothing", "/translated", "/frontend"):
        response = await client.get(path)
        assert response.headers["Content-Type"] == "application/problem+json"


# ---------------------------------------------------------------------- time, queue, metrics


async def test_a_client_may_ask_to_be_answered_sooner(
    client: httpx.AsyncClient, translator: FakeTranslator
) -> None:
    plain = await client.post("/translate", json=ASK)
    hasty = await client.post("/translate", json=ASK, headers={"Prefer": "wait=10"})
    assert translator.timeouts == [300.0, 10.0]
    assert "Preference-Applied" not in plain.headers
    assert hasty.headers["Preference-Applied"] == "wait=10"


async def test_the_operators_deadline_ends_the_work() -> None:
    translator = Stuck()
    settings = Settings(deadline_seconds=0.05)
    async with client_of(fake_app(settings=settings, translator=translator)) as client:
        response = await client.post("/translate", json=ASK)
    assert response.status_code == 504
    assert response.json() == {"error": "not finished within 0.05 seconds"}
    assert translator.cancelled


async def test_a_client_that_leaves_has_its_work_cancelled() -> None:
    translator, metrics = Stuck(), Metrics()
    app = fake_app(metrics=metrics, translator=translator)
    body = b"q=Hello&source=en&target=zh"
    messages: list[Any] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        if messages:
            return messages.pop()
        await translator.asked.wait()
        return {"type": "http.disconnect"}

    async def send(_: Any) -> None:
        return

    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/translate",
        "raw_path": b"/translate",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "extensions": {},
        "state": {},
    }
    async with asyncio.timeout(5):
        await app(scope, receive, send)
    assert translator.cancelled
    labels = {"method": "POST", "route": "/translate", "status": "499"}
    assert metrics.registry.get_sample_value("jianbao_http_requests_total", labels) == 1.0


async def test_texts_and_the_defects_left_in_them_are_counted() -> None:
    metrics = Metrics()
    async with client_of(fake_app(metrics=metrics, translator=Found())) as client:
        await client.post("/translate", json={**ASK, "q": ["en 1", "en 1"]})
    value = metrics.registry.get_sample_value
    assert value("jianbao_translations_total", {"target": "zh-Hans"}) == 2.0
    assert value("jianbao_translation_warnings_total", {"flag": "echo"}) == 2.0


# ---------------------------------------------------------------------- /detect


@pytest.mark.parametrize(
    ("q", "languages"),
    [
        ("The council approved a budget for the three bridges.", ["en"]),
        ("市议会周二批准了预算。", ["zh-Hans"]),
        ("市議會週二批准了預算。", ["zh-Hant"]),
        ("北京", ["zh-Hans"]),
        ("Le conseil municipal a approuvé le budget des trois ponts.", ["fr"]),
    ],
)
async def test_a_language_is_detected(q: str, languages: list[str]) -> None:
    async with client_of(fake_app()) as client:
        for response in (
            await client.post("/detect", data={"q": q}),
            await client.post("/detect", json={"q": q}),
        ):
            found = response.json()
            assert [one["language"] for one in found] == languages
            assert 0 < found[0]["confidence"] <= 100


async def test_where_nothing_tells_it_is_english_without_any_confidence() -> None:
    async with client_of(fake_app()) as client:
        response = await client.post("/detect", data={"q": "123"})
    assert response.json() == [{"confidence": 0.0, "language": "en"}]


async def test_each_text_of_a_list_is_detected_for_itself() -> None:
    q = ["市議會週二批准了預算。", "", "The council approved a budget."]
    async with client_of(fake_app()) as client:
        found = (await client.post("/detect", json={"q": q})).json()
    assert [[one["language"] for one in each] for each in found] == [["zh-Hant"], ["en"], ["en"]]


async def test_detection_without_a_text_or_with_too_much_is_refused(
    client: httpx.AsyncClient,
) -> None:
    missing = await client.post("/detect")
    assert missing.status_code == 400
    assert missing.json() == {"error": "Invalid request: missing q parameter"}
    much = await client.post("/detect", data={"q": "x" * 51})
    assert much.status_code == 400
    assert much.json() == {"error": "Invalid request: request (51) exceeds text limit (50)"}


# ---------------------------------------------------------------------- what is told


async def test_the_languages_and_their_targets_are_listed(client: httpx.AsyncClient) -> None:
    targets = ["en", "zh", "zh-Hans", "zh-Hant", "zh-CN", "zh-TW", "zh-HK"]
    assert (await client.get("/languages")).json() == [
        {"code": "en", "name": "English", "targets": targets},
        {"code": "zh", "name": "Chinese", "targets": targets},
        {"code": "zh-Hans", "name": "Chinese (simplified)", "targets": targets},
        {"code": "zh-Hant", "name": "Chinese (traditional)", "targets": targets},
        {"code": "zh-CN", "name": "Chinese (China)", "targets": targets},
        {"code": "zh-TW", "name": "Chinese (Taiwan)", "targets": targets},
        {"code": "zh-HK", "name": "Chinese (Hong Kong)", "targets": targets},
    ]


async def test_a_front_end_is_told_the_limits(client: httpx.AsyncClient) -> None:
    assert (await client.get("/frontend/settings")).json() == {
        "charLimit": 50,
        "frontendTimeout": 500,
        "apiKeys": False,
        "keyRequired": False,
        "suggestions": False,
        "filesTranslation": False,
        "supportedFilesFormat": [],
        "language": {
            "source": {"code": "auto", "name": "Auto Detect"},
            "target": {"code": "en", "name": "English"},
        },
    }


async def test_the_spec_is_valid_and_names_every_route(client: httpx.AsyncClient) -> None:
    spec = (await client.get("/spec")).json()
    validate(spec)
    assert sorted(spec["paths"]) == sorted(libretranslate.PATHS)


@pytest.mark.parametrize("path", ["/suggest", "/translate_file"])
async def test_what_is_switched_off_is_refused(client: httpx.AsyncClient, path: str) -> None:
    response = await client.post(path, data={"q": "a"})
    assert response.status_code == 403
    assert "disabled" in response.json()["error"]


@pytest.mark.parametrize(
    ("state", "status", "told"),
    [("ready", 200, "ok"), ("loading", 503, "loading"), ("restarting", 503, "restarting")],
)
async def test_health_is_that_of_the_engine(state: str, status: int, told: str) -> None:
    inference: Observed = Fixed(msgspec.structs.replace(IDLE, state=state))
    app = Litestar(
        libretranslate_routes(
            FakeTranslator(),
            rules=Rules(TextLimits(100, 10), 5.0),
            access=Access(Keyring()),
            inference=inference,
        ),
        exception_handlers={Exception: problems.to_response},
        openapi_config=None,
        logging_config=None,
    )
    async with client_of(app) as client:
        response = await client.get("/health")
    assert response.status_code == status
    assert response.json() == {"status": told}
    assert ("Retry-After" in response.headers) == (status == 503)


# ---------------------------------------------------------------------- keys


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, str]:
    """Keys by the name of their callers, one of whom writes Traditional Chinese."""
    path = tmp_path / "keys.json"
    return {
        "file": str(path),
        "plain": add_key(path, "plain"),
        "taipei": add_key(path, "taipei", Grant("zh-TW")),
    }


def _guarded(keys: dict[str, str], translator: Translates, **more: Any) -> Litestar:
    settings = Settings(keys_file=Path(keys["file"]), bare_zh="zh-HK")
    return fake_app(settings=settings, translator=translator, **more)


@pytest.mark.parametrize("path", ["/translate", "/detect"])
async def test_a_required_key_is_asked_for_and_a_wrong_one_refused(
    keys: dict[str, str], path: str
) -> None:
    none = {"error": "Please contact the server operator to get an API key"}
    wrong = {"error": "Invalid API key"}
    async with client_of(_guarded(keys, FakeTranslator())) as client:
        cases: list[tuple[dict[str, Any], dict[str, str], dict[str, str]]] = [
            ({}, {}, none),
            ({"api_key": ""}, {}, none),
            ({"api_key": None}, {"Authorization": "Basic abc"}, none),
            ({"api_key": "wrong"}, {}, wrong),
            ({"api_key": 5}, {}, wrong),
            ({"api_key": [keys["plain"]]}, {}, wrong),
            ({}, {"Authorization": "Bearer wrong"}, wrong),
            ({"api_key": "wrong"}, {"Authorization": f"Bearer {keys['plain']}"}, wrong),
        ]
        for fields, headers, error in cases:
            response = await client.post(path, json={**ASK, **fields}, headers=headers)
            assert response.status_code == 403
            assert response.json() == error


async def test_a_key_is_taken_from_wherever_clients_put_it(keys: dict[str, str]) -> None:
    key = keys["plain"]
    async with client_of(_guarded(keys, FakeTranslator())) as client:
        for response in (
            await client.post("/translate", json={**ASK, "api_key": key}),
            await client.post("/translate", data={**ASK, "api_key": key}),
            await client.post("/translate", params={"api_key": key}, json=ASK),
            await client.post("/translate", json=ASK, headers={"Authorization": f"Bearer {key}"}),
            await client.post(
                "/translate",
                json={**ASK, "api_key": ""},
                headers={"Authorization": f"DeepL-Auth-Key {key}"},
            ),
        ):
            assert response.status_code == 200, response.text


async def test_a_bare_zh_is_what_the_caller_means_by_it_else_what_the_settings_say(
    keys: dict[str, str],
) -> None:
    translator = FakeTranslator()
    async with client_of(_guarded(keys, translator)) as client:
        for name in ("plain", "taipei"):
            fields = {**ASK, "target": "zh", "api_key": keys[name]}
            assert (await client.post("/translate", json=fields)).status_code == 200
        found = await client.post("/detect", json={"q": "北京", "api_key": keys["taipei"]})
    assert [order.bare_zh for order in translator.orders] == ["zh-HK", "zh-TW"]
    assert found.json()[0]["language"] == "zh-Hant"


async def test_what_only_describes_needs_no_key(keys: dict[str, str]) -> None:
    paths = ("/languages", "/frontend/settings", "/health", "/spec", "/livez", "/readyz")
    async with client_of(_guarded(keys, FakeTranslator())) as client:
        for path in (*paths, "/metrics", "/schema"):
            assert (await client.get(path)).status_code == 200
        settings = (await client.get("/frontend/settings")).json()
    assert settings["apiKeys"] is True
    assert settings["keyRequired"] is True


async def test_summaries_need_a_key_as_well(keys: dict[str, str]) -> None:
    article = {"text": "The council approved a budget."}
    async with client_of(_guarded(keys, FakeTranslator())) as client:
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            refused = await client.post("/summarize", json=article, headers=headers)
            assert refused.status_code == 401
            assert refused.headers["WWW-Authenticate"] == "Bearer"
            assert refused.headers["Content-Type"] == "application/problem+json"
            assert refused.json()["type"] == "urn:problem-type:jianbao:key-refused"
        headers = {"Authorization": f"Bearer {keys['plain']}"}
        assert (await client.post("/summarize", json=article, headers=headers)).status_code == 200


async def test_no_key_reaches_the_log_or_the_metrics(
    keys: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.CRITICAL)  # the test's own client
    shown = [keys["plain"], "a-wrong-key"]
    async with client_of(_guarded(keys, FakeTranslator(ValueError("broken")))) as client:
        for key in shown:
            bearer = {"Authorization": f"Bearer {key}"}
            await client.post("/translate", json={**ASK, "api_key": key})
            await client.post("/translate", params={"api_key": key}, json=ASK)
            await client.post("/translate", json=ASK, headers=bearer)
            await client.post("/summarize", json={"text": "Hello."}, headers=bearer)
        told = caplog.text + (await client.get("/metrics")).text
    assert "broken" in told
    for key in shown:
        assert key not in told


async def test_without_a_file_of_keys_any_key_will_do(client: httpx.AsyncClient) -> None:
    response = await client.post("/translate", json={**ASK, "api_key": "whatever"})
    assert response.status_code == 200
