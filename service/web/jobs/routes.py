"""``/jobs``: the state of a job, its results, and cancelling it."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, delete, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.params import FromPath
from litestar.response import Stream
from litestar.types import Guard

from service.web import problems
from service.web.access import Access, keys_only
from service.web.exports import DOCX, export_of
from service.web.jobs.batch import BatchLimits, batch_route
from service.web.jobs.intake import JobIntake
from service.web.jobs.views import NDJSON, UNCACHED, result_lines, view_job
from service.web.schemas import BatchResult, JobView


def job_routes(intake: JobIntake, *, limits: BatchLimits, access: Access) -> list[HTTPRouteHandler]:
    """Return the routes; ``limits`` are those of a batch, and ``access`` says who may call."""
    guard = keys_only(access.keyring)
    return [
        batch_route(intake, limits, access),
        _job_route(intake, guard),
        _results_route(intake, guard),
        _cancel_route(intake, guard),
    ]


def _job_route(intake: JobIntake, guard: Guard) -> HTTPRouteHandler:
    @get(
        "/jobs/{job_id:str}",
        guards=[guard],
        responses=problems.responses(_NOT_FOUND),
        tags=["Jobs"],
        summary="The state of a job",
        response_description="The job; one of a single article with its result or problem.",
    )
    async def job(request: Request[Any, Any, Any], job_id: FromPath[str]) -> Response[JobView]:
        found = await intake.jobs.find(job_id, intake.owner(request))
        ended = found.kind == "summarize" and found.ended is not None
        outcomes = await intake.jobs.outcomes(found.id) if ended else []
        return Response(view_job(intake.jobs, found, outcomes), headers=UNCACHED)

    return job


def _results_route(intake: JobIntake, guard: Guard) -> HTTPRouteHandler:
    @get(
        "/jobs/{job_id:str}/results",
        guards=[guard],
        responses={
            200: ResponseSpec(
                BatchResult,
                description="A line for each article, in the order in which they end, until all "
                "have ended.",
                media_type=NDJSON,
                generate_examples=False,
            ),
            **problems.responses(_NOT_FOUND),
        },
        tags=["Jobs"],
        summary="The results of a job, as NDJSON",
        description="With `Accept: text/csv`, or the type of a Word document "
        f"(`{DOCX}`), the results so far, as a table or a document.",
    )
    async def job_results(request: Request[Any, Any, Any], job_id: FromPath[str]) -> Response[Any]:
        found = await intake.jobs.find(job_id, intake.owner(request))
        if export := export_of(request.headers.get("Accept", "")):
            media_type, write = export
            outcomes = await intake.jobs.outcomes(found.id)
            content = await asyncio.to_thread(write, outcomes)
            return Response(content, media_type=media_type, headers=UNCACHED)
        return Stream(result_lines(intake.jobs, found.id), media_type=NDJSON, headers=UNCACHED)

    return job_results


def _cancel_route(intake: JobIntake, guard: Guard) -> HTTPRouteHandler:
    @delete(
        "/jobs/{job_id:str}",
        status_code=204,
        guards=[guard],
        responses=problems.responses(_NOT_FOUND),
        tags=["Jobs"],
        summary="Cancel a job",
        description="Unfinished articles end now, and their texts are removed. A job that has "
        "ended is deleted with its results.",
    )
    async def cancel(request: Request[Any, Any, Any], job_id: FromPath[str]) -> None:
        await intake.jobs.cancel(job_id, intake.owner(request))

    return cancel


_NOT_FOUND = {
    401: "A key is needed.",
    404: "There is no such job, it has expired, or it belongs to another key.",
    503: "The jobs cannot be reached now.",
}
