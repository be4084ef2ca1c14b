"""The web application: the routes over the parts that :mod:`service.assembly` builds."""

from __future__ import annotations

from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from service.assembly import MakeBriefs, MakeTranslator, Parts, assemble
from service.documents.fetching import NoFetcher
from service.inference.protocol import Generator
from service.settings import Settings
from service.translation.glossary_files import GlossaryFiles
from service.web import problems
from service.web.compat import deepl, libretranslate, mtranserver, openai, openai_answers
from service.web.compat.deepl_glossaries import deepl_glossary_routes
from service.web.compat.deepl_languages import deepl_language_routes
from service.web.connections import Connections
from service.web.cors import cors_config
from service.web.docs import docs_routes, openapi_config, root_route
from service.web.glossaries import glossary_routes
from service.web.heads import headed
from service.web.health import health_routes
from service.web.jobs.batch import BatchLimits
from service.web.jobs.routes import job_routes
from service.web.metrics import Metrics, metrics_route
from service.web.middleware import (
    access_logged,
    identified,
    limited,
    measured,
    normalized,
    timed,
    traced,
)
from service.web.page.routes import PageSettings, page_routes
from service.web.shutdown import Shutdown
from service.web.summarize import summarize_route
from service.weights.progress import DownloadProgress


def create_app(
    settings: Settings,
    *,
    generator: Generator | None = None,
    metrics: Metrics | None = None,
    make_briefs: MakeBriefs | None = None,
    make_translator: MakeTranslator | None = None,
    progress: DownloadProgress | None = None,
    shutdown: Shutdown | None = None,
    connections: Connections | None = None,
) -> Litestar:
    """Return the web application. Once ``shutdown`` has begun it accepts nothing new, and never
    more requests at once than ``connections`` allow.

    Without a ``generator`` it starts the lineup's inference process. An
    :class:`~service.inference.client.InferenceClient`, given or made, lives as long as the app.

    Raises:
        WeightsError: the catalogue is wrong or has no such lineup.
        SettingsError: the file of keys, a glossary or an address is wrong.
    """
    parts = assemble(
        settings,
        generator=generator,
        metrics=metrics,
        make_briefs=make_briefs,
        make_translator=make_translator,
        progress=progress,
        shutdown=shutdown,
    )
    guards = [parts.operation.shutdown.guard, *([connections.guard] if connections else [])]
    handle_error = problems.by_path(
        dict.fromkeys((*libretranslate.PATHS, *mtranserver.PATHS), libretranslate.to_response)
        | dict.fromkeys(deepl.PATHS, deepl.to_response)
        | dict.fromkeys(openai.PATHS, openai_answers.to_response)
    )
    app = Litestar(
        [
            *_brief_routes(settings, parts),
            *_compatible_routes(settings, parts),
            *_glossary_routes(settings, parts),
            *health_routes(parts.operation.status),
            metrics_route(parts.operation.metrics),
            *docs_routes(),
            *_root_routes(settings, parts),
        ],
        lifespan=[parts.running],
        guards=guards,
        exception_handlers={Exception: handle_error, HTTPException: handle_error},
        request_max_body_size=settings.max_body_bytes,
        openapi_config=openapi_config(),
        cors_config=cors_config(settings.origins),
        on_shutdown=[parts.close],
        logging_config=None,
    )
    app.asgi_handler = _wrapped(app.asgi_handler, settings, parts)
    return app


def _wrapped(handler: ASGIApp, settings: Settings, parts: Parts) -> ASGIApp:
    """Put our middleware around the router itself: Litestar's own middleware never sees requests
    that no route matches.
    """
    operation = parts.operation
    handler = timed(headed(handler), settings.body_seconds)
    handler = measured(limited(handler, operation.inference.stats), operation.metrics)
    handler = identified(traced(access_logged(handler), operation.traces))
    return normalized(operation.shutdown.counted(handler))


def _brief_routes(settings: Settings, parts: Parts) -> list[HTTPRouteHandler]:
    return [
        summarize_route(
            parts.domain.briefs,
            max_characters=settings.max_article_characters,
            deadline=settings.deadline_seconds,
            access=parts.access,
            intake=parts.intake,
            stats=parts.operation.inference.stats,
            needs_model=parts.domain.needs_model,
            documents=parts.domain.documents,
        ),
        *job_routes(
            parts.intake,
            limits=BatchLimits(
                settings.max_batch_bytes,
                settings.max_body_bytes,
                settings.max_article_characters,
            ),
            access=parts.access,
        ),
    ]


def _compatible_routes(settings: Settings, parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of the other APIs that the service speaks."""
    domain, access = parts.domain, parts.access
    rules = libretranslate.Rules(
        libretranslate.TextLimits(settings.translate_characters, settings.translate_items),
        settings.deadline_seconds,
    )
    chat_limits = openai.ChatLimits(
        settings.max_article_characters, rules.limits, settings.deadline_seconds
    )
    return [
        *libretranslate.libretranslate_routes(
            domain.translator,
            rules=rules,
            access=access,
            inference=parts.operation.status,
            glossaries=domain.glossaries,
        ),
        *deepl.deepl_routes(
            domain.translator, rules=rules, access=access, glossaries=domain.glossaries
        ),
        *openai.openai_routes(
            openai.ChatParts(domain.briefs, domain.translator, chat_limits, access)
        ),
    ]


def _glossary_routes(settings: Settings, parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of named glossaries: ours, DeepL's, and DeepL's languages, which tell of them."""
    directory, access = settings.glossaries_dir, parts.access
    files = GlossaryFiles(directory, parts.domain.glossaries) if directory else None
    editable = files is not None and settings.glossaries_editable
    return [
        *deepl_language_routes(access, glossaries=editable),
        *deepl_glossary_routes(files, editable=editable, access=access),
        *glossary_routes(files, editable=editable, access=access),
    ]


def _root_routes(settings: Settings, parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of the page, or of what is served in its place."""
    if not settings.page:
        return [root_route()]
    keyring = parts.access.keyring
    page = PageSettings(
        key_required=keyring.required,
        bare_zh=settings.bare_zh,
        article_characters=settings.max_article_characters,
        translate_characters=settings.translate_characters,
        fetches_urls=not isinstance(parts.domain.documents, NoFetcher),
        files=(".docx", ".pdf"),
        glossary=settings.glossary,
    )
    return page_routes(page, keyring)
