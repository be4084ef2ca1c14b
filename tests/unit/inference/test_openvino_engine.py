"""The openvino engine with a tiny GGUF, converted and loaded as real ones are."""

from __future__ import annotations

import gc
import multiprocessing
import re
import shutil
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import openvino_genai as genai
import pytest

from service.inference.config import EngineConfig, EngineResources
from service.inference.engines.openvino import OpenVINOEngine
from service.inference.engines.openvino_growth import resident_bytes
from service.inference.engines.openvino_model import Memory, model_directory, open_pipeline
from service.inference.host import EngineHost
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
    Usage,
)
from tests.support import tiny_models
from tests.support.engine_configs import changed
from tests.support.tiny_models import CORPUS

HAN_SENTENCE = 'root ::= [\\u4e00-\\u9fff]{3,12} "。"'
LETTERS = "root ::= [a-z]{40}"
ANYTHING = "root ::= [^\\u0000]*"
ARTICLE = " ".join(CORPUS[:12])


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("openvino")
    return tiny_models.gguf(tiny_models.qwen2(directory / "hf"), directory / "tiny.gguf")


@pytest.fixture(scope="module")
def pipeline(gguf: Path) -> Any:
    return open_pipeline(config_for(gguf))


def config_for(path: Path, **changes: Any) -> EngineConfig:
    config = EngineConfig(
        engine="openvino",
        model="tiny",
        path=path,
        cache_dir=path.parent / "converted",
        tasks=("summarize:en", "summarize:zh"),
        context=4096,
        max_output=64,
        resources=EngineResources(threads=1, kv_cache_gb=1),
        extra={"INFERENCE_PRECISION_HINT": "f32"},
    )
    return changed(config, **changes)


@pytest.fixture
def engine(gguf: Path, pipeline: Any) -> Iterable[OpenVINOEngine]:
    engine = OpenVINOEngine(config_for(gguf), pipeline)
    yield engine
    while engine.busy:
        engine.step()
    engine.close()


def small_engine(gguf: Path, *, blocks: int, **changes: Any) -> OpenVINOEngine:
    """An engine with room for ``blocks`` blocks of 32 tokens."""
    limits = genai.SchedulerConfig()
    limits.num_kv_blocks = blocks
    limits.enable_prefix_caching = True
    config = config_for(gguf, **changes)
    return OpenVINOEngine(config, open_pipeline(config, limits))


def ask(prompt: str, name: str = "a", **changes: Any) -> GenerationRequest:
    request = GenerationRequest(
        id=name,
        task="summarize:en",
        source="en",
        target="en",
        messages=(Message("user", prompt),),
        max_new_tokens=16,
    )
    return msgspec.structs.replace(request, **changes)


def drain(engine: OpenVINOEngine) -> list[Event]:
    events: list[Event] = []
    for _ in range(2000):
        if not engine.busy:
            return events
        events += engine.step()
    raise AssertionError("the engine does not come to an end")


def run(engine: OpenVINOEngine, *requests: GenerationRequest) -> list[Event]:
    for request in requests:
        engine.submit(request)
    return drain(engine)


def generations(events: Iterable[Event]) -> dict[str, Generation]:
    return {event.id: event for event in events if isinstance(event, Generation)}


def failures(events: Iterable[Event]) -> dict[str, Failure]:
    return {event.id: event for event in events if isinstance(event, Failure)}


def texts(events: Iterable[Event]) -> dict[str, str]:
    return {name: one.outputs[0].text for name, one in generations(events).items()}


def test_an_output_ends_at_a_token_that_the_entry_names(
    gguf: Path, pipeline: Any, engine: OpenVINOEngine
) -> None:
    one, two = (texts(run(engine, ask(ARTICLE, max_new_tokens=n)))["a"] for n in (1, 2))
    tokenizer = pipeline.get_tokenizer()
    named = [
        piece.decode()
        for piece, index in tokenizer.get_vocab().items()
        if piece.isascii() and one + tokenizer.decode([index]) == two
    ]
    assert named, "the second token is a word of its own"
    stopped = OpenVINOEngine(config_for(gguf, stop=tuple(named)), pipeline)
    done = generations(run(stopped, ask(ARTICLE)))["a"]
    assert done.outputs == (Output(one, "stop"),)


