"""Which engine runs a model."""

from __future__ import annotations

from typing import Literal

from service.inference.config import EngineKind
from service.inference.engines.readable import OPENVINO_GGUF
from service.weights.catalogue import Model

_X86_64 = {"x86_64", "amd64"}


def choose_engine(
    model: Model, wanted: Literal["auto", "openvino", "transformers", "remote"], machine: str
) -> EngineKind:
    """Return the engine for a model: what the operator wants, else the fastest that reads it."""
    if wanted != "auto":
        return wanted
    readable = not model.model_type or model.model_type in OPENVINO_GGUF
    fast = model.format == "gguf" and readable and machine.lower() in _X86_64
    return "openvino" if fast else "transformers"
