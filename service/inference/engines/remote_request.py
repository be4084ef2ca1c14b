"""What the remote engine asks of a model server: one body of ``/v1/chat/completions``.

Servers agree on OpenAI's fields and differ in the rest. What a server calls its own (``Server``)
decides how samplers are named; which field carries a grammar (``Dialect``) is found out or set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from service.inference.engines.gbnf import to_gbnf
from service.inference.protocol import GenerationRequest, Message, Sampling

Server = Literal["vllm", "sglang", "llamacpp", "other"]
Dialect = Literal["vllm", "vllm-guided", "sglang", "llamacpp", "none"]
"""``vllm``: ``structured_outputs`` (vLLM from 0.10.2); ``vllm-guided``: ``guided_grammar`` (vLLM to
0.11); ``sglang``: ``ebnf``; ``llamacpp``: ``grammar``; ``none``: no grammar is sent."""

PROBE = "zqxj"
"""What no model answers unless a grammar leaves it nothing else."""

_SEEDS = 2**31
_DIALECTS: dict[Server, tuple[Dialect, ...]] = {
    "vllm": ("vllm", "vllm-guided"),
    "sglang": ("sglang",),
    "llamacpp": ("llamacpp",),
    "other": ("vllm", "llamacpp", "sglang", "vllm-guided"),
}
_SERVERS: dict[Dialect, Server] = {
    "vllm": "vllm",
    "vllm-guided": "vllm",
    "sglang": "sglang",
    "llamacpp": "llamacpp",
    "none": "other",
}


def server_of(owner: str) -> Server:
    """Which server it is that says ``owned_by`` of its models."""
    known: dict[str, Server] = {"vllm": "vllm", "sglang": "sglang", "llamacpp": "llamacpp"}
    return known.get(owner, "other")


def dialects_of(server: Server) -> tuple[Dialect, ...]:
    """Fields that may carry its grammars, the likeliest first."""
    return _DIALECTS[server]


def server_behind(dialect: Dialect) -> Server:
    """Which server it must be whose grammars go in that field."""
    return _SERVERS[dialect]


def completion_body(
    request: GenerationRequest,
    *,
    model: str,
    server: Server,
    dialect: Dialect,
    max_new_tokens: int,
    context: int,
    template_arguments: dict[str, bool | int | str],
    stop: Sequence[str] = (),
) -> dict[str, object]:
    """The body of a streamed completion. If the last message is the assistant's, it is continued.
    llama.cpp does so by default, and ignores the fields for it.
    """
    body: dict[str, object] = {
        "model": model,
        "messages": [_message(message) for message in request.messages],
        "max_tokens": max_new_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
        **_sampling(request.sampling, server, context),
    }
    if request.messages and request.messages[-1].role == "assistant":
        body |= {"continue_final_message": True, "add_generation_prompt": False}
    if template_arguments:
        body["chat_template_kwargs"] = template_arguments
    if stop:
        body["stop"] = list(stop)
    if request.grammar is not None:
        body |= grammar_fields(dialect, request.grammar)
    return body


def probe_body(
    *, model: str, dialect: Dialect, template_arguments: dict[str, bool | int | str]
) -> dict[str, object]:
    """The body of a short completion that tells whether the server heeds ``dialect``: its text is
    :data:`PROBE` if so. Of ``none`` it tells that the server answers.
    """
    body: dict[str, object] = {
        "model": model,
        "messages": [{"role": "user", "content": "Say hello."}],
        "max_tokens": 1 if dialect == "none" else 12,
        "temperature": 0.0,
        **grammar_fields(dialect, f'root ::= "{PROBE}"\n'),
    }
    if template_arguments:
        body["chat_template_kwargs"] = template_arguments
    return body


def grammar_fields(dialect: Dialect, ebnf: str) -> dict[str, object]:
    """The field that constrains an output to ``ebnf``."""
    match dialect:
        case "vllm":
            return {"structured_outputs": {"grammar": ebnf}}
        case "vllm-guided":
            return {"guided_grammar": ebnf}
        case "sglang":
            return {"ebnf": ebnf}
        case "llamacpp":
            return {"grammar": to_gbnf(ebnf)}
        case "none":
            return {}


def _message(message: Message) -> dict[str, str]:
    return {"role": message.role, "content": message.content}


def _sampling(sampling: Sampling, server: Server, context: int) -> dict[str, object]:
    """Everything is said, for a server's own defaults (the model's ``generation_config.json``,
    llama.cpp's ``min_p``) are not those of :class:`Sampling`.
    """
    fields: dict[str, object] = {
        "temperature": sampling.temperature,
        "frequency_penalty": sampling.frequency_penalty,
        **_repetition(sampling, server, context),
    }
    if not sampling.temperature:
        return fields
    fields |= {"top_p": sampling.top_p, "seed": sampling.seed % _SEEDS}
    if sampling.candidates > 1:
        fields["n"] = sampling.candidates
    if server != "other":
        fields |= {"top_k": 0 if server == "llamacpp" else -1, "min_p": 0.0}
    return fields


def _repetition(sampling: Sampling, server: Server, context: int) -> dict[str, object]:
    if server == "llamacpp":
        # by default, its penalty only applies to the last 64 tokens
        return {"repeat_penalty": sampling.repetition_penalty, "repeat_last_n": context}
    if server == "other" and sampling.repetition_penalty == 1.0:
        return {}
    return {"repetition_penalty": sampling.repetition_penalty}
