"""Everything around ``/summarize``: probes, metrics, documentation, request ids, no such page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest
from litestar import Litestar

from service.errors import Overloaded
from service.inference.fake import FakeGenerator
from service.inference.observer import Stats
from service.settings import Settings
from service.web import problems
from service.web.health import IDLE, health_routes
from tests.unit.web.apps import JSON, client_of, fake_app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(fake_app()) as client:
        yield client


class Fixed:
    """Inference in a given state."""

    def __init__(self, stats: Stats) -> None:
        self._stats = stats

    def stats(self) -> Stats:
        return self._stats


@pytest.mark.parametrize(
    ("state", "reason", "alive", "ready"),
    [
        ("ready", "", 200, 200),
        ("starting", "", 200, 503),
        ("fetching", "the model's weights are being fetched", 200, 503),
        ("loading", "the model is loading", 200, 503),
        ("restarting", "the inference process was killed by SIGKILL", 200, 503),
        ("draining", "the service is shutting down", 200, 503),
        ("dead", "no source could be reached", 503, 503),
    ],
)
async def test_probes_tell_the_state_and_its_reason(
    state: str, reason: str, alive: int, ready: int
) -> None:
    stats = msgspec.structs.replace(IDLE, state=state, reason=reason)
    app = Litestar(
        health_routes(Fixed(stats)),
        exception_handlers={Exception: problems.to_response},
        openapi_config=None,
        logging_config=None,
    )
    async with client_of(app) as client:
        livez = await client.get("/livez")
        readyz = await client.get("/readyz")
    assert (livez.status_code, readyz.status_code) == (alive, ready)
    if ready == 503:
        assert readyz.headers["Content-Type"] == "application/problem+json"
        assert readyz.headers["Retry-After"] == "5"
        assert state in readyz.json()["detail"]
        assert reason in readyz.json()["detail"]


@pytest.mark.parametrize(
    "path",
    ["/livez", "/readyz", "/health", "/metrics", "/schema", "/languages", "/v2/languages", "/"],
)
async def test_a_head_is_answered_as_a_get_without_its_body(
    client: httpx.AsyncClient, path: str
) -> None:
    get, head = await client.get(path), await client.head(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["Content-Type"] == get.headers["Content-Type"]
    if path != "/metrics":
        assert head.headers["Content-Length"] == str(len(get.content))
    assert f'{{method="HEAD",route="{path}"' in (await client.get("/metrics")).text


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing", 404), ("/summarize", 405), ("/jobs/x/results", 405)]
)
async def test_a_head_of_what_no_get_serves_and_of_jobs_is_refused(
    client: httpx.AsyncClient, path: str, status: int
) -> None:
    head = await client.head(path)
    assert head.status_code == status
    assert head.content == b""


async def test_what_does_not_allow_a_method_names_head_beside_get(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.post("/readyz")).headers["Allow"] == "GET, HEAD, OPTIONS"


async def test_a_generator_without_a_process_is_always_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez")).json() == {"status": "alive"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("POST", "/", 405),
        ("GET", "/summarize", 405),
        ("DELETE", "/summarize", 405),
        ("BREW", "/summarize", 405),
        ("GET", "/static/nothing.js", 404),
        ("GET", "/static/..%2f..%2fapp.py", 404),
        ("GET", "/schema/nothing", 404),
    ],
)
async def test_what_no_route_serves_is_a_problem_too(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    response = await client.request(method, path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status


async def test_a_refused_method_is_told_the_allowed_ones(client: httpx.AsyncClient) -> None:
    assert (await client.get("/summarize")).headers["Allow"] == "OPTIONS, POST"


async def test_a_sane_request_id_is_echoed(client: httpx.AsyncClient) -> None:
    response = await client.get("/livez", headers={"X-Request-Id": "editor-7:2f.1_a"})
    assert response.headers["X-Request-Id"] == "editor-7:2f.1_a"


@pytest.mark.parametrize("given", ["", "a b", "<script>", "x" * 129, "é"])
async def test_any_other_request_id_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    response = await client.get("/livez", headers=[(b"X-Request-Id", given.encode())])
    assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-Id"])


async def test_even_an_unknown_path_is_answered_with_a_request_id(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get("/nothing")).headers["X-Request-Id"]


# ---------------------------------------------------------------------- metrics


async def _scrape(client: httpx.AsyncClient) -> dict[str, float]:
    text = (await client.get("/metrics")).text
    samples = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in samples}


async def test_requests_are_counted_by_template_and_status(client: httpx.AsyncClient) -> None:
    await client.post("/summarize", json={"text": "The council approved a budget."})
    await client.post("/summarize", json={})
    await client.get("/static/nothing-secret")
    await client.get("/a-secret-path")
    await client.request("BREW", "/summarize")
    samples = await _scrape(client)
    counted = {
        name.removeprefix("jianbao_http_requests_total"): value
        for name, value in samples.items()
        if name.startswith("jianbao_http_requests_total")
    }
    assert counted == {
        '{method="POST",route="/summarize",status="200"}': 1.0,
        '{method="POST",route="/summarize",status="422"}': 1.0,
        '{method="GET",route="/static/{name}",status="404"}': 1.0,
        '{method="GET",route="unmatched",status="404"}': 1.0,
        '{method="other",route="unmatched",status="405"}': 1.0,
    }
    assert samples['jianbao_http_request_seconds_count{route="/summarize"}'] == 2.0


async def test_a_scrape_counts_itself_as_in_flight(client: httpx.AsyncClient) -> None:
    await client.get("/livez")
    assert (await _scrape(client))["jianbao_http_in_flight"] == 1.0


async def test_briefs_repairs_and_warnings_are_counted(client: httpx.AsyncClient) -> None:
    await client.post("/summarize", json={"text": "Fine.", "languages": ["en"]})
    await client.post("/summarize", json={"text": "repair me", "languages": ["en", "zh-Hant"]})
    samples = await _scrape(client)
    assert samples['jianbao_briefs_total{language="en"}'] == 2.0
    assert samples['jianbao_repairs_total{language="en"}'] == 1.0
    assert samples['jianbao_repairs_total{language="zh-Hant"}'] == 1.0
    assert samples['jianbao_warnings_total{code="echo"}'] == 2.0


async def test_two_apps_count_apart(client: httpx.AsyncClient) -> None:
    async with client_of(fake_app()) as other:
        await other.get("/livez")
    assert 'route="/livez"' not in (await client.get("/metrics")).text


async def test_the_loaded_models_and_the_queue_are_shown(client: httpx.AsyncClient) -> None:
    samples = await _scrape(client)
    assert samples["jianbao_engine_ready"] == 1.0
    assert samples["jianbao_queued_requests"] == 0.0
    assert samples["jianbao_queued_tokens"] == 0.0
    (model,) = (name for name in samples if name.startswith("jianbao_model_info"))
    assert 'model="fake"' in model


async def test_no_text_of_a_request_reaches_the_metrics() -> None:
    generator = FakeGenerator(lambda _: Overloaded("full", retry_after=1))
    async with client_of(fake_app(generator)) as client:
        headers = {**JSON, "X-Request-Id": "secret-id", "Authorization": "secret-key"}
        await client.post(
            "/summarize?api_key=secret-query", content=b'{"text": "secret text"}', headers=headers
        )
        assert "secret" not in (await client.get("/metrics")).text


# ---------------------------------------------------------------------- documentation


async def test_without_the_page_the_root_leads_to_the_documentation() -> None:
    settings = Settings(page=False, jobs_url="memory:")
    async with client_of(fake_app(settings=settings)) as client:
        response = await client.get("/", follow_redirects=True)
    assert response.status_code == 200
    assert response.url.path == "/schema"
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_the_documentation_loads_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = (await client.get("/schema")).text
    assert "http://" not in page
    assert "https://" not in page
    assert "default-src 'none'" in page
    loaded = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    assert loaded == [
        "/static/swagger-ui.css",
        "/static/swagger-ui-bundle.js",
        "/static/docs.js",
        "/schema/openapi.json",
    ]
    for path in loaded:
        assert (await client.get(path)).status_code == 200


async def test_the_schema_explains_what_a_translated_brief_says_of_itself(
    client: httpx.AsyncClient,
) -> None:
    schema = (await client.get("/schema/openapi.json")).json()
    description = schema["paths"]["/summarize"]["post"]["description"]
    told = ("machine_translated", "truth", "low", "fair", "unmeasured", "check", "reasons")
    assert [one for one in told if f"`{one}`" not in description] == []


async def test_the_schema_names_every_route_with_examples_that_are_served(
    client: httpx.AsyncClient,
) -> None:
    schema = (await client.get("/schema/openapi.json")).json()
    assert sorted(schema["paths"]) == [
        "/batch",
        "/glossaries",
        "/jobs/{job_id}",
        "/jobs/{job_id}/results",
        "/livez",
        "/metrics",
        "/readyz",
        "/summarize",
        "/v1/chat/completions",
        "/v1/models",
        "/v1/models/{name}",
    ]
    summarize = schema["paths"]["/summarize"]["post"]
    assert sorted(summarize["responses"]) == [
        "200", "202", "400", "401", "403", "408", "409", "413", "415", "422", "429", "500", "503",
        "504", "507",
    ]  # fmt: skip
    examples = summarize["requestBody"]["content"]["application/json"]["examples"]
    assert len(examples) == 3
    for example in examples.values():
        response = await client.post("/summarize", json=example["value"])
        assert response.status_code == 200, response.text
    chat = schema["paths"]["/v1/chat/completions"]["post"]["requestBody"]["content"]
    (example,) = chat["application/json"]["examples"].values()
    response = await client.post("/v1/chat/completions", json=example["value"])
    assert response.status_code == 200, response.text


async def test_the_schema_describes_the_form_by_the_fields_of_the_json(
    client: httpx.AsyncClient,
) -> None:
    schema = (await client.get("/schema/openapi.json")).json()
    content = schema["paths"]["/summarize"]["post"]["requestBody"]["content"]
    form = content["multipart/form-data"]["schema"]
    assert form["required"] == ["file"]
    assert form["properties"]["file"] == {
        "type": "string",
        "format": "binary",
        "description": "The article as .txt, .html, .docx or .pdf.",
    }
    json_fields = schema["components"]["schemas"]["SummarizeRequest"]["properties"].keys()
    assert form["properties"].keys() - {"file"} == json_fields - {"text", "html", "url"}
