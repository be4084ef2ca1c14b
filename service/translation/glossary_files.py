"""Lets callers list and change the operator's glossary files."""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from service.errors import InputError, InvalidInput, ServiceError, Unavailable
from service.languages import Language
from service.translation.glossary_directory import Glossaries
from service.translation.glossary_parsing import check_terms
from service.translation.model import Term

Direction = Literal["en-zh", "zh-en"]
"""The languages of a glossary's first and second column."""
DIRECTIONS: Final[tuple[Direction, ...]] = ("en-zh", "zh-en")
MOST_FILES: Final = 1_000
FIELD: Final = "glossary"
_NAME = re.compile(r"[A-Za-z0-9_-](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
_SUFFIXES = (".tsv", ".csv")
_ABOUT = ".about.json"
"""Ending of the file with a glossary's title: see ``multilingual``."""
_HEADER = "source\ttarget\n"


class GlossaryNotFound(InputError):
    """No glossary of that name exists for that direction."""


class GlossariesFixed(ServiceError):
    """The operator does not allow changes of glossaries over the API."""


class GlossaryInfo(msgspec.Struct, frozen=True):
    """A glossary and how many ``terms`` it has."""

    name: str
    direction: Direction
    terms: int


def languages_of(direction: Direction) -> tuple[Language, Language]:
    """Return the languages of the source and of the target."""
    return ("en", "zh") if direction == "en-zh" else ("zh", "en")


class GlossaryFiles:
    """The glossary files in ``directory``. Requests read the same files through ``glossaries``, so
    a change is used by the next request. All methods block.
    """

    def __init__(self, directory: Path, glossaries: Glossaries) -> None:
        self._directory = directory
        self._glossaries = glossaries
        # of two changes at the same time, neither is lost
        self._writing = threading.Lock()

    def list(self) -> list[GlossaryInfo]:
        """Return all glossaries, by name.

        Raises:
            Unavailable: the directory cannot be read.
        """
        try:
            names = [path.name for path in self._directory.iterdir()]
        except OSError as error:
            raise unavailable(error) from None
        found = {
            (parts[0], direction)
            for name in names
            for direction in DIRECTIONS
            for suffix in _SUFFIXES
            if (parts := name.partition(f".{direction}{suffix}"))[1] and not parts[2]
        }
        return [
            GlossaryInfo(name, direction, len(self.read(name, direction)))
            for name, direction in sorted(found)
        ]

    def read(self, name: str, direction: Direction) -> tuple[Term, ...]:
        """Return the terms of a glossary.

        Raises:
            GlossaryNotFound: there is none.
        """
        try:
            return self._glossaries.get(name, *languages_of(direction))
        except InvalidInput:
            raise GlossaryNotFound(
                "no glossary of that name for this direction", field=FIELD
            ) from None

    def write(self, name: str, direction: Direction, terms: tuple[Term, ...]) -> bool:
        """Create or replace a glossary; return whether it is new.

        Raises:
            InvalidInput: the name or a term cannot be used, or there are too many glossaries.
            Unavailable: it cannot be written.
        """
        with self._writing:
            return self._write(name, direction, terms)

    def change(
        self, name: str, direction: Direction, changes: Mapping[str, str | None]
    ) -> tuple[Term, ...]:
        """Apply ``changes`` to a glossary, which is created if it does not exist. They map a source
        to its new target, or to None to remove the term. Return all terms.

        Raises what :meth:`write` raises.
        """
        with self._writing:
            try:
                terms = {term.source: term.target for term in self.read(name, direction)}
            except GlossaryNotFound:
                terms = {}
            for source, target in changes.items():
                if target is None:
                    terms.pop(source, None)
                else:
                    terms[source] = target
            changed = check_terms((Term(*pair) for pair in terms.items()), FIELD)
            self._write(name, direction, changed)
            return changed

    def remove(self, name: str, direction: Direction) -> None:
        """Remove a glossary, and its title if the other direction does not exist.

        Raises:
            GlossaryNotFound: there is none.
            Unavailable: it cannot be removed.
        """
        with self._writing:
            self.read(name, direction)
            try:
                for path in self._paths(name, direction):
                    path.unlink(missing_ok=True)
                if not any(path.exists() for way in DIRECTIONS for path in self._paths(name, way)):
                    self.about(name).unlink(missing_ok=True)
            except OSError as error:
                raise unavailable(error) from None

    def about(self, name: str) -> Path:
        """Return the path of the file with a glossary's title; it need not exist.

        Raises:
            InvalidInput: no glossary can have that name.
        """
        _require_name(name)
        return self._directory / (name + _ABOUT)

    def titled(self) -> Sequence[str]:
        """Return the names of the glossaries that have a title, in order.

        Raises:
            Unavailable: the directory cannot be read.
        """
        try:
            return sorted(
                path.name.removesuffix(_ABOUT) for path in self._directory.glob(f"*{_ABOUT}")
            )
        except OSError as error:
            raise unavailable(error) from None

    def changed(self, name: str, direction: Direction) -> float:
        """Return when a glossary was last written, in seconds since 1970; 0 if it does not
        exist.
        """
        times = [path.stat().st_mtime for path in self._paths(name, direction) if path.exists()]
        return max(times, default=0.0)

    def _write(self, name: str, direction: Direction, terms: tuple[Term, ...]) -> bool:
        _require_name(name)
        require_writable(terms)
        content = _HEADER + "".join(f"{term.source}\t{term.target}\n" for term in terms)
        tsv, csv = self._paths(name, direction)
        try:
            new = not (tsv.exists() or csv.exists())
            tables = (path for path in self._directory.iterdir() if path.suffix in _SUFFIXES)
            if new and sum(1 for _ in tables) >= MOST_FILES:
                raise InvalidInput(f"there are {MOST_FILES} glossaries already", field="name")
            replace_file(tsv, content.encode())
            csv.unlink(missing_ok=True)
        except OSError as error:
            raise unavailable(error) from None
        return new

    def _paths(self, name: str, direction: Direction) -> tuple[Path, Path]:
        stem = f"{name}.{direction}"
        return self._directory / f"{stem}.tsv", self._directory / f"{stem}.csv"


def require_writable(terms: Iterable[Term]) -> None:
    """Raises:
    InvalidInput: a term would be read as a comment.
    """
    for term in terms:
        if term.source.startswith("#"):
            raise InvalidInput(f"{term.source}: a line with # is a comment", field=FIELD)


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            "a name has up to 64 letters, digits, dots, hyphens and underscores", field="name"
        )


def replace_file(path: Path, content: bytes) -> None:
    """Write a file atomically: a reader sees the old content or the new one."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, new = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except OSError:
        Path(new).unlink(missing_ok=True)
        raise


def unavailable(error: OSError) -> Unavailable:
    """Return the error for a directory or file that cannot be reached."""
    return Unavailable(f"the glossaries cannot be reached: {error.strerror}")
