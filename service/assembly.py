"""The composition root: builds the parts of the service from the settings."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TypedDict

from service.analysis import Analyzers, Analyzes
from service.briefs.answer_cache import AnswerCache
from service.briefs.model import Article, BriefOptions
from service.briefs.summarize import Summarizer, Summarizes, needs_model
from service.documents.fetching import Fetcher, FetchesDocuments, NoFetcher
from service.inference.admission import Limits
from service.inference.client import BATCH_TOKENS, InferenceClient
from service.inference.observer import Observer, Stats
from service.inference.protocol import Generator
from service.inference.scheduling import PASSED_OVER
from service.inference.supervisor import Timeouts
from service.jobs import policy
from service.jobs.addresses import Destinations
from service.jobs.changes import Changes
from service.jobs.model import Bounds
from service.jobs.service import JobLimits, JobService
from service.jobs.store import open_store as open_jobs
from service.jobs.webhooks import Deliverer, Signer, WebSender
from service.jobs.worker import Worker
from service.keys import Keyring
from service.lineups.engines import Prepare, prepare_lineup
from service.names.article import NameTables
from service.names.tables import operator_files
from service.rates import Rates
from service.settings import Settings
from service.tasks import Method
from service.text import languages
from service.traces import Traces, open_traces
from service.translation.glossary_directory import Glossaries
from service.translation.house_glossary import HouseGlossary
from service.translation.model import Translates
from service.translation.translate import Translator
from service.web import server
from service.web.access import Access
from service.web.health import AlwaysReady, Observed
from service.web.jobs.articles import article_work
from service.web.jobs.intake import JobIntake
from service.web.jobs.views import describe_failure, webhook_content
from service.web.metrics import CountedBriefs, CountedTranslator, Metrics
from service.web.shutdown import Shutdown
from service.web.status import ServiceStatus
from service.weights.catalogue import load_catalogue
from service.weights.progress import DownloadProgress
from service.workers import Workers

MakeBriefs = Callable[[Generator], Summarizes]
"""Makes the domain service over a generator."""
MakeTranslator = Callable[[Generator], Translates]
"""Makes the translator over a generator."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Domain:
    """What answers requests. ``needs_model`` says whether an article has to wait for the engine.
    ``load`` reads the dictionaries that the first text would wait for; None if these are not used.
    """

    briefs: AnswerCache
    translator: Translates
    needs_model: Callable[[Article, BriefOptions], bool]
    glossaries: Glossaries
    documents: FetchesDocuments
    workers: Workers
    load: Callable[[], None] | None


@dataclass(frozen=True)
class Operation:
    """What operators see of the service, and how it ends. ``inference`` reports the state of the
    engine, ``status`` that of the whole service.
    """

    metrics: Metrics
    traces: Traces
    shutdown: Shutdown
    inference: Observed
    status: ServiceStatus


@dataclass(frozen=True)
class Parts:
    """What the routes of one app share. ``process`` is the inference process that lives as long as
    the app; None where the generator is somebody else's.
    """

    domain: Domain
    operation: Operation
    access: Access
    rates: Rates
    intake: JobIntake
    process: InferenceClient | None

    @asynccontextmanager
    async def running(self, _: object) -> AsyncIterator[None]:
        """Run the parts in the block. Jobs end before the engine that they use."""
        async with self.process or nullcontext(), self.intake.jobs:
            loading = asyncio.create_task(_load(self.domain))
            yield
            await loading

    async def close(self) -> None:
        """Close what is left once the parts have run: threads, connections, the last spans."""
        self.domain.workers.close()
        await self.rates.aclose()
        await asyncio.to_thread(self.operation.traces.close)


async def _load(domain: Domain) -> None:
    if domain.load:
        await asyncio.to_thread(domain.load)


