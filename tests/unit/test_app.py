"""How the parts are joined."""

from __future__ import annotations

import asyncio
import json
import shlex
import threading
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from service.errors import CatalogueError, SettingsError, UnknownModel
from service.lineups.engines import (
    choose_engine,
    engine_configs,
    in_daemon_thread,
    prepare_lineup,
    remote_configs,
)
from service.serving import greeting, require_keys
from service.settings import Settings
from service.text.sentences import split_sentences
from service.web.schemas import SummarizeRequest
from service.weights.catalogue import Catalogue, load_catalogue, parse_catalogue
from service.weights.store import open_store

MODEL: Mapping[str, object] = {
    "description": "A model on this disk",
    "licence": "Apache-2.0",
    "commercial_use": True,
    "architecture": "seq2seq",
    "prompting": "plain",
    "format": "safetensors",
    "context": 512,
    "max_output": 84,
    "prefix": "summarize: ",
    "template_arguments": {"enable_thinking": False},
    "language_codes": {"en": "eng_Latn", "zh": "zho_Hans"},
    "path": "weights",
}


def catalogue(base: Path) -> Catalogue:
    (base / "weights").mkdir()
    lineup = {
        "description": "Two models",
        "summarize:en": "one",
        "summarize:zh": "one",
        "translate:en-zh": "two",
    }
    document = {"models": {"one": MODEL, "two": MODEL}, "lineups": {"both": lineup}}
    return parse_catalogue(document, base=base)


def test_a_lineup_becomes_one_engine_a_model(tmp_path: Path) -> None:
    lineup = catalogue(tmp_path).lineup("both")
    settings = Settings(models_dir=tmp_path, threads=2, kv_cache_gb=3, batch_sequences=4)
    one, two = engine_configs(lineup, open_store(settings), settings, machine="aarch64")
    assert one.engine == "transformers"
    assert one.model == "one"
    assert one.tasks == ("summarize:en", "summarize:zh")
    assert two.tasks == ("translate:en-zh",)
    assert one.prompt.prompting == "plain"
    assert one.path == tmp_path / "weights"
    assert (one.context, one.max_output) == (512, 84)
    assert one.prompt.prefix == "summarize: "
    assert one.prompt.template_arguments == {"enable_thinking": False}
    assert one.prompt.language_codes == {"en": "eng_Latn", "zh": "zho_Hans"}
    assert (one.resources.threads, one.resources.kv_cache_gb, one.resources.batch_sequences) == (
        2,
        3,
        4,
    )


def test_model_servers_do_the_whole_lineup_and_nothing_is_fetched(tmp_path: Path) -> None:
    model = {**MODEL, "prompting": "chat", "architecture": "causal"}
    lineup = {"description": "One", "summarize:en": "one", "translate:en-zh": "two"}
    document = {
        "models": {"one": model, "two": {**model, "context": 400}},
        "lineups": {"chat": lineup},
    }
    settings = Settings(
        engine="remote",
        remote_urls="http://a,http://b",
        remote_model="served",
        remote_api_key="k",
        remote_grammar="vllm",
        remote_timeout_seconds=7.0,
        remote_concurrency=9,
        deadline_seconds=50.0,
    )
    [config] = remote_configs(parse_catalogue(document, base=tmp_path).lineup("chat"), settings)
    assert config.engine == "remote"
    assert config.model == "served"
    assert config.tasks == ("summarize:en", "translate:en-zh")
    assert (config.context, config.max_output, config.resources.batch_sequences) == (400, 84, 9)
    assert config.prompt.template_arguments == {"enable_thinking": False}
    assert config.extra == {
        "urls": "http://a,http://b",
        "model": "served",
        "api_key": "k",
        "grammar": "vllm",
        "silence": "7.0",
        "total": "50.0",
    }


def test_translations_may_have_model_servers_of_their_own() -> None:
    settings = Settings(
        engine="remote",
        remote_urls="http://a",
        remote_model="writer",
        remote_translate_urls="http://b,http://c",
        remote_translate_model="translator",
    )
    first, second = remote_configs(load_catalogue().lineup("gpu"), settings)
    assert (first.model, second.model) == ("writer", "translator")
    assert first.tasks == ("summarize:en", "summarize:zh")
    assert second.tasks == ("translate:en-zh", "translate:zh-en")
    assert (first.prompt.prompting, second.prompt.prompting) == ("chat", "hy-mt")
    assert (first.extra["urls"], second.extra["urls"]) == ("http://a", "http://b,http://c")
    assert (first.extra["model"], second.extra["model"]) == ("writer", "translator")
    assert (first.context, second.context) == (32768, 8192)
    assert (first.prompt.stop, second.prompt.stop) == (("<|im_end|>", "<|endoftext|>"), ())


def test_one_server_may_have_both_models_by_name() -> None:
    settings = Settings(
        engine="remote", remote_urls="http://a", remote_model="x", remote_translate_model="y"
    )
    first, second = remote_configs(load_catalogue().lineup("gpu"), settings)
    assert (first.extra["urls"], second.extra["urls"]) == ("http://a", "http://a")
    assert (first.extra["model"], second.extra["model"]) == ("x", "y")


