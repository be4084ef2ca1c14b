"""Variants of an engine's configuration."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict, replace

from service.inference.config import EngineConfig


def changed(config: EngineConfig, **changes: Any) -> EngineConfig:
    """Return ``config`` with other values; a field of its prompt or of its resources is given by
    its own name.
    """
    prompt = {key: changes.pop(key) for key in changes.keys() & asdict(config.prompt).keys()}
    resources = {key: changes.pop(key) for key in changes.keys() & asdict(config.resources).keys()}
    return replace(
        config,
        prompt=replace(config.prompt, **prompt),
        resources=replace(config.resources, **resources),
        **changes,
    )
