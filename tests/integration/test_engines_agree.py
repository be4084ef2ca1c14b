"""The same tiny model through both engines: the same greedy tokens, the same grammar obeyed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from service.generation.ebnf import literal
from service.inference.admission import Limits
from service.inference.client import InferenceClient
from service.inference.config import EngineConfig, EngineResources
from service.inference.engines import build
from service.inference.protocol import (
    Engine,
    Failure,
    Generation,
    GenerationRequest,
    Message,
    Sampling,
)
from service.inference.supervisor import Timeouts
from tests.support import tiny_models
from tests.support.generating import generate
from tests.support.tiny_models import CORPUS

EXACT = {
    "INFERENCE_PRECISION_HINT": "f32",
    "KV_CACHE_PRECISION": "f32",
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0",
}
"""What it takes for openvino to compute as transformers does in float32."""
BRIEF = (
    'root ::= sentence sentence?\nsentence ::= item{3,20} "。"\nitem ::= [\\u4e00-\\u9fff] | '
    '"，" | "13%" | "ChatGPT"\n'
)
ENGINES = ["openvino", "transformers"]
HEX_DIGITS = "0123456789abcdefABCDEF"
ESCAPED = [chr(code) for code in (*range(1, 0x20), *range(0x7F, 0x100))]
"""Latin-1 but for printable ASCII: what xgrammar prints as ``\\x`` and two digits, and the rest."""


@pytest.fixture(scope="module")
def configs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, EngineConfig]:
    directory = tmp_path_factory.mktemp("agree")
    gguf = tiny_models.gguf(tiny_models.qwen2(directory / "hf"), directory / "tiny.gguf")
    return {
        "openvino": config_for("openvino", gguf, directory),
        "transformers": config_for("transformers", in_float32(gguf), directory),
    }


@pytest.fixture(scope="module")
def engines(configs: dict[str, EngineConfig]) -> Iterable[dict[str, Engine]]:
    engines = {name: build(config) for name, config in configs.items()}
    yield engines
    for engine in engines.values():
        engine.close()


@pytest.mark.parametrize("make", [tiny_models.qwen3, tiny_models.llama])
def test_a_gguf_of_another_family_is_read_alike(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    gguf = tiny_models.gguf(make(tmp_path / "hf"), tmp_path / "tiny.gguf")
    paths = {"openvino": gguf, "transformers": in_float32(gguf)}
    written = {}
    for name, path in paths.items():
        engine = build(config_for(name, path, tmp_path))
        written[name] = generated(engine, ask(CORPUS[0], max_new_tokens=12))
        engine.close()
    assert written["openvino"] == written["transformers"]


def config_for(engine: str, path: Path, directory: Path) -> EngineConfig:
    return EngineConfig(
        engine="openvino" if engine == "openvino" else "transformers",
        model="tiny",
        path=path,
        cache_dir=directory / "converted",
        tasks=("summarize:en", "summarize:zh"),
        context=1024,
        max_output=128,
        resources=EngineResources(threads=1, kv_cache_gb=1),
        extra=EXACT if engine == "openvino" else {},
    )


def in_float32(gguf: Path) -> Path:
    """The GGUF's numbers exactly; the engine's own conversion would round them to bfloat16."""
    target = gguf.parent / "float32"
    AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(target)
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent,
        gguf_file=gguf.name,
        dtype=torch.float32,
        quantization_config=GgufConfig(dequantize=True),
    )
    model.save_pretrained(target)
    return target


def ask(
    text: str,
    name: str = "a",
    *,
    grammar: str | None = None,
    max_new_tokens: int = 24,
    sampling: Sampling | None = None,
) -> GenerationRequest:
    return GenerationRequest(
        id=name,
        task="summarize:zh",
        source="en",
        target="zh",
        messages=(Message("system", "You are an editor."), Message("user", text)),
        grammar=grammar,
        max_new_tokens=max_new_tokens,
        sampling=sampling or Sampling(),
    )


def run(engine: Engine, *requests: GenerationRequest) -> dict[str, Generation | Failure]:
    for request in requests:
        engine.submit(request)
    ended: dict[str, Generation | Failure] = {}
    while engine.busy:
        for event in engine.step():
            if isinstance(event, Generation | Failure):
                ended[event.id] = event
    return ended


def generated(engine: Engine, *requests: GenerationRequest) -> dict[str, tuple[str, str, int, int]]:
    """Text, finish, and tokens of prompt and output, by request.

    Random weights write bytes that are no characters: transformers shows U+FFFD for them, openvino
    nothing. Under the service's grammars there are none.
    """
    seen: dict[str, tuple[str, str, int, int]] = {}
    for name, ended in run(engine, *requests).items():
        assert isinstance(ended, Generation), ended
        output = ended.outputs[0]
        text = output.text.replace("\ufffd", "")
        seen[name] = (text, output.finish, ended.usage.prompt, ended.usage.generated)
    return seen


def test_both_engines_write_the_same_greedy_text(engines: dict[str, Engine]) -> None:
    requests = [ask(sentence, str(index)) for index, sentence in enumerate(CORPUS[::5])]
    openvino = generated(engines["openvino"], *requests)
    assert len(openvino) == 8
    assert openvino == generated(engines["transformers"], *requests)


def test_both_engines_apply_the_repetition_penalty_alike(engines: dict[str, Engine]) -> None:
    penalized = ask(CORPUS[2], "penalized", sampling=Sampling(repetition_penalty=1.8))
    openvino = generated(engines["openvino"], penalized, ask(CORPUS[2], "plain"))
    assert openvino["penalized"] != openvino["plain"]
    assert openvino == generated(engines["transformers"], penalized, ask(CORPUS[2], "plain"))


def test_both_engines_write_the_same_text_under_a_grammar(engines: dict[str, Engine]) -> None:
    requests = [
        ask(sentence, str(index), grammar=BRIEF, max_new_tokens=128)
        for index, sentence in enumerate(CORPUS[:4])
    ]
    openvino = generated(engines["openvino"], *requests)
    assert openvino == generated(engines["transformers"], *requests)


@pytest.mark.parametrize("name", ENGINES)
def test_each_engine_obeys_the_grammar_in_every_candidate(
    engines: dict[str, Engine], name: str
) -> None:
    sampling = Sampling(temperature=1.5, candidates=3, seed=3)
    request = ask(CORPUS[13], grammar=BRIEF, max_new_tokens=128, sampling=sampling)
    ended = run(engines[name], request)["a"]
    assert isinstance(ended, Generation)
    assert len({output.text for output in ended.outputs}) == 3
    sentence = "(?:[\u4e00-\u9fff，]|13%|ChatGPT){3,20}。"
    for output in ended.outputs:
        assert output.finish == "stop"
        assert re.fullmatch(f"{sentence}(?:{sentence})?", output.text)


@pytest.mark.parametrize("name", ENGINES)
def test_each_engine_writes_every_escaped_character_before_a_hex_digit(
    engines: dict[str, Engine], name: str
) -> None:
    """``£75``, ``20°C``, ``éa``: openvino prints grammars and reads them again."""
    texts = {char: "".join(char + digit for digit in HEX_DIGITS) for char in ESCAPED}
    requests = [
        ask("Rain.", char, grammar=f"root ::= {literal(text)}\n", max_new_tokens=128)
        for char, text in texts.items()
    ]
    ended = run(engines[name], *requests)
    written = {
        char: one.outputs[0].text for char, one in ended.items() if isinstance(one, Generation)
    }
    assert written == texts


@pytest.mark.parametrize("name", ENGINES)
def test_each_engine_fails_a_bad_grammar_alone(engines: dict[str, Engine], name: str) -> None:
    ended = run(engines[name], ask("Rain.", "bad", grammar="root ::= ("), ask("Rain.", "good"))
    assert isinstance(ended["good"], Generation)
    failure = ended["bad"]
    assert isinstance(failure, Failure)
    assert failure.kind == "bad_grammar"


@pytest.mark.parametrize("name", ENGINES)
def test_each_engine_names_the_same_limit_of_a_prompt(
    engines: dict[str, Engine], name: str
) -> None:
    failure = run(engines[name], ask("x " * 1200, max_new_tokens=24))["a"]
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.limit) == ("prompt_too_long", 1000)
    assert failure.tokens > 1200


@pytest.mark.parametrize("name", ENGINES)
async def test_each_engine_answers_a_family_from_its_own_process(
    configs: dict[str, EngineConfig], engines: dict[str, Engine], name: str
) -> None:
    article = " ".join(CORPUS[:10])
    family = [
        msgspec.structs.replace(
            ask(f"{article} {wish}", wish, grammar=BRIEF, max_new_tokens=128), family="article"
        )
        for wish in ("One.", "Two.", "Three.")
    ]
    expected = generated(engines[name], *family)

    async def prepare() -> Sequence[EngineConfig]:
        return [configs[name]]

    client = InferenceClient(
        prepare, limits=Limits(100, 100_000), timeouts=Timeouts(deadline=30.0, step=30.0, load=60.0)
    )
    async with client:
        await client.wait_ready()
        answers = await asyncio.gather(*(generate(client, request) for request in family))
    written = {answer.id: answer.outputs[0].text for answer in answers}
    assert written == {wish: seen[0] for wish, seen in expected.items()}