def test_a_translator_is_not_asked_in_another_models_way() -> None:
    settings = Settings(engine="remote", remote_urls="http://a")
    with pytest.raises(SettingsError, match=r"JIANBAO_REMOTE_TRANSLATE_URLS.*hy-mt2-7b"):
        remote_configs(load_catalogue().lineup("gpu"), settings)


def test_a_lineup_for_model_servers_is_not_fetched_onto_this_machine(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"gpu is for model servers.*JIANBAO_REMOTE_URLS"):
        prepare_lineup(Settings(models_dir=tmp_path, lineup="gpu"))


def test_an_old_lineup_stops_the_start_with_the_name_of_the_new_one(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match="lineup 'quality' took its place"):
        prepare_lineup(Settings(models_dir=tmp_path, lineup="qwen3-8b"))


def test_a_lineup_of_models_that_are_not_told_their_task_has_no_server(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"JIANBAO_LINEUP.*one"):
        remote_configs(catalogue(tmp_path).lineup("both"), Settings(engine="remote"))


@pytest.mark.parametrize(
    ("form", "wanted", "machine", "engine"),
    [
        ("gguf", "auto", "x86_64", "openvino"),
        ("gguf", "auto", "AMD64", "openvino"),
        ("gguf", "auto", "aarch64", "transformers"),
        ("safetensors", "auto", "x86_64", "transformers"),
        ("gguf", "transformers", "x86_64", "transformers"),
        ("safetensors", "openvino", "aarch64", "openvino"),
    ],
)
def test_the_engine_follows_the_operator_then_the_machine(
    tmp_path: Path, form: str, wanted: str, machine: str, engine: str
) -> None:
    document = {"models": {"one": {**MODEL, "format": form}}}
    model = parse_catalogue(document, base=tmp_path).model("one")
    assert choose_engine(model, wanted, machine) == engine  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("model_type", "engine"),
    [
        ("", "openvino"),
        ("llama", "openvino"),
        ("qwen3", "openvino"),
        ("hunyuan-dense", "transformers"),
        ("qwen3moe", "transformers"),
    ],
)
def test_openvino_is_given_no_gguf_that_it_cannot_read(
    tmp_path: Path, model_type: str, engine: str
) -> None:
    document = {"models": {"one": {**MODEL, "format": "gguf", "model_type": model_type}}}
    model = parse_catalogue(document, base=tmp_path).model("one")
    assert choose_engine(model, "auto", "x86_64") == engine


def test_a_wrong_catalogue_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "catalog.toml").write_text("[models.default]\n")
    with pytest.raises(CatalogueError):
        prepare_lineup(Settings(models_dir=tmp_path))


def test_an_unknown_lineup_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "catalog.toml").write_text("[models]\n[lineups]\n")
    with pytest.raises(UnknownModel, match="fancy"):
        prepare_lineup(Settings(models_dir=tmp_path, lineup="fancy"))


def test_the_printed_command_sends_a_seed_that_is_there() -> None:
    text = greeting("http://127.0.0.1:8000")
    seed = Path(__file__).parents[2] / text.partition("--data @")[2].split()[0]
    assert len(json.loads(seed.read_bytes())["text"]) > 1000


def test_without_the_repository_the_printed_command_sends_an_article_of_its_own() -> None:
    lines = greeting("http://127.0.0.1:8000", seed=Path("nowhere.json")).split("\n")
    first, command, documentation, page = lines
    assert first == "Ready. Try:"
    words = shlex.split(command)
    body = msgspec.json.decode(words[words.index("--data") + 1], type=SummarizeRequest)
    assert len(split_sentences(body.text or "")) >= 4
    assert documentation == "Documentation: http://127.0.0.1:8000/schema"
    assert page == "Open in a browser: http://127.0.0.1:8000/"


def test_a_page_that_is_switched_off_is_not_announced() -> None:
    last = greeting("http://127.0.0.1:8000", page=False).split("\n")[-1]
    assert last == "Documentation: http://127.0.0.1:8000/schema"


async def test_a_blocking_function_gives_its_result_or_its_error() -> None:
    assert await in_daemon_thread(lambda: 42) == 42
    with pytest.raises(ZeroDivisionError):
        await in_daemon_thread(lambda: 1 // 0)


async def test_a_blocking_function_that_nobody_waits_for_is_left_alone() -> None:
    release = threading.Event()
    waiting = asyncio.create_task(in_daemon_thread(release.wait))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    release.set()
    await asyncio.sleep(0.05)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_on_loopback_nobody_needs_a_key(host: str) -> None:
    require_keys(Settings(host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "", "jianbao.example"])  # noqa: S104
def test_a_network_is_not_served_without_keys_unless_that_is_meant(host: str) -> None:
    with pytest.raises(SettingsError, match=r"JIANBAO_KEYS_FILE .*JIANBAO_ALLOW_ANONYMOUS=1"):
        require_keys(Settings(host=host))
    require_keys(Settings(host=host, allow_anonymous=True))
    require_keys(Settings(host=host, keys_file=Path("keys.json")))
