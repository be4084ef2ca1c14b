"""Progress of long transfers: a bar on a terminal, a few lines in a log, silence in tests."""

from __future__ import annotations

from typing import Protocol, TextIO

from tqdm import tqdm

_UNITS = ("B", "kB", "MB", "GB", "TB")
_LINES = 10


class Meter(Protocol):
    """One running transfer. Positions are bytes from its start, and may move back."""

    def move_to(self, done: int) -> None:
        """Say how many bytes are there."""

    def close(self) -> None:
        """The transfer ended, well or not."""


class DownloadProgress(Protocol):
    """Starts meters."""

    def start(self, label: str, total: int, done: int = 0) -> Meter:
        """Begin a transfer of ``total`` bytes of which ``done`` are there already."""


def progress_on(stream: TextIO) -> DownloadProgress:
    """Return a bar where ``stream`` is a terminal, else at most a dozen lines a transfer."""
    return BarProgress(stream) if stream.isatty() else LineProgress(stream)


def format_bytes(count: int) -> str:
    """Write a size for people, in decimal units: ``1.1 GB``."""
    size, unit = float(count), 0
    while size >= 999.5 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{count} B" if unit == 0 else f"{size:.1f} {_UNITS[unit]}"


class SilentProgress:
    """Shows nothing."""

    def start(self, label: str, total: int, done: int = 0) -> Meter:  # noqa: ARG002
        """Begin a transfer that nobody watches."""
        return _SilentMeter()


class _SilentMeter:
    def move_to(self, done: int) -> None:
        pass

    def close(self) -> None:
        pass


class BarProgress:
    """A tqdm bar with the total size and the rate."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def start(self, label: str, total: int, done: int = 0) -> Meter:
        """Draw the bar at ``done``."""
        return _BarMeter(
            tqdm(
                desc=label,
                total=total,
                initial=done,
                unit="B",
                unit_scale=True,
                file=self._stream,
            )
        )


class _BarMeter:
    def __init__(self, bar: tqdm[None]) -> None:
        self._bar = bar

    def move_to(self, done: int) -> None:
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        self._bar.close()


class LineProgress:
    """A line at the start and one at each further tenth."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def start(self, label: str, total: int, done: int = 0) -> Meter:
        """Print the first line."""
        meter = _LineMeter(self._stream, label, total, done)
        meter.report(done)
        return meter


class _LineMeter:
    def __init__(self, stream: TextIO, label: str, total: int, done: int) -> None:
        self._stream, self._label, self._total = stream, label, total
        self._tenth = self._tenth_of(done)

    def move_to(self, done: int) -> None:
        if self._tenth_of(done) > self._tenth:
            self._tenth = self._tenth_of(done)
            self.report(done)

    def close(self) -> None:
        pass

    def report(self, done: int) -> None:
        share = 100 * done // max(self._total, 1)
        sizes = f"{format_bytes(done)} of {format_bytes(self._total)}"
        print(f"{self._label}: {share}% ({sizes})", file=self._stream, flush=True)

    def _tenth_of(self, done: int) -> int:
        return _LINES * done // max(self._total, 1)
