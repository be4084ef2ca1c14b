"""Speaks HTTP with the service, and with no other host: redirects are not followed.

Answers are bounded in size and time; whatever goes wrong is a
:class:`~wagtail_jianbao.errors.JianbaoError`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from wagtail_jianbao import __version__, errors
from wagtail_jianbao.answers import Answer, Job, parse, read_answer, read_job
from wagtail_jianbao.conf import Connection

MOST_BYTES = 2_000_000
"""Bytes that an answer may have; one of ten sentences in two languages has under 50,000."""
MOST_BATCH_BYTES = 50_000_000
_MOST_RETRY = 600
_PROBLEM = "urn:problem-type:jianbao:"


@dataclass(frozen=True)
class Made:
    """Briefs, and the id of the job that they came from."""

    job: str
    answer: Answer


@dataclass(frozen=True)
class Reply:
    """What came: ``status``, ``headers``, and the content read as a JSON object."""

    status: int
    headers: httpx.Headers
    content: Mapping[str, Any]


class Client:
    """A client of one service. ``transport`` is for tests."""

    def __init__(
        self, connection: Connection, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._connection = connection
        self._transport = transport

    def summarize(self, body: Mapping[str, Any], key: str) -> Made | Job:
        """Ask for briefs; after the connection's ``wait`` it becomes a job. The same ``key`` and
        ``body`` join the work under way, and are given its answer again.

        Raises:
            JianbaoError: with the ``job`` that failed, if there was one.
        """
        wait = self._connection.wait
        headers = {"Prefer": f"respond-async, wait={wait}", "Idempotency-Key": key}
        seconds = wait + self._connection.patience
        reply = self._ask("POST", "/summarize", seconds=seconds, headers=headers, json=body)
        if reply.status == 202:
            return read_job(reply.content)
        job = reply.headers.get("X-Job-Id", "")
        if not job:
            raise errors.WrongAnswer("it does not say which job it is of")
        return Made(job, read_answer(reply.content))

    def job(self, job: str) -> Job:
        """Ask how a job stands.

        Raises:
            JobGone: it is not kept any longer.
            JianbaoError
        """
        return read_job(self._ask("GET", f"/jobs/{job}").content)

    def cancel(self, job: str) -> None:
        """Cancel a job; one that is gone is as good as cancelled.

        Raises:
            JianbaoError
        """
        try:
            self._ask("DELETE", f"/jobs/{job}")
        except errors.JobGone:
            return

    def batch(self, lines: Iterable[Mapping[str, Any]], key: str, callback_url: str = "") -> Job:
        """Hand in articles as one job; each line has an ``id``.

        Raises:
            JianbaoError
        """
        reply = self._ask(
            "POST",
            "/batch",
            seconds=30.0,
            headers={
                "Prefer": "respond-async",
                "Idempotency-Key": key,
                "Content-Type": "application/x-ndjson",
            },
            content="\n".join(json.dumps(line) for line in lines).encode(),
            params={"callback_url": callback_url} if callback_url else None,
        )
        return read_job(reply.content)

    def results(self, job: str, *, seconds: float) -> Iterator[Mapping[str, Any]]:
        """Give the lines of a batch that are there. The service would follow the job to its end:
        reading ends after ``seconds``, with the line under way left out.

        Raises:
            JianbaoError
        """
        until = time.monotonic() + seconds
        size = 0
        try:
            with (
                self._open(seconds) as http,
                http.stream("GET", f"/jobs/{job}/results") as response,
            ):
                if response.status_code != 200:
                    raise _error_in(response, _bounded(response, MOST_BYTES, until))
                for line in response.iter_lines():
                    size += len(line)
                    if size > MOST_BATCH_BYTES:
                        raise errors.WrongAnswer("larger than any answer")
                    if line.strip():
                        yield parse(line.encode())
                    if time.monotonic() > until:
                        return
        except httpx.TimeoutException:
            return
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise errors.Unreachable(type(error).__name__) from None

    def translate(self, texts: list[str], source: str, target: str, seconds: float) -> list[str]:
        """Translate texts of HTML in one request; as many come back, in the same order.

        Raises:
            WrongAnswer: not as many came back.
            JianbaoError
        """
        body = {"q": texts, "source": source, "target": target, "format": "html"}
        reply = self._ask("POST", "/translate", seconds=seconds, json=body, limit=MOST_BATCH_BYTES)
        translated = reply.content.get("translatedText")
        if (
            not isinstance(translated, list)
            or len(translated) != len(texts)
            or not all(isinstance(one, str) for one in translated)
        ):
            raise errors.WrongAnswer("not as many texts as were sent")
        return translated

    def ready(self) -> None:
        """Ask whether the service is ready.

        Raises:
            NotReady: it is not, as yet.
            JianbaoError
        """
        self._ask("GET", "/readyz")

    def version(self) -> str:
        """Return the service's version.

        Raises:
            WrongAnswer: it is no Jianbao, or one without what this plugin needs.
            JianbaoError
        """
        content = self._ask("GET", "/schema/openapi.json").content
        info, paths = content.get("info"), content.get("paths")
        if not isinstance(info, dict) or not isinstance(paths, dict) or "/summarize" not in paths:
            raise errors.WrongAnswer("it describes another service")
        if not {"/jobs/{job_id}", "/batch"} <= set(paths):
            raise errors.WrongAnswer(f"version {info.get('version')} has no jobs")
        return str(info.get("version", ""))

    def try_key(self) -> None:
        """See that the key is accepted.

        Raises:
            KeyRefused: it is not.
            JianbaoError
        """
        try:
            self._ask("GET", "/jobs/none")
        except errors.JobGone:
            return

    def _open(self, seconds: float) -> httpx.Client:
        headers = {"User-Agent": f"wagtail-jianbao/{__version__}"}
        if self._connection.api_key:
            headers["Authorization"] = f"Bearer {self._connection.api_key}"
        return httpx.Client(
            base_url=self._connection.url,
            headers=headers,
            timeout=httpx.Timeout(seconds, connect=min(seconds, 5.0)),
            follow_redirects=False,
            trust_env=False,  # no proxy, and no password out of a .netrc
            transport=self._transport,
        )

    def _ask(
        self,
        method: str,
        path: str,
        *,
        seconds: float = 0.0,
        limit: int = MOST_BYTES,
        **options: Any,
    ) -> Reply:
        seconds = seconds or self._connection.patience
        until = time.monotonic() + seconds
        try:
            with (
                self._open(seconds) as http,
                http.stream(method, path, **options) as response,
            ):
                content = _bounded(response, limit, until)
        except httpx.TimeoutException:
            raise errors.Slow(f"no answer within {seconds:.0f} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise errors.Unreachable(type(error).__name__) from None
        if response.status_code in (200, 202):
            return Reply(response.status_code, response.headers, parse(content))
        if response.status_code == 204:
            return Reply(204, response.headers, {})
        raise _error_in(response, content)


def _bounded(response: httpx.Response, limit: int, until: float) -> bytes:
    """The content, decompressed.

    Raises:
        WrongAnswer: it is larger.
        Slow: it drips in, and the time is over.
    """
    pieces, size = [], 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > limit:
            raise errors.WrongAnswer("larger than any answer")
        if time.monotonic() > until:
            raise errors.Slow("it came too slowly")
        pieces.append(piece)
    return b"".join(pieces)


def _error_in(response: httpx.Response, content: bytes) -> errors.JianbaoError:
    """The error that an answer tells; a proxy's may be no problem in JSON."""
    try:
        problem = parse(content)
    except errors.WrongAnswer:
        problem = {}
    error = error_of(response.status_code, problem, response.headers.get("Retry-After", ""))
    error.job = response.headers.get("X-Job-Id", "")
    return error