def test_a_token_to_stop_at_that_there_is_not_refuses_the_model(gguf: Path, pipeline: Any) -> None:
    with pytest.raises(ValueError, match="no token 'nowhere' to stop at"):
        OpenVINOEngine(config_for(gguf, stop=("nowhere",)), pipeline)


def is_han_sentence(text: str) -> bool:
    return re.fullmatch("[\u4e00-\u9fff]{3,12}。", text) is not None


# ------------------------------------------------------------------ loading


def test_a_gguf_is_converted_once_and_then_read_in_its_converted_form(gguf: Path) -> None:
    config = config_for(gguf)
    first = OpenVINOEngine(config)
    written = texts(run(first, ask("Rain.")))
    first.close()
    (form,) = (gguf.parent / "converted").glob("openvino-*")
    stamp = (form / "openvino_model.bin").stat().st_mtime_ns
    second = OpenVINOEngine(config)
    assert texts(run(second, ask("Rain."))) == written
    second.close()
    assert (form / "openvino_model.bin").stat().st_mtime_ns == stamp


def test_the_converted_form_stands_alone_as_an_openvino_directory(gguf: Path) -> None:
    engine = OpenVINOEngine(config_for(gguf))
    written = texts(run(engine, ask("Rain.")))
    engine.close()
    (form,) = (gguf.parent / "converted").glob("openvino-*")
    assert not list(form.rglob("*.gguf"))
    alone = OpenVINOEngine(config_for(form, cache_dir=None))
    assert texts(run(alone, ask("Rain."))) == written
    alone.close()


def test_nothing_is_written_beside_the_gguf_itself(gguf: Path, pipeline: Any) -> None:
    assert sorted(path.name for path in gguf.parent.iterdir()) == ["converted", "hf", "tiny.gguf"]


def test_a_gguf_without_a_cache_directory_is_refused(gguf: Path) -> None:
    with pytest.raises(ValueError, match="cache_dir"):
        OpenVINOEngine(config_for(gguf, cache_dir=None))


def test_a_model_without_a_chat_template_cannot_be_chatted_with(
    tmp_path: Path, pipeline: Any
) -> None:
    class Mute:
        chat_template = ""

    class Pipeline:
        def get_tokenizer(self) -> Mute:
            return Mute()

    with pytest.raises(ValueError, match="template"):
        OpenVINOEngine(config_for(tmp_path), Pipeline())


def test_the_capabilities_are_the_configured_ones(engine: OpenVINOEngine) -> None:
    capabilities = engine.capabilities
    assert capabilities.model == "tiny"
    assert capabilities.context == 4096
    assert capabilities.max_output == 64
    assert capabilities.grammar
    assert capabilities.prefix_cache
    assert capabilities.streaming
    assert capabilities.concurrency == 32


def test_an_engine_that_has_grown_finishes_what_runs_and_is_opened_anew(
    gguf: Path, engine: OpenVINOEngine
) -> None:
    requests = [ask(f"Tell me about bridge {n}.", str(n), max_new_tokens=12) for n in range(3)]
    expected = texts(run(engine, *requests))
    memory = [0]
    grown = OpenVINOEngine(config_for(gguf), resident=lambda: memory[0])
    opened = grown._pipeline
    for request in requests[:2]:
        grown.submit(request)
    events = list(grown.step())
    memory[0] = 1 << 40
    grown.submit(requests[2])
    while grown._pipeline is opened:
        events += grown.step()
    assert {one.id for one in events if isinstance(one, Generation)} == {"0", "1"}
    events += drain(grown)
    assert texts(events) == expected
    assert not grown.busy


def test_an_engine_that_has_grown_is_opened_anew_in_a_pause(gguf: Path) -> None:
    memory = [0]
    config = config_for(gguf, growth_mb=3)
    grown = OpenVINOEngine(config, resident=lambda: memory[0], pause_seconds=0.2)
    opened = grown._pipeline
    memory[0] = 1 << 20
    assert not grown.busy
    memory[0] = 2 << 20
    assert grown.busy
    grown.submit(ask("Tell me about bridges."))
    while not any(isinstance(event, Generation) for event in grown.step()):
        assert grown._pipeline is opened
    grown.step()
    assert grown._pipeline is opened
    drain(grown)
    assert grown._pipeline is not opened
    assert not grown.busy


