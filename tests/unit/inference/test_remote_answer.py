"""What model servers answer. The words of refusals are those of the servers' sources."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.inference.engines.remote_answer import (
    Answer,
    EventReader,
    RemoteFailure,
    RemoteRefusal,
    TooLong,
    first_text,
    read_error,
)

STREAM = (
    ': ping\n\nevent: message\ndata: {"a": "中\u2028\x85"}\n\ndata:{"b":1}\r\n\r\n'
    'error: {"code": 500}\n\nid: 7\ndata: [DONE]\n\n'
).encode()
EVENTS = ['{"a": "中\u2028\x85"}', '{"b":1}', '{"error": {"code": 500}}', "[DONE]"]


@given(cut=st.integers(1, 60))
def test_events_arrive_whole_and_in_order_however_the_stream_is_cut(cut: int) -> None:
    reader = EventReader()
    pieces = [STREAM[at : at + cut] for at in range(0, len(STREAM), cut)]
    assert [event.decode() for piece in pieces for event in reader.feed(piece)] == EVENTS


def test_a_line_without_end_is_not_waited_for() -> None:
    reader = EventReader()
    assert reader.feed(b"x" * 1_000_000) == []
    with pytest.raises(RemoteFailure):
        reader.feed(b"x" * 100_000)


@pytest.mark.parametrize(
    ("status", "message", "tokens", "limit"),
    [
        (  # vLLM, to 0.10
            400,
            (
                "This model's maximum context length is 4096 tokens. However, you requested "
                "5060 tokens (5000 in the messages, 60 in the completion). Please reduce the "
                "length of the messages or completion."
            ),
            5000,
            4096,
        ),
        (  # vLLM 0.11
            400,
            (
                "'max_tokens' or 'max_completion_tokens' is too large: 2000. This model's maximum "
                "context length is 4096 tokens and your request has 3000 input tokens "
                "(2000 > 4096 - 3000). (parameter=max_tokens, value=2000)"
            ),
            3000,
            4096,
        ),
        (  # vLLM from 0.12
            400,
            (
                "This model's maximum context length is 16384 tokens. However, you requested "
                "8192 output tokens and your prompt contains at least 8193 input tokens, for a "
                "total of at least 16385 tokens."
            ),
            8193,
            16384,
        ),
        (  # SGLang
            400,
            "The input (5000 tokens) is longer than the model's context length (4096 tokens).",
            5000,
            4096,
        ),
        (  # SGLang
            400,
            (
                "Requested token count exceeds the model's maximum context length of 4096 tokens. "
                "You requested a total of 4200 tokens: 4000 tokens from the input messages and 200 "
                "tokens for the completion."
            ),
            4000,
            4096,
        ),
        (  # TGI
            422,
            (
                "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. "
                "Given: 4000 `inputs` tokens and 500 `max_new_tokens`"
            ),
            4000,
            4096,
        ),
        (400, "context_length_exceeded", 0, 0),
        (413, "Payload too large", 0, 0),
    ],
)
def test_a_prompt_that_is_too_long_is_told_with_what_counts_there_are(
    status: int, message: str, tokens: int, limit: int
) -> None:
    error = read_error(status, json.dumps({"error": {"message": message}}).encode())
    assert isinstance(error, TooLong)
    assert (error.tokens, error.limit) == (tokens, limit)


def test_llama_cpp_gives_the_counts_as_numbers() -> None:
    body = {
        "error": {
            "code": 400,
            "message": "request (5030 tokens) exceeds the available context size (2048 tokens)",
            "type": "exceed_context_size_error",
            "n_prompt_tokens": 5031,
            "n_ctx": 2049,
        }
    }
    error = read_error(400, json.dumps(body).encode())
    assert isinstance(error, TooLong)
    assert (error.tokens, error.limit) == (5031, 2049)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"error": {"message": "top_p", "type": "invalid"}}, "status 400: top_p"),
        ({"object": "error", "message": "top_p", "code": 400}, "status 400: top_p"),
        ({"error": "top_p", "error_type": "validation"}, "status 400: top_p"),
        ({"detail": "top_p"}, "status 400: top_p"),
        (b"top_p\n  of  it", "status 400: top_p of it"),
        (b"\xff", "status 400: \ufffd"),
    ],
)
def test_a_refusal_is_read_in_every_servers_way(body: object, says: str) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    error = read_error(400, raw)
    assert isinstance(error, RemoteRefusal)
    assert not isinstance(error, TooLong)
    assert str(error) == says


@pytest.mark.parametrize(
    ("message", "about_grammar"),
    [
        ("Failed to initialize samplers: failed to parse grammar", True),
        ("Invalid grammar specification.", True),
        ("structured_outputs: Extra inputs are not permitted", True),
        ("Unrecognized request argument supplied: guided_grammar", True),
        ("top_p must be in (0, 1], got 2.", False),
        ("Only one completion choice is allowed", False),
    ],
)
def test_a_refused_grammar_is_told_from_other_refusals(message: str, about_grammar: bool) -> None:
    assert RemoteRefusal(message).about_grammar is about_grammar


@pytest.mark.parametrize(
    ("status", "retry_after", "rest", "busy"),
    [
        (500, "", None, False),
        (503, "7", 7.0, False),
        (429, "2", 2.0, True),
        (429, "3600", 30.0, True),
        (429, "Wed, 21 Oct 2026 07:28:00 GMT", None, True),
        (401, "", None, False),
        (404, "", None, False),
    ],
)
def test_other_answers_are_the_servers_fault(
    status: int, retry_after: str, rest: float | None, busy: bool
) -> None:
    error = read_error(status, b"", retry_after)
    assert isinstance(error, RemoteFailure)
    assert (error.status, error.retry_after, error.busy) == (status, rest, busy)


def test_an_answer_without_its_end_is_none() -> None:
    answer = Answer()
    assert answer.take(b'{"choices": [{"index": 0, "delta": {"content": "Rain"}}]}') == "Rain"
    with pytest.raises(RemoteFailure, match="early"):
        answer.outputs()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"choices": []}', b'{"choices": 1}', b"\xff"])
def test_what_is_no_completion_has_no_text(body: bytes) -> None:
    with pytest.raises(RemoteFailure):
        first_text(body)
