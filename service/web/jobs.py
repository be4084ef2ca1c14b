"""``/jobs`` and ``POST /batch``; what of ``POST /summarize`` becomes a job."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, cast

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream
from litestar.types import Guard

from service.errors import DeadlineExceeded, InvalidInput, Overloaded, ServiceError, Unavailable
from service.inference.client import Stats
from service.jobs.addresses import FIELD as CALLBACK
from service.jobs.addresses import Destinations
from service.jobs.desk import KEY_FIELD, Jobs
from service.jobs.model import Draft, Job, Order, Outcome, digest_of
from service.jobs.worker import Describe
from service.keys import Keyring
from service.web import problems
from service.web.access import Access, admit, caller_of, keys_only, shown_key
from service.web.bodies import WrongContentType
from service.web.exports import DOCX, export_of
from service.web.job_articles import BatchLimits, content_tag, count_characters, read_batch, to_keep
from service.web.preferences import Preferences
from service.web.schemas import (
    Articles,
    BatchResult,
    Callback,
    DeliveryAttempt,
    JobView,
    Problem,
    SummarizeRequest,
)

NDJSON = "application/x-ndjson"

_LINES = {NDJSON, "application/ndjson", "application/jsonl"}
_MOST_KEY = 255
_UNCACHED = {"Cache-Control": "no-store"}
_BATCH = """\
Takes up to 1,000 articles as NDJSON: each line is a body of `POST /summarize`, with an `id` of the
caller's own if it wants one. What comes of each is sent as a line of NDJSON when it is there, in
the order in which they end, under the line's number (from 1) and `id`; a line that cannot be used
has a `problem` for its result.

- `Prefer: respond-async` answers 202 at once; the results are fetched from `/jobs/{id}/results`.
- Who leaves ends the work, unless there is an `Idempotency-Key` or a `callback_url`.
- `Idempotency-Key`: the same key with the same body joins the work under way, or gives its results
  again.
- `Cache-Control`: as for `/summarize`.
"""


class Customs:
    """What a request must show before it becomes a job: whose it is, its key, where it is told.

    Without ``webhooks`` there is no secret to sign with, and no ``callback_url`` is taken.
    """

    def __init__(
        self, jobs: Jobs, keyring: Keyring, destinations: Destinations, *, webhooks: bool
    ) -> None:
        self.jobs = jobs
        self._keyring = keyring
        self._destinations = destinations
        self._webhooks = webhooks

    def owner(self, request: Request[Any, Any, Any]) -> str:
        """Who may see the job: the digest of the caller's key, empty where nobody needs one.

        Raises:
            KeyRefused: a key is required.
        """
        caller = admit(self._keyring, shown_key(request.headers))
        return caller.digest if caller else ""

    def callback(self, url: str | None) -> str:
        """The URL, empty if there is none.

        Raises:
            InvalidInput: webhooks are not sent, or not there.
        """
        if url is None:
            return ""
        if not self._webhooks:
            raise InvalidInput("this service sends no webhooks", field=CALLBACK)
        self._destinations.check(url)
        return url

    def view(self, job: Job, outcomes: list[Outcome]) -> JobView:
        """The job as a client sees it; ``outcomes`` are those of the one article."""
        view = show_job(job, self.jobs.expires(job))
        if job.kind == "batch" or not outcomes:
            return view
        content = cast("Any", msgspec.Raw(outcomes[0].content))
        field = "problem" if outcomes[0].failed else "result"
        return msgspec.structs.replace(view, **{field: content})


def read_key(request: Request[Any, Any, Any]) -> str:
    """The request's ``Idempotency-Key``, empty if there is none.

    Raises:
        InvalidInput: it is no key.
    """
    given = request.headers.get(KEY_FIELD)
    if given is None:
        return ""
    key = given.strip().removeprefix('"').removesuffix('"')
    if not 1 <= len(key) <= _MOST_KEY or not key.isprintable():
        raise InvalidInput(f"expected 1 to {_MOST_KEY} printable characters", field=KEY_FIELD)
    return key


# ------------------------------------------------------------------ what is done, how it is told


def describe_failure(log: Callable[[Exception], None]) -> Describe:
    """Return what puts an error as a problem; ``log`` is told of what is no fault of a caller's."""

    def describe(error: Exception) -> bytes:
        if not isinstance(error, ServiceError):
            log(error)
        return msgspec.json.encode(problems.to_problem(error))

    return describe


