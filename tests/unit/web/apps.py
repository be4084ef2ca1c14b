"""The web application over a fake generator, and a client for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
from litestar import Litestar
from litestar.types import ASGIApp

from service.app import create_app
from service.inference.fake import FakeGenerator
from service.inference.protocol import Generator
from service.settings import Settings
from service.translation.fake import FakeTranslator
from service.translation.model import Translates
from service.web.connections import ConnectionLimits, Connections
from service.web.metrics import Metrics
from tests.support.briefs import EchoBriefs

JSON = {"Content-Type": "application/json"}


def fake_app(
    generator: Generator | None = None,
    *,
    settings: Settings | None = None,
    metrics: Metrics | None = None,
    translator: Translates | None = None,
    connections: Connections | None = None,
) -> Litestar:
    """Return an app whose every brief is ``A brief.``, unless ``generator`` says else; it
    translates as :class:`FakeTranslator` does, unless another ``translator`` is given.
    """
    return create_app(
        settings
        or Settings(max_body_bytes=10_000, max_article_characters=1000, jobs_url="memory:"),
        generator=generator or FakeGenerator(lambda _: "A brief."),
        metrics=metrics,
        make_briefs=EchoBriefs,
        make_translator=lambda _: translator or FakeTranslator(),
        connections=connections,
    )


def connections_of(
    most: int = 10,
    *,
    head: float = 5.0,
    idle: float = 5.0,
    stalled: float = 5.0,
    dropped: Callable[[str], None] = lambda _: None,
) -> Connections:
    """Return what a server is given, with limits that no quick test reaches unless it says so."""
    limits = ConnectionLimits(most, head=head, idle=idle, stalled=stalled)
    return Connections(limits, dropped=dropped)


@asynccontextmanager
async def client_of(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client that talks to ``app`` in memory."""
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://jianbao.test") as client:
        yield client
