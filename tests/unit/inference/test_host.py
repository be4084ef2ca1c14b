"""Who pays when an engine raises."""

from __future__ import annotations

import pytest

from service.inference.config import EngineConfig
from service.inference.engines.scripted import ScriptedEngine
from service.inference.host import EngineBroken, EngineHost
from service.inference.protocol import Failure, Generation, GenerationRequest, Retried
from service.inference.wire import Report


def host(**script: str) -> EngineHost:
    return EngineHost(
        ScriptedEngine(
            EngineConfig(
                engine="scripted",
                model="echo",
                tasks=("summarize:en",),
                context=50,
                extra=script,
            )
        )
    )


def request(request_id: str, text: str) -> GenerationRequest:
    return GenerationRequest(
        id=request_id, task="summarize:en", source="en", target="en", text=text, max_new_tokens=20
    )


def run(driven: EngineHost) -> list[Report]:
    reports: list[Report] = []
    while driven.busy:
        reports += driven.step()
    return reports


def outcomes(reports: list[Report]) -> dict[str, str]:
    """Request to its text, or to the kind of its failure."""
    texts = {one.id: one.outputs[0].text for one in reports if isinstance(one, Generation)}
    kinds = {one.id: one.kind for one in reports if isinstance(one, Failure)}
    return texts | kinds


def test_a_poison_request_in_a_batch_fails_alone() -> None:
    driven = host(raise_on="POISON")
    for key in "abc":
        driven.submit(request(key, f"story {key}" if key != "b" else "POISON"))
    reports = run(driven)
    assert outcomes(reports) == {"a": "story a", "b": "engine_error", "c": "story c"}
    assert [one.id for one in reports if isinstance(one, Retried)] == ["a", "b", "c"]


def test_what_comes_during_a_trial_waits_for_its_end_and_is_answered() -> None:
    driven = host(raise_on="POISON")
    driven.submit(request("a", "one two three"))
    driven.submit(request("b", "POISON"))
    driven.step()
    driven.submit(request("c", "late"))
    assert outcomes(run(driven)) == {"a": "one two three", "b": "engine_error", "c": "late"}


def test_poison_after_poison_does_not_condemn_an_engine_that_works_between() -> None:
    driven = host(raise_on="POISON")
    for key, text in [("a", "POISON"), ("b", "fine"), ("c", "POISON")]:
        driven.submit(request(key, text))
    assert outcomes(run(driven)) == {"a": "engine_error", "b": "fine", "c": "engine_error"}


def test_an_engine_that_raises_whatever_it_runs_is_broken() -> None:
    driven = host(break_on="POISON")
    driven.submit(request("a", "POISON"))
    assert outcomes(run(driven)) == {"a": "engine_error"}
    driven.submit(request("b", "innocent"))
    with pytest.raises(EngineBroken, match="echo"):
        run(driven)


def test_a_cancelled_request_reports_nothing_more() -> None:
    driven = host()
    driven.submit(request("a", "one two three"))
    driven.submit(request("b", "one two three"))
    driven.step()
    driven.cancel("a")
    assert {one.id for one in run(driven) if isinstance(one, Generation)} == {"b"}


def test_a_suspect_that_is_cancelled_is_not_tried_again() -> None:
    driven = host(raise_on="POISON")
    driven.submit(request("a", "fine"))
    driven.submit(request("b", "POISON"))
    driven.step()
    driven.cancel("b")
    assert outcomes(run(driven)) == {"a": "fine"}


def test_a_prompt_over_the_context_is_refused_with_both_counts() -> None:
    driven = host()
    driven.submit(request("a", "word " * 31))
    (failure,) = run(driven)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.tokens, failure.limit) == ("prompt_too_long", 31, 50)


class Forgetful(ScriptedEngine):
    """An engine that loses what it is given."""

    def submit(self, request: GenerationRequest) -> None:
        """Lose it."""


class Picky(ScriptedEngine):
    """An engine that takes nothing."""

    def submit(self, request: GenerationRequest) -> None:
        """Raise."""
        raise ValueError("no")


@pytest.mark.parametrize("engine", [Forgetful, Picky])
def test_a_request_that_the_engine_loses_or_does_not_take_fails(
    engine: type[ScriptedEngine],
) -> None:
    config = EngineConfig(engine="scripted", model="echo", tasks=("summarize:en",), context=50)
    driven = EngineHost(engine(config))
    driven.submit(request("a", "story"))
    assert outcomes(run(driven)) == {"a": "engine_error"}


def test_the_scripted_engine_echoes_as_many_characters_as_it_is_told() -> None:
    driven = host(characters="7")
    driven.submit(request("a", "one two three"))
    [said] = [one for one in run(driven) if isinstance(one, Generation)]
    assert said.outputs[0].text == "one two"
