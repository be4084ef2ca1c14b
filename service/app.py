"""The one place where the parts are joined: settings, weights, inference, briefs, HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import platform
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Literal, TypeVar

import msgspec
from litestar import Litestar
from litestar.exceptions import HTTPException

from service import __version__
from service.briefs.prompts import PROMPT_VERSION
from service.briefs.repeats import Repeats
from service.briefs.summarize import Summarizer, Summarizes
from service.inference.batching import Limits
from service.inference.client import InferenceClient, Observer, Timeouts
from service.inference.config import EngineConfig, EngineKind
from service.inference.protocol import Generator
from service.keys import Keyring
from service.settings import Settings
from service.translation.model import Translates
from service.translation.terms import Glossaries
from service.web import problems, server
from service.web.access import keys_only
from service.web.compat import deepl, libretranslate
from service.web.docs import PATH, docs_routes, openapi_config
from service.web.health import AlwaysReady, health_routes
from service.web.metrics import CountedBriefs, CountedTranslator, Metrics, metrics_route
from service.web.middleware import identified, limited, measured
from service.web.summarize import summarize_route
from service.weights.catalogue import Catalogue, Lineup, Model, load_catalogue
from service.weights.progress import Progress
from service.weights.store import Store, open_store

T = TypeVar("T")

Prepare = Callable[[], Awaitable[Sequence[EngineConfig]]]
"""Fetches what the engines need and says which to build."""
MakeBriefs = Callable[[Generator], Summarizes]
"""Makes the domain service over a generator."""
MakeTranslator = Callable[[Generator], Translates]
"""Makes the translator over a generator."""

_X86_64 = {"x86_64", "amd64"}


# ------------------------------------------------------------------ weights and inference


def choose_engine(
    model: Model, wanted: Literal["auto", "openvino", "transformers"], machine: str
) -> EngineKind:
    """Return the engine for a model: what the operator wants, else the fastest that reads it."""
    if wanted != "auto":
        return wanted
    fast = model.format == "gguf" and machine.lower() in _X86_64
    return "openvino" if fast else "transformers"


def engine_configs(
    lineup: Lineup, store: Store, settings: Settings, *, machine: str
) -> list[EngineConfig]:
    """Fetch the lineup's weights and describe its engines, one a model. Takes minutes the first
    time; blocks.

    Raises:
        WeightsError: some weights cannot be had.
    """
    return [
        EngineConfig(
            engine=choose_engine(model, settings.engine, machine),
            model=model.name,
            tasks=tuple(task for task, server in lineup.tasks.items() if server is model),
            prompting=model.prompting,
            path=store.ensure(model),
            cache_dir=settings.models_dir / model.name / "converted",
            context=model.context,
            max_output=model.max_output,
            prefix=model.prefix,
            template_arguments=model.template_arguments,
            language_codes={str(tag): code for tag, code in model.language_codes.items()},
            threads=settings.threads,
            kv_cache_gb=settings.kv_cache_gb,
            batch_sequences=settings.batch_sequences,
        )
        for model in lineup.models
    ]


def prepare_lineup(settings: Settings, progress: Progress | None = None) -> Prepare:
    """Return what fetches the lineup that the settings name.

    Raises:
        WeightsError: the catalogue is wrong or has no such lineup.
    """
    catalogue: Catalogue = load_catalogue(settings.catalog_path)
    lineup = catalogue.lineup(settings.lineup)
    store = open_store(settings, progress)
    fetch = partial(engine_configs, lineup, store, settings, machine=platform.machine())
    return partial(in_daemon_thread, fetch)


def answer_version(settings: Settings) -> str:
    """Name all that an answer depends on but the request: models, engine, prompts, and settings.

    Raises:
        WeightsError: the catalogue is wrong or has no such lineup.
    """
    lineup = load_catalogue(settings.catalog_path).lineup(settings.lineup)
    parts = (__version__, PROMPT_VERSION, lineup, settings.engine, settings.grounding)
    content = msgspec.json.encode((*parts, settings.bare_zh), enc_hook=str)
    return hashlib.sha256(content).hexdigest()


def create_inference(
    settings: Settings, prepare: Prepare, *, observer: Observer | None = None
) -> InferenceClient:
    """Return the client of the inference process, not yet started."""
    return InferenceClient(
        prepare,
        limits=Limits(settings.queue_requests, settings.queue_tokens),
        timeouts=Timeouts(deadline=settings.deadline_seconds, step=settings.step_timeout_seconds),
        observer=observer,
        log_level=settings.log_level,
    )


def create_briefs(settings: Settings, generator: Generator) -> Summarizes:
    """Return the domain service."""
    return Summarizer(generator, bare_zh=settings.bare_zh, grounding=settings.grounding)


def create_translator(settings: Settings, generator: Generator) -> Translates:
    """Return the translator."""
    from service.translation.translate import Translator

    return Translator(generator, grounding=settings.grounding)


# ------------------------------------------------------------------ the web application


def create_app(
    settings: Settings,
    *,
    generator: Generator | None = None,
    metrics: Metrics | None = None,
    make_briefs: MakeBriefs | None = None,
    make_translator: MakeTranslator | None = None,
    progress: Progress | None = None,
    version: str = "",
) -> Litestar:
    """Return the web application; ``version`` as of :func:`answer_version`.

    Without a ``generator`` it starts the lineup's inference process. An
    :class:`~service.inference.client.InferenceClient`, given or made, lives as long as the app.

    Raises:
        WeightsError: the catalogue is wrong or has no such lineup.
        SettingsError: the file of keys or a glossary is wrong.
    """
    metrics = metrics or Metrics()
    keyring = Keyring.load(settings.keys_file)
    glossaries = Glossaries(settings.glossaries_dir)
    generator = generator or create_inference(
        settings, prepare_lineup(settings, progress), observer=metrics
    )
    make_briefs = make_briefs or partial(create_briefs, settings)
    briefs = Repeats(
        CountedBriefs(make_briefs(generator), metrics),
        version=version,
        capacity=settings.cache_answers,
        count=metrics.answered,
    )
    make_translator = make_translator or partial(create_translator, settings)
    translator = CountedTranslator(make_translator(generator), metrics)
    process = generator if isinstance(generator, InferenceClient) else None
    observed = process or AlwaysReady()
    metrics.watch(observed.stats, lambda: generator.capabilities)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        if process is None:
            yield
            return
        async with process:
            yield

    rules = libretranslate.Rules(
        libretranslate.TextLimits(settings.translate_characters, settings.translate_items),
        settings.deadline_seconds,
        settings.bare_zh,
    )
    tell = problems.by_path(
        dict.fromkeys(libretranslate.PATHS, libretranslate.to_response)
        | dict.fromkeys(deepl.PATHS, deepl.to_response)
    )
    app = Litestar(
        [
            summarize_route(
                briefs,
                max_characters=settings.max_article_characters,
                deadline=settings.deadline_seconds,
                guard=keys_only(keyring),
            ),
            *libretranslate.libretranslate_routes(
                translator,
                rules=rules,
                keyring=keyring,
                inference=observed,
                glossaries=glossaries,
            ),
            *deepl.deepl_routes(translator, rules=rules, keyring=keyring, glossaries=glossaries),
            *health_routes(observed),
            metrics_route(metrics),
            *docs_routes(),
        ],
        lifespan=[lifespan],
        exception_handlers={Exception: tell, HTTPException: tell},
        request_max_body_size=settings.max_body_bytes,
        openapi_config=openapi_config(),
        logging_config=None,
    )
    # around the router itself: Litestar's own middleware never sees what no route matches
    app.asgi_handler = identified(measured(limited(app.asgi_handler, observed.stats), metrics))
    return app


def serve(
    settings: Settings,
    *,
    announce: Callable[[str], None],
    prepare: Prepare | None = None,
    make_briefs: MakeBriefs | None = None,
    make_translator: MakeTranslator | None = None,
    progress: Progress | None = None,
) -> int:
    """Serve until SIGTERM; return the process's exit status. ``announce`` is given lines for the
    operator, once the service is ready.

    Raises:
        ServiceError: the service cannot start.
    """
    metrics = Metrics()
    version = "" if prepare else answer_version(settings)
    prepare = prepare or prepare_lineup(settings, progress)
    listener = server.listen(settings.host, settings.port)

    async def run() -> int:
        inference = create_inference(settings, prepare, observer=metrics)
        return await server.serve(
            create_app(
                settings,
                generator=inference,
                metrics=metrics,
                make_briefs=make_briefs,
                make_translator=make_translator,
                version=version,
            ),
            listener=listener,
            drain_seconds=settings.drain_seconds,
            wait_ready=inference.wait_ready,
            abandon=inference.aclose,
            announce=lambda address: announce(greeting(address)),
        )

    with listener:
        return asyncio.run(run())


def greeting(address: str) -> str:
    """Return what to try first, and where the documentation is."""
    return (
        f"Ready. Try:\n  curl -s {address}/summarize -H 'Content-Type: application/json' "
        f"--data @seeds/china-technology.json\nDocumentation: {address}{PATH}"
    )


# ------------------------------------------------------------------ in process, without HTTP


@asynccontextmanager
async def open_briefs(
    settings: Settings, *, progress: Progress | None = None
) -> AsyncIterator[Summarizes]:
    """Start the inference process, wait until it is ready, and end it afterwards.

    Raises:
        ServiceError: it cannot be made ready.
    """
    inference = create_inference(settings, prepare_lineup(settings, progress))
    async with inference:
        await inference.wait_ready()
        yield create_briefs(settings, inference)


@asynccontextmanager
async def open_translator(
    settings: Settings, *, progress: Progress | None = None
) -> AsyncIterator[Translates]:
    """Start the inference process, wait until it is ready, and end it afterwards.

    Raises:
        ServiceError: it cannot be made ready.
    """
    inference = create_inference(settings, prepare_lineup(settings, progress))
    async with inference:
        await inference.wait_ready()
        yield create_translator(settings, inference)


async def in_daemon_thread(function: Callable[[], T]) -> T:
    """Run a blocking function that may take minutes. Unlike the loop's executor, its thread does
    not keep the process from ending.
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
        # the loop has ended if nobody waits any more
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="prepare", daemon=True).start()
    return await outcome
