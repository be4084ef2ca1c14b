"""What is written down, and what never is."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from service.context import Work, working_on
from service.errors import GenerationFailed, InvalidInput
from service.logs import RepeatedLines, describe_exception, formatter

SECRET = "南瓜-marker"  # noqa: S105


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the logger ``tests.logs`` writes as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter("web", terminal=False))
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield stream
    logger.removeHandler(handler)


log = logging.getLogger("tests.logs")


def _read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_line_says_when_where_how_bad_and_for_which_request(lines: io.StringIO) -> None:
    with working_on(Work(request="r-1", trace="00-aa-bb-01")):
        log.warning("%s waits", "one\nof two")
    log.info("idle")
    first, second = _read(lines)
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "one\nof two waits",
        "level": "warning",
        "logger": "tests.logs",
        "process": "web",
        "request_id": "r-1",
        "trace_id": "aa",
    }
    assert "request_id" not in second


def test_only_known_fields_are_taken_along(lines: io.StringIO) -> None:
    log.info("GET /livez 200", extra={"status": 200, "key": "cms", "text": SECRET})
    [line] = _read(lines)
    assert (line["status"], line["key"]) == (200, "cms")
    assert SECRET not in lines.getvalue()


def test_what_a_library_raises_keeps_its_words_to_itself(lines: io.StringIO) -> None:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"cannot read {SECRET}") from error
    except ValueError:
        log.exception("it failed")
    [line] = _read(lines)
    assert SECRET not in lines.getvalue()
    assert "builtins.ValueError\n" in line["exception"]
    assert "builtins.KeyError\n" in line["exception"]
    assert "test_logs.py" in line["exception"]
    assert "in test_what_a_library_raises" in line["exception"]


def test_what_we_raise_says_why_unless_it_may_quote_the_input() -> None:
    assert describe_exception(GenerationFailed("the engine gave up")).endswith("the engine gave up")
    assert SECRET not in describe_exception(InvalidInput(SECRET, field="q"))
    group = ExceptionGroup(SECRET, [OSError(13, "Permission denied"), ValueError(SECRET)])
    told = describe_exception(group)
    assert "builtins.PermissionError: Permission denied" in told
    assert SECRET not in told


def test_a_line_for_a_terminal_is_readable() -> None:
    record = logging.LogRecord("service.app", logging.INFO, "", 0, "ready", (), None)
    told = formatter("web", terminal=True).format(record)
    assert "ready" in told
    assert "{" not in told


# ------------------------------------------------------------------ the same line again and again


class Clock:
    """A clock that goes when it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _record(text: str, *args: object, error: Exception | None = None) -> logging.LogRecord:
    told = (type(error), error, None) if error else None
    return logging.LogRecord("tests.logs", logging.ERROR, "", 0, text, args, told)


def _written(repeats: RepeatedLines, record: logging.LogRecord) -> list[str]:
    return [one.getMessage() for one, _ in repeats.choose(record)]


def test_the_same_line_is_written_a_few_times_and_then_counted() -> None:
    clock = Clock()
    repeats = RepeatedLines(most=3, seconds=60, clock=clock)
    written = [_written(repeats, _record("no more files")) for _ in range(1000)]
    assert written == [["no more files"]] * 3 + [[]] * 997
    clock.now += 59
    assert _written(repeats, _record("another line")) == ["another line"]
    clock.now += 2
    assert _written(repeats, _record("a third line")) == [
        "no more files (997 more times)",
        "a third line",
    ]
    assert _written(repeats, _record("no more files")) == ["no more files"]


def test_lines_that_differ_in_text_error_or_request_are_not_the_same() -> None:
    repeats = RepeatedLines(most=1, clock=Clock())
    for number in range(100):
        assert _written(repeats, _record("%d failed", number)) == [f"{number} failed"]
        with working_on(Work(request=f"r-{number}")):
            assert _written(repeats, _record("it failed")) == ["it failed"]
    assert _written(repeats, _record("it failed", error=KeyError())) == ["it failed"]
    assert _written(repeats, _record("it failed", error=ValueError())) == ["it failed"]
    assert _written(repeats, _record("it failed", error=ValueError())) == []


def test_a_count_is_told_without_the_error_and_under_the_request_of_the_lines() -> None:
    clock = Clock()
    repeats = RepeatedLines(most=1, clock=clock)
    with working_on(Work(request="r-1")):
        for _ in range(3):
            repeats.choose(_record("it failed", error=ValueError(SECRET)))
    clock.now += 100
    with working_on(Work(request="r-2")):
        [(count, work), _] = repeats.choose(_record("later"))
    assert (count.getMessage(), count.levelno, count.name) == (
        "it failed (2 more times)",
        logging.ERROR,
        "tests.logs",
    )
    assert count.exc_info is None
    assert work.request == "r-1"


def test_lines_that_are_remembered_are_bounded() -> None:
    repeats = RepeatedLines(most=1, clock=Clock())
    for number in range(5000):
        _written(repeats, _record("line %d", number))
    assert len(repeats._lines) <= 1000
