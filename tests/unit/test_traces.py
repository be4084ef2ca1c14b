"""W3C's trace context, and the spans that a collector gets."""

from __future__ import annotations

import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.app import create_app
from service.context import MOST_SPANS, Spans, Work, add_span, current, spanned, working_on
from service.inference.fake import FakeGenerator
from service.settings import Settings
from service.traces import ContextOnly, TraceContext, open_traces
from tests.support.collector import Collector, collecting
from tests.unit.web.apps import client_of, fake_app

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PARENT = f"00-{TRACE}-{SPAN}-01"


@pytest.mark.parametrize(
    ("header", "context"),
    [
        (PARENT, TraceContext(TRACE, SPAN, sampled=True)),
        (f" 00-{TRACE}-{SPAN}-00 ", TraceContext(TRACE, SPAN, sampled=False)),
        (f"00-{TRACE}-{SPAN}-ff", TraceContext(TRACE, SPAN, sampled=True)),
        (f"cc-{TRACE}-{SPAN}-01-what-comes-later", TraceContext(TRACE, SPAN, sampled=True)),
        (f"00-{TRACE}-{SPAN}-01-more", None),
        (f"ff-{TRACE}-{SPAN}-01", None),
        (f"00-{'0' * 32}-{SPAN}-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (f"00-{TRACE.upper()}-{SPAN}-01", None),
        (f"{PARENT},{PARENT}", None),
        ("", None),
    ],
)
def test_a_traceparent_is_read_as_the_standard_has_it(
    header: str, context: TraceContext | None
) -> None:
    assert TraceContext.read(header) == context


@given(st.text(max_size=80))
def test_nonsense_is_no_traceparent(header: str) -> None:
    assert TraceContext.read(header) is None


def test_a_request_goes_on_in_its_callers_trace_or_begins_one() -> None:
    traces = ContextOnly()
    within = traces.begin(TraceContext(TRACE, SPAN, sampled=True)).context
    assert (within.trace_id, within.sampled) == (TRACE, True)
    assert within.span_id != SPAN
    alone = traces.begin(None).context
    assert TraceContext.read(str(alone)) == alone
    assert alone.trace_id != traces.begin(None).context.trace_id


async def test_every_answer_tells_its_place_in_the_trace() -> None:
    async with client_of(fake_app()) as client:
        answer = await client.get("/livez", headers={"traceparent": PARENT})
        missing = await client.get("/no/such/page", headers={"traceparent": "nonsense"})
    placed = TraceContext.read(answer.headers["traceparent"])
    assert placed
    assert (placed.trace_id, placed.sampled) == (TRACE, True)
    assert TraceContext.read(missing.headers["traceparent"])


def test_without_a_collector_no_span_is_kept() -> None:
    add_span("queue", 0.0, 1.0)
    with working_on(Work()) as work:
        add_span("queue", 0.0, 1.0)
        assert work.spans is None


def test_a_function_can_be_a_span_and_spans_are_bounded() -> None:
    @spanned("review")
    def look(text: str) -> int:
        return len(text)

    with working_on(Work(spans=Spans())) as work:
        assert current() is work
        assert [look("x" * count) for count in range(MOST_SPANS + 2)] == [*range(MOST_SPANS + 2)]
    assert work.spans
    assert {span.name for span in work.spans.kept} == {"review"}
    assert (len(work.spans.kept), work.spans.more) == (MOST_SPANS, 2)


WITHIN = {"queue", "prefill", "decode", "review", "verify"}


async def _traced(collector: Collector, method: str, **headers: str) -> httpx.Response:
    settings = Settings(otel_exporter_otlp_endpoint=collector.address, jobs_url="memory:")
    article = " ".join(f"The council of town {n} voted on the bridge today." for n in range(12))
    app = create_app(settings, generator=FakeGenerator(lambda _: "The council voted."))
    async with client_of(app) as client:
        body = {"text": article, "languages": ["en"], "method": method}
        answer = await client.post("/summarize", json=body, headers=headers)
        await client.get("/nothing/like/that")
        for hook in app.on_shutdown:
            await hook()  # type: ignore[call-arg]
    return answer


async def test_a_collector_gets_the_request_and_what_lies_within() -> None:
    with collecting() as collector:
        headers = {"traceparent": PARENT, "X-Request-Id": "click-1"}
        answer = await _traced(collector, "abstractive", **headers)
        assert answer.status_code == 200
        assert collector.paths == {"/v1/traces"}
        spans = {span.name: span for span in collector.spans}
        assert {*WITHIN, "POST /summarize"} <= {*spans}
        request = spans["POST /summarize"]
        assert request.trace_id.hex() == TRACE
        assert request.parent_span_id.hex() == SPAN
        assert request.span_id.hex() == answer.headers["traceparent"].split("-")[2]
        for name in WITHIN:
            assert spans[name].trace_id.hex() == TRACE
            assert spans[name].parent_span_id == request.span_id
            assert request.start_time_unix_nano <= spans[name].start_time_unix_nano
        assert collector.attributes("POST /summarize") == {
            "http.request.method": "POST",
            "http.route": "/summarize",
            "http.response.status_code": "200",
            "jianbao.request_id": "click-1",
        }
        assert collector.attributes("decode")["jianbao.task"] == "summarize:en"
        assert collector.attributes("GET unmatched")["http.response.status_code"] == "404"
        [service] = [
            one.value.string_value
            for one in collector.requests[0].resource_spans[0].resource.attributes
            if one.key == "service.name"
        ]
        assert service == "jianbao"


async def test_a_brief_that_needs_no_model_has_a_span_for_the_selection_alone() -> None:
    with collecting() as collector:
        answer = await _traced(collector, "extractive", traceparent=PARENT)
        assert answer.status_code == 200
        names = {span.name for span in collector.spans}
        assert names == {"select", "POST /summarize", "GET unmatched"}


async def test_what_its_caller_does_not_keep_is_not_sent() -> None:
    with collecting() as collector:
        answer = await _traced(collector, "auto", traceparent=f"00-{TRACE}-{SPAN}-00")
        assert answer.headers["traceparent"].endswith("-00")
        assert {span.name for span in collector.spans} == {"GET unmatched"}


async def test_a_collector_that_is_not_there_disturbs_nobody() -> None:
    traces = open_traces("http://127.0.0.1:1", "jianbao")
    span = traces.begin(None)
    span.end("GET /livez", {}, Spans())
    began = time.monotonic()
    traces.close()
    assert time.monotonic() - began < 10
