"""How far this process has grown by what OpenVINO keeps for ever: compiled grammars."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from service.inference.config import EngineConfig


class Growth:
    """Measures the process by ``resident``, its memory in bytes, from each :meth:`restart` on."""

    def __init__(self, config: EngineConfig, resident: Callable[[], int]) -> None:
        self._config = config
        self._resident = resident
        self._before = resident()

    def restart(self) -> None:
        """A new pipeline was opened."""
        self._before = self._resident()

    @property
    def resident(self) -> int:
        """Memory of the process in bytes."""
        return self._resident()

    def exceeds(self, share: float, *, cache: float) -> bool:
        """Whether the process has grown by more than a ``share`` of what it may, not counting the
        keys and values, of which the part ``cache`` is in use.
        """
        allowed = self._config.resources
        kept = int(allowed.kv_cache_gb * (1 << 30) * cache)
        return self._resident() - self._before - kept > share * (allowed.growth_mb << 20)


def resident_bytes() -> int:
    """Memory of this process in bytes; 0 where Linux does not report it."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
