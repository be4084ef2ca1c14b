"""One running sequence: how its next token is sampled, when it ends, and its text so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import torch
from transformers import (
    LogitsProcessor,
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopPLogitsWarper,
)

from service.inference.engines.text_stream import IncrementalDetokenizer
from service.inference.protocol import FinishReason, Sampling


class GrammarDeadEndError(RuntimeError):
    """The grammar requires text that no token of the vocabulary can begin."""


class FrequencyPenalty(LogitsProcessor):
    """Subtract ``penalty`` for each occurrence of a token in the output, like OpenAI's API.

    The output starts after the first ``context`` tokens.
    """

    def __init__(self, penalty: float, context: int) -> None:
        self._penalty = penalty
        self._context = context

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Return new scores [rows, vocabulary]."""
        written = input_ids[:, self._context :]
        costs = torch.full(written.shape, -self._penalty, dtype=scores.dtype, device=scores.device)
        return scores.scatter_add(1, written, costs)


def penalties(sampling: Sampling, context: int) -> list[LogitsProcessor]:
    """Return the penalties that a request asks for; ``context`` as in :class:`FrequencyPenalty`."""
    asked: list[LogitsProcessor] = []
    if sampling.repetition_penalty != 1.0:
        asked.append(RepetitionPenaltyLogitsProcessor(sampling.repetition_penalty))
    if sampling.frequency_penalty:
        asked.append(FrequencyPenalty(sampling.frequency_penalty, context))
    return asked


def warpers(sampling: Sampling) -> list[LogitsProcessor]:
    """Return what shapes the distribution that tokens are sampled from; nothing if greedy."""
    if not sampling.temperature:
        return []
    shaped: list[LogitsProcessor] = [TemperatureLogitsWarper(sampling.temperature)]
    if sampling.top_p < 1.0:
        shaped.append(TopPLogitsWarper(sampling.top_p))
    return shaped


class TokenSampler:
    """Samples a row's tokens from its logits. It is reproducible: candidate n of a seed is the same
    text in any batch of the same shape.
    """

    def __init__(
        self,
        sampling: Sampling,
        candidate: int,
        processors: Sequence[LogitsProcessor],
        device: torch.device,
    ) -> None:
        self._processors = LogitsProcessorList(processors)
        self._warpers = LogitsProcessorList(warpers(sampling))
        self._generator = torch.Generator(device)
        self._generator.manual_seed((sampling.seed * 1_000_003 + candidate) % 2**63)

    def sample(self, ids: Sequence[int], logits: torch.Tensor) -> int:
        """Choose the token that follows ``ids``; ``logits`` [vocabulary] are masked already.

        Raises:
            GrammarDeadEndError: no token is left to choose.
        """
        if not bool(torch.isfinite(logits).any()):
            raise GrammarDeadEndError(
                "no token of this model's vocabulary can continue the grammar"
            )
        scores = logits[None]
        seen = cast("torch.LongTensor", torch.tensor([ids], dtype=torch.long, device=logits.device))
        processed = self._processors(seen, scores.clone())
        if bool(
            torch.isfinite(processed).any()
        ):  # if a ban on repetition leaves no token, the grammar wins
            scores = processed
        if not self._warpers:
            return int(scores.argmax())
        shares = torch.softmax(self._warpers(seen, scores), dim=-1)
        return int(torch.multinomial(shares, 1, generator=self._generator))


def decode(tokenizer: Any, ids: Sequence[int]) -> str:
    """Return the text of the ids, without special tokens and with spaces unchanged."""
    text: str = tokenizer.decode(
        list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False
    )
    return text


class CandidateRow:
    """One candidate of one request."""

    def __init__(
        self,
        *,
        source: int,
        candidate: int,
        context: Sequence[int],
        max_new_tokens: int,
        stop_ids: frozenset[int],
        sampler: TokenSampler,
        text: IncrementalDetokenizer,
        matcher: Any = None,
    ) -> None:
        self.source = source
        self.candidate = candidate
        self.matcher = matcher
        self.generated = 0
        self.finish: FinishReason | None = None
        self._ids = list(context)
        self._max_new_tokens = max_new_tokens
        self._stop_ids = stop_ids
        self._sampler = sampler
        self._text = text
        self.output = ""

    @property
    def last(self) -> int:
        """The last token."""
        return self._ids[-1]

    def extend(self, logits: torch.Tensor) -> str:
        """Sample the next token from masked ``logits`` [vocabulary]; return the text that it
        completes.

        Raises:
            GrammarDeadEndError: no token can continue the grammar.
        """
        token = self._sampler.sample(self._ids, logits)
        self._ids.append(token)
        self.generated += 1
        if self.matcher is not None:
            self.matcher.accept_token(token)
        if token in self._stop_ids:
            return self._end("stop")
        readable = self._text.push(token)
        if self.generated == self._max_new_tokens:
            return readable + self._end("length")
        return readable

    def _end(self, reason: FinishReason) -> str:
        self.finish = reason
        rest, self.output = self._text.finish()
        return rest
