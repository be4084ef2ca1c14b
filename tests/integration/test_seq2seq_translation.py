"""Sequence-to-sequence lineups behind the routes of translation: a catalogue with local models, the
real app, the real inference process. The weights are random; the languages, the tags and the
places are not.
"""

from __future__ import annotations

import asyncio
import platform
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.app import create_app
from service.inference.config import EngineConfig
from service.inference.engines.transformers import TransformersEngine
from service.inference.protocol import (
    Capabilities,
    Failure,
    Generation,
    GenerationRequest,
    Plan,
)
from service.languages import LanguageTag
from service.lineups.engines import engine_configs
from service.text.chunks import estimate_tokens
from service.text.scripts import convert, traditional_only
from service.translation.model import Order
from service.translation.translate import Translator
from service.weights.catalogue import load_catalogue
from service.weights.store import open_store
from tests.support import tiny_models
from tests.support.live import live
from tests.support.seq2seq import generated_alone, settings_for
from tests.support.tiny_models import CORPUS

pytestmark = pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")

FAMILIES = ("marian", "nllb", "m2m100")
PREFIX = ">>cmn_Hans<< "
LINEUPS = """
[lineups.marian]
description = "A model for each direction"
"translate:en-zh" = "marian-en-zh"
"translate:zh-en" = "marian-zh-en"

[lineups.nllb]
description = "One model for both"
"translate:en-zh" = "nllb"
"translate:zh-en" = "nllb"

[lineups.m2m100]
description = "One model for both"
"translate:en-zh" = "m2m100"
"translate:zh-en" = "m2m100"
"""
MODEL = """
[models.{name}]
path = "{name}"
description = "Tiny, random"
licence = "Apache-2.0"
commercial_use = true
architecture = "seq2seq"
prompting = "plain"
format = "safetensors"
context = 128
max_output = 40
{more}
"""
SPELT = {
    "marian-en-zh": f'prefix = "{PREFIX}"',
    "marian-zh-en": "",
    "nllb": 'language_codes = { en = "eng_Latn", zh = "zho_Hans" }',
    "m2m100": 'language_codes = { en = "en", zh = "zh" }',
}
TAG = re.compile(r"<[^<>]+>")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("translation")
    tiny_models.marian(directory / "marian-en-zh", targets=("cmn_Hans", "cmn_Hant"))
    tiny_models.marian(directory / "marian-zh-en")
    tiny_models.nllb(directory / "nllb")
    tiny_models.m2m100(directory / "m2m100")
    models = [MODEL.format(name=name, more=more) for name, more in SPELT.items()]
    (directory / "catalog.toml").write_text(LINEUPS + "".join(models), encoding="utf-8")
    return directory


# ------------------------------------------------------------------ through the routes


