"""The one place where the parts are joined: settings, weights, inference, briefs, HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import platform
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from service import __version__
from service.analysis import Analyzers, Analyzes
from service.briefs import prompts as brief_prompts
from service.briefs.model import Method
from service.briefs.repeats import Repeats
from service.briefs.summarize import Summarizer, Summarizes, needs_model
from service.documents.fetching import Fetcher, FetchesDocuments, NoFetcher
from service.errors import SettingsError
from service.inference.batching import Limits
from service.inference.client import BATCH_TOKENS, InferenceClient, Observer, Stats, Timeouts
from service.inference.config import EngineConfig
from service.inference.protocol import Generator
from service.inference.scheduling import PASSED_OVER
from service.jobs import policy
from service.jobs.addresses import Destinations
from service.jobs.changes import Changes
from service.jobs.desk import Jobs, Terms
from service.jobs.model import Bounds
from service.jobs.store import open_store as open_jobs
from service.jobs.store import prepare_directory
from service.jobs.webhooks import Deliverer, Signer, WebSender
from service.jobs.worker import Worker
from service.keys import Keyring
from service.lineups.engines import choose_engine
from service.names.article import NameTables
from service.names.tables import operator_files
from service.rates import Rates
from service.settings import Settings
from service.tasks import Task
from service.text import languages
from service.traces import open_traces
from service.translation import prompts as translation_prompts
from service.translation.glossary_files import GlossaryFiles
from service.translation.model import Translates
from service.translation.terms import Glossaries
from service.web import problems, server
from service.web.access import Access
from service.web.compat import deepl, libretranslate, openai, openai_answers
from service.web.compat.deepl_glossaries import deepl_glossary_routes
from service.web.compat.deepl_languages import deepl_language_routes
from service.web.connections import ConnectionLimits, Connections, most_connections
from service.web.cors import cors_config
from service.web.docs import PATH, docs_routes, openapi_config, root_route
from service.web.glossaries import glossary_routes
from service.web.heads import headed
from service.web.health import AlwaysReady, health_routes
from service.web.job_articles import BatchLimits, article_work
from service.web.jobs import (
    Customs,
    describe_failure,
    job_routes,
    webhook_content,
)
from service.web.metrics import CountedBriefs, CountedTranslator, Metrics, metrics_route
from service.web.middleware import identified, limited, measured, normalized, timed, told, traced
from service.web.page.routes import PageSettings, page_routes
from service.web.shutdown import Shutdown
from service.web.standing import Standing
from service.web.summarize import summarize_route
from service.weights.catalogue import Catalogue, Lineup, load_catalogue
from service.weights.progress import Progress
from service.weights.store import Store, open_store
from service.weights.suggestion import suggest_lineup
from service.workers import Workers

log = logging.getLogger(__name__)

T = TypeVar("T")

Prepare = Callable[[], Awaitable[Sequence[EngineConfig]]]
"""Fetches what the engines need and says which to build."""
MakeBriefs = Callable[[Generator], Summarizes]
"""Makes the domain service over a generator."""
MakeTranslator = Callable[[Generator], Translates]
"""Makes the translator over a generator."""

SEED = Path("seeds", "china-technology.json")
"""A request to try, in the repository."""
EXAMPLE = (
    '{"text": "The council of Rivertown approved 585 million dollars on Tuesday to repair 13 '
    "bridges. Work begins in March and will take two years. The oldest bridge, which opened in "
    "1931, was closed to lorries last winter. Drivers will be led over two ferries, and the fare "
    'is paid by the council. Shopkeepers on the north bank fear for their trade."}'
)
"""A request to try where there is no repository."""


# ------------------------------------------------------------------ weights and inference


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
            stop=model.stop,
            threads=settings.threads,
            kv_cache_gb=settings.kv_cache_gb,
            batch_sequences=settings.batch_sequences,
        )
        for model in lineup.models
    ]


def remote_configs(lineup: Lineup, settings: Settings) -> list[EngineConfig]:
    """Describe the engines that have model servers do what the lineup does: one, or two where the
    settings name servers or a model for translations. Nothing is fetched; of the lineup's models
    it counts how they are prompted, and how much they read and write.

    Raises:
        SettingsError: the lineup has models that are not told their task, or one for translations
            that is prompted in its own way, while the settings do not say who serves it.
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
    """Describe the engine for ``tasks``; ``translates`` those that have servers of their own."""
    models = list({lineup.tasks[task].name: lineup.tasks[task] for task in tasks}.values())
    name = settings.remote_translate_model if translates else settings.remote_model
    own = settings.remote_translate_urls if translates else ""
    return EngineConfig(
        engine="remote",
        model=name or models[0].name,
        tasks=tuple(tasks),
        prompting=models[0].prompting,
        context=min(model.context for model in models),
        max_output=min(model.max_output for model in models),
        template_arguments=models[0].template_arguments,
        stop=models[0].stop,
        batch_sequences=settings.remote_concurrency,
        extra={
            "urls": own or settings.remote_urls,
            "model": name,
            "api_key": settings.remote_api_key,
            "grammar": settings.remote_grammar,
            "silence": str(settings.remote_timeout_seconds),
            "total": str(settings.deadline_seconds),
        },
    )


