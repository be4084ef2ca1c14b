"""Compares the transformers engine with transformers' own ``generate`` on a GPU: tokens a second.

    python -m bench.gpu FOLDER

FOLDER has the ``config.json`` and the tokenizer of a causal model. Its weights are drawn at
random, in bfloat16: they take the same time as the real ones, and need no download. One prompt is
sent as often as a batch has rows. ``grammar`` allows Latin letters, blanks, commas and full stops.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from service.inference.config import EngineConfig, EngineResources
from service.inference.engines.transformers import TransformersEngine
from service.inference.protocol import Generation, GenerationRequest, Message

OUTPUT_TOKENS = 128
GRAMMAR = "root ::= [a-zA-Z ,.]{300,2000}"
ARTICLE = "The city council approved the new library on Tuesday. " * 45
BATCHES = (1, 8, 32, 64)


def write_random_model(source: Path, target: Path) -> Any:
    """Save a model of the shape that ``source`` describes; return it, on the GPU."""
    torch.manual_seed(1)
    with torch.device("cuda"):
        model: Any = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call]
            AutoConfig.from_pretrained(source), dtype=torch.bfloat16
        )
    model.save_pretrained(target)
    AutoTokenizer.from_pretrained(source).save_pretrained(target)
    return model


def seconds_of_generate(model: Any, folder: Path, rows: int) -> float:
    """Seconds of one greedy batch by transformers itself."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    turns = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": ARTICLE}]
    text = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    batch = tokenizer([text] * rows, return_tensors="pt").to("cuda")
    began = time.perf_counter()
    model.generate(
        **batch, min_new_tokens=OUTPUT_TOKENS, max_new_tokens=OUTPUT_TOKENS, do_sample=False
    )
    torch.cuda.synchronize()
    return time.perf_counter() - began


def run_engine(engine: TransformersEngine, rows: int, grammar: str | None) -> tuple[float, int]:
    """Seconds and tokens of one batch by the engine."""
    for row in range(rows):
        request = GenerationRequest(
            id=str(row),
            task="summarize:en",
            source="en",
            target="en",
            messages=(Message("system", "Be brief."), Message("user", ARTICLE)),
            max_new_tokens=OUTPUT_TOKENS,
            grammar=grammar,
        )
        engine.submit(request)
    began, written = time.perf_counter(), 0
    while engine.busy:
        for event in engine.step():
            if isinstance(event, Generation):
                written += event.usage.generated
    return time.perf_counter() - began, written


def main() -> None:
    """Print a line for each size of batch; each is run twice, and the second run counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    source = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        model = write_random_model(source, folder)
        config = EngineConfig(
            engine="transformers",
            model="random",
            path=folder,
            tasks=("summarize:en",),
            context=4096,
            resources=EngineResources(batch_sequences=max(BATCHES), kv_cache_gb=40),
        )
        engine = TransformersEngine(config)
        for rows in BATCHES:
            seconds = [seconds_of_generate(model, folder, rows) for _ in range(2)][-1]
            line = [f"{rows} rows: generate {rows * OUTPUT_TOKENS / seconds:.0f}"]
            for name, grammar in (("engine", None), ("with a grammar", GRAMMAR)):
                seconds, written = [run_engine(engine, rows, grammar) for _ in range(2)][-1]
                line.append(f"{name} {written / seconds:.0f}")
            print(", ".join(line), "tokens/s", flush=True)
        engine.close()


if __name__ == "__main__":
    main()
