"""Measures the time of a step of the default model, and the loss of its INT8 form.

    python -m bench.steps DATA [--original DIR]

Runs the model alone, without the service, in the form that its GGUF is read in and in the one that
the engine makes of it, under the plugin's settings that matter: how long 256 tokens of a prompt
take, and a step of 1, 8 and 16 sequences (medians). Then the first tokens of the articles in DATA
(see :mod:`bench.articles`): the loss, and the divergence from the original form computed in f32.
DIR keeps the original form, 1.3 GB, for another run.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import openvino
import openvino_genai as genai

from bench.articles import read_folder
from bench.throughput import default_config
from service.inference.engines.openvino_model import model_directory, transcribe_gguf

Floats = npt.NDArray[np.float32]
TOKEN = str(2**64 - 1)
PRECISION, GROUP = "INFERENCE_PRECISION_HINT", "DYNAMIC_QUANTIZATION_GROUP_SIZE"
EXACT = {PRECISION: "f32", GROUP: "0", "KV_CACHE_PRECISION": "f32"}
RUNS = [
    ("original", {PRECISION: "bf16", GROUP: "0"}),
    ("original", {PRECISION: "f32", GROUP: "32"}),
    ("int8", {PRECISION: "bf16", GROUP: "0"}),
    ("int8", {PRECISION: "f32", GROUP: "128"}),
    ("int8", {PRECISION: "bf16", GROUP: TOKEN}),
]
PROMPT, STEPS, TOKENS = 256, 20, 500


class Model:
    """One form of the model, compiled under one setting."""

    def __init__(self, directory: Path, settings: dict[str, str]) -> None:
        path = directory / "openvino_model.xml"
        self._request = openvino.compile_model(path, "CPU", settings).create_infer_request()
        self._past = 0

    def forget(self) -> None:
        """Begin a new text."""
        self._request.reset_state()
        self._past = 0

    def read(self, ids: npt.NDArray[np.int64]) -> Floats:
        """Read the tokens [sequences, tokens]; their logits [sequences, tokens, vocabulary]."""
        rows, count = ids.shape
        positions = np.arange(self._past, self._past + count, dtype=np.int64)
        self._past += count
        self._request.infer(
            {
                "input_ids": ids,
                "attention_mask": np.ones((rows, self._past), np.int64),
                "position_ids": np.tile(positions, (rows, 1)),
                "beam_idx": np.arange(rows, dtype=np.int32),
            }
        )
        return np.asarray(self._request.get_output_tensor(0).data, dtype=np.float32)

    def milliseconds(self, ids: npt.NDArray[np.int64]) -> float:
        """How long reading takes."""
        start = time.perf_counter()
        self.read(ids)
        return 1000 * (time.perf_counter() - start)


def random_ids(rows: int, count: int) -> npt.NDArray[np.int64]:
    """Tokens that say nothing: time does not depend on what is read."""
    return np.random.default_rng(0).integers(100, 50_000, (rows, count))


def speed(model: Model) -> list[float]:
    """Milliseconds of a prompt, and of a step of 1, 8 and 16 sequences."""
    prompts = []
    for _ in range(3):
        model.forget()
        prompts.append(model.milliseconds(random_ids(1, PROMPT)))
    found = [min(prompts)]
    for rows in (1, 8, 16):
        model.forget()
        model.read(random_ids(rows, 16))
        model.read(random_ids(rows, 1))
        steps = [model.milliseconds(random_ids(rows, 1)) for _ in range(STEPS)]
        found.append(statistics.median(steps))
    return found


def log_probabilities(model: Model, texts: Sequence[npt.NDArray[np.int64]]) -> list[Floats]:
    """For each text, [tokens, vocabulary]."""
    found = []
    for ids in texts:
        model.forget()
        logits = model.read(ids)[0]
        logits -= logits.max(-1, keepdims=True)
        found.append(logits - np.log(np.exp(logits).sum(-1, keepdims=True)))
    return found


def compare(
    reference: list[Floats], ours: list[Floats], texts: Sequence[npt.NDArray[np.int64]]
) -> list[float]:
    """Mean divergence, share of places with the same first choice, and loss."""
    pairs = list(zip(reference, ours, strict=True))
    divergence = np.concatenate([(np.exp(a) * (a - b)).sum(-1) for a, b in pairs])
    same = np.concatenate([a.argmax(-1) == b.argmax(-1) for a, b in pairs])
    loss = np.concatenate(
        [-b[np.arange(len(b) - 1), ids[0, 1:]] for b, ids in zip(ours, texts, strict=True)]
    )
    return [float(divergence.mean()), float(same.mean()), float(loss.mean())]


def report(data: Path, original: Path) -> str:
    """The table."""
    config = default_config("openvino")
    converted = model_directory(config)
    if not (original / "openvino_model.xml").exists():
        original.mkdir(parents=True, exist_ok=True)
        transcribe_gguf(config.path, original)
    tokenizer: Any = genai.Tokenizer(converted)
    articles = read_folder(data)
    chosen = articles[:: max(1, len(articles) // 12)][:12]
    texts = [np.array(tokenizer.encode(one.text).input_ids.data)[:, :TOKENS] for one in chosen]
    reference = log_probabilities(Model(original, EXACT), texts)
    rows = [
        [
            *["weights", "settings", f"{PROMPT} tokens, ms"],
            *(f"step of {count}, ms" for count in (1, 8, 16)),
            *["KL", "same choice", "NLL"],
        ],
        ["---"] * 9,
    ]
    for form, settings in RUNS:
        model = Model(original if form == "original" else converted, settings)
        times = [f"{value:.0f}" for value in speed(model)]
        loss = compare(reference, log_probabilities(model, texts), texts)
        group = settings[GROUP].replace(TOKEN, "token")
        rows.append(
            [form, f"{settings[PRECISION]}, {group}", *times, *(f"{value:.4f}" for value in loss)]
        )
        del model
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--original", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        print(report(arguments.data, arguments.original or Path(scratch)))


if __name__ == "__main__":
    main()
