"""What the two families of models, causal and encoder-decoder, offer to the batching loop."""

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
    """A request whose answer is given, tokenized: ``ids`` holds both, the answer from ``start``
    on.
    """

    ids: tuple[int, ...]
    start: int

    @property
    def answer(self) -> tuple[int, ...]:
        """The tokens whose likelihood is asked."""
        return self.ids[self.start :]


class BatchDecoding(Protocol):
    """The tensors of one batch on its way from prompt to text. Rows stand in the prompts' order."""

    def prefill(self) -> torch.Tensor | None:
        """Compute the next slice of the prompts; after the last one, the logits [rows, vocabulary]
        of the first new token.
        """

    def select(self, rows: Sequence[int]) -> None:
        """Keep these rows, in this order; a row may be taken several times."""

    def advance(self, tokens: Sequence[int]) -> torch.Tensor:
        """Append one token a row and return the logits [rows, vocabulary] of the next."""

    def cached(self, row: int) -> int:
        """Prompt tokens of a row of the prompts that were computed for another one."""


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
            ValueError: the request cannot be put in the model's form.
        """

    def prompt_limit(self, context: int, max_new_tokens: int) -> int:
        """How many tokens a prompt may have."""

    def habits(self, *, constrained: bool) -> list[LogitsProcessor]:
        """What the checkpoint itself asks of decoding; ``constrained`` by a grammar, only what
        no grammar knows.
        """

    def start(self, prompts: Sequence[Prompt]) -> BatchDecoding:
        """Put prompts in a batch; nothing is computed yet."""

    @property
    def scores(self) -> bool:
        """Whether it can say how likely a given answer is."""

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
    """Prompt tokens (rows times columns) that one step computes at most, so that a step stays
    short: about eight seconds of a 1.5-billion model on two CPU cores.
    """
    return 16_384 if place.type == "cuda" else 1024


def number_type(checkpoint: torch.dtype | None, place: torch.device) -> torch.dtype:
    """In what numbers to compute a checkpoint: its own on a CPU, bfloat16 on a GPU.

    Half precision becomes float32 on a CPU, where it is slow and its range overflows T5.
    """
    if place.type == "cuda":
        return torch.bfloat16
    return torch.float32 if checkpoint in (None, torch.float16) else checkpoint


def stop_ids(model: Any, tokenizer: Any, further: Sequence[str] = ()) -> frozenset[int]:
    """Every token that the checkpoint or its tokenizer says ends a text, and the ``further`` ones.

    Raises:
        ValueError: the tokenizer has no such token.
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
    """Width of the logits: often more than the tokenizer has tokens."""
    return int(model.get_output_embeddings().weight.shape[0])


def as_tensor(rows: Sequence[Sequence[int]], place: torch.device) -> torch.Tensor:
    """Rows of one length as [rows, columns] of int64."""
    return torch.tensor(rows, dtype=torch.long, device=place)
