"""Loading for the openvino engine: a GGUF becomes an OpenVINO model, once; a model, a pipeline."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import openvino
import openvino_genai as genai
import openvino_tokenizers  # noqa: F401  teaches openvino.Core the operations of tokenizers

from service.inference.config import EngineConfig
from service.inference.engines.converted import converted
from service.inference.engines.leases import Leases
from service.inference.engines.openvino_weights import quantize_weights, save_in_place
from service.inference.protocol import GenerationRequest

_RECIPE = 2
"""Raised when :func:`convert_gguf` comes to write something else."""
STEP_TOKENS = 256
"""Tokens that one step computes at most, running sequences first: what a long prompt delays them
by. Larger steps read a prompt hardly faster."""
_BLOCK_TOKENS = 32
"""Keys and values are kept in blocks of so many tokens (on a CPU)."""
_PRIMITIVES = 64
"""Kernels that oneDNN keeps for the whole process, by the shapes that they are for; it would keep
1024. A pipeline has a cache of its own, which goes with it."""
_WHOLE_TOKEN = str(np.iinfo(np.uint64).max)
_UNLIMITED = np.iinfo(np.int32).max


def convert_gguf(gguf: Path, target: Path) -> None:
    """Write a GGUF's model, its matrices as INT8, and tokenizer to the directory ``target``.

    A 1.5-billion model takes about a minute, and 1.7 GB.
    """
    transcribe_gguf(gguf, target)
    quantize_weights(target / "openvino_model.xml")


def transcribe_gguf(gguf: Path, target: Path) -> None:
    """Write a GGUF as OpenVINO's own files, its numbers unchanged.

    The library writes beside the GGUF, so it is shown a link to it.
    """
    link = target / "model.gguf"
    link.symlink_to(gguf.resolve())
    genai.Tokenizer(link, enable_save_ov_model=True)
    smallest = genai.SchedulerConfig()
    smallest.num_kv_blocks = 1
    genai.ContinuousBatchingPipeline(link, smallest, "CPU", {"enable_save_ov_model": True})
    link.unlink()
    _lift_token_limit(target)


def _lift_token_limit(directory: Path) -> None:
    """Undo what the library (2026.4) does to a GGUF's tokenizer: it cuts every text after 8192
    tokens, without a word.
    """
    path = directory / "openvino_tokenizer.xml"
    model = openvino.Core().read_model(path)
    limits = [
        source
        for node in model.get_ordered_ops()
        if node.get_type_name() == "Minimum"
        for source in (port.get_source_output().get_node() for port in node.inputs())
        if source.get_type_name() == "Constant"
    ]
    for limit in limits:
        lifted = openvino.opset13.constant(np.array(_UNLIMITED, dtype=np.int32))
        for port in limit.output(0).get_target_inputs():
            port.replace_source_output(lifted.output(0))
    save_in_place(model, path)


_LEASES = Leases()
"""Those of this process, which end with it: a pipeline is opened anew from its form at any time."""


def model_directory(config: EngineConfig) -> Path:
    """Where the model stands as OpenVINO's files; a GGUF is converted the first time.

    Raises:
        ValueError: a GGUF, and no ``cache_dir`` for its converted form.
    """
    if config.path.suffix != ".gguf":
        return config.path
    recipe = f"{_RECIPE} {genai.__version__}"
    build = partial(convert_gguf, config.path)
    return converted(config.path, config.cache_dir, "openvino", recipe, build, leases=_LEASES)


def scheduler(config: EngineConfig) -> Any:
    """The pipeline's limits. The engine itself bounds the number of sequences."""
    limits = genai.SchedulerConfig()
    limits.cache_size = config.resources.kv_cache_gb
    limits.enable_prefix_caching = True
    limits.dynamic_split_fuse = True
    limits.max_num_batched_tokens = max(STEP_TOKENS, config.resources.batch_sequences)
    limits.max_num_seqs = config.resources.batch_sequences
    return limits


def _properties(config: EngineConfig) -> dict[str, str]:
    """How this machine's CPU multiplies by INT8 weights fastest (ADR 7), and the caller's wishes.

    With AMX, the activations are rounded to INT8 too, a scale for each token. Without, the plugin
    does so, a scale for each group, only where it computes in f32. The kernels for AMX (2026.4)
    share each matrix between two threads: one thread divides by zero, and an odd number of them
    writes beyond their memory.
    """
    threads = _usable_threads(config.resources.threads)
    properties = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "128"}
    if threads > 1 and "amx_int8" in _cpu_flags():
        threads -= threads % 2
        properties = {
            "INFERENCE_PRECISION_HINT": "bf16",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": _WHOLE_TOKEN,
        }
    properties["INFERENCE_NUM_THREADS"] = str(threads)
    return properties | config.extra


def _usable_threads(wanted: int) -> int:
    """The threads that the plugin takes if it is asked for ``wanted``, 0 being its own choice: at
    most a thread for each physical core that is open to the process.
    """
    parameter = openvino.opset13.parameter([1], np.float32)
    nothing = openvino.Model([openvino.opset13.relu(parameter)], [parameter])
    asked = {"INFERENCE_NUM_THREADS": wanted} if wanted else {}
    return int(openvino.compile_model(nothing, "CPU", asked).get_property("INFERENCE_NUM_THREADS"))