def prepare_lineup(settings: Settings, progress: Progress | None = None) -> Prepare:
    """Return what fetches the lineup that the settings name.

    Raises:
        WeightsError: the catalogue is wrong or has no such lineup.
        SettingsError: the remote engine cannot serve it.
    """
    catalogue: Catalogue = load_catalogue(settings.catalog_path)
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


def answer_version(settings: Settings) -> str:
    """Name all that an answer depends on but the request: models, engine, prompts, and settings.

    Raises:
        WeightsError: the catalogue is wrong or has no such lineup.
    """
    lineup = load_catalogue(settings.catalog_path).lineup(settings.lineup)
    prompts = (brief_prompts.PROMPT_VERSION, translation_prompts.PROMPT_VERSION)
    making = (settings.engine, settings.grounding, settings.translate_effort, settings.names_style)
    parts = (__version__, prompts, lineup, making)
    servers = (
        settings.remote_urls,
        settings.remote_model,
        settings.remote_translate_urls,
        settings.remote_translate_model,
        settings.remote_grammar,
    )
    content = msgspec.json.encode((*parts, *servers), enc_hook=str)
    return hashlib.sha256(content).hexdigest()


def create_inference(
    settings: Settings, prepare: Prepare, *, observer: Observer | None = None
) -> InferenceClient:
    """Return the client of the inference process, not yet started."""
    return InferenceClient(
        prepare,
        limits=Limits(settings.queue_requests, settings.queue_tokens),
        timeouts=Timeouts(deadline=settings.deadline_seconds, step=settings.step_timeout_seconds),
        # model servers have budgets of their own
        batch_tokens=settings.queue_tokens if settings.engine == "remote" else BATCH_TOKENS,
        observer=observer,
        log_level=settings.log_level,
    )


def create_briefs(
    settings: Settings,
    generator: Generator,
    *,
    analyzer: Analyzes | None = None,
    names: NameTables | None = None,
    glossaries: Glossaries | None = None,
    prepare: Callable[[], Awaitable[None]] | None = None,
    workers: Workers | None = None,
) -> Summarizes:
    """Return the domain service, which awaits ``prepare`` before an article needs a model.

    Raises:
        WeightsError: the catalogue is wrong or has no such lineup.
    """
    analyzer = analyzer or Analyzers()
    lineup = load_catalogue(settings.catalog_path).lineup(settings.lineup)
    return Summarizer(
        generator,
        grounding=settings.grounding,
        method=lineup.method,
        truth=lineup.truth,
        effort=settings.translate_effort,
        analyzer=analyzer,
        names=names or create_names(settings, analyzer),
        glossaries=glossaries or Glossaries(settings.glossaries_dir),
        prepare=prepare,
        workers=workers,
    )


def lineup_method(settings: Settings) -> Method:
    """Return how briefs are made unless a request says.

    Raises:
        WeightsError: the catalogue is wrong or has no such lineup.
    """
    return load_catalogue(settings.catalog_path).lineup(settings.lineup).method


def create_names(settings: Settings, analyzer: Analyzes) -> NameTables:
    """Return what finds names. Its tables are read when they are needed; where the operator has
    some of their own, all are read now, so that a damaged one ends the start.

    Raises:
        SettingsError: there is no table at ``names_path``, or one is wrong.
    """
    files = operator_files(settings.names_path)
    names = NameTables(analyzer, files, style=settings.names_style)
    if files:
        names.load()
    return names


def create_translator(
    settings: Settings,
    generator: Generator,
    *,
    names: NameTables | None = None,
    analyzer: Analyzes | None = None,
    workers: Workers | None = None,
) -> Translates:
    """Return the translator."""
    from service.translation.translate import Translator

    analyzer = analyzer or Analyzers()
    return Translator(
        generator,
        names=names or create_names(settings, analyzer),
        analyzer=analyzer,
        effort=settings.translate_effort,
        grounding=settings.grounding,
        workers=workers,
    )


