"""The terms of the service that are topics of articles, or offices."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import Final

_OFFICES: Final = "Offices and titles"
_NO_TOPICS: Final = frozenset(
    {
        _OFFICES,
        "Media and publishing terms",
        "Currencies",
        "Languages",
        "What a small model translates word by word",
    }
)
"""Sections of the table with terms that are in articles about anything."""


@lru_cache(maxsize=1)
def topics() -> frozenset[str]:
    """Return the forms of all terms that are topics, in both languages, in lower case."""
    return frozenset(form for section, form in _forms() if section not in _NO_TOPICS)


@lru_cache(maxsize=1)
def offices() -> frozenset[str]:
    """Return the words that end the English name of an office, in lower case: *minister*."""
    forms = (form for section, form in _forms() if section == _OFFICES and form.isascii())
    return frozenset(form.split()[-1] for form in forms)


def _forms() -> Iterator[tuple[str, str]]:
    """Yield each form of the table, after its section."""
    table = resources.files(__package__).joinpath("data", "terms.tsv").read_text(encoding="utf-8")
    section = ""
    for line in table.splitlines():
        if line.startswith("#"):
            section = line.removeprefix("#").strip()
        elif line.strip():
            zh, en, _, *others = line.split("\t")
            forms = (zh, en, *(form for cell in others for form in cell.split("|")))
            yield from ((section, form.lstrip("~").lower()) for form in forms if form.strip("~ "))
