"""A text that is looked into again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class CachedText:
    """Keeps what pure functions found in ``text``, each for as long as the text itself.

    An article is asked for its numbers, names and words with every part that is read and every
    draft that is reviewed; in a long one each question takes up to a second. Safe to use from
    several threads: the second to ask waits for the first.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: dict[Callable[[str], Any], Any] = {}
        self._lock = threading.RLock()

    def get(self, find: Callable[[str], T]) -> T:
        """What ``find`` returns for the text. It is called once and its result shared, so the
        result must not be changed.
        """
        with self._lock:
            if find not in self._found:
                self._found[find] = find(self.text)
            found: T = self._found[find]
            return found


def cached(text: str | CachedText) -> CachedText:
    """``text`` as a cached one, if it is not."""
    return text if isinstance(text, CachedText) else CachedText(text)
