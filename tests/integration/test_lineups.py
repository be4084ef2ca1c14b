"""The packaged lineups that were not measured here, end to end: their entries as they stand, a
local hub that has tiny models of the same architectures under the same names, the real inference
process.
"""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.app import create_app
from service.inference.config import EngineConfig
from service.inference.engines import build
from service.inference.engines.remote import RemoteEngine
from service.inference.protocol import Event, Failure, Generation, GenerationRequest
from service.lineups.checks import check_lineup
from service.lineups.engines import engine_configs, remote_configs
from service.settings import Settings
from service.translation import segments, styles
from service.weights.catalogue import Model, load_catalogue, packaged_catalogue
from service.weights.headers import read_header
from service.weights.store import open_store
from tests.support import tiny_models
from tests.support.hub import LocalHub, Repository
from tests.support.live import live
from tests.support.llamacpp_server import llama_cpp
from tests.support.model_server import ModelServer, saying, serving
from tests.support.tiny_models import CORPUS, HY_TOKENS

ENGLISH = " ".join(CORPUS[:3])
CHINESE = "".join(CORPUS[20:23])
HAN = re.compile("[\u4e00-\u9fff]")
MAKERS: Mapping[str, Callable[[Path], Path]] = {
    "qwen3": tiny_models.qwen3,
    "llama": tiny_models.llama,
    "hunyuan_v1_dense": tiny_models.hunyuan,
}


def tiny_files(model: Model, room: Path) -> dict[str, bytes]:
    """The files that the entry names, of a tiny model of its architecture."""
    made = MAKERS[model.model_type](room / model.name)
    if model.format == "gguf":
        made = tiny_models.gguf(made, room / f"{model.name}.gguf")
        return {model.files[0].path: made.read_bytes()}
    placeholders = {"special_tokens_map.json": b"{}", "LICENSE.txt": b"None: random weights."}
    return {
        file.path: placeholders.get(file.path) or (made / file.path).read_bytes()
        for file in model.files
    }


def pinned_to(text: str, files: Mapping[str, bytes]) -> str:
    """The catalogue with the sizes and digests of ``files`` in place of those that it has."""
    for path, content in files.items():
        entry = rf'(path = "{re.escape(path)}"\n)size = [\d_]+\nsha256 = "[0-9a-f]+"'
        own = rf'\g<1>size = {len(content)}\nsha256 = "{sha256(content).hexdigest()}"'
        text, count = re.subn(entry, own, text)
        assert count == 1, path
    return text


@contextmanager
def provided(lineup: str, room: Path) -> Iterator[tuple[Settings, LocalHub]]:
    """Settings for the lineup, and a hub that has its weights."""
    repositories, text = [], packaged_catalogue()
    for model in load_catalogue().lineup(lineup).models:
        files = tiny_files(model, room)
        text = pinned_to(text, files)
        repositories.append(Repository(model.repository or "", model.revision, files))
    # random weights write until they are stopped
    for key, value in (("conversion_bytes", 1_000_000), ("max_output", 24)):
        text = re.sub(rf"{key} = [\d_]+", f"{key} = {value}", text)
    (room / "catalog.toml").write_text(text, encoding="utf-8")
    first, *others = repositories
    with LocalHub(first.name, first.files, first.commit, others=others) as hub:
        yield (
            Settings(
                catalog=room / "catalog.toml",
                models_dir=room / "models",
                lineup=lineup,
                threads=1,
                kv_cache_gb=1,
                hf_endpoint=hub.url,
                jobs_url="memory:",
            ),
            hub,
        )


