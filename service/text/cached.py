"""Caching what is found in a text."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class CachedText:
    """Caches the results of pure functions of ``text``, as long as the object lives.

    The numbers, names and words of an article are needed for every part that is read and every
    draft that is reviewed, and finding them in a long article takes up to a second each. It is
    thread-safe: a second caller waits for the result of the first.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: dict[Callable[[str], Any], Any] = {}
        self._lock = threading.RLock()

    def get(self, find: Callable[[str], T]) -> T:
        """Return the result of ``find`` for the text. ``find`` is called once, and callers share
        its result, so they must not change it.
        """
        with self._lock:
            if find not in self._found:
                self._found[find] = find(self.text)
            found: T = self._found[find]
            return found


def cached(text: str | CachedText) -> CachedText:
    """Return ``text`` as a :class:`CachedText`, if it is not one already."""
    return text if isinstance(text, CachedText) else CachedText(text)
