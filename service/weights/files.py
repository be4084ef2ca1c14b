"""Files on disk: what is expected of one, and the check that it is so."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import msgspec

from service.errors import DigestMismatch

BLOCK = 1 << 20
"""Bytes that are read, hashed and written at a time."""


class Expected(msgspec.Struct, frozen=True):
    """A file as its source announces it: path in the repository and size in bytes, and either a
    SHA-256 or, for a file that the hub keeps in git itself, its git blob id (both in hex).
    """

    path: str
    size: int
    sha256: str = ""
    blob: str = ""


def size_of(path: Path) -> int:
    """Return the file's size in bytes, 0 if there is none."""
    return path.stat().st_size if path.exists() else 0


def sha256_of(path: Path) -> str:
    """Return the file's SHA-256 in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_of_part(stream: BinaryIO, size: int) -> str:
    """Return the SHA-256 of the next ``size`` bytes of ``stream``, in hex."""
    digest = hashlib.sha256()
    while size and (block := stream.read(min(BLOCK, size))):
        digest.update(block)
        size -= len(block)
    return digest.hexdigest()


def checked(path: Path, expected: Expected) -> str:
    """Return the file's SHA-256 once it is known to be the expected file.

    Raises:
        DigestMismatch: size or digest differ; the file is left where it is.
    """
    if size_of(path) != expected.size:
        raise DigestMismatch(
            f"{expected.path} has {size_of(path)} bytes, expected {expected.size} bytes"
        )
    digest = sha256_of(path)
    if expected.sha256 and digest != expected.sha256:
        raise DigestMismatch(f"{expected.path} has SHA-256 {digest}, expected {expected.sha256}")
    if expected.blob and _git_blob(path) != expected.blob:
        raise DigestMismatch(f"{expected.path} is not git's blob {expected.blob}")
    return digest


def sync(path: Path) -> None:
    """Force the file or directory to the disk, so that a rename never precedes the content."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _git_blob(path: Path) -> str:
    digest = hashlib.sha1(f"blob {size_of(path)}\0".encode(), usedforsecurity=False)
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
