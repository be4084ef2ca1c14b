"""Logs: a line of JSON for each record, or a readable line on a terminal, with the request's id.

The message of an exception is left out unless the exception is one of our own: exceptions of
libraries may quote their input, an article or a key. Their types and tracebacks are logged.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from service.context import Work, current, working_on
from service.errors import InputError, ServiceError

_FIELDS = ["method", "route", "status", "seconds", "key"]
"""Fields that a line may have besides; see :func:`service.web.middleware.access_logged`."""
_OURS = ("service", "uvicorn")
"""Loggers that follow the operator's level. Other libraries log at WARNING and above only: at DEBUG
they write headers and parameters."""
_CHAIN = 8
_REMEMBERED = 1000


def configure(level: str, *, process: str) -> None:
    """Write what this process logs at ``level`` and above to standard error; ``process`` names it
    in every line. May be called again.
    """
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _StandardError)]:
        root.removeHandler(handler)
    handler = _StandardError()
    handler.setFormatter(formatter(process, terminal=sys.stderr.isatty()))
    root.addHandler(handler)
    number = logging.getLevelNamesMapping()[level]
    root.setLevel(max(number, logging.WARNING))
    for name in _OURS:
        logging.getLogger(name).setLevel(number)


def formatter(process: str, *, terminal: bool) -> logging.Formatter:
    """Return the formatter: one line of JSON for each record, or a line for a ``terminal``."""

    def add_process(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["process"] = process
        return event

    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(_FIELDS),
        add_process,
        _add_work,
        _add_exception,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def describe_exception(error: BaseException) -> str:
    """Describe an exception and its causes: types, tracebacks, and the messages of our own
    exceptions except those about input, which may quote it.
    """
    return "\n".join(line for one in _chain(error) for line in _lines(one))


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    for _ in range(_CHAIN):
        if one is None:
            return
        yield one
        hidden = None if one.__suppress_context__ else one.__context__
        one = one.__cause__ or hidden


def _lines(error: BaseException) -> Iterator[str]:
    kind = type(error)
    yield f"{kind.__module__}.{kind.__qualname__}{_text(error)}"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions[:_CHAIN]:
            yield from (f"  {line}" for line in _lines(one))


def _text(error: BaseException) -> str:
    if isinstance(error, ServiceError) and not isinstance(error, InputError):
        return f": {error}"
    if isinstance(error, OSError) and error.strerror:
        return f": {error.strerror}"
    return ""


def _add_work(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    work = current()
    if work.request:
        event["request_id"] = work.request
    if work.trace:
        event["trace_id"] = work.trace.split("-")[1]
    return event


def _add_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = describe_exception(error)
    return event


@dataclass
class _Repeated:
    """A line that is logged repeatedly."""

    record: logging.LogRecord
    work: Work
    began: float
    written: int = 0
    left_out: int = 0


class RepeatedLines:
    """Limits how often the same line is written: ``most`` times in ``seconds``, counted from the
    first. The lines left out are counted, and one line reports their number when the time is over
    and something else is logged.

    Lines are the same if logger, level, text, type of exception and request are the same. Lines of
    one request are few, and its caller is referred to them: they are hardly ever left out.
    """

    def __init__(
        self,
        *,
        most: int = 10,
        seconds: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        # oldest first
        self._lines: OrderedDict[Hashable, _Repeated] = OrderedDict()

    def choose(self, record: logging.LogRecord) -> list[tuple[logging.LogRecord, Work]]:
        """Return the records to write now, each with the request that it belongs to."""
        now = self._clock()
        chosen = list(self._over(now))
        key = self._key(record)
        line = self._lines.setdefault(key, _Repeated(record, current(), now))
        if line.written < self._most:
            line.written += 1
            chosen.append((record, current()))
        else:
            line.left_out += 1
        return chosen

    def _over(self, now: float) -> Iterator[tuple[logging.LogRecord, Work]]:
        """Forget the lines whose time is over, and the oldest if there are too many to remember."""
        while self._lines:
            first = next(iter(self._lines.values()))
            if now - first.began < self._seconds and len(self._lines) < _REMEMBERED:
                return
            self._lines.popitem(last=False)
            if first.left_out:
                yield _summary(first), first.work

    @staticmethod
    def _key(record: logging.LogRecord) -> Hashable:
        kind = record.exc_info[0] if record.exc_info else None
        text = record.getMessage()
        return record.name, record.levelno, text, kind, current().request


def _summary(line: _Repeated) -> logging.LogRecord:
    record = logging.makeLogRecord(line.record.__dict__)
    record.msg, record.args = "%s (%d more times)", (line.record.getMessage(), line.left_out)
    record.exc_info = record.exc_text = None
    return record


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to the current standard error, and limits repeated lines."""

    def __init__(self) -> None:
        super().__init__()
        self._repeated = RepeatedLines()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        self.stream = sys.stderr
        for one, work in self._repeated.choose(record):
            with working_on(work):
                super().emit(one)
