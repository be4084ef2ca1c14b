"""The only table from errors to HTTP statuses. Clients get ``application/problem+json``.

400 means that the body cannot be read, 422 that it was read and one of its fields is invalid.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    MethodNotAllowedException,
    ValidationException,
)
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.openapi import ResponseSpec

from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    InputError,
    InvalidInput,
    Overloaded,
    PromptTooLong,
    RateExceeded,
    StorageFull,
    TextTooLong,
    TextTooShort,
    Unavailable,
    UnsupportedLanguage,
    UnsupportedTask,
)
from service.jobs.model import JobCancelled, JobNotFound, OrderTooLarge
from service.translation.glossary_files import GlossariesFixed, GlossaryNotFound
from service.web.access import KeyRefused, RouteRefused
from service.web.bodies import (
    BODY,
    BodyTooLarge,
    RequestTooSlow,
    UnreadableBody,
    WrongContentType,
)
from service.web.disconnects import ClientGone
from service.web.heads import has_head
from service.web.schemas import FieldError, Problem

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

Handler = Callable[[Request[Any, Any, Any], Exception], Response[bytes]]
"""Returns the response to a request that raised an error."""

_STATUSES: Mapping[type[Exception], tuple[int, str]] = {
    UnreadableBody: (400, "The body cannot be read"),
    KeyRefused: (401, "A key is needed"),
    RouteRefused: (403, "The key does not allow this"),
    GlossariesFixed: (403, "Glossaries are not changed here"),
    GlossaryNotFound: (404, "There is no such glossary"),
    JobNotFound: (404, "There is no such job"),
    RequestTooSlow: (408, "The request did not arrive in time"),
    JobCancelled: (409, "The job was cancelled"),
    BodyTooLarge: (413, "The body is too large"),
    OrderTooLarge: (413, "The job is too large"),
    WrongContentType: (415, "The content type is not accepted"),
    InvalidInput: (422, "A field cannot be used"),
    TextTooShort: (422, "The text is too short"),
    UnsupportedLanguage: (422, "The language is not supported"),
    TextTooLong: (413, "The text is too long"),
    PromptTooLong: (413, "The text is too long for the model"),
    RateExceeded: (429, "The key's rate is used up"),
    Overloaded: (429, "Too many requests wait"),
    ClientGone: (499, "The client left"),
    GenerationFailed: (500, "The model failed on this request"),
    UnsupportedTask: (501, "No model serves this task"),
    Unavailable: (503, "The service is not available"),
    DeadlineExceeded: (504, "The request took too long"),
    StorageFull: (507, "There is no room for the job"),
}
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def to_problem(error: Exception) -> Problem:
    """Describe an error to a client. The text of an error that is not ours is not shown."""
    error = ours(error)
    for kind in type(error).__mro__:
        if kind in _STATUSES:
            status, title = _STATUSES[kind]
            return Problem(_type(kind), title, status, _detail(error), _errors(error))
    if isinstance(error, HTTPException) and error.status_code < 500:
        return _plain(error.status_code, error.detail)
    return _plain(500, "An internal error; the log has the details under this request's id.")


def to_response(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Return the error as a problem document."""
    problem = to_problem(error)
    return answer(request, error, problem, status=problem.status, media_type=MEDIA_TYPE)


def answer(
    request: Request[Any, Any, Any],
    error: Exception,
    content: Any,
    *,
    status: int,
    media_type: str = "application/json",
) -> Response[bytes]:
    """Return ``content``, which describes the error in any format, with the headers that belong to
    the error. An internal error is logged.
    """
    if status == 500:
        route = request.scope.get("path_template") or "unmatched"
        log.error("%s %s failed", request.method, route, exc_info=error)
    return Response(
        msgspec.json.encode(content),
        status_code=status,
        media_type=media_type,
        headers=_headers(request, error, status),
    )


def responses(descriptions: Mapping[int, str]) -> dict[int, ResponseSpec]:
    """Return the OpenAPI responses of a route's problems, by status."""
    return {
        status: ResponseSpec(
            Problem, description=text, media_type=MEDIA_TYPE, generate_examples=False
        )
        for status, text in descriptions.items()
    }


def by_path(handlers: Mapping[str, Handler]) -> Handler:
    """Return a handler that uses ``handlers`` at their paths and below, and problem documents
    elsewhere, whether or not a route matches.
    """

    def handle(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        path = request.scope["path"]
        for prefix, handler in handlers.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                return handler(request, error)
        return to_response(request, error)

    return handle


def ours(error: Exception) -> Exception:
    """Turn Litestar's errors about bodies into our own."""
    if isinstance(error, RequestEntityTooLarge):
        return BodyTooLarge("the body is larger than this service accepts", field=BODY)
    if isinstance(error, ValidationException):
        # no route takes parameters, so Litestar only validates that there is a body
        return UnreadableBody("the body is empty", field=BODY)
    if isinstance(error, InternalServerException) and "disconnected" in error.detail:
        return ClientGone("the client disconnected before its body was read")
    return error


def _detail(error: Exception) -> str:
    if isinstance(error, InputError) and error.field != BODY:
        return f"{error.field}: {error}"
    return str(error)


def _errors(error: Exception) -> tuple[FieldError, ...]:
    return (FieldError(error.field, str(error)),) if isinstance(error, InputError) else ()


def _headers(request: Request[Any, Any, Any], error: Exception, status: int) -> dict[str, str]:
    if isinstance(error, Overloaded | Unavailable):
        return {"Retry-After": str(error.retry_after)}
    if status == 401:
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, MethodNotAllowedException):
        path = request.url.path
        routes = [route for route in request.app.routes if route.path == path]
        allowed = {str(method) for route in routes for method in route.methods}
        if "GET" in allowed and has_head(path):
            allowed.add("HEAD")
        return {"Allow": ", ".join(sorted(allowed))}
    return {}


def _type(kind: type[Exception]) -> str:
    return "urn:problem-type:jianbao:" + _WORDS.sub("-", kind.__name__).lower()


def _plain(status: int, detail: str) -> Problem:
    return Problem("about:blank", HTTPStatus(status).phrase, status, detail)
