"""Logs: a line of JSON each, or a readable line on a terminal, both under the request's id.

What an exception says is left out unless the exception is one of our own: what libraries raise may
quote what they were given, an article or a key. Its type and where it was raised are told.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from service.context import current
from service.errors import InputError, ServiceError

_FIELDS = ["method", "route", "status", "seconds", "key"]
"""What lines may have besides; see :func:`service.web.middleware.told`."""
_OURS = ("service", "uvicorn")
"""Loggers that follow the operator's level. Those of other libraries are heard from WARNING on: at
DEBUG they write down headers and parameters.
"""
_CHAIN = 8


def configure(level: str, *, process: str) -> None:
    """Have all that this process logs from ``level`` on written to standard error; ``process``
    names it in every line. May be called again.
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
    """Return what writes a record as one line of JSON, or for a ``terminal``."""

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
        _tell_exception,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def describe_exception(error: BaseException) -> str:
    """Write an exception and what led to it: types, places in the code, and the texts of our own
    but for those about input, which may quote it.
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


def _tell_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    told = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["exception"] = describe_exception(error)
    return event


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what standard error is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        self.stream = sys.stderr
        super().emit(record)
