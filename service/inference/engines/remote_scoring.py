"""How likely a given answer is, as vLLM says it: ``prompt_logprobs`` of a prompt that ends with it.

Of the servers that the remote engine knows, it alone says so of a chat.
"""

from __future__ import annotations

import msgspec

from service.inference.engines.remote_answer import RemoteRefusal
from service.inference.protocol import GenerationRequest, Message, TokenScore, Usage

_BROKEN = "\ufffd"


class _Logprob(msgspec.Struct):
    logprob: float
    decoded_token: str | None = None


class _ScoringUsage(msgspec.Struct):
    prompt_tokens: int = 0


class _Scored(msgspec.Struct):
    prompt_logprobs: list[dict[str, _Logprob] | None] | None = None
    usage: _ScoringUsage = msgspec.field(default_factory=_ScoringUsage)


_answers = msgspec.json.Decoder(_Scored)


def with_answer(request: GenerationRequest) -> GenerationRequest:
    """The request with the text to be scored as the beginning of its answer."""
    messages = (*request.messages, Message("assistant", request.scored))
    return msgspec.structs.replace(request, messages=messages, grammar=None)


def scoring_fields() -> dict[str, object]:
    """What is asked besides a completion of one token that nobody reads."""
    return {"stream": False, "prompt_logprobs": 0}


def read_scores(body: bytes, scored: str) -> tuple[tuple[TokenScore, ...], Usage]:
    """The scores in an answer, of the tokens of ``scored``: those that the prompt ends with.

    Raises:
        RemoteRefusal: the answer has no scores, or the prompt does not end in ``scored``. The
            server works, and would answer the same again.
    """
    try:
        answer = _answers.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RemoteRefusal(f"an answer is malformed: {error}") from None
    tokens = [next(iter(one.values()), None) for one in answer.prompt_logprobs or () if one]
    found: list[TokenScore] = []
    end = len(scored)
    pending: list[float] = []
    for token in reversed(tokens):
        text = token.decoded_token if token else None
        if token is None or not text or _BROKEN in text:
            pending += [token.logprob] if token else []
            continue
        start = scored.rfind(text, 0, end)
        if start < 0 or (start + len(text) != end and not pending):
            break
        found += [TokenScore(start + len(text), end, one) for one in pending]
        found.append(TokenScore(start, start + len(text), token.logprob))
        pending, end = [], start
        if not end:
            break
    if end:
        raise RemoteRefusal("it does not say how likely the end of a prompt is")
    return tuple(reversed(found)), Usage(prompt=answer.usage.prompt_tokens)