def show_job(job: Job, expires: float | None) -> JobView:
    """Describe a job without what came of it."""
    return JobView(
        id=job.id,
        kind=job.kind,
        status=job.status,
        progress=job.progress,
        articles=Articles(job.total, job.done, job.failed),
        created=_time(job.created),
        ended=None if job.ended is None else _time(job.ended),
        expires=None if expires is None else _time(expires),
        results=f"/jobs/{job.id}/results",
        callback=_callback(job) if job.callback else None,
    )


def _callback(job: Job) -> Callback:
    attempts = tuple(DeliveryAttempt(_time(one.at), one.outcome) for one in job.log)
    return Callback(job.callback, job.delivery, attempts)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(round(seconds, 3), UTC)


def show_line(outcome: Outcome) -> BatchResult:
    """Describe what came of one article."""
    content = cast("Any", msgspec.Raw(outcome.content))
    if outcome.failed:
        return BatchResult(outcome.number, outcome.name, problem=content)
    return BatchResult(outcome.number, outcome.name, result=content)


def webhook_content(job: Job, outcomes: list[Outcome]) -> bytes:
    """What a webhook says of a job that has ended; the same at each try."""
    ended = _time(job.ended or job.created)
    data = {
        "id": job.id,
        "kind": job.kind,
        "status": job.status,
        "articles": Articles(job.total, job.done, job.failed),
        "results": [show_line(one) for one in sorted(outcomes, key=lambda one: one.number)],
    }
    return msgspec.json.encode({"type": f"job.{job.status}", "timestamp": ended, "data": data})


# ------------------------------------------------------------------ POST /summarize


async def summarize_as_job(
    customs: Customs,
    request: Request[Any, Any, Any],
    data: SummarizeRequest,
    asked: Preferences,
    *,
    seconds: float,
    stats: Stats,
    needs_model: Callable[[], Awaitable[bool]],
) -> Response[Any] | None:
    """Answer as a job, if that is asked for: at once with 202, or, told how long to wait or for the
    sake of a key, with what came of it within ``seconds``. None if this is no job. What needs no
    model is begun at once, whatever becomes of the engine and whatever waits for it.

    Raises:
        InvalidInput: the key is another request's, or the webhook may not go there.
        JobCancelled: the job was cancelled while the caller waited.
        Overloaded, Unavailable: there is no room, and the caller wants the answer itself.
    """
    callback = customs.callback(data.callback_url)
    if callback and (asked.events or not asked.respond_async):
        raise InvalidInput("is told of jobs only: ask with Prefer: respond-async", field=CALLBACK)
    key = read_key(request)
    if asked.events or not (asked.respond_async or key):
        return None
    needs_engine = await _needs(needs_model)
    if needs_engine and not asked.respond_async:
        require_room(stats)
    # a page that was fetched again may have changed; the request is the same
    text = None if data.url else data.text
    body = msgspec.json.encode(msgspec.structs.replace(data, text=text, callback_url=None))
    order = Order(
        kind="summarize",
        articles=(Draft(to_keep(data, asked, caller_of(request))),),
        owner=customs.owner(request),
        callback=callback,
        key=key,
        digest=digest_of(b"summarize", body, callback.encode()),
    )
    waits = not asked.respond_async or asked.wait is not None
    job = await customs.jobs.submit(order, at_once=waits, needs_engine=needs_engine)
    outcome = await customs.jobs.first(job.id, seconds) if waits else None
    if outcome is None:
        return await _later(customs, job.id, order.owner, asked, seconds)
    headers = _applied(asked, seconds)
    if key or callback:
        headers["X-Job-Id"] = job.id
    else:
        customs.jobs.forget(job.id)
    return _answer(outcome, asked, headers)


async def _needs(model: Callable[[], Awaitable[bool]]) -> bool:
    """Whether the article needs a ``model``. One that cannot be used needs none to fail."""
    try:
        return await model()
    except ServiceError:
        return False


