"""How likely an answer is, as a vLLM server says it."""

from __future__ import annotations

import msgspec
import pytest

from service.inference.engines.remote_answer import RemoteRefusal
from service.inference.engines.remote_scoring import read_scores
from service.inference.protocol import Failure, Generation, TokenScore
from tests.support import vllm_schema
from tests.support.model_server import ModelServer, Refusal
from tests.unit.inference.test_remote_engine import (
    engine,
    failure_of,
    finish,
    request,
    text_of,
    until,
)


def answer(*tokens: tuple[str, float]) -> dict[str, object]:
    """What vLLM answers: nothing for the first token, then the token's own entry."""
    entries = [
        {str(at): {"logprob": logprob, "rank": 1, "decoded_token": text}}
        for at, (text, logprob) in enumerate(tokens)
    ]
    return {
        "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "."}}],
        "usage": {"prompt_tokens": len(tokens) + 1, "completion_tokens": 1},
        "prompt_logprobs": [None, *entries],
    }


PROMPT = (("<|im_start|>", -20.0), ("assistant", -5.0), ("\n", -0.0))


def test_scores_are_those_of_the_tokens_that_the_prompt_ends_with() -> None:
    body = msgspec.json.encode(answer(*PROMPT, ("May", -1.0), ("or", -2.0), (" Ruiz", -9.5)))
    scores, usage = read_scores(body, "Mayor Ruiz")
    assert scores == (
        TokenScore(0, 3, -1.0),
        TokenScore(3, 5, -2.0),
        TokenScore(5, 10, -9.5),
    )
    assert usage.prompt == 7


def test_tokens_that_write_a_character_together_share_its_place() -> None:
    body = msgspec.json.encode(
        answer(*PROMPT, ("市", -1.0), ("\ufffd", -2.0), ("\ufffd", -3.0), ("。", -4.0))
    )
    scores, _ = read_scores(body, "市长。")
    assert [(one.start, one.end) for one in scores] == [(0, 1), (1, 2), (1, 2), (2, 3)]
    assert sum(one.logprob for one in scores) == -10.0


@pytest.mark.parametrize(
    "body",
    [
        msgspec.json.encode({"choices": []}),
        msgspec.json.encode(answer(*PROMPT, ("Another", -1.0), (" text", -1.0))),
        b"not JSON",
    ],
    ids=["no scores", "another text", "no JSON"],
)
def test_an_answer_without_the_scores_is_a_refusal(body: bytes) -> None:
    with pytest.raises(RemoteRefusal):
        read_scores(body, "Mayor Ruiz")


def test_a_vllm_server_is_asked_for_the_likelihood_of_the_answer() -> None:
    server = ModelServer(Refusal(200, answer(*PROMPT, ("Hello", -1.5))))
    with engine(server) as remote:
        assert remote.capabilities.scores
        remote.submit(request(scored="Hello", max_new_tokens=1))
        events = until(remote, lambda seen: any(isinstance(one, Generation) for one in seen))
    (asked,) = server.bodies
    assert asked["messages"][-1] == {"role": "assistant", "content": "Hello"}
    assert asked["continue_final_message"]
    assert asked["prompt_logprobs"] == 0
    assert not asked["stream"]
    msgspec.convert(asked, vllm_schema.Request)
    (generation,) = [one for one in events if isinstance(one, Generation)]
    assert generation.scores == (TokenScore(0, 5, -1.5),)
    assert [one.text for one in generation.outputs] == [""]


@pytest.mark.parametrize(
    "unreadable",
    [
        Refusal(200, {"choices": []}),
        Refusal(200, answer(*PROMPT, ("Goodbye", -1.5))),
        Refusal(200, ["no", "completion"]),
        Refusal(500, {"error": {"message": "Out of range float values are not JSON compliant"}}),
        Refusal(501, {"error": {"message": "not implemented"}}),
    ],
    ids=["none", "another text", "no completion", "500", "501"],
)
def test_a_server_that_cannot_score_is_asked_once_and_goes_on_writing(unreadable: Refusal) -> None:
    server = ModelServer(unreadable, unreadable)
    with engine(server, failures="1", check="60") as remote:
        for name in "ab":
            (end,) = finish(remote, request(name, scored="Hello"))
            assert failure_of(end).kind == "engine_error"
        assert remote.unavailable_reason == ""
        assert text_of(finish(remote, request())[-1]) == "Hello there."
    assert len(server.bodies) == 3


def test_a_busy_server_scores_later() -> None:
    server = ModelServer(Refusal(429, b""), Refusal(200, answer(*PROMPT, ("Hello", -1.5))))
    with engine(server, failures="1", check="60") as remote:
        generation = finish(remote, request(scored="Hello"))[-1]
    assert isinstance(generation, Generation)
    assert generation.scores == (TokenScore(0, 5, -1.5),)


@pytest.mark.parametrize("owner", ["llamacpp", "sglang"])
def test_other_servers_are_not_asked(owner: str) -> None:
    server = ModelServer(owner=owner)
    with engine(server) as remote:
        assert not remote.capabilities.scores
        remote.submit(request(scored="Hello"))
        events = until(remote, lambda seen: any(isinstance(one, Failure) for one in seen))
    assert [one.kind for one in events if isinstance(one, Failure)] == ["engine_error"]
    assert not server.bodies
