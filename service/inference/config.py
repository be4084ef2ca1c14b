"""What the inference process needs to know about each engine that it builds."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from service.inference.protocol import Prompting
from service.tasks import Task

EngineKind = Literal["openvino", "transformers", "remote", "scripted"]


class PromptFormat(msgspec.Struct, frozen=True, kw_only=True):
    """How a model is given its input, and what ends its output."""

    prompting: Prompting = "chat"
    """How the model is instructed."""
    prefix: str = ""
    """Put before every source text of a ``plain`` model, such as ``summarize: ``."""
    template_arguments: dict[str, bool | int | str] = {}
    """Further arguments of the chat template, such as ``enable_thinking``."""
    language_codes: dict[str, str] = {}
    """``en`` and ``zh`` to the model's own language codes, such as ``eng_Latn``."""
    stop: tuple[str, ...] = ()
    """Tokens that end an output besides those that the checkpoint names, such as ``<|im_end|>``."""


class EngineResources(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the machine an engine may use."""

    threads: int = 0
    """Threads of the library; 0 leaves it to the library."""
    kv_cache_gb: int = 2
    """Memory for the keys and values of running and cached prompts, in GB."""
    growth_mb: int = 1536
    """By how many MiB the openvino engine's memory may grow beyond its cache. At this limit it
    starts no request until the pipeline has been reopened; at a third of it, the pipeline is
    reopened as soon as it is idle."""
    batch_sequences: int = 32
    """Largest number of sequences that are decoded together."""


class EngineConfig(msgspec.Struct, frozen=True, kw_only=True):
    """One engine of the lineup. It crosses the process boundary as MessagePack."""

    engine: EngineKind
    """Which implementation to build."""
    model: str
    """The catalogue's name of the model."""
    tasks: tuple[Task, ...]
    """What the lineup uses this model for."""
    path: Path = Path()
    """The fetched weights: a file (GGUF) or a directory in the Hugging Face layout."""
    cache_dir: Path | None = None
    """Where the engine may keep a converted form of the weights; None: nowhere."""
    context: int
    """Tokens that the model reads: prompt plus output for a decoder, the source alone for an
    encoder-decoder."""
    max_output: int = 2048
    """Tokens that one request may generate at most."""
    prompt: PromptFormat = PromptFormat()
    resources: EngineResources = EngineResources()
    extra: dict[str, str] = {}
    """Options of one engine kind only, documented with that engine."""
