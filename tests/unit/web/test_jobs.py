"""``/jobs``, ``POST /batch``, and what of ``POST /summarize`` becomes a job."""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from service.inference.fake import Answer, FakeGenerator
from service.inference.protocol import GenerationRequest
from service.jobs.model import Attempt, Job, JobWebhook, Outcome
from service.keys import ApiKey, add_key
from service.settings import Settings
from service.web.bodies import decode
from service.web.jobs.articles import StoredArticle, to_keep
from service.web.jobs.batch import BatchLimits, read_batch
from service.web.jobs.views import show_job, webhook_content
from service.web.preferences import Preferences
from service.web.schemas import SummarizeRequest
from tests.support.receiver import SECRET
from tests.support.redis import BINARY, redis_server
from tests.unit.web.apps import client_of, fake_app

ARTICLE = "The council approved a budget."
ASYNC = {"Prefer": "respond-async"}
LINES = {"Content-Type": "application/x-ndjson"}
SETTINGS = Settings(jobs_url="memory:", max_body_bytes=10_000, max_article_characters=1000)


def settings(**changed: Any) -> Settings:
    import msgspec

    return msgspec.structs.replace(SETTINGS, **changed)


class Gate:
    """Generators that answer once they are let."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.asked = 0

    def __call__(self, answer: Callable[[GenerationRequest], Answer]) -> FakeGenerator:
        gate = self

        class Waiting(FakeGenerator):
            async def generate(self, request: GenerationRequest, **options: Any) -> Any:
                gate.asked += 1
                await gate.go.wait()
                return await super().generate(request, **options)

        return Waiting(answer)


def brief(request: GenerationRequest) -> str:
    return f"A brief of {request.messages[0].content}"


@asynccontextmanager
async def serving(
    generator: FakeGenerator | None = None, **changed: Any
) -> AsyncIterator[httpx.AsyncClient]:
    app = fake_app(generator or FakeGenerator(brief), settings=settings(**changed))
    async with app.lifespan(), client_of(app) as client, asyncio.timeout(15):
        yield client


def article(text: str = ARTICLE, **fields: Any) -> dict[str, Any]:
    return {"text": text, "languages": ["en"], **fields}


def ndjson(*lines: Any) -> str:
    return "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)


async def ended(client: httpx.AsyncClient, location: str) -> dict[str, Any]:
    while True:
        view: dict[str, Any] = (await client.get(location)).json()
        if view["status"] not in {"queued", "running"}:
            return view
        await asyncio.sleep(0.02)


# ------------------------------------------------------------------ one article


async def test_respond_async_is_answered_at_once_with_where_the_job_is() -> None:
    gate = Gate()
    async with serving(gate(brief)) as client:
        answer = await client.post("/summarize", json=article(), headers=ASYNC)
        assert answer.status_code == 202
        assert answer.headers["Preference-Applied"] == "respond-async"
        assert answer.headers["Cache-Control"] == "no-store"
        location = answer.headers["Location"]
        view = answer.json()
        assert location == f"/jobs/{view['id']}"
        assert (view["kind"], view["progress"]) == ("summarize", 0.0)
        assert view["articles"] == {"total": 1, "done": 0, "failed": 0}
        gate.go.set()
        view = await ended(client, location)
        assert view["status"] == "done"
        assert view["progress"] == 1.0
        assert view["result"]["summaries"]["en"]["text"] == f"A brief of {ARTICLE}"
        assert view["ended"] < view["expires"]
        [line] = (await client.get(view["results"])).text.splitlines()
        assert json.loads(line) == {"line": 1, "result": view["result"]}


async def test_an_article_that_cannot_be_used_is_refused_before_it_is_a_job() -> None:
    async with serving() as client:
        for body, status, field in [
            (article(""), 422, "text"),
            (article("x" * 1001), 413, "text"),
            (article(languages=["en", "en"]), 422, "languages[1]"),
            (article(nonsense=1), 422, "nonsense"),
        ]:
            answer = await client.post("/summarize", json=body, headers=ASYNC)
            assert answer.status_code == status
            assert answer.json()["errors"][0]["field"] == field


async def test_what_fails_as_a_job_shows_its_problem() -> None:
    from service.errors import UnsupportedLanguage

    error = UnsupportedLanguage("the text is French", field="text", detected="fr")
    async with serving(FakeGenerator(lambda _: error)) as client:
        answer = await client.post("/summarize", json=article(), headers=ASYNC)
        view = await ended(client, answer.headers["Location"])
        assert view["status"] == "failed"
        assert view["problem"]["status"] == 422
        assert view["problem"]["errors"] == [{"field": "text", "message": "the text is French"}]
        assert "result" not in view


async def test_what_is_ready_in_time_is_the_answer_and_leaves_no_job() -> None:
    async with serving() as client:
        headers = {"Prefer": "wait=5, respond-async"}
        answer = await client.post("/summarize", json=article(), headers=headers)
        assert answer.status_code == 200
        assert answer.headers["Preference-Applied"] == "respond-async, wait=5"
        assert answer.json()["summaries"]["en"]["text"] == f"A brief of {ARTICLE}"


async def test_what_is_not_ready_in_time_goes_on_as_a_job() -> None:
    gate = Gate()
    async with serving(gate(brief)) as client:
        headers = {"Prefer": "respond-async, wait=0"}
        answer = await client.post("/summarize", json=article(), headers=headers)
        assert answer.status_code == 202
        gate.go.set()
        view = await ended(client, answer.headers["Location"])
        assert view["result"]["summaries"]["en"]["text"] == f"A brief of {ARTICLE}"
        assert gate.asked == 1


async def test_the_same_key_and_body_get_the_same_answer() -> None:
    generator = FakeGenerator(brief)
    async with serving(generator, cache_answers=0) as client:
        headers = {"Idempotency-Key": '"one"'}
        answers = [
            await client.post("/summarize", json=article(), headers=headers) for _ in range(2)
        ]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert len(generator.requests) == 1
        other = await client.post("/summarize", json=article("Another one."), headers=headers)
        assert other.status_code == 422
        assert other.json()["errors"][0]["field"] == "Idempotency-Key"
        styled = await client.post("/summarize", json=article(style="bullets"), headers=headers)
        assert styled.status_code == 422


async def test_identical_retries_join_the_work_under_way() -> None:
    gate = Gate()
    async with serving(gate(brief), deadline_seconds=0.2) as client:
        headers = {"Idempotency-Key": "one"}
        late = await client.post("/summarize", json=article(), headers=headers)
        assert late.status_code == 504
        assert "joins it" in late.json()["detail"]
        gate.go.set()
        again = await client.post("/summarize", json=article(), headers=headers)
        assert again.status_code == 200
        assert gate.asked == 1


WAYS = ["key", "job", "batch"]
"""How an article becomes a job."""


async def as_job(client: httpx.AsyncClient, way: str, **headers: str) -> str:
    """Hand the article in as a job and return its brief; ``headers`` by their names with ``_``."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    if way == "key":
        key = {"Idempotency-Key": uuid.uuid4().hex}
        answer = await client.post("/summarize", json=article(), headers={**key, **more})
        result = answer.json()
    elif way == "job":
        answer = await client.post("/summarize", json=article(), headers={**ASYNC, **more})
        result = (await ended(client, answer.headers["Location"]))["result"]
    else:
        answer = await client.post("/batch", content=ndjson(article()), headers={**LINES, **more})
        result = json.loads(answer.text)["result"]
    text: str = result["summaries"]["en"]["text"]
    return text