def load_texts(analyzers: Analyzers, names: NameTables) -> None:
    """Load what the first text would wait for. Blocks for a second or two."""
    languages.load()
    analyzers.load()
    names.load()


def create_jobs(
    settings: Settings, briefs: Repeats, stats: Callable[[], Stats], metrics: Metrics
) -> Jobs:
    """Return the jobs, not yet worked off.

    Raises:
        SettingsError: the store's URL or the webhooks' secret is wrong.
    """
    store, changes = open_jobs(settings.jobs_url, settings.data_dir), Changes()

    def room(running: int, passed_over: float) -> int:
        now = stats()
        return policy.room(
            ready=now.state == "ready",
            waiting=now.queued_requests,
            running=running,
            most=settings.jobs_concurrent,
            passed_over=passed_over,
            bound=PASSED_OVER * settings.deadline_seconds,
        )

    worker = Worker(
        store,
        work=article_work(briefs, settings.bare_zh),
        describe=describe_failure(lambda error: log.error("a job failed", exc_info=error)),
        room=room,
        lease=settings.jobs_lease_seconds,
        changes=changes,
        observer=metrics,
    )
    deliverer = None
    if settings.webhook_secret:
        deliverer = Deliverer(
            store,
            sender=WebSender(webhook_destinations(settings)),
            signer=Signer(settings.webhook_secret),
            content=webhook_content,
            changes=changes,
            observer=metrics,
        )
    terms = Terms(Bounds(settings.jobs_max, settings.jobs_max_bytes), settings.jobs_keep_seconds)
    return Jobs(store, worker, deliverer, terms=terms, changes=changes)


def create_documents(settings: Settings) -> FetchesDocuments:
    """Return what fetches pages, or refuses to."""
    here = server.is_loopback(settings.host)
    if settings.fetch_urls == "off" or (settings.fetch_urls == "auto" and not here):
        return NoFetcher()
    return Fetcher(Destinations(settings.fetched_hosts, http=True))


