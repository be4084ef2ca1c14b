"""What the store expects of a source of files."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from service.weights.catalogue import Model
from service.weights.files import Expected
from service.weights.progress import Meter


class SourceFailed(Exception):
    """A source cannot deliver, and the store goes on to the next; the text says why in one line."""


class WeightSource(Protocol):
    """A source of files: the hub or a mirror."""

    def describe(self, model: Model) -> str:
        """Name the source in a message: ``hub https://…``."""

    def fetch(self, model: Model, commit: str, file: Expected, partial: Path, meter: Meter) -> None:
        """Complete ``partial``, a prefix of the file that may be empty or missing.

        The download resumes after the prefix if the source can do so. The store checks the content
        afterwards.

        Raises:
            SourceFailed: the source is unreachable or lacks the file.
            DigestMismatch: the content is not the file.
        """
