"""What a request must show before it becomes a job, and ``POST /summarize`` as a job."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, Response

from service.errors import DeadlineExceeded, InvalidInput, Overloaded, ServiceError, Unavailable
from service.inference.observer import Stats
from service.jobs.addresses import FIELD as CALLBACK
from service.jobs.addresses import Destinations
from service.jobs.model import JobArticle, JobRequest, Outcome, digest_of
from service.jobs.service import KEY_FIELD, JobService
from service.keys import Keyring
from service.web import problems
from service.web.access import admit, caller_of, shown_key
from service.web.jobs.articles import content_tag, to_keep
from service.web.jobs.views import UNCACHED, accepted
from service.web.preferences import Preferences
from service.web.schemas import FetchedArticle, Problem, SummarizeRequest

_MOST_KEY = 255


class JobIntake:
    """Checks requests that are to become ``jobs``: whose they are, and where webhooks may go.

    Without ``webhooks`` there is no secret to sign with, and a ``callback_url`` is refused.
    """

    def __init__(
        self, jobs: JobService, keyring: Keyring, destinations: Destinations, *, webhooks: bool
    ) -> None:
        self.jobs = jobs
        self._keyring = keyring
        self._destinations = destinations
        self._webhooks = webhooks

    def owner(self, request: Request[Any, Any, Any]) -> str:
        """Return who may see the job: the digest of the caller's key, empty where no keys are
        required.

        Raises:
            KeyRefused: a key is required.
        """
        caller = admit(self._keyring, shown_key(request.headers))
        return caller.digest if caller else ""

    def callback(self, url: str | None) -> str:
        """Return the URL, empty if there is none.

        Raises:
            InvalidInput: this service sends no webhooks, or none to that address.
        """
        if url is None:
            return ""
        if not self._webhooks:
            raise InvalidInput("this service sends no webhooks", field=CALLBACK)
        self._destinations.check(url)
        return url


def read_key(request: Request[Any, Any, Any]) -> str:
    """Return the request's ``Idempotency-Key``, empty if there is none.

    Raises:
        InvalidInput: it is empty, too long, or not printable.
    """
    given = request.headers.get(KEY_FIELD)
    if given is None:
        return ""
    key = given.strip().removeprefix('"').removesuffix('"')
    if not 1 <= len(key) <= _MOST_KEY or not key.isprintable():
        raise InvalidInput(f"expected 1 to {_MOST_KEY} printable characters", field=KEY_FIELD)
    return key


# ------------------------------------------------------------------ POST /summarize


async def summarize_as_job(
    intake: JobIntake,
    request: Request[Any, Any, Any],
    data: SummarizeRequest,
    asked: Preferences,
    *,
    seconds: float,
    stats: Stats,
    needs_model: Callable[[], Awaitable[bool]],
) -> Response[Any] | None:
    """Answer as a job, if the request asks for one: at once with 202; or, if it says how long to
    wait or has a key, with the result if there is one within ``seconds``. None if it is no job. An
    article that needs no model is started at once, whatever the engine's state and queue.

    Raises:
        InvalidInput: the key belongs to another request, or the webhook may not go there.
        JobCancelled: the job was cancelled while the caller waited.
        Overloaded, Unavailable: there is no room, and the caller wants the answer itself.
    """
    callback = intake.callback(data.callback_url)
    if callback and (asked.events or not asked.respond_async):
        raise InvalidInput("is for jobs only: ask with Prefer: respond-async", field=CALLBACK)
    key = read_key(request)
    if asked.events or not (asked.respond_async or key):
        return None
    needs_engine = await _needs_engine(needs_model)
    if needs_engine and not asked.respond_async:
        require_room(stats)
    job_request = JobRequest(
        kind="summarize",
        articles=(JobArticle(to_keep(data, asked, caller_of(request))),),
        owner=intake.owner(request),
        callback=callback,
        key=key,
        digest=_digest(data, callback),
    )
    waits = not asked.respond_async or asked.wait is not None
    job = await intake.jobs.submit(job_request, at_once=waits, needs_engine=needs_engine)
    outcome = await intake.jobs.first(job.id, seconds) if waits else None
    if outcome is None:
        return await _not_finished(intake.jobs, job.id, job_request.owner, asked, seconds)
    headers = _applied(asked, seconds)
    if key or callback:
        headers["X-Job-Id"] = job.id
    else:
        intake.jobs.forget(job.id)
    return _answer(outcome, asked, headers)


def _digest(data: SummarizeRequest, callback: str) -> str:
    asked = msgspec.structs.replace(data, callback_url=None)
    if isinstance(asked, FetchedArticle) and (page := asked.page):
        # a page that is fetched again may have changed; the request is the same
        title = None if asked.title == page.title else asked.title
        asked = msgspec.structs.replace(asked, text=None, title=title, page=None)
    body = msgspec.json.encode(asked)
    return digest_of(b"summarize", body, callback.encode())


async def _needs_engine(needs_model: Callable[[], Awaitable[bool]]) -> bool:
    """Whether the article needs the engine. One that cannot be used needs no engine to fail."""
    try:
        return await needs_model()
    except ServiceError:
        return False


def require_room(stats: Stats) -> None:
    """Refuse early what the engine would refuse.

    Raises:
        Unavailable, Overloaded
    """
    if stats.state != "ready":
        raise Unavailable(stats.reason or "the service is not ready")
    if stats.limit and stats.queued_requests + stats.running >= stats.limit:
        raise Overloaded(
            "too many requests wait; try again later", retry_after=max(math.ceil(stats.backlog), 1)
        )


async def _not_finished(
    jobs: JobService, job: str, owner: str, asked: Preferences, seconds: float
) -> Response[Any]:
    """Answer with the job's location, or with an error if the client did not ask for a job."""
    if not asked.respond_async:
        raise DeadlineExceeded(
            f"not finished within {seconds:g} seconds; the work goes on, and the same request with "
            f"the same {KEY_FIELD} joins it"
        )
    return accepted(jobs, await jobs.find(job, owner), _applied(asked, seconds))


def _applied(asked: Preferences, seconds: float) -> dict[str, str]:
    applied = ["respond-async"] if asked.respond_async else []
    if asked.wait is not None:
        applied.append(f"wait={seconds:g}")
    return {"Preference-Applied": ", ".join(applied)} if applied else {}


def _answer(outcome: Outcome, asked: Preferences, headers: dict[str, str]) -> Response[Any]:
    if not outcome.failed:
        tag = content_tag(outcome.content)
        headers = {**UNCACHED, "ETag": f'W/"{tag}"', **headers}
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
