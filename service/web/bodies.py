"""Request bodies are read strictly: JSON in UTF-8, with known fields of the right types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar, get_args

import msgspec
from litestar import Request
from litestar.dto import AbstractDTO, DTOFieldDefinition
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from service.briefs.articles import Source
from service.briefs.model import LengthName, Style
from service.errors import InputError, InvalidInput, ServiceError
from service.languages import LanguageTag

T = TypeVar("T")

BODY = "body"
"""The name of the whole body in errors."""

_ACCEPTED: dict[str, tuple[str, ...]] = {
    "source": get_args(Source),
    "languages": get_args(LanguageTag),
    "style": get_args(Style),
    "length": get_args(LengthName),
}
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`$", re.DOTALL)
_HIGH, _LOW = rb"u[dD][89abAB][0-9a-fA-F]{2}", rb"u[dD][c-fC-F][0-9a-fA-F]{2}"
_PAIR = rb"%b\\%b" % (_HIGH, _LOW)
_SURROGATES = re.compile(
    # matches whole runs, as each match costs a call; an escaped backslash starts no escape
    rb"\\(?:\\(?:\\\\)*|%(pair)b(?:\\%(pair)b)*"
    rb"|(?P<lone>(?:%(high)b|%(low)b)(?:\\(?!%(pair)b)(?:%(high)b|%(low)b))*))"
    % {b"pair": _PAIR, b"high": _HIGH, b"low": _LOW}
)
_REPLACEMENT = rb"\ufffd"


class WrongContentType(InputError):
    """The body is not declared as plain JSON in UTF-8."""


class BodyTooLarge(InputError):
    """The body is larger than the operator's limit; it was not read completely."""


class RequestTooSlow(ServiceError):
    """The request's head or body did not arrive in time."""


class UnreadableBody(InputError):
    """The body does not match its content type."""


class StrictJson(AbstractDTO[T]):
    """Decodes a handler's ``data`` directly from the bytes: ``StrictJson[SomeStruct]``.

    Litestar itself decodes built-in types first, without a limit on nesting, and then converts
    them leniently (``"3"`` becomes 3).
    """

    def decode_bytes(self, value: bytes) -> T:
        """Decode a body.

        Raises:
            UnreadableBody: it is not JSON, or not UTF-8.
            InvalidInput: a field is unknown, missing, or of the wrong type or range.
        """
        return decode(value, self.model_type)

    @classmethod
    def create_for_field_definition(cls, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing: there is no transfer model; the struct itself is decoded."""

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,  # noqa: ARG003
        schema_creator: Any,
    ) -> Reference | Schema:
        """Describe the struct itself."""
        schema: Reference | Schema = schema_creator.for_field_definition(field_definition)
        return schema

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Iterator[DTOFieldDefinition]:  # type: ignore[override]  # noqa: ARG003
        """Return nothing: see :meth:`create_for_field_definition`."""
        return iter(())

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:  # noqa: ARG003
        """Return False: see :meth:`create_for_field_definition`."""
        return False


async def require_json(request: Request[Any, Any, Any]) -> None:
    """Refuse a body by its headers, before it is read.

    Raises:
        WrongContentType: the headers do not declare plain JSON in UTF-8.
    """
    content_type, _ = request.content_type
    if content_type != "application/json":
        raise WrongContentType(
            f"expected application/json, got {content_type or 'no content type'}",
            field="Content-Type",
        )
    require_utf8(request)
    require_uncompressed(request)


def require_utf8(request: Request[Any, Any, Any]) -> None:
    """Refuse a body in another character encoding than UTF-8.

    Raises:
        WrongContentType: the headers declare another encoding.
    """
    _, options = request.content_type
    if options.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        raise WrongContentType("bodies must be in UTF-8", field="Content-Type")


def require_uncompressed(request: Request[Any, Any, Any]) -> None:
    """Refuse a compressed body.

    Raises:
        WrongContentType: the headers declare a compressed body.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise WrongContentType("compressed bodies are not supported", field="Content-Encoding")


def decode(body: bytes, kind: type[T]) -> T:
    """Decode JSON strictly; a lone surrogate in it becomes U+FFFD.

    Raises:
        UnreadableBody: it is not JSON, or not UTF-8.
        InvalidInput: a field is unknown, missing, or of the wrong type or range.
    """
    try:
        return _decode(body, kind)
    except UnreadableBody:
        replaced = replace_lone_surrogates(body)
        if replaced == body:
            raise
        return _decode(replaced, kind)


def replace_lone_surrogates(body: bytes) -> bytes:
    """Replace escapes of lone surrogates, which encode no character, with that of U+FFFD."""

    def replace(run: re.Match[bytes]) -> bytes:
        return _REPLACEMENT * (len(run[0]) // len(_REPLACEMENT)) if run["lone"] else run[0]

    return _SURROGATES.sub(replace, body)


def _decode(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise invalid_field(str(error)) from None
    except UnicodeDecodeError as error:
        raise UnreadableBody(f"the body is not UTF-8: {error.reason}", field=BODY) from None
    except RecursionError:
        raise UnreadableBody("the body is nested too deeply", field=BODY) from None
    except msgspec.DecodeError as error:
        raise UnreadableBody(f"the body is not JSON: {error}", field=BODY) from None


def invalid_field(message: str) -> InvalidInput:
    """Turn msgspec's message ``reason - at `$.path``` into an error that names the field."""
    complaint, _, place = message.rpartition(" - at `$")
    complaint, path = (complaint, place.removesuffix("`")) if complaint else (message, "")
    if unknown := _UNKNOWN.match(complaint):
        path, complaint = f"{path}.{unknown[1]}", "unknown field"
    elif missing := _MISSING.match(complaint):
        path, complaint = f"{path}.{missing[1]}", "required"
    field = path.removeprefix(".") or BODY
    accepted = _ACCEPTED.get(field.partition("[")[0])
    if accepted and complaint.startswith("Invalid enum value"):
        complaint += f"; expected one of {', '.join(accepted)}"
    return InvalidInput(complaint.replace("`", ""), field=field)
