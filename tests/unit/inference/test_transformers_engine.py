"""The transformers engine with tiny causal models, loaded as real ones are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch
from transformers import AutoModelForCausalLM

from service.inference.config import EngineConfig, EngineResources, PromptFormat
from service.inference.engines.grammar import read_vocabulary
from service.inference.engines.text_stream import IncrementalDetokenizer
from service.inference.engines.transformers import TransformersEngine, load_model
from service.inference.engines.transformers_batch import BatchBudget, TokenizedRequest, form_batch
from service.inference.engines.transformers_causal import (
    CausalModel,
    common_prefix,
    worthwhile_groups,
)
from service.inference.engines.transformers_model import BatchDecoding, LanguageModel, Prompt
from service.inference.engines.transformers_rows import FrequencyPenalty, decode
from service.inference.protocol import (
    Delta,
    Event,
    Failure,
    Generation,
    GenerationRequest,
    Message,
    Output,
    Prefilled,
    Sampling,
)
from tests.support import tiny_models
from tests.support.engine_configs import changed
from tests.support.tiny_models import CORPUS

HAN_SENTENCE = 'root ::= [\\u4e00-\\u9fff]{3,12} "。"'
ANYTHING_ASCII = "root ::= [!-~]{30}"


@pytest.fixture(scope="module")
def qwen2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.qwen2(tmp_path_factory.mktemp("qwen2"))


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.llama(tmp_path_factory.mktemp("llama"))


@pytest.fixture(scope="module")
def windowed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.windowed(tmp_path_factory.mktemp("windowed"))


@pytest.fixture(scope="module")
def model(qwen2: Path) -> LanguageModel:
    return load_model(config_for(qwen2))


def config_for(path: Path, **changes: Any) -> EngineConfig:
    config = EngineConfig(
        engine="transformers",
        model="tiny",
        path=path,
        tasks=("summarize:en", "summarize:zh"),
        prompt=PromptFormat(prompting="chat"),
        context=512,
        max_output=64,
        resources=EngineResources(threads=1),
    )
    return changed(config, **changes)


@pytest.fixture
def engine(qwen2: Path, model: LanguageModel) -> Iterable[TransformersEngine]:
    engine = TransformersEngine(config_for(qwen2), model)
    yield engine
    engine.close()


def ask(text: str, name: str = "a", **changes: Any) -> GenerationRequest:
    request = GenerationRequest(
        id=name,
        task="summarize:zh",
        source="en",
        target="zh",
        messages=(Message("system", "Be brief."), Message("user", text)),
        max_new_tokens=16,
    )
    return msgspec.structs.replace(request, **changes)


def drain(engine: TransformersEngine) -> list[Event]:
    events: list[Event] = []
    while engine.busy:
        events += engine.step()
    return events


def run(engine: TransformersEngine, *requests: GenerationRequest) -> list[Event]:
    for request in requests:
        engine.submit(request)
    return drain(engine)


def generations(events: Sequence[Event]) -> dict[str, Generation]:
    return {event.id: event for event in events if isinstance(event, Generation)}


def texts(events: Sequence[Event]) -> dict[str, str]:
    return {name: done.outputs[0].text for name, done in generations(events).items()}


def failures(events: Sequence[Event]) -> dict[str, Failure]:
    return {event.id: event for event in events if isinstance(event, Failure)}


def generated_alone(path: Path, request: GenerationRequest, **options: Any) -> str:
    """What transformers' own ``generate`` writes for one request."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(path)
    prompt = tokenizer.apply_chat_template(
        [{"role": message.role, "content": message.content} for message in request.messages],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
    )
    reference: Any = AutoModelForCausalLM.from_pretrained(path)
    ids = reference.generate(
        **prompt, max_new_tokens=request.max_new_tokens, do_sample=False, **options
    )
    written = ids[0, prompt["input_ids"].shape[1] :]
    return str(tokenizer.decode(written, skip_special_tokens=True)).rstrip("\ufffd")


FOUR_LENGTHS = (
    ask(CORPUS[0], "a"),
    ask("Rain.", "b"),
    ask(" ".join(CORPUS[:6]), "c"),
    ask(CORPUS[20] + CORPUS[21], "d"),
)


