"""xgrammar for the transformers engine: an EBNF becomes masks over the model's vocabulary.

Compilation runs on a thread of its own, so that decoding never waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import torch
import xgrammar

_START = "jianbao_start"
_STARTED_WITH_SPACE = f'\n{_START} ::= " "? root\n'
_CACHE_BYTES = 256 * 1024 * 1024


class GrammarError(ValueError):
    """The EBNF does not compile; the text is xgrammar's own."""


class Vocabulary:
    """A model's output vocabulary as xgrammar reads it.

    ``size`` is the width of the logits. ``leading_space`` says that the tokenizer writes a word's
    space before it, the first word's too (sentencepiece), where decoding strips it again.
    """

    def __init__(self, info: xgrammar.TokenizerInfo, *, leading_space: bool) -> None:
        self.info = info
        self.size: int = info.vocab_size
        self.leading_space = leading_space


def read_vocabulary(tokenizer: Any, size: int, stop_ids: Iterable[int]) -> Vocabulary | None:
    """Spell out what each of ``size`` token ids adds to the text; None where that is not known.

    Known are byte-level BPE (``Ġ`` for a space) and sentencepiece (``▁``), not WordPiece. Built by
    hand: ``TokenizerInfo.from_huggingface`` (0.2.8) refuses Marian's tokenizer, takes ``▁`` for a
    letter in those that transformers rebuilds from a sentencepiece model, and lets a grammar that
    allows letters write special tokens.
    """
    pieces = _output_pieces(tokenizer)
    byte_level = sum(piece.startswith("Ġ") for piece in pieces)
    sentencepiece = sum(piece.startswith("▁") for piece in pieces)
    if not byte_level and not sentencepiece:
        return None
    spelled = [""] * size
    for piece, index in pieces.items():
        if index < size:
            spelled[index] = piece
    for index in _special_ids(tokenizer):
        if index < size:
            spelled[index] = ""  # an empty token is one that no grammar may use
    kinds = xgrammar.VocabType
    kind = kinds.BYTE_LEVEL if byte_level > sentencepiece else kinds.BYTE_FALLBACK
    info = xgrammar.TokenizerInfo(
        spelled, kind, vocab_size=size, stop_token_ids=sorted(i for i in stop_ids if i < size)
    )
    return Vocabulary(info, leading_space=kind is kinds.BYTE_FALLBACK)


def _output_pieces(tokenizer: Any) -> Mapping[str, int]:
    if getattr(tokenizer, "separate_vocabs", False):  # Marian with one vocabulary a side
        pieces: Mapping[str, int] = tokenizer.target_encoder
    else:
        pieces = tokenizer.get_vocab()
    return pieces


def _special_ids(tokenizer: Any) -> set[int]:
    added = tokenizer.added_tokens_decoder.items()
    languages = getattr(tokenizer, "supported_language_codes", ())
    return {
        *tokenizer.all_special_ids,
        *(index for index, token in added if token.special),
        *(tokenizer.convert_tokens_to_ids(code) for code in languages),
    }


class GrammarCompiler:
    """Compiles grammars for one vocabulary, each once, on one background thread."""

    def __init__(self, vocabulary: Vocabulary, *, threads: int = 0) -> None:
        self._vocabulary = vocabulary
        self._compiler = xgrammar.GrammarCompiler(
            vocabulary.info, max_threads=threads or 8, cache_limit_bytes=_CACHE_BYTES
        )
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="grammar")

    def compile(self, ebnf: str) -> Future[Any]:
        """Give the compiled grammar, later; the future raises :class:`GrammarError`."""
        return self._executor.submit(self._compile, ebnf)

    def _compile(self, ebnf: str) -> Any:
        try:
            if self._vocabulary.leading_space:
                return self._compiler.compile_grammar(
                    ebnf + _STARTED_WITH_SPACE, root_rule_name=_START
                )
            return self._compiler.compile_grammar(ebnf)
        except (RuntimeError, ValueError) as error:
            raise GrammarError(str(error)) from None

    def close(self) -> None:
        """Forget what waits and end the thread."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def mask_logits(logits: torch.Tensor, matchers: Sequence[xgrammar.GrammarMatcher | None]) -> None:
    """Set to -inf, in place, what each row's grammar does not allow next.

    ``logits`` is float32 [rows, vocabulary]; a row whose matcher is None is left as it is.
    """
    bound = {row: matcher for row, matcher in enumerate(matchers) if matcher is not None}
    if not bound:
        return
    bitmask = xgrammar.allocate_token_bitmask(len(matchers), logits.shape[-1])
    for row, matcher in bound.items():
        matcher.fill_next_token_bitmask(bitmask, row)
    xgrammar.apply_token_bitmask_inplace(logits, bitmask.to(logits.device), indices=list(bound))
