"""The transformers engine: any Hugging Face causal or encoder-decoder model, on CPU or CUDA.

It runs its own loop in place of ``generate``, one forward pass per step, so that requests can be
batched, cancelled and streamed between any two tokens. Decoding is greedy or sampled; there is no
beam search, and a checkpoint's ``num_beams`` is ignored.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import Future, wait
from functools import partial
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    GgufConfig,
)
from transformers.utils import logging

from service.inference.config import EngineConfig
from service.inference.engines.common import describe, refuse_task
from service.inference.engines.converted import converted
from service.inference.engines.grammar import GrammarCompiler, GrammarError, read_vocabulary
from service.inference.engines.leases import Leases
from service.inference.engines.transformers_batch import (
    Batch,
    BatchBudget,
    TokenizedRequest,
    form_batch,
)
from service.inference.engines.transformers_causal import CausalModel
from service.inference.engines.transformers_model import (
    LanguageModel,
    device,
    number_type,
)
from service.inference.engines.transformers_scoring import ScoredEntry, ScoringBatch, first_of
from service.inference.engines.transformers_seq2seq import Seq2SeqModel
from service.inference.protocol import Capabilities, Event, Failure, GenerationRequest

_RECIPE = 1
"""Version of what :func:`export_safetensors` writes; increased when that changes."""
_COMPILING_WAIT_SECONDS = 0.05
"""How long a step waits for a grammar to compile when there is no other work."""


def export_safetensors(gguf: Path, target: Path) -> None:
    """Write a GGUF's model, dequantized to bfloat16, and its tokenizer to the directory
    ``target``, in the Hugging Face format. A 1.5-billion model takes about a minute and 3 GB.
    """
    AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(target)
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent,
        gguf_file=gguf.name,
        dtype=torch.bfloat16,
        quantization_config=GgufConfig(dequantize=True),
    )
    model.save_pretrained(target)


_LEASES = Leases()
"""The leases that this process holds until it exits."""


def model_directory(config: EngineConfig) -> Path:
    """Return the model's directory in the Hugging Face format; a GGUF is converted once."""
    if config.path.suffix != ".gguf":
        return config.path
    recipe = f"{_RECIPE} {transformers.__version__}"
    build = partial(export_safetensors, config.path)
    return converted(config.path, config.cache_dir, "safetensors", recipe, build, leases=_LEASES)


def load_model(config: EngineConfig) -> LanguageModel:
    """Load a model and its tokenizer from ``config.path``, without network access.

    The path is a directory in the Hugging Face format, or a GGUF file, whose safetensors form is
    kept in ``config.cache_dir``.

    Raises:
        OSError: files are missing.
        ValueError: the files do not fit the configuration (chat template, language codes, tokens
            to stop at).
    """
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    directory = model_directory(config)
    place = device()
    description = AutoConfig.from_pretrained(directory, local_files_only=True)
    family: Any = AutoModelForSeq2SeqLM if description.is_encoder_decoder else AutoModelForCausalLM
    model = family.from_pretrained(directory, dtype="auto", local_files_only=True)
    model = model.to(place, number_type(model.dtype, place)).eval()
    with warnings.catch_warnings():
        # Marian's optional punctuation normalizer: the service normalizes texts itself.
        warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
        tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True)
    if description.is_encoder_decoder:
        return Seq2SeqModel(
            model,
            tokenizer,
            prefix=config.prompt.prefix,
            language_codes=config.prompt.language_codes,
        )
    return CausalModel(
        model,
        tokenizer,
        prompting=config.prompt.prompting,
        prefix=config.prompt.prefix,
        template_arguments=config.prompt.template_arguments,
        stop=config.prompt.stop,
    )


