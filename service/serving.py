"""``jianbao serve``: the app behind its HTTP server, from the start to SIGTERM."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from service.app import create_app
from service.assembly import MakeBriefs, MakeTranslator, create_inference
from service.errors import SettingsError
from service.jobs.store import prepare_directory
from service.lineups.engines import Prepare, prepare_lineup
from service.settings import Settings
from service.web import server
from service.web.connections import ConnectionLimits, Connections, most_connections
from service.web.docs import PATH
from service.web.metrics import Metrics
from service.web.shutdown import Shutdown
from service.weights.progress import DownloadProgress
from service.weights.suggestion import suggest_lineup

SEED = Path("seeds", "china-technology.json")
"""A request to try, in the repository."""
EXAMPLE = (
    '{"text": "The council of Rivertown approved 585 million dollars on Tuesday to repair 13 '
    "bridges. Work begins in March and will take two years. The oldest bridge, which opened in "
    "1931, was closed to lorries last winter. Drivers will be led over two ferries, and the fare "
    'is paid by the council. Shopkeepers on the north bank fear for their trade."}'
)
"""A request to try where there is no repository."""


def serve(
    settings: Settings,
    *,
    announce: Callable[[str], None],
    prepare: Prepare | None = None,
    make_briefs: MakeBriefs | None = None,
    make_translator: MakeTranslator | None = None,
    progress: DownloadProgress | None = None,
) -> int:
    """Serve until SIGTERM; return the process's exit status. ``announce`` is given lines for the
    operator, once the service is ready.

    Raises:
        ServiceError: the service cannot start.
    """
    require_keys(settings)
    metrics = Metrics()
    suggests = prepare is None
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