def require_room(stats: Stats) -> None:
    """Refuse early who would not be taken.

    Raises:
        Unavailable, Overloaded
    """
    if stats.state != "ready":
        raise Unavailable(stats.reason or "the service is not ready")
    if stats.limit and stats.queued_requests + stats.running >= stats.limit:
        raise Overloaded(
            "too many requests wait; try again later", retry_after=max(math.ceil(stats.backlog), 1)
        )


async def _later(
    customs: Customs, job: str, owner: str, asked: Preferences, seconds: float
) -> Response[Any]:
    """Say where the job is, or that it took too long for one who did not ask for jobs."""
    if not asked.respond_async:
        raise DeadlineExceeded(
            f"not finished within {seconds:g} seconds; it goes on, and the same request with the "
            f"same {KEY_FIELD} joins it"
        )
    return accepted(customs, await customs.jobs.find(job, owner), _applied(asked, seconds))


def accepted(customs: Customs, job: Job, headers: dict[str, str]) -> Response[Any]:
    """Answer 202 with where the job is."""
    return Response(
        customs.view(job, []),
        status_code=202,
        headers={"Location": f"/jobs/{job.id}", **_UNCACHED, **headers},
    )


def _applied(asked: Preferences, seconds: float) -> dict[str, str]:
    waited = [] if asked.wait is None else [f"wait={seconds:g}"]
    told = ["respond-async"] if asked.respond_async else []
    return {"Preference-Applied": ", ".join([*told, *waited])} if told or waited else {}


def _answer(outcome: Outcome, asked: Preferences, headers: dict[str, str]) -> Response[Any]:
    if not outcome.failed:
        tag = content_tag(outcome.content)
        headers = {**_UNCACHED, "ETag": f'W/"{tag}"', **headers}
        if tag in asked.known and not asked.fresh:
            return Response(None, status_code=304, headers=headers)
        return Response(outcome.content, media_type="application/json", headers=headers)
    problem = msgspec.json.decode(outcome.content, type=Problem)
    return Response(
        outcome.content,
        status_code=problem.status,
        media_type=problems.MEDIA_TYPE,
        headers=headers,
    )


# ------------------------------------------------------------------ POST /batch


async def require_lines(request: Request[Any, Any, Any]) -> None:
    """Refuse a body by its declaration, before it is read.

    Raises:
        WrongContentType: it is not declared as plain NDJSON.
    """
    content_type, _ = request.content_type
    if content_type not in _LINES:
        shown = content_type or "no content type"
        raise WrongContentType(f"expected {NDJSON}, got {shown}", field="Content-Type")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise WrongContentType("compressed bodies are not read", field="Content-Encoding")


async def results(customs: Customs, job: str, *, lasting: bool = True) -> AsyncIterator[bytes]:
    """The lines of a job's results as they come. Unless it is ``lasting``, the job ends with the
    one who reads them.
    """
    try:
        async for outcome in customs.jobs.follow(job):
            yield msgspec.json.encode(show_line(outcome)) + b"\n"
    finally:
        if not lasting:
            customs.jobs.forget(job)


def job_routes(customs: Customs, *, limits: BatchLimits, access: Access) -> list[HTTPRouteHandler]:
    """Return the routes; ``limits`` are those of a batch, and ``access`` says who may call."""
    guard = keys_only(access.keyring)
    return [
        _batch_route(customs, limits, access),
        _job_route(customs, guard),
        _results_route(customs, guard),
        _cancel_route(customs, guard),
    ]