@pytest.fixture(scope="module", params=FAMILIES)
def client(request: pytest.FixtureRequest, directory: Path) -> Iterator[httpx.Client]:
    app = create_app(settings_for(directory, request.param))
    with live(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        until = time.monotonic() + 120
        while (ready := client.get("/readyz")).status_code != 200:
            assert time.monotonic() < until, ready.text
            time.sleep(0.05)
        yield client


def translated(client: httpx.Client, q: object, target: str, **more: object) -> Any:
    response = client.post("/translate", json={"q": q, "source": "auto", "target": target, **more})
    assert response.status_code == 200, response.text
    return response.json()["translatedText"]


HAN = re.compile("[\u4e00-\u9fff]")


def test_both_protocols_answer_in_the_language_asked_for(client: httpx.Client) -> None:
    assert HAN.search(translated(client, CORPUS[0], "zh"))
    body = {"text": [CORPUS[20], CORPUS[21]], "target_lang": "EN-US"}
    response = client.post("/v2/translate", json=body)
    assert response.status_code == 200, response.text
    for one in response.json()["translations"]:
        assert one["detected_source_language"] == "ZH"
        assert re.search("[A-Za-z]", one["text"])
        assert not HAN.search(one["text"])


def test_traditional_is_simplified_in_other_characters(client: httpx.Client) -> None:
    simplified = translated(client, list(CORPUS[:3]), "zh-Hans")
    traditional = translated(client, list(CORPUS[:3]), "zh-Hant")
    assert traditional == [convert(text, "zh-Hant") for text in simplified]
    assert traditional_only() & set("".join(traditional))


def test_html_keeps_its_tags_in_their_order(client: httpx.Client) -> None:
    html = '<p>The <b id="1">city</b> council <br>met. <i>Rain <u>delayed</u> it.</i></p>'
    done = translated(client, html, "zh", format="html")
    # random weights say nothing of where a tag belongs; those of one element stay in their order
    assert sorted(TAG.findall(done)) == sorted(TAG.findall(html))
    assert re.search(r"<p>.*</p>$", done)
    assert re.search(r"<i>.*<u>.*</u>.*</i>", done)
    assert HAN.search(done)


def test_xml_keeps_its_tags_and_what_is_ignored(client: httpx.Client) -> None:
    xml = '<seg>市议会<x id="1"/>批准</seg><seg>了<Keep>新图书馆</Keep>的建设。</seg>'
    body = {"text": xml, "target_lang": "EN-US", "tag_handling": "xml", "ignore_tags": "Keep"}
    response = client.post("/v2/translate", json=body)
    assert response.status_code == 200, response.text
    done = response.json()["translations"][0]["text"]
    assert TAG.findall(done) == TAG.findall(xml)
    assert "<Keep>新图书馆</Keep>" in done
    assert not HAN.search(done.replace("新图书馆", ""))


@pytest.mark.parametrize(
    "placeholder", ["{name}", "%(count)s", "{{ user.name }}", "%1$s", "https://example.org/a?b=1"]
)
def test_placeholders_survive_to_the_letter(client: httpx.Client, placeholder: str) -> None:
    done = translated(client, f"The museum will open {placeholder} to students.", "zh")
    assert done.count(placeholder) == 1


def test_a_sentence_longer_than_the_models_source_is_cut(client: httpx.Client) -> None:
    sentence = ", ".join(one.rstrip(".") for one in CORPUS[:14])
    assert estimate_tokens(sentence) > 128
    assert HAN.search(translated(client, sentence, "zh"))
    assert re.search("[A-Za-z]", translated(client, "图书馆" * 60, "en"))


def test_a_list_keeps_its_places(client: httpx.Client) -> None:
    done = translated(client, ["", CORPUS[3], "42", CORPUS[25], " \n"], "zh")
    assert (done[0], done[2], done[3], done[4]) == ("", "42", CORPUS[25], " \n")
    assert HAN.search(done[1])


# ------------------------------------------------------------------ what the model is asked


_PREPARED = 0.02
"""Seconds: the step of an engine in a process of its own takes longer."""


class DirectGenerator:
    """A generator over engines in this process, which takes a step for all that have asked."""

    def __init__(self, configs: Sequence[EngineConfig]) -> None:
        self._engines = [TransformersEngine(config) for config in configs]
        self._done: dict[str, Generation] = {}
        self.steps = 0

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        return [engine.capabilities for engine in self._engines]

    @asynccontextmanager
    async def admit(self, plan: Plan) -> AsyncIterator[DirectGenerator]:
        """Admit every article; the generator is its own ticket."""
        yield self

    async def generate(
        self,
        request: GenerationRequest,
        *,
        tokens: int = 0,
        later_tokens: int | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        [engine] = [one for one in self._engines if request.task in one.capabilities.tasks]
        engine.submit(request)
        while request.id not in self._done:
            await asyncio.sleep(_PREPARED)  # the next requests are made ready in threads
            if request.id not in self._done:
                self._step(engine)
        return self._done.pop(request.id)

    def _step(self, engine: TransformersEngine) -> None:
        self.steps += 1
        for event in engine.step():
            assert not isinstance(event, Failure), event
            if isinstance(event, Generation):
                self._done[event.id] = event

    def close(self) -> None:
        for engine in self._engines:
            engine.close()


@pytest.fixture(params=FAMILIES)
def lineup(request: pytest.FixtureRequest, directory: Path) -> tuple[str, Sequence[EngineConfig]]:
    settings = settings_for(directory, request.param)
    lineup = load_catalogue(settings.catalog_path).lineup(request.param)
    store = open_store(settings)
    return request.param, engine_configs(lineup, store, settings, machine=platform.machine())


@pytest.fixture
def generator(lineup: tuple[str, Sequence[EngineConfig]]) -> Iterator[DirectGenerator]:
    generator = DirectGenerator(lineup[1])
    yield generator
    generator.close()


@pytest.mark.parametrize(("text", "source"), [(CORPUS[0], "en"), (CORPUS[20], "zh")])
async def test_the_languages_token_is_the_one_that_the_models_documentation_asks_for(
    lineup: tuple[str, Sequence[EngineConfig]],
    generator: DirectGenerator,
    directory: Path,
    text: str,
    source: str,
) -> None:
    family, _ = lineup
    target: LanguageTag = "en" if source == "zh" else "zh-Hant"
    done = await Translator(generator, grounding=False).translate(Order((text,), target))
    name, prefix = family, ""
    if family == "marian":
        name, prefix = ("marian-en-zh", PREFIX) if source == "en" else ("marian-zh-en", "")
    most = min(40, 2 * estimate_tokens(text) + 24)
    alone = generated_alone(family, directory / name, prefix + text, most, source=source)
    expected = " ".join(alone.split())
    expected = expected if source == "zh" else convert(expected, "zh-Hant")
    assert done.translations[0].text == expected


async def test_a_list_is_translated_in_batches(generator: DirectGenerator) -> None:
    order = Order(CORPUS[:20], "zh")
    done = await Translator(generator, grounding=False).translate(order)
    assert done.usage.generated > 200
    assert generator.steps < done.usage.generated / 2
