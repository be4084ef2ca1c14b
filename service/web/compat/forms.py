"""Bodies of protocols whose clients may send JSON or a form."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from litestar import Request
from multipart import MultipartSegment, ParserError, PushMultipartParser

from service.web.bodies import (
    BODY,
    UnreadableBody,
    WrongContentType,
    decode,
    require_uncompressed,
    require_utf8,
)

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


async def read_body(request: Request[Any, Any, Any], *, query: bool = False) -> dict[str, Any]:
    """Return the fields of a request whose body is a JSON object, a form (urlencoded or multipart)
    or empty.

    A form's values are strings; a field that is repeated is a list of them, in order. Files are
    left out. With ``query``, the fields of the query string are added; the body's win.

    Raises:
        UnreadableBody: the body does not match its content type, or is not UTF-8.
        InvalidInput: the JSON is not an object.
        WrongContentType: it is neither JSON nor a form, or compressed, or not declared as UTF-8.
        RequestEntityTooLarge: it is over the operator's limit.
    """
    kind, options = request.content_type
    body = await request.body()
    fields = _urlencoded(request.scope["query_string"]) if query else {}
    if body:
        require_utf8(request)
        require_uncompressed(request)
        fields |= await asyncio.to_thread(_read, body, kind, options)
    return fields


def _read(body: bytes, kind: str, options: dict[str, str]) -> dict[str, Any]:
    if kind == "application/json":
        fields: dict[str, Any] = decode(body, dict[str, Any])
        return fields
    if kind == _FORM:
        return _urlencoded(body)
    if kind == _MULTIPART:
        return read_multipart(body, options.get("boundary", "")).fields
    raise WrongContentType(
        f"expected application/json or a form, got {kind or 'no content type'}",
        field="Content-Type",
    )


def _urlencoded(content: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(content.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise UnreadableBody(f"the form is not UTF-8: {error.reason}", field=BODY) from None
    return _gather(pairs)


class UploadedFile(NamedTuple):
    """A file of a form: its field, its own name, its media type and its content."""

    field: str
    name: str
    media_type: str
    body: bytes


class Form(NamedTuple):
    """A form's fields, as :func:`read_body` gives them, and its files in order."""

    fields: dict[str, Any]
    files: list[UploadedFile]


def read_multipart(body: bytes, boundary: str) -> Form:
    """Read a form whose parts are divided by ``boundary``. Blocks.

    Raises:
        UnreadableBody: it is no such form, or a field is not UTF-8.
    """
    if not boundary:
        raise UnreadableBody("the form's boundary is not declared", field=BODY)
    pairs: list[tuple[str, str]] = []
    files: list[UploadedFile] = []
    segment, content = None, bytearray()
    try:
        with PushMultipartParser(boundary, max_segment_size=len(body)) as parser:
            for event in (*parser.parse(body), *parser.parse(b"")):
                if isinstance(event, MultipartSegment):
                    segment, content = event, bytearray()
                elif event:
                    content += event
                elif segment and segment.filename:
                    kind = segment.content_type or ""
                    files.append(UploadedFile(segment.name, segment.filename, kind, bytes(content)))
                elif segment:
                    pairs.append((segment.name, content.decode()))
    except UnicodeDecodeError as error:
        raise UnreadableBody(f"the form is not UTF-8: {error.reason}", field=BODY) from None
    except ParserError as error:
        raise UnreadableBody(f"the body is no such form: {error}", field=BODY) from None
    return Form(_gather(pairs), files)


def _gather(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    fields: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        fields[name].append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}
