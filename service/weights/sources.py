"""What the store expects of a place that files come from."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from service.weights.catalogue import Model
from service.weights.files import Expected
from service.weights.progress import Meter


class SourceFailed(Exception):
    """A source cannot deliver, and the store goes on to the next; the text says why in one line."""


class Source(Protocol):
    """A place that files come from: the hub or a mirror."""

    def describe(self, model: Model) -> str:
        """Name the source in a message: ``hub https://…``."""

    def fetch(self, model: Model, commit: str, file: Expected, partial: Path, meter: Meter) -> None:
        """Bring ``partial``, a prefix of the file that may be empty or missing, to full size.

        Whatever is there is continued where the source can. The content is not trusted: the store
        checks it afterwards.

        Raises:
            SourceFailed: the source is unreachable or lacks the file.
            DigestMismatch: what came is provably not the file.
        """
