"""Neither an article nor a secret is ever written down: not in logs, metrics, probes or traces."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from service import logs
from service.app import create_app
from service.inference.admission import Limits
from service.inference.backoff import Backoff
from service.inference.client import InferenceClient
from service.inference.config import EngineConfig
from service.inference.protocol import Generator
from service.inference.supervisor import Timeouts
from service.keys import Grant, add_key
from service.settings import Settings
from service.translation.model import Order, Progress, Translated, Translates
from service.translation.translate import Translator
from service.weights.catalogue import TASKS
from tests.support.collector import Collector, collecting
from tests.support.live import live
from tests.support.running import until_ready

ARTICLE = "qumquatarticle"
TITLE = "rambutantitle"
TERM = "durianterm"
CONTEXT = "lycheecontext"
GUESS = "mangosteenkey"
CALLBACK = "papayahook"
PATH = "guavapath"
IDEMPOTENCY = "feijoaidempotency"
PASSWORD = "salakpassword"  # noqa: S105
WEBHOOK = "whsec_c2FsYWt3ZWJob29rc2VjcmV0c2FsYWs0c2FsYWs0"

RAISES, BREAKS, CRASHES, WEB_RAISES = "explode", "shatter", "collapse", "fluster"


class Flustered:
    """Raises over a text of its own, quoting it; else translates."""

    def __init__(self, generator: Generator) -> None:
        self._translator = Translator(generator)

    async def translate(
        self, order: Order, *, progress: Progress | None = None, timeout: float | None = None
    ) -> Translated:
        if any(WEB_RAISES in text for text in order.texts):
            raise RuntimeError(f"cannot do {order}")
        return await self._translator.translate(order, progress=progress, timeout=timeout)


@pytest.fixture
def everything_logged() -> Iterator[None]:
    """Log as the service does, at ``DEBUG``; afterwards as before."""
    names = ("", "service", "uvicorn")
    levels = {name: logging.getLogger(name).level for name in names}
    root = logging.getLogger()
    before = root.handlers[:]
    logs.configure("DEBUG", process="web")
    yield
    root.handlers[:] = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def _inference() -> InferenceClient:
    async def prepare() -> list[EngineConfig]:
        script = {"raise_on": RAISES, "break_on": BREAKS, "crash_on": CRASHES}
        return [
            EngineConfig(
                engine="scripted", model="scripted", tasks=TASKS, context=100_000, extra=script
            )
        ]

    return InferenceClient(
        prepare,
        limits=Limits(100, 1_000_000),
        timeouts=Timeouts(deadline=20.0, step=5.0, load=10.0, stop=2.0),
        backoff=Backoff(first=0.01, cap=0.05, attempts=20),
        log_level="DEBUG",
    )


def _app(keys: Path, collector: Collector) -> Litestar:
    def make_translator(generator: Generator) -> Translates:
        return Flustered(generator)

    settings = Settings(
        keys_file=keys,
        jobs_url="memory:",
        webhook_secret=WEBHOOK,
        rates_url=f"redis://:{PASSWORD}@127.0.0.1:1/0",
        max_body_bytes=20_000,
        otel_exporter_otlp_endpoint=collector.address,
        log_level="DEBUG",
    )
    return create_app(settings, generator=_inference(), make_translator=make_translator)


def _article(*words: str) -> dict[str, Any]:
    """An article; with ``words``, a model reads all of it."""
    sentences = [f"The {ARTICLE} council of town {n} voted on the bridge today." for n in range(9)]
    return {
        "text": " ".join([*sentences, *words]),
        "title": TITLE,
        "languages": ["en", "zh"],
        "method": "abstractive" if words else "auto",
        "glossary": {TERM: TERM},
    }


def _requests(client: httpx.AsyncClient) -> list[Any]:
    """Good ones and bad ones, each with what must not be seen."""
    text = f"The {ARTICLE} opens."
    translation = {"source": "en", "target": "zh", "context": CONTEXT, "glossary": {TERM: TERM}}
    deepl = {"target_lang": "ZH", "context": CONTEXT}
    wrong = {"Authorization": f"Bearer {GUESS}"}
    post = client.post
    again = {"Idempotency-Key": IDEMPOTENCY}
    later = {"Prefer": "respond-async"}
    hook = f"https://{CALLBACK}.invalid/hook?{CALLBACK}"
    ndjson = {"Content-Type": "application/x-ndjson"}
    line = json.dumps(_article()).encode()
    return [
        post("/summarize", json=_article()),
        post("/summarize", json=_article(RAISES)),
        post("/summarize", json=_article(), headers={"Accept": "text/event-stream"}),
        post("/summarize", json=_article("again"), headers=again),
        post("/summarize", json={**_article(), "callback_url": hook}, headers=later),
        post("/summarize", json={**_article(), "callback_url": f"http://{CALLBACK}"}),
        post("/summarize", json={**_article(), ARTICLE: 1}),
        post("/summarize", json={"text": ARTICLE, "style": ARTICLE}),
        post("/summarize", json={"text": f"{ARTICLE} " * 5000}),
        post("/summarize", content=f'{{"text": "{ARTICLE}'.encode()),
        post("/summarize", json=_article(), headers=wrong),
        post("/batch", content=line + b"\n" + line[:-1], headers=ndjson),
        post("/translate", json={"q": text, **translation}),
        post("/translate", json={"q": [f"{text} {RAISES}"], **translation}),
        post("/translate", json={"q": f"{text} {WEB_RAISES}", **translation}),
        post("/translate", json={"q": text, **translation, "target": ARTICLE}),
        post("/translate", json={"q": text, **translation, "api_key": GUESS}),
        post("/translate", data={"q": text, "source": "en", "target": "zh", "glossary": TERM}),
        post("/translate?" + f"q={ARTICLE}&source=en&target=zh"),
        post("/detect", json={"q": text}),
        post("/v2/translate", json={"text": [text], **deepl}),
        post("/v2/translate", json={"text": [f"{text} {RAISES}"], **deepl}),
        post("/v2/translate", json={"text": [text], "target_lang": ARTICLE}),
        post("/v2/translate", json={"text": [text], **deepl}, headers=wrong),
        client.get(f"/{PATH}/{PATH}?{PATH}"),
        client.get(f"/jobs/{PATH}"),
        client.get(f"/static/{PATH}"),
        client.request(PATH.upper(), "/summarize"),
    ]


async def _ask(address: str, key: str) -> AsyncIterator[httpx.Response]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as client:
        await until_ready(client)
        for request in _requests(client):
            yield await request
        for trouble in (BREAKS, CRASHES):
            yield await client.post("/summarize", json=_article(trouble))
            yield await client.get("/readyz")
            yield await client.get("/livez")
        yield await client.get("/metrics")


@pytest.mark.usefixtures("everything_logged")
async def test_nothing_of_an_article_or_a_secret_is_written_down(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys.json"
    key = add_key(keys, "newsroom", Grant(requests_per_minute=10_000))
    with collecting() as collector:
        with live(_app(keys, collector)) as address:
            answers = [answer async for answer in _ask(address, key)]
            await asyncio.sleep(0.5)
        metrics, traces = answers[-1].text, collector.text
    written = "".join(capfd.readouterr())
    probes = "".join(one.text for one in answers if one.request.url.path.endswith("z"))

    # all of it was done, and much was written
    statuses = {answer.status_code for answer in answers}
    assert {200, 202, 400, 401, 403, 404, 405, 413, 422, 500} <= statuses, statuses
    assert '"key": "newsroom"' in written
    assert '"process": "inference"' in written
    assert "ScriptedError" in written
    assert "rates are not counted" in written
    names = {span.name for span in collector.spans}
    assert {"POST /summarize", "select", "decode", "review"} <= names

    secrets = (ARTICLE, TITLE, TERM, CONTEXT, GUESS, CALLBACK, PATH, IDEMPOTENCY, PASSWORD)
    for secret in (*secrets, key, WEBHOOK, WEBHOOK.removeprefix("whsec_")):
        for place in (written, metrics, traces, probes):
            assert secret.lower() not in place.lower(), secret


@pytest.mark.usefixtures("everything_logged")
async def test_the_lines_of_both_processes_are_found_by_the_requests_id(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys.json"
    key = add_key(keys, "newsroom")
    with collecting() as collector, live(_app(keys, collector)) as address:
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as client:
            await until_ready(client)
            failed = await client.post(
                "/summarize", json=_article(RAISES), headers={"X-Request-Id": "click-7"}
            )
    assert failed.status_code == 500
    assert failed.headers["X-Request-Id"] == "click-7"
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line[:1] == "{"]
    mine = [line for line in lines if line.get("request_id") == "click-7"]
    assert {line["process"] for line in mine} == {"web", "inference"}
    [access] = [line for line in mine if line["logger"] == "service.access"]
    assert (access["method"], access["route"], access["status"]) == ("POST", "/summarize", 500)
    assert access["key"] == "newsroom"
    assert access["seconds"] > 0
    assert "a step of scripted raised" in {line["event"] for line in mine}
