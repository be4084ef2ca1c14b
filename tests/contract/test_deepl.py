"""The ``deepl`` package (1.32), as it is, against the service on a real port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import deepl
import pytest
from deepl.api_data import ModelType

from service.errors import Overloaded, Unavailable
from service.keys import add_key
from service.settings import Settings
from service.text.markup import Tagging
from service.translation.fake import FakeTranslator
from service.translation.model import Order, Progress, Translated
from tests.support.live import live
from tests.unit.web.apps import fake_app


@pytest.fixture(scope="module")
def translator() -> FakeTranslator:
    return FakeTranslator()


@pytest.fixture(scope="module")
def client(translator: FakeTranslator) -> Iterator[deepl.DeepLClient]:
    with (
        live(fake_app(settings=Settings(), translator=translator)) as address,
        connected(address) as client,
    ):
        yield client


class FailingFirst:
    """Fails a few times, then translates."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self._translator = FakeTranslator()

    async def translate(
        self, order: Order, *, progress: Progress | None = None, timeout: float | None = None
    ) -> Translated:
        if self.errors:
            raise self.errors.pop(0)
        return await self._translator.translate(order, progress=progress, timeout=timeout)


def connected(address: str, key: str = "any-key") -> closing[deepl.DeepLClient]:
    """A client that is closed afterwards."""
    return closing(deepl.DeepLClient(key, server_url=address))


@pytest.fixture
def impatient() -> Iterator[None]:
    """The package's own setting: no second try."""
    before = deepl.http_client.max_network_retries
    deepl.http_client.max_network_retries = 0
    yield
    deepl.http_client.max_network_retries = before


@contextmanager
def cutting_the_first(address: str) -> Iterator[str]:
    """Relay connections to ``address``, but for the first one, which is cut."""
    target = urlsplit(address)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def relay() -> None:
            with suppress(OSError):
                listener.accept()[0].close()
                while True:
                    near = listener.accept()[0]
                    far = socket.create_connection((target.hostname, target.port))
                    for ends in ((near, far), (far, near)):
                        threading.Thread(target=pump, args=ends, daemon=True).start()

        thread = threading.Thread(target=relay, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)  # wakes it up; to close alone would not
        thread.join()


def pump(near: socket.socket, far: socket.socket) -> None:
    """Copy from one end to the other until either closes."""
    with near, far, suppress(OSError):
        while read := near.recv(65536):
            far.sendall(read)


def one(result: deepl.TextResult | list[deepl.TextResult]) -> deepl.TextResult:
    """The result of a single text."""
    assert isinstance(result, deepl.TextResult)
    return result


def test_a_text(client: deepl.DeepLClient) -> None:
    result = one(client.translate_text("Hello there", target_lang="ZH-HANS"))
    assert result.text == "[zh-Hans] Hello there"
    assert result.detected_source_lang == "EN"
    assert result.billed_characters == 11
    assert result.model_type_used is None


def test_fifty_texts_in_order_and_no_more(client: deepl.DeepLClient) -> None:
    texts = [f"Sentence number {n}" for n in range(50)]
    texts[7] = ""
    results = client.translate_text(texts, target_lang="ZH-HANT", source_lang="EN")
    assert isinstance(results, list)
    assert [result.text for result in results] == [
        f"[zh-Hant] {text}" if text else "" for text in texts
    ]
    with pytest.raises(deepl.DeepLException, match="Too many texts"):
        client.translate_text([*texts, "one more"], target_lang="ZH-HANT")


@pytest.mark.parametrize("target", ["EN-US", "EN-GB", "ZH", "zh-hans", "ZH-HANT", "ZH-TW", "ZH-HK"])
def test_every_target(client: deepl.DeepLClient, target: str) -> None:
    text = "你好" if target.startswith("EN") else "Hello"
    assert one(client.translate_text(text, target_lang=target)).text.endswith(f"] {text}")


def test_a_language_that_is_not_spoken(client: deepl.DeepLClient) -> None:
    with pytest.raises(deepl.DeepLException, match="'target_lang' not supported"):
        client.translate_text("Hello", target_lang="DE")


