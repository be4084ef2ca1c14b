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

GRAMMAR_DEAD_END = "no token of this model's vocabulary can continue the grammar"
"""What is said of a request whose grammar requires text that no token can begin."""


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

    @property
    def greedy(self) -> bool:
        """Whether the likeliest token is taken as the logits have it."""
        return not self._processors and not self._warpers

    def sample(self, ids: Sequence[int], logits: torch.Tensor) -> int:
        """Choose the token that follows ``ids``; ``logits`` [vocabulary] are masked already, and
        leave at least one token.
        """
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
        self.ids = list(context)
        self.sampler = sampler
        self._max_new_tokens = max_new_tokens
        self._stop_ids = stop_ids
        self._text = text
        self.output = ""

    @property
    def last(self) -> int:
        """The last token."""
        return self.ids[-1]

    def extend(self, token: int) -> str:
        """Append the next token; return the text that it completes."""
        self.ids.append(token)
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


def sample_tokens(rows: Sequence[CandidateRow], logits: torch.Tensor) -> list[int | None]:
    """Choose the next token of each row from masked ``logits`` [rows, vocabulary]; None where the
    mask leaves no token.

    The likeliest tokens of all rows are found together: each answer that is read from a GPU waits
    for it, and one wait a row costs more than the model's forward pass.
    """
    continuable = torch.isfinite(logits).any(dim=-1).tolist()
    likeliest = logits.argmax(dim=-1).tolist()
    chosen: list[int | None] = []
    for index, row in enumerate(rows):
        if not continuable[index]:
            chosen.append(None)
        elif row.sampler.greedy:
            chosen.append(likeliest[index])
        else:
            chosen.append(row.sampler.sample(row.ids, logits[index]))
    return chosen