def test_keys_and_values_are_no_growth(gguf: Path) -> None:
    memory = [0]
    limits = genai.SchedulerConfig()
    limits.num_kv_blocks = 100
    config = config_for(gguf, growth_mb=3)
    engine = OpenVINOEngine(config, open_pipeline(config, limits), resident=lambda: memory[0])
    run(engine, ask("Rain. " * 40))  # two blocks at least, of a hundredth of a gigabyte each
    memory[0] = 15 << 20
    assert not engine.busy
    memory[0] = 1 << 30
    assert engine.busy


def test_an_engine_that_cannot_be_opened_anew_says_so_until_it_can(
    gguf: Path, tmp_path: Path
) -> None:
    memory = [0]
    form = tmp_path / "form"
    shutil.copytree(model_directory(config_for(gguf)), form)
    engine = OpenVINOEngine(
        config_for(form, cache_dir=None), resident=lambda: memory[0], pause_seconds=0.0
    )
    memory[0] = 1 << 40
    form.rename(tmp_path / "away")
    for _ in range(2):
        assert engine.busy
        with pytest.raises(RuntimeError):
            engine.step()
    (tmp_path / "away").rename(form)
    assert generations(run(engine)) == {}
    assert generations(run(engine, ask("Tell me about the bridge.")))
    engine.close()
    assert not engine.busy


def test_prompts_of_new_lengths_leave_nothing_behind(gguf: Path) -> None:
    model_directory(config_for(gguf))
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        first, *_, last = alone.submit(resident_after_lengths, gguf, rounds=3, each=40).result()
    assert last - first < 8 * 10**6  # 60 MB if oneDNN keeps the kernels of each length


def resident_after_lengths(gguf: Path, *, rounds: int, each: int) -> list[int]:
    """Memory of this process, in bytes, after rounds of prompts of ``each`` lengths, in every round
    others, and with an engine of its own.
    """
    sizes = []
    for first in range(0, rounds * each, each):
        engine = OpenVINOEngine(config_for(gguf))
        for length in range(first, first + each):
            run(engine, ask(f"{length}" + " a" * length, max_new_tokens=1))
        engine.close()
        gc.collect()
        sizes.append(resident_bytes())
    return sizes


def test_the_memory_of_this_process_is_told() -> None:
    assert 10**7 < resident_bytes() < 10**11


def test_the_context_is_never_larger_than_the_memory(gguf: Path) -> None:
    engine = small_engine(gguf, blocks=8)
    assert engine.capabilities.context == 8 * 32
    engine.close()


# ------------------------------------------------------------------ prompts


def test_a_prompt_of_more_than_8192_tokens_is_counted_whole(engine: OpenVINOEngine) -> None:
    failure = failures(run(engine, ask("x " * 10_000)))["a"]
    assert failure.kind == "prompt_too_long"
    assert failure.tokens > 10_000
    assert failure.limit == 4096 - 16


def test_a_prompt_too_long_fails_alone(engine: OpenVINOEngine) -> None:
    events = run(engine, ask("x " * 5000, "long"), ask("Rain.", "short"))
    assert failures(events)["long"].kind == "prompt_too_long"
    assert set(generations(events)) == {"short"}


def test_a_prompt_that_the_memory_cannot_hold_fails_with_the_limit(gguf: Path) -> None:
    engine = small_engine(gguf, blocks=8)
    failure = failures(run(engine, ask(ARTICLE)))["a"]
    assert failure.kind == "prompt_too_long"
    assert failure.limit == (8 - 2) * 32
    engine.close()


def test_a_final_assistant_message_is_continued(engine: OpenVINOEngine) -> None:
    asked = (Message("user", "Rain."),)
    begun = (*asked, Message("assistant", "It"))
    events = run(engine, ask("", "asked", messages=asked), ask("", "begun", messages=begun))
    prompts = {name: one.usage.prompt for name, one in generations(events).items()}
    assert prompts["begun"] == prompts["asked"] + 2


def test_template_arguments_reach_the_chat_template(tmp_path: Path) -> None:
    source = tiny_models.qwen2(tmp_path / "hf")
    template = (
        "{{ messages[0]['content'] }}"
        "{% if enable_thinking is defined and enable_thinking is false %} No thoughts.{% endif %}"
    )
    (source / "chat_template.jinja").write_text(template)
    path = tiny_models.gguf(source, tmp_path / "tiny.gguf")
    arguments: dict[str, dict[str, bool]] = {"plain": {}, "told": {"enable_thinking": False}}
    lengths = {}
    for name, given in arguments.items():
        engine = OpenVINOEngine(config_for(path, template_arguments=given))
        lengths[name] = generations(run(engine, ask("Rain.")))["a"].usage.prompt
        engine.close()
    assert lengths["told"] > lengths["plain"]


