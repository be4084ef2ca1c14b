"""Who may call what, how much and how soon; pages of other origins."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from service.app import create_app
from service.errors import GenerationFailed
from service.inference.fake import FakeGenerator
from service.keys import Grant, add_key
from service.settings import Settings
from service.tasks import Priority
from service.text.scripts import Variant
from tests.unit.web.apps import client_of, fake_app

ARTICLE = {"text": "one two three four five", "languages": ["en"]}
Ask = Callable[[httpx.AsyncClient, str], Any]


async def _summarize(client: httpx.AsyncClient, key: str) -> httpx.Response:
    return await client.post("/summarize", json=ARTICLE, headers={"Authorization": f"Bearer {key}"})


async def _batch(client: httpx.AsyncClient, key: str) -> httpx.Response:
    return await client.post(
        "/batch",
        content=b'{"text": "one two three"}\n',
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"},
    )


async def _translate(client: httpx.AsyncClient, key: str) -> httpx.Response:
    body = {"q": "Hello, world", "source": "en", "target": "zh", "api_key": key}
    return await client.post("/translate", json=body)


async def _detect(client: httpx.AsyncClient, key: str) -> httpx.Response:
    return await client.post("/detect", data={"q": "Hello, world", "api_key": key})


async def _deepl(client: httpx.AsyncClient, key: str) -> httpx.Response:
    return await client.post(
        "/v2/translate",
        json={"text": ["Hello, world"], "target_lang": "ZH"},
        headers={"Authorization": f"DeepL-Auth-Key {key}"},
    )


async def _until_refused(client: httpx.AsyncClient, ask: Callable[..., Any]) -> httpx.Response:
    """The first refusal; at the turn of a minute one more is let through."""
    answer: httpx.Response
    for _ in range(5):
        answer = await ask(client)
        if answer.status_code != 200:
            break
    return answer


def _settings(path: Path, **more: Any) -> Settings:
    return Settings(keys_file=path, jobs_url="memory:", **more)


@pytest.mark.parametrize(
    ("ask", "member"),
    [(_summarize, "detail"), (_translate, "error"), (_detect, "error"), (_deepl, "message")],
)
async def test_a_key_whose_requests_are_used_up_is_told_when_to_come_back(
    tmp_path: Path, ask: Ask, member: str
) -> None:
    path = tmp_path / "keys.json"
    mine = add_key(path, "mine", Grant(requests_per_minute=2))
    other = add_key(path, "other")
    async with client_of(fake_app(settings=_settings(path))) as client:
        assert [(await ask(client, mine)).status_code for _ in range(2)] == [200, 200]
        refused = await _until_refused(client, lambda one: ask(one, mine))
        assert (await ask(client, other)).status_code == 200
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 120
    assert "the key allows 2 requests a minute" in refused.json()[member]


@pytest.mark.parametrize("ask", [_summarize, _translate, _detect, _deepl])
async def test_a_key_whose_characters_are_used_up_is_refused(tmp_path: Path, ask: Ask) -> None:
    path = tmp_path / "keys.json"
    key = add_key(path, "mine", Grant(characters_per_minute=30))
    async with client_of(fake_app(settings=_settings(path))) as client:
        assert (await ask(client, key)).status_code == 200
        refused = await _until_refused(client, lambda one: ask(one, key))
    assert refused.status_code == 429
    assert "30 characters a minute" in refused.text


async def test_what_is_refused_for_another_reason_costs_no_characters(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    key = add_key(path, "mine", Grant(characters_per_minute=30))
    headers = {"Authorization": f"Bearer {key}"}
    async with client_of(fake_app(settings=_settings(path))) as client:
        for _ in range(3):
            wrong = {**ARTICLE, "length": "endless"}
            assert (await client.post("/summarize", json=wrong, headers=headers)).status_code == 422
        assert (await _summarize(client, key)).status_code == 200


@pytest.mark.parametrize(
    ("routes", "ask", "status"),
    [
        (("summarize",), _summarize, 200),
        (("summarize",), _translate, 403),
        (("summarize",), _deepl, 403),
        (("summarize",), _detect, 403),
        (("summarize",), _batch, 403),
        (("translate",), _translate, 200),
        (("translate",), _deepl, 200),
        (("translate",), _summarize, 403),
        (("translate", "detect"), _detect, 200),
        ((), _summarize, 403),
    ],
)
async def test_a_key_is_kept_to_its_routes(
    tmp_path: Path, routes: Any, ask: Ask, status: int
) -> None:
    path = tmp_path / "keys.json"
    key = add_key(path, "mine", Grant(routes=routes))
    async with client_of(fake_app(settings=_settings(path))) as client:
        answer = await ask(client, key)
    assert answer.status_code == status
    if status == 403:
        assert "the key is not for" in answer.text


async def test_a_request_is_worth_what_its_key_is(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    priorities: tuple[Priority, ...] = ("high", "low", "normal")
    keys = {one: add_key(path, one, Grant(priority=one)) for one in priorities}
    generator = FakeGenerator(lambda _: "一份简报。")
    app = create_app(_settings(path), generator=generator)
    body = {"q": "The bridge opens.", "source": "en", "target": "zh"}
    async with client_of(app) as client:
        for key in keys.values():
            answer = await client.post("/translate", json={**body, "api_key": key})
            assert answer.status_code == 200
    seen = dict.fromkeys(plan.priority for plan in generator.plans)
    assert list(seen) == ["high", "low", "normal"]
    assert {request.origin.request for request in generator.requests} - {""}
    assert all(request.origin.trace.startswith("00-") for request in generator.requests)


# ------------------------------------------------------------------ a file that went wrong


@pytest.mark.parametrize(
    ("ask", "member"),
    [(_summarize, "detail"), (_batch, "detail"), (_translate, "error"), (_deepl, "message")],
)
async def test_while_the_keys_cannot_be_read_every_key_is_refused_with_the_reason(
    tmp_path: Path, ask: Ask, member: str
) -> None:
    path = tmp_path / "keys.json"
    key = add_key(path, "mine")
    content = path.read_bytes()
    app = fake_app(settings=_settings(path))
    async with app.lifespan(), client_of(app) as client:
        assert (await ask(client, key)).status_code == 200
        path.write_bytes(content[:-10])
        refused = await ask(client, key)
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "5"
        assert "the file of API keys cannot be read" in refused.json()[member]
        assert str(tmp_path) not in refused.text
        assert (await client.get("/livez")).status_code == 200
        readyz = await client.get("/readyz")
        assert readyz.status_code == 503
        assert readyz.json()["detail"].startswith("keys: the file of API keys cannot be read")
        health = await client.get("/health")
        assert (health.status_code, health.json()) == (503, {"status": "keys"})
        metrics = (await client.get("/metrics")).text
        assert "jianbao_keys_readable 0.0" in metrics
        assert "jianbao_engine_ready 0.0" in metrics

        path.write_bytes(content)
        assert (await client.get("/readyz")).status_code == 200
        assert (await ask(client, key)).status_code == 200
        assert "jianbao_keys_readable 1.0" in (await client.get("/metrics")).text


async def test_without_a_file_of_keys_there_is_none_to_be_unreadable() -> None:
    async with client_of(fake_app()) as client:
        assert "jianbao_keys_readable 1.0" in (await client.get("/metrics")).text
        assert (await client.get("/readyz")).status_code == 200


# ------------------------------------------------------------------ what a caller means by zh

ZH = {"languages": ["zh"]}
MEANT: tuple[tuple[str, Variant], ...] = (("hongkong", "zh-HK"), ("taipei", "zh-TW"))
CHINESE = "市议会周二批准了四百二十万元的预算，用于修缮市里的三座桥梁，工程将于三月开始。"
WRITTEN = {
    "zh-HK": "市議會週二批准了四百二十萬元的預算，用於修繕市裏的三座橋樑，工程將於三月開始。",
    "zh-TW": "市議會週二批准了四百二十萬元的預算，用於修繕市裡的三座橋梁，工程將於三月開始。",
}
"""Its brief, which is that sentence, as each writes it."""


def _texts(answer: httpx.Response) -> list[str]:
    """The texts of the briefs in a job, a stream of events or lines, or an answer."""
    return re.findall(r'"zh":{"text":"([^"]+)"', answer.text)


async def _plainly(client: httpx.AsyncClient, headers: dict[str, str]) -> httpx.Response:
    return await client.post("/summarize", json={"text": CHINESE, **ZH}, headers=headers)


async def _with_idempotency_key(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> httpx.Response:
    return await _plainly(client, {**headers, "Idempotency-Key": "one"})


async def _as_events(client: httpx.AsyncClient, headers: dict[str, str]) -> httpx.Response:
    return await _plainly(client, {**headers, "Accept": "text/event-stream"})


async def _as_a_job(client: httpx.AsyncClient, headers: dict[str, str]) -> httpx.Response:
    accepted = await _plainly(client, {**headers, "Prefer": "respond-async"})
    assert accepted.status_code == 202
    return await client.get(f"{accepted.headers['Location']}/results", headers=headers)


async def _as_a_batch(client: httpx.AsyncClient, headers: dict[str, str]) -> httpx.Response:
    lines = msgspec.json.encode({"text": CHINESE, **ZH})
    kind = {"Content-Type": "application/x-ndjson"}
    return await client.post("/batch", content=lines, headers={**headers, **kind})


@pytest.mark.parametrize(
    "ask", [_plainly, _with_idempotency_key, _as_events, _as_a_job, _as_a_batch]
)
async def test_a_brief_in_zh_is_in_the_script_that_the_callers_key_says(
    tmp_path: Path, ask: Callable[[httpx.AsyncClient, dict[str, str]], Any]
) -> None:
    path = tmp_path / "keys.json"
    plain, taipei = add_key(path, "plain"), add_key(path, "taipei", Grant("zh-TW"))
    generator = FakeGenerator(lambda _: GenerationFailed("no model is needed"))
    app = create_app(_settings(path, bare_zh="zh-HK"), generator=generator)
    async with app.lifespan(), client_of(app) as client, asyncio.timeout(20):
        for key, script in ((plain, "zh-HK"), (taipei, "zh-TW"), (plain, "zh-HK")):
            answer = await ask(client, {"Authorization": f"Bearer {key}"})
            assert answer.status_code == 200, answer.text
            assert set(_texts(answer)) == {WRITTEN[script]}


async def test_callers_who_mean_the_same_share_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = [add_key(path, "plain"), *(add_key(path, name, Grant(zh)) for name, zh in MEANT)]
    generator = FakeGenerator(lambda _: GenerationFailed("no model is needed"))
    app = create_app(_settings(path, bare_zh="zh-HK"), generator=generator)
    came: dict[str, list[str]] = {"zh": [], "zh-Hant": []}
    async with client_of(app) as client:
        for tag, origins in came.items():
            for key in keys:
                answer = await client.post(
                    "/summarize",
                    json={"text": CHINESE, "languages": [tag]},
                    headers={"Authorization": f"Bearer {key}"},
                )
                origins.append(answer.headers["Cache-Status"].removeprefix("jianbao; "))
    assert came == {"zh": ["fwd=miss", "hit", "fwd=miss"], "zh-Hant": ["fwd=miss", "hit", "hit"]}


# ------------------------------------------------------------------ pages of other origins


PREFLIGHT = {
    "Origin": "https://cms.example",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type, prefer",
}


async def test_without_the_setting_no_page_may_call() -> None:
    async with client_of(fake_app()) as client:
        answer = await client.options("/summarize", headers=PREFLIGHT)
        asked = await client.post("/summarize", json=ARTICLE, headers={"Origin": "https://a.b"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Access-Control-Allow-Origin" not in asked.headers


async def test_a_page_of_an_allowed_origin_may_call_and_see_the_headers() -> None:
    settings = Settings(cors_origins="https://cms.example, https://b.example", jobs_url="memory:")
    async with client_of(fake_app(settings=settings)) as client:
        preflight = await client.options("/summarize", headers=PREFLIGHT)
        asked = await client.post(
            "/summarize", json=ARTICLE, headers={"Origin": "https://cms.example"}
        )
        refused = await client.post(
            "/summarize", json={}, headers={"Origin": "https://cms.example"}
        )
        stranger = await client.options(
            "/summarize", headers={**PREFLIGHT, "Origin": "https://cms.example.evil"}
        )
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "https://cms.example"
    for answer in (asked, refused):
        assert answer.headers["Access-Control-Allow-Origin"] == "https://cms.example"
        assert "etag" in answer.headers["Access-Control-Expose-Headers"].lower()
    assert (asked.status_code, refused.status_code) == (200, 422)
    assert stranger.status_code == 400
    assert "Access-Control-Allow-Origin" not in stranger.headers