def numbered() -> FakeGenerator:
    """A generator whose answers differ: ``Brief 1.``, ``Brief 2.`` …"""
    numbers = itertools.count(1)
    return FakeGenerator(lambda _: f"Brief {next(numbers)}.")


@pytest.mark.parametrize("way", WAYS)
async def test_a_job_takes_what_is_remembered_unless_it_asks_for_a_new_answer(way: str) -> None:
    async with serving(numbered()) as client:
        await client.post("/summarize", json=article())
        assert await as_job(client, way) == "Brief 1."
        assert await as_job(client, way, Cache_Control="no-cache") == "Brief 2."
        # the new answer is the one that is remembered
        assert await as_job(client, way) == "Brief 2."


@pytest.mark.parametrize("way", WAYS)
async def test_what_a_job_made_is_not_remembered_if_it_asked_for_that(way: str) -> None:
    async with serving(numbered()) as client:
        assert await as_job(client, way, Cache_Control="no-store") == "Brief 1."
        assert await as_job(client, way) == "Brief 2."
        assert await as_job(client, way) == "Brief 2."


def test_services_of_an_older_version_read_what_says_nothing_new() -> None:
    asked = SummarizeRequest(text=ARTICLE, callback_url="https://x.test/")
    kept = to_keep(asked, Preferences(), None)
    assert json.loads(kept) == {"text": ARTICLE}
    assert decode(kept, SummarizeRequest) == SummarizeRequest(text=ARTICLE)
    more = SummarizeRequest(html=ARTICLE, languages=("zh",), method="abstractive")
    assert json.loads(to_keep(more, Preferences(), None)) == {
        "html": ARTICLE,
        "languages": ["zh"],
        "method": "abstractive",
    }
    fresh = decode(to_keep(asked, Preferences(fresh=True), None), StoredArticle)
    assert (fresh.text, fresh.callback_url, fresh.fresh, fresh.keep) == (ARTICLE, None, True, True)
    keyed = ApiKey("taipei", "0" * 64, bare_zh="zh-TW")
    assert decode(to_keep(asked, Preferences(), keyed), StoredArticle).bare_zh == "zh-TW"


