"""A service that answers as a test tells it to: late, wrongly, too much, or not at all."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass
class Call:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        """Its body, read as JSON."""
        return json.loads(self.body)


@dataclass
class Answer:
    """What is answered; ``delay`` seconds later, in ``pieces`` a second apart."""

    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    raw: bytes | None = None

    def body(self) -> bytes:
        """The bytes that are sent."""
        return json.dumps(self.content).encode() if self.raw is None else self.raw


class MisbehavingService:
    """Set ``answer`` to what answers a call; ``calls`` are those that came."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answer: Callable[[Call], Answer] = lambda _: Answer(500)
        service = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                call = Call(self.command, self.path, dict(self.headers), self.rfile.read(size))
                service.calls.append(call)
                given = service.answer(call)
                time.sleep(given.delay)
                body = given.body()
                try:
                    self.send_response(given.status)
                    for name, value in given.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    return  # the client gave up

            do_GET = do_POST = do_DELETE = _serve  # noqa: N815 - http.server's names

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Nothing is logged."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def asked(self, path: str) -> list[Call]:
        """The calls to a path."""
        return [call for call in self.calls if call.path.split("?")[0] == path]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def brief_of(text: str, **more: Any) -> dict[str, Any]:
    """A brief of one sentence, as the service answers it."""
    sentence = {"text": text, "source": [], "origin": "written", "warnings": []}
    return {
        "text": text,
        "language": "en",
        "length": 2,
        "unit": "words",
        "sentences": [sentence],
    } | more


def answer_of(**texts: str) -> dict[str, Any]:
    """An answer of ``/summarize`` with a brief for each language."""
    return {
        "source": {
            "language": "en",
            "script": "Latn",
            "characters": 9,
            "coverage": 1.0,
            "text": "",
        },
        "method": "extractive",
        "model": "scripted",
        "warnings": [],
        "summaries": {tag.replace("_", "-"): brief_of(text) for tag, text in texts.items()},
    }


def job_of(job: str, status: str, progress: float = 0.0, **more: Any) -> dict[str, Any]:
    """A job, as the service tells of it."""
    articles = {"total": 1, "done": int(status == "done"), "failed": int(status == "failed")}
    return {"id": job, "status": status, "progress": progress, "articles": articles, **more}


def problem_of(kind: str, status: int, detail: str = "") -> dict[str, Any]:
    """A problem, as the service tells it."""
    kind = f"urn:problem-type:jianbao:{kind}"
    return {"type": kind, "title": kind, "status": status, "detail": detail}
