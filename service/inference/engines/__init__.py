"""The engines, one module a library; each library is imported only when its engine is built."""

from __future__ import annotations

from service.inference.config import EngineConfig
from service.inference.protocol import Engine


def build(config: EngineConfig) -> Engine:
    """Load the model that ``config`` names; this takes seconds to minutes.

    Raises whatever the library raises when the model cannot be loaded.
    """
    if config.engine == "openvino":
        from service.inference.engines.openvino import OpenVINOEngine

        return OpenVINOEngine(config)
    if config.engine == "transformers":
        from service.inference.engines.transformers import TransformersEngine

        return TransformersEngine(config)
    if config.engine == "remote":
        from service.inference.engines.remote import RemoteEngine

        return RemoteEngine(config)
    from service.inference.engines.scripted import ScriptedEngine

    return ScriptedEngine(config)
