"""Requests that no client would send, against the app with its real domain over a fake generator:
those that schemathesis makes of the schemas, and texts, pages and forms of our own.

``python -m tests.support.fuzzing --cases 5000`` is the long form; ``make fuzz`` runs it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from service.app import create_app
from service.inference.fake import FakeGenerator
from service.inference.protocol import GenerationRequest
from service.settings import Settings
from service.web.compat.libretranslate_spec import SPEC
from tests.support.live import live

HANG_SECONDS = 20.0
"""A request that is not answered by then hangs."""

_SENTENCES = (
    "The city council approved a budget of $4.2 million on Tuesday. ",
    "Work begins in March and is expected to take 18 months. ",
    "市议会周二批准了420万美元的预算。",
    "預計需要18個月，工程將於3月開始。",
    "Elle a dit que le pont serait fermé. ",
    "\n\n",
    "<p>",
    "</p>",
    "<b>bold</b> ",
    '<img alt="A bridge" title="x">',
    "<script>1</script>",
    "<!-- no -->",
    "&amp;&lt;&#x4e2d;&bogus; ",
    "{{name}} %1$s %(x)s https://a.example/?b=1 a@b.example @who ",
    "<x><y></x>",
    "１２３ ½ ٣ 1e9 -0 1,2,3.4.5% ",
    "\u202e\u200b\ufeff\x00\x1b",
    "👩‍👩‍👧‍👦",
    "𠮷𠀋",
)
_ODD = st.one_of(st.sampled_from(_SENTENCES), st.text(max_size=20))
TEXTS = st.lists(_ODD, max_size=30).map("".join)
_TAGS = ["en", "zh", "zh-Hans", "zh-Hant", "zh-TW", "zh-HK", "auto", "EN-US", "fr", "", "\x00"]
_CODES = st.one_of(st.sampled_from(_TAGS), st.text(max_size=5))
_STRING = {"type": "string"}
_STRINGS = {"type": "array", "items": _STRING}
_ONE_OR_MANY = {"oneOf": [_STRING, _STRINGS]}
_DEEPL_FIELDS: dict[str, Any] = {
    "text": _ONE_OR_MANY,
    "target_lang": {"type": "string", "enum": ["EN-US", "ZH", "ZH-HANT"]},
    "source_lang": {"type": "string", "enum": ["EN", "ZH"]},
    "tag_handling": {"type": "string", "enum": ["html", "xml"]},
    "ignore_tags": _ONE_OR_MANY,
    "split_sentences": {"type": "string", "enum": ["0", "1", "nonewlines"]},
    "formality": {"type": "string", "enum": ["default", "more", "prefer_less"]},
    "model_type": _STRING,
    "glossary_id": _STRING,
    "glossary_ids": _STRINGS,
    "context": _STRING,
    "show_billed_characters": {"type": "boolean"},
}


def _deepl_schema() -> dict[str, Any]:
    """DeepL's routes, as far as they are served."""
    answers = {"200": {"description": "Done."}}
    body = {"type": "object", "properties": _DEEPL_FIELDS, "required": ["text", "target_lang"]}
    kinds = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
    content = {kind: {"schema": body} for kind in kinds}
    kind = {"name": "type", "in": "query", "schema": _STRING}
    get = {"responses": answers}
    return {
        "openapi": "3.0.3",
        "info": {"title": "DeepL", "version": "2"},
        "paths": {
            "/v2/translate": {"post": {"requestBody": {"content": content}, "responses": answers}},
            "/v2/languages": {"get": {**get, "parameters": [kind]}},
            "/v2/usage": {"get": get},
            "/v2/glossary-language-pairs": {"get": get},
        },
    }


@schemathesis.serializer("application/x-ndjson")
def _ndjson(_: Any, value: Any) -> bytes:
    lines = value if isinstance(value, list) else [value]
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
    return text.encode(errors="replace")


class Broken(AssertionError):
    """A request was answered with a server's error, or not in time."""


