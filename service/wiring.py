"""What the commands open and run, gathered in one object so that tests can pass their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

import click
import msgspec

from service import in_process, logs, serving
from service.briefs.summarize import Summarizes
from service.settings import Settings
from service.translation.model import Translates
from service.weights.progress import DownloadProgress

WIRING = "service.cli.wiring"
"""Where click's context keeps it."""


class OpenBriefs(Protocol):
    """Opens the domain service, as :func:`service.in_process.open_briefs` does."""

    def __call__(
        self, settings: Settings, *, progress: DownloadProgress | None = None
    ) -> AbstractAsyncContextManager[Summarizes]: ...


class OpenTranslator(Protocol):
    """Opens the translator, as :func:`service.in_process.open_translator` does."""

    def __call__(
        self, settings: Settings, *, progress: DownloadProgress | None = None
    ) -> AbstractAsyncContextManager[Translates]: ...


class OpenLineup(Protocol):
    """Opens both over one engine, as :func:`service.in_process.open_lineup` does."""

    def __call__(
        self, settings: Settings, *, progress: DownloadProgress | None = None
    ) -> AbstractAsyncContextManager[tuple[Summarizes, Translates]]: ...


class Serve(Protocol):
    """Serves, as :func:`service.serving.serve` does."""

    def __call__(
        self,
        settings: Settings,
        *,
        announce: Callable[[str], None],
        progress: DownloadProgress | None = None,
    ) -> int: ...


@dataclass(frozen=True)
class Wiring:
    """What the commands open and run. Tests pass their own as click's ``obj``."""

    environ: Mapping[str, str]
    open_briefs: OpenBriefs = in_process.open_briefs
    open_translator: OpenTranslator = in_process.open_translator
    serve: Serve = serving.serve
    open_lineup: OpenLineup = in_process.open_lineup


def quietly(ctx: click.Context) -> tuple[Settings, Wiring]:
    """Return the settings and the wiring, and log only warnings unless the operator chose a level:
    standard error belongs to the progress bar.
    """
    settings: Settings = ctx.obj
    wiring: Wiring = ctx.meta[WIRING]
    if "JIANBAO_LOG_LEVEL" not in wiring.environ:
        settings = msgspec.structs.replace(settings, log_level="WARNING")
        logs.configure(settings.log_level, process="cli")
    return settings, wiring


def one_line(error: Exception) -> str:
    """Return the text of an error without line breaks."""
    return " ".join(str(error).split())
