"""Causal models such as Qwen and Llama: prompts are padded on the left, with one cache per batch.

Prompts of one family share a prefix. It is computed once and its keys and values are copied to each
row, before the rest of each prompt is computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

import torch
from jinja2 import TemplateError
from transformers import DynamicCache, LogitsProcessor

from service.inference.engines.scoring import first_difference
from service.inference.engines.transformers_model import (
    Prompt,
    ScoringInput,
    as_tensor,
    default_step_tokens,
    output_width,
    stop_ids,
)
from service.inference.protocol import GenerationRequest, Message, Prompting


class CausalModel:
    """A decoder with its chat template."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        *,
        prompting: Prompting,
        prefix: str = "",
        template_arguments: Mapping[str, bool | int | str] | None = None,
        stop: Sequence[str] = (),
        step_tokens: int = 0,
    ) -> None:
        if prompting != "plain" and not tokenizer.chat_template:
            raise ValueError(
                "the model's prompting is chat, but its tokenizer has no chat template"
            )
        self._model = model
        self._prompting = prompting
        self._prefix = prefix
        self._template_arguments = dict(template_arguments or {})
        self._step_tokens = step_tokens or default_step_tokens(model.device)
        self.tokenizer = tokenizer
        self.stop_ids = stop_ids(model, tokenizer, stop)
        self.vocabulary = output_width(model)
        self.device: torch.device = model.device
        self.context = int(model.config.get_text_config().max_position_embeddings)
        self.max_output = self.context
        layers = getattr(model.config.get_text_config(), "layer_types", None) or ()
        self._windowed = "sliding_attention" in layers

    @property
    def cache_bytes_per_token(self) -> int:
        """Size of the keys and values of all layers."""
        config = self._model.config.get_text_config()
        heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
        width = getattr(config, "head_dim", None)
        width = width or config.hidden_size // config.num_attention_heads
        return int(2 * config.num_hidden_layers * heads * width * self._model.dtype.itemsize)

    def encode(self, request: GenerationRequest) -> Prompt:
        """Tokenize the rendered chat template, or the plain text.

        Raises:
            ValueError: the chat template refuses the messages, or the prompt is empty.
        """
        if self._prompting == "plain":
            ids = tuple(self.tokenizer(self._prefix + request.text).input_ids)
        else:
            rendered = self._render(request.messages)
            ids = tuple(self.tokenizer(rendered, add_special_tokens=False).input_ids)
        if not ids:
            raise ValueError("the prompt is empty")
        # padding between a shared prefix and what follows would use up a sliding window
        return Prompt(ids=ids, context=ids, family="" if self._windowed else request.family)

    def _render(self, messages: Sequence[Message]) -> str:
        continued = bool(messages) and messages[-1].role == "assistant"
        try:
            rendered: str = self.tokenizer.apply_chat_template(
                [{"role": message.role, "content": message.content} for message in messages],
                tokenize=False,
                add_generation_prompt=not continued,
                continue_final_message=continued,
                **self._template_arguments,
            )
        except TemplateError as error:
            raise ValueError(f"the model's chat template: {error}") from None
        return rendered

    scores = True

    def encode_scored(self, request: GenerationRequest) -> ScoringInput:
        """Append the scored text to the rendered prompt, and tokenize both together.

        Raises:
            ValueError: the chat template refuses the messages, or the text to score is empty.
        """
        prompt = self.encode(request).ids
        before = (
            self._prefix + request.text
            if self._prompting == "plain"
            else self._render(request.messages)
        )
        whole = self.tokenizer(
            before + request.scored, add_special_tokens=self._prompting == "plain"
        ).input_ids
        start = first_difference(prompt, whole)
        if start == len(whole) or not start:
            raise ValueError("the text to score is empty")
        return ScoringInput(ids=tuple(whole), start=start)

    def score(self, rows: Sequence[ScoringInput]) -> list[list[float]]:
        """Return the log-probabilities of the answers' tokens; rows are padded on the right."""
        width = max(len(row.ids) for row in rows)
        kept = width - min(row.start for row in rows) + 1
        pads = [width - len(row.ids) for row in rows]
        ids = as_tensor(
            [[*row.ids] + [0] * pad for row, pad in zip(rows, pads, strict=True)], self.device
        )
        mask = as_tensor([[1] * (width - pad) + [0] * pad for pad in pads], self.device)
        with torch.inference_mode():
            output = self._model(
                input_ids=ids, attention_mask=mask, use_cache=False, logits_to_keep=kept
            )
        offset = width - kept
        found: list[list[float]] = []
        for at, row in enumerate(rows):
            # the logits of a token are at the position of the token before it
            logits = output.logits[at, row.start - 1 - offset : len(row.ids) - 1 - offset].float()
            chosen = ids[at, row.start : len(row.ids)].unsqueeze(1)
            found.append(torch.log_softmax(logits, -1).gather(1, chosen).squeeze(1).tolist())
        return found

    def prompt_limit(self, context: int, max_new_tokens: int) -> int:
        """The context without the room for the output."""
        return max(0, context - max_new_tokens)

    def checkpoint_processors(self, *, constrained: bool) -> list[LogitsProcessor]:  # noqa: ARG002
        """Return none: an instruct checkpoint's defaults are for sampling; the request sets it."""
        return []

    def start(self, prompts: Sequence[Prompt]) -> CausalDecoding:
        """Form a batch of prompts."""
        return CausalDecoding(self._model, prompts, self._step_tokens)


