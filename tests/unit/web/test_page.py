"""What the page is served as: its policy, its files, and what it asks of the service."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import httpx
import pytest
from litestar import Litestar

from service.briefs.review import Code
from service.settings import Settings
from service.web.page.files import read_files
from tests.support.running import ROOT
from tests.unit.web.apps import client_of, fake_app

_STATIC = ROOT / "service/web/page/static"


@pytest.fixture(scope="module")
def app() -> Litestar:
    """One for the module: to make it takes longer than an answer."""
    return fake_app()


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


async def test_the_policy_allows_no_script_or_style_but_the_services_own(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == policy["connect-src"] == policy["img-src"] == "'self'"
    assert re.fullmatch(r"'self' 'sha256-[A-Za-z0-9+/]{43}='", policy["script-src"])
    assert policy["frame-ancestors"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"


def test_no_file_of_the_page_names_another_host_or_an_inline_handler() -> None:
    for path in [*_STATIC.glob("*.*"), *_STATIC.glob("js/*.js")]:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert re.findall(r"https?://[\w.]+", text) == [], path.name
        assert re.findall(r"\bon[a-z]+=\"|style=\"|innerHTML|eval\(", text) == [], path.name


async def test_every_module_that_the_page_imports_is_served(client: httpx.AsyncClient) -> None:
    assert {"js/main.js", "js/api.js", "style.css"} < read_files().keys()
    for path in _STATIC.glob("js/*.js"):
        for name in re.findall(r'from "\./([\w.]+)"', path.read_text(encoding="utf-8")):
            answer = await client.get(f"/page/assets/js/{name}")
            assert answer.status_code == 200, f"{path.name} imports {name}"
            assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_the_page_asks_for_all_its_modules_at_once() -> None:
    index = (_STATIC / "index.html").read_text(encoding="utf-8")
    asked = re.findall(r'(?:modulepreload" href|module" src)="/page/assets/([^"]+)"', index)
    modules = {name for name in read_files() if name.endswith((".js", ".mjs"))}
    assert {*asked} == modules
    assert len(asked) == len(modules)


@pytest.mark.parametrize(
    "path", ["index.html", "nothing.js", "../files.py", "..%2ffiles.py", "vendor/README.txt/x"]
)
async def test_nothing_else_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/page/assets/{path}")).status_code == 404


async def test_a_file_that_the_browser_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/page/assets/js/main.js")
    again = await client.get(
        "/page/assets/js/main.js", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_vendored_files_are_those_of_the_digests_beside_them() -> None:
    listed = re.findall(
        r"^([0-9a-f]{64})  (\S+)$",
        (_STATIC / "vendor/README.txt").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert len(listed) == len([*_STATIC.glob("vendor/*/*.mjs")])
    for digest, name in listed:
        content = (_STATIC / "vendor" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest


@pytest.mark.parametrize(
    ("example", "seed"), [("en.txt", "harbour-tunnel.txt"), ("zh.txt", "river-restoration.txt")]
)
def test_the_examples_are_seeds(example: str, seed: str) -> None:
    assert (_STATIC / "examples" / example).read_bytes() == (ROOT / "seeds" / seed).read_bytes()


def test_every_code_of_a_warning_has_words_in_both_languages() -> None:
    text = (_STATIC / "js/warnings.js").read_text(encoding="utf-8")
    told = re.findall(r"^  (\w+): \[\"[^\"]+\", \"[^\"]+\"\],$", text, re.MULTILINE)
    assert {*told} == {*get_args(Code), "unverified", "unlikely", "long", "unmatched"}


async def test_numbers_are_found_in_the_source_of_a_sentence(client: httpx.AsyncClient) -> None:
    pair = {"source": "It cost 585 million dollars in 1931.", "text": "1931年，耗资5.85亿美元。"}
    answer = await client.post("/page/numbers", json={"pairs": [pair]})
    assert answer.json() == {
        "numbers": [
            [
                {"start": 0, "end": 5, "text": "1931年", "source": "1931"},
                {"start": 8, "end": 15, "text": "5.85亿美元", "source": "585 million dollars"},
            ]
        ]
    }


async def test_a_number_that_the_source_lacks_has_no_pair(client: httpx.AsyncClient) -> None:
    pair = {"source": "It cost 585 million dollars.", "text": "耗资9亿美元。"}
    answer = await client.post("/page/numbers", json={"pairs": [pair]})
    assert answer.json() == {"numbers": [[]]}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"pairs": [{"source": "1", "text": "1"}] * 101}, 422),
        ({"pairs": [{"source": "x" * 1500, "text": "x" * 1500}]}, 413),
        ({"pairs": [{"source": "1"}]}, 422),
    ],
)
async def test_numbers_of_too_much_are_refused(
    client: httpx.AsyncClient, body: dict[str, object], status: int
) -> None:
    assert (await client.post("/page/numbers", json=body)).status_code == status


async def test_with_keys_the_page_is_shown_to_all_and_numbers_are_not(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text('{"keys": []}', encoding="utf-8")
    app = fake_app(settings=Settings(keys_file=keys, jobs_url="memory:"))
    async with client_of(app) as client:
        assert (await client.get("/")).status_code == 200
        assert (await client.get("/page/settings")).json()["key_required"] is True
        refused = await client.post("/page/numbers", json={"pairs": []})
    assert refused.status_code == 401


async def test_the_page_can_be_switched_off(tmp_path: Path) -> None:
    async with client_of(fake_app(settings=Settings(page=False, jobs_url="memory:"))) as client:
        for path in ("/page/assets/js/main.js", "/page/settings"):
            assert (await client.get(path)).status_code == 404
