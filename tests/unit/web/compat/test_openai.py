"""What the chat protocol is answered with, where no client of OpenAI's looks."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import msgspec
import pytest

from service.briefs.model import Brief, BriefSentence
from service.errors import DeadlineExceeded, Overloaded, TextTooShort, Unavailable
from service.inference.fake import FakeGenerator
from service.inference.protocol import Usage
from service.web.compat.openai_answers import ChatAnswer, CompletionStream, error_object, parts_of
from tests.unit.web.apps import client_of, fake_app

ARTICLE = "The council of Rivertown approved the budget on Tuesday. Work begins in March."


def brief(text: str, *sentences: str) -> Brief:
    said = tuple(BriefSentence(sentence, (), "verbatim", ()) for sentence in sentences)
    return Brief(text, "en", 1, "words", sentences=said)


@pytest.mark.parametrize(
    ("briefs", "parts"),
    [
        ([brief("One. Two.", "One.", "Two.")], ("One.", " Two.")),
        ([brief("- One.\n- Two.", "One.", "Two.")], ("- One.", "\n- Two.")),
        ([brief("Opinion: One.", "One.")], ("Opinion: One.",)),
        ([brief("One.", "One."), brief("Two.", "Two.")], ("One.", "\n\nTwo.")),
        ([brief("One. Two.", "Three.")], ("One. Two.",)),
        ([brief("One."), brief("Two.")], ("One.", "\n\nTwo.")),
    ],
)
def test_a_brief_is_sent_in_sentences_and_whole(
    briefs: list[Brief], parts: tuple[str, ...]
) -> None:
    assert parts_of(briefs) == parts


@pytest.mark.parametrize(
    ("error", "status", "kind", "code"),
    [
        (TextTooShort("too short", field="text"), 400, "invalid_request_error", None),
        (Overloaded("busy", retry_after=3), 429, "rate_limit_error", "rate_limit_exceeded"),
        (Unavailable("loading", retry_after=5), 503, "api_error", None),
        (DeadlineExceeded("late"), 504, "api_error", "timeout"),
        (RuntimeError("a secret"), 500, "api_error", None),
    ],
)
def test_errors_have_the_protocols_shape(
    error: Exception, status: int, kind: str, code: str | None
) -> None:
    told, body = error_object(error)
    assert (told, body["error"]["type"], body["error"]["code"]) == (status, kind, code)
    assert "secret" not in body["error"]["message"]


async def test_a_busy_service_says_when_to_come_back() -> None:
    def busy(_: Any) -> str:
        raise Overloaded("too many requests wait", retry_after=7)

    body = {"model": "jianbao-brief-en", "messages": [{"role": "user", "content": ARTICLE}]}
    async with client_of(fake_app(FakeGenerator(busy))) as client:
        for stream in (False, True):
            answer = await client.post("/v1/chat/completions", json={**body, "stream": stream})
            assert answer.status_code == 429
            assert answer.headers["Retry-After"] == "7"
            assert answer.json()["error"]["code"] == "rate_limit_exceeded"


async def test_what_fails_after_the_stream_has_begun_is_told_in_it() -> None:
    async def fail() -> ChatAnswer:
        raise DeadlineExceeded("not finished within 1 second")

    stream = CompletionStream("jianbao-brief-en", fail())
    await asyncio.sleep(0)
    (message,) = [message async for message in stream.messages()]
    error = msgspec.json.decode(str(message.data))["error"]
    assert error["message"] == "not finished within 1 second"


async def test_the_work_of_a_stream_ends_with_its_reader() -> None:
    ended = asyncio.Event()

    async def work() -> ChatAnswer:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        return ChatAnswer((), Usage(), None)

    stream = CompletionStream("jianbao-brief-en", work())
    await asyncio.sleep(0)
    messages = stream.messages()
    assert (await anext(messages)).comment
    await messages.aclose()  # type: ignore[attr-defined]
    assert ended.is_set()


async def test_a_page_s_markup_is_read_as_html() -> None:
    heard: list[str] = []

    def hear(request: Any) -> str:
        heard.append(request.messages[-1].content)
        return "A brief."

    body = {
        "model": "jianbao-brief-en",
        "messages": [{"role": "user", "content": f"input: \n<p>{ARTICLE}</p><nav>More news</nav>"}],
    }
    async with client_of(fake_app(FakeGenerator(hear))) as client:
        answer: httpx.Response = await client.post("/v1/chat/completions", json=body)
    assert answer.json()["choices"][0]["message"]["content"] == "A brief."
    assert heard == [ARTICLE]