class TransformersEngine:
    """Implements :class:`service.inference.protocol.Engine`.

    One batch runs at a time; requests that arrive meanwhile form the next one. An exception from
    :meth:`step` drops the running batch but no waiting request; to retry a dropped request, submit
    it again.
    """

    def __init__(self, config: EngineConfig, model: LanguageModel | None = None) -> None:
        """Load the model that ``config`` names, or use ``model`` instead."""
        if config.resources.threads:
            torch.set_num_threads(config.resources.threads)
        self._config = config
        self._model: LanguageModel | None = model or load_model(config)
        self._context = min(config.context, self._model.context)
        self._max_output = min(config.max_output, self._model.max_output)
        self._compiler = _compiler(self._model, config.resources.threads)
        self._budget = BatchBudget(
            sequences=config.resources.batch_sequences,
            tokens=config.resources.kv_cache_gb * 10**9 // self._model.cache_bytes_per_token,
        )
        self._waiting: list[TokenizedRequest] = []
        self._to_score: list[ScoredEntry] = []
        self._batch: Batch | ScoringBatch | None = None
        self._failures: list[Event] = []

    @property
    def capabilities(self) -> Capabilities:
        """The configuration, within the limits of the model."""
        return describe(
            self._config,
            context=self._context,
            max_output=self._max_output,
            grammar=self._compiler is not None,
            prefix_cache=False,
            scores=self._loaded().scores,
        )

    def submit(self, request: GenerationRequest) -> None:
        """Tokenize and queue a request; it replaces one of the same id."""
        self.cancel(request.id)
        accepted = self._accept(request)
        match accepted:
            case TokenizedRequest():
                self._waiting.append(accepted)
            case ScoredEntry():
                self._to_score.append(accepted)
            case Failure():
                self._failures.append(accepted)

    def _accept(self, request: GenerationRequest) -> TokenizedRequest | ScoredEntry | Failure:
        if refused := refuse_task(self._config, request):
            return refused
        try:
            return self._encode(request)
        except ValueError as error:
            return Failure(id=request.id, kind="engine_error", message=str(error))

    def _encode(self, request: GenerationRequest) -> TokenizedRequest | ScoredEntry | Failure:
        """Tokenize a request whose task is served.

        Raises:
            ValueError: the model cannot take the request in this form.
        """
        model = self._loaded()
        if request.scored:
            return self._encode_scored(request)
        prompt = model.encode(request)
        max_new_tokens = max(1, min(request.max_new_tokens, self._max_output))
        limit = model.prompt_limit(self._context, max_new_tokens)
        if len(prompt.ids) > limit:
            return Failure(
                id=request.id,
                kind="prompt_too_long",
                message=f"the prompt has {len(prompt.ids)} tokens, at most {limit} fit",
                tokens=len(prompt.ids),
                limit=limit,
            )
        if request.grammar is None:
            return TokenizedRequest(request, prompt, max_new_tokens)
        if self._compiler is None:
            message = f"{self._config.model} does not support grammars"
            return Failure(id=request.id, kind="bad_grammar", message=message)
        return TokenizedRequest(
            request, prompt, max_new_tokens, self._compiler.compile(request.grammar)
        )

    def _encode_scored(self, request: GenerationRequest) -> ScoredEntry | Failure:
        row = self._loaded().encode_scored(request)
        if len(row.ids) > self._context:
            return Failure(
                id=request.id,
                kind="prompt_too_long",
                message=f"prompt and answer have {len(row.ids)} tokens, "
                f"at most {self._context} fit",
                tokens=len(row.ids),
                limit=self._context,
            )
        return ScoredEntry(request, row)

    def cancel(self, request_id: str) -> None:
        """Drop a request; a running one leaves its batch before the next step."""
        for entry in self._waiting:
            if entry.request.id == request_id and entry.grammar is not None:
                entry.grammar.cancel()
        self._waiting = [entry for entry in self._waiting if entry.request.id != request_id]
        self._to_score = [entry for entry in self._to_score if entry.request.id != request_id]
        self._failures = [event for event in self._failures if event.id != request_id]
        if self._batch is not None:
            self._batch.drop(request_id)
            self._leave_finished_batch()

    def step(self) -> Sequence[Event]:
        """Run at most one forward pass; return its events."""
        if self._batch is None:
            self._begin_batch()
        events, self._failures = self._failures, []
        if events or self._batch is None:
            return events
        try:
            events = self._batch.step()
        except BaseException:
            self._batch = None
            raise
        self._leave_finished_batch()
        return events

    def _begin_batch(self) -> None:
        """Form a batch of the requests that are ready. If all wait for grammars, wait a moment."""
        compiling = [entry.grammar for entry in self._waiting if entry.grammar is not None]
        if compiling and len(compiling) == len(self._waiting):
            wait(compiling, timeout=_COMPILING_WAIT_SECONDS, return_when="FIRST_COMPLETED")
        self._fail_bad_grammars()
        entries = form_batch([entry for entry in self._waiting if entry.ready], self._budget)
        if entries:
            chosen = {entry.request.id for entry in entries}
            self._waiting = [entry for entry in self._waiting if entry.request.id not in chosen]
            self._batch = Batch(self._loaded(), self._config.model, entries)
        elif self._to_score and not self._waiting:
            # scores are not streamed, so requests to generate go first
            taken = first_of(self._to_score, self._loaded(), self._budget.sequences)
            self._to_score = self._to_score[len(taken) :]
            self._batch = ScoringBatch(self._loaded(), self._config.model, taken)

    def _fail_bad_grammars(self) -> None:
        """Fail the requests whose grammars did not compile."""
        for entry in list(self._waiting):
            error = _grammar_error(entry.grammar)
            if error is not None:
                self._waiting.remove(entry)
                failure = Failure(id=entry.request.id, kind="bad_grammar", message=str(error))
                self._failures.append(failure)

    def _leave_finished_batch(self) -> None:
        if self._batch is not None and self._batch.done:
            self._batch = None

    def _loaded(self) -> LanguageModel:
        if self._model is None:
            raise RuntimeError("the engine is closed")
        return self._model

    @property
    def busy(self) -> bool:
        """Whether any request waits or runs, or a failure has yet to be reported."""
        waits = self._waiting or self._to_score or self._failures
        return bool(waits or self._batch is not None)

    def close(self) -> None:
        """Release the model and the grammar threads; drop all requests."""
        self._waiting, self._to_score, self._failures, self._batch = [], [], [], None
        if self._compiler is not None:
            self._compiler.close()
        self._model = None
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _compiler(model: LanguageModel, threads: int) -> GrammarCompiler | None:
    vocabulary = read_vocabulary(model.tokenizer, model.vocabulary, model.stop_ids)
    return GrammarCompiler(vocabulary, threads=threads) if vocabulary else None


def _grammar_error(compiling: Future[Any] | None) -> GrammarError | None:
    """The error of a grammar whose compilation has failed."""
    if compiling is None or not compiling.done():
        return None
    error = compiling.exception()
    if error is None or isinstance(error, GrammarError):
        return error
    raise error
