"""The remote engine against real HTTP servers that follow a script."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import pytest

from service.inference.config import EngineConfig, EngineResources
from service.inference.engines.remote import RemoteEngine
from service.inference.protocol import (
    Delta,
    Event,
    Failure,
    Generation,
    GenerationRequest,
    Message,
    Prefilled,
    Retried,
    Sampling,
    Usage,
)
from tests.support.model_server import (
    ModelServer,
    Refusal,
    Silence,
    Stream,
    chunk,
    saying,
    serving,
    sse,
    usage,
)

PATIENCE = 10.0
GRAMMAR = 'root ::= "是" | "no"\n'


def config(*servers: ModelServer, **options: str) -> EngineConfig:
    return EngineConfig(
        engine="remote",
        model="qwen",
        tasks=("summarize:en", "translate:en-zh"),
        context=4096,
        max_output=500,
        resources=EngineResources(batch_sequences=8),
        extra={
            "urls": ",".join(server.url for server in servers),
            "pause": "0.02",
            "check": "0.05",
            **options,
        },
    )


@contextmanager
def engine(*servers: ModelServer, **options: str) -> Iterator[RemoteEngine]:
    with serving(*servers):
        remote = RemoteEngine(config(*servers, **options))
        try:
            yield remote
        finally:
            remote.close()


def request(request_id: str = "r", **changes: object) -> GenerationRequest:
    asked = GenerationRequest(
        id=request_id,
        task="summarize:en",
        source="en",
        target="en",
        messages=(Message("system", "Be brief."), Message("user", "An article.")),
        max_new_tokens=60,
    )
    return msgspec.structs.replace(asked, **changes)


def until(remote: RemoteEngine, done: Callable[[list[Event]], bool]) -> list[Event]:
    """Step until ``done`` is true of all that came."""
    events: list[Event] = []
    limit = time.monotonic() + PATIENCE
    while not done(events):
        assert time.monotonic() < limit, events
        events += remote.step()
        if not remote.busy:
            time.sleep(0.005)
    return events


def finish(remote: RemoteEngine, *requests: GenerationRequest) -> list[Event]:
    for one in requests:
        remote.submit(one)
    events = until(remote, lambda _: not remote.busy)
    ends = [event for event in events if isinstance(event, Generation | Failure)]
    assert len(ends) == len(requests)
    return events


def text_of(event: Event) -> str:
    assert isinstance(event, Generation), event
    return event.outputs[0].text


def failure_of(event: Event) -> Failure:
    assert isinstance(event, Failure), event
    return event


# ------------------------------------------------------------------ streaming


def test_text_comes_as_it_is_written_and_the_generation_holds_it_whole() -> None:
    reply = Stream([sse(chunk("Rain"), chunk(" fell."), chunk(finish="stop"), usage(9, 3, 5))])
    with engine(ModelServer(reply)) as remote:
        prefilled, first, second, end = finish(remote, request())
    assert [prefilled, first, second] == [Prefilled("r"), Delta("r", "Rain"), Delta("r", " fell.")]
    assert isinstance(end, Generation)
    assert text_of(end) == "Rain fell."
    assert end.outputs[0].finish == "stop"
    assert end.usage == Usage(prompt=9, cached=5, generated=3)
    assert end.model == "qwen"
    assert end.timings.prefill > 0
    assert end.timings.decode >= 0


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_a_stream_may_be_cut_anywhere(size: int) -> None:
    whole = sse(chunk("中\u2028国"), chunk("\x85。"), chunk(finish="stop"), usage(1, 1))
    whole = b": a comment\r\n\r\n" + whole.replace(b"\n", b"\r\n")
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    with engine(ModelServer(Stream(pieces))) as remote:
        events = finish(remote, request())
    assert text_of(events[-1]) == "中\u2028国\x85。"
    assert [event.text for event in events if isinstance(event, Delta)] == ["中\u2028国", "\x85。"]


def test_an_output_that_reached_its_limit_says_so() -> None:
    with engine(ModelServer(saying("Rain", finish="length"))) as remote:
        end = finish(remote, request())[-1]
    assert isinstance(end, Generation)
    assert end.outputs[0].finish == "length"


def test_candidates_come_in_the_order_drawn_and_only_the_first_is_streamed() -> None:
    events = [chunk("b1", index=1), chunk("a1"), chunk("a2", "stop"), chunk("b2", "length", 1)]
    with engine(ModelServer(Stream([sse(*events, usage(5, 4))]))) as remote:
        sampling = Sampling(temperature=0.7, candidates=2)
        *begun, end = finish(remote, request(sampling=sampling))
    assert [event.text for event in begun if isinstance(event, Delta)] == ["a1", "a2"]
    assert isinstance(end, Generation)
    assert [(one.text, one.finish) for one in end.outputs] == [("a1a2", "stop"), ("b1b2", "length")]


def test_a_server_that_counts_nothing_has_its_pieces_counted() -> None:
    reply = Stream([sse(chunk("Rain"), chunk(" fell.", "stop"))])
    with engine(ModelServer(reply)) as remote:
        end = finish(remote, request())[-1]
    assert isinstance(end, Generation)
    assert end.usage == Usage(prompt=0, cached=0, generated=2)


def test_a_step_of_an_idle_engine_returns_at_once() -> None:
    with engine(ModelServer()) as remote:
        before = time.monotonic()
        assert [remote.step() for _ in range(100)] == [[]] * 100
        assert time.monotonic() - before < 0.1
        assert not remote.busy


def test_a_step_never_waits_long_for_a_server() -> None:
    server = ModelServer(Silence())
    with engine(server) as remote:
        remote.submit(request())
        steps = []
        for _ in range(15):
            before = time.monotonic()
            assert remote.step() == []
            steps.append(time.monotonic() - before)
    assert sorted(steps)[7] < 0.05  # the median: others share this machine


# ------------------------------------------------------------------ failures and retries


@pytest.mark.parametrize(
    "trouble",
    [
        Refusal(500, {"error": {"message": "out of memory"}}),
        Refusal(503, b"loading"),
        Refusal(429, {"error": "overloaded"}, {"Retry-After": "0"}),
        Stream([sse(done=False)], cut=True),
        Stream([b"data: {broken\n\n"]),
        Stream([b'data: {"choices": 7}\n\n']),
        Stream([b'data: {"error": {"message": "engine dead", "code": 500}}\n\n']),
        Stream([b'error: {"code": 500, "message": "slot lost"}\n\n']),
        Stream([sse(chunk(finish="abort"))]),
        Stream([sse(done=True)]),
    ],
    ids=[
        "500",
        "503",
        "429",
        "cut",
        "no JSON",
        "no completion",
        "error event",
        "error field",
        "aborted",
        "empty",
    ],
)
def test_what_fails_before_its_first_token_is_sent_again(trouble: Refusal | Stream) -> None:
    server = ModelServer(trouble, saying("Rain."))
    with engine(server) as remote:
        assert text_of(finish(remote, request())[-1]) == "Rain."
    assert len(server.bodies) == 2


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks() -> None:
    server = ModelServer(Refusal(429, b"", {"Retry-After": "1"}), saying("Rain."))
    with engine(server) as remote:
        before = time.monotonic()
        assert text_of(finish(remote, request())[-1]) == "Rain."
        assert time.monotonic() - before >= 1.0


def test_a_busy_server_is_no_failing_one() -> None:
    server = ModelServer(*[Refusal(429, b"")] * 4, saying("Rain."))
    with engine(server, failures="2", attempts="2") as remote:
        assert text_of(finish(remote, request())[-1]) == "Rain."
        assert remote.unavailable_reason == ""


@pytest.mark.parametrize(
    "rest",
    [b"", b"data: {broken\n\n", b'data: {"error": {"message": "lost", "code": 500}}\n\n'],
    ids=["cut", "malformed", "error"],
)
def test_what_breaks_off_starts_over_and_says_so(rest: bytes) -> None:
    broken = Stream([sse(chunk("Rain"), done=False), rest], cut=True)
    server = ModelServer(broken, saying("Rain", " fell."))
    with engine(server) as remote:
        *told, end = finish(remote, request())
    assert told == [
        Prefilled("r"),
        Delta("r", "Rain"),
        Retried("r"),
        Prefilled("r"),
        Delta("r", "Rain"),
        Delta("r", " fell."),
    ]
    assert text_of(end) == "Rain fell."
    assert len(server.bodies) == 2


def test_what_breaks_off_again_and_again_is_given_up() -> None:
    server = ModelServer()
    server.otherwise = Stream([sse(chunk("Rain"), done=False)], cut=True)
    with engine(server, attempts="3", failures="100") as remote:
        *_, end = finish(remote, request())
    assert failure_of(end).kind == "engine_error"
    assert failure_of(end).message == "the model server broke off"
    assert len(server.bodies) == 3


def test_a_request_that_always_fails_is_given_up_and_takes_nobody_along() -> None:
    server = ModelServer()
    server.otherwise = Refusal(500, b"no")
    with engine(server, attempts="3", failures="100") as remote:
        end = failure_of(finish(remote, request())[-1])
        assert (end.kind, end.message) == ("engine_error", "no model server answered")
        assert len(server.bodies) == 3
        server.otherwise = saying("Rain.")
        assert text_of(finish(remote, request())[-1]) == "Rain."


def test_a_refused_request_fails_at_once_and_its_caller_is_not_told_the_servers_words() -> None:
    server = ModelServer(Refusal(400, {"error": {"message": "top_p of secret-model"}}))
    with engine(server) as remote:
        end = failure_of(finish(remote, request())[-1])
    assert (end.kind, end.message) == ("engine_error", "the model server refused the request")
    assert len(server.bodies) == 1


def test_a_task_that_the_lineup_lacks_never_reaches_a_server() -> None:
    server = ModelServer()
    with engine(server) as remote:
        end = failure_of(finish(remote, request(task="summarize:zh"))[-1])
    assert end.kind == "unsupported_task"
    assert server.bodies == []


def test_a_prompt_over_the_context_fails_with_both_counts() -> None:
    message = (
        "This model's maximum context length is 4096 tokens. However, you requested 5060 tokens "
        "(5000 in the messages, 60 in the completion)."
    )
    server = ModelServer(Refusal(400, {"error": {"message": message, "code": 400}}))
    with engine(server) as remote:
        end = failure_of(finish(remote, request(grammar=GRAMMAR))[-1])
    assert (end.kind, end.tokens, end.limit) == ("prompt_too_long", 5000, 4096)
    assert len(server.bodies) == 1


def test_a_context_error_within_the_stream_is_told_as_one() -> None:
    event = {"error": {"message": "maximum context length is 99 tokens", "code": 400}}
    with engine(ModelServer(Stream([sse(event)]))) as remote:
        end = failure_of(finish(remote, request())[-1])
    assert (end.kind, end.limit) == ("prompt_too_long", 99)


# ------------------------------------------------------------------ time-outs, cancellation


@pytest.mark.parametrize(
    "quiet", [Silence(), Stream([sse(chunk(""), done=False)], hold=True)], ids=["answer", "token"]
)
def test_a_server_that_falls_silent_is_given_up_for_another_try(quiet: Silence | Stream) -> None:
    server = ModelServer(quiet, saying("Rain."))
    with engine(server, silence="0.3") as remote:
        assert text_of(finish(remote, request())[-1]) == "Rain."


def test_a_request_fails_when_its_whole_time_is_over_however_busy_its_stream() -> None:
    drip = Stream([sse(chunk("a"), done=False)] * 200, pause=0.05)
    server = ModelServer(drip)
    with engine(server, total="0.5") as remote:
        before = time.monotonic()
        end = failure_of(finish(remote, request())[-1])
        assert 0.4 < time.monotonic() - before < 3.0
    assert "within 0.5 seconds" in end.message


def test_an_address_that_does_not_answer_is_left_for_another() -> None:
    other = ModelServer(saying("Rain."))
    with serving(other):
        # 203.0.113.0/24 is for documentation: nobody answers there
        settings = config(other, connect="0.3")
        urls = f"http://203.0.113.1:9,{settings.extra['urls']}"
        remote = RemoteEngine(
            msgspec.structs.replace(settings, extra={**settings.extra, "urls": urls})
        )
        assert text_of(finish(remote, request())[-1]) == "Rain."
        remote.close()


def test_cancelling_closes_the_stream_and_yields_no_event() -> None:
    server = ModelServer(Stream([sse(chunk("Rain"), done=False)], hold=True))
    with engine(server) as remote:
        remote.submit(request())
        until(remote, lambda events: any(isinstance(event, Delta) for event in events))
        remote.cancel("r")
        assert not remote.busy
        until(remote, lambda _: server.left == 1)
        assert remote.step() == []


def test_a_request_that_takes_anothers_id_hears_nothing_of_it() -> None:
    server = ModelServer(Stream([sse(chunk("old"), done=False)], hold=True), saying("new"))
    with engine(server) as remote:
        remote.submit(request())
        until(remote, lambda _: bool(server.bodies))
        events = finish(remote, request())
    assert [event.text for event in events if isinstance(event, Delta)] == ["new"]


def test_closing_leaves_no_connection_open() -> None:
    server = ModelServer()
    server.otherwise = Stream([sse(chunk("Rain"), done=False)], hold=True)
    with serving(server):
        remote = RemoteEngine(config(server))
        for key in "abc":
            remote.submit(request(key))
        until(remote, lambda _: server.open == 3)
        remote.close()
        limit = time.monotonic() + PATIENCE
        while server.open:
            assert time.monotonic() < limit
            time.sleep(0.01)
    assert server.left == 3


# ------------------------------------------------------------------ several servers, the breaker


def test_the_idlest_server_is_asked() -> None:
    servers = [ModelServer(), ModelServer(), ModelServer()]
    for server in servers:
        server.otherwise = Stream([sse(chunk("Rain"), done=False)], hold=True)
    with engine(*servers) as remote:
        until(remote, lambda _: all(server.probes for server in servers))
        time.sleep(0.1)
        for key in "abcdef":
            remote.submit(request(key))
        until(remote, lambda _: sum(len(server.bodies) for server in servers) == 6)
        assert [server.most for server in servers] == [2, 2, 2]


def test_an_article_stays_with_the_server_that_has_its_prompt() -> None:
    servers = [ModelServer(), ModelServer()]
    with engine(*servers) as remote:
        until(remote, lambda _: all(server.probes for server in servers))
        time.sleep(0.1)
        for _ in range(4):
            finish(remote, request(family="article"))
    assert sorted(len(server.bodies) for server in servers) == [0, 4]


def test_a_failing_server_is_left_out_until_a_trial_succeeds() -> None:
    bad, good = ModelServer(), ModelServer()
    bad.otherwise = saying("Well again.")
    with engine(bad, good, failures="2") as remote:
        until(remote, lambda _: bool(bad.probes and good.probes))
        bad.ill = Refusal(500, b"no")
        for number in range(6):
            assert text_of(finish(remote, request(str(number)))[-1]) == "Hello there."
        assert bad.bodies == []
        assert remote.unavailable_reason == ""
        bad.ill = None
        trials = len(bad.probes)
        until(remote, lambda _: len(bad.probes) > trials)
        time.sleep(0.1)
        texts = [text_of(finish(remote, request(str(number)))[-1]) for number in range(2)]
        assert "Well again." in texts


def test_a_request_outlives_the_restart_of_its_only_server() -> None:
    server = ModelServer()
    with engine(server, failures="1", attempts="9") as remote:
        server.stop()
        until(remote, lambda _: bool(remote.unavailable_reason))
        remote.submit(request())
        for _ in range(5):
            assert remote.step() == []
        server.start()
        events = until(remote, lambda _: not remote.busy)
        assert text_of(events[-1]) == "Hello there."
        assert remote.unavailable_reason == ""


def test_without_any_server_the_engine_says_what_stands_in_its_way() -> None:
    server = ModelServer()
    with serving(server):
        pass
    remote = RemoteEngine(config(server))
    try:
        assert f"127.0.0.1:{server.port} cannot be reached" in remote.unavailable_reason
        assert remote.capabilities.grammar
        with serving(server):
            until(remote, lambda _: not remote.unavailable_reason)
    finally:
        remote.close()


def test_a_wrong_key_stands_in_the_way_and_is_never_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    server = ModelServer(key="Bearer right")
    with engine(server, api_key="sk-wrong") as remote:
        assert "status 401" in remote.unavailable_reason
        server.key = "Bearer sk-wrong"
        until(remote, lambda _: not remote.unavailable_reason)
        server.replies.append(Refusal(400, b"the key sk-wrong may not"))
        failure_of(finish(remote, request())[-1])
    assert "r: status 400" in caplog.text  # the server's words may quote an article
    assert "may not" not in caplog.text
    assert "sk-wrong" not in caplog.text


def test_a_server_without_a_list_of_models_serves_the_one_that_is_named() -> None:
    server = ModelServer(owner="?")
    server.lists_models = False
    with engine(server, model="mine") as remote:
        finish(remote, request())
    assert server.bodies[0]["model"] == "mine"


def test_the_context_is_the_smallest_that_anyone_has() -> None:
    with engine(ModelServer(context=8192), ModelServer(context=2048)) as remote:
        until(remote, lambda _: not remote.unavailable_reason)
        assert remote.capabilities.context in {2048, 4096}
    with engine(ModelServer(context=2048)) as remote:
        assert remote.capabilities.context == 2048
        assert remote.capabilities.concurrency == 8


# ------------------------------------------------------------------ grammars


@pytest.mark.parametrize(
    ("owner", "heeds", "sent"),
    [
        ("vllm", "structured_outputs", {"structured_outputs": {"grammar": GRAMMAR}}),
        ("vllm", "guided_grammar", {"guided_grammar": GRAMMAR}),
        ("sglang", "ebnf", {"ebnf": GRAMMAR}),
        ("llamacpp", "grammar", {"grammar": GRAMMAR}),
        ("a gateway", "guided_grammar", {"guided_grammar": GRAMMAR}),
        ("a gateway", "grammar", {"grammar": GRAMMAR}),
    ],
)
def test_a_grammar_goes_in_the_field_that_the_server_heeds(
    owner: str, heeds: str, sent: dict[str, object]
) -> None:
    server = ModelServer(owner=owner, heeds=heeds)
    with engine(server) as remote:
        assert remote.capabilities.grammar
        finish(remote, request(grammar=GRAMMAR))
    fields = {"structured_outputs", "guided_grammar", "ebnf", "grammar"}
    assert {name: server.bodies[0][name] for name in fields & server.bodies[0].keys()} == sent


@pytest.mark.parametrize("refuses", [(), ("structured_outputs", "guided_grammar")])
def test_a_server_that_enforces_no_grammar_is_told_of_once_and_asked_without(
    refuses: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    server = ModelServer(heeds="nothing", refuses=refuses)
    with engine(server) as remote:
        assert not remote.capabilities.grammar
        for key in "ab":
            end = finish(remote, request(key, grammar=GRAMMAR))[-1]
            assert text_of(end) == "Hello there."
    assert server.bodies[0].keys().isdisjoint({"structured_outputs", "guided_grammar"})
    assert caplog.text.count("enforces no grammar") == 1


def test_one_grammar_that_is_refused_costs_no_other_request_its_own(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refusal = Refusal(400, {"error": {"message": "Invalid grammar specification."}})
    server = ModelServer(refusal)
    with engine(server) as remote:
        for key in "ab":
            assert text_of(finish(remote, request(key, grammar=GRAMMAR))[-1]) == "Hello there."
    assert ["structured_outputs" in body for body in server.bodies] == [True, False, True]
    assert caplog.text.count("asked again without grammar") == 1


def test_a_server_that_draws_one_candidate_only_is_asked_for_one() -> None:
    refusal = Refusal(400, {"error": {"message": "Only one completion choice is allowed"}})
    server = ModelServer(refusal)
    sampling = Sampling(temperature=0.7, candidates=4)
    with engine(server) as remote:
        end = finish(remote, request(sampling=sampling, grammar=GRAMMAR))[-1]
    assert text_of(end) == "Hello there."
    assert [body.get("n") for body in server.bodies] == [4, None]
    assert "structured_outputs" in server.bodies[1]


def test_with_grammar_set_to_none_no_field_is_tried() -> None:
    server = ModelServer()
    with engine(server, grammar="none") as remote:
        assert not remote.capabilities.grammar
        finish(remote, request(grammar=GRAMMAR))
    assert [body["max_tokens"] for body in server.probes] == [1]
    assert "structured_outputs" not in server.bodies[0]
