"""The domain services in this process, without HTTP: for the command line, and for programs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from service.analysis import Analyzers
from service.assembly import create_briefs, create_inference, create_names, create_translator
from service.briefs.summarize import Summarizes
from service.inference.protocol import Generator
from service.lineups.engines import prepare_lineup
from service.settings import Settings
from service.translation.model import Translates
from service.weights.progress import DownloadProgress


@asynccontextmanager
async def open_inference(
    settings: Settings, *, progress: DownloadProgress | None = None
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
    settings: Settings, *, progress: DownloadProgress | None = None
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
    settings: Settings, *, progress: DownloadProgress | None = None
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
    settings: Settings, *, progress: DownloadProgress | None = None
) -> AsyncIterator[Translates]:
    """Give the translator over :func:`open_inference`, and raise what that raises."""
    async with open_inference(settings, progress=progress) as inference:
        yield create_translator(settings, inference)
