"""Every setting, read once from a mapping of environment variables; no other module reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.errors import SettingsError

PREFIX = "JIANBAO_"

Positive = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(gt=0)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole configuration. The variable of field ``x`` is ``JIANBAO_X``, but for the hub's
    own ``HF_ENDPOINT``, ``HF_HUB_OFFLINE`` and ``HF_TOKEN``.
    """

    host: str = "127.0.0.1"
    """Address to listen on. Anything but loopback is reachable from the network."""
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    """Port to listen on; 0 takes a free one."""
    models_dir: Path = Path("models")
    """Where weights and their converted forms are kept; 6 GB for the default model."""
    catalog: Path | None = None
    """The catalogue; by default ``catalog.toml`` in the models directory."""
    lineup: str = "default"
    """Which lineup of the catalogue serves."""
    engine: Literal["auto", "openvino", "transformers"] = "auto"
    """Engine for the lineup's models; ``auto`` takes openvino for a GGUF on x86-64."""
    threads: Annotated[int, Meta(ge=0)] = 0
    """Threads of the engine; 0 leaves it to the library. Set it to the CPU limit of a container."""
    kv_cache_gb: Positive = 2
    """Memory for the keys and values of running and remembered prompts, in GB."""
    batch_sequences: Positive = 32
    """Sequences that decode together; more raises throughput and each one's latency."""
    queue_requests: Positive = 256
    """Generation requests that may wait or run; beyond it the answer is 429."""
    queue_tokens: Positive = 400_000
    """Estimated tokens that may wait or run; beyond it the answer is 429."""
    deadline_seconds: Seconds = 300.0
    """An accepted request is answered or fails within this time; one that would wait longer is
    refused. A caller may ask for less (``Prefer: wait=10``)."""
    cache_answers: Annotated[int, Meta(ge=0)] = 1024
    """Answers that are remembered for repeated requests, a few KB each; 0 remembers none."""
    drain_seconds: Seconds = 120.0
    """After SIGTERM, accepted requests may take this long before the process ends."""
    step_timeout_seconds: Seconds = 120.0
    """An engine that says nothing for this long while it has work is hung, and restarted."""
    max_body_bytes: Positive = 2_097_152
    """Larger request bodies are refused with 413 before they are read whole."""
    max_article_characters: Positive = 200_000
    """Longer articles are refused with 413."""
    translate_characters: Positive = 100_000
    """Characters that one request for translation may bring, over all its texts."""
    translate_items: Positive = 10_000
    """Texts that one request for translation may bring."""
    glossaries_dir: Path | None = None
    """Directory of named glossaries, ``NAME.en-zh.tsv`` and the like; without one there are
    none."""
    keys_file: Path | None = None
    """File of the API keys (``jianbao keys add NAME`` makes it); without one nobody needs a key."""
    bare_zh: Literal["zh-Hans", "zh-Hant", "zh-TW", "zh-HK"] = "zh-Hans"
    """What a request for plain ``zh`` means, unless the caller's key says."""
    grounding: bool = True
    """Off, briefs are decoded without a grammar: for measuring only."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Least severe level that is logged."""
    hf_endpoint: str = "https://huggingface.co"
    """The hub, or a mirror that speaks its HTTP (``HF_ENDPOINT``)."""
    hf_hub_offline: bool = False
    """Never ask the hub (``HF_HUB_OFFLINE``)."""
    hf_token: str = ""
    """Token for gated repositories (``HF_TOKEN``)."""

    @property
    def catalog_path(self) -> Path:
        """Path of the catalogue."""
        return self.catalog or self.models_dir / "catalog.toml"


def _variable(field: str) -> str:
    return field.upper() if field.startswith("hf_") else PREFIX + field.upper()


VARIABLES: dict[str, str] = {_variable(field): field for field in Settings.__struct_fields__}
"""Environment variable to field name."""

_BOOLEANS = {"1": True, "true": True, "yes": True, "on": True}
_BOOLEANS |= {"0": False, "false": False, "no": False, "off": False}


def _to_path(kind: type, raw: object) -> object:
    """Teach msgspec the one type of ours that it does not know."""
    if kind is Path and isinstance(raw, str):
        return Path(raw)
    raise NotImplementedError(kind)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from ``environ``.

    Raises:
        SettingsError: a ``JIANBAO_`` variable is unknown, or a value is of the wrong type or out
            of range; the text names the variable.
    """
    unknown = [name for name in environ if name.startswith(PREFIX) and name not in VARIABLES]
    if unknown:
        raise SettingsError(f"unknown setting {sorted(unknown)[0]}; see the README's table")
    values: dict[str, object] = {}
    for name, field in VARIABLES.items():
        raw = environ.get(name)
        if raw is None or raw == "":
            continue
        if Settings.__annotations__[field] == "bool":
            if raw.lower() not in _BOOLEANS:
                raise SettingsError(f"{name}: expected one of {', '.join(_BOOLEANS)}, got {raw!r}")
            values[field] = _BOOLEANS[raw.lower()]
        else:
            values[field] = raw
    try:
        return msgspec.convert(values, Settings, strict=False, dec_hook=_to_path)
    except msgspec.ValidationError as error:
        field = match[1] if (match := re.search(r"\$\.(\w+)", str(error))) else ""
        message = str(error).partition(" - at ")[0]
        raise SettingsError(f"{_variable(field)}: {message}") from None
