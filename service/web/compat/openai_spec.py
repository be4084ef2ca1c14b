"""How OpenAI's chat protocol is described in the OpenAPI document: only what is read of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from litestar.openapi import ResponseSpec
from litestar.openapi.spec import (
    Example,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Reference,
    RequestBody,
    Schema,
)

TAG: Final = "OpenAI's protocol"
CHAT_DESCRIPTION: Final = """\
Takes what clients of OpenAI's chat protocol send. It is no chat bot: the `model` says what is done,
the last message of the user is the article or the text. Other settings of a language model are
accepted and have no effect. With `stream` the answer is sent as server-sent events. The answer's
field `jianbao` holds what `/summarize` or `/translate` would answer.
"""
_STRING: Final = Schema(type=OpenAPIType.STRING)
_FLAG: Final = Schema(type=OpenAPIType.BOOLEAN)
_EXAMPLE: Final = {
    "model": "jianbao-brief-en",
    "messages": [
        {
            "role": "user",
            "content": "The city council approved a budget of $4.2 million on Tuesday to repair "
            "three bridges over the Alder river. Work begins in March and is expected to take 18 "
            "months.",
        }
    ],
}


def chat_body(models: Iterable[str]) -> RequestBody:
    """Return the body of ``/v1/chat/completions``, for the given names of models."""
    message = Schema(
        type=OpenAPIType.OBJECT,
        required=["role", "content"],
        properties={
            "role": _STRING,
            "content": Schema(
                one_of=[
                    _STRING,
                    Schema(
                        type=OpenAPIType.ARRAY,
                        items=Schema(
                            type=OpenAPIType.OBJECT,
                            required=["type", "text"],
                            properties={
                                "type": Schema(type=OpenAPIType.STRING, enum=["text"]),
                                "text": _STRING,
                            },
                        ),
                    ),
                ]
            ),
        },
    )
    body = Schema(
        type=OpenAPIType.OBJECT,
        required=["model", "messages"],
        properties={
            "model": Schema(type=OpenAPIType.STRING, enum=list(models)),
            "messages": Schema(type=OpenAPIType.ARRAY, items=message, min_items=1),
            "stream": _FLAG,
            "stream_options": Schema(type=OpenAPIType.OBJECT, properties={"include_usage": _FLAG}),
        },
    )
    examples: dict[str, Example | Reference] = {"A brief in English": Example(value=_EXAMPLE)}
    return RequestBody(
        required=True,
        content={"application/json": OpenAPIMediaType(schema=body, examples=examples)},
    )


def with_body(body: RequestBody) -> type[Operation]:
    """Return an operation that has the ``body``, for a handler that reads it itself."""

    @dataclass
    class WithBody(Operation):
        def __post_init__(self) -> None:
            self.request_body = body

    return WithBody


def refusals(descriptions: dict[int, str]) -> dict[int, ResponseSpec]:
    """Return errors in OpenAI's format, ``{"error": {"message", "type", "param", "code"}}``."""
    return {
        status: ResponseSpec(
            dict[str, dict[str, str | None]], description=text, generate_examples=False
        )
        for status, text in descriptions.items()
    }
