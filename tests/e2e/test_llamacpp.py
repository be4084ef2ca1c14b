"""The remote engine and llama.cpp's real server, with the default model."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from service.briefs import prompts
from service.briefs.grounding import brief_grammar
from service.briefs.shape import Shape
from service.generation.ebnf import literal
from service.inference.config import EngineConfig
from service.inference.engines.remote import RemoteEngine
from service.inference.protocol import (
    Event,
    Failure,
    Generation,
    GenerationRequest,
    Message,
    Sampling,
)
from tests.support.grammars import accepts
from tests.support.llamacpp_server import SLOT_TOKENS, llama_cpp
from tests.support.real_service import ANSWER_SECONDS, COMMAND, PORT, ROOT, answer_of, serving

pytest.importorskip("xllamacpp", reason="there is no build of llama.cpp for this machine")
pytestmark = pytest.mark.real_model

BUS = (ROOT / "seeds" / "metro-night-bus.txt").read_text(encoding="utf-8")
PECULIAR = r"""
root ::= two_words{2,3} "\?"  # a name with _, a comment, escapes of xgrammar's own
two_words ::= [\-\u4e00-\u4e02] first
  | "\u0041\'" first
first ::= [\]\^] "" | "\"\\"
"""


@pytest.fixture(scope="module")
def address(environ: dict[str, str], weights: None) -> Iterator[str]:
    """Where llama.cpp's server listens."""
    path = subprocess.run(  # noqa: S603
        [*COMMAND, "models", "path", "default"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    with llama_cpp(path) as listening:
        yield listening


@pytest.fixture(scope="module")
def engine(address: str) -> Iterator[RemoteEngine]:
    config = EngineConfig(
        engine="remote",
        model="default",
        tasks=("summarize:en", "summarize:zh"),
        context=32768,
        extra={"urls": address},
    )
    remote = RemoteEngine(config)
    limit = time.monotonic() + ANSWER_SECONDS
    while remote.unavailable_reason:
        assert time.monotonic() < limit, remote.unavailable_reason
        time.sleep(0.1)
    yield remote
    remote.close()


def request(*messages: Message, **changes: object) -> GenerationRequest:
    asked = GenerationRequest(
        id="r",
        task="summarize:en",
        source="en",
        target="en",
        messages=messages,
        max_new_tokens=120,
    )
    return msgspec.structs.replace(asked, **changes)


def run(remote: RemoteEngine, asked: GenerationRequest) -> Generation | Failure:
    remote.submit(asked)
    events: list[Event] = []
    while remote.busy:
        events += remote.step()
    end = events[-1]
    assert isinstance(end, Generation | Failure)
    return end


def generation(remote: RemoteEngine, asked: GenerationRequest) -> Generation:
    end = run(remote, asked)
    assert isinstance(end, Generation), end
    return end


@pytest.mark.parametrize(("article", "language"), [(PORT, "en"), (BUS, "zh")])
def test_a_brief_keeps_to_its_grammar(
    engine: RemoteEngine, article: str, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    zh = language == "zh"
    shape = Shape("paragraph", "zh" if zh else "en", 1, 1, 6, 30 if zh else 20)
    grammar = brief_grammar(article, shape)
    messages = prompts.summarize(article, "zh" if zh else "en", shape)
    asked = request(*messages, grammar=grammar, sampling=Sampling(repetition_penalty=1.05))
    (output,) = generation(engine, asked).outputs
    assert output.finish == "stop"
    assert accepts(grammar, output.text), output.text
    assert caplog.text == ""


def test_a_grammar_in_xgrammars_spelling_is_read(
    engine: RemoteEngine, caplog: pytest.LogCaptureFixture
) -> None:
    asked = request(Message("user", "Say something."), grammar=PECULIAR, max_new_tokens=40)
    text = generation(engine, asked).outputs[0].text
    assert accepts(PECULIAR, text), text
    assert re.fullmatch(r"""(?:(?:[-一丁丂]|A')(?:[\]^]|"\\)){2,3}\?""", text), text
    assert caplog.text == ""


def test_a_literal_in_several_strings_is_one_text(engine: RemoteEngine) -> None:
    text = "£75 million, 20°C, in Orléans"
    grammar = f"root ::= {literal(text)}\n"
    asked = request(Message("user", "Say something."), grammar=grammar, max_new_tokens=40)
    assert generation(engine, asked).outputs[0].text == text


def test_an_assistants_last_message_is_continued_and_not_repeated(engine: RemoteEngine) -> None:
    turns = (Message("user", "Count: one to five, in words."), Message("assistant", "one, two,"))
    assert generation(engine, request(*turns)).outputs[0].text.startswith(" three, four")


def test_candidates_and_the_prefix_cache(engine: RemoteEngine) -> None:
    asked = request(
        Message("user", f"Name three colours that this does not. {PORT}"),
        sampling=Sampling(temperature=0.9, candidates=2, seed=5),
        max_new_tokens=6,
    )
    first, second = generation(engine, asked), generation(engine, asked)
    assert [len(one.outputs) for one in (first, second)] == [2, 2]
    assert first.usage.prompt == second.usage.prompt > 60
    assert second.usage.cached > 60
    assert 2 <= second.usage.generated <= 14


def test_a_prompt_over_the_slots_context_fails_with_both_counts(engine: RemoteEngine) -> None:
    assert engine.capabilities.context in {SLOT_TOKENS, 32768}
    end = run(engine, request(Message("user", "word " * (SLOT_TOKENS + 100))))
    assert isinstance(end, Failure)
    assert end.kind == "prompt_too_long"
    assert end.limit == SLOT_TOKENS < end.tokens


def test_the_service_briefs_an_article_through_it_and_fetches_no_weights(
    environ: dict[str, str], address: str, tmp_path: Path
) -> None:
    settings = {
        "JIANBAO_MODELS_DIR": str(tmp_path),
        "JIANBAO_ENGINE": "remote",
        "JIANBAO_REMOTE_URLS": address,
    }
    with serving({**environ, **settings}) as service:
        body = {"text": PORT, "languages": ["en"], "length": "short", "method": "abstractive"}
        answer = answer_of(service.post(body))
    brief = answer["summaries"]["en"]["text"]
    assert brief.endswith(".")
    assert not {"language", "number", "cut"} & {one["code"] for one in answer["warnings"]}
    assert answer["usage"]["generated"] > 5
    assert list(tmp_path.iterdir()) == []