def _cpu_flags() -> frozenset[str]:
    """The instruction sets, as Linux names them; nothing on another system."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line for line in lines if line.startswith("flags")), "").split())


def open_pipeline(config: EngineConfig, limits: Any = None) -> Any:
    """Load the pipeline that ``config`` names; ``limits``, a ``SchedulerConfig``, stands in for
    :func:`scheduler`'s.

    Raises:
        RuntimeError: the library cannot read the model.
        ValueError: see :func:`model_directory`.
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(_PRIMITIVES))
    properties: dict[str, Any] = dict(_properties(config))
    if config.resources.threads:
        properties["sampler_num_threads"] = config.resources.threads
    return genai.ContinuousBatchingPipeline(
        model_directory(config), limits or scheduler(config), "CPU", properties
    )


class Prompts:
    """Turns requests into token ids, and ids into text."""

    def __init__(self, tokenizer: Any, config: EngineConfig) -> None:
        if config.prompt.prompting != "plain" and not tokenizer.chat_template:
            raise ValueError(
                "the model's prompting is chat, but its tokenizer has no chat template"
            )
        self._tokenizer = tokenizer
        self._config = config
        self.stop_ids = _token_ids(tokenizer, config.prompt.stop)

    def encode(self, request: GenerationRequest, before: str = "", after: str = "") -> Any:
        """Return the prompt's ids as a tensor [1, tokens] of int64, with the text ``before`` it and
        that ``after`` it.

        Raises:
            ValueError: the chat template refuses the messages, or nothing is left to read.
        """
        if self._config.prompt.prompting == "plain":
            text = before + self._config.prompt.prefix + request.text + after
            ids = self._tokenizer.encode(text).input_ids
        else:
            rendered = before + self._render(request) + after
            ids = self._tokenizer.encode(rendered, add_special_tokens=False).input_ids
        if not ids.size:
            raise ValueError("the prompt is empty")
        return ids

    def _render(self, request: GenerationRequest) -> str:
        *before, last = request.messages or (None,)
        if last is None:
            raise ValueError("the prompt is empty")
        continued = last.content if last.role == "assistant" else ""
        turns = before if last.role == "assistant" else request.messages
        try:
            rendered: str = self._tokenizer.apply_chat_template(
                [{"role": turn.role, "content": turn.content} for turn in turns],
                add_generation_prompt=True,
                extra_context=self._config.prompt.template_arguments or None,
            )
        except RuntimeError as error:
            raise ValueError("the model's chat template refuses the messages") from error
        return rendered + continued

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of ids; special tokens, those that end an output and broken characters
        are left out.
        """
        text: str = self._tokenizer.decode([one for one in ids if one not in self.stop_ids])
        return text


def _token_ids(tokenizer: Any, tokens: Sequence[str]) -> frozenset[int]:
    """Ids of the named tokens.

    Raises:
        ValueError: there is no such token.
    """
    if not tokens:
        return frozenset()
    vocabulary = tokenizer.get_vocab()
    for token in tokens:
        if token.encode() not in vocabulary:
            raise ValueError(f"the model's tokenizer has no token {token!r} to stop at")
    return frozenset(vocabulary[token.encode()] for token in tokens)


class Memory:
    """The room for keys and values, in blocks of ``block_tokens``. ``tokens`` is its size."""

    block_tokens = _BLOCK_TOKENS

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens
        self.blocks = tokens // _BLOCK_TOKENS

    def blocks_for(self, prompt: int, max_new_tokens: int, candidates: int) -> int:
        """Blocks of a request at its end, in the worst case: nothing of it cached before.

        One of them is never used. Were there a step in which no sequence finds a block, as when a
        cancelled request is about to leave, the pipeline would drop them all.
        """
        return -(-prompt // _BLOCK_TOKENS) + self._blocks_to_write(max_new_tokens, candidates)

    def prompt_limit(self, max_new_tokens: int, candidates: int) -> int:
        """Tokens of the longest prompt that leaves room for its output."""
        blocks = self.blocks - self._blocks_to_write(max_new_tokens, candidates)
        return max(0, blocks * _BLOCK_TOKENS)

    def blocks_beyond(self, prompt: int, generated: int) -> int:
        """Blocks that one candidate has beyond those that its prompt fills."""
        return -(-(prompt % _BLOCK_TOKENS + generated) // _BLOCK_TOKENS)

    def _blocks_to_write(self, max_new_tokens: int, candidates: int) -> int:
        """Each candidate has its own copy of the block in which the prompt ends."""
        return candidates * (-(-max_new_tokens // _BLOCK_TOKENS) + 1)


def measure_memory(pipeline: Any) -> Memory:
    """Run one block of tokens through an idle pipeline and see what share of its memory that took.

    The first inference also prepares the weights, which takes seconds better spent before the
    engine says that it is ready.
    """
    ids = openvino.Tensor(np.zeros((1, _BLOCK_TOKENS), dtype=np.int64))
    settings = genai.GenerationConfig(max_new_tokens=1, apply_chat_template=False)
    handle = pipeline.add_request(0, ids, settings)
    pipeline.step()
    percent = pipeline.get_metrics().cache_usage
    del handle
    while pipeline.has_non_finished_requests():
        pipeline.step()
    return Memory(round(_BLOCK_TOKENS * 100 / percent))
