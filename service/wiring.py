"""What the commands work with: the parts that :mod:`service.app` joins, so that tests can pass
others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from service import app
from service.briefs.summarize import Summarizes
from service.settings import Settings
from service.translation.model import Translates
from service.weights.progress import Progress

WIRING = "service.cli.wiring"
"""Where click's context keeps it."""


class OpenBriefs(Protocol):
    """Opens the domain service, as :func:`service.app.open_briefs` does."""

    def __call__(
        self, settings: Settings, *, progress: Progress | None = None
    ) -> AbstractAsyncContextManager[Summarizes]: ...


class OpenTranslator(Protocol):
    """Opens the translator, as :func:`service.app.open_translator` does."""

    def __call__(
        self, settings: Settings, *, progress: Progress | None = None
    ) -> AbstractAsyncContextManager[Translates]: ...


class OpenLineup(Protocol):
    """Opens both over one engine, as :func:`service.app.open_lineup` does."""

    def __call__(
        self, settings: Settings, *, progress: Progress | None = None
    ) -> AbstractAsyncContextManager[tuple[Summarizes, Translates]]: ...


class Serve(Protocol):
    """Serves, as :func:`service.app.serve` does."""

    def __call__(
        self,
        settings: Settings,
        *,
        announce: Callable[[str], None],
        progress: Progress | None = None,
    ) -> int: ...


@dataclass(frozen=True)
class Wiring:
    """What the commands work with. Tests pass their own as click's ``obj``."""

    environ: Mapping[str, str]
    open_briefs: OpenBriefs = app.open_briefs
    open_translator: OpenTranslator = app.open_translator
    serve: Serve = app.serve
    open_lineup: OpenLineup = app.open_lineup
