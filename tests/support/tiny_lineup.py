"""A catalogue of one tiny model, which serves every purpose, and its weights beside it."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from tests.support import tiny_models

_CATALOGUE = """
[lineups.default]
description = "tiny"
method = "extractive"
"summarize:en" = "tiny"
"summarize:zh" = "tiny"
"translate:en-zh" = "tiny"
"translate:zh-en" = "tiny"

[models.tiny]
description = "tiny"
repository = "maker/tiny"
revision = "0123456789abcdef0123456789abcdef01234567"
licence = "MIT"
commercial_use = true
architecture = "causal"
prompting = "chat"
format = "gguf"
context = 1024
max_output = 256
files = [{{ path = "tiny.gguf", size = {size}, sha256 = "{digest}" }}]
"""


def write_models(folder: Path) -> Path:
    """Fill a models directory as ``jianbao models pull`` would have; return it."""
    (folder / "tiny").mkdir(parents=True)
    weights = folder / "tiny" / "tiny.gguf"
    with tempfile.TemporaryDirectory() as made:
        tiny_models.gguf(tiny_models.qwen2(Path(made)), weights)
    raw = weights.read_bytes()
    text = _CATALOGUE.format(size=len(raw), digest=hashlib.sha256(raw).hexdigest())
    (folder / "catalog.toml").write_text(text, encoding="utf-8")
    return folder