class _Prefill:
    """Token ids of one stage, [rows, columns], padded on the left and computed in slices."""

    def __init__(
        self, rows: Sequence[Sequence[int]], offsets: Sequence[int], place: torch.device
    ) -> None:
        width = max(len(row) for row in rows)
        pads = [width - len(row) for row in rows]
        self.ids = as_tensor(
            [[0] * pad + list(row) for pad, row in zip(pads, rows, strict=True)], place
        )
        self.mask = as_tensor([[0] * pad + [1] * (width - pad) for pad in pads], place)
        self.positions = as_tensor(
            [
                [offset] * pad + list(range(offset, offset + width - pad))
                for pad, offset in zip(pads, offsets, strict=True)
            ],
            place,
        )
        self.done = 0

    @property
    def finished(self) -> bool:
        return self.done == self.ids.shape[1]


class CausalDecoding:
    """One batch: its cache, the mask over its columns [rows, cached], each row's next position."""

    def __init__(self, model: Any, prompts: Sequence[Prompt], step_tokens: int) -> None:
        self._model = model
        self._step_tokens = step_tokens
        self._prompts = [prompt.ids for prompt in prompts]
        self._groups = worthwhile_groups(prompts)
        self._shared = shared_lengths(prompts, self._groups)
        self._cache = DynamicCache(config=model.config)
        self._mask = torch.empty((len(self._groups), 0), dtype=torch.long, device=model.device)
        self._next = as_tensor([[len(ids)] for ids in self._prompts], model.device)
        self._stages = [self._prefix_stage(), self._suffix_stage()]
        if not self._stages[0].ids.shape[1]:
            self._fan_out()

    def _prefix_stage(self) -> _Prefill:
        prefixes = [
            self._prompts[group[0]][:length]
            for group, length in zip(self._groups, self._shared, strict=True)
        ]
        return _Prefill(prefixes, [0] * len(prefixes), self._model.device)

    def _suffix_stage(self) -> _Prefill:
        offsets = [0] * len(self._prompts)
        for group, length in zip(self._groups, self._shared, strict=True):
            for row in group:
                offsets[row] = length
        suffixes = [ids[offset:] for ids, offset in zip(self._prompts, offsets, strict=True)]
        return _Prefill(suffixes, offsets, self._model.device)

    def _fan_out(self) -> None:
        """Expand the cache from one row per family to one row per prompt."""
        self._stages.pop(0)
        owners = {row: index for index, group in enumerate(self._groups) for row in group}
        order = torch.tensor(
            [owners[row] for row in range(len(self._prompts))], device=self._model.device
        )
        if len(self._groups) < len(self._prompts):
            self._cache.batch_select_indices(order)
        self._mask = self._mask[order]

    def prefill(self) -> torch.Tensor | None:
        """Compute the next slice of at most ``step_tokens`` tokens."""
        stage = self._stages[0]
        columns = max(1, self._step_tokens // stage.ids.shape[0])
        part = slice(stage.done, stage.done + columns)
        self._mask = torch.cat([self._mask, stage.mask[:, part]], dim=1)
        logits = self._forward(stage.ids[:, part], stage.positions[:, part])
        stage.done = min(stage.done + columns, stage.ids.shape[1])
        if not stage.finished:
            return None
        if len(self._stages) > 1:
            self._fan_out()
            return None
        return logits

    def select(self, rows: Sequence[int]) -> None:
        """Keep these rows, in this order."""
        order = torch.tensor(rows, device=self._model.device)
        self._cache.batch_select_indices(order)
        self._mask = self._mask[order]
        self._next = self._next[order]

    def advance(self, tokens: Sequence[int]) -> torch.Tensor:
        """Append one token per row."""
        column = torch.ones((len(tokens), 1), dtype=torch.long, device=self._model.device)
        self._mask = torch.cat([self._mask, column], dim=1)
        logits = self._forward(as_tensor([[t] for t in tokens], self._model.device), self._next)
        self._next = self._next + 1
        return logits

    def _forward(self, ids: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        with torch.inference_mode():
            output = self._model(
                input_ids=ids,
                attention_mask=self._mask,
                position_ids=positions,
                past_key_values=self._cache,
                use_cache=True,
                logits_to_keep=1,
            )
            logits: torch.Tensor = output.logits[:, -1].float()
        return logits

    def cached(self, row: int) -> int:
        """The length of the shared prefix for all rows of a family but the first."""
        for group, length in zip(self._groups, self._shared, strict=True):
            if row in group[1:]:
                return length
        return 0


def shared_lengths(prompts: Sequence[Prompt], groups: Sequence[Sequence[int]]) -> list[int]:
    """Return how many leading tokens each group computes once; 0 if every group has one row. At
    least one token of each prompt stays outside the prefix, because its logits are needed.
    """
    if len(groups) == len(prompts):
        return [0] * len(groups)
    lengths = []
    for group in groups:
        ids = [prompts[row].ids for row in group]
        lengths.append(min(common_prefix(ids), min(map(len, ids)) - 1))
    return lengths


def common_prefix(prompts: Sequence[Sequence[int]]) -> int:
    """Return the length of the common prefix of all prompts."""
    columns = zip(*prompts, strict=False)
    return sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, columns))


def worthwhile_groups(prompts: Sequence[Prompt]) -> list[list[int]]:
    """Group rows by family; or each alone, if padding would cost more than sharing saves."""
    families: dict[str, list[int]] = {}
    for row, prompt in enumerate(prompts):
        families.setdefault(prompt.family or f"\0{row}", []).append(row)
    alone = [[row] for row in range(len(prompts))]
    grouped = list(families.values())
    return min(alone, grouped, key=lambda groups: _padded_tokens(prompts, groups))


def _padded_tokens(prompts: Sequence[Prompt], groups: Sequence[Sequence[int]]) -> int:
    shared = shared_lengths(prompts, groups)
    suffixes = [
        len(prompts[row].ids) - length
        for group, length in zip(groups, shared, strict=True)
        for row in group
    ]
    return len(groups) * max(shared) + len(prompts) * max(suffixes)
