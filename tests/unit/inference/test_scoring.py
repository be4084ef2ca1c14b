"""How likely a given answer is: the tiny models of both local engines, and the fakes."""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from service.inference.config import EngineConfig, EngineResources, PromptFormat
from service.inference.engines.openvino import OpenVINOEngine
from service.inference.engines.openvino_model import open_pipeline
from service.inference.engines.scoring import align_scores, first_difference
from service.inference.engines.scripted import LIKELY, UNLIKELY, ScriptedEngine
from service.inference.engines.transformers import TransformersEngine
from service.inference.fake import FakeGenerator
from service.inference.protocol import (
    Delta,
    Engine,
    Event,
    Failure,
    Generation,
    GenerationRequest,
    Message,
    TokenScore,
)
from tests.support import tiny_models
from tests.support.engine_configs import changed
from tests.support.tiny_models import CORPUS

ENGLISH, CHINESE = CORPUS[15], CORPUS[35]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.qwen2(tmp_path_factory.mktemp("scoring") / "hf")


@pytest.fixture(scope="module")
def gguf(files: Path) -> Path:
    return tiny_models.gguf(files, files.parent / "tiny.gguf")


@pytest.fixture(scope="module")
def pipeline(gguf: Path) -> Any:
    return open_pipeline(openvino_config(gguf))


def openvino_config(path: Path) -> EngineConfig:
    return config_for(
        path,
        engine="openvino",
        cache_dir=path.parent / "converted",
        kv_cache_gb=1,
        extra={"INFERENCE_PRECISION_HINT": "f32"},
    )


def config_for(path: Path, **changes: Any) -> EngineConfig:
    config = EngineConfig(
        engine="transformers",
        model="tiny",
        path=path,
        tasks=("translate:zh-en",),
        prompt=PromptFormat(prompting="chat"),
        context=512,
        max_output=64,
        resources=EngineResources(threads=1),
    )
    return changed(config, **changes)


@pytest.fixture(params=["openvino", "transformers"])
def engine(
    request: pytest.FixtureRequest, files: Path, gguf: Path, pipeline: Any
) -> Iterable[Engine]:
    engine: Engine
    if request.param == "openvino":
        engine = OpenVINOEngine(openvino_config(gguf), pipeline)
    else:
        engine = TransformersEngine(config_for(files))
    yield engine
    drain(engine)
    engine.close()


def ask(answer: str, text: str = CHINESE, name: str = "a", **changes: Any) -> GenerationRequest:
    request = GenerationRequest(
        id=name,
        task="translate:zh-en",
        source="zh",
        target="en",
        messages=(Message("user", text),),
        scored=answer,
        max_new_tokens=1,
    )
    return msgspec.structs.replace(request, **changes)


def drain(engine: Engine) -> list[Event]:
    events: list[Event] = []
    while engine.busy:
        events += engine.step()
    return events


def scores(events: Iterable[Event]) -> dict[str, tuple[TokenScore, ...]]:
    return {one.id: one.scores for one in events if isinstance(one, Generation)}


def by_hand(files: Path, request: GenerationRequest) -> list[float]:
    """Log-probabilities as the library gives them, one token after the other."""
    tokenizer: Any = AutoTokenizer.from_pretrained(files)
    model: Any = AutoModelForCausalLM.from_pretrained(files)
    turns = [{"role": one.role, "content": one.content} for one in request.messages]
    prompt = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    read = tokenizer(prompt, add_special_tokens=False).input_ids
    found = []
    for token in tokenizer(request.scored, add_special_tokens=False).input_ids:
        with torch.inference_mode():
            logits = model(torch.tensor([read])).logits[0, -1].float()
        found.append(float(torch.log_softmax(logits, -1)[token]))
        read.append(token)
    return found


def is_near(found: Sequence[TokenScore], expected: Sequence[float]) -> bool:
    """Whether scores are the expected ones but for what INT8 matrices round off. Taken from the
    wrong rows, they are off by 2 on average.
    """
    assert len(found) == len(expected)
    errors = [abs(one.logprob - other) for one, other in zip(found, expected, strict=True)]
    return max(errors) < 1.2 and sum(errors) / len(errors) < 0.25


