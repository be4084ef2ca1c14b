"""Answers of model servers: a stream of events, or an error.

RemoteError
├── RemoteRefusal  the request is at fault: a retry would be refused too
│   └── TooLong    the prompt does not fit the context
└── RemoteFailure  the server or the network is at fault: another server or a retry may succeed
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from service.inference.protocol import FinishReason, Output, Usage

_MAX_EVENT = 1 << 20
_LONGEST_RETRY_AFTER = 30.0
_FINISHES: dict[str, FinishReason] = {
    "stop": "stop",
    "eos_token": "stop",
    "stop_sequence": "stop",
    "length": "length",
}
_TOO_LONG = re.compile(
    r"context (length|size|window)|exceed_context_size|context_length_exceeded|max_model_len"
    r"|maximum (input|model) length|longer than the (model|maximum)|`inputs` tokens"
    r"|too many tokens",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"(?:context (?:length|size|window)|maximum (?:input|model) length|max_model_len)\D{0,24}(\d+)"
    r"|must be <= (\d+)",
    re.IGNORECASE,
)
_TOKENS = re.compile(
    r"(\d+) (?:in the messages|input tokens|tokens from the input|tokens in the)"
    r"|resulted in (\d+) tokens|(?:request|input|prompt) \((\d+) tokens\)|Given: (\d+)"
    r"|contains (?:at least )?(\d+)",
    re.IGNORECASE,
)
_GRAMMAR = re.compile(r"grammar|structured|guided|ebnf|sampler|extra|unknown field", re.IGNORECASE)


class RemoteError(Exception):
    """A server did not answer the request; the text is for the operator."""

    @property
    def redacted(self) -> str:
        """The text without the server's message, which may quote the prompt."""
        text = str(self)
        return text.partition(": ")[0] if text.startswith("status ") else text


class RemoteRefusal(RemoteError):
    """The server refuses the request."""

    @property
    def about_grammar(self) -> bool:
        """Whether the server names the grammar, or the field that carries it, as the reason."""
        return bool(_GRAMMAR.search(str(self)))


class TooLong(RemoteRefusal):
    """The prompt (``tokens``) does not fit the context (``limit``); 0: unknown."""

    def __init__(self, message: str, *, tokens: int, limit: int) -> None:
        super().__init__(message)
        self.tokens = tokens
        self.limit = limit


