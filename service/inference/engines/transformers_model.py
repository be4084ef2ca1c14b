"""The interface of causal and encoder-decoder models to the batching loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
import torch
from transformers import LogitsProcessor

from service.inference.protocol import GenerationRequest


class Prompt(msgspec.Struct, frozen=True):
    """A tokenized request.

    ``ids`` is what the model reads; ``context`` opens the output: the whole prompt of a causal
    model, the decoder's start (with a forced language token) of an encoder-decoder.
    """

    ids: tuple[int, ...]
    context: tuple[int, ...]
    family: str = ""


class ScoringInput(msgspec.Struct, frozen=True):
    """A tokenized prompt and its given answer: ``ids`` holds both, and the answer begins at
    ``start``.
    """

    ids: tuple[int, ...]
    start: int

    @property
    def answer(self) -> tuple[int, ...]:
        """The tokens to score."""
        return self.ids[self.start :]


class BatchDecoding(Protocol):
    """The tensors of one running batch. Rows are in the order of the prompts."""

    def prefill(self) -> torch.Tensor | None:
        """Compute the next slice of the prompts; after the last one, the logits [rows, vocabulary]
        of the first new token.
        """

    def select(self, rows: Sequence[int]) -> None:
        """Keep these rows, in this order; a row may be taken several times."""

    def advance(self, tokens: Sequence[int]) -> torch.Tensor:
        """Append one token per row and return the logits [rows, vocabulary] of the next."""

    def cached(self, row: int) -> int:
        """Number of prompt tokens of a row that were computed for another row."""


class LanguageModel(Protocol):
    """A loaded model with its tokenizer."""

    @property
    def tokenizer(self) -> Any: ...

    @property
    def stop_ids(self) -> frozenset[int]:
        """Tokens that end the output."""

    @property
    def vocabulary(self) -> int:
        """Width of the logits."""

    @property
    def device(self) -> torch.device: ...

    @property
    def context(self) -> int:
        """Tokens that its positions allow a prompt (with its output, where that continues it)."""

    @property
    def max_output(self) -> int:
        """Tokens that its positions allow an output."""

    @property
    def cache_bytes_per_token(self) -> int:
        """Memory of one token's keys and values."""

    def encode(self, request: GenerationRequest) -> Prompt:
        """Tokenize.

        Raises:
            ValueError: the model cannot take the request in this form.
        """

    def prompt_limit(self, context: int, max_new_tokens: int) -> int:
        """Return the largest number of tokens of a prompt."""

    def checkpoint_processors(self, *, constrained: bool) -> list[LogitsProcessor]:
        """Return the logits processors that the checkpoint's generation config asks for. If a
        grammar constrains the output, those that a grammar replaces are left out.
        """

    def start(self, prompts: Sequence[Prompt]) -> BatchDecoding:
        """Form a batch of prompts; nothing is computed yet."""

    @property
    def scores(self) -> bool:
        """Whether the model can score a given answer."""

    def encode_scored(self, request: GenerationRequest) -> ScoringInput:
        """Tokenize a request with its answer.

        Raises:
            ValueError: as :meth:`encode`.
        """

    def score(self, rows: Sequence[ScoringInput]) -> list[list[float]]:
        """Log-probabilities of the tokens of each row's answer, in one forward pass."""


def device() -> torch.device:
    """The GPU if there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def default_step_tokens(place: torch.device) -> int:
    """Return the most prompt tokens (rows times columns) that one step computes, so that steps stay
    short: about eight seconds for a model of 1.5 billion parameters on two CPU cores.
    """
    return 16_384 if place.type == "cuda" else 1024


def number_type(checkpoint: torch.dtype | None, place: torch.device) -> torch.dtype:
    """Return the data type to compute with: the checkpoint's own on a CPU, bfloat16 on a GPU.

    Half precision becomes float32 on a CPU, where it is slow and its range overflows T5.
    """
    if place.type == "cuda":
        return torch.bfloat16
    return torch.float32 if checkpoint in (None, torch.float16) else checkpoint


def stop_ids(model: Any, tokenizer: Any, further: Sequence[str] = ()) -> frozenset[int]:
    """Return the end tokens of the checkpoint and its tokenizer, and the ``further`` ones.

    Raises:
        ValueError: the tokenizer lacks one of ``further``.
    """
    stated = model.generation_config.eos_token_id
    stated = stated if isinstance(stated, list) else [stated]
    vocabulary = tokenizer.get_vocab() if further else {}
    for token in further:
        if token not in vocabulary:
            raise ValueError(f"the model's tokenizer has no token {token!r} to stop at")
    named = [vocabulary[token] for token in further]
    return frozenset(i for i in (*stated, tokenizer.eos_token_id, *named) if i is not None)


def output_width(model: Any) -> int:
    """Return the width of the logits, often more than the tokenizer has tokens."""
    return int(model.get_output_embeddings().weight.shape[0])


def as_tensor(rows: Sequence[Sequence[int]], place: torch.device) -> torch.Tensor:
    """Return rows of equal length as a tensor [rows, columns] of int64."""
    return torch.tensor(rows, dtype=torch.long, device=place)
