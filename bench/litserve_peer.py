"""LitServe with its batching over the code of ``bench.baseline``: up to eight articles, sixteen
prompts, in one ``generate``.

    python -m bench.litserve_peer MODEL_DIRECTORY PORT

Needs ``litserve`` (see the Makefile's ``.bench``).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import litserve
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from bench.baseline import PROMPTS

ARTICLES = 8
_WAIT_SECONDS = 0.05


class Briefs(litserve.LitAPI):  # type: ignore[misc]
    """Both briefs of each article of a batch."""

    def __init__(self, directory: Path) -> None:
        super().__init__(
            max_batch_size=ARTICLES, batch_timeout=_WAIT_SECONDS, api_path="/summarize"
        )
        self._directory = directory

    def setup(self, device: str) -> None:  # noqa: ARG002
        """Load the model, in the worker's process."""
        self._tokenizer: Any = AutoTokenizer.from_pretrained(self._directory, padding_side="left")
        self._model: Any = AutoModelForCausalLM.from_pretrained(
            self._directory, dtype=torch.bfloat16
        )

    def decode_request(self, request: dict[str, str]) -> str:
        """The article."""
        return request["text"]

    def predict(self, articles: list[str]) -> list[dict[str, str]]:
        """Both briefs of all of them."""
        prompts = [
            [{"role": "user", "content": f"Article:\n{text}\n\n{prompt}"}]
            for text in articles
            for prompt in PROMPTS.values()
        ]
        inputs = self._tokenizer.apply_chat_template(
            prompts,
            add_generation_prompt=True,
            padding=True,
            return_tensors="pt",
            return_dict=True,
        )
        with torch.inference_mode():
            output = self._model.generate(**inputs, max_new_tokens=200, do_sample=False)
        answers = self._tokenizer.batch_decode(
            output[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True
        )
        size = len(PROMPTS)
        return [
            dict(zip(PROMPTS, answers[at : at + size], strict=True))
            for at in range(0, len(answers), size)
        ]

    def encode_response(self, output: dict[str, str]) -> dict[str, str]:
        """The answer's body."""
        return output


if __name__ == "__main__":
    server = litserve.LitServer(
        Briefs(Path(sys.argv[1])), accelerator="cpu", timeout=False, healthcheck_path="/readyz"
    )
    server.run(port=int(sys.argv[2]), host="127.0.0.1", generate_client_file=False)
