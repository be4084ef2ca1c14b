"""``jianbao models check``: what can be wrong with a lineup is found without a network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from service.lineups.checks import CheckResult, check_lineup
from service.lineups.cli import check
from service.settings import Settings
from service.weights.catalogue import load_catalogue, parse_catalogue
from service.weights.progress import format_bytes
from service.weights.store import open_store
from tests.support import tiny_models

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    room = tmp_path_factory.mktemp("weights")
    return tiny_models.gguf(tiny_models.qwen3(room / "hf"), room / "tiny.gguf").read_bytes()


def entry(content: bytes, **changes: Any) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    made: dict[str, Any] = {
        "description": "tiny",
        "repository": "maker/tiny",
        "revision": COMMIT,
        "licence": "Apache-2.0",
        "commercial_use": True,
        "architecture": "causal",
        "model_type": "qwen3",
        "prompting": "chat",
        "stop": ["<|im_end|>"],
        "format": "gguf",
        "context": 64,
        "max_output": 16,
        "measured": True,
        "files": [{"path": "tiny.gguf", "size": len(content), "sha256": digest}],
    }
    return {key: value for key, value in (made | changes).items() if value is not None}


def checked(
    root: Path, model: dict[str, Any], *, lineup: dict[str, Any] | None = None, **settings: Any
) -> Sequence[CheckResult]:
    table = {"description": "one", "translate:en-zh": "tiny", **(lineup or {})}
    document = {"models": {"tiny": model}, "lineups": {"main": table}}
    chosen = parse_catalogue(document, base=root).lineup("main")
    conditions = Settings(models_dir=root, hf_hub_offline=True, **settings)
    return list(check_lineup(chosen, open_store(conditions), conditions, machine="x86_64"))


def put(root: Path, content: bytes) -> None:
    (root / "tiny").mkdir()
    (root / "tiny" / "tiny.gguf").write_bytes(content)


def test_a_model_that_is_here_and_right_is_found_so(tmp_path: Path, weights: bytes) -> None:
    put(tmp_path, weights)
    assert [(one.state, one.text) for one in checked(tmp_path, entry(weights))] == [
        ("ok", f"pinned every file by its SHA-256, {format_bytes(len(weights))}"),
        ("ok", "licence Apache-2.0, commercial use allowed"),
        ("ok", "prompted as chat for translate:en-zh"),
        ("ok", "engine openvino reads qwen3 from gguf"),
        ("ok", "files have the sizes and digests expected"),
    ]


@pytest.mark.parametrize(
    ("changes", "state", "text"),
    [
        ({"model_type": "qwen2"}, "wrong", "the entry says qwen2, the files say qwen3"),
        ({"stop": ["<|eot|>"]}, "wrong", "the tokenizer has no token <|eot|> to stop at"),
        ({"model_type": None}, "note", "does not say the architecture"),
        ({"commercial_use": False}, "note", "no commercial use"),
        ({"licence_note": "not in the EU"}, "note", "(not in the EU)"),
        ({"measured": False}, "note", "not measured by this project"),
        (
            {"architecture": "seq2seq"},
            "wrong",
            "prompted as chat, but a seq2seq model takes the text alone",
        ),
    ],
)
def test_what_an_operator_should_know_is_said(
    tmp_path: Path, weights: bytes, changes: dict[str, Any], state: str, text: str
) -> None:
    put(tmp_path, weights)
    found = checked(tmp_path, entry(weights, **changes))
    assert any(one.state == state and text in one.text for one in found), found


def test_a_damaged_file_is_found_and_left_where_it_is(tmp_path: Path, weights: bytes) -> None:
    put(tmp_path, weights[:-1] + b"x")
    wrong = [one for one in checked(tmp_path, entry(weights)) if one.state == "wrong"]
    assert ["SHA-256" in one.text for one in wrong] == [True]
    assert (tmp_path / "tiny" / "tiny.gguf").exists()


def test_what_is_not_here_is_absent_and_not_wrong(tmp_path: Path, weights: bytes) -> None:
    states = [one.state for one in checked(tmp_path, entry(weights))]
    assert states == ["ok", "ok", "ok", "ok", "absent"]


def test_files_that_are_no_weights_are_wrong(tmp_path: Path) -> None:
    content = b"<html>sign in</html>"
    put(tmp_path, content)
    found = checked(tmp_path, entry(content))
    assert (found[-1].state, "no GGUF" in found[-1].text) == ("wrong", True)


def test_a_local_directory_without_a_template_cannot_be_chatted_with(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "config.json").write_text(json.dumps({"model_type": "qwen3"}))
    local = {"repository": None, "revision": None, "files": None, "stop": None, "path": "here"}
    found = checked(tmp_path, entry(b"", format="safetensors", **local))
    assert [(one.state, one.text) for one in found][-1] == (
        "wrong",
        "the files have no chat template",
    )


def test_an_engine_that_cannot_read_the_architecture_is_wrong(
    tmp_path: Path, weights: bytes
) -> None:
    found = checked(tmp_path, entry(weights, model_type="hunyuan-dense"))
    assert any(
        (one.state, one.text)
        == ("wrong", "engine transformers cannot read hunyuan-dense from gguf")
        for one in found
    )
    found = checked(tmp_path, entry(weights, model_type="hunyuan-dense"), engine="openvino")
    assert any("engine openvino cannot read hunyuan-dense" in one.text for one in found)


def test_what_model_servers_run_is_not_looked_for_on_this_disk(
    tmp_path: Path, weights: bytes
) -> None:
    found = checked(tmp_path, entry(weights), lineup={"engine": "remote"})
    assert [one.state for one in found] == ["ok", "ok", "ok", "note"]
    assert "model servers" in found[-1].text


@pytest.mark.parametrize("lineup", sorted(load_catalogue().lineups))
@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_of_the_packaged_lineups_nothing_is_wrong(
    tmp_path: Path, lineup: str, machine: str
) -> None:
    settings = Settings(models_dir=tmp_path, hf_hub_offline=True)
    chosen = load_catalogue().lineup(lineup)
    found = list(check_lineup(chosen, open_store(settings), settings, machine=machine))
    assert not [one for one in found if one.state == "wrong"]
    assert not [one for one in found if "does not say the architecture" in one.text]
    assert len({one.model for one in found}) == len(chosen.models)


def test_the_command_prints_a_line_each_and_fails_if_something_is_wrong(
    tmp_path: Path, weights: bytes
) -> None:
    settings = Settings(models_dir=tmp_path, hf_hub_offline=True, lineup="small")
    done = CliRunner().invoke(check, [], obj=settings)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("small: ")
    assert (
        "absent  minicpm5-1b: minicpm5-1b has not been fetched; run: jianbao models pull"
        in done.stdout
    )
    forced = msgspec.structs.replace(settings, engine="openvino")
    done = CliRunner().invoke(check, ["quality"], obj=forced)
    assert done.exit_code == 1
    assert "wrong   hy-mt2-1.8b: engine openvino cannot read hunyuan_v1_dense" in done.stdout
    assert "1 of these will not work" in done.stderr