def assemble(
    settings: Settings,
    *,
    generator: Generator | None = None,
    metrics: Metrics | None = None,
    make_briefs: MakeBriefs | None = None,
    make_translator: MakeTranslator | None = None,
    progress: DownloadProgress | None = None,
    shutdown: Shutdown | None = None,
) -> Parts:
    """Build the parts of one app; what is passed in is used in place of our own.

    Raises:
        WeightsError: the catalogue is wrong or has no such lineup.
        SettingsError: the file of keys, a glossary or an address is wrong.
    """
    metrics = metrics or Metrics()
    keyring = Keyring.load(settings.keys_file)
    rates = Rates.open(settings.rates_url)
    traces = open_traces(settings.otel_exporter_otlp_endpoint, settings.otel_service_name)
    generator = generator or create_inference(
        settings, prepare_lineup(settings, progress), observer=metrics
    )
    domain = _create_domain(settings, generator, metrics, make_briefs, make_translator)
    process = generator if isinstance(generator, InferenceClient) else None
    inference = process or AlwaysReady()
    shutdown = shutdown or Shutdown(metrics.refused)
    status = ServiceStatus(inference, shutdown, keyring)
    jobs = create_jobs(settings, domain.briefs, inference.stats, metrics)
    metrics.watch(status.stats, lambda: generator.capabilities)
    metrics.watch_keys(lambda: keyring.unreadable)
    metrics.watch_jobs(lambda: jobs.load, lambda: jobs.store_up, settings.jobs_max_bytes)
    return Parts(
        domain=domain,
        operation=Operation(metrics, traces, shutdown, inference, status),
        access=Access(keyring, rates, bare_zh=settings.bare_zh),
        rates=rates,
        intake=JobIntake(
            jobs,
            keyring,
            webhook_destinations(settings),
            webhooks=bool(settings.webhook_secret),
        ),
        process=process,
    )


def _create_domain(
    settings: Settings,
    generator: Generator,
    metrics: Metrics,
    make_briefs: MakeBriefs | None,
    make_translator: MakeTranslator | None,
) -> Domain:
    workers, analyzers = Workers(), Analyzers()
    names, glossaries = create_names(settings, analyzers), Glossaries(settings.glossaries_dir)
    house = HouseGlossary(glossaries, settings.glossary)
    shared: _Shared = {"analyzer": analyzers, "names": names, "workers": workers, "house": house}
    # briefs that were passed in may ask the model for anything
    method: Method = "abstractive" if make_briefs else lineup_method(settings)
    briefs = (
        make_briefs(generator)
        if make_briefs
        else create_briefs(settings, generator, glossaries=glossaries, **shared)
    )
    translator = (
        make_translator(generator)
        if make_translator
        else create_translator(settings, generator, **shared)
    )
    return Domain(
        briefs=AnswerCache(
            CountedBriefs(briefs, metrics),
            capacity=settings.cache_answers,
            count=metrics.answered,
            stamp=lambda name: glossaries.stamp(name) + house.stamp(),
        ),
        translator=CountedTranslator(translator, metrics),
        needs_model=partial(needs_model, default=method),
        glossaries=glossaries,
        documents=create_documents(settings),
        workers=workers,
        load=None if make_briefs else partial(load_texts, analyzers, names),
    )


class _Shared(TypedDict):
    analyzer: Analyzes
    names: NameTables
    workers: Workers
    house: HouseGlossary


# ------------------------------------------------------------------ parts


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
    house: HouseGlossary | None = None,
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
        house=house,
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
    house: HouseGlossary | None = None,
) -> Translates:
    """Return the translator."""
    analyzer = analyzer or Analyzers()
    return Translator(
        generator,
        names=names or create_names(settings, analyzer),
        analyzer=analyzer,
        effort=settings.translate_effort,
        grounding=settings.grounding,
        workers=workers,
        house=house,
    )


def load_texts(analyzers: Analyzers, names: NameTables) -> None:
    """Load what the first text would wait for. Blocks for a second or two."""
    languages.load()
    analyzers.load()
    names.load()


def create_jobs(
    settings: Settings, briefs: AnswerCache, stats: Callable[[], Stats], metrics: Metrics
) -> JobService:
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
    limits = JobLimits(
        Bounds(settings.jobs_max, settings.jobs_max_bytes), settings.jobs_keep_seconds
    )
    return JobService(store, worker, deliverer, limits=limits, changes=changes)


def create_documents(settings: Settings) -> FetchesDocuments:
    """Return what fetches pages, or refuses to."""
    here = server.is_loopback(settings.host)
    if settings.fetch_urls == "off" or (settings.fetch_urls == "auto" and not here):
        return NoFetcher()
    return Fetcher(Destinations(settings.fetched_hosts, http=True))


def webhook_destinations(settings: Settings) -> Destinations:
    """Return where webhooks may go."""
    return Destinations(settings.allowed_hosts, settings.webhook_allow_http)
