"""The program that users would write themselves: a handler that calls transformers' ``generate``.

    python -m bench.baseline MODEL_DIRECTORY PORT

MODEL_DIRECTORY is in the Hugging Face format. One request at a time, two prompts an article, bf16,
greedy, without batching, prefix sharing, grammars or review.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import torch
import uvicorn
from litestar import Litestar, get, post
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = {
    "en": "Write a news brief of this article in English, in two or three sentences.",
    "zh": "请用简体中文为这篇文章写一则新闻简报，两到三句话。",
}


def create_app(directory: Path) -> Litestar:
    """The whole application."""
    tokenizer: Any = AutoTokenizer.from_pretrained(directory)
    model: Any = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.bfloat16)

    def brief(text: str, instruction: str) -> str:
        messages = [{"role": "user", "content": f"Article:\n{text}\n\n{instruction}"}]
        inputs = tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        with torch.inference_mode():
            output = model.generate(**inputs, max_new_tokens=200, do_sample=False)
        answer = output[0, inputs["input_ids"].shape[1] :]
        return str(tokenizer.decode(answer, skip_special_tokens=True))

    @post("/summarize", sync_to_thread=False, status_code=200)
    def summarize(data: dict[str, str]) -> dict[str, str]:
        return {language: brief(data["text"], prompt) for language, prompt in PROMPTS.items()}

    @get("/readyz", sync_to_thread=False)
    def ready() -> str:
        return "ready"

    return Litestar([summarize, ready])


if __name__ == "__main__":
    uvicorn.run(create_app(Path(sys.argv[1])), port=int(sys.argv[2]), log_level="warning")
