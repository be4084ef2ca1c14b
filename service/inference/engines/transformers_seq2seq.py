"""Encoder-decoders (Marian, T5 and mT5, BART, Pegasus, mBART, NLLB, M2M100), and how each is given
its source and target language.

| tokenizer | source language | target language |
|---|---|---|
| Marian, several targets | | ``>>cmn_Hans<<`` before the text |
| mBART | ``src_lang`` | the decoder starts with its token |
| mBART-50, NLLB, M2M100 | ``src_lang`` | its token is forced after the decoder's start |
| T5, BART, Pegasus, Marian of one pair | | the text's prefix, if any |
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from transformers import (
    DynamicCache,
    EncoderDecoderCache,
    LogitsProcessor,
    MBartTokenizer,
    MinLengthLogitsProcessor,
    NoBadWordsLogitsProcessor,
    NoRepeatNGramLogitsProcessor,
)
from transformers.modeling_outputs import BaseModelOutput

from service.inference.engines.transformers_model import (
    Prompt,
    ScoringInput,
    as_tensor,
    default_step_tokens,
    output_width,
    stop_ids,
)
from service.inference.protocol import GenerationRequest


class Seq2SeqModel:
    """An encoder-decoder with its language tokens."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        *,
        prefix: str = "",
        language_codes: Mapping[str, str] | None = None,
        step_tokens: int = 0,
    ) -> None:
        self._model = model
        self._language_tokens = LanguageTokens(tokenizer, language_codes or {})
        self._prefix = prefix
        self._step_tokens = step_tokens or default_step_tokens(model.device)
        self.tokenizer = tokenizer
        self.stop_ids = stop_ids(model, tokenizer)
        self.vocabulary = output_width(model)
        self.device: torch.device = model.device
        self.context = _positions(model.config)
        self.max_output = self.context - 2  # the decoder's start and a language token

    @property
    def cache_bytes_per_token(self) -> int:
        """Size of the keys and values of all decoder layers, for a source or an output token."""
        config = self._model.config
        layers = getattr(config, "decoder_layers", None) or config.num_decoder_layers
        heads = getattr(config, "decoder_attention_heads", None) or config.num_heads
        width = getattr(config, "d_kv", None) or config.d_model // heads
        return int(2 * layers * heads * width * self._model.dtype.itemsize)

    def encode(self, request: GenerationRequest) -> Prompt:
        """Tokenize the source with its language tokens."""
        text = self._language_tokens.mark(
            self._prefix + request.text, request.source, request.target
        )
        ids = tuple(self.tokenizer(text).input_ids)
        return Prompt(ids=ids, context=self._opening(request.target), family=request.family)

    def _opening(self, target: str) -> tuple[int, ...]:
        """The tokens that the decoder's output starts with."""
        defaults = self._model.generation_config
        language = self._language_tokens.target_id(target)
        if language is not None and self._language_tokens.starts_decoder:
            return (language,)
        start = defaults.decoder_start_token_id
        start = self._model.config.decoder_start_token_id if start is None else start
        forced = defaults.forced_bos_token_id if language is None else language
        return (start,) if forced is None else (start, forced)

    def prompt_limit(self, context: int, max_new_tokens: int) -> int:  # noqa: ARG002
        """The whole context: the output has a context of its own."""
        return context

    def checkpoint_processors(self, *, constrained: bool) -> list[LogitsProcessor]:
        """Return what checkpoints for summaries and translations ask for: no repeated n-grams, no
        banned words, and a minimum length. A grammar replaces the last two.
        """
        defaults = self._model.generation_config
        stops = sorted(self.stop_ids)
        processors: list[LogitsProcessor] = []
        if defaults.no_repeat_ngram_size:
            processors.append(NoRepeatNGramLogitsProcessor(defaults.no_repeat_ngram_size))
        if defaults.bad_words_ids and not constrained:
            processors.append(NoBadWordsLogitsProcessor(defaults.bad_words_ids, stops))
        if defaults.min_length and not constrained:
            processors.append(MinLengthLogitsProcessor(defaults.min_length, stops))
        return processors

    scores = False

    def encode_scored(self, request: GenerationRequest) -> ScoringInput:
        """Encoder-decoders do not score.

        Raises:
            ValueError: always.
        """
        raise ValueError(f"an encoder-decoder cannot score texts ({request.task})")

    def score(self, rows: Sequence[ScoringInput]) -> list[list[float]]:  # noqa: ARG002
        """Return nothing: see :meth:`encode_scored`."""
        return []

    def start(self, prompts: Sequence[Prompt]) -> Seq2SeqDecoding:
        """Form a batch of prompts."""
        return Seq2SeqDecoding(self._model, prompts, self._step_tokens)


