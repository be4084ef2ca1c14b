"""Whatever is sent, it is done or it is the client's fault: no server's error, and no hang."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import requests
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from litestar.datastructures import Headers

from service.errors import InputError, SettingsError
from service.keys import read_keys
from service.text.markup import parse_html, parse_xml
from service.traces import TraceContext
from service.translation.glossary_directory import Glossaries
from service.translation.glossary_parsing import parse_glossary
from service.web.access import shown_key
from service.web.bodies import decode
from service.web.compat import deepl, forms, libretranslate
from service.web.compat.codes import read_code, read_source
from service.web.compat.glossaries import read_terms
from service.web.compat.libretranslate import TextLimits
from service.web.jobs.batch import BatchLimits, read_batch
from service.web.preferences import Preferences
from service.web.schemas import SummarizeRequest
from tests.support.fuzzing import TEXTS, Broken, Tally, fuzzed_app, run

quickly = hypothesis.settings(
    max_examples=60, deadline=5000, suppress_health_check=[HealthCheck.too_slow]
)
LIMITS = TextLimits(characters=2000, items=20)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def _fields(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(names), VALUES, max_size=len(names))


def _refused_or_done(work: Callable[[], object]) -> None:
    """Only a client's fault may come of it."""
    refused: InputError | None = None
    try:
        work()
    except InputError as error:
        refused = error
    assert refused is None or (str(refused) and refused.field)


def test_the_whole_service_answers_what_schemathesis_and_we_think_of() -> None:
    with fuzzed_app() as address:
        tally = run(address, 200, seed=20_261_125)
    assert tally.cases >= 200
    assert {200, 400, 422} <= {*tally.statuses}


def test_a_servers_error_and_a_hang_would_be_found() -> None:
    def hang() -> requests.Response:
        raise requests.Timeout

    failed = requests.Response()
    failed.status_code = 500
    failed.request = requests.Request("POST", "http://a/").prepare()
    with pytest.raises(Broken, match="hangs"):
        Tally().take("POST /a", hang)
    with pytest.raises(Broken, match="500"):
        Tally().take("POST /a", lambda: failed)


# ------------------------------------------------------------------ parsers


@quickly
@given(
    st.dictionaries(
        st.sampled_from(["Prefer", "Cache-Control", "If-None-Match", "Accept", "Authorization"]),
        st.text(st.characters(max_codepoint=255), max_size=200),
    )
)
def test_any_headers_are_read(headers: dict[str, str]) -> None:
    given = Headers(headers)
    asked = Preferences.read(given)
    assert 0 <= asked.seconds(300.0) <= 300
    shown_key(given)


@pytest.mark.parametrize("unit", ["wait=", "wait = 1,", '"', 'W/"', " ", ",", "Bearer ", "\t"])
def test_long_headers_take_no_time(unit: str) -> None:
    long = unit * 20_000
    names = ("Prefer", "Cache-Control", "If-None-Match", "Accept", "Authorization", "traceparent")
    headers = Headers(dict.fromkeys(names, long))
    Preferences.read(headers)
    shown_key(headers)
    TraceContext.read(long)


@quickly
@given(
    st.binary(max_size=300),
    st.sampled_from(
        ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "", "x"]
    ),
    st.dictionaries(st.just("boundary"), st.text(max_size=80)),
)
def test_any_body_is_a_form_or_refused(body: bytes, kind: str, options: dict[str, str]) -> None:
    _refused_or_done(lambda: forms._read(body, kind, options))


@quickly
@given(
    st.lists(st.tuples(TEXTS, st.binary(max_size=50)), max_size=4),
    st.binary(max_size=10),
    st.sampled_from(["a", "--", "a b", "中", "\r\n", "x" * 500]),
)
def test_any_multipart_is_a_form_or_refused(
    parts: list[tuple[str, bytes]], tail: bytes, boundary: str
) -> None:
    mark = b"--" + boundary.encode(errors="replace") + b"\r\n"
    head = 'Content-Disposition: form-data; name="%s"\r\n\r\n'
    written = [
        mark + (head % name).encode(errors="surrogatepass") + content + b"\r\n"
        for name, content in parts
    ]
    body = b"".join(written) + tail
    _refused_or_done(lambda: forms._read(body, "multipart/form-data", {"boundary": boundary}))


@quickly
@given(st.one_of(VALUES, VALUES.map(json.dumps)))
def test_any_value_is_a_glossary_or_refused(value: Any) -> None:
    glossaries = Glossaries()
    _refused_or_done(lambda: read_terms(value, glossaries, source="en", target="zh"))


@quickly
@given(st.lists(TEXTS).map("\t".join), st.sampled_from([None, "\t", ","]))
def test_any_file_is_a_glossary_or_refused(text: str, delimiter: str | None) -> None:
    _refused_or_done(
        lambda: parse_glossary(
            text, source_language="en", target_language="zh", delimiter=delimiter
        )
    )


@quickly
@given(st.text(max_size=50))
def test_any_code_is_a_language_or_none(code: str) -> None:
    assert read_code(code) in {None, "en", "zh", "zh-Hans", "zh-Hant", "zh-TW", "zh-HK"}
    assert read_source(code) in {"auto", read_code(code)}


@quickly
@given(st.one_of(st.binary(max_size=200), VALUES.map(lambda value: json.dumps(value).encode())))
def test_any_bytes_are_a_request_or_refused(body: bytes) -> None:
    _refused_or_done(lambda: decode(body, SummarizeRequest))
    _refused_or_done(lambda: read_batch(body, BatchLimits(9_999, 100, 1_000), Preferences()))


@quickly
@given(TEXTS, TEXTS)
def test_any_text_or_page_is_an_article_or_refused(text: str, title: str) -> None:
    for request in (SummarizeRequest(text=text, title=title), SummarizeRequest(html=text)):
        _refused_or_done(partial(request.article, 10_000))


@quickly
@given(TEXTS)
def test_any_markup_is_a_document_or_refused(text: str) -> None:
    for parse in (parse_html, parse_xml):
        try:
            document = parse(text)
        except ValueError:
            continue
        assert len(document.units) >= 0


@quickly
@given(_fields("q", "source", "target", "format", "alternatives", "glossary", "context"))
def test_any_fields_are_an_order_to_libretranslate_or_refused(fields: dict[str, Any]) -> None:
    glossaries = Glossaries()
    _refused_or_done(
        lambda: libretranslate.read_order(fields, LIMITS, bare_zh="zh-Hans", glossaries=glossaries)
    )


@quickly
@given(
    _fields(
        "text",
        "target_lang",
        "source_lang",
        "tag_handling",
        "ignore_tags",
        "formality",
        "glossary_id",
        "glossary_ids",
        "context",
        "model_type",
        "split_sentences",
    )
)
def test_any_fields_are_an_order_to_deepl_or_refused(fields: dict[str, Any]) -> None:
    glossaries = Glossaries()
    _refused_or_done(lambda: deepl.read_texts(fields, 2000))
    _refused_or_done(
        lambda: deepl.read_order(fields, ("A text.",), bare_zh="zh-Hans", glossaries=glossaries)
    )


def test_any_file_holds_keys_or_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"

    @quickly
    @given(st.one_of(st.binary(max_size=200), VALUES.map(lambda value: json.dumps(value).encode())))
    def read(content: bytes) -> None:
        path.write_bytes(content)
        with suppress(SettingsError):
            assert read_keys(path) == ()

    read()