def test_a_plain_model_reads_its_prefix_and_the_text(gguf: Path, pipeline: Any) -> None:
    lengths = []
    for prefix in ("", "summarize: "):
        config = config_for(gguf, prompting="plain", prefix=prefix)
        engine = OpenVINOEngine(config, pipeline)
        done = generations(run(engine, ask("", text="Rain.", messages=())))["a"]
        lengths.append(done.usage.prompt)
        engine.close()
    assert lengths[1] > lengths[0] > 0


def test_a_request_without_a_prompt_fails_alone(engine: OpenVINOEngine) -> None:
    events = run(engine, ask("", "empty", messages=()), ask("Rain.", "good"))
    assert failures(events)["empty"].kind == "engine_error"
    assert set(generations(events)) == {"good"}


def test_a_task_that_the_model_does_not_serve_is_refused(engine: OpenVINOEngine) -> None:
    assert failures(run(engine, ask("Rain.", task="translate:en-zh")))["a"].kind == (
        "unsupported_task"
    )


# ------------------------------------------------------------------ writing


def test_a_request_is_prefilled_then_streamed_then_finished(engine: OpenVINOEngine) -> None:
    events = run(engine, ask(CORPUS[25], grammar=HAN_SENTENCE, max_new_tokens=64))
    deltas = [event.text for event in events if isinstance(event, Delta)]
    assert events[0] == Prefilled("a")
    assert "".join(deltas) == texts(events)["a"]
    assert len(deltas) > 2
    assert isinstance(events[-1], Generation)


def test_a_grammar_of_han_characters_leaves_nothing_else_to_write(engine: OpenVINOEngine) -> None:
    bound = [ask(CORPUS[i], f"bound{i}", grammar=HAN_SENTENCE, max_new_tokens=64) for i in range(5)]
    events = run(engine, *bound, ask(CORPUS[3], "free"))
    written = texts(events)
    assert set(written) == {"bound0", "bound1", "bound2", "bound3", "bound4", "free"}
    assert all(is_han_sentence(written[one.id]) for one in bound)
    assert {generations(events)[one.id].outputs[0].finish for one in bound} == {"stop"}


@pytest.mark.parametrize("grammar", ["root ::= (", "root ::= missing", ""])
def test_a_grammar_that_does_not_compile_fails_alone(engine: OpenVINOEngine, grammar: str) -> None:
    engine.submit(ask("Rain.", "running"))
    engine.step()
    events = run(engine, ask("Rain.", "bad", grammar=grammar), ask("Rain.", "good"))
    assert failures(events)["bad"].kind == "bad_grammar"
    assert failures(events)["bad"].message.startswith("EBNF parser error at line 1, column ")
    assert set(generations(events)) == {"running", "good"}


def test_max_new_tokens_ends_a_text_by_length(engine: OpenVINOEngine) -> None:
    done = generations(run(engine, ask("Rain.", grammar=LETTERS, max_new_tokens=3)))["a"]
    assert done.outputs[0].finish == "length"
    assert done.usage.generated == 3
    assert done.usage.cached == 0
    assert done.model == "tiny"
    assert done.timings.queue >= 0
    assert done.timings.prefill > 0
    assert done.timings.decode > 0


def test_a_character_cut_short_by_max_new_tokens_is_left_out(engine: OpenVINOEngine) -> None:
    requests = [
        ask(CORPUS[0], str(limit), grammar='root ::= "龘龘龘龘龘龘"', max_new_tokens=limit)
        for limit in range(1, 9)
    ]
    events = run(engine, *requests)
    for one in requests:
        streamed = [e.text for e in events if isinstance(e, Delta) and e.id == one.id]
        assert "".join(streamed) == texts(events)[one.id]
        assert set(texts(events)[one.id]) <= {"龘"}
    assert texts(events)["1"] == ""
    assert len(texts(events)["8"]) >= 2