def error_of(status: int, problem: Mapping[str, Any], retry_after: str = "") -> errors.JianbaoError:
    """Return the error that a status and its problem (RFC 9457) stand for."""
    kind = str(problem.get("type", "")).removeprefix(_PROBLEM)
    detail = str(problem.get("detail") or problem.get("error") or f"status {status}")[:500]
    detail = detail.removeprefix("html: ")  # the field's name says nothing to an editor
    if kind in _BY_KIND:
        return _BY_KIND[kind](detail)
    seconds = min(max(int(retry_after), 1), _MOST_RETRY) if retry_after.isdecimal() else 5
    if status in (429, 507):
        return errors.Busy(detail, retry_after=seconds)
    if status in (408, 504):
        return errors.Slow(detail, retry_after=seconds)
    if status in (502, 503):
        return errors.NotReady(detail, retry_after=seconds)
    return _BY_STATUS.get(status, errors.Failed if status >= 500 else errors.WrongAnswer)(detail)


_BY_KIND: Mapping[str, type[errors.JianbaoError]] = {
    "text-too-short": errors.TooShort,
    "unsupported-language": errors.UnsupportedLanguage,
    "job-not-found": errors.JobGone,
    "job-cancelled": errors.JobGone,
}
_BY_STATUS: Mapping[int, type[errors.JianbaoError]] = {
    401: errors.KeyRefused,
    403: errors.KeyRefused,
    413: errors.TooLong,
    422: errors.Unusable,
}