def test_scores_are_those_of_the_model_token_by_token(engine: Engine, files: Path) -> None:
    request = ask(ENGLISH)
    engine.submit(request)
    (found,) = scores(drain(engine)).values()
    assert is_near(found, by_hand(files, request))


def test_scores_do_not_depend_on_their_company(engine: Engine, files: Path) -> None:
    requests = [ask(text, name=str(at)) for at, text in enumerate(CORPUS[:6])]
    for request in requests:
        engine.submit(request)
    found = scores(drain(engine))
    for request in requests:
        assert is_near(found[request.id], by_hand(files, request))


@pytest.mark.parametrize("answer", [ENGLISH, CHINESE, "Café 13%: 市长 ok"])
def test_tokens_cover_the_text_in_order(engine: Engine, answer: str) -> None:
    engine.submit(ask(answer))
    (found,) = scores(drain(engine)).values()
    places = sorted({(one.start, one.end) for one in found})
    assert places[0][0] == 0
    assert places[-1][1] == len(answer)
    assert all(one[1] == other[0] for one, other in itertools.pairwise(places))


def test_what_is_to_be_written_goes_before_what_is_to_be_scored(
    engine: Engine,
) -> None:
    engine.submit(ask(ENGLISH, name="scored"))
    engine.submit(ask("", name="written", max_new_tokens=3))
    ended = [one.id for one in drain(engine) if isinstance(one, Generation)]
    assert ended == ["written", "scored"]


def test_a_score_waits_until_nothing_is_being_written(engine: Engine, files: Path) -> None:
    """The openvino library would take it from the wrong rows."""
    engine.submit(ask("", name="first", max_new_tokens=24))
    events = [*engine.step(), *engine.step(), *engine.step()]
    request = ask(CORPUS[14], name="scored")
    engine.submit(request)
    engine.submit(ask("", name="second", max_new_tokens=24, text=ENGLISH))
    events += drain(engine)
    ended = [one.id for one in events if isinstance(one, Generation)]
    assert set(ended) == {"first", "second", "scored"}
    found = scores(events)["scored"]
    assert is_near(found, by_hand(files, request))


def test_what_comes_while_much_is_scored_waits_for_one_step_of_it(engine: Engine) -> None:
    for at in range(8):
        article = " ".join(CORPUS[at : at + 8])
        engine.submit(ask(ENGLISH, text=article, name=f"scored {at}"))
    events = list(engine.step())
    engine.submit(ask("", name="written", max_new_tokens=1, text=ENGLISH))
    ended = [one.id for one in [*events, *drain(engine)] if isinstance(one, Generation)]
    assert len(ended) == 9
    assert ended.index("written") < 8


def test_what_was_scored_before_is_scored_again(engine: Engine, files: Path) -> None:
    """The openvino library gives nothing of what it finds in its prefix cache."""
    request = ask(CORPUS[13])
    places = []
    for _ in range(3):
        engine.submit(request)
        (found,) = scores(drain(engine)).values()
        places.append([(one.start, one.end) for one in found])
        if len(places) == 1:
            assert is_near(found, by_hand(files, request))
    assert places[0] == places[1] == places[2]


def test_long_prompts_are_scored_in_slices(engine: Engine, files: Path) -> None:
    request = ask(" ".join(CORPUS[:6]), text=" ".join(CORPUS[6:14]))
    engine.submit(request)
    (found,) = scores(drain(engine)).values()
    assert is_near(found, by_hand(files, request))


def test_nothing_is_written_beside_a_score(engine: Engine) -> None:
    engine.submit(ask(ENGLISH))
    events = drain(engine)
    assert not [one for one in events if isinstance(one, Delta)]
    (generation,) = events
    assert isinstance(generation, Generation)
    assert [one.text for one in generation.outputs] == [""]
    assert generation.usage.generated == 0


def test_a_cancelled_score_yields_nothing(engine: Engine) -> None:
    engine.submit(ask(ENGLISH, name="a"))
    engine.submit(ask(ENGLISH, name="b"))
    engine.cancel("a")
    assert list(scores(drain(engine))) == ["b"]


