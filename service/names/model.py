"""The types of names: a name in a sentence, and its form in the translation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from service.names.tables import Kind

Origin = Literal["glossary", "lexicon", "pinyin", "verbatim", "model"]
"""Where a name's translation comes from: the caller's glossary, a table, the pinyin of a Chinese
person or place, the source's Latin letters, or the model, which nothing confirms."""


class Name(msgspec.Struct, frozen=True):
    """A name or term of a sentence, from ``start`` up to ``end`` in characters. ``targets`` are its
    forms in the other language, the preferred one first; there are none if the model decides. One
    that is ``implied`` may be left out or paraphrased: it is part of a longer name, or the article
    has it elsewhere too.
    """

    source: str
    start: int
    end: int
    kind: Kind
    targets: tuple[str, ...]
    origin: Origin
    implied: bool = False


class ListedName(msgspec.Struct, frozen=True, rename={"origin": "from"}):
    """A name of the source, its form in the translation, and where that form comes from."""

    source: str
    target: str
    origin: Origin


def merged(lists: Iterable[Iterable[ListedName]]) -> tuple[ListedName, ...]:
    """Return the names of several sentences, each once with its first form."""
    by_source: dict[str, ListedName] = {}
    for names in lists:
        for name in names:
            by_source.setdefault(name.source, name)
    return tuple(by_source.values())