def test_every_option_of_the_client(client: deepl.DeepLClient, translator: FakeTranslator) -> None:
    result = client.translate_text(
        "<p>Open <code>ls</code></p>",
        source_lang="EN",
        target_lang="ZH-HANS",
        context="A manual.",
        split_sentences=deepl.SplitSentences.NO_NEWLINES,
        preserve_formatting=True,
        formality=deepl.Formality.PREFER_MORE,
        tag_handling="xml",
        tag_handling_version="v2",
        outline_detection=False,
        non_splitting_tags="b,i",
        splitting_tags=["p"],
        ignore_tags=["code", "var"],
        model_type=ModelType.PREFER_QUALITY_OPTIMIZED,
    )
    assert one(result).text == "[zh-Hans] <p>Open <code>ls</code></p>"
    assert one(result).model_type_used == "quality_optimized"
    order = translator.orders[-1]
    assert (order.source, order.context, order.markup) == ("en", "A manual.", "xml")
    assert order.tagging == Tagging(
        frozenset({"code", "var"}), frozenset({"p"}), frozenset({"b", "i"}), outline=False
    )
    assert (order.split_sentences, order.preserve_formatting) == ("nonewlines", True)
    assert order.texts == ("<p>Open <code>ls</code></p>",)


def test_formality_that_insists(client: deepl.DeepLClient) -> None:
    with pytest.raises(deepl.DeepLException, match="'formality' is not supported"):
        client.translate_text("Hello", target_lang="ZH", formality=deepl.Formality.MORE)


def test_styles_and_instructions_are_refused_by_name(client: deepl.DeepLClient) -> None:
    with pytest.raises(deepl.DeepLException, match="'style_id' is not supported"):
        client.translate_text("Hello", target_lang="ZH", style_rule="7c2f")
    with pytest.raises(deepl.DeepLException, match="'custom_instructions' is not supported"):
        client.translate_text("Hello", target_lang="ZH", custom_instructions=["Be brief."])


def test_a_glossary_that_there_is_not(client: deepl.DeepLClient) -> None:
    with pytest.raises(deepl.DeepLException, match="Glossary not found"):
        client.translate_text("Hello", source_lang="EN", target_lang="ZH", glossary="none")


def test_languages(client: deepl.DeepLClient) -> None:
    sources = [language.code for language in client.get_source_languages()]
    targets = {language.code: language for language in client.get_target_languages()}
    assert sources == ["EN", "ZH"]
    assert list(targets) == ["EN-GB", "EN-US", "ZH", "ZH-HANS", "ZH-HANT"]
    assert not any(language.supports_formality for language in targets.values())


def test_usage(client: deepl.DeepLClient) -> None:
    before = client.get_usage().character.count
    client.translate_text("Hello", target_lang="ZH")
    usage = client.get_usage()
    assert before is not None
    assert usage.character.count == before + 5
    assert not usage.any_limit_reached


def test_glossaries_of_version_2_cannot_be_made(client: deepl.DeepLClient) -> None:
    assert client.get_glossary_languages() == []
    with pytest.raises(deepl.GlossaryNotFoundException):
        client.create_glossary("mine", "EN", "ZH", {"cart": "购物车"})
    with pytest.raises(deepl.GlossaryNotFoundException):
        client.list_glossaries()


def test_a_wrong_key_is_told_apart(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    key = add_key(keys, "editor")
    with live(fake_app(settings=Settings(keys_file=keys))) as address:
        with connected(address, key) as client:
            assert one(client.translate_text("Hello", target_lang="ZH")).text == "[zh-Hans] Hello"
        with (
            connected(address, "wrong") as client,
            pytest.raises(deepl.AuthorizationException),
        ):
            client.get_usage()


@pytest.mark.parametrize(
    "error", [Overloaded("busy", retry_after=1), Unavailable("loading", retry_after=1)]
)
def test_the_client_comes_back_when_the_service_is_busy(error: Exception) -> None:
    translator = FailingFirst(error)
    with (
        live(fake_app(translator=translator)) as address,
        connected(address) as client,
    ):
        assert one(client.translate_text("Hello", target_lang="ZH")).text == "[zh-Hans] Hello"
    assert not translator.errors


@pytest.mark.usefixtures("impatient")
def test_too_many_requests_are_told_as_such() -> None:
    with (
        live(fake_app(translator=FakeTranslator(Overloaded("busy", retry_after=1)))) as address,
        connected(address) as client,
        pytest.raises(deepl.TooManyRequestsException),
    ):
        client.translate_text("Hello", target_lang="ZH")


def test_the_client_comes_back_when_its_connection_is_cut() -> None:
    with (
        live(fake_app()) as address,
        cutting_the_first(address) as relay,
        connected(relay) as client,
    ):
        assert one(client.translate_text("Hello", target_lang="ZH")).text == "[zh-Hans] Hello"
