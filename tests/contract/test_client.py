"""Our own client, against a live server: both kinds do the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from jianbao import (
    AsyncClient,
    Brief,
    Busy,
    Client,
    ProblemError,
    Sentence,
    SummarizeAnswer,
    Translation,
    Unreachable,
)
from service.briefs.model import SentenceCount
from service.inference.fake import FakeGenerator
from service.keys import add_key
from service.settings import Settings
from tests.support.live import live
from tests.unit.web.apps import fake_app

ARTICLE = "The council of Rivertown approved the budget on Tuesday. Work begins in March."
SETTINGS = Settings(max_article_characters=1000, jobs_url="memory:")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    generator = FakeGenerator(lambda request: request.messages[-1].content[:24])
    with live(fake_app(generator, settings=SETTINGS)) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address) as client:
        yield client


def test_an_article_is_summarized(client: Client) -> None:
    answer = client.summarize(
        text=ARTICLE, languages=["zh", "en"], style="bullets", length=SentenceCount(2)
    )
    assert [*answer.summaries] == ["zh", "en"]
    assert answer.summaries["en"].text == "The council of Rivertown"


def test_a_stream_brings_sentences_briefs_and_the_answer(client: Client) -> None:
    events = list(client.stream(text=ARTICLE, languages=["en", "zh"]))
    assert [type(event) for event in events] == [Sentence, Brief] * 2 + [SummarizeAnswer]
    assert isinstance(events[-1], SummarizeAnswer)
    assert [*events[-1].summaries] == ["en", "zh"]


def test_texts_are_translated(client: Client) -> None:
    assert client.translate("桥梁", "en") == Translation("[en] 桥梁", "zh-Hans")
    assert client.translate_all(["One.", "Two."], "zh-Hant", source="en") == [
        Translation("[zh-Hant] One."),
        Translation("[zh-Hant] Two."),
    ]


def test_a_job_is_handed_in_waited_for_and_forgotten(client: Client) -> None:
    job = client.jobs.submit(text=ARTICLE, languages=["en"], key="page-1")
    assert client.jobs.submit(text=ARTICLE, languages=["en"], key="page-1").id == job.id
    done = client.jobs.wait(job.id)
    assert done.status == "done"
    assert done.result
    assert done.result.summaries["en"].text == "The council of Rivertown"
    client.jobs.cancel(job.id)
    with pytest.raises(ProblemError) as raised:
        client.jobs.get(job.id)
    assert raised.value.status == 404
    assert raised.value.request_id


def test_what_comes_of_a_batch_is_read_as_it_comes(client: Client) -> None:
    lines: list[dict[str, Any]] = [
        {"text": ARTICLE, "id": "a", "languages": ["en"]},
        {"text": "", "id": "b"},
    ]
    found = {one.id: one for one in client.jobs.results(client.batch(lines).id)}
    assert found["a"].result
    assert found["b"].problem
    assert found["b"].problem.errors[0].field == "text"


def test_a_wrong_field_is_named(client: Client) -> None:
    with pytest.raises(ProblemError, match="style") as raised:
        client.summarize(text=ARTICLE, style="poem")  # type: ignore[arg-type]
    assert raised.value.problem.errors[0].field == "style"
    with pytest.raises(ProblemError, match="es is not supported"):
        client.translate("Hello", "es")
    with pytest.raises(ProblemError, match="style"):
        list(client.stream(text=ARTICLE, style="poem"))  # type: ignore[arg-type]


async def test_the_asynchronous_client_does_the_same(address: str) -> None:
    async with AsyncClient(address) as client:
        answers = await asyncio.gather(
            *(client.summarize(text=ARTICLE, languages=[tag]) for tag in ("en", "zh"))
        )
        assert [[*one.summaries] for one in answers] == [["en"], ["zh"]]
        events = [event async for event in client.stream(text=f"{ARTICLE} It rained.")]
        assert [type(event) for event in events] == [Sentence, Brief] * 2 + [SummarizeAnswer]
        assert (await client.translate("桥梁", "en")).text == "[en] 桥梁"
        assert [one.text for one in await client.translate_all(["桥"], "en")] == ["[en] 桥"]
        job = await client.jobs.submit(text=ARTICLE, languages=["en"])
        assert (await client.jobs.wait(job.id)).status == "done"
        batch = await client.batch([{"text": ARTICLE}])
        assert [one.line async for one in client.jobs.results(batch.id)] == [1]
        await client.jobs.cancel(batch.id)
        with pytest.raises(ProblemError):
            await client.jobs.get(batch.id)


def test_a_key_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    key = add_key(path, "newsroom")
    with live(fake_app(settings=Settings(keys_file=path, jobs_url="memory:"))) as address:
        with Client(address, key=key) as client:
            assert client.summarize(text=ARTICLE).summaries
        with Client(address) as client, pytest.raises(ProblemError) as raised:
            client.summarize(text=ARTICLE)
    assert raised.value.status == 401


# ------------------------------------------------------------------ busy, and gone


def busy(times: int) -> Callable[[httpx.Request], httpx.Response]:
    """A service that is busy so many times, then translates."""
    left = times

    def answer(_: httpx.Request) -> httpx.Response:
        nonlocal left
        left -= 1
        if left >= 0:
            problem = {"type": "about:blank", "title": "Busy", "status": 429, "detail": "too many"}
            return httpx.Response(429, json=problem, headers={"Retry-After": "0"})
        return httpx.Response(200, json={"translatedText": ["done"]})

    return answer


def test_what_was_refused_for_want_of_room_is_sent_again() -> None:
    transport = httpx.MockTransport(busy(3))
    with Client("http://jianbao.test", transport=transport) as client:
        assert client.translate("Hello", "zh").text == "done"


async def test_the_asynchronous_client_sends_it_again_too() -> None:
    transport = httpx.MockTransport(busy(3))
    async with AsyncClient("http://jianbao.test", transport=transport) as client:
        assert (await client.translate("Hello", "zh")).text == "done"


def test_patience_ends() -> None:
    transport = httpx.MockTransport(busy(3))
    client = Client("http://jianbao.test", transport=transport, patience=-1)
    with client, pytest.raises(Busy, match="too many") as raised:
        client.translate("Hello", "zh")
    assert raised.value.retry_after == 0


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(502, text="<h1>Bad Gateway</h1>"), "Bad Gateway"),
        (httpx.Response(403, json={"error": "Invalid API key"}), "Invalid API key"),
        (httpx.Response(500, json=["no problem"]), "no problem"),
    ],
)
def test_what_others_answer_in_between_is_told(answer: httpx.Response, said: str) -> None:
    transport = httpx.MockTransport(lambda _: answer)
    client = Client("http://jianbao.test", transport=transport)
    with client, pytest.raises(ProblemError, match=said):
        client.summarize(text=ARTICLE)


def test_nobody_there_is_told_with_the_address() -> None:
    client = Client("http://127.0.0.1:9", patience=0)
    with client, pytest.raises(Unreachable, match=r"127\.0\.0\.1:9"):
        client.summarize(text=ARTICLE)
