"""Every encoder-decoder family, end to end through the engine: a trained tokenizer and a random
model on disk, loaded as the hub's are, held against transformers' own ``generate``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from service.inference.config import EngineConfig, EngineResources, PromptFormat
from service.inference.engines.transformers import TransformersEngine, load_model
from service.inference.engines.transformers_seq2seq import Seq2SeqModel
from service.inference.protocol import (
    Delta,
    Event,
    Failure,
    Generation,
    GenerationRequest,
    Sampling,
)
from tests.support import tiny_models
from tests.support.engine_configs import changed
from tests.support.seq2seq import LANGUAGE_CODES, PREFIXES, generated_alone
from tests.support.tiny_models import CORPUS, SEQ2SEQ

HAN_SENTENCE = 'root ::= [\\u4e00-\\u9fff]{3,12} "。"'
ENGLISH_SENTENCE = 'root ::= [A-Z] [a-z]{1,6} (" " [a-z]{1,6}){2,5} "."'

Loaded = Callable[[str], tuple[EngineConfig, Seq2SeqModel]]


def config_for(family: str, path: Path, **changes: Any) -> EngineConfig:
    config = EngineConfig(
        engine="transformers",
        model=family,
        path=path,
        tasks=("translate:en-zh", "translate:zh-en"),
        prompt=PromptFormat(
            prompting="plain",
            prefix=PREFIXES.get(family, ""),
            language_codes=LANGUAGE_CODES.get(family, {}),
        ),
        context=128,
        max_output=64,
        resources=EngineResources(threads=1),
    )
    return changed(config, **changes)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    @cache
    def load(family: str) -> tuple[EngineConfig, Seq2SeqModel]:
        config = config_for(family, SEQ2SEQ[family](tmp_path_factory.mktemp(family)))
        model = load_model(config)
        assert isinstance(model, Seq2SeqModel)
        return config, model

    return load


def request(text: str, name: str = "a", **changes: Any) -> GenerationRequest:
    plain = GenerationRequest(
        id=name, task="translate:en-zh", source="en", target="zh", text=text, max_new_tokens=14
    )
    return msgspec.structs.replace(plain, **changes)


FOUR_LENGTHS = (
    request(CORPUS[0], "a"),
    request("Rain.", "b"),
    request(" ".join(CORPUS[1:4]), "c"),
    request(CORPUS[7], "d"),
)


def run(engine: TransformersEngine, *requests: GenerationRequest) -> list[Event]:
    for one in requests:
        engine.submit(one)
    events: list[Event] = []
    while engine.busy:
        events += engine.step()
    return events


def generations(events: list[Event]) -> dict[str, Generation]:
    return {event.id: event for event in events if isinstance(event, Generation)}


def alone(family: str, path: Path, one: GenerationRequest) -> str:
    text = PREFIXES.get(family, "") + one.text
    return generated_alone(family, path, text, one.max_new_tokens)


@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
@pytest.mark.parametrize("family", SEQ2SEQ)
def test_a_batch_writes_what_generate_writes_for_each_alone(family: str, loaded: Loaded) -> None:
    config, model = loaded(family)
    engine = TransformersEngine(config, model)
    events = run(engine, *FOUR_LENGTHS)
    engine.close()
    written = {name: done.outputs[0].text for name, done in generations(events).items()}
    assert written == {one.id: alone(family, config.path, one) for one in FOUR_LENGTHS}
    for name, text in written.items():
        deltas = [event.text for event in events if isinstance(event, Delta) and event.id == name]
        assert "".join(deltas) == text


@pytest.mark.parametrize("family", SEQ2SEQ)
def test_a_grammar_holds_the_decoder_to_either_language(family: str, loaded: Loaded) -> None:
    config, model = loaded(family)
    engine = TransformersEngine(config, model)
    assert engine.capabilities.grammar
    chinese = [
        msgspec.structs.replace(one, id=f"zh-{one.id}", grammar=HAN_SENTENCE, max_new_tokens=64)
        for one in FOUR_LENGTHS
    ]
    english = [
        msgspec.structs.replace(one, id=f"en-{one.id}", grammar=ENGLISH_SENTENCE, max_new_tokens=64)
        for one in FOUR_LENGTHS
    ]
    done = generations(run(engine, *chinese, *english))
    engine.close()
    assert len(done) == 8
    for name, one in done.items():
        text = one.outputs[0].text
        assert one.outputs[0].finish == "stop"
        if name.startswith("zh"):
            assert text.endswith("。")
            assert 3 <= len(text) - 1 <= 12
            assert all("\u4e00" <= character <= "\u9fff" for character in text[:-1])
        else:
            assert text.endswith(".")
            assert 3 <= len(text[:-1].split(" ")) <= 6
            assert text[0].isupper()
            assert text[:-1].replace(" ", "").isascii()


@pytest.mark.parametrize(
    ("family", "source", "opening"),
    [
        ("mbart", "{} </s> zh_CN", ["en_XX"]),
        ("mbart50", "zh_CN {} </s>", ["</s>", "en_XX"]),
        ("nllb", "zho_Hans {} </s>", ["</s>", "eng_Latn"]),
        ("m2m100", "__zh__ {} </s>", ["</s>", "__en__"]),
        ("t5", "{} </s>", ["<pad>"]),
        ("mt5", "{} </s>", ["<pad>"]),
        ("pegasus", "{} </s>", ["<pad>"]),
        ("bart", "<s> {} </s>", ["</s>", "<s>"]),
        ("marian", "{} </s>", ["<pad>"]),
    ],
)
def test_each_family_marks_source_and_target_in_its_own_way(
    family: str, source: str, opening: list[str], loaded: Loaded
) -> None:
    _, model = loaded(family)
    prompt = model.encode(request("博物馆", task="translate:zh-en", source="zh", target="en"))
    pieces = model.tokenizer.convert_ids_to_tokens(list(prompt.ids))
    before, _, after = source.partition("{}")
    assert pieces[: len(before.split())] == before.split()
    assert pieces[len(pieces) - len(after.split()) :] == after.split()
    assert model.tokenizer.convert_ids_to_tokens(list(prompt.context)) == opening


def test_the_prefix_of_t5_stands_before_the_text(loaded: Loaded) -> None:
    _, model = loaded("t5")
    ids = model.encode(request("Rain.")).ids
    assert model.tokenizer.decode(list(ids), skip_special_tokens=True) == "summarize: Rain."


@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
def test_a_marian_of_several_targets_reads_the_target_before_the_text(tmp_path: Path) -> None:
    path = tiny_models.marian(tmp_path, targets=("cmn_Hans", "cmn_Hant"))
    config = config_for("marian", path, language_codes={"zh": "cmn_Hant"})
    model = load_model(config)
    ids = model.encode(request("Rain.")).ids
    pieces = model.tokenizer.convert_ids_to_tokens(list(ids))
    assert pieces[0] == ">>cmn_Hant<<"
    assert ">>" not in pieces[1:]
    engine = TransformersEngine(config, model)
    anything = request("Rain.", grammar="root ::= [!-~]{6}", max_new_tokens=40)
    assert len(generations(run(engine, anything))["a"].outputs[0].text) == 6
    engine.close()


@pytest.mark.parametrize("family", ["mbart50", "nllb", "m2m100"])
def test_a_language_that_the_tokenizer_lacks_is_refused_while_loading(
    family: str, loaded: Loaded
) -> None:
    config, _ = loaded(family)
    with pytest.raises(ValueError, match="no language 'klingon'"):
        load_model(changed(config, language_codes={"zh": "klingon"}))


def test_a_source_too_long_fails_alone(loaded: Loaded) -> None:
    engine = TransformersEngine(*loaded("mt5"))
    events = run(engine, request("Rain. " * 100, "long"), request("Rain.", "short"))
    engine.close()
    failed = [event for event in events if isinstance(event, Failure)]
    assert [(event.id, event.kind, event.limit) for event in failed] == [
        ("long", "prompt_too_long", 128)
    ]
    assert failed[0].tokens > 128
    assert set(generations(events)) == {"short"}


def test_sources_encoded_in_several_steps_give_the_same_text(loaded: Loaded) -> None:
    from transformers import AutoModelForSeq2SeqLM

    config, model = loaded("bart")
    sliced = Seq2SeqModel(
        AutoModelForSeq2SeqLM.from_pretrained(config.path), model.tokenizer, step_tokens=1
    )
    whole, stepwise = TransformersEngine(config, model), TransformersEngine(config, sliced)
    for one in FOUR_LENGTHS:
        stepwise.submit(one)
    assert [stepwise.step() for _ in range(4)] == [[]] * 4
    expected = generations(run(whole, *FOUR_LENGTHS))
    got = generations(run(stepwise))
    assert {name: one.outputs for name, one in got.items()} == {
        name: one.outputs for name, one in expected.items()
    }
    whole.close()
    stepwise.close()


def test_a_grammar_that_no_token_can_follow_fails_alone(loaded: Loaded) -> None:
    engine = TransformersEngine(*loaded("marian"))
    events = run(engine, request("Rain.", "stuck", grammar='root ::= "Ω"'), request("Rain.", "ok"))
    engine.close()
    failed = [(event.id, event.kind) for event in events if isinstance(event, Failure)]
    assert failed == [("stuck", "bad_grammar")]
    assert set(generations(events)) == {"ok"}


def test_a_cancelled_row_leaves_the_others_unchanged(loaded: Loaded) -> None:
    engine = TransformersEngine(*loaded("nllb"))
    expected = generations(run(engine, *FOUR_LENGTHS))
    for one in FOUR_LENGTHS:
        engine.submit(one)
    for _ in range(4):
        engine.step()
    engine.cancel("a")
    left = generations(run(engine))
    engine.close()
    assert set(left) == {"b", "c", "d"}
    assert all(left[name].outputs == expected[name].outputs for name in left)


def test_candidates_are_drawn_from_one_encoding(loaded: Loaded) -> None:
    engine = TransformersEngine(*loaded("bart"))
    sampling = Sampling(temperature=5.0, candidates=3, seed=3)
    done = generations(run(engine, request(CORPUS[0], sampling=sampling)))["a"]
    engine.close()
    assert len({output.text for output in done.outputs}) == 3


def test_half_precision_weights_are_computed_in_float32_on_a_cpu(
    tmp_path: Path, loaded: Loaded
) -> None:
    if torch.cuda.is_available():
        pytest.skip("a GPU computes in bfloat16")
    from transformers import AutoModelForSeq2SeqLM

    config, model = loaded("mt5")
    half = AutoModelForSeq2SeqLM.from_pretrained(config.path, dtype=torch.float16)
    half.save_pretrained(tmp_path)
    model.tokenizer.save_pretrained(tmp_path)
    again = load_model(config_for("mt5", tmp_path))
    float32_layer = 2 * 2 * 4 * 8 * 4  # keys and values, layers, heads, width, bytes
    assert again.cache_bytes_per_token == float32_layer
