"""A terminal gets a bar, a log a dozen lines."""

from __future__ import annotations

import io

import pytest

from service.weights.progress import BarProgress, LineProgress, format_bytes, progress_on


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_600, "1.0 MB"),
        (52_428_800, "52.4 MB"),
        (1_117_320_768, "1.1 GB"),
        (3_000_000_000_000_000, "3000.0 TB"),
    ],
)
def test_sizes_are_written_in_decimal_units(count: int, text: str) -> None:
    assert format_bytes(count) == text


def test_log_gets_one_line_a_tenth_however_many_blocks_come() -> None:
    log = io.StringIO()
    meter = LineProgress(log).start("model", 10_000)
    for done in range(0, 10_001, 5):
        meter.move_to(done)
    meter.close()
    lines = log.getvalue().splitlines()
    assert lines[0] == "model: 0% (0 B of 10.0 kB)"
    assert lines[-1] == "model: 100% (10.0 kB of 10.0 kB)"
    assert len(lines) == 11


def test_continued_transfer_starts_where_it_was() -> None:
    log = io.StringIO()
    LineProgress(log).start("model", 1000, done=500)
    assert log.getvalue() == "model: 50% (500 B of 1.0 kB)\n"


def test_bar_shows_the_total_and_can_go_back() -> None:
    terminal = io.StringIO()
    meter = BarProgress(terminal).start("model", 2_000_000)
    meter.move_to(1_500_000)
    meter.move_to(1_000_000)
    meter.close()
    assert "50%" in terminal.getvalue()
    assert "2.00M" in terminal.getvalue()


def test_bar_is_for_terminals_only() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert isinstance(progress_on(Terminal()), BarProgress)
    assert isinstance(progress_on(io.StringIO()), LineProgress)