async def test_a_key_gives_its_answer_again_whatever_is_said_of_memory() -> None:
    async with serving(numbered()) as client:
        headers = {"Idempotency-Key": "one"}
        answers = [
            await client.post("/summarize", json=article(), headers={**headers, **more})
            for more in ({}, {"Cache-Control": "no-cache"}, {"Cache-Control": "no-store"})
        ]
        assert [one.json()["summaries"]["en"]["text"] for one in answers] == ["Brief 1."] * 3


async def test_an_answer_under_a_key_names_its_job_which_can_be_deleted() -> None:
    async with serving(numbered()) as client:
        headers = {"Idempotency-Key": "one", "Cache-Control": "no-store"}
        answer = await client.post("/summarize", json=article(), headers=headers)
        job = f"/jobs/{answer.headers['X-Job-Id']}"
        assert (await client.get(job)).json()["result"] == answer.json()
        await client.delete(job)
        assert (await client.get(job)).status_code == 404
        again = await client.post("/summarize", json=article(), headers=headers)
        assert again.json()["summaries"]["en"]["text"] == "Brief 2."
        # without a key there is nothing to come back for, and nothing is kept
        unkept = await client.post(
            "/summarize", json=article(), headers={"Prefer": "respond-async, wait=5"}
        )
        assert unkept.status_code == 200
        assert "X-Job-Id" not in unkept.headers


async def test_an_answer_that_comes_of_a_job_has_the_tag_that_any_other_has() -> None:
    async with serving(numbered()) as client:
        plain = await client.post("/summarize", json=article())
        key = {"Idempotency-Key": "one"}
        keyed = await client.post("/summarize", json=article(), headers=key)
        assert keyed.headers["ETag"] == plain.headers["ETag"]
        known = {**key, "If-None-Match": plain.headers["ETag"]}
        assert (await client.post("/summarize", json=article(), headers=known)).status_code == 304
        other = {**key, "If-None-Match": 'W/"other"'}
        assert (await client.post("/summarize", json=article(), headers=other)).status_code == 200
        fresh = {**known, "Cache-Control": "no-cache"}
        assert (await client.post("/summarize", json=article(), headers=fresh)).status_code == 200


async def test_the_same_key_gives_the_same_job() -> None:
    async with serving() as client:
        headers = {**ASYNC, "Idempotency-Key": "one"}
        first, second = [
            await client.post("/summarize", json=article(), headers=headers) for _ in range(2)
        ]
        assert first.headers["Location"] == second.headers["Location"]


