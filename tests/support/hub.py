"""A local hub: the part of the Hugging Face hub's HTTP that we and ``huggingface_hub`` use.

``GET /api/models/{repo}[/revision/{rev}]`` and ``HEAD|GET /{repo}/resolve/{rev}/{file}`` with
ranges, entity tags and, for large files, the redirect to a content server. Faults can be queued.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LFS_SUFFIXES = (".gguf", ".safetensors", ".bin")


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one answer: another status, another body (of any size), or a
    connection that is cut after so many bytes of the body.
    """

    status: int = 0
    body: bytes | None = None
    cut_after: int | None = None


@dataclass(frozen=True)
class Request:
    """A request as it arrived."""

    method: str
    path: str
    byte_range: str
    authorization: str


@dataclass(frozen=True)
class Repository:
    """One more repository that a hub serves, at one commit."""

    name: str
    commit: str
    files: Mapping[str, bytes]


@dataclass
class LocalHub:
    """One repository at one commit, and whatever ``others`` there are, served on a free port of the
    loopback address.

    ``faults`` meet the next requests for content, in order; ``broken`` meets every request that
    no fault does. ``answered_commit`` is a lie about the commit, for the listing alone.
    """

    repository: str
    files: Mapping[str, bytes]
    commit: str = COMMIT
    faults: list[Fault] = field(default_factory=list)
    broken: Fault | None = None
    answered_commit: str = ""
    requests: list[Request] = field(default_factory=list)
    others: Sequence[Repository] = ()

    @property
    def repositories(self) -> Sequence[Repository]:
        """All that it serves."""
        return [Repository(self.repository, self.commit, self.files), *self.others]

    def __enter__(self) -> LocalHub:
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The hub's endpoint."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def fetched(self, path: str) -> list[str]:
        """The ranges (empty: whole) in which the file's content was asked for."""
        return [
            request.byte_range
            for request in self.requests
            if request.method == "GET"
            and request.path.endswith(f"/{path}")
            and "/resolve/" in request.path
        ]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, hub: LocalHub) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub = hub


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: tests read ``requests``."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        hub, parts = self.server.hub, urlsplit(self.path)
        path = unquote(parts.path)
        headers = self.headers
        hub.requests.append(
            Request(self.command, path, headers.get("Range", ""), headers.get("Authorization", ""))
        )
        if hub.broken and hub.broken.status:
            self._send(hub.broken.status, b"broken")
        elif found := re.fullmatch("/content/([^/]+/[^/]+)/(.+)", path):
            [repository] = [one for one in hub.repositories if one.name == found[1]]
            self._content(repository.files[found[2]])
        else:
            self._answer_of_a_repository(path, blobs="blobs" in parse_qs(parts.query))

    def _answer_of_a_repository(self, path: str, *, blobs: bool) -> None:
        for one in self.server.hub.repositories:
            revision = f"(main|{one.commit})"
            if re.fullmatch(f"/api/models/{one.name}(/revision/{revision})?", path):
                self._send(200, self._listing(one, blobs), kind="application/json")
                return
            if found := re.fullmatch(f"/{one.name}/resolve/{revision}/(.+)", path):
                self._resolve(one, found[2])
                return
        self._send(404, b"not found")

    def _listing(self, repository: Repository, blobs: bool) -> bytes:
        hub = self.server.hub
        siblings = []
        for path, content in repository.files.items():
            sibling: dict[str, object] = {"rfilename": path}
            if blobs:
                sibling |= {"size": len(content), "blobId": git_blob(content)}
                if path.endswith(LFS_SUFFIXES):
                    digest = hashlib.sha256(content).hexdigest()
                    sibling["lfs"] = {"sha256": digest, "size": len(content), "pointerSize": 134}
            siblings.append(sibling)
        commit = hub.answered_commit or repository.commit
        answer: dict[str, object] = {"id": repository.name, "sha": commit}
        answer |= {"siblings": siblings, "tags": []}
        return json.dumps(answer).encode()

    def _resolve(self, repository: Repository, path: str) -> None:
        if path not in repository.files:
            self._send(404, b"no such file", {"X-Error-Code": "EntryNotFound"})
            return
        content = repository.files[path]
        headers = {"X-Repo-Commit": repository.commit}
        if path.endswith(LFS_SUFFIXES):
            headers |= {
                "X-Linked-Size": str(len(content)),
                "X-Linked-ETag": f'"{hashlib.sha256(content).hexdigest()}"',
                # Another host by name, as the hub's content servers are.
                "Location": (
                    f"http://localhost:{self.server.server_port}/content/{repository.name}/{path}"
                ),
            }
            self._send(302, b"", headers)
        elif self.command == "HEAD":
            headers |= {"ETag": f'"{git_blob(content)}"'}
            self._send(200, content, headers)
        else:
            self._content(content)

    def _content(self, whole: bytes) -> None:
        hub = self.server.hub
        fault = hub.faults.pop(0) if hub.faults else hub.broken or Fault()
        if fault.status:
            self._send(fault.status, b"fault")
            return
        content = whole if fault.body is None else fault.body
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked:
            start = int(asked[1])
            span = f"bytes {start}-{len(content) - 1}/{len(content)}"
            self._send(206, content[start:], {"Content-Range": span}, cut_after=fault.cut_after)
        else:
            self._send(200, content, cut_after=fault.cut_after)

    def _send(
        self,
        status: int,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        *,
        kind: str = "application/octet-stream",
        cut_after: int | None = None,
    ) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Type": kind}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body[:cut_after])
            if cut_after is not None:
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True


def git_blob(content: bytes) -> str:
    """The id that git gives the content."""
    header = f"blob {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()
