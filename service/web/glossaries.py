"""``/glossaries``: lists and reads the named glossaries and, if allowed, changes them."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, delete, get, patch, put
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath, JSONBody
from litestar.types import Guard
from msgspec import Meta

from service.keys import Keyring
from service.translation.glossary_files import (
    DIRECTIONS,
    FIELD,
    Direction,
    GlossariesFixed,
    GlossaryFiles,
    GlossaryInfo,
    GlossaryNotFound,
    languages_of,
)
from service.translation.glossary_parsing import MAX_TERMS, parse_glossary
from service.web import problems
from service.web.access import Access, admit, keys_only, shown_key
from service.web.bodies import StrictJson, UnreadableBody, WrongContentType, require_json

TSV: Final = "text/tab-separated-values"
CSV: Final = "text/csv"
_DELIMITERS = {TSV: "\t", CSV: ","}
_UNCACHED = {"Cache-Control": "no-store"}
_REFUSALS = {
    401: "A key is needed.",
    403: "The key may not change glossaries, or the operator does not allow changes.",
    404: "There is no glossary of this name for this direction.",
    415: "The content type is not accepted.",
    422: "A name or a term is invalid; `errors` says which.",
    503: "The files cannot be read or written at the moment.",
}


class GlossaryList(msgspec.Struct, frozen=True):
    """The glossaries that requests may name, and whether the caller may change them."""

    editable: bool
    glossaries: tuple[GlossaryInfo, ...]


class GlossaryView(msgspec.Struct, frozen=True):
    """A glossary; ``terms`` are pairs of source and target."""

    name: str
    direction: Direction
    terms: tuple[tuple[str, str], ...]


class GlossaryChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The new translation of each term, or null to remove the term."""

    terms: Annotated[dict[str, str | None], Meta(min_length=1, max_length=MAX_TERMS)]


def glossary_routes(
    files: GlossaryFiles | None, *, editable: bool, access: Access
) -> list[HTTPRouteHandler]:
    """Return the routes. Without ``files`` there are no glossaries. They can be changed if they are
    ``editable``, by keys that may use the route ``glossaries``.
    """
    listed = _list_route(files, editable and files is not None, access.keyring)
    if files is None:
        return [listed]
    reading, writing = keys_only(access.keyring), access.guard("glossaries")
    return [
        listed,
        _read_route(files, reading),
        _replace_route(files, writing, editable),
        _change_route(files, writing, editable),
        _remove_route(files, writing, editable),
    ]


def _list_route(files: GlossaryFiles | None, editable: bool, keyring: Keyring) -> HTTPRouteHandler:
    @get(
        "/glossaries",
        responses=_refusals(401, 503),
        tags=["Glossaries"],
        summary="The glossaries that requests may name",
    )
    async def glossaries(request: Request[Any, Any, Any]) -> Response[GlossaryList]:
        caller = admit(keyring, shown_key(request.headers))
        found = await asyncio.to_thread(files.list) if files else []
        changes = editable and (caller is None or caller.may("glossaries"))
        return Response(GlossaryList(changes, tuple(found)), headers=_UNCACHED)

    return glossaries


def _read_route(files: GlossaryFiles, guard: Guard) -> HTTPRouteHandler:
    @get(
        "/glossaries/{name:str}/{direction:str}",
        guards=[guard],
        responses=_refusals(401, 404, 503),
        tags=["Glossaries"],
        summary="The terms of a glossary",
    )
    async def glossary(name: FromPath[str], direction: FromPath[str]) -> Response[GlossaryView]:
        return await _view(files, name, _direction(direction))

    return glossary


def _replace_route(files: GlossaryFiles, guard: Guard, editable: bool) -> HTTPRouteHandler:
    @put(
        "/glossaries/{name:str}/{direction:str}",
        status_code=200,
        guards=[guard],
        responses=_refusals(*_REFUSALS),
        operation_class=_Table,
        tags=["Glossaries"],
        summary="Replace or create a glossary",
        description="The body is a table of two columns, source and target, as TSV or CSV in "
        "UTF-8. The status is 201 if the glossary is new.",
    )
    async def replace(
        request: Request[Any, Any, Any], name: FromPath[str], direction: FromPath[str]
    ) -> Response[GlossaryView]:
        _require(editable)
        content_type, _ = request.content_type
        if content_type not in _DELIMITERS:
            shown = content_type or "no content type"
            raise WrongContentType(f"expected {TSV} or {CSV}, got {shown}", field="Content-Type")
        parsed = _direction(direction)
        source, target = languages_of(parsed)
        text = _text(await request.body())
        terms = await asyncio.to_thread(
            parse_glossary,
            text,
            source_language=source,
            target_language=target,
            delimiter=_DELIMITERS[content_type],
        )
        new = await asyncio.to_thread(files.write, name, parsed, terms)
        return await _view(files, name, parsed, status=201 if new else 200)

    return replace


def _change_route(files: GlossaryFiles, guard: Guard, editable: bool) -> HTTPRouteHandler:
    @patch(
        "/glossaries/{name:str}/{direction:str}",
        status_code=200,
        dto=StrictJson[GlossaryChanges],
        return_dto=None,
        guards=[guard],
        before_request=require_json,
        responses=_refusals(*_REFUSALS),
        tags=["Glossaries"],
        summary="Add, change or remove terms",
        description="A glossary that does not exist is created.",
    )
    async def change(
        data: JSONBody[GlossaryChanges], name: FromPath[str], direction: FromPath[str]
    ) -> Response[GlossaryView]:
        _require(editable)
        parsed = _direction(direction)
        await asyncio.to_thread(files.change, name, parsed, data.terms)
        return await _view(files, name, parsed)

    return change


def _remove_route(files: GlossaryFiles, guard: Guard, editable: bool) -> HTTPRouteHandler:
    @delete(
        "/glossaries/{name:str}/{direction:str}",
        status_code=204,
        guards=[guard],
        responses=_refusals(401, 403, 404, 503),
        tags=["Glossaries"],
        summary="Remove a glossary",
    )
    async def remove(name: FromPath[str], direction: FromPath[str]) -> None:
        _require(editable)
        await asyncio.to_thread(files.remove, name, _direction(direction))

    return remove


async def _view(
    files: GlossaryFiles, name: str, direction: Direction, *, status: int = 200
) -> Response[GlossaryView]:
    terms = await asyncio.to_thread(files.read, name, direction)
    pairs = tuple((term.source, term.target) for term in terms)
    return Response(GlossaryView(name, direction, pairs), status_code=status, headers=_UNCACHED)


def _direction(given: str) -> Direction:
    """Return the direction of that name.

    Raises:
        GlossaryNotFound: there is none.
    """
    for direction in DIRECTIONS:
        if given == direction:
            return direction
    raise GlossaryNotFound("expected en-zh or zh-en", field=FIELD)


def _require(editable: bool) -> None:
    if not editable:
        raise GlossariesFixed(
            "glossaries cannot be changed through the API here; the operator can allow it with "
            "JIANBAO_GLOSSARIES_EDITABLE"
        )


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableBody(f"the body is not UTF-8: {error.reason}", field="body") from None


class _Table(Operation):
    """The operation with its request body, which the handler reads itself."""

    def __post_init__(self) -> None:
        text = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))
        self.request_body = RequestBody(required=True, content={TSV: text, CSV: text})


def _refusals(*statuses: int) -> dict[int, ResponseSpec]:
    return problems.responses({status: _REFUSALS[status] for status in statuses})
