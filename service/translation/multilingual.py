"""Glossaries in the form of other services: a title, and a dictionary for each direction.

Such a glossary consists of the files ``NAME.en-zh.tsv`` and ``NAME.zh-en.tsv``; requests refer to
it by ``NAME``. Its title, which may be any text, and its creation time are in ``NAME.about.json``.
If that file does not exist, the name is also the title.
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
"""Longest name that is made from a title; a number may be added."""
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
        """Return all glossaries, sorted by name, including those whose dictionaries were
        removed.
        """
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
        """Create a glossary, with a unique name that resembles ``title``.

        Raises:
            InvalidInput: the title is empty, too long or not printable, a term cannot be used, or
                there are too many glossaries.
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
        """Change the title of a glossary; its name stays the same.

        Raises:
            GlossaryNotFound: there is none of that name.
            InvalidInput: the title is empty, too long or not printable.
        """
        _require_title(title)
        self._keep(name, _About(title, self.get(name).created))

    def merge(self, name: str, dictionaries: Dictionaries) -> None:
        """Add terms to a glossary; existing ones get their new targets.

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
        """The time of the oldest file, for a glossary whose creation time is not recorded."""
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
                with self._files.about(name).open(
                    "xb"
                ) as file:  # creating the file claims the name
                    file.write(about)
            except FileExistsError:
                continue
            except OSError as error:
                raise unavailable(error) from None
            return name


def _require_title(title: str) -> None:
    if not title.strip() or not title.isprintable():
        raise InvalidInput("a name must be one line of printable text", field="name")
    if len(title.encode()) > MAX_TITLE_BYTES:
        raise InvalidInput(f"a name has at most {MAX_TITLE_BYTES} bytes", field="name")
