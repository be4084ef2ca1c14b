"""The service over the scripted engine, run as a process of its own:

``python -m tests.support.scripted_service SCRIPT`` with the settings in the environment; SCRIPT is
the engine's :class:`~service.inference.engines.scripted.Script` as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from service import logs, serving
from service.errors import SourcesUnreachable
from service.inference.config import EngineConfig, EngineResources
from service.settings import Settings, load_settings
from service.translation.fake import FakeTranslator
from service.weights.catalogue import TASKS
from tests.support.briefs import EchoBriefs


def main(script: dict[str, str]) -> int:
    """Serve; ``fetch_delay`` and ``fail_fetch`` of the script are about the weights. Its
    ``domain`` is ``real``, or a stand-in that hands on what the engine says; its ``model`` is a
    GGUF for a real engine in place of the scripted one.
    """
    fetch_delay = float(script.pop("fetch_delay", "0"))
    fail_fetch = script.pop("fail_fetch", "")
    model = script.pop("model", "")
    real = script.pop("domain", "") == "real"

    settings = load_settings(os.environ)

    async def prepare() -> Sequence[EngineConfig]:
        await asyncio.sleep(fetch_delay)
        if fail_fetch:
            raise SourcesUnreachable(fail_fetch)
        return [tiny_model(Path(model)) if model else scripted(script, settings)]

    logs.configure(settings.log_level, process="web")
    return serving.serve(
        settings,
        announce=lambda line: print(line, flush=True),
        prepare=prepare,
        make_briefs=None if real else EchoBriefs,
        make_translator=None if real else lambda _: FakeTranslator(),
    )


def scripted(script: dict[str, str], settings: Settings) -> EngineConfig:
    return EngineConfig(
        engine="scripted",
        model="scripted",
        tasks=TASKS,
        context=10_000,
        resources=EngineResources(batch_sequences=settings.batch_sequences),
        extra=script,
    )


def tiny_model(path: Path) -> EngineConfig:
    return EngineConfig(
        engine="openvino",
        model="tiny",
        path=path,
        cache_dir=path.parent / "converted",
        tasks=TASKS,
        context=1024,
        max_output=400,
        resources=EngineResources(threads=1, kv_cache_gb=1),
    )


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
