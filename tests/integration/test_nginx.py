"""The documented nginx before a real service: what it passes on, and how."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.support.nginx import BINARY, free_port, nginx, write_configuration
from tests.support.numbered import SCRIPT, body, check_briefs
from tests.support.running import ROOT, Service, metric, running

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.skipif(BINARY is None, reason="nginx is absent: apt-get install nginx-light"),
]

in_one_loop = pytest.mark.asyncio(loop_scope="module")
"""For tests that share a service."""
SLOW = {**SCRIPT, "delay": "0.02"}
"""Seconds that a word takes."""


@asynccontextmanager
async def behind_nginx(
    room: Path, **environ: str
) -> AsyncIterator[tuple[Service, httpx.AsyncClient]]:
    """A service, and a client of the nginx before it; only addresses differ from the document."""
    documented = (ROOT / "docs/nginx/jianbao.conf").read_text(encoding="utf-8")
    async with running(SLOW, **environ) as service:
        await service.announced()
        port = free_port()
        http = documented.replace("listen 80;", f"listen 127.0.0.1:{port};")
        http = http.replace("127.0.0.1:8000", service.address.removeprefix("http://"))
        configuration = write_configuration(room, http)
        async with (
            nginx(configuration, port),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
        ):
            yield service, client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def proxied(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Service, httpx.AsyncClient]]:
    """One of each for the tests that do not fill the service's queue."""
    room = tmp_path_factory.mktemp("nginx")
    async with behind_nginx(room, JIANBAO_MAX_BODY_BYTES="6000000") as both:
        yield both


@in_one_loop
async def test_an_article_of_five_megabytes_is_the_service_s_to_judge(
    proxied: tuple[Service, httpx.AsyncClient],
) -> None:
    article = body(1, "en", method="extractive")
    article["text"] += " Nothing else is known of it." * 180_000
    assert len(article["text"]) > 5_000_000
    _, client = proxied
    answer = await client.post("/summarize", json=article)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["title"], problem["errors"][0]["field"]) == ("The text is too long", "text")


@in_one_loop
async def test_a_stream_is_passed_on_as_it_comes(
    proxied: tuple[Service, httpx.AsyncClient],
) -> None:
    _, client = proxied
    headers = {"Accept": "text/event-stream"}
    came: list[float] = []
    async with client.stream("POST", "/summarize", json=body(2), headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for chunk in answer.aiter_bytes():
            came += [time.monotonic()] * chunk.count(b"event: sentence")
    assert len(came) > 3
    assert came[-1] - came[0] > 0.2


@in_one_loop
async def test_connections_to_the_service_are_kept_alive(
    proxied: tuple[Service, httpx.AsyncClient],
) -> None:
    service, client = proxied
    for number in range(20):
        one = body(number, "en", method="extractive")
        check_briefs(await client.post("/summarize", json=one), one)
    async with service.client() as direct:
        assert await metric(direct, "connections") <= 3  # nginx's, and this scrape's


async def test_a_refusal_says_when_to_come_back(tmp_path: Path) -> None:
    async with behind_nginx(tmp_path, JIANBAO_QUEUE_REQUESTS="1") as (_, client):
        asked = [asyncio.create_task(client.post("/summarize", json=body(n))) for n in range(30)]
        answers = await asyncio.gather(*asked)
    refused = [one for one in answers if one.status_code == 429]
    assert {one.status_code for one in answers} == {200, 429}
    for one in refused:
        assert int(one.headers["retry-after"]) > 0
        assert one.headers["content-type"] == "application/problem+json"


def test_what_operators_read_of_nginx_is_that_file() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert re.search(r"\(nginx/jianbao\.conf\)", page)
