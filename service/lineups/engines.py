"""Which engines a lineup needs, and what fetches the weights that they read."""

from __future__ import annotations

import asyncio
import contextlib
import platform
import threading
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Literal, TypeVar

from service.errors import SettingsError
from service.inference.config import EngineConfig, EngineKind, EngineResources, PromptFormat
from service.inference.engines.readable import OPENVINO_GGUF
from service.settings import Settings
from service.tasks import Task
from service.weights.catalogue import Lineup, Model, load_catalogue
from service.weights.progress import DownloadProgress
from service.weights.store import Store, open_store

T = TypeVar("T")

Prepare = Callable[[], Awaitable[Sequence[EngineConfig]]]
"""Fetches what the engines need and says which to build."""

_X86_64 = {"x86_64", "amd64"}


def choose_engine(
    model: Model, wanted: Literal["auto", "openvino", "transformers", "remote"], machine: str
) -> EngineKind:
    """Return the engine for a model: the operator's choice, else the fastest that can read it."""
    if wanted != "auto":
        return wanted
    readable = not model.model_type or model.model_type in OPENVINO_GGUF
    fast = model.format == "gguf" and readable and machine.lower() in _X86_64
    return "openvino" if fast else "transformers"


def prepare_lineup(settings: Settings, progress: DownloadProgress | None = None) -> Prepare:
    """Return what fetches the lineup that the settings name.

    Raises:
        WeightsError: the catalogue is wrong or has no such lineup.
        SettingsError: the remote engine cannot serve it.
    """
    catalogue = load_catalogue(settings.catalog_path)
    lineup = catalogue.lineup(settings.lineup)
    if settings.engine == "remote":
        configs = remote_configs(lineup, settings)
        return partial(in_daemon_thread, lambda: configs)
    if lineup.engine == "remote" and settings.engine == "auto":
        raise SettingsError(
            f"JIANBAO_LINEUP: {lineup.name} is for model servers: set JIANBAO_ENGINE=remote and "
            "JIANBAO_REMOTE_URLS to where they are"
        )
    store = open_store(settings, progress)
    fetch = partial(engine_configs, lineup, store, settings, machine=platform.machine())
    return partial(in_daemon_thread, fetch)


def engine_configs(
    lineup: Lineup, store: Store, settings: Settings, *, machine: str
) -> list[EngineConfig]:
    """Fetch the lineup's weights and describe its engines, one per model. Blocks; the first call
    takes minutes, as it downloads the weights.

    Raises:
        WeightsError: some weights cannot be fetched.
    """
    return [
        EngineConfig(
            engine=choose_engine(model, settings.engine, machine),
            model=model.name,
            tasks=tuple(task for task, server in lineup.tasks.items() if server is model),
            prompt=PromptFormat(
                prompting=model.prompting,
                prefix=model.prefix,
                template_arguments=model.template_arguments,
                language_codes={str(tag): code for tag, code in model.language_codes.items()},
                stop=model.stop,
            ),
            path=store.ensure(model),
            cache_dir=settings.models_dir / model.name / "converted",
            context=model.context,
            max_output=model.max_output,
            resources=EngineResources(
                threads=settings.threads,
                kv_cache_gb=settings.kv_cache_gb,
                batch_sequences=settings.batch_sequences,
            ),
        )
        for model in lineup.models
    ]


def remote_configs(lineup: Lineup, settings: Settings) -> list[EngineConfig]:
    """Describe the engines that send the lineup's tasks to model servers: one, or two if the
    settings name separate servers or a separate model for translations. Nothing is fetched. The
    lineup's models only say how to prompt, and how much a prompt and an answer may hold.

    Raises:
        SettingsError: the lineup has a model that is not instructed in words, which no model
            server can replace; or a translation model with prompts of its own, and the settings
            do not say where it is served.
    """
    plain = [model.name for model in lineup.models if model.prompting == "plain"]
    if plain:
        raise SettingsError(f"JIANBAO_LINEUP: no model server can take the place of {plain[0]}")
    tasks = list(lineup.tasks)
    if not (settings.remote_translate_urls or settings.remote_translate_model):
        first = lineup.models[0]
        for model in lineup.models:
            if model.prompting != first.prompting:
                raise SettingsError(
                    f"JIANBAO_REMOTE_TRANSLATE_URLS: lineup {lineup.name} translates with "
                    f"{model.name}: say where it is served, or name it with "
                    "JIANBAO_REMOTE_TRANSLATE_MODEL if the same servers have it"
                )
        return [_remote_config(lineup, tasks, settings, translates=False)]
    translations = [task for task in tasks if task.startswith("translate:")]
    others = [task for task in tasks if task not in translations]
    return [
        _remote_config(lineup, part, settings, translates=part is translations)
        for part in (others, translations)
        if part
    ]


def _remote_config(
    lineup: Lineup, tasks: Sequence[Task], settings: Settings, *, translates: bool
) -> EngineConfig:
    """Describe the engine for ``tasks``; ``translates`` if they are the translations, which may
    have servers of their own.
    """
    models = list({lineup.tasks[task].name: lineup.tasks[task] for task in tasks}.values())
    name = settings.remote_translate_model if translates else settings.remote_model
    own = settings.remote_translate_urls if translates else ""
    return EngineConfig(
        engine="remote",
        model=name or models[0].name,
        tasks=tuple(tasks),
        prompt=PromptFormat(
            prompting=models[0].prompting,
            template_arguments=models[0].template_arguments,
            stop=models[0].stop,
        ),
        context=min(model.context for model in models),
        max_output=min(model.max_output for model in models),
        resources=EngineResources(batch_sequences=settings.remote_concurrency),
        extra={
            "urls": own or settings.remote_urls,
            "model": name,
            "api_key": settings.remote_api_key,
            "grammar": settings.remote_grammar,
            "silence": str(settings.remote_timeout_seconds),
            "total": str(settings.deadline_seconds),
        },
    )


async def in_daemon_thread(function: Callable[[], T]) -> T:
    """Run a blocking function that may take minutes, in a daemon thread: a thread of the loop's
    executor would keep the process from exiting.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if outcome.done():
            return
        if error is not None:
            outcome.set_exception(error)
        else:
            outcome.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, error = None, None
        try:
            result = function()
        except Exception as raised:
            error = raised
        # the loop is closed if nobody waits any more
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="prepare", daemon=True).start()
    return await outcome
