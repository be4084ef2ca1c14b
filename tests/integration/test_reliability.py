"""The bench of reliability, small: the real service and domain over a model of random weights. The
review seldom accepts its drafts, so that repairs and what follows them are the rule.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import httpx
import pytest

from bench.articles import Article, read_folder
from bench.load import metric, server
from bench.reliability import SEEDS, measure, read_log, requests_of
from bench.throughput import free_port

pytestmark = pytest.mark.chaos

NAMES = {"harbour-tunnel", "metro-night-bus", "taiwan-ferry"}
RUNS = 2
AT_A_TIME = 4


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return [article for article in read_folder(SEEDS) if article.name in NAMES]


def test_every_brief_is_answered_under_load(articles: list[Article], tmp_path: Path) -> None:
    """Each brief by a request of its own, and both by one."""
    port = free_port()
    requests = [*requests_of(articles, together=False), *requests_of(articles, together=True)]
    report = measure(
        [sys.executable, "-m", "bench.soak", "--serve", str(tmp_path / "model")],
        port,
        requests,
        at_a_time=AT_A_TIME,
        runs=RUNS,
        log=tmp_path / "log",
        JIANBAO_PORT=str(port),
        JIANBAO_DATA_DIR=str(tmp_path),
    )
    assert report.faults == []
    assert sum(answer.briefs for run in report.runs for answer in run) == 2 * 2 * len(NAMES) * RUNS
    assert report.log.statuses == {200: RUNS * len(requests)}


def test_the_log_tells_of_a_client_that_left(articles: list[Article], tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    script = json.dumps({"domain": "real", "delay": "0.2"})
    command = [sys.executable, "-m", "tests.support.scripted_service", script]
    settings = {"JIANBAO_PORT": str(port), "JIANBAO_DATA_DIR": str(tmp_path)}
    with server(command, port, log=str(log), **settings) as watched:
        body = {"text": articles[0].text, "method": "abstractive", "length": "long"}
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{watched.address}/summarize", json=body, timeout=0.3)
        limit = time.monotonic() + 30
        while metric(watched.address, "running_requests") and time.monotonic() < limit:
            time.sleep(0.1)
    assert read_log(log.read_text(encoding="utf-8").splitlines()).statuses == {499: 1}