@pytest.mark.parametrize("key", ["", " ", '""', "x" * 256, "\x7f"])
async def test_a_key_that_is_none_is_refused(key: str) -> None:
    async with serving() as client:
        headers = [(b"Idempotency-Key", key.encode())]
        answer = await client.post("/summarize", json=article(), headers=headers)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


async def test_an_error_is_given_again_under_its_key() -> None:
    from service.errors import UnsupportedLanguage

    error = UnsupportedLanguage("the text is French", field="text", detected="fr")
    async with serving(FakeGenerator(lambda _: error)) as client:
        for _ in range(2):
            answer = await client.post(
                "/summarize", json=article(), headers={"Idempotency-Key": "one"}
            )
            assert answer.status_code == 422
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.json()["detail"] == "text: the text is French"


async def test_a_cancelled_job_is_done_with_and_then_forgotten() -> None:
    gate = Gate()
    async with serving(gate(brief)) as client:
        location = (await client.post("/summarize", json=article(), headers=ASYNC)).headers[
            "Location"
        ]
        assert (await client.delete(location)).status_code == 204
        view = (await client.get(location)).json()
        assert view["status"] == "cancelled"
        assert "result" not in view
        assert (await client.delete(location)).status_code == 204
        for method in ("GET", "DELETE"):
            gone = await client.request(method, location)
            assert gone.status_code == 404
            assert gone.json()["type"] == "urn:problem-type:jianbao:job-not-found"
        assert (await client.get(f"{location}/results")).status_code == 404


async def test_the_key_of_a_cancelled_job_begins_anew() -> None:
    gate = Gate()
    async with serving(gate(brief)) as client:
        headers = {**ASYNC, "Idempotency-Key": "page-1"}
        first = await client.post("/summarize", json=article(), headers=headers)
        await client.delete(first.headers["Location"])
        gate.go.set()
        again = await client.post(
            "/summarize", json=article(), headers={"Idempotency-Key": "page-1"}
        )
        assert again.status_code == 200
        assert again.json()["summaries"]["en"]["text"] == f"A brief of {ARTICLE}"
        assert (await client.get(first.headers["Location"])).json()["status"] == "cancelled"
        # the key is the new job's now
        other = await client.post("/summarize", json=article("Another one."), headers=headers)
        assert other.status_code == 422


@pytest.mark.parametrize("prefer", ["", "respond-async, wait=60"])
async def test_who_waits_for_a_job_that_is_cancelled_is_answered_409_at_once(prefer: str) -> None:
    gate = Gate()
    async with serving(gate(brief)) as client:
        key = {"Idempotency-Key": "page-1"}
        waiting = asyncio.create_task(
            client.post("/summarize", json=article(), headers={**key, "Prefer": prefer})
        )
        while not gate.asked:  # noqa: ASYNC110 - it counts, it sets nothing
            await asyncio.sleep(0.01)
        joined = await client.post("/summarize", json=article(), headers={**key, **ASYNC})
        assert (await client.delete(joined.headers["Location"])).status_code == 204
        answer = await waiting
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:problem-type:jianbao:job-cancelled"
        assert "cancelled" in answer.json()["detail"]


