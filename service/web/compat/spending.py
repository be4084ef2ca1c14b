"""How much each caller has had translated, for those who ask their usage."""

from __future__ import annotations

from collections import Counter

from service.keys import ApiKey


class CharacterUsage:
    """The characters that were translated for each caller since the process began. They are kept in
    memory, and for people to look at: nobody is refused for them.
    """

    def __init__(self) -> None:
        self._characters: Counter[str] = Counter()

    def add(self, caller: ApiKey | None, characters: int) -> None:
        """Count what was translated; all callers without a key are one."""
        self._characters[_name(caller)] += characters

    def of(self, caller: ApiKey | None) -> int:
        """Return what was translated for the caller."""
        return self._characters[_name(caller)]


def _name(caller: ApiKey | None) -> str:
    return caller.name if caller else ""