class RemoteFailure(RemoteError):
    """The server cannot be reached, is busy or is broken. ``status`` is the HTTP status, 0 without
    an answer; ``retry_after`` is how many seconds the server asks to wait, None if it does not.
    """

    def __init__(self, message: str, *, status: int = 0, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after

    @property
    def busy(self) -> bool:
        """Whether the server works but has too many requests."""
        return self.status == 429


# ------------------------------------------------------------------ refusals


def read_error(status: int, body: bytes, retry_after: str = "") -> RemoteError:
    """Return the error that an HTTP status other than 200 stands for."""
    message = f"status {status}: {_message(body)}"
    if status in {400, 413, 422}:
        if status == 413 or _TOO_LONG.search(message):
            tokens, limit = _counts(body, message)
            return TooLong(message, tokens=tokens, limit=limit)
        return RemoteRefusal(message)
    wait = min(float(retry_after), _LONGEST_RETRY_AFTER) if retry_after.isdecimal() else None
    return RemoteFailure(message, status=status, retry_after=wait)


def _message(body: bytes) -> str:
    """The message in OpenAI's ``error.message``, vLLM's ``message``, TGI's ``error``, FastAPI's
    ``detail``; or the body itself.
    """
    found = _field(_decoded(body), "error", "message", "detail")
    found = _field(found, "message", "detail", "type") if isinstance(found, dict) else found
    text = found if isinstance(found, str) else body.decode(errors="replace")
    return " ".join(text.split())[:500]


def _counts(body: bytes, message: str) -> tuple[int, int]:
    error = _field(_decoded(body), "error")
    tokens, limit = _field(error, "n_prompt_tokens"), _field(error, "n_ctx")  # llama.cpp
    if isinstance(tokens, int) and isinstance(limit, int):
        return tokens, limit
    return _number(_TOKENS, message), _number(_LIMIT, message)


def _number(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return next((int(group) for group in found.groups() if group), 0) if found else 0


def _decoded(body: bytes) -> object:
    try:
        decoded: object = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return decoded


def _field(value: object, *names: str) -> object:
    if not isinstance(value, dict):
        return None
    return next((value[name] for name in names if name in value), None)


# ------------------------------------------------------------------ the stream


class EventReader:
    """Parses the data of server-sent events from bytes that may be split anywhere. Each event has
    one line of data, as every server writes it; comments and other fields are skipped.

    A line reader for text cannot be used: it splits at U+2028, which JSON may contain.
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the events that ``data`` completes.

        Raises:
            RemoteFailure: a line is longer than any event.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _MAX_EVENT:
            raise RemoteFailure("the answer is not a stream of events")
        return [event for line in lines if (event := _data(line.rstrip(b"\r")))]


def _data(line: bytes) -> bytes:
    name, _, value = line.partition(b":")
    if name == b"data":
        return value.strip()
    # llama.cpp's servers of 2024 and 2025 send errors in a field of that name
    return b'{"error":' + value + b"}" if name == b"error" else b""


class _Delta(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    index: int = 0
    delta: _Delta = msgspec.field(default_factory=_Delta)
    finish_reason: str | None = None


class _Cached(msgspec.Struct):
    cached_tokens: int | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int | None = None
    prompt_tokens_details: _Cached | None = None


class _Chunk(msgspec.Struct):
    choices: list[_Choice] = []
    usage: _Usage | None = None
    error: msgspec.Raw = msgspec.Raw()
    object: str = ""


_chunks = msgspec.json.Decoder(_Chunk)


class Answer:
    """The choices of one completion, collected from its events."""

    def __init__(self) -> None:
        self._texts: dict[int, list[str]] = {}
        self._finishes: dict[int, FinishReason] = {}
        self._usage: _Usage | None = None
        self._pieces = 0
        self.ended = False

    @property
    def begun(self) -> bool:
        """Whether the prompt has been processed: text arrived, or a choice ended without any."""
        return bool(self._pieces or self._finishes)

    def take(self, event: bytes) -> str:
        """Add an event; return the text that it adds to the first choice.

        Raises:
            RemoteError: the event reports an error, or does not belong to a completion.
        """
        if event == b"[DONE]":
            self.ended = True
            return ""
        try:
            chunk = _chunks.decode(event)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise RemoteFailure(f"an event is malformed: {error}") from None
        if bytes(chunk.error) not in {b"", b"null"} or chunk.object == "error":
            raise read_error(_status(event), event)
        self._usage = chunk.usage or self._usage
        return "".join([self._add(choice) for choice in chunk.choices])

    def _add(self, choice: _Choice) -> str:
        text = choice.delta.content or ""
        texts = self._texts.setdefault(choice.index, [])
        if text:
            texts.append(text)
            self._pieces += 1
        if choice.finish_reason is not None:
            if choice.finish_reason not in _FINISHES:
                raise RemoteFailure(f"the server ended with finish_reason {choice.finish_reason!r}")
            self._finishes[choice.index] = _FINISHES[choice.finish_reason]
        return "" if choice.index else text

    def outputs(self) -> tuple[Output, ...]:
        """Return the outputs in the order of their choices.

        Raises:
            RemoteFailure: the stream ended before all choices had.
        """
        if not self._texts or self._texts.keys() - self._finishes.keys():
            raise RemoteFailure("the stream ended too early")
        return tuple(
            Output("".join(self._texts[index]), self._finishes[index])
            for index in sorted(self._texts)
        )

    def usage(self) -> Usage:
        """Return the server's token counts; without them, the number of text events."""
        if self._usage is None:
            return Usage(generated=self._pieces)
        details = self._usage.prompt_tokens_details
        generated = self._usage.completion_tokens
        return Usage(
            prompt=self._usage.prompt_tokens,
            cached=(details.cached_tokens or 0) if details else 0,
            generated=self._pieces if generated is None else generated,
        )


def _status(event: bytes) -> int:
    """The HTTP status of an error within a stream; 500 if it states none."""
    decoded = _decoded(event)
    code = _field(_field(decoded, "error"), "code") or _field(decoded, "code")
    return code if isinstance(code, int) and 400 <= code < 600 else 500


def first_text(body: bytes) -> str:
    """Return the text of the first choice of a completion that was not streamed.

    Raises:
        RemoteFailure: the body is not a completion.
    """
    choices = _field(_decoded(body), "choices")
    if not isinstance(choices, Sequence) or not choices:
        raise RemoteFailure("the answer has no choices")
    text = _field(_field(choices[0], "message"), "content")
    return text if isinstance(text, str) else ""
