"""DeepL's protocol, version 3: creates, reads and changes glossaries of several dictionaries.

They are the service's named glossaries (:mod:`service.translation.multilingual`): DeepL's id of a
glossary is its name here, and DeepL's name is its title. Source: DeepL's
description of ``/v3/glossaries``, and its Python client, 1.32.
"""

from __future__ import annotations

import asyncio
import csv
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from litestar import Request, delete, get, patch, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from service.errors import InvalidInput
from service.languages import language_of
from service.translation import glossary_files
from service.translation.glossary_files import (
    DIRECTIONS,
    Direction,
    GlossariesFixed,
    GlossaryFiles,
    languages_of,
)
from service.translation.glossary_parsing import check_terms
from service.translation.model import Term
from service.translation.multilingual import Glossary, MultilingualGlossaries
from service.web.access import Access, admit
from service.web.compat.codes import read_code
from service.web.compat.deepl import DeepLGlossaryNotFound, InvalidParameter, read_choice, read_key
from service.web.compat.forms import read_body

_ENTRIES: Final = "entries"
_NAME: Final = "name"
_DICTIONARIES: Final = "dictionaries"
_COLUMNS: Final = {"tsv": (2,), "csv": (2, 4)}
"""Allowed numbers of columns in each format; in CSV the language codes may follow."""

_NEWLINE = re.compile(r"\r\n?|\n")

Json = dict[str, Any]
AnyRequest = Request[Any, Any, Any]
Result = TypeVar("Result")


class _GlossaryAccess:
    """Checks access to the glossaries, and runs blocking work in a thread."""

    def __init__(self, files: GlossaryFiles | None, *, editable: bool, access: Access) -> None:
        self._glossaries = MultilingualGlossaries(files) if files else None
        self._editable = editable
        self._access = access

    async def read(
        self, request: AnyRequest, read: Callable[[MultilingualGlossaries, Json], Result]
    ) -> Result:
        """Call ``read`` with the glossaries and the request's fields; return its result.

        Raises:
            KeyRefused: a key is needed.
            DeepLGlossaryNotFound: there are no glossaries, or not this one.
        """
        fields = await read_body(request, query=True)
        admit(self._access.keyring, read_key(fields, request))
        if self._glossaries is None:
            raise _not_found()
        with _deepl_errors():
            return await asyncio.to_thread(read, self._glossaries, fields)

    async def change(
        self, request: AnyRequest, change: Callable[[MultilingualGlossaries, Json], Result]
    ) -> Result:
        """Call ``change`` with the glossaries and the request's fields; return its result.

        Raises what :meth:`read` raises, and:
            RouteRefused: the key may not change glossaries.
            GlossariesFixed: the operator does not allow changes.
        """
        fields = await read_body(request, query=True)
        await self._access.admit(read_key(fields, request), "glossaries")
        if self._glossaries is None or not self._editable:
            raise GlossariesFixed(
                "glossaries cannot be changed through the API here; the operator can allow it with "
                "JIANBAO_GLOSSARIES_DIR and JIANBAO_GLOSSARIES_EDITABLE"
            )
        with _deepl_errors():
            return await asyncio.to_thread(change, self._glossaries, fields)


def deepl_glossary_routes(
    files: GlossaryFiles | None, *, editable: bool, access: Access
) -> list[HTTPRouteHandler]:
    """Return the routes below ``/v3/glossaries``. Any key may read. Glossaries can be changed if
    they are ``editable``, by keys that may use the route ``glossaries``.
    """
    glossary_access = _GlossaryAccess(files, editable=editable, access=access)
    return [
        *_reading(glossary_access),
        *_changing(glossary_access),
        *_dictionaries(glossary_access),
    ]


# ------------------------------------------------------------------ routes


def _reading(glossary_access: _GlossaryAccess) -> Iterator[HTTPRouteHandler]:
    @get("/v3/glossaries", include_in_schema=False)
    async def glossaries(request: AnyRequest) -> Json:
        try:
            found = await glossary_access.read(request, lambda glossaries, _: glossaries.list())
        except DeepLGlossaryNotFound:  # there is no folder for them
            found = []
        return {"glossaries": [_shown(glossary) for glossary in found]}

    @get("/v3/glossaries/{name:str}", include_in_schema=False)
    async def glossary(request: AnyRequest, name: FromPath[str]) -> Json:
        return _shown(
            await glossary_access.read(request, lambda glossaries, _: glossaries.get(name))
        )

    @get("/v3/glossaries/{name:str}/entries", include_in_schema=False)
    async def entries(request: AnyRequest, name: FromPath[str]) -> Json:
        def read(glossaries: MultilingualGlossaries, fields: Json) -> Json:
            direction = _direction(fields)
            return _entries(direction, glossaries.read(name, direction))

        return {_DICTIONARIES: [await glossary_access.read(request, read)]}

    yield from (glossaries, glossary, entries)


def _changing(glossary_access: _GlossaryAccess) -> Iterator[HTTPRouteHandler]:
    @post("/v3/glossaries", status_code=201, include_in_schema=False)
    async def create(request: AnyRequest) -> Json:
        def make(glossaries: MultilingualGlossaries, fields: Json) -> Glossary:
            dictionaries = _read_dictionaries(fields)
            if not dictionaries:
                raise InvalidParameter(
                    "Glossary dictionaries must be provided.", field=_DICTIONARIES
                )
            return glossaries.create(_title(fields), dictionaries)

        return _shown(await glossary_access.change(request, make))

    @patch("/v3/glossaries/{name:str}", include_in_schema=False)
    async def edit(request: AnyRequest, name: FromPath[str]) -> Json:
        def change(glossaries: MultilingualGlossaries, fields: Json) -> Glossary:
            dictionaries = _read_dictionaries(fields)
            if fields.get(_NAME) is not None:
                glossaries.rename(name, _title(fields))
            glossaries.merge(name, dictionaries)
            return glossaries.get(name)

        return _shown(await glossary_access.change(request, change))

    @delete("/v3/glossaries/{name:str}", status_code=204, include_in_schema=False)
    async def remove(request: AnyRequest, name: FromPath[str]) -> None:
        await glossary_access.change(request, lambda glossaries, _: glossaries.remove(name))

    yield from (create, edit, remove)


