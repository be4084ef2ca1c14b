"""Answers of OpenAI's chat protocol: completions, chunks of a stream, models, errors."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from typing import Any, Final, NamedTuple
from uuid import uuid4

import msgspec
from litestar import Request, Response
from litestar.response.sse import ServerSentEventMessage

from service.briefs.model import Brief
from service.concurrency import end_all
from service.errors import DeadlineExceeded, InputError, Overloaded, TextTooShort
from service.inference.protocol import Usage
from service.web import problems
from service.web.access import KeyRefused, RouteRefused

_CREATED: Final = 1_788_000_000
"""Creation time of a model (Unix seconds). Clients require it; nothing depends on it."""
_SILENCE_SECONDS = 10.0

Json = dict[str, Any]


class UnknownChatModel(InputError):
    """The field ``model`` names a model that does not exist."""


class ChatAnswer(NamedTuple):
    """An answer: its text in the ``parts`` that a stream sends, and in ``own`` the answer of our
    own route.
    """

    parts: tuple[str, ...]
    usage: Usage
    own: Any

    @property
    def text(self) -> str:
        """The content of the message."""
        return "".join(self.parts)


def parts_of(briefs: list[Brief]) -> tuple[str, ...]:
    """Return the text of briefs, with a blank line between two, split into sentences where
    possible.
    """
    parts: list[str] = []
    for brief in briefs:
        gap = "\n\n" if parts else ""
        rest = brief.text
        for sentence in brief.sentences:
            at = rest.find(sentence.text)
            if at < 0:
                break
            end = at + len(sentence.text)
            parts.append(gap + rest[:end])
            gap, rest = "", rest[end:]
        if gap or rest:
            parts.append(gap + rest)
    return tuple(parts)


def completion(name: str, answer: ChatAnswer) -> Json:
    """Return the answer of ``/v1/chat/completions``. ``jianbao`` is our own field: the answer that
    our own routes would give, with sources, warnings and names.
    """
    message = {"role": "assistant", "content": answer.text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": name,
        "choices": [choice],
        "usage": _usage(answer.usage),
        "jianbao": answer.own,
    }


def _usage(usage: Usage) -> Json:
    return {
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.generated,
        "total_tokens": usage.prompt + usage.generated,
    }


def model_object(name: str) -> Json:
    """Return a model as the protocol lists it."""
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": "jianbao"}


class CompletionStream:
    """A completion as events. The protocol cannot retract what was sent, so until the answer is
    final, only comments are sent to keep the connection open.
    """

    def __init__(
        self, name: str, work: Awaitable[ChatAnswer], *, include_usage: bool = False
    ) -> None:
        self._include_usage = include_usage
        self._task = asyncio.ensure_future(work)
        self._head: Json = {
            "id": f"chatcmpl-{uuid4().hex}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": name,
        }

    async def begin(self) -> None:
        """Wait a moment, so that early errors are answered with an HTTP status.

        Raises what the work raises in that time.
        """
        try:
            await asyncio.wait({self._task}, timeout=_SILENCE_SECONDS)
        except asyncio.CancelledError:
            await end_all([self._task])
            raise
        if self._task.done():
            self._task.result()

    async def messages(self) -> AsyncIterator[ServerSentEventMessage]:
        """Yield the chunks, then ``[DONE]``. Closing the connection cancels the work."""
        try:
            while not self._task.done():
                yield ServerSentEventMessage(comment="still at work")
                await asyncio.wait({self._task}, timeout=_SILENCE_SECONDS)
            try:
                answer = self._task.result()
            except Exception as error:
                yield _data(error_object(error)[1])
                return
            yield self._chunk({"role": "assistant", "content": ""})
            for part in answer.parts:
                yield self._chunk({"content": part})
            yield self._chunk({}, finish="stop", jianbao=answer.own)
            if self._include_usage:
                yield _data({**self._head, "choices": [], "usage": _usage(answer.usage)})
            yield ServerSentEventMessage(data="[DONE]")
        finally:
            await end_all([self._task])

    def _chunk(self, delta: Json, *, finish: str | None = None, **more: Any) -> Any:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _data({**self._head, "choices": [choice], **more})


def _data(content: Any) -> ServerSentEventMessage:
    return ServerSentEventMessage(data=msgspec.json.encode(content).decode())


# ------------------------------------------------------------------ what is refused


def to_response(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Return the error in this protocol's format."""
    status, content = error_object(error)
    return problems.answer(request, error, content, status=status)


def error_object(error: Exception) -> tuple[int, Json]:
    """Return the status and the body of an error."""
    error = problems.ours(error)
    problem = problems.to_problem(error)
    status, text, code, kind = problem.status, problem.detail, None, "api_error"
    param = error.field if isinstance(error, InputError) else None
    match error:
        case KeyRefused():
            kind, code = "authentication_error", "invalid_api_key"
        case RouteRefused():
            kind, code = "permission_error", "insufficient_permissions"
        case UnknownChatModel():
            status, text, code, kind = 404, str(error), "model_not_found", "invalid_request_error"
        case TextTooShort():
            status, kind, param = 400, "invalid_request_error", "messages"
            text = "messages: the last message of the user holds no article to make a brief of"
        case InputError():
            status = status if status in {413, 415} else 400
            kind = "invalid_request_error"
            if param in {"text", "html"}:
                param, text = "messages", f"messages: {error}"
        case Overloaded():
            kind, code = "rate_limit_error", "rate_limit_exceeded"
        case DeadlineExceeded():
            code = "timeout"
    return status, {"error": {"message": text, "type": kind, "param": param, "code": code}}
