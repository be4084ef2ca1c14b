"""``POST /batch``: many articles as NDJSON, a line each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import QueryParameter
from litestar.response import Stream

from service.errors import InvalidInput, ServiceError
from service.jobs.addresses import FIELD as CALLBACK
from service.jobs.model import JobArticle, JobRequest, digest_of
from service.keys import ApiKey
from service.web import problems
from service.web.access import Access, caller_of
from service.web.bodies import (
    BODY,
    BodyTooLarge,
    WrongContentType,
    decode,
    require_uncompressed,
)
from service.web.jobs.articles import to_keep
from service.web.jobs.intake import JobIntake, read_key
from service.web.jobs.views import NDJSON, UNCACHED, accepted, result_lines
from service.web.preferences import Preferences
from service.web.schemas import BatchLine, BatchResult, JobView

MOST_LINES = 1000
"""How many articles a batch may have."""

_LINES = {NDJSON, "application/ndjson", "application/jsonl"}
_BATCH = """\
Takes up to 1,000 articles as NDJSON: each line is a body of `POST /summarize`, with an `id` of the
caller's own if it wants one. The result of each article is sent as a line of NDJSON as soon as it
is finished, with the number of the article's line (from 1) and its `id`. A line that cannot be used
gets a `problem` in place of a result.

- `Prefer: respond-async` answers 202 at once; the results are then at `/jobs/{id}/results`.
- Closing the connection cancels the work, unless there is an `Idempotency-Key` or a `callback_url`.
- `Idempotency-Key`: the same key with the same body joins the work in progress, or returns its
  results again.
- `Cache-Control`: as for `/summarize`.
"""


class BatchLimits(msgspec.Struct, frozen=True):
    """How many ``bytes`` a batch and each of its lines (``line_bytes``) may have, and how many
    ``characters`` the article of a line.
    """

    bytes: int
    line_bytes: int
    characters: int


def read_batch(
    body: bytes, limits: BatchLimits, asked: Preferences, caller: ApiKey | None = None
) -> list[JobArticle]:
    """Read the lines of a batch that ``caller`` sent; empty lines do not count. A line that cannot
    be used, or exceeds the ``limits``, becomes an article that has failed already.

    Raises:
        InvalidInput: there are no lines, or too many.
    """
    lines = [line for line in body.split(b"\n") if line.strip()]
    if not 1 <= len(lines) <= MOST_LINES:
        raise InvalidInput(f"expected 1 to {MOST_LINES} lines, one article each", field=BODY)
    return [_read_line(line, limits, asked, caller) for line in lines]


def _read_line(
    line: bytes, limits: BatchLimits, asked: Preferences, caller: ApiKey | None
) -> JobArticle:
    try:
        if len(line) > limits.line_bytes:
            raise BodyTooLarge("the line is longer than this service accepts", field=BODY)
        read = decode(line, BatchLine)
        if read.callback_url is not None:
            raise InvalidInput("belongs to the batch: /batch?callback_url=…", field=CALLBACK)
        if read.url is not None:
            raise InvalidInput("pages are not fetched for a batch", field="url")
        read.options("zh-Hans")
        read.require_length(limits.characters)
    except ServiceError as error:
        failure = msgspec.json.encode(problems.to_problem(error))
        return JobArticle(name=_name(line[: limits.line_bytes]), failure=failure)
    return JobArticle(to_keep(read, asked, caller), read.id)


def count_characters(articles: Sequence[JobArticle]) -> int:
    """Return how many characters all ``articles`` have together."""
    return sum(len(one.body.decode()) for one in articles)


class _Named(msgspec.Struct):
    id: str | None = None


def _name(line: bytes) -> str | None:
    """Return the ``id`` of a line that cannot be used otherwise; None if it cannot be read."""
    try:
        return msgspec.json.decode(line, type=_Named).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


# ------------------------------------------------------------------ the route


async def require_lines(request: Request[Any, Any, Any]) -> None:
    """Refuse a body by its headers, before it is read.

    Raises:
        WrongContentType: it is not declared as plain NDJSON.
    """
    content_type, _ = request.content_type
    if content_type not in _LINES:
        shown = content_type or "no content type"
        raise WrongContentType(f"expected {NDJSON}, got {shown}", field="Content-Type")
    require_uncompressed(request)


def batch_route(intake: JobIntake, limits: BatchLimits, access: Access) -> HTTPRouteHandler:
    @post(
        "/batch",
        status_code=200,
        guards=[access.guard("batch")],
        before_request=require_lines,
        request_max_body_size=limits.bytes,
        responses={
            200: ResponseSpec(
                BatchResult,
                description="A line for each article, in the order in which they end.",
                media_type=NDJSON,
                generate_examples=False,
            ),
            202: ResponseSpec(
                JobView,
                description="Accepted as a job; `Location` says where it is.",
                generate_examples=False,
            ),
            **problems.responses(
                {
                    401: "A key is needed.",
                    403: "The key is not for batches.",
                    408: "The body did not arrive in time.",
                    413: "The body exceeds the operator's limit, or that of all jobs together.",
                    415: "The body is not declared as NDJSON.",
                    422: "There are no lines or too many, or a header or `callback_url` is wrong.",
                    429: "Too many articles, or bytes of them, are queued, or the key's rate is "
                    "used up; `Retry-After`.",
                    503: "The jobs cannot be stored now.",
                    507: "There is no room for more jobs until results expire; `Retry-After`.",
                }
            ),
        },
        operation_class=_Lines,
        tags=["Jobs"],
        summary="Summarize many articles",
        description=_BATCH,
    )
    async def batch(
        request: Request[Any, Any, Any],
        callback_url: Annotated[
            str | None,
            QueryParameter(
                name=CALLBACK, description="The URL that is notified when the batch has ended."
            ),
        ] = None,
    ) -> Response[Any]:
        asked = Preferences.read(request.headers)
        key, callback = read_key(request), intake.callback(callback_url)
        body = await request.body()
        caller = caller_of(request)
        articles = await asyncio.to_thread(read_batch, body, limits, asked, caller)
        await access.charge(caller, await asyncio.to_thread(count_characters, articles))
        job_request = JobRequest(
            kind="batch",
            articles=tuple(articles),
            owner=intake.owner(request),
            callback=callback,
            key=key,
            digest=await asyncio.to_thread(digest_of, b"batch", body, callback.encode()),
        )
        job = await intake.jobs.submit(job_request)
        if asked.respond_async:
            return accepted(intake.jobs, job, {"Preference-Applied": "respond-async"})
        lines = result_lines(intake.jobs, job.id, delete_after=not (key or callback))
        return Stream(lines, media_type=NDJSON, headers={**UNCACHED, "X-Job-Id": job.id})

    return batch


@dataclass
class _Lines(Operation):
    """Describes the body, which the handler reads itself."""

    def __post_init__(self) -> None:
        self.request_body = RequestBody(
            required=True,
            content={NDJSON: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))},
        )