@pytest.mark.parametrize("family", ["qwen2", "llama", "windowed"])
def test_a_batch_of_different_lengths_writes_what_generate_writes_for_each_alone(
    family: str, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(family)
    engine = TransformersEngine(config_for(path))
    siblings = [msgspec.structs.replace(one, family="x") for one in FOUR_LENGTHS]
    written = texts(run(engine, *siblings))
    engine.close()
    assert written == {one.id: generated_alone(path, one) for one in FOUR_LENGTHS}


def test_a_prompt_computed_in_slices_gives_the_same_text(
    qwen2: Path, engine: TransformersEngine
) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    sliced = CausalModel(
        AutoModelForCausalLM.from_pretrained(qwen2),
        AutoTokenizer.from_pretrained(qwen2),
        prompting="chat",
        step_tokens=12,
    )
    in_slices = TransformersEngine(config_for(qwen2), sliced)
    for one in FOUR_LENGTHS:
        in_slices.submit(one)
    assert in_slices.step() == []
    assert in_slices.step() == []
    assert texts(drain(in_slices)) == texts(run(engine, *FOUR_LENGTHS))
    in_slices.close()


def test_slices_of_padding_alone_poison_no_row_in_bfloat16(qwen2: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = CausalModel(
        AutoModelForCausalLM.from_pretrained(qwen2, dtype=torch.bfloat16),
        AutoTokenizer.from_pretrained(qwen2),
        prompting="chat",
        step_tokens=8,
    )
    decoding = model.start([model.encode(one) for one in FOUR_LENGTHS])
    logits = None
    while logits is None:
        logits = decoding.prefill()
    assert logits.shape == (4, model.vocabulary)
    assert bool(torch.isfinite(logits).all())


def test_a_family_computes_its_common_prompt_once_and_writes_the_same(
    qwen2: Path, engine: TransformersEngine
) -> None:
    article = " ".join(CORPUS[:8])
    siblings = [
        ask(f"{article} In English, please.", "en", family="x"),
        ask(f"{article} In Chinese.", "zh", family="x"),
        ask(CORPUS[9], "other"),
    ]
    done = generations(run(engine, *siblings))
    assert {name: one.outputs[0].text for name, one in done.items()} == {
        one.id: generated_alone(qwen2, one) for one in siblings
    }
    shared = sorted(done[name].usage.cached for name in ("en", "zh"))
    assert shared[0] == 0
    assert shared[1] > 150
    assert done["other"].usage.cached == 0


def test_a_grammar_of_han_characters_leaves_nothing_else_to_write(
    engine: TransformersEngine,
) -> None:
    bound = [
        msgspec.structs.replace(one, grammar=HAN_SENTENCE, max_new_tokens=64)
        for one in FOUR_LENGTHS
    ]
    free = ask(CORPUS[3], "free")
    done = generations(run(engine, *bound, free))
    assert len(done) == 5
    for one in bound:
        output = done[one.id].outputs[0]
        assert output.finish == "stop"
        assert output.text.endswith("。")
        assert 3 <= len(output.text) - 1 <= 12
        assert all("\u4e00" <= character <= "\u9fff" for character in output.text[:-1])


def test_a_grammar_of_letters_writes_no_special_token(engine: TransformersEngine) -> None:
    requests = [ask(CORPUS[i], str(i), grammar=ANYTHING_ASCII, max_new_tokens=64) for i in range(6)]
    written = texts(run(engine, *requests))
    assert [len(text) for text in written.values()] == [30] * 6


def test_a_grammar_that_does_not_compile_fails_alone(engine: TransformersEngine) -> None:
    events = run(engine, ask("Rain.", "bad", grammar="root ::= ("), ask("Rain.", "good"))
    assert failures(events)["bad"].kind == "bad_grammar"
    assert set(generations(events)) == {"good"}


def test_a_grammar_out_of_tokens_at_max_new_tokens_ends_by_length(
    engine: TransformersEngine,
) -> None:
    events = run(engine, ask("Rain.", grammar='root ::= [a-z]{500} "."', max_new_tokens=5))
    done = generations(events)["a"]
    assert done.outputs[0].finish == "length"
    assert done.usage.generated == 5


def test_a_cancelled_request_yields_no_event_and_the_others_finish_unchanged(
    engine: TransformersEngine,
) -> None:
    expected = texts(run(engine, *FOUR_LENGTHS))
    for one in FOUR_LENGTHS:
        engine.submit(one)
    for _ in range(4):
        engine.step()
    engine.cancel("c")
    written = texts(drain(engine))
    assert written == {name: text for name, text in expected.items() if name != "c"}


def test_cancelling_all_requests_leaves_the_engine_idle(engine: TransformersEngine) -> None:
    engine.submit(ask("Rain.", "running"))
    engine.step()
    engine.submit(ask("Rain.", "waiting"))
    engine.submit(ask("Rain.", "compiling", grammar=HAN_SENTENCE))
    for name in ("running", "waiting", "compiling", "unknown"):
        engine.cancel(name)
    assert not engine.busy
    assert engine.step() == []


def test_a_prompt_too_long_fails_alone_with_its_length_and_the_limit(
    engine: TransformersEngine,
) -> None:
    events = run(engine, ask("x " * 600, "long"), ask("Rain.", "short"))
    failure = failures(events)["long"]
    assert failure.kind == "prompt_too_long"
    assert failure.limit == 512 - 16
    assert failure.tokens > 600
    assert set(generations(events)) == {"short"}


def test_a_task_that_the_model_does_not_serve_is_refused(engine: TransformersEngine) -> None:
    events = run(engine, ask("Rain.", task="translate:en-zh"))
    assert failures(events)["a"].kind == "unsupported_task"


def test_deltas_join_to_the_text_and_split_no_character(engine: TransformersEngine) -> None:
    events = run(engine, ask(CORPUS[25], grammar=HAN_SENTENCE))
    deltas = [event.text for event in events if isinstance(event, Delta)]
    assert "".join(deltas) == texts(events)["a"]
    assert "\ufffd" not in "".join(deltas)
    assert len(deltas) > 2


def test_a_prefilled_request_says_so_before_its_text(engine: TransformersEngine) -> None:
    events = run(engine, ask("Rain."))
    assert events[0] == Prefilled("a")


def test_max_new_tokens_ends_a_text_by_length(engine: TransformersEngine) -> None:
    events = run(engine, ask("Rain.", max_new_tokens=3))
    done = generations(events)["a"]
    assert done.outputs[0].finish == "length"
    assert done.usage.generated == 3
    assert done.model == "tiny"
    assert min(done.timings.queue, done.timings.prefill, done.timings.decode) >= 0


def test_a_request_arriving_in_mid_batch_runs_in_the_next(engine: TransformersEngine) -> None:
    engine.submit(ask("Rain.", "first"))
    engine.step()
    engine.submit(ask(CORPUS[4], "second"))
    events = drain(engine)
    assert list(generations(events)) == ["first", "second"]


def test_sampled_candidates_differ_and_their_seed_repeats_them(
    engine: TransformersEngine,
) -> None:
    sampling = Sampling(temperature=1.5, top_p=0.95, candidates=3, seed=7)
    first = generations(run(engine, ask(CORPUS[2], sampling=sampling)))["a"]
    again = generations(run(engine, ask(CORPUS[2], sampling=sampling)))["a"]
    assert len({output.text for output in first.outputs}) == 3
    assert first.outputs == again.outputs
    assert first.usage.generated == again.usage.generated > 3


def test_greedy_decoding_gives_one_output_whatever_candidates_are_asked(
    engine: TransformersEngine,
) -> None:
    done = generations(run(engine, ask("Rain.", sampling=Sampling(candidates=4))))["a"]
    assert len(done.outputs) == 1


def test_each_row_of_a_batch_keeps_its_own_sampling(
    qwen2: Path, engine: TransformersEngine
) -> None:
    plain = ask(CORPUS[2], "g", max_new_tokens=48)
    penalized = msgspec.structs.replace(plain, id="p", sampling=Sampling(repetition_penalty=1.8))
    drawing = Sampling(temperature=2.0, candidates=2, seed=1)
    drawn = msgspec.structs.replace(plain, id="s", sampling=drawing)
    written = texts(run(engine, penalized, plain, drawn))
    assert written["p"] == generated_alone(qwen2, penalized, repetition_penalty=1.8)
    assert written["g"] == generated_alone(qwen2, plain)
    assert len({written["p"], written["g"], written["s"]}) == 3


def test_frequency_penalty_counts_the_output_alone() -> None:
    penalty = FrequencyPenalty(0.5, 2)
    ids = torch.tensor([[3, 3, 1, 1, 2]])
    scores = penalty(ids, torch.tensor([[1.0, 1.0, 1.0, 1.0]]))
    assert scores.tolist() == [[1.0, 0.0, 0.5, 1.0]]


def test_a_final_assistant_message_is_continued(model: LanguageModel) -> None:
    request = ask("Rain.", messages=(Message("user", "Rain."), Message("assistant", "It")))
    ids = model.encode(request).ids
    assert model.tokenizer.decode(list(ids)) == (
        "<|im_start|>user\nRain.<|im_end|>\n<|im_start|>assistant\nIt"
    )


def test_template_arguments_reach_the_chat_template(qwen2: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(qwen2)
    tokenizer.chat_template = (
        "{{ messages[0]['content'] }}"
        "{% if enable_thinking is defined and enable_thinking is false %} No thoughts.{% endif %}"
    )
    told = CausalModel(
        AutoModelForCausalLM.from_pretrained(qwen2),
        tokenizer,
        prompting="chat",
        template_arguments={"enable_thinking": False},
    )
    ids = told.encode(ask("Rain.")).ids
    assert tokenizer.decode(list(ids)) == "Be brief. No thoughts."


class FailsOnce:
    """A model whose first decoding step raises, as a kernel that runs out of memory does."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self._failed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def start(self, prompts: Sequence[Prompt]) -> BatchDecoding:
        decoding: Any = self._model.start(prompts)
        if not self._failed:
            self._failed = True
            decoding.advance = self._raise
        return decoding  # type: ignore[no-any-return]

    def _raise(self, tokens: Sequence[int]) -> torch.Tensor:
        raise RuntimeError("out of memory")


def test_an_output_ends_at_a_token_that_the_entry_names(qwen2: Path, model: LanguageModel) -> None:
    request = ask(CORPUS[0])
    tokenizer = model.tokenizer
    reference: Any = AutoModelForCausalLM.from_pretrained(qwen2)
    prompt = model.encode(request).ids
    written = reference.generate(torch.tensor([prompt]), max_new_tokens=2, do_sample=False)
    first, second = written[0][len(prompt) :].tolist()
    piece = tokenizer.convert_ids_to_tokens(second)
    with closing(TransformersEngine(config_for(qwen2, stop=(piece,)))) as engine:
        done = generations(run(engine, request))["a"]
    # random weights write bytes that are no characters
    assert done.outputs == (Output(tokenizer.decode([first]).rstrip("\ufffd"), "stop"),)
    assert done.usage.generated == 2


def test_a_token_to_stop_at_that_there_is_not_refuses_the_model(qwen2: Path) -> None:
    with pytest.raises(ValueError, match="no token '<|nowhere|>' to stop at".replace("|", r"\|")):
        load_model(config_for(qwen2, stop=("<|nowhere|>",)))


def test_after_an_exception_a_resubmitted_request_finishes(
    qwen2: Path, model: LanguageModel
) -> None:
    engine = TransformersEngine(config_for(qwen2), FailsOnce(model))
    expected = generated_alone(qwen2, ask("Rain."))
    engine.submit(ask("Rain."))
    engine.step()
    with pytest.raises(RuntimeError, match="out of memory"):
        engine.step()
    assert not engine.busy
    assert texts(run(engine, ask("Rain."))) == {"a": expected}
    engine.close()


def test_the_capabilities_are_the_configured_ones(engine: TransformersEngine) -> None:
    capabilities = engine.capabilities
    assert capabilities.context == 512
    assert capabilities.max_output == 64
    assert capabilities.grammar
    assert not capabilities.prefix_cache
    assert capabilities.concurrency == 32


def test_a_closed_engine_is_idle_and_takes_nothing(qwen2: Path, model: LanguageModel) -> None:
    engine = TransformersEngine(config_for(qwen2), model)
    engine.submit(ask("Rain."))
    engine.close()
    assert not engine.busy
    with pytest.raises(RuntimeError, match="closed"):
        engine.submit(ask("Rain."))


def test_a_model_without_a_chat_template_cannot_be_chatted_with(qwen2: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(qwen2)
    tokenizer.chat_template = None
    with pytest.raises(ValueError, match="template"):
        CausalModel(AutoModelForCausalLM.from_pretrained(qwen2), tokenizer, prompting="chat")


def test_a_gguf_is_written_out_once_and_then_read_as_safetensors(
    qwen2: Path, tmp_path: Path
) -> None:
    gguf = tiny_models.gguf(qwen2, tmp_path / "tiny.gguf")
    request = ask(CORPUS[0], grammar=HAN_SENTENCE, max_new_tokens=64)
    config = config_for(gguf, cache_dir=tmp_path)
    first = TransformersEngine(config)
    written = texts(run(first, request))
    first.close()
    (weights,) = tmp_path.glob("safetensors-*/model.safetensors")
    stamp = weights.stat().st_mtime_ns
    second = TransformersEngine(config)
    assert texts(run(second, request)) == written
    second.close()
    assert weights.stat().st_mtime_ns == stamp
    assert written["a"].endswith("。")


class WordPieces:
    """A tokenizer whose pieces mark neither a word's start nor bytes."""

    def get_vocab(self) -> dict[str, int]:
        return {"[UNK]": 0, "rain": 1, "##ing": 2}


def test_a_wordpiece_vocabulary_is_not_held_to_grammars() -> None:
    assert read_vocabulary(WordPieces(), 3, [0]) is None


def entry(name: str, length: int, *, family: str = "", candidates: int = 1) -> TokenizedRequest:
    sampling = Sampling(temperature=1.0, candidates=candidates)
    request = ask("", name, family=family, sampling=sampling)
    return TokenizedRequest(
        request, Prompt((0,) * length, (0,) * length, family), max_new_tokens=10
    )


@pytest.mark.parametrize(
    ("waiting", "budget", "chosen"),
    [
        ([], BatchBudget(4, 1000), []),
        ([entry("a", 50)], BatchBudget(1, 10), ["a"]),
        ([entry("a", 50), entry("b", 10), entry("c", 45)], BatchBudget(2, 1000), ["c", "a"]),
        (
            [entry("a", 50, family="x"), entry("b", 50), entry("c", 90, family="x")],
            BatchBudget(2, 1000),
            ["a", "c"],
        ),
        (
            [entry("a", 20), entry("b", 20, candidates=3), entry("c", 60)],
            BatchBudget(3, 1000),
            ["a", "c"],
        ),
        ([entry("a", 20), entry("b", 80), entry("c", 40)], BatchBudget(9, 100), ["a", "c"]),
    ],
    ids=[
        "nothing waits",
        "the oldest runs even over budget",
        "the nearest in length first",
        "family before length",
        "candidates count as sequences",
        "padding counts as tokens",
    ],
)  # fmt: skip
def test_a_batch_is_the_oldest_and_what_fits_beside_it(
    waiting: list[TokenizedRequest], budget: BatchBudget, chosen: list[str]
) -> None:
    assert [entry.request.id for entry in form_batch(waiting, budget)] == chosen


def test_prompts_share_as_many_tokens_as_they_begin_with() -> None:
    assert common_prefix([(1, 2, 3), (1, 2, 4, 5), (1, 2)]) == 2
    assert common_prefix([(1, 2), (2, 2)]) == 0


def test_rows_are_grouped_only_where_that_computes_less() -> None:
    def prompt(*ids: int, family: str) -> Prompt:
        return Prompt(ids, ids, family)

    same = [prompt(1, 2, 3, 4, family="x"), prompt(1, 2, 3, 5, family="x")]
    apart = [prompt(1, 2, 3, 4, family="x"), prompt(5, 6, 7, 8, family="x")]
    assert worthwhile_groups(same) == [[0, 1]]
    assert worthwhile_groups(apart) == [[0], [1]]


def test_a_character_of_several_tokens_is_streamed_when_it_is_whole(model: LanguageModel) -> None:
    ids = model.tokenizer("龘A", add_special_tokens=False).input_ids
    stream = IncrementalDetokenizer(partial(decode, model.tokenizer))
    streamed = [stream.push(token) for token in ids]
    assert len(ids) == 4
    assert streamed == ["", "", "龘", "A"]
    assert stream.finish() == ("", "龘A")


def test_a_character_cut_short_is_left_out(model: LanguageModel) -> None:
    first_byte = model.tokenizer("A龘", add_special_tokens=False).input_ids[:2]
    stream = IncrementalDetokenizer(partial(decode, model.tokenizer))
    assert [stream.push(token) for token in first_byte] == ["A", ""]
    assert stream.finish() == ("", "A")
