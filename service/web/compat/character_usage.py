"""Counts the characters translated for each caller, which usage routes report."""

from __future__ import annotations

from collections import Counter

from service.keys import ApiKey


class CharacterUsage:
    """The characters translated for each caller since the process started. They are kept in memory
    and only reported: they limit nothing.
    """

    def __init__(self) -> None:
        self._characters: Counter[str] = Counter()

    def add(self, caller: ApiKey | None, characters: int) -> None:
        """Add translated characters; all callers without a key are counted together."""
        self._characters[_name(caller)] += characters

    def of(self, caller: ApiKey | None) -> int:
        """Return what was translated for the caller."""
        return self._characters[_name(caller)]


def _name(caller: ApiKey | None) -> str:
    return caller.name if caller else ""