def webhook_destinations(settings: Settings) -> Destinations:
    """Return where webhooks may go."""
    return Destinations(settings.allowed_hosts, settings.webhook_allow_http)


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
    shutdown: Shutdown | None = None,
    connections: Connections | None = None,
) -> Litestar:
    """Return the web application; ``version`` as of :func:`answer_version`. Once ``shutdown`` has
    begun it accepts nothing new, and no more requests at once than ``connections`` allow.

    Without a ``generator`` it starts the lineup's inference process. An
    :class:`~service.inference.client.InferenceClient`, given or made, lives as long as the app.

    Raises:
        WeightsError: the catalogue is wrong or has no such lineup.
        SettingsError: the file of keys, a glossary or an address is wrong.
    """
    metrics = metrics or Metrics()
    keyring = Keyring.load(settings.keys_file)
    rates = Rates.open(settings.rates_url)
    access = Access(keyring, rates, bare_zh=settings.bare_zh)
    traces = open_traces(settings.otel_exporter_otlp_endpoint, settings.otel_service_name)
    glossaries = Glossaries(settings.glossaries_dir)
    generator = generator or create_inference(
        settings, prepare_lineup(settings, progress), observer=metrics
    )
    workers = Workers()
    analyzers = Analyzers()
    names = create_names(settings, analyzers)
    warm = make_briefs is None
    make_briefs = make_briefs or partial(
        create_briefs,
        settings,
        analyzer=analyzers,
        names=names,
        glossaries=glossaries,
        workers=workers,
    )
    briefs = Repeats(
        CountedBriefs(make_briefs(generator), metrics),
        version=version,
        capacity=settings.cache_answers,
        count=metrics.answered,
        stamp=glossaries.stamp,
    )
    # other briefs than ours may ask the model for anything
    method = lineup_method(settings) if warm else "abstractive"
    make_translator = make_translator or partial(
        create_translator, settings, names=names, analyzer=analyzers, workers=workers
    )
    translator = CountedTranslator(make_translator(generator), metrics)
    process = generator if isinstance(generator, InferenceClient) else None
    observed = process or AlwaysReady()
    shutdown = shutdown or Shutdown(metrics.refused)
    probed = Standing(observed, shutdown, keyring)
    metrics.watch(probed.stats, lambda: generator.capabilities)
    metrics.watch_keys(lambda: keyring.unreadable)
    jobs = create_jobs(settings, briefs, observed.stats, metrics)
    metrics.watch_jobs(lambda: jobs.load, lambda: jobs.store_up, settings.jobs_max_bytes)
    customs = Customs(
        jobs,
        keyring,
        webhook_destinations(settings),
        webhooks=bool(settings.webhook_secret),
    )

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        # jobs end before the engine that does them
        async with process or nullcontext(), jobs:
            loading = (
                asyncio.create_task(asyncio.to_thread(load_texts, analyzers, names))
                if warm
                else None
            )
            yield
            if loading:
                await loading

    async def close() -> None:
        workers.close()
        await rates.aclose()
        await asyncio.to_thread(traces.close)

    rules = libretranslate.Rules(
        libretranslate.TextLimits(settings.translate_characters, settings.translate_items),
        settings.deadline_seconds,
    )
    documents = create_documents(settings)
    tell = problems.by_path(
        dict.fromkeys(libretranslate.PATHS, libretranslate.to_response)
        | dict.fromkeys(deepl.PATHS, deepl.to_response)
        | dict.fromkeys(openai.PATHS, openai_answers.to_response)
    )
    folder = settings.glossaries_dir
    files = GlossaryFiles(folder, glossaries) if folder else None
    editable = files is not None and settings.glossaries_editable
    app = Litestar(
        [
            summarize_route(
                briefs,
                max_characters=settings.max_article_characters,
                deadline=settings.deadline_seconds,
                access=access,
                customs=customs,
                stats=observed.stats,
                needs_model=partial(needs_model, default=method),
                documents=documents,
            ),
            *job_routes(
                customs,
                limits=BatchLimits(
                    settings.max_batch_bytes,
                    settings.max_body_bytes,
                    settings.max_article_characters,
                ),
                access=access,
            ),
            *libretranslate.libretranslate_routes(
                translator,
                rules=rules,
                access=access,
                inference=probed,
                glossaries=glossaries,
            ),
            *deepl.deepl_routes(translator, rules=rules, access=access, glossaries=glossaries),
            *deepl_language_routes(access, glossaries=editable),
            *deepl_glossary_routes(files, editable=editable, access=access),
            *openai.openai_routes(
                openai.ChatParts(
                    briefs,
                    translator,
                    openai.ChatLimits(
                        settings.max_article_characters, rules.limits, settings.deadline_seconds
                    ),
                    access,
                )
            ),
            *glossary_routes(files, editable=editable, access=access),
            *health_routes(probed),
            metrics_route(metrics),
            *docs_routes(),
            *root_routes(settings, keyring, fetches_urls=not isinstance(documents, NoFetcher)),
        ],
        lifespan=[lifespan],
        guards=[shutdown.guard, *([connections.guard] if connections else [])],
        exception_handlers={Exception: tell, HTTPException: tell},
        request_max_body_size=settings.max_body_bytes,
        openapi_config=openapi_config(),
        cors_config=cors_config(settings.origins),
        on_shutdown=[close],
        logging_config=None,
    )
    # around the router itself: Litestar's own middleware never sees what no route matches
    handler = timed(headed(app.asgi_handler), settings.body_seconds)
    handler = measured(limited(handler, observed.stats), metrics)
    app.asgi_handler = normalized(shutdown.counted(identified(traced(told(handler), traces))))
    return app


def root_routes(
    settings: Settings, keyring: Keyring, *, fetches_urls: bool
) -> list[HTTPRouteHandler]:
    """Return the routes of the page, or of what is served in its place."""
    if not settings.page:
        return [root_route()]
    told = PageSettings(
        key_required=keyring.required,
        bare_zh=settings.bare_zh,
        article_characters=settings.max_article_characters,
        translate_characters=settings.translate_characters,
        fetches_urls=fetches_urls,
        files=(".docx", ".pdf"),
    )
    return page_routes(told, keyring)


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
    require_keys(settings)
    metrics = Metrics()
    suggests = prepare is None
    version = "" if prepare else answer_version(settings)
    prepare = prepare or prepare_lineup(settings, progress)
    if not settings.jobs_url:
        prepare_directory(settings.data_dir)
    connections = create_connections(settings, metrics)
    listener = server.listen(settings.host, settings.port)

    async def run() -> int:
        inference = create_inference(settings, prepare, observer=metrics)
        shutdown = Shutdown(metrics.refused)
        return await server.serve(
            create_app(
                settings,
                generator=inference,
                metrics=metrics,
                make_briefs=make_briefs,
                make_translator=make_translator,
                version=version,
                shutdown=shutdown,
                connections=connections,
            ),
            listener=listener,
            connections=connections,
            shutdown=shutdown,
            drain_seconds=settings.drain_seconds,
            wait_ready=inference.wait_ready,
            abandon=inference.aclose,
            announce=partial(greet, settings if suggests else None, announce, page=settings.page),
        )

    with listener:
        return asyncio.run(run())