def _positions(config: Any) -> int:
    """Most tokens of a source or an output; T5 has relative positions and so no limit."""
    return int(getattr(config, "max_position_embeddings", None) or sys.maxsize)


class LanguageTokens:
    """A tokenizer's language tokens; ``codes`` maps ``en`` and ``zh`` to its own codes.

    Raises:
        ValueError: the tokenizer does not know a code.
    """

    def __init__(self, tokenizer: Any, codes: Mapping[str, str]) -> None:
        self._tokenizer = tokenizer
        self._codes = dict(codes)
        self._marked = bool(getattr(tokenizer, "supported_language_codes", ()))
        self._tagged = bool(codes) and hasattr(tokenizer, "src_lang")
        self.starts_decoder = isinstance(tokenizer, MBartTokenizer)
        for language in codes if self._marked or self._tagged else ():
            self._token_id(language)

    def mark(self, text: str, source: str, target: str) -> str:
        """Set the tokenizer's source language, and put the token of ``target`` before the text if
        the model expects it there.
        """
        if self._tagged and source in self._codes:
            self._tokenizer.src_lang = self._codes[source]
        if self._marked and target in self._codes:
            return f">>{self._codes[target]}<< {text}"
        return text

    def target_id(self, language: str) -> int | None:
        """The token that makes the decoder write ``language``; None if there is none."""
        if not self._tagged or language not in self._codes:
            return None
        return self._token_id(language)

    def _token_id(self, language: str) -> int:
        code = self._codes[language]
        if self._marked:
            known = f">>{code}<<" in self._tokenizer.supported_language_codes
        elif hasattr(self._tokenizer, "lang_code_to_token"):  # M2M100 writes __zh__
            code = self._tokenizer.lang_code_to_token.get(code, code)
            known = code in self._tokenizer.lang_token_to_id
        else:
            known = self._tokenizer.convert_tokens_to_ids(code) not in (
                None,
                self._tokenizer.unk_token_id,
            )
        if not known:
            raise ValueError(f"the tokenizer has no language {self._codes[language]!r}")
        return int(self._tokenizer.convert_tokens_to_ids(code))


class Seq2SeqDecoding:
    """One batch: encoded sources [rows, source, hidden], their mask [rows, source], and the cache.

    The decoder starts with the same number of tokens in every row, so its side needs no padding.
    """

    def __init__(self, model: Any, prompts: Sequence[Prompt], step_tokens: int) -> None:
        self._model = model
        width = max(len(prompt.ids) for prompt in prompts)
        pad = model.config.pad_token_id or 0
        self._ids = as_tensor(
            [[*prompt.ids] + [pad] * (width - len(prompt.ids)) for prompt in prompts], model.device
        )
        self._mask = as_tensor(
            [[1] * len(prompt.ids) + [0] * (width - len(prompt.ids)) for prompt in prompts],
            model.device,
        )
        self._openings = as_tensor([prompt.context for prompt in prompts], model.device)
        self._rows_a_step = max(1, step_tokens // width)
        self._parts: list[torch.Tensor] = []
        self._encoded = 0
        self._hidden = torch.empty(0)
        self._cache = EncoderDecoderCache(
            DynamicCache(config=model.config), DynamicCache(config=model.config)
        )

    def prefill(self) -> torch.Tensor | None:
        """Encode the next sources; once all are encoded, start the decoder."""
        if self._encoded < len(self._ids):
            part = slice(self._encoded, self._encoded + self._rows_a_step)
            with torch.inference_mode():
                output = self._model.get_encoder()(
                    input_ids=self._ids[part], attention_mask=self._mask[part]
                )
            self._parts.append(output.last_hidden_state)
            self._encoded += len(self._ids[part])
            return None
        self._hidden = torch.cat(self._parts)
        self._parts.clear()
        return self._forward(self._openings)

    def select(self, rows: Sequence[int]) -> None:
        """Keep these rows, in this order."""
        order = torch.tensor(rows, device=self._model.device)
        self._cache.batch_select_indices(order)
        self._mask = self._mask[order]
        self._hidden = self._hidden[order]

    def advance(self, tokens: Sequence[int]) -> torch.Tensor:
        """Append one token per row."""
        return self._forward(as_tensor([[token] for token in tokens], self._model.device))

    def _forward(self, ids: torch.Tensor) -> torch.Tensor:
        with torch.inference_mode():
            output = self._model(
                encoder_outputs=BaseModelOutput(last_hidden_state=self._hidden),
                attention_mask=self._mask,
                decoder_input_ids=ids,
                past_key_values=self._cache,
                use_cache=True,
            )
            logits: torch.Tensor = output.logits[:, -1].float()
        return logits

    def cached(self, row: int) -> int:  # noqa: ARG002
        """Return 0: an encoder reads the whole source at once."""
        return 0
