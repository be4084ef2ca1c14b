"""Traces: W3C's trace context, in and out, and OpenTelemetry spans if there is a collector (ADR
36).

OpenTelemetry is an extra (``jianbao[otel]``). It is imported in this file only, and only if an
endpoint is set.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from typing import Any, Protocol, Self

import msgspec

from service.context import Spans
from service.errors import SettingsError

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_SAMPLED = 1
_NS = 1_000_000_000
# a collector that does not answer must not delay the end of the process for longer
_TIMEOUT_SECONDS = 5

Attributes = Mapping[str, str | int | float]


class TraceContext(msgspec.Struct, frozen=True):
    """A position in a trace, as in a ``traceparent`` header: ids in hexadecimal, and whether the
    trace is recorded.
    """

    trace_id: str
    span_id: str
    sampled: bool = False

    @classmethod
    def read(cls, header: str) -> Self | None:
        """Parse a ``traceparent`` header; None if it is malformed. The known fields of a future
        version are read, as the standard asks.
        """
        found = _TRACEPARENT.fullmatch(header.strip())
        if found is None:
            return None
        version, trace, span, flags, more = found.groups()
        if version == "ff" or (version == "00" and more) or not int(trace, 16) or not int(span, 16):
            return None
        return cls(trace, span, bool(int(flags, 16) & _SAMPLED))

    def __str__(self) -> str:
        """Format the header."""
        return f"00-{self.trace_id}-{self.span_id}-{int(self.sampled):02x}"


class RequestSpan(Protocol):
    """The span of one HTTP request."""

    @property
    def context(self) -> TraceContext:
        """Its position in the trace."""

    def end(self, name: str, attributes: Attributes, spans: Spans | None) -> None:
        """End it under its ``name``, with the ``spans`` inside it."""


class Traces(Protocol):
    """Makes spans of requests."""

    @property
    def kept(self) -> bool:
        """Whether spans are collected."""

    def begin(self, parent: TraceContext | None) -> RequestSpan:
        """Begin the span of a request; ``parent`` is the caller's position, None if unknown."""

    def close(self) -> None:
        """Send the remaining spans. Blocks, for some seconds if the collector does not answer."""


def open_traces(endpoint: str, service: str) -> Traces:
    """Return traces that go to ``endpoint`` (OTLP over HTTP, without ``/v1/traces``) in the name of
    ``service``; nowhere if the endpoint is empty.

    Raises:
        SettingsError: OpenTelemetry is not installed.
    """
    if not endpoint:
        return ContextOnly()
    try:
        return OtlpTraces(endpoint, service)
    except ImportError:
        raise SettingsError(
            "OTEL_EXPORTER_OTLP_ENDPOINT needs OpenTelemetry: pip install 'jianbao[otel]'"
        ) from None


# ------------------------------------------------------------------ without a collector


class _Passing:
    def __init__(self, context: TraceContext) -> None:
        self.context = context

    def end(self, name: str, attributes: Attributes, spans: Spans | None) -> None:
        """Do nothing."""


class ContextOnly:
    """Passes the context on and records nothing."""

    kept = False

    def begin(self, parent: TraceContext | None) -> RequestSpan:
        """Give the request a position in its caller's trace, or in a new one."""
        span = secrets.token_hex(8)
        if parent is None:
            return _Passing(TraceContext(secrets.token_hex(16), span))
        return _Passing(TraceContext(parent.trace_id, span, parent.sampled))

    def close(self) -> None:
        """Do nothing."""


# ------------------------------------------------------------------ with one


class OtlpTraces:
    """Sends spans to a collector, in batches, from a thread of its own. OpenTelemetry reads the
    sampling rate and the headers to send from its own environment variables.

    Raises:
        ImportError: OpenTelemetry is not installed.
    """

    kept = True

    def __init__(self, endpoint: str, service: str) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        self._provider = TracerProvider(resource=Resource.create({"service.name": service}))
        exporter = OTLPSpanExporter(
            endpoint=endpoint.rstrip("/") + "/v1/traces", timeout=_TIMEOUT_SECONDS
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("jianbao")

    def begin(self, parent: TraceContext | None) -> RequestSpan:
        """Begin a server span."""
        from opentelemetry.trace import SpanKind

        span = self._tracer.start_span("request", _to_otel(parent), kind=SpanKind.SERVER)
        return _OtlpRequest(self._tracer, span)

    def close(self) -> None:
        """Send the remaining spans, and stop the thread."""
        self._provider.shutdown()


class _OtlpRequest:
    def __init__(self, tracer: Any, span: Any) -> None:
        self._tracer = tracer
        self._span = span
        place = span.get_span_context()
        self.context = TraceContext(
            f"{place.trace_id:032x}", f"{place.span_id:016x}", bool(place.trace_flags & _SAMPLED)
        )

    def end(self, name: str, attributes: Attributes, spans: Spans | None) -> None:
        """End it, with the spans inside it as children."""
        from opentelemetry.trace import set_span_in_context

        within = set_span_in_context(self._span)
        for one in spans.kept if spans else ():
            child = self._tracer.start_span(
                one.name, within, start_time=round(one.began * _NS), attributes=dict(one.attributes)
            )
            child.end(round((one.began + one.seconds) * _NS))
        self._span.update_name(name)
        self._span.set_attributes(dict(attributes))
        if spans and spans.more:
            self._span.set_attribute("jianbao.spans_left_out", spans.more)
        self._span.end(time.time_ns())


def _to_otel(parent: TraceContext | None) -> Any:
    """Return the parent for OpenTelemetry. A request without one begins a new trace."""
    from opentelemetry.context import Context
    from opentelemetry.trace import (
        NonRecordingSpan,
        SpanContext,
        TraceFlags,
        set_span_in_context,
    )

    if parent is None:
        return Context()
    place = SpanContext(
        int(parent.trace_id, 16),
        int(parent.span_id, 16),
        is_remote=True,
        trace_flags=TraceFlags(int(parent.sampled)),
    )
    return set_span_in_context(NonRecordingSpan(place), Context())
