"""The state of the whole service, as probes and metrics report it."""

from __future__ import annotations

import msgspec

from service.inference.observer import Stats
from service.keys import UNREADABLE, Keyring
from service.web.health import Observed
from service.web.shutdown import REASON, Shutdown


class ServiceStatus:
    """The state of ``inference``; but not ready once ``shutdown`` has begun, or while ``keyring``
    cannot be read. Requests that were accepted ask inference itself.
    """

    def __init__(self, inference: Observed, shutdown: Shutdown, keyring: Keyring) -> None:
        self._inference = inference
        self._shutdown = shutdown
        self._keyring = keyring

    def stats(self) -> Stats:
        """Return the present state."""
        stats = self._inference.stats()
        if stats.state == "dead":
            return stats
        if self._shutdown.begun:
            return msgspec.structs.replace(stats, state="draining", reason=REASON)
        if stats.state == "ready" and self._keyring.unreadable:
            return msgspec.structs.replace(stats, state="keys", reason=UNREADABLE)
        return stats
