"""The service's HTTP, without a connection: what to send for each call, and how to read what comes
back. Both clients are made of this.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import httpx
import msgspec
from httpx_sse import ServerSentEvent

from jianbao.errors import Busy, ProblemError
from jianbao.retries import RETRIED, wait_asked
from service.briefs.model import Brief, Sentence
from service.names.model import ListedName
from service.translation.model import Warned
from service.web.schemas import Problem, SummarizeAnswer

T = TypeVar("T")

Event = Sentence | Brief | SummarizeAnswer
"""What a stream brings: sentences as they are made, briefs as they are settled (one replaces its
sentences, and an earlier brief in its language), at last the whole answer."""

NDJSON: Final = "application/x-ndjson"
POLL_SECONDS: Final = 0.5
_CONNECT_SECONDS: Final = 10.0
_EVENTS: Final[dict[str, type[Any]]] = {
    "sentence": Sentence,
    "brief": Brief,
    "answer": SummarizeAnswer,
}


class Translation(msgspec.Struct, frozen=True):
    """A text's translation; ``language`` is what its source was found to be, empty if the source
    was named. ``warnings`` and ``names`` are as the service tells them.
    """

    text: str
    language: str = ""
    warnings: tuple[Warned, ...] = ()
    names: tuple[ListedName, ...] = ()


class _Detected(msgspec.Struct):
    language: str


class _Translated(msgspec.Struct, rename={"text": "translatedText", "found": "detectedLanguage"}):
    text: list[str]
    found: list[_Detected] | None = None
    warnings: list[tuple[Warned, ...]] | None = None
    names: list[tuple[ListedName, ...]] | None = None


class Call(msgspec.Struct, frozen=True):
    """A request: its method, its path, its body, and headers of its own."""

    method: str
    path: str
    content: bytes | None = None
    headers: Mapping[str, str] = {}
    params: Mapping[str, str] = {}

    def request(self, http: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """Return it as a request of ``http``."""
        return http.build_request(
            self.method,
            self.path,
            content=self.content,
            headers=dict(self.headers),
            params=dict(self.params),
        )


def _json(body: object) -> bytes:
    return msgspec.json.encode(body)


def summarize(options: Mapping[str, Any], *, stream: bool = False) -> Call:
    """``POST /summarize``, for the answer or for the events."""
    headers = {"Content-Type": "application/json"}
    if stream:
        headers["Accept"] = "text/event-stream"
    return Call("POST", "/summarize", _json(options), headers)


def submit(options: Mapping[str, Any], *, key: str, callback_url: str) -> Call:
    """``POST /summarize`` as a job."""
    body = {**options, "callback_url": callback_url} if callback_url else options
    headers = {"Content-Type": "application/json", "Prefer": "respond-async"}
    return Call("POST", "/summarize", _json(body), headers | _keyed(key))


def batch(articles: Iterable[Mapping[str, Any]], *, key: str, callback_url: str) -> Call:
    """``POST /batch`` as a job: a line for each article."""
    lines = b"".join(_json(article) + b"\n" for article in articles)
    headers = {"Content-Type": NDJSON, "Prefer": "respond-async"} | _keyed(key)
    params = {"callback_url": callback_url} if callback_url else {}
    return Call("POST", "/batch", lines, headers, params)


def _keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key} if key else {}


def job(job_id: str) -> Call:
    """``GET /jobs/ID``."""
    return Call("GET", f"/jobs/{job_id}")


def results(job_id: str) -> Call:
    """``GET /jobs/ID/results``."""
    return Call("GET", f"/jobs/{job_id}/results", headers={"Accept": NDJSON})


def cancel(job_id: str) -> Call:
    """``DELETE /jobs/ID``."""
    return Call("DELETE", f"/jobs/{job_id}")


def translate(texts: Sequence[str], target: str, options: Mapping[str, Any]) -> Call:
    """``POST /translate`` with a list of texts."""
    body = {"source": "auto", **options, "q": list(texts), "target": target}
    return Call("POST", "/translate", _json(body), {"Content-Type": "application/json"})


# ------------------------------------------------------------------ what comes back


def read(answer: httpx.Response, kind: type[T]) -> T:
    """Return the answer, whose body has been read.

    Raises:
        ProblemError: it tells of a problem.
    """
    require_success(answer)
    return msgspec.json.decode(answer.content, type=kind)


def read_translations(answer: httpx.Response) -> list[Translation]:
    """Return the translations that ``/translate`` answered with; raises as :func:`read` does."""
    found = read(answer, _Translated)
    return [
        Translation(
            text,
            found.found[at].language if found.found else "",
            found.warnings[at] if found.warnings else (),
            found.names[at] if found.names else (),
        )
        for at, text in enumerate(found.text)
    ]


def read_event(event: ServerSentEvent) -> Event | None:
    """Return what an event brings, None for one that this version does not know.

    Raises:
        ProblemError: it tells that the work has failed.
    """
    if event.event == "error":
        raise ProblemError(msgspec.json.decode(event.data, type=Problem))
    kind = _EVENTS.get(event.event)
    return msgspec.json.decode(event.data, type=kind) if kind else None


def require_success(answer: httpx.Response) -> None:
    """Raise what an answer tells of a problem; its body has been read."""
    if answer.is_success:
        return
    problem = _problem(answer)
    request_id = answer.headers.get("X-Request-Id", "")
    if answer.status_code in RETRIED:
        raise Busy(problem, request_id=request_id, retry_after=wait_asked(answer))
    raise ProblemError(problem, request_id=request_id)


def _problem(answer: httpx.Response) -> Problem:
    """The problem, in whatever shape: a proxy in between answers as it pleases."""
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
        found = msgspec.json.decode(answer.content, type=dict[str, Any])
        if "detail" in found:
            return msgspec.convert(found, Problem)
        if isinstance(text := found.get("error"), str):
            return Problem("about:blank", answer.reason_phrase, answer.status_code, text)
    return Problem("about:blank", answer.reason_phrase, answer.status_code, answer.text[:500])


def headers_of(key: str) -> dict[str, str]:
    """The headers of all requests of a client whose API key is ``key``, if it has one."""
    return {"Authorization": f"Bearer {key}"} if key else {}


def timeout_of(seconds: float) -> httpx.Timeout:
    """How long an answer may take, and a connection."""
    return httpx.Timeout(seconds, connect=_CONNECT_SECONDS)