def _batch_route(customs: Customs, limits: BatchLimits, access: Access) -> HTTPRouteHandler:
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
            202: _spec(JobView, "Accepted as a job; `Location` says where it is."),
            **_refusals(
                {
                    401: "A key is needed.",
                    403: "The key is not for batches.",
                    408: "The body did not arrive in time.",
                    413: "The body is over the operator's limit, or more than all jobs may be.",
                    415: "The body is not declared as NDJSON.",
                    422: "There are no lines or too many, or a header or `callback_url` is wrong.",
                    429: "Too many articles, or bytes of them, wait, or the key's rate is used up; "
                    "`Retry-After`.",
                    503: "The jobs cannot be kept now.",
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
            QueryParameter(name=CALLBACK, description="Where the end of the batch is told."),
        ] = None,
    ) -> Response[Any]:
        asked = Preferences.read(request.headers)
        key, callback = read_key(request), customs.callback(callback_url)
        body = await request.body()
        caller = caller_of(request)
        drafts = await asyncio.to_thread(read_batch, body, limits, asked, caller)
        await access.charge(caller, await asyncio.to_thread(count_characters, drafts))
        order = Order(
            kind="batch",
            articles=tuple(drafts),
            owner=customs.owner(request),
            callback=callback,
            key=key,
            digest=await asyncio.to_thread(digest_of, b"batch", body, callback.encode()),
        )
        job = await customs.jobs.submit(order)
        if asked.respond_async:
            return accepted(customs, job, {"Preference-Applied": "respond-async"})
        lines = results(customs, job.id, lasting=bool(key or callback))
        return Stream(lines, media_type=NDJSON, headers={**_UNCACHED, "X-Job-Id": job.id})

    return batch


def _job_route(customs: Customs, guard: Guard) -> HTTPRouteHandler:
    @get(
        "/jobs/{job_id:str}",
        guards=[guard],
        responses=_refusals(_NOT_FOUND),
        tags=["Jobs"],
        summary="How a job stands",
        response_description="The job, with its result or problem if it was one article.",
    )
    async def job(request: Request[Any, Any, Any], job_id: FromPath[str]) -> Response[JobView]:
        found = await customs.jobs.find(job_id, customs.owner(request))
        ended = found.kind == "summarize" and found.ended is not None
        outcomes = await customs.jobs.outcomes(found.id) if ended else []
        return Response(customs.view(found, outcomes), headers=_UNCACHED)

    return job


def _results_route(customs: Customs, guard: Guard) -> HTTPRouteHandler:
    @get(
        "/jobs/{job_id:str}/results",
        guards=[guard],
        responses={
            200: ResponseSpec(
                BatchResult,
                description="A line for each article, in the order in which they end, until all "
                "have.",
                media_type=NDJSON,
                generate_examples=False,
            ),
            **_refusals(_NOT_FOUND),
        },
        tags=["Jobs"],
        summary="What came of a job, as NDJSON",
        description="With `Accept: text/csv`, or that of a Word document "
        f"(`{DOCX}`), what there is now, as a table or a document.",
    )
    async def job_results(request: Request[Any, Any, Any], job_id: FromPath[str]) -> Response[Any]:
        found = await customs.jobs.find(job_id, customs.owner(request))
        if export := export_of(request.headers.get("Accept", "")):
            media_type, write = export
            outcomes = await customs.jobs.outcomes(found.id)
            content = await asyncio.to_thread(write, outcomes)
            return Response(content, media_type=media_type, headers=_UNCACHED)
        return Stream(results(customs, found.id), media_type=NDJSON, headers=_UNCACHED)

    return job_results


def _cancel_route(customs: Customs, guard: Guard) -> HTTPRouteHandler:
    @delete(
        "/jobs/{job_id:str}",
        status_code=204,
        guards=[guard],
        responses=_refusals(_NOT_FOUND),
        tags=["Jobs"],
        summary="Cancel a job",
        description="What has not ended ends now, and its text is removed. A job that had ended is "
        "forgotten with its results.",
    )
    async def cancel(request: Request[Any, Any, Any], job_id: FromPath[str]) -> None:
        await customs.jobs.cancel(job_id, customs.owner(request))

    return cancel


_NOT_FOUND = {
    401: "A key is needed.",
    404: "There is no such job, it has expired, or it is another key's.",
    503: "The jobs cannot be reached now.",
}


@dataclass
class _Lines(Operation):
    """The operation with its body, which the handler reads by itself."""

    def __post_init__(self) -> None:
        self.request_body = RequestBody(
            required=True,
            content={NDJSON: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))},
        )


def _spec(kind: type[Any], text: str) -> ResponseSpec:
    return ResponseSpec(kind, description=text, generate_examples=False)


def _refusals(statuses: Mapping[int, str]) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(
            Problem, description=text, media_type=problems.MEDIA_TYPE, generate_examples=False
        )
        for status, text in statuses.items()
    }