def test_prompt_and_answer_must_fit_the_context(files: Path) -> None:
    engine = TransformersEngine(config_for(files, context=32))
    engine.submit(ask(ENGLISH * 8))
    (failure,) = drain(engine)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.limit) == ("prompt_too_long", 32)


def test_what_must_be_scored_again_and_no_longer_fits_fails_alone(
    gguf: Path, pipeline: Any
) -> None:
    """What the openvino library has in its prefix cache is read again behind a mark."""
    request = ask(CORPUS[12], text=CORPUS[34])
    roomy = OpenVINOEngine(openvino_config(gguf), pipeline)
    roomy.submit(request)
    (first,) = drain(roomy)
    assert isinstance(first, Generation)
    tokens = first.usage.prompt
    tight = msgspec.structs.replace(openvino_config(gguf), context=tokens + 1)
    engine = OpenVINOEngine(tight, pipeline)
    engine.submit(request)
    engine.submit(ask("", name="written", max_new_tokens=2, text="ok"))
    events = {one.id: one for one in drain(engine) if isinstance(one, Generation | Failure)}
    failure = events["a"]
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.limit) == ("prompt_too_long", tokens)
    assert failure.tokens > tokens
    assert isinstance(events["written"], Generation)


def test_a_model_of_one_task_does_not_score(tmp_path: Path) -> None:
    path = tiny_models.marian(tmp_path)
    engine = TransformersEngine(config_for(path, prompting="plain", context=128))
    assert not engine.capabilities.scores
    engine.submit(ask(ENGLISH, text=CHINESE))
    (failure,) = drain(engine)
    assert isinstance(failure, Failure)


# ------------------------------------------------------------------ without a model


def test_tokens_that_write_a_character_together_share_its_place() -> None:
    pieces = {(1,): "a", (2,): "\ufffd", (2, 3): "市", (4,): "b"}
    found = align_scores("a市b", [1, 2, 3, 4], [-1.0, -2.0, -3.0, -4.0], lambda i: pieces[tuple(i)])
    assert found == (
        TokenScore(0, 1, -1.0),
        TokenScore(1, 2, -2.0),
        TokenScore(1, 2, -3.0),
        TokenScore(2, 3, -4.0),
    )


def test_tokens_that_do_not_read_as_the_text_share_the_rest_of_it() -> None:
    found = align_scores("abc", [1, 2], [-1.0, -2.0], lambda ids: "a" if list(ids) == [1] else "?")
    assert found == (TokenScore(0, 1, -1.0), TokenScore(1, 3, -2.0))


@pytest.mark.parametrize(
    ("prompt", "whole", "expected"),
    [([1, 2], [1, 2, 3], 2), ([1, 2], [1, 9, 3], 1), ([1], [1], 1), ([], [4], 0)],
)
def test_where_the_answer_begins(prompt: list[int], whole: list[int], expected: int) -> None:
    assert first_difference(prompt, whole) == expected


def test_the_scripted_engine_finds_names_unlikely_that_the_prompt_lacks(tmp_path: Path) -> None:
    engine = ScriptedEngine(config_for(tmp_path, engine="scripted"))
    engine.submit(ask("Elin Jones rose", text="the bridge of Elin"))
    (found,) = scores(drain(engine)).values()
    assert [one.logprob for one in found] == [LIKELY, UNLIKELY, LIKELY]
    assert [(one.start, one.end) for one in found] == [(0, 4), (5, 10), (11, 15)]


def test_the_fake_scores_word_by_word() -> None:
    fake = FakeGenerator(lambda _: "", score=lambda _, word: -9.0 if word == "王" else -1.0)
    found = asyncio.run(fake.generate(ask("Mayor 王 5"))).scores
    assert [(one.start, one.end, one.logprob) for one in found] == [
        (0, 5, -1.0),
        (6, 7, -9.0),
        (8, 9, -1.0),
    ]
    assert math.isfinite(sum(one.logprob for one in found))
