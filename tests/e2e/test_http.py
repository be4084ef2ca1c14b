"""The live service: what it refuses, and how it ends."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.support.real_service import PORT, ROOT, Service, answer_of, serving

pytestmark = pytest.mark.real_model

TUNNEL = (ROOT / "seeds" / "harbour-tunnel.txt").read_text(encoding="utf-8")
JAPANESE = (
    "市長は火曜日、古い橋の修理のために五億円の予算を承認したと発表しました。工事は来年の春に"
    "始まり、二年かかる見込みです。住民たちはこの決定を歓迎しています。"
)
FRENCH = (
    "Le conseil municipal a approuvé mardi un budget pour réparer les vieux ponts de la ville, "
    "dont les travaux commenceront au printemps et dureront deux ans selon le maire."
)


@pytest.mark.parametrize(
    ("body", "status", "field", "says"),
    [
        ({"text": "  \n "}, 422, "text", "no text"),
        ({"text": "Too short."}, 422, "text", "2 words"),
        ({}, 422, "text", "as text, as html or by its url"),
        ({"text": TUNNEL, "html": TUNNEL}, 422, "html", "not both"),
        ({"text": TUNNEL, "tone": "dry"}, 422, "tone", "tone"),
        ({"text": TUNNEL, "languages": ["fr"]}, 422, "languages[0]", "fr"),
        ({"text": TUNNEL, "source": "zh"}, 422, "source", "English"),
        ({"text": JAPANESE}, 422, "text", "Japanese (ja)"),
        ({"text": FRENCH}, 422, "text", "French (fr)"),
        ({"html": "<script>x</script><!-- y -->"}, 422, "html", "no text"),
    ],
)
def test_bad_input_is_told_by_its_field(
    service: Service, body: object, status: int, field: str, says: str
) -> None:
    response = service.post(body)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["errors"][0]["field"] == field
    assert says in problem["detail"]


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b'{"text": ', "application/json", 400),
        (b'{"text": "\xff\xfe"}', "application/json", 400),
        (b"", "application/json", 400),
        (b'{"text": "x"}', "text/plain", 415),
        (b'{"text": "' + b"x" * 3_000_000 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    service: Service, content: bytes, content_type: str, status: int
) -> None:
    response = httpx.post(
        f"{service.address}/summarize", content=content, headers={"Content-Type": content_type}
    )
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_probes_the_metrics_and_the_docs_answer(service: Service) -> None:
    for path in ("/livez", "/readyz", "/metrics", "/schema"):
        assert httpx.get(service.address + path, follow_redirects=True).status_code == 200, path


def test_control_characters_and_lone_surrogates_are_cleaned_away(service: Service) -> None:
    dirty = TUNNEL.replace("harbour", "har\u0000bour\u200b", 1)
    body = b'{"languages": ["en"], "length": "short", "text": "\\ud800 ' + _escaped(dirty) + b'"}'
    response = httpx.post(
        f"{service.address}/summarize",
        content=body,
        headers={"Content-Type": "application/json"},
        timeout=120,
    )
    assert answer_of(response)["summaries"]["en"]["text"].isprintable()


def _escaped(text: str) -> bytes:
    escapes = {'"': '\\"', "\u0000": "\\u0000", "\u200b": "\\u200b", "\n": "\\n"}
    return "".join(escapes.get(character, character) for character in text).encode()


@pytest.fixture
def own_service(environ: dict[str, str], weights: None) -> Iterator[Service]:
    """A service that the test may end."""
    with serving(environ) as own:
        yield own


def test_sigterm_finishes_the_running_request_and_exits_0(own_service: Service) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(own_service.post, {"text": PORT})
        _until_busy(own_service)
        status = own_service.terminate()
        answer = answer_of(running.result())
    assert set(answer["summaries"]) == {"en", "zh"}
    assert status == 0


def _until_busy(service: Service) -> None:
    for _ in range(500):
        metrics = httpx.get(f"{service.address}/metrics").text
        if re.search(r"^jianbao_running_requests [1-9]", metrics, re.MULTILINE):
            return
        time.sleep(0.02)
    raise AssertionError("the request never ran")
