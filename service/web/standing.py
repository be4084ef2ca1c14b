"""How the whole service stands, as probes and metrics are to see it."""

from __future__ import annotations

import msgspec

from service.inference.observer import Stats
from service.keys import UNREADABLE, Keyring
from service.web.health import Observed
from service.web.shutdown import REASON, Shutdown


class Standing:
    """``inference``, but not ready once ``shutdown`` has begun, or while ``keyring`` is unreadable.
    What the service has accepted asks inference itself.
    """

    def __init__(self, inference: Observed, shutdown: Shutdown, keyring: Keyring) -> None:
        self._inference = inference
        self._shutdown = shutdown
        self._keyring = keyring

    def stats(self) -> Stats:
        """Return its present state."""
        stats = self._inference.stats()
        if stats.state == "dead":
            return stats
        if self._shutdown.begun:
            return msgspec.structs.replace(stats, state="draining", reason=REASON)
        if stats.state == "ready" and self._keyring.unreadable:
            return msgspec.structs.replace(stats, state="keys", reason=UNREADABLE)
        return stats
