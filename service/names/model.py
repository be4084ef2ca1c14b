"""The nouns of the room: a name that stands in a sentence, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from service.names.tables import Kind

Origin = Literal["glossary", "lexicon", "pinyin", "verbatim", "model"]
"""Where a name's translation comes from: the caller's glossary, a table, a Chinese person's or
place's own reading, the source's Latin letters, or the model, which nothing vouches for."""


class Name(msgspec.Struct, frozen=True):
    """A name or term of a sentence, from ``start`` up to ``end`` in characters. ``targets`` are
    what it may be called in the other language, the preferred form first; none if that is left to
    the model. One that is ``implied`` may be left out, or said otherwise: it is part of a longer
    name, or the article has it elsewhere too.
    """

    source: str
    start: int
    end: int
    kind: Kind
    targets: tuple[str, ...]
    origin: Origin
    implied: bool = False


class ListedName(msgspec.Struct, frozen=True, rename={"origin": "from"}):
    """A name of the source, what the translation calls it, and where that comes from."""

    source: str
    target: str
    origin: Origin


def merged(lists: Iterable[Iterable[ListedName]]) -> tuple[ListedName, ...]:
    """The names of several sentences, each once as it is called first."""
    by_source: dict[str, ListedName] = {}
    for names in lists:
        for name in names:
            by_source.setdefault(name.source, name)
    return tuple(by_source.values())
