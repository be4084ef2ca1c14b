"""Prometheus metrics. Labels have few, fixed values: never a key, an address or a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, get_args

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from service import __version__
from service.briefs.answer_cache import CacheStatus
from service.briefs.model import Article, BriefOptions, OnEvent, Summary
from service.briefs.reading import Progress
from service.briefs.summarize import Summarizes
from service.errors import ServiceError, Unavailable
from service.inference.admission import Refusal
from service.inference.observer import Stats
from service.inference.protocol import Capabilities, Generation, GenerationRequest
from service.jobs.model import JobLoad
from service.translation.model import Order, Translated, Translates
from service.translation.model import Progress as TranslationProgress

_SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320)
# it would add a second series for each counter, which nothing uses
disable_created_metrics()  # type: ignore[no-untyped-call]
_SEQUENCES = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """One app's metrics. It is the inference client's :class:`~service.inference.client.Observer`
    and counts HTTP requests and summaries.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        info = self._gauge("build_info", "1, with the version of Jianbao.", "version")
        info.labels(__version__).set(1)

        self._http = self._counter(
            "http_requests",
            "Answered HTTP requests; status 499: the client left.",
            "method",
            "route",
            "status",
        )
        self._http_seconds = self._histogram(
            "http_request_seconds", "Time to answer a request.", _SECONDS, "route"
        )
        self._in_flight = self._gauge(
            "http_in_flight", "HTTP requests that have not been answered."
        )

        self._dropped = self._counter(
            "connections_dropped", "Connections that the service closed early.", "reason"
        )

        self._answers = self._counter(
            "answers", "Articles answered: remembered, joined to work under way, or made.", "origin"
        )
        self._briefs = self._counter("briefs", "Briefs given.", "language")
        self._repairs = self._counter("repairs", "Briefs whose first draft was redone.", "language")
        self._cautions = self._counter("warnings", "Warnings given with briefs.", "code")

        self._translations = self._counter("translations", "Texts translated.", "target")
        self._flags = self._counter("translation_warnings", "Defects left in translations.", "flag")

        self._articles = self._counter(
            "job_articles", "Articles of jobs that ended, or go back to wait.", "outcome"
        )
        self._webhooks = self._counter("webhooks", "Tries to deliver webhooks.", "outcome")

        self._generations = self._counter("generations", "Answered generation requests.", "task")
        self._failures = self._counter("generation_failures", "Accepted ones that failed.", "error")
        self._refusals = self._counter("refusals", "Ones that were not accepted.", "reason")
        self._restarts = self._counter("engine_restarts", "Restarts of the inference process.")
        self._prompt = self._counter("prompt_tokens", "Tokens of prompts.")
        self._cached = self._counter("cached_tokens", "Those that came from the prefix cache.")
        self._generated = self._counter("generated_tokens", "Tokens generated.")
        self._batch = self._histogram(
            "batch_size", "Requests that run together whenever one joins.", _SEQUENCES
        )
        self._queue = self._histogram("queue_seconds", "Time in the queue.", _SECONDS)
        self._prefill = self._histogram("prefill_seconds", "Time in the prompt.", _SECONDS)
        self._decode = self._histogram("decode_seconds", "Time decoding.", _SECONDS)
        self._begin_at_zero()

    def _begin_at_zero(self) -> None:
        """Create the series that alerts watch: one that first appears at 1 shows no increase."""
        for counter, values in (
            (self._dropped, ("full", "displaced", "slow", "stalled")),
            (self._articles, ("done", "failed", "retried")),
            (self._webhooks, ("delivered", "failed", "given_up")),
            (self._refusals, get_args(Refusal)),
        ):
            for value in values:
                counter.labels(value)

    # ------------------------------------------------------------------ HTTP

    def request_started(self) -> None:
        """An HTTP request came in."""
        self._in_flight.inc()

    def request_ended(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered, or its client left; ``route`` is the template, never the path."""
        self._in_flight.dec()
        self._http.labels(method, route, str(status)).inc()
        self._http_seconds.labels(route).observe(seconds)

    def watch_connections(self, open_now: Callable[[], int]) -> None:
        """Read the number of connections at each scrape."""
        self._gauge("connections", "Connections that are open.").set_function(open_now)

    def connection_dropped(self, reason: str) -> None:
        """The service closed a connection that its client had kept open."""
        self._dropped.labels(reason).inc()

    # ------------------------------------------------------------------ briefs

    def summarized(self, summary: Summary) -> None:
        """An article was summarized."""
        for tag, brief in summary.briefs.items():
            self._briefs.labels(tag).inc()
            self._repairs.labels(tag).inc(int(brief.repaired))
        for caution in summary.warnings:
            self._cautions.labels(caution.code).inc()

    def answered(self, origin: CacheStatus) -> None:
        """An article was answered, from the cache or by new work."""
        self._answers.labels(origin).inc()

    # ------------------------------------------------------------------ keys

    def watch_keys(self, unreadable: Callable[[], bool]) -> None:
        """Check at each scrape whether the key file can be read."""
        gauge = self._gauge("keys_readable", "0: the file of API keys cannot be read; none counts.")
        gauge.set_function(lambda: float(not unreadable()))

    # ------------------------------------------------------------------ jobs

    def watch_jobs(
        self, load: Callable[[], JobLoad], store_up: Callable[[], bool], most_bytes: int
    ) -> None:
        """Read at each scrape the load of jobs, and whether their store can be reached;
        ``most_bytes`` is the storage limit.
        """
        up = self._gauge("jobs_store_up", "0: the store of jobs cannot be reached.")
        up.set_function(lambda: float(store_up()))
        waiting = self._gauge("job_articles_waiting", "Articles of jobs that wait.")
        waiting.set_function(lambda: load().waiting)
        running = self._gauge("job_articles_running", "Articles of jobs that run.")
        running.set_function(lambda: load().running)
        kept = self._gauge("job_bytes", "Bytes of jobs that are kept.", "kind")
        kept.labels("texts").set_function(lambda: load().texts)
        kept.labels("results").set_function(lambda: load().results)
        self._gauge("job_bytes_limit", "Bytes of jobs that may be kept.").set(most_bytes)

    def article_ended(self, outcome: str) -> None:
        """An article of a job ended, or was queued again."""
        self._articles.labels(outcome).inc()

    def webhook_tried(self, outcome: str) -> None:
        """A delivery of a webhook was attempted."""
        self._webhooks.labels(outcome).inc()

    # ------------------------------------------------------------------ translation

    def translated(self, order: Order, translated: Translated) -> None:
        """A translation order was completed."""
        self._translations.labels(order.target).inc(len(translated.translations))
        for translation in translated.translations:
            for warned in translation.warnings:
                self._flags.labels(warned.flag).inc()

    # ------------------------------------------------------------------ inference

    def watch(
        self, stats: Callable[[], Stats], capabilities: Callable[[], Sequence[Capabilities]]
    ) -> None:
        """Read the state of inference at each scrape."""
        self.registry.register(_InferenceCollector(stats, capabilities))

    def dispatched(self, model: str, batch: int) -> None:  # noqa: ARG002
        """Requests were started; ``batch`` of them run now."""
        self._batch.observe(batch)

    def finished(self, request: GenerationRequest, generation: Generation) -> None:
        """A request was answered."""
        self._generations.labels(request.task).inc()
        self._prompt.inc(generation.usage.prompt)
        self._cached.inc(generation.usage.cached)
        self._generated.inc(generation.usage.generated)
        self._queue.observe(generation.timings.queue)
        self._prefill.observe(generation.timings.prefill)
        self._decode.observe(generation.timings.decode)

    def failed(self, request: GenerationRequest, error: ServiceError) -> None:  # noqa: ARG002
        """An accepted request failed."""
        self._failures.labels(type(error).__name__).inc()

    def refused(self, reason: Refusal) -> None:
        """A request was not accepted."""
        self._refusals.labels(reason).inc()

    def restarted(self, reason: str) -> None:  # noqa: ARG002
        """The inference process is being restarted."""
        self._restarts.inc()

    # ------------------------------------------------------------------ construction

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"jianbao_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"jianbao_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(
            f"jianbao_{name}", text, labels, buckets=tuple(buckets), registry=self.registry
        )


class CountedBriefs:
    """Summarizes through ``briefs`` and counts the results."""

    def __init__(self, briefs: Summarizes, metrics: Metrics) -> None:
        self._briefs = briefs
        self._metrics = metrics

    async def summarize(
        self,
        article: Article,
        options: BriefOptions,
        *,
        progress: Progress | None = None,
        on_event: OnEvent | None = None,
        timeout: float | None = None,
    ) -> Summary:
        """Summarize as ``briefs`` does."""
        summary = await self._briefs.summarize(
            article, options, progress=progress, on_event=on_event, timeout=timeout
        )
        self._metrics.summarized(summary)
        return summary


class CountedTranslator:
    """Translates through ``translator`` and counts the results."""

    def __init__(self, translator: Translates, metrics: Metrics) -> None:
        self._translator = translator
        self._metrics = metrics

    async def translate(
        self,
        order: Order,
        *,
        progress: TranslationProgress | None = None,
        timeout: float | None = None,
    ) -> Translated:
        """Translate as ``translator`` does."""
        translated = await self._translator.translate(order, progress=progress, timeout=timeout)
        self._metrics.translated(order, translated)
        return translated


def metrics_route(metrics: Metrics) -> HTTPRouteHandler:
    """Return the route that Prometheus scrapes."""

    @get(
        "/metrics",
        media_type="text/plain",
        sync_to_thread=False,
        tags=["Operation"],
        summary="Metrics for Prometheus",
    )
    def scrape() -> Response[bytes]:
        return Response(
            generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    return scrape


class _InferenceCollector(Collector):
    def __init__(
        self, stats: Callable[[], Stats], capabilities: Callable[[], Sequence[Capabilities]]
    ) -> None:
        self._stats = stats
        self._capabilities = capabilities

    def collect(self) -> Iterator[Metric]:
        stats = self._stats()
        for name, text, value in (
            ("engine_ready", "Whether requests are taken.", float(stats.state == "ready")),
            ("queued_requests", "Generation requests that wait.", stats.queued_requests),
            ("queued_tokens", "Estimated tokens that wait.", stats.queued_tokens),
            ("running_requests", "Generation requests that run.", stats.running),
            ("tokens_per_second", "Measured estimated tokens a second.", stats.rate),
            ("engine_peak_memory_bytes", "Peak memory of the process.", stats.peak_memory),
        ):
            yield GaugeMetricFamily(f"jianbao_{name}", text, value=value)
        yield self._models()

    def _models(self) -> Metric:
        family = InfoMetricFamily("jianbao_model", "The loaded models.", labels=["model"])
        try:
            loaded: Sequence[Capabilities] = self._capabilities()
        except Unavailable:
            return family
        for one in loaded:
            tasks = " ".join(one.tasks)
            family.add_metric([one.model], {"tasks": tasks, "context": str(one.context)})
        return family

    def describe(self) -> Iterator[Any]:
        """Describe no metrics, so that registering the collector does not run it."""
        return iter(())