@dataclass
class Tally:
    """What was sent and how it was answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    routes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_route: str = ""

    @property
    def cases(self) -> int:
        return sum(self.statuses.values())

    def take(self, route: str, send: Callable[[], requests.Response]) -> requests.Response:
        """Send one request and look at the answer.

        Raises:
            Broken: it is none that a client's fault explains.
        """
        began = time.perf_counter()
        try:
            response = send()
        except requests.Timeout:
            raise Broken(f"{route} hangs") from None
        seconds = time.perf_counter() - began
        self.statuses[response.status_code] += 1
        self.routes[route] += 1
        if seconds > self.slowest:
            self.slowest, self.slowest_route = seconds, route
        if response.status_code >= 500:
            sent = response.request.body
            raise Broken(f"{route}: {response.status_code} {response.text[:500]} to {sent!r:.2000}")
        return response


@contextmanager
def fuzzed_app() -> Iterator[str]:
    """Serve the real domain over a generator that says the same for ever; give its address.

    It has a process of its own. Hypothesis parses the source of every lambda that it meets, and
    where a thread of the service parses too (tracebacks do), Python 3.11 may fail with "AST
    constructor recursion depth mismatch" (CPython issue 106905).
    """
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(theirs,))
    process.start()
    theirs.close()
    try:
        assert ours.poll(60), "it did not start"
        yield ours.recv()
    finally:
        ours.close()
        process.join(30)
        assert process.exitcode == 0


def _serve(told: Connection) -> None:
    """Serve until ``told`` is closed at its other end."""
    settings = Settings(
        jobs_url="memory:",
        max_body_bytes=100_000,
        max_article_characters=20_000,
        translate_characters=20_000,
        deadline_seconds=15.0,
    )
    with live(create_app(settings, generator=FakeGenerator(_say))) as address:
        told.send(address)
        with suppress(EOFError):
            told.recv()


def _say(request: GenerationRequest) -> str:
    return "The council voted." if request.target == "en" else "市议会投票了。"


def run(address: str, cases: int, *, seed: int) -> Tally:
    """Send at least so many requests.

    Raises:
        Broken: one was answered with a server's error, or not in time.
    """
    tally = Tally()
    base = requests.get(f"{address}/schema/openapi.json", timeout=10).json()
    schemas = [schemathesis.openapi.from_dict(one) for one in (base, SPEC, _deepl_schema())]
    for one in schemas:
        one.config.update(base_url=address)
    session = requests.Session()
    while tally.cases < cases:
        left = cases - tally.cases
        for schema in schemas:
            _fuzz_schema(schema, session, tally, seed, each=max(2, left // 80))
        _fuzz_texts(address, session, tally, seed, each=max(2, left // 15))
        seed += 1
    return tally


def _draw(
    cases: st.SearchStrategy[Any], send: Callable[[Any], object], *, examples: int, seed: int
) -> None:
    """Send so many of ``cases``."""

    @hypothesis.given(case=cases)
    def each(case: Any) -> None:
        send(case)

    settings = hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    hypothesis.seed(seed)(settings(each))()


def _fuzz_schema(
    schema: Any, session: requests.Session, tally: Tally, seed: int, *, each: int
) -> None:
    def send(case: Any) -> None:
        tally.take(f"{case.method} {case.path}", lambda: _sent(case, session))

    for found in schema.get_all_operations():
        operation = found.ok()
        _draw(operation.as_strategy(), send, examples=each, seed=seed)
        if not _has_input(operation):
            continue
        wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
        # whatever is sent in a path is a string, so that none is wrong
        with suppress(hypothesis.errors.Unsatisfiable):
            _draw(wrong, send, examples=each, seed=seed)


def _has_input(operation: Any) -> bool:
    return bool(operation.body or operation.query or operation.path_parameters)


def _sent(case: Any, session: requests.Session) -> requests.Response:
    arguments = case.as_transport_kwargs()
    response: requests.Response = session.request(**arguments, timeout=HANG_SECONDS)
    return response


def _fuzz_texts(
    address: str, session: requests.Session, tally: Tally, seed: int, *, each: int
) -> None:
    for path, bodies in _TEXTUAL:
        send = partial(_post, address, session, tally, path)
        _draw(bodies, send, examples=each, seed=seed)


def _post(
    address: str, session: requests.Session, tally: Tally, path: str, arguments: dict[str, Any]
) -> None:
    send = partial(session.post, address + path, **arguments, timeout=HANG_SECONDS)
    tally.take(f"POST {path}", send)


def _as_json(body: Any) -> dict[str, Any]:
    """Send it as JSON, lone surrogates and all."""
    return {"data": json.dumps(body), "headers": {"Content-Type": "application/json"}}


_LENGTHS = st.sampled_from(["short", "medium", "long", {"sentences": 1}, {"sentences": 10}])
_STYLES = st.sampled_from(["paragraph", "bullets", "headline"])
_ARTICLES = st.fixed_dictionaries(
    {"languages": st.lists(st.sampled_from(_TAGS[:6]), min_size=1, max_size=6)},
    optional={
        "text": TEXTS,
        "html": TEXTS,
        "title": TEXTS,
        "style": _STYLES,
        "length": _LENGTHS,
        "source": st.sampled_from(["auto", "en", "zh"]),
    },
)
_GLOSSARIES = st.one_of(
    TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=3), st.lists(st.lists(TEXTS, max_size=3))
)
_LIBRE = st.fixed_dictionaries(
    {
        "q": st.one_of(TEXTS, st.lists(TEXTS, max_size=4)),
        "source": _CODES,
        "target": _CODES,
        "format": st.sampled_from(["text", "html"]),
    },
    optional={"glossary": _GLOSSARIES, "context": TEXTS, "alternatives": st.integers(-1, 6)},
)
_DEEPL = st.fixed_dictionaries(
    {"text": st.lists(TEXTS, max_size=4), "target_lang": st.sampled_from(["ZH", "EN-US", "FR"])},
    optional={
        "source_lang": _CODES,
        "tag_handling": st.sampled_from(["html", "xml", ""]),
        "ignore_tags": st.lists(st.sampled_from(["p", "b", "x", "y:z", "<"]), max_size=3),
        "context": TEXTS,
    },
)
_LINES = st.lists(st.one_of(_ARTICLES.map(json.dumps), TEXTS), max_size=5).map("\n".join)
_HEADERS = st.dictionaries(
    st.sampled_from(
        ["Prefer", "Cache-Control", "If-None-Match", "Accept", "traceparent", "Idempotency-Key"]
    ),
    st.one_of(
        st.sampled_from(
            ["wait=5", "respond-async, wait=1", "no-cache", '"a", W/"b"', "text/event-stream"]
        ),
        st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30),
    ),
)
_TEXTUAL: Sequence[tuple[str, st.SearchStrategy[dict[str, Any]]]] = (
    ("/summarize", _ARTICLES.map(_as_json)),
    (
        "/summarize",
        st.tuples(_ARTICLES, _HEADERS).map(lambda both: {"json": both[0], "headers": both[1]}),
    ),
    ("/translate", _LIBRE.map(_as_json)),
    ("/translate", _LIBRE.map(lambda body: {"data": body})),
    ("/translate", _LIBRE.map(lambda body: {"files": {"q": (None, str(body["q"]))}})),
    ("/detect", TEXTS.map(lambda text: {"data": {"q": text}})),
    ("/v2/translate", _DEEPL.map(_as_json)),
    ("/v2/translate", _DEEPL.map(lambda body: {"data": body})),
    (
        "/batch",
        _LINES.map(
            lambda lines: {
                "data": lines.encode(errors="surrogatepass"),
                "headers": {"Content-Type": "application/x-ndjson"},
            }
        ),
    ),
    (
        "/translate",
        st.binary(max_size=200).map(
            lambda body: {
                "data": body,
                "headers": {"Content-Type": "multipart/form-data; boundary=a"},
            }
        ),
    ),
    (
        "/summarize",
        st.binary(max_size=200).map(
            lambda body: {"data": body, "headers": {"Content-Type": "application/json"}}
        ),
    ),
)


def main(arguments: Sequence[str]) -> int:
    """Run the long form and print what came of it."""
    parser = argparse.ArgumentParser(description="Fuzz the whole service.")
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args(arguments)
    began = time.perf_counter()
    with fuzzed_app() as address:
        tally = run(address, given.cases, seed=given.seed)
    print(f"{tally.cases} cases, seed {given.seed}, {time.perf_counter() - began:.0f} s")
    print("statuses:", ", ".join(f"{status}: {n}" for status, n in sorted(tally.statuses.items())))
    print(f"slowest: {tally.slowest:.2f} s, {tally.slowest_route}")
    for route, count in sorted(tally.routes.items()):
        print(f"  {count:5}  {route}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
