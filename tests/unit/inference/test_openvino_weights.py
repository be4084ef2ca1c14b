"""The INT8 form of a model's matrices, and a model that runs in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openvino
import pytest

from service.inference.config import EngineConfig, EngineResources
from service.inference.engines.openvino import OpenVINOEngine
from service.inference.engines.openvino_model import model_directory
from service.inference.engines.openvino_weights import quantize
from service.inference.protocol import Generation, GenerationRequest, Message
from tests.support import tiny_models
from tests.support.engine_configs import changed

LAYERS = 2
EXACT = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weights")


def config_for(gguf: Path, **changes: Any) -> EngineConfig:
    config = EngineConfig(
        engine="openvino",
        model="tiny",
        path=gguf,
        cache_dir=gguf.parent / "converted",
        tasks=("summarize:en",),
        context=512,
        resources=EngineResources(kv_cache_gb=1),
    )
    return changed(config, **changes)


@pytest.fixture(scope="module")
def wide(directory: Path) -> Path:
    """A GGUF whose matrices, but for the last, have sides of multiples of 64."""
    source = tiny_models.qwen2(directory / "hf", width=128)
    return tiny_models.gguf(source, directory / "wide.gguf")


@pytest.mark.parametrize("seed", range(3))
def test_a_matrix_is_rounded_by_half_a_scale_at_most(seed: int) -> None:
    weights = np.random.default_rng(seed).normal(size=(64, 128)).astype(np.float32)
    integers, scales = quantize(weights)
    assert integers.dtype == np.int8
    assert scales.shape == (64, 1)
    error = np.abs(integers * scales.astype(np.float32) - weights)
    # the largest value of a row may be cut by what the scale's own rounding takes from it
    assert (error <= scales.astype(np.float32) * (0.5 + 127 / 2048)).all()


@pytest.mark.parametrize("row", [np.zeros(64), np.full(64, 1e-9), np.eye(64)[0] * -6e4])
def test_rows_of_extreme_size_stay_finite(row: np.ndarray) -> None:
    integers, scales = quantize(row.astype(np.float32)[None])
    value = integers * scales.astype(np.float32)
    assert np.isfinite(value).all()
    assert np.allclose(value, row, rtol=0.01, atol=1e-5)


def test_an_integer_matrix_is_the_largest_number_of_its_row_at_127() -> None:
    integers, _ = quantize(np.array([[1.0, -2.0], [0.25, 0.125]], dtype=np.float32))
    assert integers.tolist() == [[64, -127], [127, 64]]


def constants(xml: Path, kind: openvino.Type) -> list[tuple[int, ...]]:
    model = openvino.Core().read_model(xml)
    return [
        tuple(node.get_output_shape(0))
        for node in model.get_ordered_ops()
        if node.get_type_name() == "Constant" and node.get_element_type() == kind
    ]


def test_a_converted_model_has_its_matrices_as_int8(wide: Path) -> None:
    found = constants(model_directory(config_for(wide)) / "openvino_model.xml", openvino.Type.i8)
    assert sorted(found) == sorted(
        LAYERS * [(128, 128), (64, 128), (64, 128), (128, 128), (256, 128), (256, 128), (128, 256)]
    )


def test_matrices_that_the_kernels_would_refuse_stay(directory: Path) -> None:
    narrow = tiny_models.gguf(tiny_models.qwen2(directory / "narrow"), directory / "narrow.gguf")
    config = config_for(narrow, extra=EXACT)
    assert constants(model_directory(config) / "openvino_model.xml", openvino.Type.i8) == []
    assert write(config).finish in ("stop", "length")


def logits(xml: Path) -> np.ndarray:
    ids = np.arange(3, 51)[None]
    inputs = {
        "input_ids": ids,
        "attention_mask": np.ones_like(ids),
        "position_ids": np.arange(ids.size)[None],
        "beam_idx": np.zeros(1, np.int32),
    }
    (value, *_) = openvino.compile_model(str(xml), "CPU", EXACT)(inputs).values()
    return np.asarray(value)


def test_the_converted_model_computes_what_the_original_does(wide: Path, directory: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(directory / "hf", dtype=torch.float32)
    with torch.no_grad():
        original = model(torch.arange(3, 51)[None]).logits.numpy()
    ours = logits(model_directory(config_for(wide)) / "openvino_model.xml")
    likeness = np.corrcoef(original.ravel(), ours.ravel())[0, 1]
    assert likeness > 0.99


def write(config: EngineConfig) -> Any:
    engine = OpenVINOEngine(config)
    engine.submit(
        GenerationRequest(
            id="a",
            task="summarize:en",
            source="en",
            target="en",
            messages=(Message("user", tiny_models.CORPUS[3]),),
            max_new_tokens=24,
        )
    )
    ended = list(_ended(engine))
    engine.close()
    (generation,) = ended
    return generation.outputs[0]


def _ended(engine: OpenVINOEngine) -> Iterator[Generation]:
    while engine.busy:
        yield from (event for event in engine.step() if isinstance(event, Generation))


@pytest.mark.parametrize("threads", [0, 1, 2, 3])
def test_the_model_runs_with_any_number_of_threads(wide: Path, threads: int) -> None:
    output = write(config_for(wide, threads=threads))
    assert output.finish in ("stop", "length")
