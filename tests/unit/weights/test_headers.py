"""What weights say of themselves, read from real files of tiny models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.errors import WeightsError
from service.weights.headers import read_header
from tests.support import tiny_models


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("headers")
    return tiny_models.gguf(tiny_models.qwen3(directory / "hf"), directory / "tiny.gguf")


def test_a_gguf_tells_architecture_template_and_tokens(gguf: Path) -> None:
    header = read_header(gguf)
    assert header.model_type == "qwen3"
    assert header.has_template
    assert {"<|im_end|>", "<|im_start|>", "<|endoftext|>"} <= header.tokens


def test_a_directory_tells_the_same(gguf: Path) -> None:
    header = read_header(gguf.parent / "hf")
    assert header.model_type == "qwen3"
    assert header.has_template
    assert {"<|im_end|>", "<|im_start|>", "<|endoftext|>"} <= header.tokens


def test_the_tokens_of_a_directory_are_all_that_its_tokenizer_has(tmp_path: Path) -> None:
    models = ({"vocab": {"the": 0}}, {"vocab": [["the", -1.5]]})
    for model in models:
        added = [{"id": 1, "content": "<end>"}]
        written = {"model": model, "added_tokens": added}
        (tmp_path / "tokenizer.json").write_text(json.dumps(written))
        assert read_header(tmp_path).tokens == {"the", "<end>"}


def test_a_directory_without_a_template_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "marian"}')
    header = read_header(tmp_path)
    assert (header.model_type, header.has_template, header.tokens) == ("marian", False, frozenset())


@pytest.mark.parametrize("length", [0, 3, 4, 10, 30, 200, 3000])
def test_a_gguf_cut_short_is_an_error_of_ours(gguf: Path, tmp_path: Path, length: int) -> None:
    (tmp_path / "cut.gguf").write_bytes(gguf.read_bytes()[:length])
    with pytest.raises(WeightsError, match="has no header that can be read"):
        read_header(tmp_path / "cut.gguf")


@pytest.mark.parametrize(
    "content", [b"GGUF" + bytes(20), b"GGUF\x03" + b"\xff" * 40, b"<html>sign in</html>"]
)
def test_what_is_no_gguf_is_an_error_of_ours(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.gguf").write_bytes(content)
    with pytest.raises(WeightsError, match="has no header that can be read"):
        read_header(tmp_path / "odd.gguf")


def test_a_configuration_that_is_no_json_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(WeightsError, match="has no header that can be read"):
        read_header(tmp_path)