def _dictionaries(glossary_access: _GlossaryAccess) -> Iterator[HTTPRouteHandler]:
    path = "/v3/glossaries/{name:str}/dictionaries"

    @put(path, include_in_schema=False)
    async def replace(request: AnyRequest, name: FromPath[str]) -> Json:
        def write(glossaries: MultilingualGlossaries, fields: Json) -> Json:
            direction, terms = _read_dictionary(fields)
            glossaries.replace(name, direction, terms)
            return _counted(direction, len(terms))

        return await glossary_access.change(request, write)

    @delete(path, status_code=204, include_in_schema=False)
    async def remove(request: AnyRequest, name: FromPath[str]) -> None:
        await glossary_access.change(
            request,
            lambda glossaries, fields: glossaries.remove_dictionary(name, _direction(fields)),
        )

    yield from (replace, remove)


# ------------------------------------------------------------------ what is asked


def _title(fields: Json) -> str:
    title = fields.get(_NAME)
    if not isinstance(title, str) or not title.strip():
        raise InvalidParameter("Parameter 'name' not specified.", field=_NAME)
    return title


def _read_dictionaries(fields: Json) -> dict[Direction, tuple[Term, ...]]:
    listed = fields.get(_DICTIONARIES) or []
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise InvalidParameter(
            "Value for 'dictionaries' is not a list of objects.", field=_DICTIONARIES
        )
    read = [_read_dictionary(one) for one in listed]
    if len({direction for direction, _ in read}) < len(read):
        raise InvalidParameter("Two dictionaries have the same languages.", field=_DICTIONARIES)
    return dict(read)


def _read_dictionary(fields: Json) -> tuple[Direction, tuple[Term, ...]]:
    direction = _direction(fields)
    style = read_choice(fields, "entries_format", {"", *_COLUMNS}) or "tsv"
    entries = fields.get(_ENTRIES)
    if not isinstance(entries, str) or not entries.strip():
        raise InvalidParameter("Parameter 'entries' not specified.", field=_ENTRIES)
    terms = check_terms(_rows(entries, style, direction), _ENTRIES)
    return direction, terms


def _rows(entries: str, style: str, direction: Direction) -> Iterator[Term]:
    """Read the entries of a dictionary, one per line; there is no header line."""
    lines = (line for line in _NEWLINE.split(entries) if line.strip())
    rows: Iterable[list[str]] = (
        csv.reader(lines, strict=True) if style == "csv" else (line.split("\t") for line in lines)
    )
    try:
        for number, row in enumerate(rows, 1):
            if len(row) not in _COLUMNS[style]:
                raise InvalidInput(f"entry {number}: not two columns", field=_ENTRIES)
            if len(row) == 4 and _pair(*row[2:]) != direction:
                raise InvalidInput(f"entry {number}: has other languages", field=_ENTRIES)
            yield Term(row[0], row[1])
    except csv.Error as error:
        raise InvalidInput(str(error), field=_ENTRIES) from None


def _direction(fields: Json) -> Direction:
    source, target = (_code(fields, name) for name in ("source_lang", "target_lang"))
    direction = _pair(source, target)
    if direction is None:
        raise InvalidParameter(
            "Unsupported glossary source and target language pair.", field="target_lang"
        )
    return direction


def _code(fields: Json, name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidParameter(f"Parameter '{name}' not specified.", field=name)
    return value


def _pair(source: str, target: str) -> Direction | None:
    """The direction between two languages, without regard to variants."""
    tags = read_code(source), read_code(target)
    languages = tuple(tag and language_of(tag) for tag in tags)
    return next((way for way in DIRECTIONS if languages_of(way) == languages), None)


# ------------------------------------------------------------------ what is answered


def _shown(glossary: Glossary) -> Json:
    return {
        "glossary_id": glossary.name,
        "name": glossary.title,
        "dictionaries": [_counted(one.direction, one.terms) for one in glossary.dictionaries],
        "creation_time": glossary.created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def _counted(direction: Direction, entries: int) -> Json:
    return {**_codes(direction), "entry_count": entries}


def _entries(direction: Direction, terms: tuple[Term, ...]) -> Json:
    return {
        **_codes(direction),
        _ENTRIES: "\n".join(f"{term.source}\t{term.target}" for term in terms),
        "entries_format": "tsv",
    }


def _codes(direction: Direction) -> Json:
    source, target = languages_of(direction)
    return {"source_lang": source, "target_lang": target}


@contextmanager
def _deepl_errors() -> Iterator[None]:
    try:
        yield
    except glossary_files.GlossaryNotFound:
        raise _not_found() from None
    except InvalidInput as error:
        if error.field == _NAME:
            raise InvalidParameter(
                f"Value for 'name' not supported: {error}.", field=_NAME
            ) from None
        raise InvalidParameter(
            f"Invalid glossary entries provided: {error}.", field=_ENTRIES
        ) from None


def _not_found() -> DeepLGlossaryNotFound:
    return DeepLGlossaryNotFound("Glossary not found.", field="glossary_id")