async def test_a_job_is_seen_with_the_key_that_made_it_alone(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    mine, yours = [{"Authorization": f"Bearer {add_key(keys, name)}"} for name in ("me", "you")]
    async with serving(keys_file=keys) as client:
        assert (await client.post("/summarize", json=article(), headers=ASYNC)).status_code == 401
        assert (await client.post("/batch", content="{}", headers=LINES)).status_code == 401
        answer = await client.post("/summarize", json=article(), headers={**ASYNC, **mine})
        location = answer.headers["Location"]
        for path in (location, f"{location}/results"):
            assert (await client.get(path)).status_code == 401
            assert (await client.get(path, headers=yours)).status_code == 404
            assert (await client.get(path, headers=mine)).status_code == 200
        assert (await client.delete(location, headers=yours)).status_code == 404
        one = {"Idempotency-Key": "one"}
        first = await client.post("/summarize", json=article(), headers={**one, **mine})
        other = await client.post("/summarize", json=article("Another."), headers={**one, **yours})
        assert (first.status_code, other.status_code) == (200, 200)


# ------------------------------------------------------------------ batches


async def test_a_batch_is_answered_line_by_line_and_a_bad_line_spoils_no_other() -> None:
    body = ndjson(
        article("First article."),
        article("Second article.", id="two"),
        "",
        "nonsense",
        {"text": 5, "id": "four"},
        article(languages=["fr"]),
        article(callback_url="https://x.test/"),
        article("x" * 10_001, id="long"),
        article("x" * 1001),
        article(languages=["en", "en"]),
        "[1]",
        article("Last article."),
    )
    async with serving() as client:
        answer = await client.post("/batch", content=body, headers=LINES)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    lines = {line["line"]: line for line in map(json.loads, answer.text.splitlines())}
    assert len(lines) == 11
    good = {number: line["result"] for number, line in lines.items() if "result" in line}
    assert {number: one["summaries"]["en"]["text"] for number, one in good.items()} == {
        1: "A brief of First article.",
        2: "A brief of Second article.",
        11: "A brief of Last article.",
    }
    assert lines[2]["id"] == "two"
    problems = {
        number: (line.get("id"), line["problem"]["status"], line["problem"]["errors"][0]["field"])
        for number, line in lines.items()
        if "problem" in line
    }
    assert problems == {
        3: (None, 400, "body"),
        4: ("four", 422, "text"),
        5: (None, 422, "languages[0]"),
        6: (None, 422, "callback_url"),
        7: (None, 413, "body"),
        8: (None, 413, "text"),
        9: (None, 422, "languages[1]"),
        10: (None, 422, "body"),
    }


async def test_a_batch_as_a_job_is_fetched_as_lines() -> None:
    body = ndjson(*(article(f"Article {number}.", id=f"a{number}") for number in range(30)))
    async with serving() as client:
        answer = await client.post("/batch", content=body, headers={**LINES, **ASYNC})
        assert answer.status_code == 202
        view = answer.json()
        assert view["kind"] == "batch"
        results = await client.get(view["results"])  # follows the job to its end
        texts = {
            line["id"]: line["result"]["summaries"]["en"]["text"]
            for line in map(json.loads, results.text.splitlines())
        }
        assert texts == {f"a{number}": f"A brief of Article {number}." for number in range(30)}
        view = (await client.get(answer.headers["Location"])).json()
        assert view["status"] == "done"
        assert view["articles"] == {"total": 30, "done": 30, "failed": 0}
        assert "result" not in view


async def test_the_same_key_and_batch_get_the_same_results() -> None:
    generator = FakeGenerator(brief)
    async with serving(generator, cache_answers=0) as client:
        headers = {**LINES, "Idempotency-Key": "one"}
        body = ndjson(article("One."), article("Two."))
        answers = [await client.post("/batch", content=body, headers=headers) for _ in range(2)]
        assert answers[0].text == answers[1].text
        assert len(generator.requests) == 2
        other = await client.post("/batch", content=body + "\n{}", headers=headers)
        assert other.status_code == 422


@pytest.mark.parametrize(
    ("body", "headers", "status", "field"),
    [
        ("", LINES, 422, "body"),
        ("\n \n", LINES, 422, "body"),
        ("{}\n" * 1001, LINES, 422, "body"),
        ("{}", {"Content-Type": "application/json"}, 415, "Content-Type"),
        ("{}", {}, 415, "Content-Type"),
        ("{}", {**LINES, "Content-Encoding": "gzip"}, 415, "Content-Encoding"),
        ("x" * 5001, LINES, 413, "body"),
    ],
)
async def test_what_is_no_batch_is_refused(
    body: str, headers: dict[str, str], status: int, field: str
) -> None:
    async with serving(max_batch_bytes=5000) as client:
        answer = await client.post("/batch", content=body.encode(), headers=headers)
        assert answer.status_code == status
        assert answer.json()["errors"][0]["field"] == field


def test_a_thousand_lines_are_a_batch() -> None:
    articles = read_batch(b'{"text": "x"}\r\n' * 1000, BatchLimits(99_999, 100, 9), Preferences())
    assert len(articles) == 1000
    assert not any(article.failure for article in articles)


async def test_an_article_that_is_too_long_is_told_when_the_batch_is_handed_in() -> None:
    gate = Gate()
    tags = "<b></b>" * 300
    body = ndjson(
        article("x" * 1001),
        {"html": f"<p>{'x' * 1001}</p>"},
        article("x" * 1000),
        {"html": f"<p>{tags}{'x' * 1000}</p>"},
    )
    async with serving(gate(brief)) as client:
        answer = await client.post("/batch", content=body, headers={**LINES, **ASYNC})
        assert answer.status_code == 202
        assert answer.json()["articles"] == {"total": 4, "done": 0, "failed": 2}
        gate.go.set()
        view = await ended(client, answer.headers["Location"])
        assert view["articles"] == {"total": 4, "done": 2, "failed": 2}
        lines = map(json.loads, (await client.get(view["results"])).text.splitlines())
        failed = {line["line"]: line["problem"]["status"] for line in lines if "problem" in line}
        assert failed == {1: 413, 2: 413}


async def test_what_was_accepted_is_done_although_the_limit_is_lower_now(tmp_path: Path) -> None:
    gate = Gate()
    file: dict[str, Any] = {"jobs_url": "", "data_dir": tmp_path}
    async with serving(gate(brief), **file) as client:
        answer = await client.post("/summarize", json=article("x" * 1000), headers=ASYNC)
        assert answer.status_code == 202
        while not gate.asked:  # noqa: ASYNC110 - it counts, it sets nothing
            await asyncio.sleep(0.01)
    async with serving(max_article_characters=10, **file) as client:
        view = await ended(client, answer.headers["Location"])
        assert view["status"] == "done"


async def test_too_many_bytes_are_refused_and_why_is_told() -> None:
    gate = Gate()
    texts = [letter * 900 for letter in "abc"]
    async with serving(gate(brief), jobs_max_bytes=4500) as client:
        locations = []
        for text in texts[:2]:
            answer = await client.post("/summarize", json=article(text), headers=ASYNC)
            assert answer.status_code == 202
            locations.append(answer.headers["Location"])
        full = await client.post("/summarize", json=article(texts[2]), headers=ASYNC)
        assert full.status_code == 429
        assert "bytes" in full.json()["detail"]
        assert int(full.headers["Retry-After"]) >= 1
        batch = await client.post("/batch", content=ndjson(*[article()] * 5), headers=LINES)
        assert batch.status_code == 413
        assert batch.json()["type"] == "urn:problem-type:jianbao:order-too-large"
        gate.go.set()
        for location in locations:
            await ended(client, location)
        for headers in (ASYNC, {"Idempotency-Key": "one"}):
            full = await client.post("/summarize", json=article(texts[2]), headers=headers)
            assert full.status_code == 507
            assert "results" in full.json()["detail"]
            assert int(full.headers["Retry-After"]) == 3600
        await client.delete(locations[0])
        answer = await client.post("/summarize", json=article(texts[2]), headers=ASYNC)
        assert answer.status_code == 202


@pytest.mark.skipif(BINARY is None, reason="no redis-server or valkey-server")
async def test_a_redis_out_of_memory_is_answered_507_and_goes_on_with_what_it_has() -> None:
    gate = Gate()
    with redis_server() as url:
        async with serving(gate(brief), jobs_url=url) as client, Redis.from_url(url) as redis:
            first = await client.post("/summarize", json=article(), headers=ASYNC)
            await redis.config_set("maxmemory", "1kb")
            full = await client.post("/summarize", json=article("Another."), headers=ASYNC)
            assert full.status_code == 507
            assert "out of memory" in full.json()["detail"]
            assert full.headers["Retry-After"]
            batch = await client.post("/batch", content=ndjson(article()), headers=LINES)
            assert batch.status_code == 507
            gate.go.set()
            assert (await ended(client, first.headers["Location"]))["status"] == "done"
            # who does not need the jobs is served
            assert (await client.post("/summarize", json=article())).status_code == 200


async def test_too_many_articles_are_refused_with_a_time() -> None:
    gate = Gate()
    async with serving(gate(brief), jobs_max=3) as client:
        headers = {**LINES, **ASYNC}
        body = ndjson(*[article()] * 3)
        assert (await client.post("/batch", content=body, headers=headers)).status_code == 202
        full = await client.post("/summarize", json=article(), headers=ASYNC)
        assert full.status_code == 429
        assert int(full.headers["Retry-After"]) >= 1
        plain = asyncio.create_task(client.post("/summarize", json=article("Not a job.")))
        await asyncio.sleep(0.05)
        gate.go.set()
        assert (await plain).status_code == 200


# ------------------------------------------------------------------ webhooks


@pytest.mark.parametrize(
    ("changed", "headers", "url", "complaint"),
    [
        ({}, ASYNC, "https://x.test/", "sends no webhooks"),
        ({"webhook_secret": SECRET}, {}, "https://x.test/", "Prefer: respond-async"),
        ({"webhook_secret": SECRET}, ASYNC, "http://x.test/", "must be https"),
        ({"webhook_secret": SECRET}, ASYNC, "https://127.0.0.1/", "not public"),
        ({"webhook_secret": SECRET, "webhook_hosts": "a.test"}, ASYNC, "https://x.test/", "allow"),
    ],
)
async def test_a_webhook_that_may_not_be_sent_is_refused_with_the_job(
    changed: dict[str, Any], headers: dict[str, str], url: str, complaint: str
) -> None:
    async with serving(**changed) as client:
        body = article(callback_url=url)
        answer = await client.post("/summarize", json=body, headers=headers)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "callback_url"
        assert complaint in answer.json()["detail"]
        if headers:
            batch = await client.post(
                "/batch", params={"callback_url": url}, content="{}", headers={**LINES, **headers}
            )
            assert batch.status_code == 422


def test_a_webhook_says_what_came_of_the_job() -> None:
    job = Job("j", "batch", "me", "done", 1_800_000_000.0, 2, 1, 1, ended=1_800_000_060.5)
    outcomes = [
        Outcome(2, b'{"status":422}', failed=True, name="b"),
        Outcome(1, b'{"summaries":{}}'),
    ]
    assert json.loads(webhook_content(job, outcomes)) == {
        "type": "job.done",
        "timestamp": "2027-01-15T08:01:00.500000Z",
        "data": {
            "id": "j",
            "kind": "batch",
            "status": "done",
            "articles": {"total": 2, "done": 1, "failed": 1},
            "results": [
                {"line": 1, "result": {"summaries": {}}},
                {"line": 2, "id": "b", "problem": {"status": 422}},
            ],
        },
    }


def test_a_job_shows_each_try_of_its_webhook() -> None:
    job = Job(
        "j",
        "summarize",
        "me",
        "done",
        1_800_000_000.0,
        1,
        webhook=JobWebhook("https://x.test/", "waiting", (Attempt(1_800_000_060.5, "status 500"),)),
    )
    callback = show_job(job, None).callback
    assert callback
    assert (callback.url, callback.status) == ("https://x.test/", "waiting")
    assert callback.attempts[0].outcome == "status 500"
    assert callback.attempts[0].at.isoformat() == "2027-01-15T08:01:00.500000+00:00"


@pytest.mark.parametrize(
    ("prefer", "expected"),
    [
        ("respond-async", (True, None)),
        ("Respond-Async, wait=5", (True, 5)),
        ("wait=5; x, respond-async", (True, 5)),
        ("respond-asynchronously", (False, None)),
        ("not-respond-async", (False, None)),
        ("", (False, None)),
    ],
)
def test_the_preference_is_read(prefer: str, expected: tuple[bool, int | None]) -> None:
    asked = Preferences.read({"Prefer": prefer})
    assert (asked.respond_async, asked.wait) == expected
