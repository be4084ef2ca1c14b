"""Topics of articles: terms of the tables that are topics, and everyday words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from typing import Final

from service.languages import Language

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


class EverydayTopics:
    """Everyday words for what articles are about, in both languages. ``rows`` have the Chinese
    form, the English one, and its plural if it has another.
    """

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        self._targets: dict[Language, dict[str, tuple[str, str]]] = {"en": {}, "zh": {}}
        for zh, en, *plural in rows:
            shown = en.lstrip("~")
            self._targets["zh"].setdefault(zh, (zh, shown))
            if en == shown:
                for form in (en, *plural):
                    self._targets["en"].setdefault(form.lower(), (en, zh))
        self._patterns: dict[Language, re.Pattern[str]] = {
            "en": re.compile(
                rf"(?<![\w-])(?:{_any_of(self._targets['en'])})(?![\w-])", re.IGNORECASE
            ),
            "zh": re.compile(_any_of(self._targets["zh"])),
        }

    def find(self, sentence: str, language: Language) -> Iterator[tuple[str, str, int]]:
        """Yield each topic of a ``sentence`` in ``language``: in its dictionary form, in the other
        language, and where it stands. Longer ones win.
        """
        for found in self._patterns[language].finditer(sentence):
            form, target = self._targets[language][found[0].lower()]
            yield form, target, found.start()


def _any_of(forms: Iterable[str]) -> str:
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))


@lru_cache(maxsize=1)
def everyday() -> EverydayTopics:
    """Return the built-in ones."""
    # not in the folder `data`: no translation is checked by these words
    table = resources.files(__package__).joinpath("topics.tsv").read_text(encoding="utf-8")
    lines = (line for line in table.splitlines() if line.strip() and not line.startswith("#"))
    return EverydayTopics(line.split("\t") for line in lines)
