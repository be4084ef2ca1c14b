"""Glossaries as other services know them: one has a title, and a dictionary for each direction.

Such a glossary is the files of one name, ``NAME.en-zh.tsv`` and ``NAME.zh-en.tsv``, and its name is
what requests call it by. Its title, which may be any text, and when it was made are kept beside
them, in ``NAME.about.json``. A glossary that has no such file is titled by its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import msgspec

from service.errors import InvalidInput
from service.translation.glossary_files import (
    DIRECTIONS,
    Direction,
    GlossaryFiles,
    GlossaryInfo,
    GlossaryNotFound,
    replace_file,
    require_writable,
    unavailable,
)
from service.translation.model import Term

MAX_TITLE_BYTES: Final = 1024
_NAME_CHARACTERS: Final = 48
"""Of a name that is made from a title; a number may follow."""
_UNNAMED: Final = "glossary"
_OUTSIDE_NAMES = re.compile(r"[^A-Za-z0-9_]+")

Dictionaries = Mapping[Direction, tuple[Term, ...]]


class Glossary(msgspec.Struct, frozen=True):
    """A glossary: its ``name`` and ``title``, when it was ``created``, and its ``dictionaries``."""

    name: str
    title: str
    created: datetime
    dictionaries: tuple[GlossaryInfo, ...]


class _About(msgspec.Struct, frozen=True):
    title: str
    created: datetime


class MultilingualGlossaries:
    """The glossaries of ``files``. All methods block, and raise :class:`Unavailable` when the files
    cannot be reached.
    """

    def __init__(self, files: GlossaryFiles) -> None:
        self._files = files

    def list(self) -> list[Glossary]:
        """Return all glossaries, by name; also those that have no dictionary any more."""
        found: dict[str, list[GlossaryInfo]] = {name: [] for name in self._files.titled()}
        for info in self._files.list():
            found.setdefault(info.name, []).append(info)
        return [self._glossary(name, infos) for name, infos in sorted(found.items())]

    def get(self, name: str) -> Glossary:
        """Return one glossary.

        Raises:
            GlossaryNotFound: there is none of that name.
        """
        infos = []
        for direction in DIRECTIONS:
            with suppress(GlossaryNotFound):
                terms = self._files.read(name, direction)
                infos.append(GlossaryInfo(name, direction, len(terms)))
        if not infos and self._about(name) is None:
            raise GlossaryNotFound("no glossary of that name", field="name")
        return self._glossary(name, infos)

    def read(self, name: str, direction: Direction) -> tuple[Term, ...]:
        """Return the terms of a dictionary.

        Raises:
            GlossaryNotFound: there is no glossary of that name, or it has no such dictionary.
        """
        return self._files.read(name, direction)

    def create(self, title: str, dictionaries: Dictionaries) -> Glossary:
        """Make a glossary, under a name of its own that resembles ``title``.

        Raises:
            InvalidInput: the title is none, a term cannot be used, or there are too many.
        """
        _require_title(title)
        for terms in dictionaries.values():
            require_writable(terms)
        name = self._claim(title)
        try:
            for direction, terms in dictionaries.items():
                self._files.write(name, direction, terms)
        except Exception:
            self.remove(name)
            raise
        return self.get(name)

    def rename(self, name: str, title: str) -> None:
        """Give a glossary another title; its name stays.

        Raises:
            GlossaryNotFound: there is none of that name.
            InvalidInput: the title is none.
        """
        _require_title(title)
        self._keep(name, _About(title, self.get(name).created))

    def merge(self, name: str, dictionaries: Dictionaries) -> None:
        """Add terms to a glossary, and give those that it has already their new targets.

        Raises:
            GlossaryNotFound: there is none of that name.
            InvalidInput: a term cannot be used.
        """
        self.get(name)
        for terms in dictionaries.values():
            require_writable(terms)
        for direction, terms in dictionaries.items():
            self._files.change(name, direction, {term.source: term.target for term in terms})

    def replace(self, name: str, direction: Direction, terms: tuple[Term, ...]) -> None:
        """Replace a dictionary of a glossary, or add it.

        Raises what :meth:`merge` raises.
        """
        self.get(name)
        self._files.write(name, direction, terms)

    def remove(self, name: str) -> None:
        """Remove a glossary.

        Raises:
            GlossaryNotFound: there is none of that name.
        """
        for info in self.get(name).dictionaries:
            self._files.remove(name, info.direction)
        try:
            self._files.about(name).unlink(missing_ok=True)
        except OSError as error:
            raise unavailable(error) from None

    def remove_dictionary(self, name: str, direction: Direction) -> None:
        """Remove a dictionary; the glossary stays, even if it has no other.

        Raises:
            GlossaryNotFound: there is none of that name, or it has no such dictionary.
        """
        glossary = self.get(name)
        self._files.remove(name, direction)
        self._keep(name, _About(glossary.title, glossary.created))

    def _glossary(self, name: str, infos: Sequence[GlossaryInfo]) -> Glossary:
        about = self._about(name) or _About(name, self._oldest(infos))
        return Glossary(name, about.title, about.created, tuple(infos))

    def _oldest(self, infos: Sequence[GlossaryInfo]) -> datetime:
        """What comes nearest to when a glossary was made, where nobody wrote it down."""
        times = [self._files.changed(info.name, info.direction) for info in infos]
        return datetime.fromtimestamp(min(times, default=0.0), UTC)

    def _about(self, name: str) -> _About | None:
        try:
            return msgspec.json.decode(self._files.about(name).read_bytes(), type=_About)
        except (FileNotFoundError, InvalidInput, msgspec.DecodeError):
            return None
        except OSError as error:
            raise unavailable(error) from None

    def _keep(self, name: str, about: _About) -> None:
        try:
            replace_file(self._files.about(name), msgspec.json.encode(about))
        except OSError as error:
            raise unavailable(error) from None

    def _claim(self, title: str) -> str:
        """Write the title under a name that no other glossary has, and return the name."""
        stem = _OUTSIDE_NAMES.sub("-", title)[:_NAME_CHARACTERS].strip("-") or _UNNAMED
        taken = {info.name for info in self._files.list()}
        about = msgspec.json.encode(_About(title, datetime.now(UTC)))
        number = 1
        while True:
            name = stem if number == 1 else f"{stem}-{number}"
            number += 1
            if name in taken:
                continue
            try:
                with self._files.about(name).open("xb") as file:  # whoever makes it has the name
                    file.write(about)
            except FileExistsError:
                continue
            except OSError as error:
                raise unavailable(error) from None
            return name


def _require_title(title: str) -> None:
    if not title.strip() or not title.isprintable():
        raise InvalidInput("a name is a line of text", field="name")
    if len(title.encode()) > MAX_TITLE_BYTES:
        raise InvalidInput(f"a name has at most {MAX_TITLE_BYTES} bytes", field="name")
