"""The operator's glossaries: files in a directory, which are reloaded when they change."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from service.errors import InvalidInput, SettingsError
from service.languages import LanguageTag, language_of
from service.translation.glossary_parsing import FIELD, parse_glossary
from service.translation.model import Term

log = logging.getLogger(__name__)

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_FILE = re.compile(r"[A-Za-z0-9._-]{1,64}\.(?:en-zh|zh-en)\.(?:tsv|csv)")
_DELIMITERS: Final = {".tsv": "\t", ".csv": ","}
_Version = tuple[int, int]


def is_name(text: str) -> bool:
    """Return whether a glossary can have that name."""
    return _NAME.fullmatch(text) is not None


class Glossaries:
    """The operator's named glossaries: ``NAME.en-zh.tsv``, ``NAME.zh-en.csv`` and so on in one
    directory, in UTF-8. A file that has changed is reloaded when it is next used. If that fails,
    its last version stays in use and an error is logged.
    """

    def __init__(self, directory: Path | None = None) -> None:
        """Read all glossaries; without a directory there are none.

        Raises:
            SettingsError: there is no such directory; or a ``.tsv`` or ``.csv`` file in it has an
                invalid name or cannot be read as a glossary, or exists with both endings.
        """
        self._directory = directory
        self._known: dict[Path, tuple[_Version, tuple[Term, ...] | None]] = {}
        if directory is None:
            return
        try:
            paths = sorted(path for path in directory.iterdir() if path.suffix in _DELIMITERS)
            versions = {path: _version(path) for path in paths}
        except OSError as error:
            raise SettingsError(f"glossaries: {directory}: {error.strerror}") from None
        for path, version in versions.items():
            if not _FILE.fullmatch(path.name):
                raise SettingsError(
                    f"glossaries: {path.name}: expected a name such as NAME.en-zh.tsv"
                )
            if path.suffix == ".tsv" and path.with_suffix(".csv") in versions:
                raise SettingsError(f"glossaries: {path.name} exists as .csv too")
            self._known[path] = version, _read(path)

    def get(self, name: str, source: LanguageTag, target: LanguageTag) -> tuple[Term, ...]:
        """The terms of one glossary. Blocks while a changed file is read.

        Raises:
            InvalidInput: there is no glossary of that name for that direction; the error names the
                field ``glossary``.
        """
        if self._directory is not None and _NAME.fullmatch(name):
            stem = f"{name}.{language_of(source)}-{language_of(target)}"
            for suffix in _DELIMITERS:
                terms = self._current(self._directory / (stem + suffix))
                if terms is not None:
                    return terms
        raise InvalidInput("no glossary of that name for this direction", field=FIELD)

    def for_request(self, name: str, source: LanguageTag, target: LanguageTag) -> tuple[Term, ...]:
        """Return the terms of the glossary that a request names. It has none for a direction that
        the glossary lacks: who names it may not know yet which language the text is in. Blocks like
        :meth:`get`.

        Raises:
            InvalidInput: there is no glossary of that name for either direction.
        """
        try:
            return self.get(name, source, target)
        except InvalidInput:
            self.get(name, target, source)
            return ()

    def stamp(self, name: str) -> str:
        """A string that changes whenever a glossary of that name does, in either direction."""
        if self._directory is None or not _NAME.fullmatch(name):
            return ""
        stamps = []
        for direction in ("en-zh", "zh-en"):
            for suffix in _DELIMITERS:
                with suppress(OSError):
                    stamps.append(_version(self._directory / f"{name}.{direction}{suffix}"))
        return repr(stamps)

    def _current(self, path: Path) -> tuple[Term, ...] | None:
        seen, terms = self._known.get(path, (None, None))
        try:
            version = _version(path)
            if version != seen:
                self._known[path] = version, terms  # set first, so as not to retry a bad file
                terms = _read(path)
                self._known[path] = version, terms
        except FileNotFoundError:
            self._known.pop(path, None)
            return None
        except (OSError, SettingsError) as error:
            log.error("%s", error)
        return terms


def _version(path: Path) -> _Version:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


def _read(path: Path) -> tuple[Term, ...]:
    """Raises:
    SettingsError: it cannot be read as a glossary.
    """
    english_first = path.suffixes[-2] == ".en-zh"
    try:
        return parse_glossary(
            path.read_text(encoding="utf-8"),
            source_language="en" if english_first else "zh",
            target_language="zh" if english_first else "en",
            delimiter=_DELIMITERS[path.suffix],
        )
    except (OSError, ValueError, InvalidInput) as error:
        raise SettingsError(f"glossaries: {path.name}: {error}") from None