def test_a_request_arriving_in_mid_generation_joins_at_once(engine: OpenVINOEngine) -> None:
    engine.submit(ask("Rain.", "first", grammar=LETTERS, max_new_tokens=30))
    engine.step()
    engine.submit(ask("Rain.", "second", grammar=LETTERS, max_new_tokens=3))
    assert list(generations(drain(engine))) == ["second", "first"]


def test_a_running_request_keeps_writing_while_a_long_prompt_is_read(
    engine: OpenVINOEngine,
) -> None:
    engine.submit(ask("Rain.", "running", grammar=LETTERS, max_new_tokens=40))
    engine.step()
    engine.submit(ask(CORPUS[18] * 40, "long"))
    before_long: list[Event] = []
    while Prefilled("long") not in before_long:
        before_long += engine.step()
    assert sum(isinstance(event, Delta) for event in before_long) >= 4
    drain(engine)


def test_no_more_sequences_decode_together_than_configured(gguf: Path, pipeline: Any) -> None:
    engine = OpenVINOEngine(config_for(gguf, batch_sequences=2), pipeline)
    for name in ("a", "b", "c"):
        engine.submit(ask("Rain.", name, grammar=LETTERS, max_new_tokens=4))
    events = drain(engine)
    order = [event.id for event in events if isinstance(event, Prefilled | Generation)]
    assert order == ["a", "b", "a", "b", "c", "c"]
    engine.close()


def test_requests_beyond_the_memory_wait_and_are_all_answered(gguf: Path) -> None:
    engine = small_engine(gguf, blocks=8)
    requests = [
        ask(sentence, str(index), grammar=LETTERS, max_new_tokens=40)
        for index, sentence in enumerate(CORPUS[:10])
    ]
    events = run(engine, *requests)
    assert set(generations(events)) == {one.id for one in requests}
    assert {len(text) for text in texts(events).values()} == {40}
    engine.close()


# ------------------------------------------------------------------ sampling


def test_sampled_candidates_differ_and_their_seed_repeats_them(engine: OpenVINOEngine) -> None:
    sampling = Sampling(temperature=1.5, top_p=0.95, candidates=3, seed=7)
    first = generations(run(engine, ask(CORPUS[2], sampling=sampling)))["a"]
    again = generations(run(engine, ask(CORPUS[2], sampling=sampling)))["a"]
    assert len({output.text for output in first.outputs}) == 3
    assert first.outputs == again.outputs
    assert first.usage.generated == again.usage.generated > 3


def test_candidates_obey_the_grammar_and_the_first_is_streamed(engine: OpenVINOEngine) -> None:
    sampling = Sampling(temperature=1.0, candidates=3, seed=1)
    request = ask(CORPUS[2], sampling=sampling, grammar=HAN_SENTENCE, max_new_tokens=64)
    events = run(engine, request)
    outputs = generations(events)["a"].outputs
    assert [is_han_sentence(output.text) for output in outputs] == [True, True, True]
    streamed = "".join(event.text for event in events if isinstance(event, Delta))
    assert streamed == outputs[0].text
    assert events.count(Prefilled("a")) == 1


def test_greedy_decoding_gives_one_output_whatever_candidates_are_asked(
    engine: OpenVINOEngine,
) -> None:
    done = generations(run(engine, ask("Rain.", sampling=Sampling(candidates=4))))["a"]
    assert len(done.outputs) == 1


@pytest.mark.parametrize(
    "sampling", [Sampling(repetition_penalty=-1.0), Sampling(temperature=1.0, top_p=7.0)]
)
def test_a_sampling_that_the_library_refuses_fails_alone(
    engine: OpenVINOEngine, sampling: Sampling
) -> None:
    events = run(engine, ask("Rain.", "odd", sampling=sampling), ask("Rain.", "good"))
    assert failures(events)["odd"].kind == "engine_error"
    assert set(generations(events)) == {"good"}


# ------------------------------------------------------------------ cancelling and failing


def test_a_cancelled_request_yields_no_event_and_the_others_finish_unchanged(
    engine: OpenVINOEngine,
) -> None:
    requests = [ask(CORPUS[i], str(i)) for i in range(4)]
    expected = texts(run(engine, *requests))
    for one in requests:
        engine.submit(one)
    for _ in range(3):
        engine.step()
    engine.cancel("2")
    written = drain(engine)
    assert "2" not in {event.id for event in written}
    assert texts(written) == {name: text for name, text in expected.items() if name != "2"}


