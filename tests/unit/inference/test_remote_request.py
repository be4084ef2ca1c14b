"""What model servers are asked, against the schema that vLLM documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from service.inference.engines.remote_request import (
    Dialect,
    Server,
    completion_body,
    dialects_of,
    probe_body,
    server_of,
)
from service.inference.protocol import GenerationRequest, Message, Sampling
from tests.support import vllm_schema

GRAMMAR = 'root ::= a_b\na_b ::= "是"\n'
GREEDY = Sampling(repetition_penalty=1.05)
DRAWN = Sampling(0.7, 0.95, 1.1, 0.2, candidates=4, seed=2**40 + 3)


def body(
    *,
    server: Server = "vllm",
    dialect: Dialect = "vllm",
    sampling: Sampling = GREEDY,
    prefill: str = "",
    grammar: str | None = GRAMMAR,
    template: dict[str, bool | int | str] | None = None,
    stop: Sequence[str] = (),
) -> dict[str, Any]:
    turns = [Message("system", "Be brief."), Message("user", "文章")]
    request = GenerationRequest(
        id="r",
        task="summarize:zh",
        source="zh",
        target="zh",
        messages=(*turns, *([Message("assistant", prefill)] if prefill else [])),
        grammar=grammar,
        sampling=sampling,
    )
    return completion_body(
        request,
        model="m",
        server=server,
        dialect=dialect,
        max_new_tokens=60,
        context=4096,
        template_arguments=template or {},
        stop=stop,
    )


def test_a_greedy_request_to_vllm() -> None:
    assert body() == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "文章"},
        ],
        "max_tokens": 60,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.0,
        "frequency_penalty": 0.0,
        "repetition_penalty": 1.05,
        "structured_outputs": {"grammar": GRAMMAR},
    }


def test_a_drawn_request_leaves_no_sampler_to_the_servers_own_defaults() -> None:
    asked = body(sampling=DRAWN)
    assert {name: asked[name] for name in ("temperature", "top_p", "top_k", "min_p", "n")} == {
        "temperature": 0.7,
        "top_p": 0.95,
        "top_k": -1,
        "min_p": 0.0,
        "n": 4,
    }
    assert (asked["repetition_penalty"], asked["frequency_penalty"]) == (1.1, 0.2)
    assert asked["seed"] == 2**40 % 2**31 + 3


def test_llama_cpp_is_asked_in_its_own_names() -> None:
    asked = body(server="llamacpp", dialect="llamacpp", sampling=DRAWN)
    assert (asked["repeat_penalty"], asked["repeat_last_n"]) == (1.1, 4096)
    assert (asked["top_k"], asked["min_p"]) == (0, 0.0)
    assert "repetition_penalty" not in asked
    assert asked["grammar"] == 'root ::= a-5f-b\na-5f-b ::= "是"\n'


def test_a_server_that_is_not_known_is_sent_nothing_that_is_not_needed() -> None:
    asked = body(server="other", dialect="none", sampling=Sampling(0.7))
    openai = {"model", "messages", "max_tokens", "stream", "stream_options", "temperature"}
    assert asked.keys() == openai | {"frequency_penalty", "top_p", "seed"}


def test_tokens_to_stop_at_are_sent_where_there_are_any() -> None:
    assert body(stop=("<|im_end|>",))["stop"] == ["<|im_end|>"]
    assert "stop" not in body()


def test_an_assistants_last_message_is_continued() -> None:
    asked = body(prefill="市议会")
    assert asked["messages"][-1] == {"role": "assistant", "content": "市议会"}
    assert (asked["continue_final_message"], asked["add_generation_prompt"]) == (True, False)
    assert "continue_final_message" not in body()


@pytest.mark.parametrize("sampling", [GREEDY, DRAWN, Sampling(candidates=3)])
@pytest.mark.parametrize("prefill", ["", "市议会"])
@pytest.mark.parametrize("template", [{}, {"enable_thinking": False}])
def test_vllm_takes_what_it_is_sent(
    sampling: Sampling, prefill: str, template: dict[str, bool | int | str]
) -> None:
    new = body(sampling=sampling, prefill=prefill, template=template)
    msgspec.convert(new, vllm_schema.Request)
    old = body(dialect="vllm-guided", sampling=sampling, prefill=prefill, template=template)
    assert msgspec.convert(old, vllm_schema.Guided).guided_grammar == GRAMMAR
    msgspec.convert(body(dialect="none", sampling=sampling), vllm_schema.Request)


@pytest.mark.parametrize("dialect", ["vllm", "none"])
def test_vllm_takes_a_trial(dialect: Dialect) -> None:
    trial = probe_body(model="m", dialect=dialect, template_arguments={"enable_thinking": False})
    msgspec.convert(trial, vllm_schema.Request)


def test_what_a_server_calls_itself_decides_which_fields_are_tried() -> None:
    assert dialects_of(server_of("vllm")) == ("vllm", "vllm-guided")
    assert dialects_of(server_of("sglang")) == ("sglang",)
    assert dialects_of(server_of("llamacpp")) == ("llamacpp",)
    assert set(dialects_of(server_of("system"))) == {"vllm", "vllm-guided", "sglang", "llamacpp"}
