"""Server-sent events of a summary."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from service.briefs.model import OnEvent, Sentence
from service.errors import GenerationFailed, Overloaded
from service.inference.fake import Answer, FakeGenerator
from service.inference.protocol import GenerationRequest
from service.web.events import EventStream
from service.web.schemas import SummarizeAnswer
from tests.unit.web.apps import client_of, fake_app

EVENTS = {"Accept": "text/event-stream"}
BODY = {"text": "The council approved a budget."}


def events_of(response: httpx.Response) -> list[tuple[str, Any]]:
    events = []
    for block in response.text.replace("\r\n", "\n").strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        events.append((fields["event"], json.loads(fields["data"])))
    return events


async def test_sentences_come_first_then_each_brief_then_the_answer() -> None:
    async with client_of(fake_app()) as client:
        response = await client.post("/summarize", json=BODY, headers=EVENTS)
        plain = await client.post("/summarize", json=BODY)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/event-stream")
    events = events_of(response)
    assert [name for name, _ in events] == ["sentence", "brief", "sentence", "brief", "answer"]
    assert events[0][1] == {"language": "en", "position": 0, "text": "A brief."}
    assert events[3][1] == plain.json()["summaries"]["zh"]
    assert {**events[-1][1], "id": ""} == {**plain.json(), "id": ""}


async def test_a_repeat_is_streamed_from_memory() -> None:
    generator = FakeGenerator(lambda _: "A brief.")
    async with client_of(fake_app(generator)) as client:
        await client.post("/summarize", json=BODY)
        response = await client.post("/summarize", json=BODY, headers=EVENTS)
    assert [name for name, _ in events_of(response)] == ["brief", "brief", "answer"]
    assert len(generator.requests) == 2


@pytest.mark.parametrize(
    ("error", "status"), [(Overloaded("full", retry_after=7), 429), (GenerationFailed("no"), 500)]
)
async def test_what_fails_before_the_first_event_is_a_plain_refusal(
    error: Exception, status: int
) -> None:
    async with client_of(fake_app(FakeGenerator(lambda _: error))) as client:
        response = await client.post("/summarize", json=BODY, headers=EVENTS)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"


async def test_what_fails_later_is_the_last_event() -> None:
    answers: list[Answer] = ["A brief.", GenerationFailed("the engine gave up")]
    generator = FakeGenerator(lambda _: answers.pop(0))
    async with client_of(fake_app(generator)) as client:
        response = await client.post("/summarize", json=BODY, headers=EVENTS)
    name, problem = events_of(response)[-1]
    assert name == "error"
    assert (problem["status"], problem["detail"]) == (500, "the engine gave up")


async def test_a_bad_request_is_refused_as_without_events() -> None:
    async with client_of(fake_app()) as client:
        response = await client.post("/summarize", json={"text": ""}, headers=EVENTS)
    assert response.status_code == 422


class Stuck(FakeGenerator):
    """Answers once, then never."""

    def __init__(self) -> None:
        super().__init__(lambda _: "A brief.")
        self.stuck = 0
        self.left = asyncio.Event()

    async def generate(self, request: GenerationRequest, **listening: Any) -> Any:
        if not self.requests:
            return await super().generate(request, **listening)
        self.stuck += 1
        try:
            return await asyncio.Event().wait()
        finally:
            self.left.set()


async def test_the_deadline_holds_for_events_too() -> None:
    generator = Stuck()
    async with client_of(fake_app(generator)) as client:
        headers = {**EVENTS, "Prefer": "wait=1"}
        response = await client.post("/summarize", json=BODY, headers=headers)
    assert events_of(response)[-1][1]["status"] == 504
    assert generator.stuck == 1
    assert generator.left.is_set()


async def test_what_is_sent_while_it_works_in_silence_is_no_event() -> None:
    """The page takes each event's data for JSON, and gave up at the first that had none."""

    async def work(report: OnEvent) -> SummarizeAnswer:
        report(Sentence(language="en", position=0, text="A brief."))
        await asyncio.sleep(0.1)
        raise GenerationFailed("no")

    stream = EventStream(work, silence=0.01)
    await stream.begin()
    first, *silent, last = [message.encode() async for message in stream.messages()]
    assert first.startswith(b"event: sentence\r\n")
    assert set(silent) == {b": still working\r\n\r\n"}
    assert last.startswith(b"event: error\r\n")