def test_cancelling_all_requests_leaves_the_engine_idle(gguf: Path) -> None:
    engine = small_engine(gguf, blocks=8, batch_sequences=1)
    engine.submit(ask("Rain.", "running"))
    engine.step()
    engine.submit(ask("Rain.", "waiting"))
    engine.submit(ask("Rain.", "bad", grammar="root ::= ("))
    for name in ("running", "waiting", "bad", "unknown"):
        engine.cancel(name)
    assert drain(engine) == []
    assert engine.step() == []
    assert set(generations(run(engine, ask("Rain.", "after")))) == {"after"}
    engine.close()


def test_a_request_does_not_take_the_room_that_a_cancelled_one_is_yet_to_leave(
    gguf: Path,
) -> None:
    engine = small_engine(gguf, blocks=8)
    for _ in range(3):
        engine.submit(ask("rain " * 40 + CORPUS[0], "cancelled"))
        engine.step()
        engine.cancel("cancelled")
        engine.submit(ask("snow " * 30 + CORPUS[0], "answered"))
        assert set(generations(drain(engine))) == {"answered"}
    engine.close()


class Boasts:
    """A pipeline that claims a thousand times the memory that it has."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pipeline, name)

    def get_metrics(self) -> Any:
        return SimpleNamespace(cache_usage=self._pipeline.get_metrics().cache_usage / 1000)


def test_a_request_that_the_pipeline_drops_for_want_of_memory_fails(gguf: Path) -> None:
    limits = genai.SchedulerConfig()
    limits.num_kv_blocks = 8
    limits.enable_prefix_caching = True
    config = config_for(gguf)
    engine = OpenVINOEngine(config, Boasts(open_pipeline(config, limits)))
    failure = failures(run(engine, ask(ARTICLE)))["a"]
    assert failure.kind == "engine_error"
    assert failure.message == "there is no memory left for the request's keys and values"
    assert set(generations(run(engine, ask("Rain.", "after")))) == {"after"}
    engine.close()


class FailsOnce:
    """A pipeline that once raises in the middle of a step, as its grammar compiler can."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline
        self.fails = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pipeline, name)

    def step(self) -> None:
        if self.fails:
            self.fails = False
            structure = genai.StructuredOutputConfig()
            structure.grammar = "root ::= ("
            settings = genai.GenerationConfig(max_new_tokens=1, apply_chat_template=False)
            settings.structured_output_config = structure
            ids = self._pipeline.get_tokenizer().encode("Rain.").input_ids
            handle = self._pipeline.add_request(10**9, ids, settings)
            try:
                self._pipeline.step()
            finally:
                handle.cancel()
        self._pipeline.step()


def test_after_an_exception_resubmitted_requests_finish_unchanged(gguf: Path) -> None:
    config = config_for(gguf)
    pipeline = FailsOnce(open_pipeline(config))
    engine = OpenVINOEngine(config, pipeline)
    requests = [ask(CORPUS[i], str(i)) for i in range(3)]
    expected = texts(run(engine, *requests))
    for one in requests:
        engine.submit(one)
    engine.step()
    pipeline.fails = True
    with pytest.raises(RuntimeError, match="EBNF"):
        engine.step()
    assert not engine.busy
    assert texts(run(engine, *requests)) == expected
    engine.close()


class FailsThrice(FailsOnce):
    """A pipeline that fails as it is emptied, too, and in another way."""

    def step(self) -> None:
        if self.fails:
            self.failures = 2
            super().step()
        if self.failures:
            self.failures -= 1
            raise IndexError("in the middle of being emptied")
        super().step()

    failures = 0


def test_what_fails_while_the_pipeline_is_emptied_hides_no_exception(gguf: Path) -> None:
    config = config_for(gguf)
    pipeline = FailsThrice(open_pipeline(config))
    engine = OpenVINOEngine(config, pipeline)
    engine.submit(ask(CORPUS[0]))
    engine.step()
    pipeline.fails = True
    with pytest.raises(RuntimeError, match="EBNF"):
        engine.step()
    assert not engine.busy
    engine.close()


def test_the_host_answers_every_request_in_spite_of_an_exception(gguf: Path) -> None:
    config = config_for(gguf)
    pipeline = FailsOnce(open_pipeline(config))
    host = EngineHost(OpenVINOEngine(config, pipeline))
    pipeline.fails = True
    for index in range(3):
        host.submit(ask(CORPUS[index], str(index)))
    reports = []
    while host.busy:
        reports += host.step()
    assert {one.id for one in reports if isinstance(one, Generation)} == {"0", "1", "2"}
    host.close()


