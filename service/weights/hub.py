"""The Hugging Face hub, or a mirror that speaks its HTTP, over plain HTTP with ranges.

``huggingface_hub`` is not used: it does not resume a download in the next run, retries a silent hub
for minutes, and checks sizes where we check digests (ADR 35).
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import httpx
import msgspec

from service.weights.catalogue import Model
from service.weights.files import Expected, size_of
from service.weights.progress import Meter
from service.weights.sources import SourceFailed

log = logging.getLogger(__name__)

_PLAIN_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._+-]*$")
_SUPPORT_SUFFIXES = (".json", ".txt", ".model", ".spm", ".jinja")
_WEIGHTS = {
    "gguf": re.compile(r".*\.gguf$"),
    "safetensors": re.compile(r".*\.safetensors$"),
    "pytorch": re.compile(r"pytorch_model.*\.bin$"),
}


class RetryPolicy(msgspec.Struct, frozen=True):
    """Seconds to wait for a connection (``connect``) and for the next bytes (``read``); and how
    many ``retries`` in a row may bring nothing from a hub that has delivered something before.
    """

    connect: float = 5.0
    read: float = 30.0
    retries: int = 3


class Listing(msgspec.Struct, frozen=True):
    """A repository at a commit: the files that a model needs."""

    commit: str
    files: tuple[Expected, ...]


class _Lfs(msgspec.Struct):
    sha256: str
    size: int


class _Sibling(msgspec.Struct):
    rfilename: str
    size: int = 0
    blobId: str = ""  # noqa: N815 (the hub's spelling)
    lfs: _Lfs | None = None


class _Repository(msgspec.Struct):
    sha: str
    siblings: list[_Sibling]


class Hub:
    """Reads files and listings of repositories. ``endpoint`` is its root URL."""

    def __init__(
        self,
        endpoint: str,
        *,
        token: str = "",
        offline: bool = False,
        retry_policy: RetryPolicy | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._token = token
        self._offline = offline
        self._retry_policy = retry_policy or RetryPolicy()
        self._pause = pause

    def describe(self, model: Model) -> str:  # noqa: ARG002
        """Name the hub."""
        return f"hub {self._endpoint}"

    def listing(self, model: Model) -> Listing:
        """Ask for the files that the model needs at its revision, with their digests.

        Raises:
            SourceFailed: the hub cannot be reached, or has no such repository or revision.
        """
        url = f"{self._endpoint}/api/models/{model.repository}/revision/{quote(model.revision)}"
        try:
            with self._client() as client:
                response = client.get(url, params={"blobs": "true"})
            _require_success(response)
            repository = msgspec.json.decode(response.content, type=_Repository)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceFailed(_reason(error)) from error
        except msgspec.DecodeError as error:
            raise SourceFailed(f"{url} is not an answer of a hub: {error}") from error
        if model.pinned and repository.sha != model.revision:
            raise SourceFailed(f"it answers with commit {repository.sha}, not {model.revision}")
        return Listing(repository.sha, _needed(model, repository.siblings))

    def fetch(self, model: Model, commit: str, file: Expected, partial: Path, meter: Meter) -> None:
        """Continue ``partial`` to the file's size, across cut connections.

        A hub that never answers is asked once. One that has delivered something is asked again, as
        long as more bytes come.

        Raises:
            SourceFailed: the hub cannot be reached, lacks the file, or has it in another size.
        """
        url = f"{self._endpoint}/{model.repository}/resolve/{quote(commit)}/{quote(file.path)}"
        delivered, stalls = False, 0
        with self._client() as client:
            while size_of(partial) < file.size:
                before = size_of(partial)
                try:
                    _stream(client, url, file, partial, meter)
                except (httpx.HTTPError, httpx.InvalidURL) as error:
                    gained = size_of(partial) > before
                    delivered, stalls = delivered or gained, 0 if gained else stalls + 1
                    if not delivered or stalls > self._retry_policy.retries:
                        raise SourceFailed(_reason(error)) from error
                    log.warning("%s: %s; resuming", file.path, _reason(error))
                    self._pause(2.0**stalls - 1)

    def _client(self) -> httpx.Client:
        if self._offline:
            raise SourceFailed("HF_HUB_OFFLINE is set")
        headers = {"Accept-Encoding": "identity"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        timeout = httpx.Timeout(self._retry_policy.read, connect=self._retry_policy.connect)
        return httpx.Client(headers=headers, timeout=timeout, follow_redirects=True)


def _needed(model: Model, siblings: list[_Sibling]) -> tuple[Expected, ...]:
    """Choose the configuration, the tokenizer and the weights in the model's format: no code, and
    no second copy of the weights in another format.
    """
    weights = _WEIGHTS[model.format]
    chosen = [
        sibling
        for sibling in siblings
        if _PLAIN_NAME.match(sibling.rfilename)
        and (sibling.rfilename.endswith(_SUPPORT_SUFFIXES) or weights.match(sibling.rfilename))
    ]
    if not any(weights.match(sibling.rfilename) for sibling in chosen):
        raise SourceFailed(f"{model.repository} has no {model.format} weights")
    return tuple(_expected(sibling) for sibling in chosen)


def _expected(sibling: _Sibling) -> Expected:
    if sibling.lfs:
        return Expected(sibling.rfilename, sibling.lfs.size, sha256=sibling.lfs.sha256)
    if not sibling.blobId:
        raise SourceFailed(f"it gives no digest of {sibling.rfilename}")
    return Expected(sibling.rfilename, sibling.size, blob=sibling.blobId)


def _stream(client: httpx.Client, url: str, file: Expected, partial: Path, meter: Meter) -> None:
    offset = size_of(partial)
    headers = {"Range": f"bytes={offset}-"} if offset else {}
    with client.stream("GET", url, headers=headers) as response:
        _require_success(response)
        position = _start_of(response, offset, file)
        with partial.open("r+b" if position else "wb") as sink:
            sink.seek(position)
            # As they arrive: gathered into larger blocks, those before a cut would be lost.
            for block in response.iter_raw():
                position += len(block)
                if position > file.size:
                    raise SourceFailed(f"it sends more than the {file.size} bytes of {file.path}")
                sink.write(block)
                meter.move_to(position)
    if position < file.size:
        raise httpx.RemoteProtocolError(f"the body ends at byte {position} of {file.size}")


def _start_of(response: httpx.Response, offset: int, file: Expected) -> int:
    """Return the position that the body starts at, once it is known to end at the file's end.

    A wrong size is noticed here, before a byte of a login page or another file is written.
    """
    if response.status_code == httpx.codes.PARTIAL_CONTENT:
        if response.headers.get("Content-Range") != f"bytes {offset}-{file.size - 1}/{file.size}":
            raise SourceFailed(f"it has another size of {file.path} than {file.size} bytes")
        return offset
    length = response.headers.get("Content-Length", str(file.size))
    if length != str(file.size):
        raise SourceFailed(f"it has {length} bytes of {file.path}, expected {file.size}")
    return 0


def _require_success(response: httpx.Response) -> None:
    status = response.status_code
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise SourceFailed(f"HTTP {status} (a gated repository wants HF_TOKEN)")
    if not response.is_success:
        raise SourceFailed(f"HTTP {status}")


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")
