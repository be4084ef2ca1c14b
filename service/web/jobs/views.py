"""Jobs as clients see them: in answers, in the lines of results, and in webhooks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any, Final, cast

import msgspec
from litestar import Response

from service.errors import ServiceError
from service.jobs.model import Job, Outcome
from service.jobs.service import JobService
from service.jobs.worker import Describe
from service.web import problems
from service.web.schemas import Articles, BatchResult, Callback, DeliveryAttempt, JobView

NDJSON: Final = "application/x-ndjson"
UNCACHED: Final = {"Cache-Control": "no-store"}


def view_job(jobs: JobService, job: Job, outcomes: list[Outcome]) -> JobView:
    """Describe a job; a job of one article with its result, which is in ``outcomes``."""
    view = show_job(job, jobs.expires(job))
    if job.kind == "batch" or not outcomes:
        return view
    content = cast("Any", msgspec.Raw(outcomes[0].content))
    field = "problem" if outcomes[0].failed else "result"
    return msgspec.structs.replace(view, **{field: content})


def show_job(job: Job, expires: float | None) -> JobView:
    """Describe a job without its results."""
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
        callback=_callback(job) if job.webhook.url else None,
    )


def _callback(job: Job) -> Callback:
    attempts = tuple(DeliveryAttempt(_time(one.at), one.outcome) for one in job.webhook.attempts)
    return Callback(job.webhook.url, job.webhook.status, attempts)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(round(seconds, 3), UTC)


def accepted(jobs: JobService, job: Job, headers: dict[str, str]) -> Response[Any]:
    """Answer 202 with the job and its location."""
    return Response(
        view_job(jobs, job, []),
        status_code=202,
        headers={"Location": f"/jobs/{job.id}", **UNCACHED, **headers},
    )


def show_line(outcome: Outcome) -> BatchResult:
    """Describe the outcome of one article."""
    content = cast("Any", msgspec.Raw(outcome.content))
    if outcome.failed:
        return BatchResult(outcome.number, outcome.name, problem=content)
    return BatchResult(outcome.number, outcome.name, result=content)


async def result_lines(
    jobs: JobService, job: str, *, delete_after: bool = False
) -> AsyncIterator[bytes]:
    """Yield the lines of a job's results as they come. With ``delete_after``, the job is deleted
    when the lines have been read, or nobody reads them any more.
    """
    try:
        async for outcome in jobs.follow(job):
            yield msgspec.json.encode(show_line(outcome)) + b"\n"
    finally:
        if delete_after:
            jobs.forget(job)


def describe_failure(log: Callable[[Exception], None]) -> Describe:
    """Return what encodes an error as a problem; ``log`` is given those that no caller caused."""

    def describe(error: Exception) -> bytes:
        if not isinstance(error, ServiceError):
            log(error)
        return msgspec.json.encode(problems.to_problem(error))

    return describe


def webhook_content(job: Job, outcomes: list[Outcome]) -> bytes:
    """Return the body of the webhook for a job that has ended; the same for each attempt."""
    ended = _time(job.ended or job.created)
    data = {
        "id": job.id,
        "kind": job.kind,
        "status": job.status,
        "articles": Articles(job.total, job.done, job.failed),
        "results": [show_line(one) for one in sorted(outcomes, key=lambda one: one.number)],
    }
    return msgspec.json.encode({"type": f"job.{job.status}", "timestamp": ended, "data": data})