def test_a_closed_engine_is_idle_and_takes_nothing(gguf: Path) -> None:
    engine = small_engine(gguf, blocks=8)
    engine.submit(ask("Rain."))
    engine.close()
    gc.collect()
    assert not engine.busy
    assert engine.step() == []
    with pytest.raises(RuntimeError, match="closed"):
        engine.submit(ask("Rain."))


# ------------------------------------------------------------------ prefix cache


class CountsSteps:
    """A pipeline that counts its steps."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline
        self.steps = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pipeline, name)

    def step(self) -> None:
        self.steps += 1
        self._pipeline.step()


def test_a_sibling_admitted_after_its_leader_does_not_read_the_article_again(gguf: Path) -> None:
    config = config_for(gguf)
    pipeline = CountsSteps(open_pipeline(config))
    engine = OpenVINOEngine(config, pipeline)
    article = " ".join(CORPUS[:20]) * 2

    def steps_until_prefilled(request: GenerationRequest) -> int:
        before = pipeline.steps
        engine.submit(request)
        while Prefilled(request.id) not in engine.step():
            pass
        return pipeline.steps - before

    leader = ask(f"{article} In English, please.", "en", grammar=LETTERS, max_new_tokens=50)
    sibling = ask(f"{article} In Chinese, please.", "zh", grammar=LETTERS, max_new_tokens=50)
    assert steps_until_prefilled(leader) >= 3
    assert steps_until_prefilled(sibling) == 1
    drain(engine)
    engine.close()


@pytest.mark.parametrize(
    ("prompt", "new", "candidates", "blocks"),
    [(32, 32, 1, 3), (33, 1, 1, 4), (1, 33, 1, 4), (64, 16, 3, 8)],
)
def test_a_request_is_given_the_blocks_that_it_can_come_to_need(
    prompt: int, new: int, candidates: int, blocks: int
) -> None:
    memory = Memory(320)
    assert memory.blocks == 10
    assert memory.blocks_for(prompt, new, candidates) == blocks


def test_the_longest_prompt_leaves_room_for_its_output() -> None:
    assert Memory(320).prompt_limit(32, 1) == 8 * 32
    assert Memory(320).prompt_limit(32, 4) == 2 * 32
    assert Memory(320).prompt_limit(32, 6) == 0


def test_blocks_beyond_the_prompts_full_ones_are_counted_for_each_candidate() -> None:
    assert Memory(320).blocks_beyond(64, 0) == 0
    assert Memory(320).blocks_beyond(64, 1) == 1
    assert Memory(320).blocks_beyond(80, 16) == 1
    assert Memory(320).blocks_beyond(80, 17) == 2


ARTICLE = "Rain fell on the town and the river rose. " * 12


def engine_with_room(gguf: Path, blocks: int) -> OpenVINOEngine:
    """A step of it computes 32 tokens of a prompt at most."""
    limits = genai.SchedulerConfig()
    limits.num_kv_blocks = blocks
    limits.enable_prefix_caching = True
    limits.max_num_batched_tokens = 32
    config = config_for(gguf)
    return OpenVINOEngine(config, open_pipeline(config, limits))


def usage_and_steps(engine: OpenVINOEngine, prompt: str) -> tuple[Usage, int]:
    """What the engine says of a prompt, and in how many steps it was computed."""
    engine.submit(ask(prompt))
    steps = 0
    events: list[Event] = []
    while not any(isinstance(event, Prefilled) for event in events):
        steps += 1
        events += engine.step()
    return generations([*events, *drain(engine)])["a"].usage, steps


def test_what_is_said_to_be_cached_is_not_computed_again(gguf: Path) -> None:
    engine = engine_with_room(gguf, 64)
    usages: list[Usage] = []
    for end in ("Say it.", "Say it.", "Tell it again, in other words."):
        usage, steps = usage_and_steps(engine, ARTICLE + end)
        usages.append(usage)
        assert steps == -(-(usage.prompt - usage.cached) // 32)
    assert usages[0].prompt > 4 * 32
    assert usages[0].cached == 0
    assert all(usage.cached > usage.prompt // 2 for usage in usages[1:])


def test_what_was_given_up_for_other_prompts_is_not_said_to_be_cached(gguf: Path) -> None:
    engine = engine_with_room(gguf, 24)
    others = [f"{number} days later: {ARTICLE}" for number in range(2)]
    cached = []
    for prompt in (ARTICLE, *others, ARTICLE, ARTICLE):
        usage, steps = usage_and_steps(engine, prompt)
        cached.append(usage.cached > 0)
        assert steps == -(-(usage.prompt - usage.cached) // 32)
    assert cached == [False] * 4 + [True]


# ------------------------------------------------------------------ beam search


def search(prompt: str, name: str = "a", *, beams: int = 4, **changes: Any) -> GenerationRequest:
    return ask(prompt, name, sampling=Sampling(beams=beams), **changes)


def outputs(events: Iterable[Event]) -> list[str]:
    return [output.text for one in generations(events).values() for output in one.outputs]


def test_what_a_search_finds_comes_before_the_greedy_text(engine: OpenVINOEngine) -> None:
    (greedy,) = outputs(run(engine, ask(ARTICLE)))
    *found, last = outputs(run(engine, search(ARTICLE)))
    assert last == greedy
    assert len(found) == 4
    assert greedy not in found


def test_what_a_search_finds_is_held_against_the_grammar(engine: OpenVINOEngine) -> None:
    *free, _ = outputs(run(engine, search(ARTICLE)))
    *taken, _ = outputs(run(engine, search(ARTICLE, grammar=ANYTHING)))
    assert taken == free
    under = outputs(run(engine, ask(ARTICLE, grammar=HAN_SENTENCE)))
    assert outputs(run(engine, search(ARTICLE, grammar=HAN_SENTENCE))) == under


def test_of_a_search_those_texts_stay_that_the_grammar_takes(engine: OpenVINOEngine) -> None:
    *found, _ = outputs(run(engine, search(ARTICLE)))
    second = "".join(f"\\U{ord(character):08x}" for character in found[1])
    *kept, _ = outputs(run(engine, search(ARTICLE, grammar=f'root ::= "{second}"')))
    assert kept == [found[1]]


def test_drafts_are_drawn_beside_a_search(engine: OpenVINOEngine) -> None:
    drawn = Sampling(temperature=0.8, candidates=3, seed=5)
    drafts = outputs(run(engine, ask(ARTICLE, sampling=drawn)))
    both = msgspec.structs.replace(drawn, beams=4)
    assert len(outputs(run(engine, ask(ARTICLE, sampling=both)))) == 4 + len(drafts)


def test_a_search_tells_its_prompt_before_its_text_and_what_it_cost(
    engine: OpenVINOEngine,
) -> None:
    prefilled, delta, done = run(engine, search(ARTICLE + " Now."))
    assert isinstance(prefilled, Prefilled)
    assert isinstance(done, Generation)
    assert delta == Delta("a", done.outputs[0].text)
    assert done.usage.generated > 4 * 16
    assert done.timings.prefill > 0
    assert done.timings.decode > 0


def test_searches_run_beside_others_as_far_as_there_is_room(gguf: Path) -> None:
    engine = small_engine(gguf, blocks=24, batch_sequences=6)
    drawn = Sampling(temperature=0.8, candidates=4, beams=4)
    asked = [search(f"Bridge {at}", f"s{at}", grammar=ANYTHING) for at in range(5)]
    wide = [ask(f"Bridge {at}", f"w{at}", sampling=drawn) for at in range(3)]
    others = [ask(f"Bridge {at}", f"o{at}", grammar=HAN_SENTENCE) for at in range(5)]
    assert len(generations(run(engine, *asked, *wide, *others))) == 13


@pytest.mark.parametrize(("sequences", "found"), [(1, 0), (2, 2), (3, 3)])
def test_a_search_has_no_more_beams_than_there_are_sequences(
    gguf: Path, sequences: int, found: int
) -> None:
    engine = small_engine(gguf, blocks=24, batch_sequences=sequences)
    assert len(outputs(run(engine, search("Bridge", beams=8)))) == found + 1


def test_a_cancelled_search_leaves_the_engine_idle(engine: OpenVINOEngine) -> None:
    for steps in (1, 2, 4):
        engine.submit(search(ARTICLE))
        for _ in range(steps):
            engine.step()
        engine.cancel("a")
        assert drain(engine) == []
    assert generations(run(engine, search(ARTICLE)))
