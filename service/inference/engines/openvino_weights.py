"""Weights for the openvino engine in the one form that its CPU plugin computes fastest with: INT8,
symmetric, one scale per output channel (ADR 7).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import openvino
from openvino import opset13 as op

_LARGEST = 127
_TILE = 64
"""Bytes of a row of an AMX tile: what both sides of a matrix must be a multiple of."""
_LEAST_SCALE = np.float16(6e-8)
"""The smallest half-precision number: a channel of zeros must not divide by zero."""


def quantize_weights(xml: Path) -> None:
    """Rewrite the model ``xml`` and the ``.bin`` beside it with its matrices as INT8.

    Every multiplication by a constant matrix [out, in] is changed, whatever the constant is
    compressed with. What stays as it is: a matrix that the kernels would not take, one with a side
    that is no multiple of 64, and embeddings, which are looked up and not multiplied by.
    """
    model = openvino.Core().read_model(xml)
    for product in _matrix_products(model):
        weights = _evaluate(product.input_value(1))
        product.input(1).replace_source_output(_compressed(*quantize(weights)))
    save_in_place(model, xml)


def quantize(
    weights: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """Return the matrix [out, in] as integers of the same shape and scales [out, 1]; their
    product is the matrix again, to a rounding of half a scale.
    """
    largest = np.abs(weights).max(axis=1, keepdims=True)
    scales = np.maximum((largest / _LARGEST).astype(np.float16), _LEAST_SCALE)
    integers = np.rint(weights / scales.astype(np.float32))
    return np.clip(integers, -_LARGEST, _LARGEST).astype(np.int8), scales


def save_in_place(model: Any, xml: Path) -> None:
    """Write a model over the files that it was read from, and reads its constants from still."""
    fresh = xml.with_name(f"fresh-{xml.name}")
    openvino.save_model(model, fresh, compress_to_fp16=False)
    fresh.with_suffix(".bin").rename(xml.with_suffix(".bin"))
    fresh.rename(xml)


def _matrix_products(model: Any) -> Iterator[Any]:
    for node in model.get_ordered_ops():
        if node.get_type_name() != "MatMul" or not node.get_attributes()["transpose_b"]:
            continue
        weights = node.input_value(1)
        if _is_constant(weights.get_node()) and _is_tiled(weights.get_partial_shape()):
            yield node


def _is_tiled(shape: Any) -> bool:
    return len(shape) == 2 and all(side.get_length() % _TILE == 0 for side in shape)


def _is_constant(node: Any) -> bool:
    """Whether nothing that the node is computed from is an input of the model."""
    sources = [port.get_node() for port in node.input_values()]
    if not sources:
        return bool(node.get_type_name() == "Constant")
    return all(_is_constant(source) for source in sources)


def _evaluate(output: Any) -> npt.NDArray[np.float32]:
    """Compute what does not depend on any input."""
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.compile_model(openvino.Model([output], []), "CPU", exact)
    (value,) = compiled({}).values()
    return np.asarray(value, dtype=np.float32)


def _compressed(integers: npt.NDArray[np.int8], scales: npt.NDArray[np.float16]) -> Any:
    """The subgraph that stands for the matrix, in the pattern that the plugin looks for."""
    halves = op.convert(op.constant(integers), np.float16)
    return op.convert(op.multiply(halves, op.constant(scales)), np.float32).output(0)