def create_connections(settings: Settings, metrics: Metrics) -> Connections:
    """Return the connections of a server: as many as are allowed, and as this process may have."""
    limits = ConnectionLimits(
        most_connections(settings.connections),
        head=settings.head_seconds,
        idle=settings.keep_alive_seconds,
    )
    connections = Connections(limits, dropped=metrics.connection_dropped)
    metrics.watch_connections(lambda: connections.open)
    return connections


def require_keys(settings: Settings) -> None:
    """Refuse to serve a network without keys, unless that is meant.

    Raises:
        SettingsError: the address is not a loopback one, there are no keys, and nobody says that
            whoever reaches the port may call.
    """
    if settings.keys_file or settings.allow_anonymous or server.is_loopback(settings.host):
        return
    raise SettingsError(
        f"JIANBAO_HOST={settings.host} can be reached from the network, and nobody needs a key: "
        "set JIANBAO_KEYS_FILE (jianbao keys add NAME makes it), or JIANBAO_ALLOW_ANONYMOUS=1 if "
        "whoever reaches it may call"
    )


def greet(
    settings: Settings | None, announce: Callable[[str], None], address: str, *, page: bool = True
) -> None:
    """Announce the :func:`greeting` and, in its own time, a lineup that is better than that of
    ``settings``: the hub is asked in a thread that nobody waits for.
    """
    announce(greeting(address, page=page))

    def suggest() -> None:
        if settings and (text := suggest_lineup(settings)):
            announce(text)

    threading.Thread(target=suggest, name="suggestion", daemon=True).start()


def greeting(address: str, *, seed: Path = SEED, page: bool = True) -> str:
    """Return what to try first, and where the documentation and, if it is served, the ``page`` are.
    Without the repository there is no ``seed`` to send, and the article stands in the command.
    """
    opened = f"\nOpen in a browser: {address}/" if page else ""
    data = f"@{seed}" if seed.is_file() else f"'{EXAMPLE}'"
    return (
        f"Ready. Try:\n  curl -s {address}/summarize -H 'Content-Type: application/json' "
        f"--data {data}\nDocumentation: {address}{PATH}{opened}"
    )


# ------------------------------------------------------------------ in process, without HTTP


@asynccontextmanager
async def open_inference(
    settings: Settings, *, progress: Progress | None = None
) -> AsyncIterator[Generator]:
    """Start the inference process, wait until it is ready, and end it afterwards.

    Raises:
        ServiceError: it cannot be made ready.
    """
    inference = create_inference(settings, prepare_lineup(settings, progress))
    async with inference:
        await inference.wait_ready()
        yield inference


@asynccontextmanager
async def open_briefs(
    settings: Settings, *, progress: Progress | None = None
) -> AsyncIterator[Summarizes]:
    """Give the domain service. The inference process is started for the first article that needs
    a model, and what :func:`open_inference` raises is raised there.

    Raises:
        ServiceError: the lineup cannot be had.
    """
    inference = create_inference(settings, prepare_lineup(settings, progress))
    started = False
    async with AsyncExitStack() as stack:

        async def start() -> None:
            nonlocal started
            if not started:
                started = True
                await stack.enter_async_context(inference)
            await inference.wait_ready()

        yield create_briefs(settings, inference, prepare=start)


@asynccontextmanager
async def open_lineup(
    settings: Settings, *, progress: Progress | None = None
) -> AsyncIterator[tuple[Summarizes, Translates]]:
    """Give the domain service and the translator over one :func:`open_inference`, and raise what
    that raises.
    """
    async with open_inference(settings, progress=progress) as inference:
        analyzers = Analyzers()
        names = create_names(settings, analyzers)
        yield (
            create_briefs(settings, inference, analyzer=analyzers, names=names),
            create_translator(settings, inference, analyzer=analyzers, names=names),
        )


@asynccontextmanager
async def open_translator(
    settings: Settings, *, progress: Progress | None = None
) -> AsyncIterator[Translates]:
    """Give the translator over :func:`open_inference`, and raise what that raises."""
    async with open_inference(settings, progress=progress) as inference:
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
