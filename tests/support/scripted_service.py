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

from service import app, logs
from service.errors import SourcesUnreachable
from service.inference.config import EngineConfig
from service.settings import load_settings
from service.translation.fake import FakeTranslator
from service.weights.catalogue import TASKS
from tests.support.briefs import EchoBriefs


def main(script: dict[str, str]) -> int:
    """Serve; ``fetch_delay`` and ``fail_fetch`` of the script are about the weights."""
    fetch_delay = float(script.pop("fetch_delay", "0"))
    fail_fetch = script.pop("fail_fetch", "")

    async def prepare() -> Sequence[EngineConfig]:
        await asyncio.sleep(fetch_delay)
        if fail_fetch:
            raise SourcesUnreachable(fail_fetch)
        return [
            EngineConfig(
                engine="scripted", model="scripted", tasks=TASKS, context=10_000, extra=script
            )
        ]

    settings = load_settings(os.environ)
    logs.configure(settings.log_level, process="web")
    return app.serve(
        settings,
        announce=lambda line: print(line, flush=True),
        prepare=prepare,
        make_briefs=EchoBriefs,
        make_translator=lambda _: FakeTranslator(),
    )


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
