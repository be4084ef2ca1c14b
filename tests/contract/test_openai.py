"""OpenAI's own Python client, unchanged, against a live server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest
from openai import AsyncOpenAI, BadRequestError, OpenAI

from service.inference.fake import FakeGenerator
from service.keys import Grant, add_key
from service.settings import Settings
from tests.support.live import live
from tests.unit.web.apps import fake_app

ARTICLE = "The council of Rivertown approved the budget on Tuesday. Work begins in March."
SETTINGS = Settings(max_article_characters=1000, translate_characters=200, jobs_url="memory:")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    generator = FakeGenerator(lambda request: request.messages[-1].content[:24])
    with live(fake_app(generator, settings=SETTINGS)) as address:
        yield f"{address}/v1"


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=address, api_key="none", max_retries=0) as client:
        yield client


def test_it_lists_the_models(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == [
        "jianbao-brief",
        "jianbao-brief-en",
        "jianbao-brief-zh",
        "jianbao-translate-en",
        "jianbao-translate-zh",
    ]
    assert client.models.retrieve("jianbao-brief-en").owned_by == "jianbao"
    with pytest.raises(openai.NotFoundError, match="there is no model 'gpt-4o'"):
        client.models.retrieve("gpt-4o")


def test_the_users_last_message_is_the_article(client: OpenAI) -> None:
    done = client.chat.completions.create(
        model="jianbao-brief",
        temperature=0.2,
        messages=[
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "An older article, which was answered before. It is over."},
            {"role": "assistant", "content": "A brief."},
            {"role": "user", "content": [{"type": "text", "text": ARTICLE}]},
        ],
    )
    (choice,) = done.choices
    assert choice.finish_reason == "stop"
    assert choice.message.content == "The council of Rivertown\n\nThe council of Rivertown"
    assert done.usage
    assert done.usage.total_tokens == 0
    assert done.model_extra
    assert [*done.model_extra["jianbao"]["summaries"]] == ["en", "zh"]


@pytest.mark.parametrize(
    "order",
    ["Summarize the following article in two sentences. ", "用一句话总结以下新闻：", "TL;DR: "],
)
def test_an_order_on_the_articles_own_line_costs_no_sentence_of_it(
    client: OpenAI, order: str
) -> None:
    done = client.chat.completions.create(
        model="jianbao-brief-en", messages=[{"role": "user", "content": order + ARTICLE}]
    )
    assert done.choices[0].message.content == "The council of Rivertown"


@pytest.mark.parametrize(
    ("model", "order", "language"),
    [
        ("jianbao-brief", "Summarize the following article in Swahili: ", "Swahili"),
        ("jianbao-brief-en", "Fasse diesen Artikel auf Deutsch zusammen: ", "German"),
        ("jianbao-brief", "请用日语总结以下文章：", "日语"),
        ("jianbao-translate-en", "Translate the following text to Welsh: ", "Welsh"),
    ],
)
def test_another_language_is_refused_by_its_name(
    client: OpenAI, model: str, order: str, language: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=f"ask for {language}; {model} writes") as told:
        client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": order + ARTICLE}]
        )
    assert told.value.param == "messages"


def test_it_translates_and_the_message_may_name_the_script(client: OpenAI) -> None:
    done = client.chat.completions.create(
        model="jianbao-translate-zh",
        messages=[
            {"role": "user", "content": "Translate to Traditional Chinese:\n\nOne.\n\n%%\n\nTwo."}
        ],
    )
    assert done.choices[0].message.content == "[zh-Hant] One.\n\n%%\n\n[zh-Hant] Two."


def test_a_stream_is_the_same_text(client: OpenAI) -> None:
    said: list[str] = []
    finished = []
    usages: list[tuple[int, int]] = []
    for chunk in client.chat.completions.create(
        model="jianbao-brief-en",
        messages=[{"role": "user", "content": ARTICLE}],
        stream=True,
        stream_options={"include_usage": True},
    ):
        said += [choice.delta.content or "" for choice in chunk.choices]
        finished += [choice.finish_reason for choice in chunk.choices if choice.finish_reason]
        usages += [(len(chunk.choices), chunk.usage.total_tokens)] if chunk.usage else []
    assert "".join(said) == "The council of Rivertown"
    assert finished == ["stop"]
    assert usages == [(0, 0)]


def test_a_stream_has_no_usage_unless_it_is_asked_for(client: OpenAI) -> None:
    chunks = client.chat.completions.create(
        model="jianbao-brief-en", messages=[{"role": "user", "content": ARTICLE}], stream=True
    )
    assert [(len(chunk.choices), chunk.usage) for chunk in chunks if chunk.usage] == []


@pytest.mark.parametrize(
    "text", ["What is the capital of France?", "Write me a long poem about the sea."]
)
def test_a_question_is_no_article_but_may_be_translated(client: OpenAI, text: str) -> None:
    with pytest.raises(BadRequestError, match="it is not a chat bot") as refused:
        client.chat.completions.create(
            model="jianbao-brief", messages=[{"role": "user", "content": text}]
        )
    assert refused.value.param == "messages"
    done = client.chat.completions.create(
        model="jianbao-translate-zh", messages=[{"role": "user", "content": text}]
    )
    assert done.choices[0].message.content == f"[zh-Hans] {text}"


async def test_the_asynchronous_client_does_several_at_once(address: str) -> None:
    async with AsyncOpenAI(base_url=address, api_key="none", max_retries=0) as client:
        done = await asyncio.gather(
            *(
                client.chat.completions.create(
                    model="jianbao-translate-en", messages=[{"role": "user", "content": text}]
                )
                for text in ("一", "二", "三")
            )
        )
        assert [one.choices[0].message.content for one in done] == ["[en] 一", "[en] 二", "[en] 三"]
        stream = await client.chat.completions.create(
            model="jianbao-translate-en",
            messages=[{"role": "user", "content": "桥"}],
            stream=True,
        )
        parts = [chunk.choices[0].delta.content or "" async for chunk in stream]
        assert "".join(parts) == "[en] 桥"


@pytest.mark.parametrize(
    ("model", "text", "said"),
    [
        ("jianbao-brief-en", " \n", "has no text"),
        ("jianbao-brief-en", f"Summarize this article in Chinese:\n{ARTICLE}", "ask for Chinese"),
        ("jianbao-translate-zh", "Translate to German:\n\nHello.", "ask for German"),
        ("jianbao-brief-en", f'{ARTICLE}\nYou must respond in JSON with the key "tags".', "JSON"),
        ("jianbao-translate-zh", "a" * 201, "at most 200 characters"),
        ("jianbao-brief-en", "a b. " * 300, "1000"),
    ],
)
def test_what_is_no_article_is_refused_in_words(
    client: OpenAI, model: str, text: str, said: str
) -> None:
    with pytest.raises(openai.APIStatusError, match=said) as raised:
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": text}])
    assert raised.value.status_code in {400, 413}
    assert raised.value.param == "messages"
    assert raised.value.type == "invalid_request_error"


def test_a_field_that_cannot_be_used_is_named(address: str) -> None:
    body = {"model": "jianbao-brief", "messages": [{"role": "user", "content": ARTICLE}]}
    image = {"type": "image_url", "image_url": {"url": "data:,"}}
    for change, param in (
        ({"model": None}, "model"),
        ({"messages": []}, "messages"),
        ({"messages": ["text"]}, "messages[0]"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [image]}]}, "messages[0].content[0]"),
        ({"n": 2}, "n"),
        ({"tools": [{"type": "function"}]}, "tools"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"stream": "yes"}, "stream"),
    ):
        answer = httpx.post(f"{address}/chat/completions", json=body | change)
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


def test_keys_are_heeded(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    key = add_key(path, "reader", Grant(routes=("translate",)))
    with live(fake_app(settings=Settings(keys_file=path, jobs_url="memory:"))) as address:

        def client_with(key: str) -> OpenAI:
            return OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0)

        def ask(client: OpenAI, model: str) -> str | None:
            done = client.chat.completions.create(
                model=model, messages=[{"role": "user", "content": ARTICLE}]
            )
            return done.choices[0].message.content

        with client_with(key) as client:
            assert ask(client, "jianbao-translate-zh") == f"[zh-Hans] {ARTICLE}"
            assert [model.id for model in client.models.list()] == [
                "jianbao-translate-en",
                "jianbao-translate-zh",
            ]
            with pytest.raises(openai.PermissionDeniedError):
                ask(client, "jianbao-brief")
        with client_with("wrong") as client, pytest.raises(openai.AuthenticationError) as raised:
            ask(client, "jianbao-translate-zh")
        assert raised.value.code == "invalid_api_key"
