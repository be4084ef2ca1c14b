"""LibreTranslate's own Python client, unchanged, against a live server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from libretranslatepy import LibreTranslateAPI

from service.keys import Grant, add_key
from service.settings import Settings
from service.translation.fake import FakeTranslator
from tests.support.live import live
from tests.unit.web.apps import fake_app


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with live(fake_app(settings=Settings())) as address:
        yield address


@pytest.mark.parametrize("slash", ["", "/"])
def test_it_translates(address: str, slash: str) -> None:
    client = LibreTranslateAPI(address + slash)
    said = client.translate("The bridge & the tunnel: 50%+", "en", "zh")
    assert said == "[zh-Hans] The bridge & the tunnel: 50%+"
    assert client.translate("桥梁", "auto", "en") == "[en] 桥梁"


def test_it_detects(address: str) -> None:
    (found,) = LibreTranslateAPI(address).detect("市議會週二批准了修繕三座橋樑的預算。")
    assert found["language"] == "zh-Hant"
    assert found["confidence"] > 90


def test_it_lists_the_languages(address: str) -> None:
    codes = [language["code"] for language in LibreTranslateAPI(address).languages()]
    assert codes == ["en", "zh", "zh-Hans", "zh-Hant", "zh-CN", "zh-TW", "zh-HK"]


def test_what_is_refused_is_an_http_error(address: str) -> None:
    with pytest.raises(HTTPError) as raised:
        LibreTranslateAPI(address).translate("Hello", "en", "es")
    assert raised.value.code == 400
    assert raised.value.read() == b'{"error":"es is not supported"}'
    raised.value.close()


def test_its_key_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    key = add_key(path, "newsroom", Grant("zh-Hant"))
    translator = FakeTranslator()
    with live(fake_app(settings=Settings(keys_file=path), translator=translator)) as address:
        client = LibreTranslateAPI(address, api_key=key)
        assert client.translate("Hello", "en", "zh") == "[zh-Hant] Hello"
        assert client.detect("Hello, how are you?")[0]["language"] == "en"
        assert client.languages()
        with pytest.raises(HTTPError) as raised:
            LibreTranslateAPI(address, api_key="wrong").translate("Hello", "en", "zh")
    assert raised.value.code == 403
    assert raised.value.read() == b'{"error":"Invalid API key"}'
    raised.value.close()