@contextmanager
def served(settings: Settings) -> Iterator[httpx.Client]:
    """The service over the lineup of ``settings``, ready."""
    with (
        live(create_app(settings)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        until = time.monotonic() + 120
        while (ready := client.get("/readyz")).status_code != 200:
            assert time.monotonic() < until, ready.text
            time.sleep(0.05)
        yield client


def answer(client: httpx.Client, path: str, **body: object) -> Any:
    response = client.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("lineup", ["quality", "balanced", "small"])
def test_a_lineup_is_fetched_as_pinned_checked_and_loaded_by_its_engines(
    tmp_path: Path, lineup: str
) -> None:
    with provided(lineup, tmp_path) as (settings, hub):
        chosen = load_catalogue(settings.catalog_path).lineup(lineup)
        store = open_store(settings)
        configs = engine_configs(chosen, store, settings, machine="x86_64")
        fetched = {one.path for one in hub.requests if "/resolve/" in one.path}
    assert fetched == {
        f"/{model.repository}/resolve/{model.revision}/{file.path}"
        for model in chosen.models
        for file in model.files
    }
    found = list(check_lineup(chosen, store, settings, machine="x86_64"))
    assert not [one for one in found if one.state in ("absent", "wrong")]
    for config in configs:
        with closing(build(config)) as engine:
            assert engine.capabilities.prompting == config.prompt.prompting
            assert set(engine.capabilities.tasks) == set(config.tasks)


@pytest.mark.parametrize(
    ("lineup", "summarizer", "translator"),
    [
        ("quality", "qwen3-4b-gguf", "hy-mt2-1.8b"),
        ("small", "minicpm5-1b", "minicpm5-1b"),
    ],
)
def test_a_lineup_writes_and_translates(
    tmp_path: Path, lineup: str, summarizer: str, translator: str
) -> None:
    short = {"sentences": 1}
    body: dict[str, object]
    with provided(lineup, tmp_path) as (settings, _), served(settings) as client:
        body = {"q": [CORPUS[0], CORPUS[1]], "source": "en", "target": "zh"}
        for text in answer(client, "/translate", **body)["translatedText"]:
            assert HAN.search(text)
        body = {"q": "医院聘用了四十名护士。", "source": "zh", "target": "en"}
        assert not HAN.search(answer(client, "/translate", **body)["translatedText"])
        body = {"text": CHINESE, "languages": ["en", "zh"], "length": short}
        assert answer(client, "/summarize", **body)["model"] == translator
        body = {"text": ENGLISH, "languages": ["en"], "length": short, "method": "abstractive"}
        written = answer(client, "/summarize", **body)
    assert written["model"] == summarizer
    assert written["summaries"]["en"]["text"]


def test_of_the_gpu_lineup_each_server_is_asked_in_its_own_way(tmp_path: Path) -> None:
    writer, translator = ModelServer(model="writer"), ModelServer(model="translator")
    writer.otherwise = saying("The council approved the library.")
    translator.otherwise = saying("市议会批准了图书馆。")
    with serving(writer, translator):
        settings = Settings(
            lineup="gpu",
            engine="remote",
            models_dir=tmp_path,
            remote_urls=writer.url,
            remote_translate_urls=translator.url,
            jobs_url="memory:",
        )
        with served(settings) as client:
            body = {"text": ENGLISH, "languages": ["en", "zh"], "method": "abstractive"}
            done = answer(client, "/summarize", **body)
            named = {"q": "It rained in Germany.", "source": "en", "target": "zh"}
            answer(client, "/translate", **named)
    assert done["model"] == "qwen3-30b-a3b + hy-mt2-7b"
    assert {one["model"] for one in writer.bodies} == {"writer"}
    assert {one["messages"][0]["role"] for one in writer.bodies} == {"system"}
    assert all(one["stop"] == ["<|im_end|>", "<|endoftext|>"] for one in writer.bodies)
    assert {one["model"] for one in translator.bodies} == {"translator"}
    for one in translator.bodies:
        [message] = one["messages"]
        assert message["role"] == "user"
        assert "将以下文本翻译为中文" in message["content"]
    asked = [one["messages"][0]["content"] for one in translator.bodies]
    [first, *_] = [text for text in asked if text.endswith("It rained in Germany.")]
    assert first.startswith("参考下面的翻译：\nGermany 翻译成 德国\n\n将以下文本")


def test_llama_cpp_runs_both_models_of_the_gpu_lineup(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="there is no build of llama.cpp for this machine")
    chosen = load_catalogue().lineup("gpu")
    writer, translator = chosen.models
    files = {}
    for model, make in ((writer, tiny_models.qwen3_moe), (translator, tiny_models.hunyuan)):
        file = tmp_path / f"{model.name}.gguf"
        files[model.name] = tiny_models.gguf(make(tmp_path / model.name), file)
        assert read_header(file).model_type == model.model_type
    with llama_cpp(files[writer.name]) as first, llama_cpp(files[translator.name]) as second:
        settings = Settings(engine="remote", remote_urls=first, remote_translate_urls=second)
        for config in remote_configs(chosen, settings):
            translates = config.prompt.prompting == "hy-mt"
            asked = styles.translate(
                config.prompt.prompting, segments.MarkedSentence("It rained."), "zh"
            )
            request = GenerationRequest(
                id="r",
                task="translate:en-zh" if translates else "summarize:en",
                source="en",
                target="zh",
                messages=asked,
                grammar="root ::= [a-c]{3}\n",
                max_new_tokens=8,
            )
            [done] = ended(config, request)
            assert isinstance(done, Generation), done
            assert done.model == config.model
            assert re.fullmatch("[a-c]{3}", done.outputs[0].text)


def ended(config: EngineConfig, request: GenerationRequest) -> list[Event]:
    """What becomes of a request to an engine that is built for it."""
    with closing(build(config)) as engine:
        assert isinstance(engine, RemoteEngine)
        until = time.monotonic() + 60
        while engine.unavailable_reason:
            assert time.monotonic() < until, engine.unavailable_reason
            time.sleep(0.05)
        engine.submit(request)
        events: list[Event] = []
        while engine.busy:
            events += engine.step()
        return [one for one in events if isinstance(one, Generation | Failure)]


def test_the_tokens_of_the_translators_entry_are_those_of_its_family() -> None:
    entries = tomllib.loads(packaged_catalogue())["models"]
    assert entries["hy-mt2-1.8b"]["stop"] == [HY_TOKENS["end"]]
