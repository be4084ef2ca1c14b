"""What vLLM takes as a chat completion, as far as the remote engine uses it.

The fields, their types and bounds are those that vLLM, after 0.12.0, documents for
``ChatCompletionRequest`` and ``StructuredOutputsParams`` ("Extra Parameters for Chat API"); that of
``Guided`` is one that 0.12.0 removed. vLLM itself passes over fields that it does not know; here
they are refused, so that a misspelt one is seen.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class StreamOptions(msgspec.Struct, forbid_unknown_fields=True):
    include_usage: bool = True
    continuous_usage_stats: bool = False


class StructuredOutputs(msgspec.Struct, forbid_unknown_fields=True):
    """Exactly one of its constraints may be given; the engine gives ``grammar``."""

    grammar: str


class Message(msgspec.Struct, forbid_unknown_fields=True):
    role: Literal["system", "user", "assistant"]
    content: str


class Request(msgspec.Struct, forbid_unknown_fields=True):
    messages: list[Message]
    model: str
    max_tokens: Annotated[int, Meta(ge=1)]
    temperature: Annotated[float, Meta(ge=0.0)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    prompt_logprobs: Annotated[int, Meta(ge=0)] | None = None
    frequency_penalty: Annotated[float, Meta(ge=-2.0, le=2.0)] = 0.0
    n: Annotated[int, Meta(ge=1)] = 1
    seed: Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | None = None
    top_p: Annotated[float, Meta(gt=0.0, le=1.0)] = 1.0
    top_k: Annotated[int, Meta(ge=-1)] = -1
    min_p: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.0
    repetition_penalty: Annotated[float, Meta(gt=0.0)] = 1.0
    add_generation_prompt: bool = True
    continue_final_message: bool = False
    chat_template_kwargs: dict[str, object] | None = None
    structured_outputs: StructuredOutputs | None = None

    def __post_init__(self) -> None:
        """Refuse what vLLM's own validators refuse.

        Raises:
            ValueError: the fields contradict each other.
        """
        if self.continue_final_message and self.add_generation_prompt:
            raise ValueError("continue_final_message and add_generation_prompt exclude each other")
        if self.n > 1 and self.temperature == 0.0:
            raise ValueError("n must be 1 when using greedy sampling")
        if self.stream_options and not self.stream:
            raise ValueError("stream options can only be defined when stream is true")


class Guided(Request, forbid_unknown_fields=True):
    guided_grammar: str | None = None
