"""What each engine can read, by what weights say of themselves (``model_type`` of ``config.json``,
``general.architecture`` of a GGUF). Nothing of a library is imported until it is asked.
"""

from __future__ import annotations

from typing import Literal

from service.inference.config import EngineKind

OPENVINO_GGUF = frozenset({"llama", "qwen2", "qwen3"})
"""Architectures that OpenVINO GenAI (2026.4) builds from a GGUF; it refuses all others."""
_SPELT_OTHERWISE = {"qwen2moe": "qwen2_moe", "qwen3moe": "qwen3_moe", "gpt-oss": "gpt_oss"}
"""GGUF's names to those that transformers has in its own list."""

Format = Literal["gguf", "safetensors", "pytorch"]


def can_read(engine: EngineKind, form: Format, model_type: str) -> bool:
    """Whether ``engine`` reads weights in that format and of that architecture. What runs
    elsewhere, or in a test, is taken at its word. transformers is imported to be asked, which takes
    seconds.
    """
    if engine == "openvino":
        # a directory must hold OpenVINO's own files: what is in the catalogue's formats is not
        return form == "gguf" and model_type in OPENVINO_GGUF
    if engine != "transformers":
        return True
    if form == "gguf":
        from transformers.modeling_gguf_pytorch_utils import GGUF_SUPPORTED_ARCHITECTURES

        return _SPELT_OTHERWISE.get(model_type, model_type) in GGUF_SUPPORTED_ARCHITECTURES
    from transformers import CONFIG_MAPPING

    return model_type in CONFIG_MAPPING
